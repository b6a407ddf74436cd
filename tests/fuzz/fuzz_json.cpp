#include "core/fold.hpp"
#include "core/json.hpp"

#include <cstdint>
#include <cstdlib>

#include <nlohmann/json.hpp>

namespace {

using namespace nguon;

void check(bool holds)
{
    if (!holds) std::abort();
}

void check_text(std::string_view text)
{
    for (Lines const lines : {Lines::one, Lines::many}) {
        auto const once = clean_text(text, 1'000, lines);
        if (!once) continue;
        check(is_utf8(*once));
        auto const twice = clean_text(*once, 1'000, lines);
        check(twice.ok() && *twice == *once);
    }
    check(is_utf8(fold(text)) && is_utf8(exact_key(text)) && is_utf8(excerpt(text)));
    check(fold(fold(text)) == fold(text));
    for (auto const& word : words(text)) check(!word.empty());
    static_cast<void>(sort_key(text));
    for (Spelling const spelling : {Spelling::json, Spelling::form}) {
        auto const decimal = read_decimal(text, {.negative = true}, spelling);
        if (decimal) check(*read_decimal(*decimal, {.negative = true}) == *decimal);
    }
}

/// Every reading function on every member, whatever its type is.
void read_all(nlohmann::json const& value)
{
    std::vector<FieldError> faults;
    JsonReader reader{value, faults};
    if (!value.is_object()) {
        check(!faults.empty());
        return;
    }
    for (auto const& [name, member] : value.items()) {
        static_cast<void>(reader.optional_text(name, 20));
        static_cast<void>(reader.optional_integer(name, -5, 5));
        static_cast<void>(reader.optional_decimal(name));
        static_cast<void>(reader.optional_date(name));
        static_cast<void>(reader.optional_time(name));
        static_cast<void>(reader.flag(name));
        static_cast<void>(reader.texts(name, 3, 5));
        if (member.is_object()) read_all(member);
        static_cast<void>(reader.objects(name, 3));
    }
    auto const before = faults.size();
    reader.refuse_unknown();
    check(faults.size() == before);
    for (auto const& fault : faults) {
        for (auto const& text : fault.values) check(is_utf8(text));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    if (size <= 2'000) check_text(text);
    auto const parsed = parse_json(text);
    if (!parsed) {
        check(!parsed.error().key.empty());
        return 0;
    }
    auto const canonical = canonical_json(*parsed);
    auto const again = parse_json(canonical);
    check(again.ok());
    check(canonical_json(*again) == canonical);
    read_all(*parsed);
    return 0;
}
