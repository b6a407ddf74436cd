// What the publishers of the standard expect of readers, as facts: which texts are right and which are wrong.

#include "core/gs1/check_code.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"

#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

/// The element string of what was read, or "-" when it is wrong.
std::string reads_as(std::string_view text, CheckOptions options = {.associations = false})
{
    Verdict verdict;
    check_code(text, options, verdict);
    return verdict.valid() ? to_element_string(to_elements(verdict.elements())) : "-";
}

struct Vector {
    char const* text;
    char const* elements; // "-": wrong
};

class PublishedVectors : public testing::TestWithParam<Vector> {};

TEST_P(PublishedVectors, AreJudgedAlike)
{
    EXPECT_EQ(reads_as(GetParam().text), GetParam().elements) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Bracketed, PublishedVectors,
                         testing::Values(Vector{"(01)12345678901231", "^0112345678901231"},
                                         Vector{"(10)12345", "^1012345"},
                                         Vector{"(01)12345678901231(10)12345", "^01123456789012311012345"},
                                         Vector{"(3100)123456(10)12345", "^31001234561012345"},
                                         Vector{"(10)12345(11)991225", "^1012345^11991225"},
                                         Vector{"(3900)12345(11)991225", "^390012345^11991225"},
                                         Vector{"(10)12345\\(11)991225", "^1012345(11)991225"},
                                         Vector{"(10)12345\\(", "^1012345("}, Vector{"(10)(11)98765", "-"},
                                         Vector{"(10)12345(11)", "-"}, Vector{"(1A)12345", "-"}, Vector{"1(12345", "-"},
                                         Vector{"12345", "-"}, Vector{"()12345", "-"}, Vector{"(1)12345", "-"},
                                         Vector{"(12345)12345", "-"}, Vector{"(15", "-"}, Vector{"(1", "-"},
                                         Vector{"(", "-"}, Vector{"(01)123456789012312(10)12345", "-"},
                                         Vector{"(10)12345^", "-"}, Vector{"(17)9(90)217", "-"}));

INSTANTIATE_TEST_SUITE_P(
    ElementStrings, PublishedVectors,
    testing::Values(
        Vector{"", "-"}, Vector{"991234", "-"}, Vector{"^", "-"}, Vector{"^891234", "-"}, Vector{"^991234", "^991234"},
        Vector{"^99~ABC", "-"}, Vector{"^99ABC~", "-"}, Vector{"^0112345678901231", "^0112345678901231"},
        Vector{"^01A2345678901231", "-"}, Vector{"^011234567890123A", "-"}, Vector{"^0112345678901234", "-"},
        Vector{"^011234567890123", "-"}, Vector{"^01123456789012312", "-"},
        Vector{"^0112345678901231^", "^0112345678901231"}, Vector{"^011234567890123^", "-"},
        Vector{"^01123456789012345^", "-"}, Vector{"^01123456789012345^991234", "-"},
        Vector{"^0112345678901231991234", "^0112345678901231991234"},
        Vector{"^0112345678901231^991234", "^0112345678901231991234"}, Vector{"^2421", "^2421"},
        Vector{"^242123456", "^242123456"}, Vector{"^242123456^10ABC123", "^242123456^10ABC123"},
        Vector{"^242123456^", "^242123456"}, Vector{"^2421234567", "-"}, Vector{"^81111234", "^81111234"},
        Vector{"^8111123", "-"}, Vector{"^811112345", "-"}, Vector{"^81111234^10ABC123", "^81111234^10ABC123"},
        Vector{"^800112341234512398", "^800112341234512398"}, Vector{"^80011234123451239", "-"},
        Vector{"^8001123412345123981", "-"},
        Vector{"^800112341234512398^0112345678901231", "^800112341234512398^0112345678901231"},
        Vector{"^80011234123451239^0112345678901231", "-"}, Vector{"^8001123412345123981^01123456789012312", "-"}));

