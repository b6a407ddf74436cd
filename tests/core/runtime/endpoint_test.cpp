#include "core/runtime/endpoint.hpp"

#include <gtest/gtest.h>

namespace nguon {
namespace {

TEST(PublicUrl, ReadsHostsAddressesAndPorts)
{
    for (auto const* const text :
         {"http://127.0.0.1:8080", "https://truyxuat.example.vn", "http://[::1]:8080", "https://[2001:db8::1]",
          "http://may-chu", "http://192.168.1.5:1", "http://192.168.1.5:65535"}) {
        auto const url = read_public_url(text);
        ASSERT_TRUE(url.ok()) << text;
        EXPECT_EQ(*url, text);
    }
}

TEST(PublicUrl, DropsSlashesAtTheEnd)
{
    EXPECT_EQ(*read_public_url("https://truyxuat.example.vn/"), "https://truyxuat.example.vn");
    EXPECT_EQ(*read_public_url("https://truyxuat.example.vn:8443//"), "https://truyxuat.example.vn:8443");
}

TEST(PublicUrl, RefusesWhatCannotStandInAPrintedCode)
{
    for (auto const* const text : {"",
                                   "truyxuat.example.vn",
                                   "ftp://truyxuat.example.vn",
                                   "http://",
                                   "http:///",
                                   "https://:80",
                                   "http://a b",
                                   "http://a?b=c",
                                   "http://a#b",
                                   "http://a/b",
                                   "http://u@a",
                                   "http://a:",
                                   "http://a:0",
                                   "http://a:65536",
                                   "http://a:8o",
                                   "http://::1",
                                   "http://[::1",
                                   "http://[a]",
                                   "http://.a",
                                   "http://a\n",
                                   "http://nguồn.vn"}) {
        auto const url = read_public_url(text);
        ASSERT_FALSE(url.ok()) << text;
        EXPECT_EQ(url.error().key, "config.public_url");
        EXPECT_EQ(url.error().values.front(), text);
    }
}

} // namespace
} // namespace nguon
