#pragma once

#include "core/http/message.hpp"
#include "core/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon::server {

/// A file of a multipart form. `media_type` is what the browser says: judge the bytes instead.
struct UploadedFile {
    std::string field = {};
    std::string name = {}; // last part of the path, without control characters
    std::string media_type = {};
    std::string bytes = {};
};

/// What a form or a query string holds, in the order it came. Values are UTF-8 with "\n" line ends.
class Form {
public:
    /// The first value, or "".
    std::string_view get(std::string_view name) const;
    bool has(std::string_view name) const;
    std::vector<std::string> all(std::string_view name) const;
    /// The file of that field; nullptr when none was chosen.
    UploadedFile const* file(std::string_view name) const;
    std::vector<UploadedFile> const& files() const { return files_; }

    /// First values by name, for `JsonReader`.
    std::map<std::string, std::string, std::less<>> first() const;
    /// {"name": "value", …}: for `FieldReader`, and for showing again what was typed. A field that came several times
    /// is an array.
    nlohmann::json to_json() const;

    void add(std::string name, std::string value);
    void add(UploadedFile file);
    std::vector<std::pair<std::string, std::string>> const& fields() const { return fields_; }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
    std::vector<UploadedFile> files_;
};

/// application/x-www-form-urlencoded (WHATWG URL §5.1). Errors: "form.too_many" and those of
/// http::percent_decode.
Result<Form> read_urlencoded(std::string_view text);

/// multipart/form-data (RFC 7578), strictly: CRLF line ends, every part with a quoted name, no nesting, closing
/// delimiter required. Errors: "form.broken", "form.too_many".
Result<Form> read_multipart(std::string_view body, std::string_view boundary);

/// Reads the body by its Content-Type; no body is an empty form. Errors: those above, "form.media_type".
Result<Form> read_form(http::Request const& request);

} // namespace nguon::server