INSTANTIATE_TEST_SUITE_P(
    Components, PublishedVectors,
    testing::Values(Vector{"^7007211225211231", "^7007211225211231"}, Vector{"^7007211225", "^7007211225"},
                    Vector{"^70072112252", "-"}, Vector{"^7007211225211", "-"}, Vector{"^700721122521123", "-"},
                    Vector{"^70072112252212311", "-"}, Vector{"^800302112345678900ABC", "^800302112345678900ABC"},
                    Vector{"^800302112345678901ABC", "-"}, Vector{"^800302112345678900", "^800302112345678900"},
                    Vector{"^800302112345678900^10ABC123", "^800302112345678900^10ABC123"},
                    Vector{"^800302112345678900ABCDEFGHIJKLMNOP", "^800302112345678900ABCDEFGHIJKLMNOP"},
                    Vector{"^800302112345678900ABCDEFGHIJKLMNOPQ", "-"},
                    Vector{"^7230121234567890123456789012345678", "^7230121234567890123456789012345678"},
                    Vector{"^72301212345678901234567890123456789", "-"}, Vector{"^7230123", "^7230123"},
                    Vector{"^723012", "-"}, Vector{"^423", "-"}, Vector{"^4235", "-"}, Vector{"^42352", "-"},
                    Vector{"^423528", "^423528"}, Vector{"^4235285", "-"}, Vector{"^423528528", "^423528528"},
                    Vector{"^42352852852", "-"}, Vector{"^423528528528528528", "^423528528528528528"},
                    Vector{"^4235285285285285285", "-"}));

INSTANTIATE_TEST_SUITE_P(
    Rules, PublishedVectors,
    testing::Values(
        Vector{"(00)123456789012345675", "^00123456789012345675"}, Vector{"(00)A23456789012345675", "-"},
        Vector{"(10) ", "-"}, Vector{"(8010)123456_", "-"}, Vector{"(8030)ABC:123", "-"}, Vector{"(8030)123=", "-"},
        Vector{"(00)123456789012345670", "-"}, Vector{"(8013)123456ABXX", "-"}, Vector{"(8013)A", "-"},
        Vector{"(401)123", "-"}, Vector{"(7023)12A4", "-"}, Vector{"(7040)1AB=", "-"},
        Vector{"(8001)12340000012311", "-"}, Vector{"(8003)112345678901281234567890123456", "-"},
        Vector{"(8011)023456789012", "-"}, Vector{"(4321)2", "-"}, Vector{"(8001)12341234512321", "-"},
        Vector{"(426)987", "-"}, Vector{"(7030)987ABC", "-"}, Vector{"(4307)AA", "-"}, Vector{"(3910)9870", "-"},
        Vector{"(8007)FR1234", "-"}, Vector{"(8007)FR12_45678901234", "-"}, Vector{"(8007)AB12345678901234", "-"},
        Vector{"(8007)FR12345678901234", "-"}, Vector{"(4326)201300", "-"}, Vector{"(4326)201200", "-"},
        Vector{"(4324)2012252400", "-"}, Vector{"(4324)2012252360", "-"}, Vector{"(8008)201225230060", "-"},
        Vector{"(8026)123456789012310099", "-"}, Vector{"(8026)123456789012310100", "-"},
        Vector{"(8026)123456789012310302", "-"}, Vector{"(4300)ABC%0g", "-"}, Vector{"(4309)18000000010000000000", "-"},
        Vector{"(4309)00000000003600000001", "-"}, Vector{"(4330)000000X", "-"}, Vector{"(7252)5", "-"},
        Vector{"(7258)111", "-"}, Vector{"(7258)0/3", "-"}, Vector{"(7258)2/1", "-"},
        Vector{"(01)95012345678903(3103)000123", "^01950123456789033103000123"},
        Vector{"(01)95012345678902(3103)000123", "-"}, Vector{"(01)95012345678903(11)131313", "-"}));

