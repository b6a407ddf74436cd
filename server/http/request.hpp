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

} // namespace nguon::server
