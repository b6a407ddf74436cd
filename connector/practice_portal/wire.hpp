#pragma once

#include "core/http/message.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// The portal's side of its own interface: what a line of a request says, what an answer looks like. Written from the
/// portal's point of view and shared with nobody.
namespace nguon::practice_portal {

/// One line of a request body.
struct Line {
    std::string bytes = {};  // as it came, without the line feed
    std::string digest = {}; // SHA-256 of the bytes, hexadecimal
    std::string key = {};
    std::string type = {};
    std::string record_id = {};
    std::int64_t version = 0;
    std::int64_t version_before = 0; // the one this follows, 0 for the first
    bool is_create = false;
    std::string link = {};                           // the portal's number, of an update
    std::map<std::string, std::string> numbers = {}; // fields named id…: numbers of other records
    std::string tax_code = {};                       // MST
    std::string gtin = {};
    std::vector<std::string> pictures = {}; // their numbers, or addresses
    std::string fault = {};                 // error word when the data themselves are wrong
    std::string fault_text = {};
};

/// The resource names behind the base path and the field of their number.
struct ResourceName {
    std::string_view path;
    std::string_view type;
    std::string_view id_field;
    std::string_view id_prefix;
};
std::vector<ResourceName> const& resource_names();
ResourceName const* resource_at(std::string_view path);

/// Errors: "ERR_DATA_FORMAT" when a line is no such object.
Result<Line> read_line(std::string_view bytes, ResourceName const& resource);

/// An answer with `body` as JSON.
http::Response json_answer(unsigned status, std::string body);
/// {"data": […], "error": null}
std::string data_answer(nlohmann::json data);
/// {"error": word, "debugMessage": text, "data": null}
std::string error_answer(std::string_view word, std::string_view text);

} // namespace nguon::practice_portal