INSTANTIATE_TEST_SUITE_P(
    Scans, PublishedVectors,
    testing::Values(Vector{"ABC", "-"}, Vector{"]", "-"}, Vector{"]X", "-"}, Vector{"]XX", "-"}, Vector{"]e0", "-"},
                    Vector{"]Q3", "-"}, Vector{"]d2", "-"}, Vector{"]J1", "-"}, Vector{"]C1", "-"}, Vector{"]E0", "-"},
                    Vector{"]E4", "-"}, Vector{"]Q1TESTING", "-"},
                    Vector{"]Q3011231231231233310ABC123\x1d"
                           "99TESTING",
                           "^011231231231233310ABC123^99TESTING"},
                    Vector{"]d2011231231231233310ABC123\x1d"
                           "99TESTING",
                           "^011231231231233310ABC123^99TESTING"},
                    Vector{"]e0011231231231233310ABC123\x1d"
                           "1199122598TESTING\x1d"
                           "97XYZ",
                           "^011231231231233310ABC123^1199122598TESTING^97XYZ"},
                    Vector{"]Q1https://example.com/01/12312312312333?99=TEST", "^011231231231233399TEST"},
                    Vector{"]Q1HTTPS://example.com/01/12312312312333?99=TEST", "^011231231231233399TEST"},
                    Vector{"]Q1HtTps://example.com/01/12312312312333?99=TEST", "-"},
                    Vector{"]d1https://example.com/01/12312312312333?99=TEST", "^011231231231233399TEST"},
                    Vector{"]J0https://example.com/01/12312312312333?99=TEST", "^011231231231233399TEST"},
                    Vector{"]E0123456789012", "-"}, Vector{"]E012345678901234", "-"}, Vector{"]E01234ABC890123", "-"},
                    Vector{"]E02112345678901", "-"}, Vector{"]E02112345678900", "^0102112345678900"},
                    Vector{"]E02112345678900|]e099COMPOSITE\x1d"
                           "98XYZ",
                           "^010211234567890099COMPOSITE^98XYZ"},
                    Vector{"]E41234567", "-"}, Vector{"]E4123456789", "-"}, Vector{"]E412ABC678", "-"},
                    Vector{"]E402345674", "-"}, Vector{"]E402345673", "^0100000002345673"},
                    Vector{"]I112345678901231", "^0112345678901231"},
                    Vector{"]E32112345678900 12", "^0102112345678900"},
                    Vector{"]d80112345678901231", "^0112345678901231"}));

INSTANTIATE_TEST_SUITE_P(
    Links, PublishedVectors,
    testing::Values(Vector{"ftp://", "-"}, Vector{"http://", "-"}, Vector{"http:///", "-"}, Vector{"http://a", "-"},
                    Vector{"http://a/", "-"}, Vector{"http://a/b", "-"}, Vector{"http://a/b/", "-"},
                    Vector{"http://a/00/006141411234567890", "^00006141411234567890"},
                    Vector{"HTTPS://a/00/006141411234567890", "^00006141411234567890"},
                    Vector{"HtTp://a/b/00/006141411234567890", "-"}, Vector{"https://00/006141411234567890", "-"},
                    Vector{"https://xn--fsq.xn--0zwm56d/01/12312312312333", "^0112312312312333"},
                    Vector{"https://a./01/12312312312333", "^0112312312312333"},
                    Vector{"https://a:65535/01/12312312312333", "^0112312312312333"},
                    Vector{"https://192.0.2.1/01/12312312312333", "^0112312312312333"},
                    Vector{"https://[2001:db8::1]/01/12312312312333", "^0112312312312333"},
                    Vector{"https://[fe80::1%25lo]/01/12312312312333", "-"},
                    Vector{"https://$a/006141411234567890", "-"}, Vector{"https://a$/006141411234567890", "-"},
                    Vector{"https://a/more/stem/00/006141411234567890", "^00006141411234567890"},
                    Vector{"https://a/00/faux/00/006141411234567890", "^00006141411234567890"},
                    Vector{"https://a/gtin/12312312312333", "-"}, Vector{"https://a/01/2112345678900", "-"},
                    Vector{"https://a/01/416000336108", "-"}, Vector{"https://a/01/02345673", "-"},
                    Vector{"https://a/01/12312312312333/22/TEST/10/ABC/21/XYZ", "^011231231231233322TEST^10ABC^21XYZ"},
                    Vector{"https://a/01/12312312312333/235/TEST", "^0112312312312333235TEST"},
                    Vector{"https://a/253/1231231231232TEST5678901234567", "^2531231231231232TEST5678901234567"},
                    Vector{"https://a/253/1231231231232TEST56789012345678", "-"},
                    Vector{"https://a/8018/123456789012345675/8019/123", "^8018123456789012345675^8019123"},
                    Vector{"https://a/stem/00/006141411234567890/", "-"},
                    Vector{"https://a/stem/00/006141411234567890?", "^00006141411234567890"},
                    Vector{"https://a/stem/00/006141411234567890?99=ABC", "^0000614141123456789099ABC"},
                    Vector{"https://a/stem/401/12345678?99=ABC", "^40112345678^99ABC"}));

