#pragma once

#include "core/model/mark.hpp"
#include "db/connection.hpp"

#include <nlohmann/json_fwd.hpp>

/// The immutable versions of organizations, places, products, batches and certificates, and which one was public when.
namespace nguon::db::versions {

/// Who changed what, when and why: goes with every write.
struct Change {
    std::string by = {}; // opaque id of a person or key
    Instant at = {};
    std::string reason = {};
    std::string request_id = {};
};

struct Version {
    std::string record_id = {};
    std::int64_t version = 0;
    std::string kind = {};
    OrganizationId org = {};
    std::string fields = {}; // canonical JSON
    Marks marks = {};
    Instant recorded_at = {};
    std::string recorded_by = {};
    std::string reason = {};
    std::optional<Instant> published_at = {}; // first time it became public
};

/// Writes version `version` of a record. The number must be the latest + 1: a second writer of the same number is a
/// conflict "record.changed_meanwhile".
Status append(Connection& c, std::string_view record_id, std::int64_t version, std::string_view kind,
              OrganizationId const& org, nlohmann::json const& fields, Marks const& marks, Change const& change);

/// Notes that `version` is what the public sees from now on.
void publish(Connection& c, std::string_view record_id, std::int64_t version, Change const& change);

/// Serves owner, province and public alike: the caller has decided who may see it. Errors: "record.unknown".
Result<Version> find(Connection& c, std::string_view record_id, std::int64_t version);

/// The version that was public at `at`. Errors: "record.unknown".
Result<Version> find_public_at(Connection& c, std::string_view record_id, Instant at);

/// How many versions of all kinds there are. Serves the whole installation.
std::int64_t count(Connection& c);

/// Newest first.
std::vector<Version> history(Connection& c, std::string_view record_id);

} // namespace nguon::db::versions
