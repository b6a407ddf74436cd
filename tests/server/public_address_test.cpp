#include "server/app/labels.hpp"

#include <gtest/gtest.h>

namespace nguon::server::app {
namespace {

TEST(PublicAddress, IsNoneWhereOnlyThisNetworkReachesIt)
{
    for (auto const* url : {"http://127.0.0.1:8080", "http://10.1.2.3", "http://172.31.0.9:8080", "http://192.168.1.5",
                            "http://169.254.7.7", "http://100.64.0.1", "http://192.0.2.2:8080", "http://localhost",
                            "http://[::1]:8080", "http://[fd00::7]", "http://[fe80::1]"})
        EXPECT_TRUE(is_private_url(url)) << url;
    for (auto const* url : {"https://truyxuat.laichau.gov.vn", "http://203.113.1.1", "http://172.32.0.1",
                            "http://100.128.0.1", "http://[2001:ee0::7]:8080"})
        EXPECT_FALSE(is_private_url(url)) << url;
}

} // namespace
} // namespace nguon::server::app
