#include "core/epcis/event_hash.hpp"
#include "core/epcis/query.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/limits/epcis_query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

/// How queries, names and values are written: from texts to what is compared.
namespace nguon::epcis {
namespace {

using nlohmann::json;

/// The pieces between marks; one empty piece for an empty text.
std::vector<std::string_view> split(std::string_view text, char mark)
{
    std::vector<std::string_view> parts;
    while (true) {
        auto const at = text.find(mark);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

Error too_many(std::size_t max)
{
    auto error = invalid("epcis.query.too_many", {std::to_string(max)});
    return error;
}

Parameter& parameter_named(std::vector<Parameter>& out, std::string name)
{
    auto const known = std::ranges::find(out, name, &Parameter::name);
    return known != out.end() ? *known : out.emplace_back(Parameter{std::move(name), {}});
}

/// The values of one "name=value".
Result<std::vector<std::string>> read_values(std::string_view text)
{
    std::vector<std::string> out;
    auto const pieces = split(text, '|');
    for (auto const piece : pieces) {
        auto decoded = gs1::percent_decode(piece, true);
        if (!decoded) return decoded.error();
        if (pieces.size() > 1) {
            out.push_back(*std::move(decoded));
            continue;
        }
        for (auto const part : split(*decoded, '|')) out.emplace_back(part);
    }
    return out;
}

std::string text_of(json const& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

} // namespace

Result<std::vector<Parameter>> read_query_string(std::string_view text)
{
    std::vector<Parameter> out;
    for (auto const piece : split(text, '&')) {
        if (piece.empty()) continue;
        auto const equals = piece.find('=');
        auto name = gs1::percent_decode(piece.substr(0, equals), true);
        auto values = read_values(equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1));
        if (!name || !values) return invalid("epcis.query.text", {std::string{piece.substr(0, equals)}});
        auto& parameter = parameter_named(out, *std::move(name));
        for (auto& value : *values) parameter.values.push_back(std::move(value));
        if (out.size() > limits::query_conditions_max) return too_many(limits::query_conditions_max);
        if (parameter.values.size() > limits::query_values_max) return too_many(limits::query_values_max);
    }
    return out;
}

Result<std::vector<Parameter>> read_query_body(json const& object)
{
    if (!object.is_object()) return invalid("epcis.query.object");
    if (object.size() > limits::query_conditions_max) return too_many(limits::query_conditions_max);
    std::vector<Parameter> out;
    for (auto const& [name, value] : object.items()) {
        if (name == "@context") continue;
        auto const wrong = invalid("epcis.query.value", {name, value.dump()});
        Parameter parameter{name, {}};
        if (value.is_object()) return wrong;
        if (value.is_array()) {
            for (auto const& item : value) {
                if (item.is_structured() || item.is_null()) return wrong;
                parameter.values.push_back(text_of(item));
            }
        } else if (!value.is_null()) {
            parameter.values.push_back(text_of(value));
        }
        if (parameter.values.size() > limits::query_values_max) return too_many(limits::query_values_max);
        out.push_back(std::move(parameter));
    }
    return out;
}

Result<Context> read_extensions(std::string_view header)
{
    Context out;
    json names = json::object();
    for (auto part : split(header, ',')) {
        auto const first = part.find_first_not_of(" \t");
        auto const equals = part.find('=');
        if (first == std::string_view::npos || equals == std::string_view::npos || equals <= first) continue;
        auto const name = std::string{part.substr(first, equals - first)};
        part.remove_prefix(equals + 1);
        names[name] = std::string{part.substr(0, part.find_last_not_of(" \t") + 1)};
        if (names.size() > limits::query_names_max) return too_many(limits::query_names_max);
    }
    std::vector<FieldError> faults;
    out.add(names, "GS1-Extensions", faults);
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return out;
}

std::string canonical_field(ExpandedName const& name)
{
    auto out = name.name_space;
    while (!out.empty() && (out.back() == '/' || out.back() == '#' || out.back() == ':')) out.pop_back();
    return out.append("#").append(name.local);
}

std::string canonical_value(std::string_view text)
{
    // "0123" is the name of a lot rather than a number.
    bool const padded = text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
    if (!padded && read_number(text)) return canonical_number(text);
    if (text.size() > 10 && text.front() >= '0' && text.front() <= '9') {
        if (auto const time = parse_time(text)) return to_iso(time->at);
    }
    if (auto word = web_uri_of_urn(text)) return *std::move(word);
    return canonical_identifier(text);
}

std::string canonical_word(Vocabulary vocabulary, std::string_view text)
{
    auto const word = recognise(vocabulary, text);
    if (word) return spell(vocabulary, word->bare, Spelling::web_uri);
    return canonical_identifier(text);
}

std::optional<double> read_number(std::string_view text)
{
    double value = 0;
    if (text.starts_with('+')) text.remove_prefix(1);
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

} // namespace nguon::epcis
