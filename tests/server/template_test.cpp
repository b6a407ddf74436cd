#include "server/web/template.hpp"

#include "server/http/static_files.hpp"
#include "server/web/embedded.hpp"
#include "server/web/locale.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <thread>

namespace nguon::server {
namespace {

constexpr EmbeddedFile sentences[] = {{"vi.json", R"({"batch.title": "Lô <b> {0}", "plain": "Lô"})"},
                                      {"en.json", R"({"batch.title": "Batch {0}", "plain": "Batch"})"}};

Result<Templates> load(std::vector<EmbeddedFile> const& files)
{
    static auto const locale = Locale::load(sentences);
    return Templates::load(files, *locale);
}

TEST(Templates, EscapeHostileValues)
{
    auto const templates = load({{"a.mustache", R"(<p title="{{name}}">{{name}}</p>)"}});
    ASSERT_TRUE(templates.ok()) << templates.error().log_text;
    auto const html = templates->render("a", "vi", {{"name", R"("><svg onload='x'>&{{t.plain}})"}});
    EXPECT_EQ(html, "<p title=\"&quot;&gt;&lt;svg onload=&apos;x&apos;&gt;&amp;{{t.plain}}\">"
                    "&quot;&gt;&lt;svg onload=&apos;x&apos;&gt;&amp;{{t.plain}}</p>\n");
}

TEST(Templates, RefuseWhatLetsDataOut)
{
    for (auto const* text :
         {"<p class={{name}}>", "{{{name}}}", "{{&name}}", "{{=<% %>=}}", "{{> nowhere}}", "{{#a}}x", "{{a"}) {
        EXPECT_FALSE(load({{"a.mustache", text}}).ok()) << text;
    }
    EXPECT_TRUE(load({{"a.mustache", "{{{made_html}}}"}}).ok());
    EXPECT_FALSE(load({{"a.mustache", "{{> a}}"}}).ok()); // takes itself in
}

TEST(Templates, JoinLayoutPartialsAndSentences)
{
    auto const templates =
        load({{"layout.mustache", "<title>{{title}}</title>\n{{> content}}\n<hr>"},
              {"partials/chip.mustache", "<i>{{word}}</i>"},
              {"page.mustache", "{{! layout: layout }}\n{{#list}}\n  {{> partials/chip}}\n{{/list}}\n{{t.plain}}"}});
    ASSERT_TRUE(templates.ok()) << templates.error().log_text;
    nlohmann::json const view{{"title", "T"}, {"list", {{{"word", "a"}}, {{"word", "b"}}}}};
    EXPECT_EQ(templates->render("page", "vi", view), "<title>T</title>\n<i>a</i>\n<i>b</i>\nLô\n<hr>\n");
    EXPECT_EQ(templates->render("page", "en", view), "<title>T</title>\n<i>a</i>\n<i>b</i>\nBatch\n<hr>\n");
    EXPECT_TRUE(templates->mentions("page", "title"));
    EXPECT_FALSE(templates->mentions("page", "csrf"));
    EXPECT_EQ(templates->sentence_keys(), std::vector<std::string>{"plain"});
}

TEST(Templates, NothingCountsAsAbsent)
{
    auto const templates = load({{"a.mustache", "{{#x}}yes{{/x}}{{^x}}no{{/x}}"}});
    for (auto const& absent :
         {nlohmann::json(""), nlohmann::json(nullptr), nlohmann::json(false), nlohmann::json::array()}) {
        EXPECT_EQ(templates->render("a", "vi", {{"x", absent}}), "no\n") << absent;
    }
    EXPECT_EQ(templates->render("a", "vi", {{"x", 0}}), "yes\n");
    EXPECT_EQ(templates->render("a", "vi", {{"x", "v"}}), "yes\n");
}

TEST(Templates, RenderOnManyThreads)
{
    auto const templates = load({{"a.mustache", "{{#list}}{{n}},{{/list}}{{t.plain}}"}});
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 200; ++round) {
                if (templates->render("a", "vi", {{"list", {{{"n", 1}}, {{"n", 2}}}}}) != "1,2,Lô\n") ++wrong;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
}

TEST(Templates, EmbeddedOnesLoadAndKnowAllTheirSentences)
{
    auto const locale = Locale::load(embedded::locale());
    ASSERT_TRUE(locale.ok()) << locale.error().log_text;
    auto const templates = Templates::load(embedded::templates(), *locale);
    ASSERT_TRUE(templates.ok()) << templates.error().log_text;
    for (auto const& key : templates->sentence_keys()) {
        EXPECT_NE(locale->find("vi", key), nullptr) << key;
        EXPECT_NE(locale->find("en", key), nullptr) << key;
    }
    EXPECT_EQ(locale->missing(), 0U);
}

TEST(Locale, FillsInValuesOnce)
{
    auto const locale = Locale::load(sentences);
    ASSERT_TRUE(locale.ok());
    EXPECT_EQ(locale->text("vi", "batch.title", {"{0}"}), "Lô <b> {0}");
    EXPECT_EQ(locale->text("en", "batch.title", {"7"}), "Batch 7");
    EXPECT_EQ(locale->text("en", "batch.title", {}), "Batch ");
    EXPECT_EQ(locale->missing(), 1U); // a value
    EXPECT_EQ(locale->text("vi", "no.such", {}), "no.such");
    EXPECT_EQ(locale->missing(), 2U);
}

TEST(Locale, CallsApplicationIdentifiersByTheirNames)
{
    auto const locale = Locale::load(embedded::locale());
    ASSERT_TRUE(locale.ok());
    EXPECT_EQ(locale->text("vi", "gs1.too_long", {"10", "ABC", "20"}),
              "Số lô (10) “ABC” quá dài: tối đa 20 ký tự. Có thể thiếu dấu ngăn cách.");
    EXPECT_EQ(locale->text("vi", "check.part", {"3103", "000195"}), "Khối lượng tịnh, kilôgam (3103): 000195");
    EXPECT_EQ(locale->text("en", "check.part", {"9999", "x"}), "(9999): x") << "one that nobody knows";
    EXPECT_EQ(locale->missing(), 0U);
}

TEST(Locale, RefusesFaultyCatalogues)
{
    constexpr EmbeddedFile twice[] = {{"vi.json", R"({"a": "x"})"}, {"b.vi.json", R"({"a": "y"})"}};
    constexpr EmbeddedFile nested[] = {{"vi.json", R"({"a": {"b": "x"}})"}};
    constexpr EmbeddedFile broken[] = {{"vi.json", "{"}};
    EXPECT_FALSE(Locale::load(twice).ok());
    EXPECT_FALSE(Locale::load(nested).ok());
    EXPECT_FALSE(Locale::load(broken).ok());
}

TEST(Locale, BothLanguagesHaveTheSameKeysAndSlots)
{
    auto const locale = Locale::load(embedded::locale());
    ASSERT_TRUE(locale.ok()) << locale.error().log_text;
    EXPECT_EQ(locale->keys("vi"), locale->keys("en"));
    for (auto const& key : locale->keys("vi")) {
        auto const* vietnamese = locale->find("vi", key);
        auto const* english = locale->find("en", key);
        if (english == nullptr) continue;
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string const slot{'{', digit, '}'};
            EXPECT_EQ(vietnamese->find(slot) == std::string::npos, english->find(slot) == std::string::npos) << key;
        }
    }
}

TEST(Locale, WritesNumbersAndDates)
{
    EXPECT_EQ(format_number("vi", 1234567), "1.234.567");
    EXPECT_EQ(format_number("en", 999), "999");
    EXPECT_EQ(format_number("vi", -1000), "−1.000");
    EXPECT_EQ(format_decimal("vi", "1234.50"), "1.234,50");
    EXPECT_EQ(format_decimal("en", "1234.5"), "1,234.5");
    auto const day = Date{std::chrono::year{2026}, std::chrono::month{1}, std::chrono::day{9}};
    EXPECT_EQ(format_date("vi", day), "09/01/2026");
    EXPECT_EQ(format_date("en", day), "9 Jan 2026");
    EXPECT_EQ(format_time("en", start_of_day(day)), "9 Jan 2026, 00:00");
}

TEST(Locale, NamesTheDayATermEndsWith)
{
    auto const locale = Locale::load(embedded::locale());
    ASSERT_TRUE(locale.ok());
    auto const end = start_of_day(Date{std::chrono::year{2026}, std::chrono::month{3}, std::chrono::day{1}});
    EXPECT_EQ(format_deadline(*locale, "vi", end), "hết ngày 28/02/2026");
    EXPECT_EQ(format_deadline(*locale, "en", end), "the end of 28 Feb 2026");
    EXPECT_EQ(format_deadline(*locale, "vi", end + std::chrono::hours{9}), "09:00 01/03/2026");
}

TEST(StaticFiles, StaySmall)
{
    StaticFiles const files{embedded::static_files()};
    EXPECT_LE(files.public_css().size(), 3U * 1024);
    EXPECT_GT(files.public_css().size(), 1000U);
    for (auto const& file : embedded::static_files()) {
        if (file.path == "app.css") {
            EXPECT_LE(shorten_css(file.bytes).size(), 16U * 1024);
        }
    }
    EXPECT_TRUE(files.public_css_hash().starts_with("'sha256-"));
    EXPECT_EQ(files.public_css().find("</"), std::string::npos);
}

TEST(StaticFiles, CssKeepsItsMeaning)
{
    EXPECT_EQ(shorten_css("/* a */ a > b , c { color : red; margin: 0  1px ; }\n@media (min-width: 4px) and (x) { a { "
                          "b: calc(1px + 2px); } }"),
              "a>b,c{color :red;margin:0 1px}@media (min-width:4px) and (x){a{b:calc(1px + 2px)}}");
    EXPECT_EQ(shorten_css("a::before { content: attr(x) \":  ;\" ; }"), "a::before{content:attr(x) \":  ;\"}");
}

} // namespace
} // namespace nguon::server
