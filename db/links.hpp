#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "db/connection.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Where enterprises let the codes of their things lead.
namespace nguon::db::links {

using LinkId = Id<struct LinkKind>;

struct Link {
    LinkId id = {};
    OrganizationId org = {};
    std::string key = {};    // path of the primary key: "/01/08938505974019"
    std::string anchor = {}; // with the qualifiers: "/01/08938505974019/10/L1"
    std::string type = {};   // word of the GS1 Web Vocabulary
    std::string language = {};
    std::string media_type = {};
    std::string context = {};
    std::string href = {};
    std::string title = {};
    bool is_default = false;
    bool fwqs = true; // the query string goes along
    std::int64_t version = 1;
    Instant created_at = {};
    Instant changed_at = {};
};

/// Makes `org` the holder of a key; until the transaction ends nobody else changes links of it. `owned`: the key is
/// that of a product or place of `org`, so whoever kept links of it before gives way. Errors: conflict
/// "link.key_taken".
Status claim_key(Connection& c, std::string const& key, OrganizationId const& org, bool owned, Instant at);

/// The key must be claimed. A default link takes that place from the anchor's other links.
/// Errors: conflict "link.too_many" {max}, "link.too_many_in_all" {max}.
Status insert(Connection& c, Link const& link);

/// The next version of what stands under its id; anchor and key stay. Errors: "link.unknown".
Status update(Connection& c, Link const& link);

/// The key is free again with its last link. Errors: "link.unknown".
Status remove(Connection& c, Link const& link);

/// Errors: "link.unknown", also for a link of another organization.
Result<Link> find(Connection& c, OrganizationId const& org, LinkId const& id);

/// By anchor, then by age. `key` "": of all things.
std::vector<Link> list(Connection& c, OrganizationId const& org, std::string_view key, std::int64_t offset,
                       std::int64_t count);
/// The same of all keys but those of products (01).
std::vector<Link> list_of_other_keys(Connection& c, OrganizationId const& org, std::int64_t offset, std::int64_t count);

/// Serves the public: those that the key's holder keeps of one anchor, the default first, then by age.
std::vector<Link> of_anchor(Connection& c, std::string_view anchor);

} // namespace nguon::db::links
