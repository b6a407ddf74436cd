#pragma once

#include "server/http/router.hpp"

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

/// What the API's routes take and give, in words that a program reads: the source of /api/openapi.json and /api/docs.
namespace nguon::server {

class Locale;

namespace api {

/// One member of a JSON object. `type`: text, integer, number, decimal (text or number), boolean, date, instant, texts,
/// object (free), or the name of another schema, with "[]" behind it for a list.
struct Member {
    std::string_view name;
    std::string_view type = "text";
    bool required = false;
    std::span<std::string_view const> words = {}; // a closed list
    std::size_t most = 0;                         // characters of a text, items of a list; 0: not stated
};

struct Schema {
    std::string_view name;
    std::span<Member const> members;
    bool closed = false;           // other members are refused: what requests hold
    std::string_view example = {}; // JSON; every request has one
};

/// All of them, from the tables below.
std::span<Schema const> schemas();
std::span<Schema const> record_schemas(); // schemas.cpp
std::span<Schema const> recall_schemas(); // schemas_recalls.cpp
std::span<Schema const> case_schemas();   // schemas_cases.cpp
std::span<Schema const> label_schemas();  // schemas_labels.cpp
Schema const* find_schema(std::string_view name);

/// A product's id in the examples.
inline constexpr std::string_view example_product = "0199e1c4-52a0-7c11-9b0e-5f2d1c8a4e33";

/// One route of the API. Its sentence is "api.op." + id.
struct Operation {
    Method method;
    std::string_view pattern;
    std::string_view id;
    std::string_view request = {};  // schema, or a media type; "" without body
    std::string_view response = {}; // schema, "Name[]" for a page of a list, or a media type; "" without body
    unsigned status = 200;
    std::string_view query = {}; // names of parameters, apart by spaces
    bool takes_if_match = false;
};

std::span<Operation const> operations();
Operation const* find_operation(Method method, std::string_view pattern);

/// True for routes that the description must hold.
bool is_described(Route const& route);

/// OpenAPI 3.1 of these routes, sentences in `language`.
nlohmann::json describe(std::span<Route const> routes, Locale const& locale, std::string_view language,
                        std::string_view public_url);

} // namespace api

} // namespace nguon::server
