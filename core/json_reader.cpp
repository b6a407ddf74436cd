#include "core/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon {
namespace {

using nlohmann::json;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

std::string_view trimmed(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// "1.234.567" -> "1234567"; nothing when the dots do not stand before groups of three.
std::optional<std::string> without_groups(std::string_view text)
{
    std::string out;
    for (bool first = true;; first = false) {
        auto const dot = text.find('.');
        auto const group = text.substr(0, dot);
        bool const fits =
            first ? !group.empty() && (group.size() <= 3 || dot == std::string_view::npos) : group.size() == 3;
        if (!fits || !all_digits(group)) return std::nullopt;
        out += group;
        if (dot == std::string_view::npos) return out;
        text.remove_prefix(dot + 1);
    }
}

struct DecimalParts {
    std::string whole;
    std::string decimals;
};

/// The digits before and behind the point; nothing when the text is no number.
std::optional<DecimalParts> split_decimal(std::string_view text, Spelling spelling)
{
    auto const comma = text.find(',');
    if (spelling == Spelling::form &&
        (comma != std::string_view::npos || std::count(text.begin(), text.end(), '.') > 1)) {
        auto whole = without_groups(text.substr(0, comma));
        if (!whole) return std::nullopt;
        if (comma == std::string_view::npos) return DecimalParts{*std::move(whole), {}};
        auto const decimals = text.substr(comma + 1);
        if (decimals.empty() || !all_digits(decimals)) return std::nullopt;
        return DecimalParts{*std::move(whole), std::string{decimals}};
    }
    auto const dot = text.find('.');
    auto const whole = text.substr(0, dot);
    auto const decimals = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    if (whole.empty() || !all_digits(whole) || !all_digits(decimals)) return std::nullopt;
    if (dot != std::string_view::npos && decimals.empty()) return std::nullopt;
    return DecimalParts{std::string{whole}, std::string{decimals}};
}

/// "1.234": a thousand and more to a Vietnamese reader, a little more than one to a machine.
bool is_ambiguous(std::string_view text)
{
    auto const dot = text.find('.');
    return dot != std::string_view::npos && dot > 0 && dot <= 3 && text[0] != '0' && text.size() - dot == 4 &&
           text.find(',') == std::string_view::npos && all_digits(text.substr(dot + 1));
}

/// The digits of a whole number that a person typed, with "-" in front where it stood; nothing for other texts.
std::optional<std::string> whole_digits(std::string_view text)
{
    text = trimmed(text);
    bool const negative = text.starts_with('-');
    auto digits = without_groups(text.substr(negative ? 1 : 0));
    if (digits && negative) digits->insert(0, "-");
    return digits;
}

/// True for a whole number of any size; 3.0 is one in JSON.
bool is_whole(json const& value, bool form)
{
    if (form) return whole_digits(value.get_ref<std::string const&>()).has_value();
    return value.is_number_integer() ||
           (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>());
}

/// The number of a text that `is_whole`; nothing when it does not fit 64 bits.
std::optional<std::int64_t> typed_number(std::string_view text)
{
    auto const digits = whole_digits(text).value_or("");
    std::int64_t value = 0;
    auto const [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (fault != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

/// The number of a JSON value that `is_whole`; nothing when it does not fit 64 bits exactly.
std::optional<std::int64_t> whole_number(json const& value)
{
    constexpr double exact_max = 9007199254740992.0; // 2^53
    constexpr auto top = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > top) return std::nullopt;
    if (value.is_number_float() && std::abs(value.get<double>()) > exact_max) return std::nullopt;
    return value.get<std::int64_t>();
}

bool is_blank(json const& value, bool form)
{
    if (value.is_null()) return true;
    return form && value.is_string() && trimmed(value.get_ref<std::string const&>()).empty();
}

} // namespace

Result<std::string> read_decimal(std::string_view text, DecimalRule rule, Spelling spelling)
{
    constexpr std::size_t bytes_max = 64;
    auto const given = trimmed(text);
    if (given.size() > bytes_max) return invalid("decimal.format", {excerpt(given)});
    bool const negative = given.starts_with('-');
    auto const unsigned_text = given.substr(negative ? 1 : 0);
    if (spelling == Spelling::form && is_ambiguous(unsigned_text))
        return invalid("decimal.ambiguous", {excerpt(given)});
    auto parts = split_decimal(unsigned_text, spelling);
    if (!parts) return invalid("decimal.format", {excerpt(given)});
    auto& [whole, decimals] = *parts;
    whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
    if (whole.size() > rule.digits_max || decimals.size() > rule.decimals_max) {
        return invalid("decimal.digits",
                       {excerpt(given), std::to_string(rule.digits_max), std::to_string(rule.decimals_max)});
    }
    bool const zero = (whole + decimals).find_first_not_of('0') == std::string::npos;
    if (negative && !zero && !rule.negative) return invalid("decimal.negative", {excerpt(given)});
    return (negative && !zero ? "-" : "") + whole + (decimals.empty() ? "" : "." + decimals);
}

JsonReader::JsonReader(json const& value, std::vector<FieldError>& faults, std::string pointer)
    : faults_{&faults}, pointer_{std::move(pointer)}
{
    if (value.is_object()) {
        object_ = &value;
        return;
    }
    faults_->push_back({pointer_, "field.object"});
    ++faults_here_;
}

JsonReader::JsonReader(std::map<std::string, std::string, std::less<>> const& form, std::vector<FieldError>& faults)
    : form_{std::make_unique<json>(json::object())}, object_{form_.get()}, faults_{&faults}
{
    for (auto const& [name, value] : form) (*form_)[name] = value;
}

JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;

json const* JsonReader::find(std::string_view name)
{
    allow(name);
    if (object_ == nullptr) return nullptr;
    auto const found = object_->find(name);
    if (found == object_->end() || is_blank(*found, form_ != nullptr)) return nullptr;
    return &*found;
}

std::string const* JsonReader::word(std::string_view name)
{
    auto const* const value = find(name);
    if (value == nullptr) return nullptr;
    if (value->is_string()) return &value->get_ref<std::string const&>();
    fault(name, "field.text");
    return nullptr;
}

void JsonReader::require(std::string_view name)
{
    // A reader that is no object has said so once; its fields are not missing one by one.
    if (object_ != nullptr && find(name) == nullptr) fault(name, "field.required");
}

std::string JsonReader::text(std::string_view name, std::size_t chars_max, Lines lines)
{
    auto const found = optional_text(name, chars_max, lines);
    if (!found) require(name);
    return found.value_or("");
}

std::optional<std::string> JsonReader::optional_text(std::string_view name, std::size_t chars_max, Lines lines)
{
    auto const* const given = word(name);
    if (given == nullptr) return std::nullopt;
    auto cleaned = clean_text(*given, chars_max, lines);
    if (!cleaned) {
        fault(name, cleaned.error().key, cleaned.error().values);
        return std::nullopt;
    }
    if (!cleaned->empty()) return *std::move(cleaned);
    // Spaces only: given, yet nothing is said.
    fault(name, "field.required");
    return std::nullopt;
}

std::int64_t JsonReader::integer(std::string_view name, std::int64_t min, std::int64_t max)
{
    auto const found = optional_integer(name, min, max);
    if (!found) require(name);
    return found.value_or(0);
}

std::optional<std::int64_t> JsonReader::optional_integer(std::string_view name, std::int64_t min, std::int64_t max)
{
    auto const* const value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!is_whole(*value, form_ != nullptr)) return refuse(name, "field.integer");
    auto const number = form_ ? typed_number(value->get_ref<std::string const&>()) : whole_number(*value);
    if (number && *number >= min && *number <= max) return number;
    return refuse(name, "field.range", {std::to_string(min), std::to_string(max)});
}

std::string JsonReader::decimal(std::string_view name, DecimalRule rule)
{
    auto const found = optional_decimal(name, rule);
    if (!found) require(name);
    return found.value_or("");
}

std::optional<std::string> JsonReader::optional_decimal(std::string_view name, DecimalRule rule)
{
    auto const* const value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string() && !value->is_number()) return refuse(name, "field.number");
    auto const given = value->is_string() ? value->get<std::string>() : canonical_json(*value);
    auto read = read_decimal(given, rule, form_ ? Spelling::form : Spelling::json);
    if (read) return *std::move(read);
    return refuse(name, read.error().key, read.error().values);
}

Date JsonReader::date(std::string_view name)
{
    auto const found = optional_date(name);
    if (!found) require(name);
    return found.value_or(Date{});
}

std::optional<Date> JsonReader::optional_date(std::string_view name)
{
    auto const* const given = word(name);
    if (given == nullptr) return std::nullopt;
    // JSON knows one spelling of a date; a person may type either.
    bool const swapped = given->find('/') != std::string::npos && !form_;
    auto const read = swapped ? Result<Date>{invalid("date.format", {excerpt(*given)})} : parse_date(trimmed(*given));
    if (read) return *read;
    return refuse(name, read.error().key, read.error().values);
}

OffsetTime JsonReader::time(std::string_view name)
{
    auto const found = optional_time(name);
    if (!found) require(name);
    return found.value_or(OffsetTime{});
}

std::optional<OffsetTime> JsonReader::optional_time(std::string_view name)
{
    auto const* const given = word(name);
    if (given == nullptr) return std::nullopt;
    auto text = std::string{trimmed(*given)};
    // A browser's date-and-time field sends "2026-11-21T15:00": no seconds, no offset, local time.
    constexpr std::size_t local_without_seconds = 16;
    constexpr std::size_t local_with_seconds = 19;
    if (form_ && text.size() == local_without_seconds) text += ":00";
    if (form_ && text.size() == local_with_seconds) text += "+07:00";
    auto const read = parse_time(text);
    if (read) return *read;
    return refuse(name, read.error().key, {excerpt(*given)});
}

bool JsonReader::flag(std::string_view name, bool fallback)
{
    auto const* const value = find(name);
    if (value == nullptr) return fallback;
    if (form_) {
        auto const& given = value->get_ref<std::string const&>();
        return given != "0" && given != "false" && given != "off";
    }
    if (value->is_boolean()) return value->get<bool>();
    fault(name, "field.boolean");
    return fallback;
}

std::vector<std::string> JsonReader::texts(std::string_view name, std::size_t count_max, std::size_t chars_max)
{
    auto const* value = find(name);
    if (value == nullptr) return {};
    json lines = json::array();
    if (form_) {
        for (std::string_view rest = value->get_ref<std::string const&>(); !rest.empty();) {
            auto const end = std::min(rest.find('\n'), rest.size());
            if (auto const line = trimmed(rest.substr(0, end)); !line.empty()) lines.push_back(line);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        value = &lines;
    }
    if (!value->is_array()) {
        fault(name, "field.array");
        return {};
    }
    if (value->size() > count_max) {
        fault(name, "field.count", {std::to_string(count_max)});
        return {};
    }
    std::vector<std::string> found;
    for (std::size_t i = 0; i < value->size(); ++i) {
        auto const& item = (*value)[i];
        Result<std::string> text = item.is_string() ? clean_text(item.get_ref<std::string const&>(), chars_max)
                                                    : Result<std::string>{invalid("field.text")};
        if (text && text->empty()) text = invalid("field.required");
        if (text)
            found.push_back(*std::move(text));
        else {
            faults_->push_back(
                {form_ ? place(name) : place(name) + fmt::format("/{}", i), text.error().key, text.error().values});
            ++faults_here_;
        }
    }
    return found;
}

JsonReader JsonReader::object(std::string_view name)
{
    auto found = optional_object(name);
    if (found) return *std::move(found);
    require(name);
    // What is missing has been said; the reader of nothing adds no faults of its own.
    static json const nothing = json::object();
    JsonReader reader{nothing, *faults_, place(name)};
    reader.object_ = nullptr;
    return reader;
}

std::optional<JsonReader> JsonReader::optional_object(std::string_view name)
{
    auto const* const value = find(name);
    if (value == nullptr) return std::nullopt;
    return JsonReader{*value, *faults_, place(name)};
}

std::vector<JsonReader> JsonReader::objects(std::string_view name, std::size_t count_max)
{
    std::vector<JsonReader> readers;
    auto const* const value = find(name);
    if (value == nullptr) return readers;
    if (!value->is_array()) {
        fault(name, "field.array");
        return readers;
    }
    if (value->size() > count_max) {
        fault(name, "field.count", {std::to_string(count_max)});
        return readers;
    }
    readers.reserve(value->size());
    for (std::size_t i = 0; i < value->size(); ++i) {
        readers.push_back(JsonReader{(*value)[i], *faults_, place(name) + fmt::format("/{}", i)});
    }
    return readers;
}

json const* JsonReader::raw(std::string_view name) { return find(name); }

bool JsonReader::has(std::string_view name) const
{
    if (object_ == nullptr) return false;
    auto const found = object_->find(name);
    return found != object_->end() && !is_blank(*found, form_ != nullptr);
}

void JsonReader::allow(std::string_view name)
{
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.emplace_back(name);
}

void JsonReader::fault(std::string_view name, std::string key, std::vector<std::string> values)
{
    faults_->push_back({place(name), std::move(key), std::move(values)});
    ++faults_here_;
}

std::nullopt_t JsonReader::refuse(std::string_view name, std::string key, std::vector<std::string> values)
{
    fault(name, std::move(key), std::move(values));
    return std::nullopt;
}

void JsonReader::refuse_unknown()
{
    if (object_ == nullptr || form_) return;
    for (auto const& [name, value] : object_->get_ref<json::object_t const&>()) {
        if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
        fault(name, "json.unknown_member", {excerpt(name)});
    }
}

std::string JsonReader::place(std::string_view name) const
{
    return form_ ? std::string{name} : pointer_ + pointer_step(name);
}

} // namespace nguon
