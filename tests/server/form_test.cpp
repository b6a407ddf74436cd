#include "server/http/form.hpp"

#include "core/limits.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

std::string part(std::string_view head, std::string_view content)
{
    return "--B\r\n" + std::string{head} + "\r\n\r\n" + std::string{content} + "\r\n";
}

TEST(Form, ReadsUrlencodedFields)
{
    auto const form = read_urlencoded("name=Ch%C3%A8+Tam&lot=A%2B1&empty&lot=B&&=x");
    ASSERT_TRUE(form.ok());
    EXPECT_EQ(form->get("name"), "Chè Tam");
    EXPECT_EQ(form->all("lot"), (std::vector<std::string>{"A+1", "B"}));
    EXPECT_TRUE(form->has("empty"));
    EXPECT_EQ(form->get(""), "x");
    EXPECT_EQ(form->first().at("lot"), "A+1");
    EXPECT_EQ(form->to_json()["lot"], (nlohmann::json{"A+1", "B"}));
}

TEST(Form, RefusesBrokenEscapes)
{
    for (auto const* text : {"a=%", "a=%4", "a=%GG", "a=%00", "a=%C3", "%FF=1"})
        EXPECT_FALSE(read_urlencoded(text).ok()) << text;
}

TEST(Form, CountsFields)
{
    std::string text;
    for (std::size_t i = 0; i < limits::form_fields_max; ++i) text += "a&";
    EXPECT_TRUE(read_urlencoded(text).ok());
    EXPECT_EQ(read_urlencoded(text + "a").error().key, "form.too_many");
}

TEST(Form, MakesLineEndsPlain) { EXPECT_EQ(read_urlencoded("a=1%0D%0A2%0D3")->get("a"), "1\n2\n3"); }

TEST(Multipart, ReadsFieldsAndFiles)
{
    auto const body = part("Content-Disposition: form-data; name=\"lot\"", "L\r\n1") +
                      part("Content-Disposition: form-data; name=\"photo\"; filename=\"C:\\\\tmp\\\\ch%22è.jpg\"\r\n"
                           "Content-Type: image/jpeg",
                           std::string{"\xFF\xD8\0\r\n--x", 8}) +
                      part("content-disposition: form-data; name=\"none\"; filename=\"\"\r\n"
                           "Content-Type: application/octet-stream",
                           "") +
                      "--B--\r\n";
    auto const form = read_multipart(body, "B");
    ASSERT_TRUE(form.ok()) << form.error().key;
    EXPECT_EQ(form->get("lot"), "L\n1");
    ASSERT_NE(form->file("photo"), nullptr);
    EXPECT_EQ(form->file("photo")->name, "ch\"è.jpg");
    EXPECT_EQ(form->file("photo")->media_type, "image/jpeg");
    EXPECT_EQ(form->file("photo")->bytes, (std::string{"\xFF\xD8\0\r\n--x", 8}));
    EXPECT_EQ(form->file("none"), nullptr);
}

TEST(Multipart, RefusesWhatIsNotWellFormed)
{
    auto const good = part("Content-Disposition: form-data; name=\"a\"", "1");
    std::vector<std::string> const hostile{
        "",
        "--B",
        "--B\r\n",
        good,                                                          // no end
        "preamble\r\n" + good + "--B--",                               // text before the first delimiter
        good + "--B-",                                                 // half an end
        good + "--B--\r\nmore",                                        // text after the end
        part("Content-Disposition: form-data", "1") + "--B--",         // no name
        part("Content-Disposition: form-data; name=a", "1") + "--B--", // not quoted
        part("Content-Disposition: form-data; name=\"\"", "1") + "--B--",
        part("Content-Disposition: form-data; name=\"a\"; name=\"b\"", "1") + "--B--",
        part("Content-Disposition: form-data; name=\"a", "1") + "--B--",
        part("Content-Disposition: attachment; name=\"a\"", "1") + "--B--",
        part("Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"", "1") + "--B--",
        part("Content-Type: text/plain", "1") + "--B--",
        part("Content-Disposition: form-data;\r\n name=\"a\"", "1") + "--B--", // folded
        part("Content-Disposition: form-data; name=\"a\"", "\xC3") + "--B--",
        part("Content-Disposition: form-data; name=\"a\"", std::string_view{"a\0b", 3}) + "--B--",
        part("Content-Disposition: form-data; name=\"" + std::string(limits::form_name_bytes_max + 1, 'a') + "\"",
             "1") +
            "--B--",
        "--B\nContent-Disposition: form-data; name=\"a\"\n\n1\n--B--", // bare LF
    };
    for (auto const& body : hostile) EXPECT_FALSE(read_multipart(body, "B").ok()) << body;
    EXPECT_TRUE(read_multipart(good + "--B--", "B").ok());
}

TEST(Multipart, RefusesBadBoundaries)
{
    for (std::string const& boundary : {std::string{}, std::string(71, 'a'), std::string{"a\r\n"}, std::string{"a "}}) {
        EXPECT_FALSE(read_multipart("--" + boundary + "--", boundary).ok()) << boundary;
    }
}

TEST(Multipart, SurvivesEveryTruncation)
{
    auto const whole = part("Content-Disposition: form-data; name=\"a\"; filename=\"b\"", "123\r\n--B") + "--B--\r\n";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        auto const form = read_multipart(std::string_view{whole}.substr(0, size), "B");
        if (size + 2 < whole.size()) {
            EXPECT_FALSE(form.ok()) << size;
        }
    }
}

TEST(Multipart, CountsFiles)
{
    std::string body;
    auto const one = part("Content-Disposition: form-data; name=\"f\"; filename=\"x\"", "1");
    for (std::size_t i = 0; i < limits::form_files_max; ++i) body += one;
    EXPECT_TRUE(read_multipart(body + "--B--", "B").ok());
    EXPECT_EQ(read_multipart(body + one + "--B--", "B").error().key, "form.too_many");
}

TEST(Form, JudgesTheMediaType)
{
    http::Request request;
    EXPECT_TRUE(read_form(request).ok()); // nothing came
    request.body = http::Body{"a=1"};
    EXPECT_EQ(read_form(request).error().key, "form.media_type");
    request.headers.set("Content-Type", "Application/X-WWW-Form-URLencoded; charset=UTF-8");
    EXPECT_EQ(read_form(request)->get("a"), "1");
    request.headers.set("Content-Type", "multipart/form-data; boundary=\"B\"");
    request.body = http::Body{part("Content-Disposition: form-data; name=\"a\"", "2") + "--B--"};
    EXPECT_EQ(read_form(request)->get("a"), "2");
    request.headers.set("Content-Type", "multipart/form-data");
    EXPECT_EQ(read_form(request).error().key, "form.broken");
}

} // namespace
} // namespace nguon::server
