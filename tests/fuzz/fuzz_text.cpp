#include "core/fold.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/model/identifiers.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace nguon;

void check(bool holds)
{
    if (!holds) std::abort();
}

/// A reader takes what it gave, unchanged; a refusal is fit to be shown.
template <typename Read>
void check_reader(Read read, std::string_view text)
{
    auto const value = read(text);
    if (value) {
        auto const again = read(*value);
        check(again.ok() && *again == *value && is_utf8(*value));
        return;
    }
    check(!value.error().key.empty() && value.error().key != "internal");
    for (auto const& shown : value.error().values) check(is_utf8(shown));
}

void check_times(std::string_view text)
{
    if (auto const date = parse_date(text)) {
        check(date->ok() && *parse_date(to_iso(*date)) == *date && *parse_date(to_vietnamese(*date)) == *date);
        check(vietnam_date(start_of_day(*date)) == *date && days_between(*date, *date) == 0);
    }
    if (auto const offset = parse_offset(text)) check(*parse_offset(to_offset_text(*offset)) == *offset);
    auto const time = parse_time(text);
    if (!time) return;
    static_cast<void>(to_vietnamese(time->at));
    auto const written = to_iso(*time);
    auto const again = parse_time(written);
    check(again.ok() && again->offset == time->offset && to_iso(*again) == written);
    check(std::chrono::abs(again->at - time->at) < std::chrono::milliseconds{1});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    check_times(text);
    check_reader(gs1::read_printed_code, text);
    for (auto* read : {read_tax_code, read_personal_id, read_phone, read_growing_area_code, read_hs_code,
                       read_web_address, read_email})
        check_reader(read, text);
    if (auto const stars = read_ocop_stars(text)) check(*stars >= 3 && *stars <= 5);
    check(mask_personal_id(text).size() >= text.size() / 2);
    if (auto const phone = read_phone(text)) check(!to_international_phone(*phone).empty());
    return 0;
}
