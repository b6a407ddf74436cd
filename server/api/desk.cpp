#include "server/api/desk.hpp"

#include "core/bytes.hpp"
#include "core/limits.hpp"
#include "db/audit_log.hpp"
#include "server/app/approvals.hpp"
#include "server/http/url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

namespace nguon::server::api {
namespace {

constexpr std::size_t key_chars_max = 200;
constexpr std::int64_t offset_max = 1'000'000;
constexpr std::size_t tag_digest_chars = 12;

/// The number of a query parameter, or `fallback` without one; a fault when it is no number from `min` to `max`.
std::int64_t read_number(Request const& request, std::string_view name, std::int64_t fallback, std::int64_t min,
                         std::int64_t max, std::vector<FieldError>& faults)
{
    auto const given = request.query_value(name);
    if (given.empty()) return fallback;
    std::int64_t number = 0;
    auto const [end, fault] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (fault == std::errc{} && end == given.data() + given.size() && number >= min && number <= max) return number;
    faults.push_back({std::string{name}, "field.range", {std::to_string(min), std::to_string(max)}});
    return fallback;
}

/// The address of this list with one parameter set anew.
std::string next_url(Request const& request, std::string_view name, std::int64_t value)
{
    std::string out = make_url(request.path, {{name, std::to_string(value)}});
    for (auto const& [other, text] : request.parameters.fields()) {
        if (other == name || other == "offset" || other == "before") continue;
        auto const pair = make_url("", {{other, text}});
        if (!pair.empty()) out += "&" + pair.substr(1);
    }
    return out;
}

bool is_json(std::string_view content_type)
{
    std::string type{content_type.substr(0, content_type.find(';'))};
    while (type.ends_with(' ')) type.pop_back();
    std::ranges::transform(type, type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return type == "application/json" || type == "application/ld+json";
}

} // namespace

http::Response refuse_strangers(Services& services, Request const& request)
{
    return problem(services, request, forbidden("api.no_organization"));
}

app::Actor actor_of(Services const& services, Request const& request)
{
    return {request.who.subject, request.who.org, request.id, services.clock.now()};
}

Reader reader_of(Request const& request, Scope scope)
{
    return {request.who, scope, std::string{request.query_value("organization")}};
}

Result<OrganizationId> Reader::organization(db::Connection& c) const
{
    OrganizationId const id{asked.empty() ? who.org.text() : asked};
    if (id.empty()) return invalid_fields({{"organization", "api.organization_needed", {}}});
    if (auto const head = app::organization_within(c, who, scope, id); !head) return head.error();
    return id;
}

bool is_supervision(Request const& request)
{
    bool const of_records =
        !request.path.starts_with("/api/v1/province/") && !request.path.starts_with("/epcis/capture");
    if (!request.who.is_authority() || !of_records) return false;
    if (request.who.org.empty()) return !asked_of(request).second.empty();
    // Who works for an enterprise too reads its records as its own, unless another one is named.
    auto const named = request.query_value("organization");
    auto const other = named.empty() ? request.param("organization") : named;
    return !other.empty() && other != request.who.org.text();
}

std::pair<std::string, std::string> asked_of(Request const& request)
{
    std::string_view rest{request.path};
    for (std::string_view const start : {"/api/v1/", "/epcis/"})
        if (rest.starts_with(start)) rest.remove_prefix(start.size());
    auto const id =
        request.params.empty() ? std::string{request.query_value("organization")} : request.params.front().second;
    return {std::string{rest.substr(0, rest.find('/'))}, id};
}

void note_supervision(db::Connection& c, app::Actor const& actor, std::string const& what, std::string const& id)
{
    db::audit_log::Entry entry;
    entry.action = "api.read";
    entry.entity_kind = what;
    entry.entity_id = id;
    db::audit_log::append(c, actor.change(), entry);
}

Status check_media_type(Request const& request)
{
    if (!is_json(request.header("Content-Type"))) return invalid("api.media_type");
    return Done{};
}

Result<json> parse_body(Request const& request)
{
    if (auto const good = check_media_type(request); !good) return good.error();
    return parse_json(request.body.bytes());
}

std::string read_reason(JsonReader& in) { return in.text("reason", reason_chars_max); }

Result<Paging> read_paging(Request const& request)
{
    std::vector<FieldError> faults;
    Paging paging;
    paging.limit = read_number(request, "limit", page_rows_default, 1, page_rows_max, faults);
    paging.offset = read_number(request, "offset", 0, 0, offset_max, faults);
    paging.before = read_number(request, "before", 0, 1, INT64_MAX, faults);
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return paging;
}

json page_of(Request const& request, Paging const& paging, std::vector<json> rows)
{
    bool const more = rows.size() > static_cast<std::size_t>(paging.limit);
    if (more) rows.resize(static_cast<std::size_t>(paging.limit));
    json out{{"items", std::move(rows)}};
    if (more) out["next"] = next_url(request, "offset", paging.offset + paging.limit);
    return out;
}

json page_before(Request const& request, Paging const& paging, std::vector<json> rows)
{
    bool const more = rows.size() > static_cast<std::size_t>(paging.limit);
    if (more) rows.resize(static_cast<std::size_t>(paging.limit));
    json out{{"items", std::move(rows)}};
    if (more) out["next"] = next_url(request, "before", out["items"].back()["seq"].get<std::int64_t>());
    return out;
}

Result<std::int64_t> read_if_match(Request const& request)
{
    auto tag = request.header("If-Match");
    if (tag == "*") return std::int64_t{0};
    if (tag.starts_with("W/")) tag.remove_prefix(2); // a proxy that compresses makes it weak
    std::int64_t version = 0;
    if (tag.size() > 2 && tag.front() == '"') {
        auto const [end, fault] = std::from_chars(tag.data() + 1, tag.data() + tag.size(), version);
        bool const ends_well = end != tag.data() + tag.size() && (*end == '-' || *end == '"');
        if (fault == std::errc{} && ends_well && version > 0) return version;
    }
    return invalid("api.if_match_needed");
}

Status check_version(std::int64_t latest, std::int64_t wanted)
{
    if (wanted != 0 && latest != wanted) return conflict("api.version_stale", {std::to_string(latest)});
    return Done{};
}

http::Response record_response(unsigned status, json const& record)
{
    auto response = json_response(status, record);
    // The state of a record changes without a new version, so the tag holds a digest behind the version.
    if (record.contains("version"))
        response.header("ETag", fmt::format("\"{}-{}\"", record["version"].get<std::int64_t>(),
                                            sha256_hex(record.dump()).substr(0, tag_digest_chars)));
    return response;
}

Result<db::Operation> operation_of(Services const& services, Request const& request)
{
    auto const key = request.header("Idempotency-Key");
    if (key.empty()) return db::Operation{};
    bool const readable = key.size() <= key_chars_max && std::ranges::all_of(key, [](char c) {
                              return c > ' ' && c <= '~'; // printable ASCII
                          });
    if (!readable) return invalid("api.idempotency_key", {std::to_string(key_chars_max)});
    db::Operation operation;
    operation.org = request.who.org;
    // People and keys of the province act for no organization: there each has names of his own.
    operation.key = (operation.org.empty() ? request.who.subject + " " : "api ") + std::string{key};
    operation.request_sha256 =
        sha256_hex(std::string{http::to_text(request.method)} + " " + request.target + "\n" +
                   std::string{request.header("Content-Type")} + "\n" + sha256_hex(request.body.bytes()));
    operation.asked_at = services.clock.now();
    return operation;
}

http::Response created_response(db::OperationAnswer const& answer)
{
    auto const status = static_cast<unsigned>(answer.status);
    auto response =
        answer.body.empty() ? no_content() : record_response(status, json::parse(answer.body)); // of our own making
    response.status = status;
    if (!answer.location.empty()) response.header("Location", answer.location);
    return response;
}

json without_blanks(json object)
{
    for (auto member = object.begin(); member != object.end();) {
        bool const blank = member->is_null() || (member->is_string() && member->get_ref<std::string const&>().empty());
        member = blank ? object.erase(member) : std::next(member);
    }
    return object;
}

Error placed(Error error, std::initializer_list<std::pair<std::string_view, std::string_view>> places)
{
    if (!error.fields.empty()) return error;
    for (auto const& [key, pointer] : places) {
        if (error.key == key) error.fields.push_back({std::string{pointer}, error.key, error.values});
    }
    return error;
}

void wake_connector(Services const& services)
{
    if (services.wake_connector) services.wake_connector();
}

} // namespace nguon::server::api
