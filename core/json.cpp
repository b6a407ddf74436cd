#include "core/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon {
namespace {

using nlohmann::json;

std::vector<std::string> line_and_column(std::string_view text, std::size_t offset)
{
    auto const before = text.substr(0, offset);
    auto const line = std::count(before.begin(), before.end(), '\n') + 1;
    auto const line_start = before.rfind('\n');
    auto const column = count_chars(line_start == std::string_view::npos ? before : before.substr(line_start + 1)) + 1;
    return {std::to_string(line), std::to_string(column)};
}

/// The first byte that is not part of well-formed UTF-8, or npos.
std::size_t find_broken_utf8(std::string_view text)
{
    if (is_utf8(text)) return std::string_view::npos;
    std::size_t at = 0;
    while (at < text.size()) {
        auto const character = first_char(text.substr(at));
        if (!is_utf8(character)) return at;
        at += character.size();
    }
    return text.size();
}

/// Builds the value while the library parses, so that duplicate names and depth are seen when they occur.
class Builder : public nlohmann::json_sax<json> {
public:
    Builder(std::string_view text, std::size_t depth_max) : text_{text}, depth_max_{depth_max} {}

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, string_t const& /*text*/) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t& /*value*/) override { return false; } // JSON text has none
    bool start_object(std::size_t /*size*/) override { return open(json::object()); }
    bool start_array(std::size_t /*size*/) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override
    {
        auto& object = *open_.back();
        if (object.contains(name)) {
            error_ = invalid("json.duplicate_key", {excerpt(name)});
            error_.fields = {{pointer() + pointer_step(name), error_.key, error_.values}};
            return false;
        }
        keys_.back() = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position, std::string const& token, json::exception const& exception) override
    {
        auto place = line_and_column(text_, position > 0 ? position - 1 : 0);
        constexpr int number_out_of_range = 406;
        if (exception.id == number_out_of_range)
            error_ = invalid("json.number", {excerpt(token)});
        else if (std::string_view{exception.what()}.find("surrogate") != std::string_view::npos)
            error_ = invalid("json.utf8", std::move(place));
        else
            error_ = invalid("json.syntax", std::move(place));
        return false;
    }

    json&& value() { return std::move(root_); }
    Error&& error() { return std::move(error_); }

private:
    json* place(json value)
    {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        auto& parent = *open_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        auto& slot = parent[keys_.back()];
        slot = std::move(value);
        return &slot;
    }

    bool add(json value)
    {
        place(std::move(value));
        return true;
    }

    bool open(json value)
    {
        // Places inside an array move when it grows, but only the innermost open value grows.
        auto* const opened = place(std::move(value));
        open_.push_back(opened);
        keys_.emplace_back();
        if (open_.size() <= depth_max_) return true;
        error_ = invalid("json.depth", {std::to_string(depth_max_)});
        error_.fields = {{pointer(), error_.key, error_.values}};
        return false;
    }

    bool close()
    {
        open_.pop_back();
        keys_.pop_back();
        return true;
    }

    std::string pointer() const
    {
        std::string out;
        for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
            out += open_[i]->is_array() ? fmt::format("/{}", open_[i]->size() - 1) : pointer_step(keys_[i]);
        }
        return out;
    }

    std::string_view text_;
    std::size_t depth_max_;
    json root_;
    std::vector<json*> open_;
    std::vector<std::string> keys_; // the member being read in each open value
    Error error_ = invalid("json.syntax", {"1", "1"});
};

/// RFC 8785 §3.2.3 compares UTF-16 code units: characters beyond U+FFFF start with a surrogate and so come before
/// U+E000 to U+FFFF. In UTF-8 the former start with 0xF0 and more, the latter with 0xEE and 0xEF.
bool less_utf16(std::string_view a, std::string_view b)
{
    auto const [at_a, at_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (at_a == a.end() || at_b == b.end()) return at_a == a.end() && at_b != b.end();
    auto const byte_a = static_cast<unsigned char>(*at_a);
    auto const byte_b = static_cast<unsigned char>(*at_b);
    bool const pair_a = byte_a >= 0xF0;
    bool const pair_b = byte_b >= 0xF0;
    if (pair_a != pair_b && byte_a >= 0xEE && byte_b >= 0xEE) return pair_a;
    return byte_a < byte_b;
}

void write_string(std::string_view text, std::string& out)
{
    constexpr std::string_view escaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    auto const is_plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; };
    out += '"';
    while (!text.empty()) {
        auto const run = std::find_if_not(text.begin(), text.end(), is_plain);
        out.append(text.begin(), run);
        text.remove_prefix(static_cast<std::size_t>(run - text.begin()));
        if (text.empty()) break;
        char const c = text.front();
        if (auto const at = escaped.find(c); at != std::string_view::npos)
            (out += '\\') += letters[at];
        else
            out += fmt::format("\\u{:04x}", static_cast<int>(c));
        text.remove_prefix(1);
    }
    out += '"';
}

