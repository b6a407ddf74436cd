#pragma once

#include "core/fold.hpp"
#include "core/limits.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon {

/// Parses one JSON text. Errors (ErrorCode::invalid): "json.syntax" {line, column}, "json.utf8" {line, column},
/// "json.duplicate_key" {name} and "json.depth" {levels max}, the latter two with the JSON pointer in `fields`;
/// "json.number" {text} for a number beyond what 64-bit floats hold.
Result<nlohmann::json> parse_json(std::string_view text, std::size_t depth_max = limits::json_depth_max);

/// One text for one value, after RFC 8785: members ordered by UTF-16 code units, ECMAScript's number format, no spaces.
/// Integers of 64 bits keep all their digits.
std::string canonical_json(nlohmann::json const& value);

/// A number in ECMAScript's shortest form ("1e+21", "0.000001", "5"); `number` is finite.
std::string number_text(double number);

/// `name` as one step of a JSON pointer (RFC 6901 §3): "a/b" -> "/a~1b".
std::string pointer_step(std::string_view name);

/// Members of JSON that others wrote and that is looked at without reporting faults (JsonReader reports them). None of
/// them minds a `value` that is no object, or a member of another type: both are as good as missing.
/// The member `name`, or nullptr.
nlohmann::json const* member_at(nlohmann::json const& value, std::string_view name);
/// The text at `name`, or "".
std::string text_at(nlohmann::json const& value, std::string_view name);
/// The whole number at `name`, or `missing`; also for one beyond 64 bits with sign.
std::int64_t number_at(nlohmann::json const& value, std::string_view name, std::int64_t missing = -1);
/// Whether `true` stands at `name`.
bool flag_at(nlohmann::json const& value, std::string_view name);

/// Digits before and after the point that a decimal may have.
struct DecimalRule {
    std::size_t digits_max = 15;
    std::size_t decimals_max = 6;
    bool negative = false;
};

/// Where a number comes from. In a form Vietnamese people write 1.234,5 and mean what JSON calls 1234.5.
enum class Spelling { json, form };

/// A decimal as stored: no plus, no leading zeros, no exponent; zeros at the end stay as they came ("1.50").
/// Errors: "decimal.format" {text}, "decimal.digits" {text, digits max, decimals max}, "decimal.negative" {text},
/// "decimal.ambiguous" {text} for a form's "1.234", which could be either.
Result<std::string> read_decimal(std::string_view text, DecimalRule rule = {}, Spelling spelling = Spelling::json);

/// One word of a closed list and what it stands for.
template <typename T>
struct Choice {
    std::string_view word;
    T value;
};

/// Reads the fields of one JSON object, or of one HTML form, and collects every fault with its place.
///
///     std::vector<FieldError> faults;
///     JsonReader reader{value, faults};
///     NewBatch batch{.lot = reader.text("lot", 20), .made_on = reader.optional_date("madeOn")};
///     reader.refuse_unknown();
///     if (!faults.empty()) return invalid_fields(std::move(faults));
///
/// A field with a fault gives an empty value. In a form all values are texts, an empty one counts as missing, dates may
/// be dd/mm/yyyy, numbers are as in Spelling::form, and the place is the bare field name.
/// Keys: "field.required", for a value of another type "field.text", "field.number", "field.integer", "field.boolean",
/// "field.object" and "field.array", "field.range" {min, max},
/// "field.choice" {text, words}, "field.count" {max}, "json.unknown_member" {name}; those of clean_text, read_decimal,
/// parse_date and parse_time.
class JsonReader {
public:
    /// `value` must outlive the reader. "field.object" when it is no object.
    JsonReader(nlohmann::json const& value, std::vector<FieldError>& faults, std::string pointer = {});
    /// A form; of a field that came twice the caller keeps the first.
    JsonReader(std::map<std::string, std::string, std::less<>> const& form, std::vector<FieldError>& faults);
    ~JsonReader();
    JsonReader(JsonReader&&) noexcept;
    JsonReader(JsonReader const&) = delete;
    JsonReader& operator=(JsonReader const&) = delete;
    JsonReader& operator=(JsonReader&&) = delete;

    std::string text(std::string_view name, std::size_t chars_max, Lines lines = Lines::one);
    std::optional<std::string> optional_text(std::string_view name, std::size_t chars_max, Lines lines = Lines::one);

    std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max);
    std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t min, std::int64_t max);

    /// Decimals stay text; a JSON number is taken too.
    std::string decimal(std::string_view name, DecimalRule rule = {});
    std::optional<std::string> optional_decimal(std::string_view name, DecimalRule rule = {});

    Date date(std::string_view name);
    std::optional<Date> optional_date(std::string_view name);

    OffsetTime time(std::string_view name);
    std::optional<OffsetTime> optional_time(std::string_view name);

    /// Missing means `fallback`; a form's check box counts as true when it is there and not "0", "false" or "off".
    bool flag(std::string_view name, bool fallback = false);

    template <typename T>
    T choice(std::string_view name, std::span<Choice<T> const> choices)
    {
        auto const found = optional_choice(name, choices);
        if (!found) require(name);
        return found.value_or(T{});
    }
    template <typename T>
    std::optional<T> optional_choice(std::string_view name, std::span<Choice<T> const> choices)
    {
        auto const* const given = word(name);
        if (given == nullptr) return std::nullopt;
        for (auto const& choice : choices) {
            if (choice.word == *given) return choice.value;
        }
        std::string all;
        for (auto const& choice : choices) all.append(all.empty() ? "" : ", ").append(choice.word);
        fault(name, "field.choice", {excerpt(*given), std::move(all)});
        return std::nullopt;
    }

    /// A list of texts; missing gives an empty list, in a form the lines of the field.
    std::vector<std::string> texts(std::string_view name, std::size_t count_max, std::size_t chars_max);

    /// A reader for the object at `name`; the optional one gives nothing when it is missing.
    JsonReader object(std::string_view name);
    std::optional<JsonReader> optional_object(std::string_view name);
    /// One reader for each object of the array at `name`; empty when it is missing.
    std::vector<JsonReader> objects(std::string_view name, std::size_t count_max);

    /// The value as it stands, or nullptr; counts as read.
    nlohmann::json const* raw(std::string_view name);
    bool has(std::string_view name) const;
    /// Marks a member as known without reading it.
    void allow(std::string_view name);

    /// Adds a fault at the field `name` of this object.
    void fault(std::string_view name, std::string key, std::vector<std::string> values = {});
    /// Takes the value of a checker's result, or its error as a fault at `name`.
    template <typename T>
    T take(std::string_view name, Result<T> result)
    {
        if (result) return *std::move(result);
        fault(name, result.error().key, result.error().values);
        return T{};
    }

    /// "json.unknown_member" for every member nobody asked for; call it last. Forms are not checked: buttons have
    /// names.
    void refuse_unknown();

    /// JSON pointer of the field, or its name in a form.
    std::string place(std::string_view name) const;
    /// True when no fault was added through this reader.
    bool clean() const { return faults_here_ == 0; }

private:
    nlohmann::json const* find(std::string_view name);
    std::string const* word(std::string_view name);
    void require(std::string_view name);
    std::nullopt_t refuse(std::string_view name, std::string key, std::vector<std::string> values = {});

    std::unique_ptr<nlohmann::json> form_; // the form as an object of texts
    nlohmann::json const* object_ = nullptr;
    std::vector<FieldError>* faults_;
    std::string pointer_;
    std::vector<std::string> known_;
    std::size_t faults_here_ = 0;
};

} // namespace nguon
