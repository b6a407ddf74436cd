#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nguon::http {

/// Undoes %XX once; with `plus_is_space` also "+", as HTML forms write it. Errors: "uri.percent" for a "%" without two
/// hexadecimal digits, "uri.control" for a decoded NUL, "uri.utf8" when the result is not UTF-8.
Result<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// Leaves letters, digits and -._~ (RFC 3986 §2.3) and writes every other byte as %XX, upper case.
std::string percent_encode(std::string_view text);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// Names and values of a query or of an application/x-www-form-urlencoded body, decoded, in order, empty pieces left
/// out. Errors as percent_decode; more than limits::query_parameters_max: "uri.too_many_parameters".
Result<QueryParameters> parse_query(std::string_view query);

/// "a=1&b=x%20y": the reverse of parse_query.
std::string to_query(QueryParameters const& parameters);

/// An absolute http or https URL without user, query and fragment.
struct Url {
    bool secure = true;
    std::string host = {}; // lower case; an IPv6 address without brackets
    std::uint16_t port = 443;
    std::string path = {}; // as it came; empty or begins with "/"

    /// "host", "host:8443", "[::1]:8443": what a Host field says.
    std::string authority() const;
};

/// Errors: "uri.malformed".
Result<Url> parse_url(std::string_view text);

} // namespace nguon::http