void write(json const& value, std::string& out);

void write_object(json const& object, std::string& out)
{
    auto const& sorted_by_bytes = object.get_ref<json::object_t const&>();
    std::vector<json::object_t::value_type const*> members;
    members.reserve(sorted_by_bytes.size());
    for (auto const& member : sorted_by_bytes) members.push_back(&member);
    auto const less = [](auto* a, auto* b) { return less_utf16(a->first, b->first); };
    if (!std::is_sorted(members.begin(), members.end(), less)) std::sort(members.begin(), members.end(), less);
    out += '{';
    for (auto const* member : members) {
        if (out.back() != '{') out += ',';
        write_string(member->first, out);
        out += ':';
        write(member->second, out);
    }
    out += '}';
}

void write_array(json const& array, std::string& out)
{
    out += '[';
    bool first = true;
    for (auto const& value : array) {
        if (!first) out += ',';
        first = false;
        write(value, out);
    }
    out += ']';
}

void write(json const& value, std::string& out)
{
    switch (value.type()) {
    case json::value_t::object:
        return write_object(value, out);
    case json::value_t::array:
        return write_array(value, out);
    case json::value_t::string:
        return write_string(value.get_ref<std::string const&>(), out);
    case json::value_t::boolean:
        out += value.get<bool>() ? "true" : "false";
        return;
    case json::value_t::number_integer:
        out += std::to_string(value.get<std::int64_t>());
        return;
    case json::value_t::number_unsigned:
        out += std::to_string(value.get<std::uint64_t>());
        return;
    case json::value_t::number_float:
        out += number_text(value.get<double>());
        return;
    case json::value_t::null:
    case json::value_t::binary:
    case json::value_t::discarded:
        out += "null";
        return;
    }
}

} // namespace

Result<json> parse_json(std::string_view text, std::size_t depth_max)
{
    if (auto const broken = find_broken_utf8(text); broken != std::string_view::npos) {
        return invalid("json.utf8", line_and_column(text, broken));
    }
    // The library takes a zero byte for the end of the text and would not look at what follows.
    if (auto const zero = text.find('\0'); zero != std::string_view::npos) {
        return invalid("json.syntax", line_and_column(text, zero));
    }
    Builder builder{text, depth_max};
    if (!json::sax_parse(text.begin(), text.end(), &builder)) return builder.error();
    return builder.value();
}

std::string canonical_json(json const& value)
{
    std::string out;
    write(value, out);
    return out;
}

json const* member_at(json const& value, std::string_view name)
{
    if (!value.is_object()) return nullptr;
    auto const found = value.find(name);
    return found == value.end() ? nullptr : &*found;
}

std::string text_at(json const& value, std::string_view name)
{
    auto const* const found = member_at(value, name);
    return found != nullptr && found->is_string() ? found->get<std::string>() : std::string{};
}

std::int64_t number_at(json const& value, std::string_view name, std::int64_t missing)
{
    auto const* const found = member_at(value, name);
    if (found == nullptr || !found->is_number_integer()) return missing;
    if (found->is_number_unsigned() && !std::in_range<std::int64_t>(found->get<std::uint64_t>())) return missing;
    return found->get<std::int64_t>();
}

bool flag_at(json const& value, std::string_view name)
{
    auto const* const found = member_at(value, name);
    return found != nullptr && found->is_boolean() && found->get<bool>();
}

std::string number_text(double number)
{
    assert(std::isfinite(number));
    if (number == 0) return "0";
    std::array<char, 32> buffer{};
    auto const end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number), std::chars_format::scientific);
    std::string_view const shortest{buffer.data(), end.ptr};
    auto const e = shortest.find('e');
    std::string digits;
    for (char const c : shortest.substr(0, e)) {
        if (c != '.') digits += c;
    }
    int exponent = 0;
    auto const power = shortest.substr(e + (shortest[e + 1] == '+' ? 2 : 1));
    std::from_chars(power.data(), power.data() + power.size(), exponent);

    // ECMAScript Number::toString: k digits, the point stands behind the n-th.
    int const k = static_cast<int>(digits.size());
    int const n = exponent + 1;
    std::string out = number < 0 ? "-" : "";
    if (k <= n && n <= 21) return out + digits + std::string(static_cast<std::size_t>(n - k), '0');
    if (0 < n && n <= 21) {
        auto const before = static_cast<std::size_t>(n);
        return out + digits.substr(0, before) + '.' + digits.substr(before);
    }
    if (-6 < n && n <= 0) return out + "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
    out += digits[0];
    if (k > 1) (out += '.') += digits.substr(1);
    return out + fmt::format("e{}{}", n - 1 < 0 ? '-' : '+', std::abs(n - 1));
}

std::string pointer_step(std::string_view name)
{
    std::string out = "/";
    for (char const c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

} // namespace nguon
