#pragma once

#include "core/json.hpp"
#include "db/database.hpp"
#include "server/api/api.hpp"
#include "server/app/actor.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/services.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

/// What the API's handlers share.
namespace nguon::server::api {

using nlohmann::json;

inline constexpr std::int64_t page_rows_default = 50;
inline constexpr std::int64_t page_rows_max = 100;
inline constexpr std::size_t reason_chars_max = 300;

/// Who sends this request, for a use case.
app::Actor actor_of(Services const& services, Request const& request);

/// Whose records a request reads.
struct Reader {
    Principal who = {};
    Scope scope;
    std::string asked = {}; // ?organization=

    /// The asker's own organization, or the one an authority named. Errors: invalid "api.organization_needed",
    /// "organization.unknown" also for one outside the asker's reach.
    Result<OrganizationId> organization(db::Connection& c) const;
    bool is_own(OrganizationId const& org) const { return !org.empty() && org == who.org; }
};
Reader reader_of(Request const& request, Scope scope);

/// Parses the body and reads it with `read` (JsonReader& -> T); unknown members are refused. Errors: those of
/// `parse_json`, "api.media_type" (415), all faults of the fields.
template <typename Read>
auto read_body(Request const& request, Read const& read) -> Result<decltype(read(std::declval<JsonReader&>()))>;
Result<json> parse_body(Request const& request);
/// Errors: "api.media_type".
Status check_media_type(Request const& request);

/// "reason": why there is a new version.
std::string read_reason(JsonReader& in);

/// Which part of a list is wanted: ?limit=, ?offset=, ?before=.
struct Paging {
    std::int64_t limit = page_rows_default;
    std::int64_t offset = 0;
    std::int64_t before = 0; // 0: from the newest
};
/// Errors: "field.range" {min, max} at the parameter's name.
Result<Paging> read_paging(Request const& request);

/// {"items": […], "next": "/api/v1/…?offset=50"}: `rows` may hold one row more than was asked for, which is cut off.
json page_of(Request const& request, Paging const& paging, std::vector<json> rows);
/// The same for lists that go on by `?before=` and the number that each row has under "seq".
json page_before(Request const& request, Paging const& paging, std::vector<json> rows);
using MakePage = json(Request const& request, Paging const& paging, std::vector<json> rows);

/// The rows of this page and, if there is one, the next.
template <typename T>
std::vector<T> slice(std::vector<T> const& all, Paging const& paging);
/// What `show` (T const& -> json) makes of each.
template <typename T, typename Show>
std::vector<json> rows_of(std::vector<T> const& items, Show show);

/// The version that If-Match names; 0 for "*". Errors: "api.if_match_needed" (428).
Result<std::int64_t> read_if_match(Request const& request);
/// Errors: "api.version_stale" (412) when somebody changed the record since it was read.
Status check_version(std::int64_t latest, std::int64_t wanted);

/// A record with its ETag, which begins with the record's version.
http::Response record_response(unsigned status, json const& record);

/// A new record and where it is.
struct Created {
    std::string location = {};
    json record = {};
    int status = 201;
};

/// Reads with `work` (Connection& -> Result<…>). What an authority reads of an enterprise is noted in the audit.
template <typename Work>
auto fetch(Services& services, Request const& request, Work work)
    -> net::awaitable<std::invoke_result_t<Work&, db::Connection&>>;
/// True when somebody of an authority asks for an enterprise's records.
bool is_supervision(Request const& request);
void note_supervision(db::Connection& c, app::Actor const& actor, std::string const& what, std::string const& id);
/// "products" of "/api/v1/products/{product}", and the id or the organization that was asked for.
std::pair<std::string, std::string> asked_of(Request const& request);

/// The rows of a list, one more than the page has when the list goes on.
using Rows = Result<std::vector<json>>;

/// The same for one record, and shows it.
template <typename Work>
net::awaitable<http::Response> show(Services& services, Request const& request, Work work);
/// The same for a list: `work` (Connection&, Paging const& -> Rows).
template <typename Work>
net::awaitable<http::Response> list(Services& services, Request const& request, Work work, MakePage* make = &page_of);

/// One record of the organization that is asked for: `work` (Connection&, OrganizationId const& -> Result<json>).
template <typename Work>
net::awaitable<http::Response> show_of_organization(Services& services, Request const& request, Scope scope, Work work);
/// A list of its records: `work` (Connection&, OrganizationId const&, Paging const& -> Rows).
template <typename Work>
net::awaitable<http::Response> list_of_organization(Services& services, Request const& request, Scope scope, Work work,
                                                    MakePage* make = &page_of);

/// Writes with `work` (Connection& -> Result<json>), which gives the new version, and shows it.
template <typename Work>
net::awaitable<http::Response> replace(Services& services, Request const& request, Work work);

/// Writes with `work` (Connection& -> Result<Created>), once for the request's Idempotency-Key: a repeat answers as the
/// first time. Errors: "api.idempotency_key", "operation.key_reused" (422), "operation.running" (409).
template <typename Work>
net::awaitable<http::Response> create(Services& services, Request const& request, Work work);
Result<db::Operation> operation_of(Services const& services, Request const& request);
http::Response created_response(db::OperationAnswer const& answer);

/// Members whose text is empty or whose value is null are left out: what is unknown is not said.
json without_blanks(json object);

/// Says at which member a refusal without a place belongs: {{"batch.exists", "/lot"}}.
Error placed(Error error, std::initializer_list<std::pair<std::string_view, std::string_view>> places);

/// What an announced write needs afterwards.
void wake_connector(Services const& services);

// ---- templates ----

template <typename Read>
auto read_body(Request const& request, Read const& read) -> Result<decltype(read(std::declval<JsonReader&>()))>
{
    auto const body = parse_body(request);
    if (!body) return body.error();
    std::vector<FieldError> faults;
    JsonReader in{*body, faults};
    auto out = read(in);
    in.refuse_unknown();
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return out;
}

template <typename T>
std::vector<T> slice(std::vector<T> const& all, Paging const& paging)
{
    auto const size = static_cast<std::int64_t>(all.size());
    auto const from = std::min(paging.offset, size);
    return {all.begin() + from, all.begin() + std::min(from + paging.limit + 1, size)};
}

template <typename T, typename Show>
std::vector<json> rows_of(std::vector<T> const& items, Show show)
{
    std::vector<json> out;
    for (auto const& item : items) out.push_back(show(item));
    return out;
}

template <typename Work>
auto fetch(Services& services, Request const& request, Work work)
    -> net::awaitable<std::invoke_result_t<Work&, db::Connection&>>
{
    if (!is_supervision(request)) co_return co_await services.database.read(std::move(work));
    auto noted = [work = std::move(work), actor = actor_of(services, request),
                  asked = asked_of(request)](db::Connection& c) mutable {
        auto found = work(c);
        if (found) note_supervision(c, actor, asked.first, asked.second);
        return found;
    };
    co_return co_await services.database.write(std::move(noted));
}

template <typename Work>
net::awaitable<http::Response> show(Services& services, Request const& request, Work work)
{
    auto const found = co_await fetch(services, request, std::move(work));
    if (!found) co_return problem(services, request, found.error());
    co_return record_response(200, *found);
}

template <typename Work>
net::awaitable<http::Response> list(Services& services, Request const& request, Work work, MakePage* make)
{
    auto const paging = read_paging(request);
    if (!paging) co_return problem(services, request, paging.error());
    auto read = [work = std::move(work), paging = *paging](db::Connection& c) mutable -> Rows {
        return work(c, paging);
    };
    auto rows = co_await fetch(services, request, std::move(read));
    if (!rows) co_return problem(services, request, rows.error());
    co_return json_response(200, make(request, *paging, *std::move(rows)));
}

template <typename Work>
net::awaitable<http::Response> show_of_organization(Services& services, Request const& request, Scope scope, Work work)
{
    auto read = [work = std::move(work),
                 reader = reader_of(request, scope)](db::Connection& c) mutable -> Result<json> {
        auto const org = reader.organization(c);
        if (!org) return org.error();
        return work(c, *org);
    };
    co_return co_await show(services, request, std::move(read));
}

template <typename Work>
net::awaitable<http::Response> list_of_organization(Services& services, Request const& request, Scope scope, Work work,
                                                    MakePage* make)
{
    auto read = [work = std::move(work), reader = reader_of(request, scope)](db::Connection& c,
                                                                             Paging const& paging) mutable -> Rows {
        auto const org = reader.organization(c);
        if (!org) return org.error();
        return work(c, *org, paging);
    };
    co_return co_await list(services, request, std::move(read), make);
}

template <typename Work>
net::awaitable<http::Response> replace(Services& services, Request const& request, Work work)
{
    auto const saved = co_await services.database.write(std::move(work));
    if (!saved) co_return problem(services, request, saved.error());
    wake_connector(services);
    co_return record_response(200, *saved);
}

template <typename Work>
net::awaitable<http::Response> create(Services& services, Request const& request, Work work)
{
    auto operation = operation_of(services, request);
    if (!operation) co_return problem(services, request, operation.error());
    auto once = [work = std::move(work)](db::Connection& c) mutable -> Result<db::OperationAnswer> {
        auto made = work(c);
        if (!made) return std::move(made).error();
        return db::OperationAnswer{made->status, std::move(made->location),
                                   made->record.is_null() ? std::string{} : made->record.dump(), false};
    };
    auto const answer = co_await services.database.write(*std::move(operation), std::move(once));
    if (!answer) co_return problem(services, request, answer.error());
    wake_connector(services);
    co_return created_response(*answer);
}

} // namespace nguon::server::api
