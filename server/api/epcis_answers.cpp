#include "core/bytes.hpp"
#include "core/epcis/epc_format.hpp"
#include "core/epcis/templates.hpp"
#include "core/limits/epcis_query.hpp"
#include "server/api/epcis.hpp"
#include "server/api/epcis_options.hpp"
#include "server/app/query_events.hpp"
#include "server/http/accept.hpp"
#include "server/http/requested_base.hpp"

#include <charconv>

namespace nguon::server::api {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view linked_type = "application/ld+json";
constexpr std::size_t digest_digits = 16;

/// Which of the two the client would rather have; "" when it takes neither.
std::string_view chosen_type(Request const& request)
{
    auto const accept = request.header("Accept");
    auto const plain = accept_quality(accept, json_type);
    auto const linked = accept_quality(accept, linked_type);
    if (plain == 0 && linked == 0) return {};
    return linked > plain ? linked_type : json_type;
}

/// "2.0" -> {2, 0, 0}; nothing for what is no version.
std::optional<std::array<int, 3>> version_of(std::string_view text)
{
    std::array<int, 3> out{};
    std::size_t part = 0;
    while (part < out.size()) {
        auto const read = std::from_chars(text.data(), text.data() + text.size(), out.at(part++));
        if (read.ec != std::errc{}) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
        if (text.empty()) return out;
        if (text.front() != '.') return std::nullopt;
        text.remove_prefix(1);
    }
    return std::nullopt;
}

bool admits_ours(Request const& request, std::string_view least, std::string_view most)
{
    auto const ours = *version_of(epcis_version);
    auto const from = request.header(least);
    auto const to = request.header(most);
    auto const lower = from.empty() ? ours : version_of(from).value_or(std::array{99, 0, 0});
    auto const upper = to.empty() ? ours : version_of(to).value_or(std::array{0, 0, 0});
    return lower <= ours && ours <= upper;
}

/// Takes out what only the declarer sees: who did the work, and for whom it was entered.
void hide_people(json& event, std::string const& template_key)
{
    event.erase("nguon:onBehalfOf");
    auto const* form = epcis::find_template(template_key);
    if (form == nullptr) return;
    for (auto const* field : epcis::fields_of(*form)) {
        if (field->visibility != epcis::Visibility::declarer) continue;
        auto const name = "nguon:" + std::string{field->name};
        event.erase(name);
        if (event.contains("ilmd")) event["ilmd"].erase(name);
    }
}

/// The query string without the token that led here.
std::string query_without_token(std::string_view query)
{
    std::string out;
    while (!query.empty()) {
        auto const piece = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(piece.size() + 1, query.size()));
        if (!piece.empty() && !piece.starts_with("nextPageToken=")) out.append(piece).append("&");
    }
    return out;
}

} // namespace

bool is_epcis_path(std::string_view path) { return path == "/epcis" || path.starts_with("/epcis/"); }

Result<std::string> epcis_media_type(Request const& request)
{
    auto const type = chosen_type(request);
    bool const versions =
        admits_ours(request, "GS1-EPCIS-Min", "GS1-EPCIS-Max") && admits_ours(request, "GS1-CBV-Min", "GS1-CBV-Max");
    if (type.empty() || !versions) return invalid("api.not_acceptable");
    return std::string{type};
}

void add_epcis_fields(http::Response& response)
{
    response.header("GS1-EPCIS-Version", std::string{epcis_version});
    response.header("GS1-CBV-Version", std::string{epcis_version});
}

void add_epcis_options(http::Request const& request, http::Response& response)
{
    add_epcis_fields(response);
    for (auto const* name : {"GS1-EPCIS-Min", "GS1-EPCIS-Max", "GS1-CBV-Min", "GS1-CBV-Max"})
        response.header(name, std::string{epcis_version});
    response.header("GS1-EPC-Format", "Always_GS1_Digital_Link, Never_Translates, No_Preference");
    response.header("GS1-Vendor-Version", NGUON_VERSION);
    response.header("GS1-Extensions", "nguon=" + std::string{epcis::own_namespace});
    if (request.path != "/epcis/capture") return;
    response.header("GS1-EPCIS-Capture-Limit", std::to_string(limits::capture_events_max));
    response.header("GS1-EPCIS-Capture-File-Size-Limit", std::to_string(limits::json_body_bytes));
    response.header("GS1-Capture-Error-Behaviour", "all");
}

Result<bool> wants_digital_links(Request const& request)
{
    auto const format = request.header("GS1-EPC-Format");
    if (format.empty() || format == "Always_GS1_Digital_Link") return true;
    if (format == "No_Preference" || format == "Never_Translates" || format == "Always_EPC_URN") return false;
    return invalid("epcis.format", {std::string{format}});
}

