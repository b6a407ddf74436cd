#include "scanner/symbol_data.hpp"

#include <gtest/gtest.h>

namespace nguon::scanner {
namespace {

std::string text_of(Symbology symbology, std::string_view code)
{
    auto const data = read_symbol_data(symbology, code);
    return data ? data->text : data.error().key;
}

TEST(SymbolData, TakesAGtinInAnySpelling)
{
    for (auto const* code : {"8938501234568", "(01)08938501234568", "https://nguon.vn/01/08938501234568",
                             "^0108938501234568", "08938501234568", "893 850 123456 8"})
        EXPECT_EQ(text_of(Symbology::ean_13, code), "8938501234568") << code;
    EXPECT_EQ(text_of(Symbology::itf_14, "8938501234568"), "08938501234568");
    EXPECT_EQ(text_of(Symbology::ean_8, "12345670"), "12345670");
    EXPECT_EQ(text_of(Symbology::upc_a, "012345678905"), "012345678905");
    EXPECT_EQ(text_of(Symbology::databar_omni, "8938501234568"), "08938501234568");
}

TEST(SymbolData, SuppressesTheZerosOfUpcE)
{
    EXPECT_EQ(text_of(Symbology::upc_e, "042100005264"), "04252614");
    EXPECT_EQ(text_of(Symbology::upc_e, "04252614"), "04252614");
    EXPECT_EQ(text_of(Symbology::upc_e, "012345000058"), "01234558");
    EXPECT_EQ(text_of(Symbology::upc_e, "012300000451"), "01234531");
    EXPECT_EQ(text_of(Symbology::upc_e, "012345678905"), "symbol.not_zero_suppressible");
}

TEST(SymbolData, RefusesNumbersOfAnotherLength)
{
    EXPECT_EQ(text_of(Symbology::ean_13, "12345670"), "symbol.gtin_length");
    EXPECT_EQ(text_of(Symbology::ean_13, "18938501234565"), "symbol.gtin_length");
    EXPECT_EQ(text_of(Symbology::ean_8, "8938501234568"), "symbol.gtin_length");
    EXPECT_EQ(text_of(Symbology::upc_a, "8938501234568"), "symbol.gtin_length");
    EXPECT_EQ(text_of(Symbology::upc_e, "8938501234568"), "symbol.gtin_length");
    EXPECT_EQ(text_of(Symbology::databar_limited, "98938501234561"), "symbol.limited_indicator");
}

TEST(SymbolData, NamesWhatIsWrongWithTheCode)
{
    EXPECT_EQ(text_of(Symbology::ean_13, ""), "symbol.empty");
    EXPECT_EQ(text_of(Symbology::ean_13, "8938501234567"), "gtin.check_digit");
    EXPECT_EQ(text_of(Symbology::gs1_128, "(01)08938501234567"), "gs1.check_digit");
    EXPECT_EQ(text_of(Symbology::gs1_128, "https://nguon.vn/"), "symbol.needs_gs1");
    EXPECT_EQ(text_of(Symbology::itf_14, "(01)08938501234568(10)A"), "symbol.only_gtin");
    EXPECT_EQ(text_of(Symbology::databar_omni, "(00)123456789012345675"), "symbol.only_gtin");
}

TEST(SymbolData, WritesElementStringsWithTheirSeparators)
{
    auto const* const expected = "010893850123456810AB(1)\x1d"
                                 "21X";
    for (auto const* code : {"(01)08938501234568(10)AB\\(1)(21)X", "^010893850123456810AB(1)^21X",
                             "https://id.gs1.org/01/08938501234568/10/AB%281%29/21/X"})
        for (auto const symbology : {Symbology::gs1_128, Symbology::gs1_qr, Symbology::gs1_datamatrix,
                                     Symbology::gs1_datamatrix_rect, Symbology::databar_expanded})
            EXPECT_EQ(text_of(symbology, code), expected) << code;
}

TEST(SymbolData, KeepsGs1128WithinItsLength)
{
    // 16 + 2 + 20 + separator + 2 + 7 = 48.
    std::string const longest = "(01)08938501234568(10)" + std::string(20, 'A') + "(21)1234567";
    EXPECT_EQ(text_of(Symbology::gs1_128, longest).size(), 48U);
    EXPECT_EQ(text_of(Symbology::gs1_128, longest + "8"), "symbol.data_too_long");
}

TEST(SymbolData, QrKeepsTextAndTurnsBracketsIntoALink)
{
    auto const typed = *read_symbol_data(Symbology::qr, "HTTPS://NGUON.VN/01/08938501234568?17=271231");
    EXPECT_EQ(typed.text, "HTTPS://NGUON.VN/01/08938501234568?17=271231");
    EXPECT_TRUE(typed.digital_link);
    EXPECT_EQ(typed.elements.size(), 2U);

    auto const made = *read_symbol_data(Symbology::qr, "(01)08938501234568(10)A/1", "https://nguon.vn");
    EXPECT_EQ(made.text, "https://nguon.vn/01/08938501234568/10/A%2F1");
    EXPECT_TRUE(made.digital_link);

    for (auto const* plain :
         {"Chè Ô Long", "(xin chào)", "https://nguon.vn/t/AB7KCDEFGH12", "https://nguon.vn/01/12"}) {
        auto const data = *read_symbol_data(Symbology::datamatrix, plain);
        EXPECT_EQ(data.text, plain);
        EXPECT_FALSE(data.digital_link);
    }
}

TEST(SymbolData, PlainCode128TakesAsciiOnly)
{
    EXPECT_EQ(text_of(Symbology::code_128, "Lo-7 (A)"), "Lo-7 (A)");
    EXPECT_EQ(text_of(Symbology::code_128, "Lô 7"), "symbol.ascii_only");
    EXPECT_EQ(text_of(Symbology::code_128, std::string(80, 'x')).size(), 80U);
    EXPECT_EQ(text_of(Symbology::code_128, std::string(81, 'x')), "symbol.data_too_long");
}

TEST(SymbolData, InterpretsForPeople)
{
    using Lines = std::vector<std::string>;
    auto const lines = [](Symbology symbology, std::string_view code) {
        return interpretation(*read_symbol_data(symbology, code));
    };
    EXPECT_EQ(lines(Symbology::gs1_128, "(01)08938501234568(10)A"), (Lines{"(01) 08938501234568", "(10) A"}));
    EXPECT_EQ(lines(Symbology::databar_omni, "8938501234568"), (Lines{"(01) 08938501234568"}));
    EXPECT_EQ(lines(Symbology::qr, "https://nguon.vn/01/08938501234568"), (Lines{"(01) 08938501234568"}));
    EXPECT_EQ(lines(Symbology::itf_14, "18938501234565"), (Lines{"1 89 38501 23456 5"}));
    EXPECT_EQ(lines(Symbology::code_128, "LO-7"), (Lines{"LO-7"}));
    EXPECT_EQ(lines(Symbology::ean_13, "8938501234568"), Lines{});
    EXPECT_EQ(lines(Symbology::qr, "xin chào"), Lines{});
    EXPECT_EQ(lines(Symbology::code_128, "A\tB"), Lines{});
}

TEST(Symbology, NamesAreFoundAndUnknownOnesAreRefusedWithTheList)
{
    for (auto const& kind : symbologies()) EXPECT_EQ(*find_symbology(kind.name), kind.symbology);
    auto const refused = find_symbology("runes");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "symbol.symbology_unknown");
    EXPECT_NE(refused.error().values.at(1).find("databar-limited"), std::string::npos);
}

} // namespace
} // namespace nguon::scanner