INSTANTIATE_TEST_SUITE_P(
    LinkQueries, PublishedVectors,
    testing::Values(
        Vector{"https://a/01/12312312312333?99=ABC&98=XYZ", "^011231231231233399ABC^98XYZ"},
        Vector{"https://a/01/12312312312333?99=", "-"}, Vector{"https://a/01/12312312312333?99=ABC&999=faux", "-"},
        Vector{"https://a/01/12312312312333?&&&99=ABC&&&&&&98=XYZ&&&", "^011231231231233399ABC^98XYZ"},
        Vector{"https://a/01/12312312312333?singleton1&unknown1=555&99=ABC&singleton2&unknown2=6666&98=XYZ&singleton3",
               "^011231231231233399ABC^98XYZ"},
        Vector{"https://a/01/12312312312333/22/ABC%2d123?99=ABC&98=XYZ%2f987",
               "^011231231231233322ABC-123^99ABC^98XYZ/987"},
        Vector{"https://a/01/12312312312333/22/ABC+123?99=ABC&98=XYZ%2f987",
               "^011231231231233322ABC+123^99ABC^98XYZ/987"},
        Vector{"https://a/01/12312312312333/22/ABC%2d123?99=ABC&98=XYZ+987", "-"},
        Vector{"https://a/01/12312312312333/22/test/10/abc/21/xyz#fragment", "^011231231231233322test^10abc^21xyz"},
        Vector{"https://a/stem/00/006141411234567890?99=ABC#fragment", "^0000614141123456789099ABC"},
        Vector{"https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426",
               "^010952012345678810ABC1^2112345^17180426"},
        Vector{"https://example.com/01/09520123456788?3103=000195&3922=0299&17=201225",
               "^0109520123456788310300019539220299^17201225"},
        Vector{"https://id.gs1.org/00/952012345678912345?02=09520123456788&37=25&10=ABC123",
               "^0095201234567891234502095201234567883725^10ABC123"},
        Vector{"https://id.gs1.org/414/9520123456788/254/32a%2Fb", "^414952012345678825432a/b"},
        Vector{"https://example.com/01/09520123456788?10=ABC123", "-"},
        Vector{"https://id.gs1.org/01/09520123456788/235/XYZ?10=ABC123", "^0109520123456788235XYZ^10ABC123"},
        Vector{"https://id.gs1.org/01/09520123456788/10/ABC123?99=XYZ789&01=09520123456788", "-"},
        Vector{"https://id.gs1.org/01/09520123456788/10/ABC123?99=XYZ789&10=ABC123", "-"},
        Vector{"https://id.gs1.org/01/09520123456788/10/ABC123?99=XYZ789&99=XYZ789", "-"},
        Vector{"https://example.com/01/09520123456788/89/ABC123?99=XYZ", "-"},
        Vector{"https://example.com/01/09520123456788?99=XYZ&89=ABC123", "-"}));

class PublishedAssociations : public testing::TestWithParam<Vector> {};

TEST_P(PublishedAssociations, AreJudgedAlike)
{
    auto const& [text, wanted] = GetParam();
    EXPECT_EQ(reads_as(text, {}) == "-", *wanted == '-') << text;
}