json to_query_document(std::vector<db::events::Stored> const& events, OrganizationId const& reader, Instant now,
                       bool digital_links)
{
    json context = epcis::standard_context;
    bool first = true;
    auto list = json::array();
    for (auto const& stored : events) {
        auto event = json::parse(stored.body); // canonical JSON of our own making
        if (stored.org != reader) hide_people(event, stored.template_key);
        if (digital_links) epcis::write_digital_links(event);
        if (std::exchange(first, false)) context = event["@context"];
        if (event["@context"] == context) event.erase("@context");
        event["recordTime"] = to_iso(OffsetTime{stored.record_time, vietnam_offset});
        list.push_back(std::move(event));
    }
    return {
        {"@context", std::move(context)},
        {"type", "EPCISQueryDocument"},
        {"schemaVersion", "2.0"},
        {"creationDate", to_iso(OffsetTime{now, vietnam_offset})},
        {"epcisBody",
         {{"queryResults", {{"queryName", "SimpleEventQuery"}, {"resultsBody", {{"eventList", std::move(list)}}}}}}}};
}

http::Response document_response(json const& document, std::string_view media_type)
{
    auto response = json_response(200, document, media_type);
    response.header("Vary", "Accept");
    add_epcis_fields(response);
    return response;
}

http::Response collection_response(json members, std::string_view media_type)
{
    json const document{{"@context", epcis::standard_context}, {"type", "Collection"}, {"member", std::move(members)}};
    return document_response(document, media_type);
}

std::string write_page_token(PageToken const& token)
{
    auto const& at = token.position;
    return to_base64url(json{1, token.query, at.at, at.seq, at.value, token.given}.dump());
}

Result<PageToken> read_page_token(std::string_view text, std::string const& query)
{
    auto const refused = invalid("epcis.query.token");
    auto const bytes = from_base64(text);
    auto const parts = bytes ? json::parse(*bytes, nullptr, false) : json{};
    constexpr std::size_t members = 6;
    bool const sound = parts.is_array() && parts.size() == members && parts[0] == 1 && parts[1] == query &&
                       parts[2].is_number_integer() && parts[3].is_number_integer() && parts[4].is_string() &&
                       parts[5].is_number_integer() && parts[5].get<std::int64_t>() >= 0;
    if (!sound) return refused;
    PageToken out;
    out.query = query;
    out.position.at = parts[2].get<std::int64_t>();
    out.position.seq = parts[3].get<std::int64_t>();
    out.position.value = parts[4].get<std::string>();
    out.given = parts[5].get<std::int64_t>();
    return out;
}

Result<ListRequest> read_list_request(Request const& request)
{
    ListRequest out;
    auto media_type = epcis_media_type(request);
    if (!media_type) return media_type.error();
    auto const digital_links = wants_digital_links(request);
    if (!digital_links) return digital_links.error();
    auto const parameters = epcis::read_query_string(request.query);
    if (!parameters) return parameters.error();
    auto const query = epcis::read_query(*parameters, epcis::Context{});
    if (!query) return query.error();
    for (auto const& parameter : *parameters)
        if (parameter.name != "perPage" && parameter.name != "nextPageToken")
            return invalid("epcis.query.unknown", {parameter.name});
    out.media_type = *std::move(media_type);
    out.digital_links = *digital_links;
    out.per_page = query->per_page;
    out.digest = sha256_hex(request.path).substr(0, digest_digits);
    if (query->next_page_token.empty()) return out;
    auto token = read_page_token(query->next_page_token, out.digest);
    if (!token) return token.error();
    out.token = *std::move(token);
    return out;
}

net::awaitable<Status> note_if_of_others(Services& services, Request const& request)
{
    if (!app::reads_for_others(request.who)) co_return Done{};
    auto work = [actor = actor_of(services, request),
                 asked = request.path + "?" + request.query](db::Connection& c) -> Status {
        app::note_query(c, actor, asked);
        return Done{};
    };
    co_return co_await services.database.write_unseen(std::move(work));
}

void add_next_page(Services const& services, Request const& request, http::Response& response, std::string const& token)
{
    response.header("Link", "<" + requested_base(services, request) + request.path + "?" +
                                query_without_token(request.query) + "nextPageToken=" + token + ">; rel=\"next\"");
    response.header("GS1-Next-Page-Token-Expires", to_iso(services.clock.now() + limits::query_token_kept_time));
}

} // namespace nguon::server::api
