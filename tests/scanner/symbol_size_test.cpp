#include "scanner/symbol_size.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace nguon::scanner {
namespace {

/// The size chosen for a code, or the error's key.
struct Chosen {
    SymbolSize size = {};
    std::string key = {};
    std::vector<std::string> values = {};
};

Chosen choose(Symbology symbology, std::string_view code, SizeWish const& wish = {})
{
    auto const data = *read_symbol_data(symbology, code);
    auto const drawn = *draw_symbol(data);
    auto const size = choose_size(data, drawn, wish);
    if (!size) return {{}, size.error().key, size.error().values};
    return {*size, {}, {}};
}

constexpr auto gtin = "8938501234568";
constexpr auto link = "https://nguon.vn/01/08938501234568";

TEST(SymbolSize, FollowsTheTables)
{
    struct Row {
        Symbology symbology;
        char const* code;
        char const* use;
        double module_mm;
        double bars_mm;
    };
    for (auto const& row :
         {Row{Symbology::ean_13, gtin, "", 0.330, 22.85}, Row{Symbology::ean_13, gtin, "distribution", 0.660, 45.70},
          Row{Symbology::ean_8, "12345670", "", 0.330, 18.23}, Row{Symbology::itf_14, gtin, "", 0.495, 31.75},
          Row{Symbology::gs1_128, "(01)08938501234568", "", 0.495, 31.75},
          Row{Symbology::gs1_128, "(00)123456789012345675", "", 0.495, 31.75},
          Row{Symbology::gs1_128, "(01)08938501234568", "healthcare", 0.495, 12.70},
          Row{Symbology::databar_omni, gtin, "", 0.330, 33 * 0.330},
          Row{Symbology::databar_stacked, gtin, "", 0.330, 13 * 0.330},
          Row{Symbology::databar_stacked_omni, gtin, "distribution", 0.660, 69 * 0.660},
          Row{Symbology::databar_limited, gtin, "distribution", 0.660, 10 * 0.660},
          Row{Symbology::databar_expanded, "(01)08938501234568", "", 0.330, 34 * 0.330}}) {
        auto const chosen = choose(row.symbology, row.code, {.use = row.use});
        ASSERT_EQ(chosen.key, "") << to_name(row.symbology);
        EXPECT_DOUBLE_EQ(chosen.size.module_mm, row.module_mm) << to_name(row.symbology);
        EXPECT_NEAR(chosen.size.bars_modules * chosen.size.module_mm, row.bars_mm, 0.01) << to_name(row.symbology);
    }
    EXPECT_EQ(choose(Symbology::gs1_128, "(00)123456789012345675").size.rule.use, SymbolUse::logistics);
    EXPECT_DOUBLE_EQ(choose(Symbology::gs1_datamatrix, "(01)08938501234568").size.module_mm, 0.625);
    EXPECT_DOUBLE_EQ(choose(Symbology::qr, link).size.module_mm, 0.495);
    EXPECT_DOUBLE_EQ(choose(Symbology::qr, "x").size.module_mm, 0.5);
}

TEST(SymbolSize, EveryRangeHoldsAtItsEndsAndNotBeyond)
{
    for (auto const& kind : symbologies())
        for (bool const digital_link : {false, true}) {
            if (digital_link && kind.symbology != Symbology::qr && kind.symbology != Symbology::datamatrix) continue;
            auto const* const code = digital_link                         ? link
                                     : kind.content == Content::text      ? "text"
                                     : kind.symbology == Symbology::ean_8 ? "12345670"
                                     : kind.symbology == Symbology::upc_a ? "012345678905"
                                     : kind.symbology == Symbology::upc_e ? "04252614"
                                                                          : gtin;
            auto const rules = size_rules(kind.symbology, digital_link);
            ASSERT_FALSE(rules.empty()) << kind.name;
            for (auto const& rule : rules) {
                auto const key = [&](double module_mm) {
                    return choose(kind.symbology, code, {std::string{to_name(rule.use)}, module_mm, {}}).key;
                };
                EXPECT_EQ(key(rule.module_min), "") << kind.name;
                EXPECT_EQ(key(rule.module_target), "") << kind.name;
                EXPECT_EQ(key(rule.module_max), "") << kind.name;
                EXPECT_EQ(key(rule.module_min - 0.0005), "symbol.module_range") << kind.name;
                EXPECT_EQ(key(rule.module_max + 0.0005), "symbol.module_range") << kind.name;
                EXPECT_EQ(key(std::nan("")), "symbol.module_range") << kind.name;
            }
        }
}

TEST(SymbolSize, NamesThePermittedRange)
{
    auto const refused = choose(Symbology::ean_13, gtin, {.module_mm = 0.2});
    EXPECT_EQ(refused.values, (std::vector<std::string>{"ean-13", "retail", "0,264", "0,66"}));
    auto const unknown = choose(Symbology::ean_13, gtin, {.use = "space"});
    EXPECT_EQ(unknown.key, "symbol.use_unknown");
    EXPECT_EQ(unknown.values, (std::vector<std::string>{"space", "ean-13", "retail, distribution"}));
}

TEST(SymbolSize, RefusesBarsThatAreTooLow)
{
    EXPECT_EQ(choose(Symbology::gs1_128, "(01)08938501234568", {.bars_mm = 31.75}).key, "");
    auto const low = choose(Symbology::gs1_128, "(01)08938501234568", {.bars_mm = 31.7});
    EXPECT_EQ(low.key, "symbol.bars_low");
    EXPECT_EQ(low.values, (std::vector<std::string>{"gs1-128", "31,75"}));
    EXPECT_EQ(choose(Symbology::databar_expanded_stacked, "(01)08938501234568(10)ABCDEF", {.bars_mm = 20}).key,
              "symbol.bars_low"); // three rows of 34 modules, six of separators: 35.64 mm
    EXPECT_EQ(choose(Symbology::databar_expanded_stacked, "(01)08938501234568(10)ABCDEF", {.bars_mm = 40}).key, "");
    EXPECT_EQ(choose(Symbology::ean_13, gtin, {.bars_mm = 151}).key, "symbol.bars_high");
    EXPECT_EQ(choose(Symbology::qr, link, {.bars_mm = 20}).key, "symbol.bars_fixed");
    EXPECT_EQ(choose(Symbology::databar_stacked, gtin, {.bars_mm = 20}).key, "symbol.bars_fixed");
    EXPECT_EQ(choose(Symbology::ean_13, gtin, {.bars_mm = std::nan("")}).key, "symbol.bars_low");
}

TEST(SymbolSize, RefusesAGs1128ThatIsTooWide)
{
    std::string const code = "(01)08938501234568(10)ABCDEFGHIJ";
    EXPECT_EQ(choose(Symbology::gs1_128, code, {.module_mm = 0.495}).key, "");
    auto const wide = choose(Symbology::gs1_128, code, {.module_mm = 1.016});
    EXPECT_EQ(wide.key, "symbol.too_wide");
    EXPECT_EQ(wide.values.at(2), "165,1");
}

} // namespace
} // namespace nguon::scanner
