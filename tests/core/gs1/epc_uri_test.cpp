#include "core/gs1/epc_uri.hpp"

#include "core/gs1/digital_link.hpp"

#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

struct Pair {
    char const* urn;
    char const* link;
    std::size_t prefix_length;
};

class EpcUri : public testing::TestWithParam<Pair> {};

TEST_P(EpcUri, GoesBothWays)
{
    auto const& [urn, link, prefix_length] = GetParam();
    auto const there = epc_to_digital_link(urn);
    ASSERT_TRUE(there.ok()) << urn << " " << there.error().key;
    EXPECT_EQ(*there, link);
    auto const parsed = parse_digital_link(link);
    ASSERT_TRUE(parsed.ok()) << link;
    auto const back = to_epc_uri(parsed->path(), prefix_length);
    ASSERT_TRUE(back.ok()) << link << " " << back.error().key;
    EXPECT_EQ(*back, urn);
}

// The samples of the Tag Data Standard, section 6.3, and of CBV 2.0, section 8.
INSTANTIATE_TEST_SUITE_P(
    Schemes, EpcUri,
    testing::Values(
        Pair{"urn:epc:id:sgtin:0614141.112345.400", "https://id.gs1.org/01/10614141123459/21/400", 7},
        Pair{"urn:epc:id:sgtin:0614141.112345.32a%2Fb", "https://id.gs1.org/01/10614141123459/21/32a%2Fb", 7},
        Pair{"urn:epc:id:sgtin:0614141.112345.a.b(c)", "https://id.gs1.org/01/10614141123459/21/a.b%28c%29", 7},
        Pair{"urn:epc:id:sscc:0614141.1234567890", "https://id.gs1.org/00/106141412345678908", 7},
        Pair{"urn:epc:id:sgln:0614141.12345.400", "https://id.gs1.org/414/0614141123452/254/400", 7},
        Pair{"urn:epc:id:sgln:0614141.12345.0", "https://id.gs1.org/414/0614141123452", 7},
        Pair{"urn:epc:id:sgln:061414112345..0", "https://id.gs1.org/414/0614141123452", 12},
        Pair{"urn:epc:id:pgln:0614141.12345", "https://id.gs1.org/417/0614141123452", 7},
        Pair{"urn:epc:id:grai:0614141.12345.400", "https://id.gs1.org/8003/00614141123452400", 7},
        Pair{"urn:epc:id:giai:0614141.12345400", "https://id.gs1.org/8004/061414112345400", 7},
        Pair{"urn:epc:id:gsrn:0614141.1234567890", "https://id.gs1.org/8018/061414112345678902", 7},
        Pair{"urn:epc:id:gsrnp:0614141.1234567890", "https://id.gs1.org/8017/061414112345678902", 7},
        Pair{"urn:epc:id:gdti:0614141.12345.400", "https://id.gs1.org/253/0614141123452400", 7},
        Pair{"urn:epc:id:sgcn:4012345.67890.04711", "https://id.gs1.org/255/401234567890104711", 7},
        Pair{"urn:epc:id:cpi:0614141.5PQ7%2FZ43.12345", "https://id.gs1.org/8010/06141415PQ7%2FZ43/8011/12345", 7},
        Pair{"urn:epc:id:itip:4012345.012345.01.02.987", "https://id.gs1.org/8006/040123451234560102/21/987", 7},
        Pair{"urn:epc:id:upui:1234567.089456.51qIgY)%3C%26Jp3*j7'SDB",
             "https://id.gs1.org/01/01234567894560/235/51qIgY%29%3C%26Jp3%2Aj7%27SDB", 7},
        Pair{"urn:epc:id:ginc:0614141.xyz47%2F11", "https://id.gs1.org/401/0614141xyz47%2F11", 7},
        Pair{"urn:epc:id:gsin:0614141.123456789", "https://id.gs1.org/402/06141411234567890", 7},
        Pair{"urn:epc:class:lgtin:4012345.012345.998877", "https://id.gs1.org/01/04012345123456/10/998877", 7},
        Pair{"urn:epc:idpat:sgtin:0614141.112345.*", "https://id.gs1.org/01/10614141123459", 7},
        Pair{"urn:epc:idpat:sgtin:893850500.0001.*", "https://id.gs1.org/01/08938505000015", 9},
        Pair{"urn:epc:idpat:grai:0614141.12345.*", "https://id.gs1.org/8003/00614141123452", 7},
        Pair{"urn:epc:idpat:gdti:0614141.12345.*", "https://id.gs1.org/253/0614141123452", 7},
        Pair{"urn:epc:idpat:cpi:0614141.5PQ7.*", "https://id.gs1.org/8010/06141415PQ7", 7},
        Pair{"urn:epc:idpat:itip:4012345.012345.01.02.*", "https://id.gs1.org/8006/040123451234560102", 7}));

std::string key_of(std::string_view urn)
{
    auto const read = read_epc_uri(urn);
    return read ? "ok" : read.error().key;
}

