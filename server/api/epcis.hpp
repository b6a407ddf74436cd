#pragma once

#include "core/epcis/query.hpp"
#include "db/event_queries.hpp"
#include "server/api/desk.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the handlers of the standard's interface (EPCIS 2.0 §12, /epcis) share.
namespace nguon::server::api {

inline constexpr std::string_view epcis_version = "2.0.0";

/// The media type of the answer: JSON or JSON-LD. Errors: invalid "api.not_acceptable" (406), also when the versions
/// that GS1-EPCIS-Min/-Max and GS1-CBV-Min/-Max admit leave ours out.
Result<std::string> epcis_media_type(Request const& request);

/// Fields of every answer.
void add_epcis_fields(http::Response& response);

/// Always_GS1_Digital_Link (also without the header), No_Preference, Never_Translates, Always_EPC_URN. Of the latter
/// three identifiers go out as they came in. Errors: invalid "epcis.format" {text}.
Result<bool> wants_digital_links(Request const& request);

/// Events as they were recorded, with the time of it. Those whose context is not the document's carry their own.
json to_query_document(std::vector<db::events::Stored> const& events, OrganizationId const& reader, Instant now,
                       bool digital_links);
http::Response document_response(json const& document, std::string_view media_type);
http::Response collection_response(json members, std::string_view media_type);

/// Where a list goes on; holds over writes and restarts, and gives no right that its bearer has not.
struct PageToken {
    std::string query = {}; // digest of what it belongs to
    db::event_queries::Position position = {};
    std::int64_t given = 0;
};
std::string write_page_token(PageToken const& token);
/// Errors: invalid "epcis.query.token".
Result<PageToken> read_page_token(std::string_view text, std::string const& query);

/// What a list of anything but events takes: perPage and nextPageToken.
struct ListRequest {
    std::string media_type = {};
    bool digital_links = true;
    std::int64_t per_page = 0;
    std::string digest = {};
    std::optional<PageToken> token = {};
};
/// Errors: those of the parts, "epcis.query.unknown" {name} for any other parameter.
Result<ListRequest> read_list_request(Request const& request);

/// What an authority looked at of others is noted after it was found, so that no look holds up the writer.
net::awaitable<Status> note_if_of_others(Services& services, Request const& request);

/// Adds Link rel="next" with this token and GS1-Next-Page-Token-Expires.
void add_next_page(Services const& services, Request const& request, http::Response& response,
                   std::string const& token);

} // namespace nguon::server::api
