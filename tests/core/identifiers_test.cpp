#include "core/model/identifiers.hpp"

#include <gtest/gtest.h>

namespace nguon {
namespace {

template <typename T>
std::string key_of(Result<T> const& result)
{
    return result ? "ok" : result.error().key;
}

TEST(TaxCode, AcceptsNumbersInUse)
{
    for (auto const* text : {"0100109106", "0100233488", "0300588569", "0101243150", "9900100010", "9900100067"}) {
        EXPECT_EQ(*read_tax_code(text), text);
    }
    EXPECT_EQ(*read_tax_code("0100109106-001"), "0100109106-001");
    EXPECT_EQ(*read_tax_code("0100 109 106 001"), "0100109106-001");
    EXPECT_EQ(*read_tax_code("012345678901"), "012345678901");
    EXPECT_TRUE(is_personal_tax_code("012345678901"));
    EXPECT_FALSE(is_personal_tax_code("0100109106"));
}

TEST(TaxCode, NamesWhatIsWrong)
{
    auto const wrong = read_tax_code("0100109107");
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().key, "mst.check_digit");
    EXPECT_EQ(wrong.error().values, (std::vector<std::string>{"0100109107", "6"}));
    EXPECT_EQ(key_of(read_tax_code("010010910")), "mst.length");
    EXPECT_EQ(key_of(read_tax_code("01001091061")), "mst.length");
    EXPECT_EQ(key_of(read_tax_code("")), "mst.length");
    EXPECT_EQ(key_of(read_tax_code("010010910a")), "mst.digits");
    EXPECT_EQ(key_of(read_tax_code("0100109106-000")), "mst.branch");
    EXPECT_EQ(key_of(read_tax_code("0000000000")), "mst.invalid");
    EXPECT_EQ(key_of(read_tax_code(std::string(100, '1'))), "mst.digits");
}

TEST(PersonalId, NeverStandsInAnError)
{
    EXPECT_EQ(*read_personal_id("012 345 678 901"), "012345678901");
    auto const short_one = read_personal_id("01234567890");
    EXPECT_EQ(short_one.error().values, (std::vector<std::string>{"11"}));
    EXPECT_TRUE(read_personal_id("01234567890x").error().values.empty());
    EXPECT_EQ(mask_personal_id("012345678901"), "********8901");
    EXPECT_EQ(mask_personal_id("1234"), "****");
}

TEST(Phone, FoldsThePrefix)
{
    for (auto const* text : {"0912345678", "+84912345678", "84 912 345 678", "091.234-5678", "+84 (0)912 345 678"}) {
        EXPECT_EQ(*read_phone(text), "0912345678") << text;
    }
    EXPECT_EQ(*read_phone("0213 3876 543"), "02133876543");
    EXPECT_EQ(*read_phone("1800 1234"), "18001234");
    EXPECT_EQ(to_international_phone("0912345678"), "+84912345678");
    EXPECT_EQ(to_international_phone("18001234"), "18001234");
    for (auto const* text : {"0112345678", "091234567", "09123456789", "12345678", "0612345678", "0213387654"}) {
        EXPECT_EQ(key_of(read_phone(text)), "phone.format") << text;
    }
    EXPECT_EQ(key_of(read_phone("gọi tôi")), "phone.digits");
    EXPECT_EQ(key_of(read_phone("")), "phone.digits");
}

TEST(GrowingArea, FoldsSeparators)
{
    EXPECT_EQ(*read_growing_area_code("vn-lcor-0001"), "VN-LCOR-0001");
    EXPECT_EQ(*read_growing_area_code("VN 12.03388/001 - 26"), "VN-12-03388-001-26");
    for (auto const* text : {"", "VN", "VN-AB", "VN-Đ1", "1-2-3-4-5-6-7", "--"}) {
        EXPECT_EQ(key_of(read_growing_area_code(text)), "growing_area.format") << text;
    }
}

TEST(HsCode, ChecksLengthAndChapter)
{
    EXPECT_EQ(*read_hs_code("0902"), "0902");
    EXPECT_EQ(*read_hs_code("0802.62.00"), "08026200");
    EXPECT_EQ(key_of(read_hs_code("090")), "hs_code.length");
    EXPECT_EQ(key_of(read_hs_code("090210200011")), "hs_code.length");
    EXPECT_EQ(key_of(read_hs_code("09a2")), "hs_code.digits");
    EXPECT_EQ(key_of(read_hs_code("7701")), "hs_code.chapter");
    EXPECT_EQ(key_of(read_hs_code("0001")), "hs_code.chapter");
}

TEST(Ocop, RanksByPoints)
{
    EXPECT_EQ(*ocop_stars_for(49), 0);
    EXPECT_EQ(*ocop_stars_for(50), 3);
    EXPECT_EQ(*ocop_stars_for(69), 3);
    EXPECT_EQ(*ocop_stars_for(70), 4);
    EXPECT_EQ(*ocop_stars_for(90), 5);
    EXPECT_EQ(key_of(ocop_stars_for(101)), "ocop.points");
    EXPECT_EQ(key_of(ocop_stars_for(-1)), "ocop.points");
    EXPECT_EQ(*read_ocop_stars("4"), 4);
    EXPECT_EQ(key_of(read_ocop_stars("2")), "ocop.stars");
    EXPECT_EQ(key_of(read_ocop_stars("45")), "ocop.stars");
}

TEST(WebAddress, AddsTheSchemeAndRefusesOthers)
{
    EXPECT_EQ(*read_web_address("Che-LaiChau.vn/San-Pham"), "https://che-laichau.vn/San-Pham");
    EXPECT_EQ(*read_web_address("http://a.vn:8080"), "http://a.vn:8080");
    for (auto const* text : {"", "javascript:alert(1)", "ftp://a.vn", "https://", "a b.vn", "localhost", "a..vn",
                             "https://user@a.vn", "data://a.vn", "https://a.vn:", "https://é.vn"}) {
        EXPECT_EQ(key_of(read_web_address(text)), "web_address.format") << text;
    }
}

TEST(Email, ChecksTheForm)
{
    EXPECT_EQ(*read_email("Lan.Chi@Example.VN"), "Lan.Chi@example.vn");
    for (auto const* text :
         {"", "a", "@a.vn", "a@", "a@b", "a@@b.vn", "a b@c.vn", "<a@b.vn>", "a@b.vn\r\nBcc: x@y.vn"}) {
        EXPECT_EQ(key_of(read_email(text)), "email.format") << text;
    }
}

} // namespace
} // namespace nguon