TEST(EpcUriFaults, AreNamed)
{
    EXPECT_EQ(key_of("urn:epc:tag:sgtin-96:3.0614141.812345.6789"), "epc.syntax");
    EXPECT_EQ(key_of("urn:epc:id:sgtin"), "epc.syntax");
    EXPECT_EQ(key_of("urn:epc:id:nope:1.2.3"), "epc.scheme");
    EXPECT_EQ(key_of("urn:epc:id:lgtin:4012345.012345.1"), "epc.scheme");
    EXPECT_EQ(key_of("urn:epc:class:sgtin:4012345.012345.1"), "epc.scheme");
    EXPECT_EQ(key_of("urn:epc:idpat:sscc:0614141.*"), "epc.scheme");
    EXPECT_EQ(key_of("urn:epc:id:sgtin:0614141.112345"), "epc.syntax");
    EXPECT_EQ(key_of("urn:epc:id:sgtin:0614141.11234.400"), "epc.part");
    EXPECT_EQ(key_of("urn:epc:id:sgtin:061414a.112345.400"), "epc.part");
    EXPECT_EQ(key_of("urn:epc:id:sgtin:0614141.112345."), "epc.part");
    EXPECT_EQ(key_of("urn:epc:id:sgtin:..400"), "epc.part");
    EXPECT_EQ(key_of("urn:epc:idpat:sgtin:0614141.*.*"), "epc.part");
    EXPECT_EQ(key_of("urn:epc:idpat:sgtin:0614141.112345.400"), "epc.part");
    EXPECT_EQ(key_of("urn:epc:id:sgtin:0614141.112345.a%2"), "link.escape");
    EXPECT_EQ(key_of("urn:epc:id:sgtin:0614141.112345.123456789012345678901"), "gs1.too_long");
    EXPECT_EQ(key_of("urn:epc:id:itip:4012345.012345.x.02.987"), "gs1.characters");
    EXPECT_EQ(key_of("urn:epc:id:gsin:0614141.12345678x"), "epc.part");
    EXPECT_EQ(key_of("urn:epc:id:sgtin:0614141.112345." + std::string(1000, 'a')), "epc.syntax");
}

TEST(EpcUriFaults, TellWhatHasNoUrn)
{
    auto const key_back = [](std::vector<AiValue> const& path, std::size_t length) {
        auto const urn = to_epc_uri(path, length);
        return urn ? *urn : urn.error().key;
    };
    EXPECT_EQ(key_back({}, 7), "epc.no_urn");
    EXPECT_EQ(key_back({{"01", "10614141123459"}, {"22", "A"}}, 7), "epc.no_urn");
    EXPECT_EQ(key_back({{"8013", "1987654Ad4X4bL5ttr2310c2K"}}, 7), "epc.no_urn");
    EXPECT_EQ(key_back({{"10", "A"}}, 7), "epc.no_urn");
    EXPECT_EQ(key_back({{"01", "10614141123459"}}, 3), "epc.prefix_length");
    EXPECT_EQ(key_back({{"01", "10614141123459"}}, 13), "epc.prefix_length");
    EXPECT_EQ(key_back({{"8004", "8939AB"}}, 7), "epc.prefix_length");
    EXPECT_EQ(key_back({{"01", "1061414112345"}}, 7), "gs1.too_short");
    EXPECT_EQ(key_back({{"01", "10614141123459"}, {"10", "L"}, {"21", "S"}}, 7), "urn:epc:id:sgtin:0614141.112345.S");
}

TEST(CompanyPrefixes, AreFoundByTheLongestRow)
{
    auto const table = CompanyPrefixTable::parse("# Việt Nam\n893 9\r\n8938505 10\n\n0614141 7\n");
    ASSERT_TRUE(table.ok());
    EXPECT_EQ(table->length_of("8938505000015"), 10U);
    EXPECT_EQ(table->length_of("8939999000017"), 9U);
    EXPECT_EQ(table->length_of("4012345123456"), std::nullopt);
    std::vector<AiValue> const path = {{"01", "08939999000017"}, {"21", "X"}};
    EXPECT_EQ(*to_epc_uri(path, *table), "urn:epc:id:sgtin:893999900.0001.X");
    std::vector<AiValue> const foreign = {{"01", "04012345123456"}};
    EXPECT_EQ(to_epc_uri(foreign, *table).error().key, "epc.prefix_unknown");
}

TEST(CompanyPrefixes, RefuseLengthsThatNobodyHas)
{
    CompanyPrefixTable table;
    for (std::size_t const length : {7U, 8U, 9U, 10U, 12U}) EXPECT_TRUE(table.add("8931", length).ok());
    for (std::size_t const length : {0U, 6U, 11U, 13U})
        EXPECT_EQ(table.add("8931", length).error().key, "prefix.length");
    EXPECT_EQ(table.add("89385051", 7).error().key, "prefix.length");
    EXPECT_EQ(table.add("", 7).error().key, "prefix.digits");
    EXPECT_EQ(table.add("89x", 7).error().key, "prefix.digits");
    auto const faults = CompanyPrefixTable::parse("893 9\nx 9\n893\n8930 11");
    ASSERT_FALSE(faults.ok());
    ASSERT_EQ(faults.error().fields.size(), 3U);
    EXPECT_EQ(faults.error().fields[0].pointer, "2");
    EXPECT_EQ(faults.error().fields[1].key, "prefix.line");
    EXPECT_EQ(faults.error().fields[2].key, "prefix.length");
}

} // namespace
} // namespace nguon::gs1
