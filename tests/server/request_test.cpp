#include "server/http/accept.hpp"
#include "server/http/request.hpp"
#include "server/http/respond.hpp"
#include "server/http/url.hpp"

#include <gtest/gtest.h>

namespace nguon::server {
namespace {

TEST(Request, ChoosesTheLanguage)
{
    EXPECT_EQ(choose_language("", "", ""), "vi");
    EXPECT_EQ(choose_language("en", "vi", "vi"), "en");
    EXPECT_EQ(choose_language("xx", "en", "vi"), "en");
    EXPECT_EQ(choose_language("", "", "en-GB,en;q=0.9,vi;q=0.8"), "en");
    EXPECT_EQ(choose_language("", "", "fr, vi;q=0.3, en;q=0.2"), "vi");
    EXPECT_EQ(choose_language("", "", "fr,de"), "vi");
    EXPECT_EQ(choose_language("", "", "en;q=0"), "vi");
}

TEST(Request, WeighsAcceptHeaders)
{
    EXPECT_EQ(accept_quality("", "text/html"), -1);
    EXPECT_EQ(accept_quality("text/*;q=0.5, */*;q=0.1", "text/html"), 500);
    EXPECT_EQ(accept_quality("text/html;q=0.25,text/*", "text/html"), 250);
    EXPECT_EQ(accept_quality("image/png", "text/html"), 0);
    EXPECT_TRUE(accepts_encoding("gzip, br;q=0.5", "br"));
    EXPECT_FALSE(accepts_encoding("br;q=0", "br"));
    EXPECT_FALSE(accepts_encoding("", "gzip"));
}

TEST(Request, KnowsBrowsers)
{
    Request request;
    EXPECT_FALSE(request.wants_html());
    request.headers.set("Accept", "*/*");
    EXPECT_FALSE(request.wants_html());
    request.headers.set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    EXPECT_TRUE(request.wants_html());
    request.headers.set("Accept", "application/json, text/html;q=0.1");
    EXPECT_FALSE(request.wants_html());
}

TEST(Url, NextLeadsToThisServiceOnly)
{
    EXPECT_EQ(local_path("/console/batches?page=2", "/"), "/console/batches?page=2");
    for (auto const* path :
         {"", "console", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/\t/evil.example"}) {
        EXPECT_EQ(local_path(path, "/home"), "/home") << path;
    }
}

TEST(Url, EncodesData)
{
    EXPECT_EQ(make_url("/a?b=1", {{"q", "lúa & gạo"}, {"none", ""}}), "/a?b=1&q=l%C3%BAa%20%26%20g%E1%BA%A1o");
}

TEST(Respond, ComparesEntityTags)
{
    EXPECT_TRUE(matches_etag("\"a\", W/\"b\"", "\"b\""));
    EXPECT_TRUE(matches_etag("*", "\"b\""));
    EXPECT_FALSE(matches_etag("\"a\"", "\"b\""));
    EXPECT_FALSE(matches_etag("", "\"b\""));
}

TEST(Respond, FileNamesCannotBreakOut)
{
    auto const response = file_response("x", "application/pdf", "chè\"\r\nX: y.pdf");
    EXPECT_EQ(response.headers.get("Content-Disposition"),
              "attachment; filename=\"ch_____X: y.pdf\"; filename*=UTF-8''ch%C3%A8%22%0D%0AX%3A%20y.pdf");
}

} // namespace
} // namespace nguon::server
