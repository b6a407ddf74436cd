#pragma once

#include "core/http/message.hpp"
#include "server/auth/principal.hpp"
#include "server/http/form.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nguon::server {

/// A request as handlers see it: routed, identified, its query and form read.
struct Request : http::Request {
    Principal who = {};
    std::vector<std::pair<std::string, std::string>> params = {}; // of the pattern, percent-decoded
    Form parameters = {};                                         // of the query string
    Form form = {};                                               // routes with a form body only
    std::string language = "vi";                                  // "vi" or "en"
    std::string csrf = {}; // of the session, or of the form cookie; empty: the page makes one; see csrf.hpp

    /// The path parameter {name}; "" when the pattern has none.
    std::string_view param(std::string_view name) const;
    /// The first query parameter of that name, or "".
    std::string_view query_value(std::string_view name) const { return parameters.get(name); }
    /// True when the client prefers HTML to JSON: a browser.
    bool wants_html() const;
};

/// How much `media_type` ("text/html") is wanted by an Accept header, 0 to 1000; -1 when the header is empty.
int accept_quality(std::string_view accept, std::string_view media_type);

/// True when Accept-Encoding takes `coding` ("br", "gzip") with a quality above 0.
bool accepts_encoding(std::string_view accept_encoding, std::string_view coding);

/// "vi" or "en": `?lang=`, else what the account chose, else the first of the two in Accept-Language, else "vi".
std::string choose_language(std::string_view asked, std::string_view of_account, std::string_view accept_language);

} // namespace nguon::server