INSTANTIATE_TEST_SUITE_P(
    Pairs, PublishedAssociations,
    testing::Values(
        Vector{"(400)ABC", ""}, Vector{"(400)ABC(400)ABC", ""}, Vector{"(400)ABC(400)AB", "-"},
        Vector{"(400)ABC(400)ABC(400)XYZ", "-"}, Vector{"(99)ABC(400)ABC(400)XYZ", "-"},
        Vector{"(99)ABC(400)XYZ(400)XYZ", ""}, Vector{"(01)12345678901231(02)12345678901231", "-"},
        Vector{"(01)12345678901231(255)5412345000150", "-"}, Vector{"(01)12345678901231(37)123", "-"},
        Vector{"(01)12345678901231(21)ABC123(235)XYZ", "-"}, Vector{"(255)5412345000150(3940)1234(8111)9999", "-"},
        Vector{"(255)5412345000150(3940)1234(3941)9999", "-"}, Vector{"(255)5412345000150(3940)1234", ""},
        Vector{"(02)12345678901231", "-"}, Vector{"(02)12345678901231(37)123", "-"},
        Vector{"(02)12345678901231(37)123(00)123456789012345675", ""},
        Vector{"(91)UUU(02)12345678901231(92)YYY(37)123(93)ZZZ(00)123456789012345675", ""}, Vector{"(21)ABC123", "-"},
        Vector{"(21)ABC123(01)12345678901231", ""}, Vector{"(21)ABC123(8006)123456789012310510", ""},
        Vector{"(01)12345678901231(250)ABC123", "-"}, Vector{"(01)12345678901231(21)XYZ999(250)ABC123", ""},
        Vector{"(01)12345678901231(3925)12599", "-"}, Vector{"(01)12345678901231(3925)12599(30)123", ""},
        Vector{"(01)12345678901231(3925)12599(3105)654321", ""},
        Vector{"(01)12345678901231(3925)12599(3295)654321", ""},
        Vector{"(01)12345678901231(3925)12599(3695)654321", ""}, Vector{"(8030)DIGSIG", "-"},
        Vector{"(8030)DIGSIG(00)123456789012345675", ""}, Vector{"(8030)DIGSIG(01)12345678901231", "-"},
        Vector{"(8030)DIGSIG(01)12345678901231(21)ABC123", ""}, Vector{"(8030)DIGSIG(253)1234567890128X", ""},
        Vector{"(8030)DIGSIG(8004)01234567890", ""}, Vector{"(8030)DIGSIG(8006)123456789012310102", "-"},
        Vector{"(8030)DIGSIG(8006)123456789012310102(21)ABC123", ""}, Vector{"(8030)DIGSIG(8010)1234567890", "-"},
        Vector{"(8030)DIGSIG(8010)1234567890(8011)123456789012", ""},
        Vector{"(8030)DIGSIG(8017)123456789012345675", ""}));

struct Written {
    char const* elements; // bracketed
    char const* uri;      // "-": cannot be written
};

class PublishedWriting : public testing::TestWithParam<Written> {};

TEST_P(PublishedWriting, IsAlike)
{
    auto const& [elements, uri] = GetParam();
    auto const read = read_bracketed(elements);
    auto const written = to_digital_link(read.elements, "https://example.com");
    EXPECT_EQ(written ? *written : "-", uri);
}

INSTANTIATE_TEST_SUITE_P(
    Links, PublishedWriting,
    testing::Values(Written{"(01)12312312312326(21)abc123", "https://example.com/01/12312312312326/21/abc123"},
                    Written{"(01)12312312312326(22)ABC(10)DEF(21)GHI(95)INT",
                            "https://example.com/01/12312312312326/22/ABC/10/DEF/21/GHI?95=INT"},
                    Written{"(21)XYZ(01)12312312312333(10)ABC123(99)XYZ",
                            "https://example.com/01/12312312312333/10/ABC123/21/XYZ?99=XYZ"},
                    Written{"(01)12312312312333(10)ABC+123(99)XYZ+QWERTY",
                            "https://example.com/01/12312312312333/10/ABC%2B123?99=XYZ%2BQWERTY"},
                    Written{"(8017)795260646688514634(99)000001(253)9526064000028000001",
                            "https://example.com/8017/795260646688514634?99=000001&253=9526064000028000001"},
                    Written{"(98)ABC(253)9526064000028000001(99)000001(8017)795260646688514634",
                            "https://example.com/253/9526064000028000001?98=ABC&99=000001&8017=795260646688514634"},
                    Written{"(01)12312312312326(10)ABC123(10)ABC123(99)XYZ789",
                            "https://example.com/01/12312312312326/10/ABC123?99=XYZ789"},
                    Written{"(01)12312312312326(99)000001(8200)http://example.com(95)INT", "-"},
                    Written{"(01)12312312312326(235)TPX9526064(99)000001(22)ABC(95)INT", "-"},
                    Written{"(01)12312312312326(22)ABC(10)DEF(99)000001(235)TPX9526064(95)INT", "-"}));

} // namespace
} // namespace nguon::gs1
