#include "core/http/uri.hpp"

#include "core/limits.hpp"

#include <gtest/gtest.h>

namespace nguon::http {
namespace {

TEST(PercentDecode, UndoesEscapesOnce)
{
    EXPECT_EQ(percent_decode("a%20b%2520+c").value_or("?"), "a b%20+c");
    EXPECT_EQ(percent_decode("a+b%2B", true).value_or("?"), "a b+");
    EXPECT_EQ(percent_decode("ngu%E1%BB%93n").value_or("?"), "nguồn");
    EXPECT_EQ(percent_decode("").value_or("?"), "");
}

TEST(PercentDecode, RefusesWhatIsNoText)
{
    for (auto const* const wrong : {"%", "%4", "a%", "%G0", "%0G"}) {
        EXPECT_EQ(percent_decode(wrong).error().key, "uri.percent") << wrong;
    }
    EXPECT_EQ(percent_decode("a%00b").error().key, "uri.control");
    for (auto const* const wrong : {"%FF", "%C0%AF", "%ED%A0%80", "%F5%80%80%80", "%E1%BB", "\x80", "%E0%80%AF"}) {
        EXPECT_EQ(percent_decode(wrong).error().key, "uri.utf8") << wrong;
    }
}

TEST(PercentEncode, IsUndoneByDecoding)
{
    std::string every;
    for (int c = 1; c < 128; ++c) every += static_cast<char>(c);
    every += "nguồn gốc 🥭";
    EXPECT_EQ(percent_decode(percent_encode(every)).value_or("?"), every);
    EXPECT_EQ(percent_encode("a/b ồ"), "a%2Fb%20%E1%BB%93");
}

TEST(ParseQuery, KeepsOrderAndRepetition)
{
    auto const query = parse_query("a=1&&b&a=2%263&c=%C3%A0+x&=v");
    ASSERT_TRUE(query.ok());
    QueryParameters const expected{{"a", "1"}, {"b", ""}, {"a", "2&3"}, {"c", "à x"}, {"", "v"}};
    EXPECT_EQ(*query, expected);
    EXPECT_EQ(*parse_query(to_query(*query)), *query);
    EXPECT_TRUE(parse_query("")->empty());
    EXPECT_FALSE(parse_query("a=%").ok());
}

TEST(ParseQuery, LimitsTheParameters)
{
    auto const with = [](std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += "a=1&";
        return parse_query(text).ok();
    };
    EXPECT_TRUE(with(limits::query_parameters_max - 1));
    EXPECT_TRUE(with(limits::query_parameters_max));
    EXPECT_FALSE(with(limits::query_parameters_max + 1));
}

TEST(ParseUrl, ReadsHostPortAndPath)
{
    auto const url = parse_url("HTTPS://Portal.Example.VN:8443/api");
    ASSERT_TRUE(url.ok());
    EXPECT_TRUE(url->secure);
    EXPECT_EQ(url->host, "portal.example.vn");
    EXPECT_EQ(url->port, 8443);
    EXPECT_EQ(url->path, "/api");
    EXPECT_EQ(url->authority(), "portal.example.vn:8443");
    EXPECT_EQ(parse_url("https://a")->authority(), "a");
    EXPECT_EQ(parse_url("http://[::1]:80/")->authority(), "[::1]");
    EXPECT_EQ(parse_url("http://[::1]:8080")->authority(), "[::1]:8080");
}

TEST(ParseUrl, RefusesWhatItWouldNotReach)
{
    for (auto const* const wrong :
         {"", "a", "ftp://a", "https://", "https://u@a", "https://a:0", "https://a:65536", "https://a:", "https://a b",
          "https://[::1", "https://a/?q", "https://a/#f", "https://a:80x", "https://ngu\xE1\xBB\x93n"}) {
        EXPECT_FALSE(parse_url(wrong).ok()) << wrong;
    }
}

} // namespace
} // namespace nguon::http
