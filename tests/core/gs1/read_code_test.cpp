#include "core/gs1/read_code.hpp"

#include "core/gs1/printed_code.hpp"

#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

std::string fault_of(std::string_view text)
{
    auto const code = read_code(text);
    return code.valid() ? "ok" : code.faults.front().key;
}

struct Sample {
    char const* text;
    CodeKind kind;
    char const* path; // of the canonical link; empty when there is none
};

class ReadCode : public testing::TestWithParam<Sample> {};

TEST_P(ReadCode, SaysWhatItIs)
{
    auto const& [text, kind, path] = GetParam();
    auto const code = read_code(text);
    EXPECT_TRUE(code.valid()) << text << " " << fault_of(text);
    EXPECT_EQ(code.kind, kind) << text;
    EXPECT_EQ(code.link, *path == 0 ? "" : std::string{"https://id.gs1.org"} + path) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, ReadCode,
    testing::Values(Sample{"8939999000017", CodeKind::barcode_number, "/01/08939999000017"},
                    Sample{" 8 939999 000017\r\n", CodeKind::barcode_number, "/01/08939999000017"},
                    Sample{"614141000036", CodeKind::barcode_number, "/01/00614141000036"},
                    Sample{"089399990000000017", CodeKind::barcode_number, "/00/089399990000000017"},
                    Sample{"(01)08939999000017(10)A", CodeKind::element_string, "/01/08939999000017/10/A"},
                    Sample{"^010893999900001710A", CodeKind::element_string, "/01/08939999000017/10/A"},
                    Sample{"\x1d"
                           "0108939999000017",
                           CodeKind::element_string, "/01/08939999000017"},
                    Sample{"010893999900001710A\x1d"
                           "21B",
                           CodeKind::element_string, "/01/08939999000017/10/A/21/B"},
                    Sample{"0108939999000017", CodeKind::element_string, "/01/08939999000017"},
                    Sample{"010893999900001710LOT-A", CodeKind::element_string, "/01/08939999000017/10/LOT-A"},
                    Sample{"]C10108939999000017", CodeKind::element_string, "/01/08939999000017"},
                    Sample{"]d2\x1d"
                           "0108939999000017",
                           CodeKind::element_string, "/01/08939999000017"},
                    Sample{"]Q1https://x.vn/01/08939999000017", CodeKind::digital_link, "/01/08939999000017"},
                    Sample{"https://x.vn/a/01/08939999000017?17=271231&k=1", CodeKind::digital_link,
                           "/01/08939999000017?17=271231"},
                    Sample{"HTTPS://X.VN/01/08939999000017", CodeKind::digital_link, "/01/08939999000017"},
                    Sample{"Https://x.vn/01/08939999000017", CodeKind::digital_link, "/01/08939999000017"},
                    Sample{"truyxuat.laichau.gov.vn/01/08939999000017", CodeKind::digital_link, "/01/08939999000017"},
                    Sample{"urn:epc:idpat:sgtin:893999900.0001.*", CodeKind::epc_uri, "/01/08939999000017"},
                    Sample{"(10)A", CodeKind::element_string, ""}));

TEST(ReadCodePrinted, IsFoundInEveryDress)
{
    std::string const body = "7K3M9QXWABC";
    auto const code = body + printed_code_check(body);
    for (auto const& text : {code, to_grouped_code(code), "https://x.vn:8080/t/" + code, "x.vn/t/" + code + "/?k=1",
                             "]Q1https://x.vn/a/t/" + code, " 7k3m 9qxw abc" + code.substr(11)}) {
        auto const read = read_code(text);
        EXPECT_TRUE(read.valid()) << text;
        EXPECT_EQ(read.kind, CodeKind::printed_code);
        EXPECT_EQ(read.printed_code, code);
    }
    EXPECT_EQ(read_code("https://X.vn:8080/t/" + code).host, "x.vn");
    EXPECT_EQ(fault_of(body + (code.back() == 'Z' ? "Y" : "Z")), "code.check");
    EXPECT_EQ(fault_of(body), "code.length");
}

TEST(ReadCodeFaults, AreNamed)
{
    EXPECT_EQ(fault_of(""), "code.empty");
    EXPECT_EQ(fault_of(" \n"), "code.empty");
    EXPECT_EQ(fault_of("]Q1"), "code.empty");
    EXPECT_EQ(fault_of(std::string(9'000, 'x')), "code.too_long");
    EXPECT_EQ(fault_of("8939999000018"), "gtin.check_digit");
    EXPECT_EQ(fault_of("12345"), "gtin.length");
    EXPECT_EQ(fault_of("089399990000000018"), "sscc.check_digit");
    EXPECT_EQ(fault_of("xin chào các bạn nhé"), "code.unknown");
    EXPECT_EQ(fault_of("https://example.vn/shop"), "code.other_link");
    EXPECT_EQ(read_code("https://User.example.vn/shop").faults.at(0).values.at(0), "user.example.vn");
    EXPECT_EQ(fault_of("https://x.vn/01/08939999000018"), "gs1.check_digit");
    EXPECT_EQ(fault_of("(01)08939999000018"), "gs1.check_digit");
    EXPECT_EQ(fault_of("urn:epc:id:nope:1.2"), "epc.scheme");
    EXPECT_EQ(fault_of("]Z1"), "gs1.symbology_unknown");
    EXPECT_EQ(fault_of("]Q1]Q1]Q1"), "code.unknown");
    EXPECT_EQ(fault_of("\xff\xfe"), "code.unknown");
}

} // namespace
} // namespace nguon::gs1
