#pragma once

#include <string_view>

/// Names that earlier editions of the Digital Link URI syntax (before 1.3) gave to AIs.
namespace nguon::gs1 {

struct ShortName {
    std::string_view name;
    std::string_view ai;
};

inline constexpr ShortName short_names[] = {
    {"sscc", "00"},   {"gtin", "01"},    {"lot", "10"},    {"exp", "17"},     {"ser", "21"},     {"cpv", "22"},
    {"tpx", "235"},   {"gdti", "253"},   {"glnx", "254"},  {"gcn", "255"},    {"ginc", "401"},   {"gsin", "402"},
    {"gln", "414"},   {"payTo", "415"},  {"party", "417"}, {"expdt", "7003"}, {"grai", "8003"},  {"giai", "8004"},
    {"itip", "8006"}, {"cpid", "8010"},  {"cpsn", "8011"}, {"gmn", "8013"},   {"gsrnp", "8017"}, {"gsrn", "8018"},
    {"srin", "8019"}, {"refno", "8020"},
};

/// The AI that the name stands for; empty when there is none.
constexpr std::string_view ai_of_short_name(std::string_view name)
{
    for (auto const& known : short_names) {
        if (known.name == name) return known.ai;
    }
    return {};
}

} // namespace nguon::gs1
