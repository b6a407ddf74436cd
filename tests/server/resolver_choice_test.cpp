#include "server/app/link_types.hpp"
#include "server/app/links.hpp"
#include "server/app/resolver.hpp"
#include "server/http/accept.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace nguon::server::app {
namespace {

ResolverLink link(std::string const& href, std::string const& language = {}, std::string const& media_type = {},
                  std::string const& context = {})
{
    ResolverLink out;
    out.type = "instructions";
    out.href = href;
    out.language = language;
    out.media_type = media_type;
    out.context = context;
    return out;
}

ResolverLevel level(std::string const& anchor, std::vector<ResolverLink> links)
{
    return {anchor, "", std::move(links)};
}

std::vector<std::string> chosen(std::vector<ResolverLevel> const& levels, ResolverWish const& wish)
{
    std::vector<std::string> out;
    for (auto const& one : choose_links(levels, wish)) out.push_back(one.href);
    return out;
}

using Hrefs = std::vector<std::string>;

struct Case {
    ResolverWish wish;
    Hrefs expected;
};

TEST(ResolverChoice, LanguageDecidesBeforeMediaTypeBeforeContext)
{
    std::vector const levels{
        level("/01/1", {link("vi-html", "vi", "text/html"), link("vi-pdf", "vi", "application/pdf"),
                        link("en-html", "en-GB", "text/html"), link("en-html-school", "en-GB", "text/html", "school"),
                        link("any")})};
    Case const cases[] = {
        {{"instructions", "text/html", "vi", ""}, {"vi-html"}},
        {{"instructions", "application/pdf", "vi-VN,en;q=0.5", ""}, {"vi-pdf"}},
        {{"instructions", "application/pdf", "en", ""}, {"en-html"}}, // language before media type
        {{"instructions", "text/html", "en", "school"}, {"en-html-school"}},
        {{"instructions", "text/html", "en", "clinic"}, {"en-html"}}, // nothing for it: what is for all
        {{"instructions", "text/html", "ja", ""}, {"any"}},           // what fits all is better than what fits not
        {{"instructions", "text/html", "vi;q=0", ""}, {"any"}},
        {{"instructions", "undefined", "", ""}, {"any"}},
        {{"instructions", "", "vi", ""}, {"vi-html", "vi-pdf"}}, // equals
        {{"instructions", "*/*", "", ""}, {"vi-html", "vi-pdf", "en-html", "any"}},
        {{"pip", "", "", ""}, {}},
    };
    for (auto const& [wish, expected] : cases)
        EXPECT_EQ(chosen(levels, wish), expected)
            << wish.accept << " | " << wish.accept_language << " | " << wish.context;
}

TEST(ResolverChoice, TakesAllOfTheTypeWhereNothingFits)
{
    std::vector const levels{level("/01/1", {link("vi", "vi"), link("en", "en")})};
    EXPECT_EQ(chosen(levels, {"instructions", "", "ja", ""}), (Hrefs{"vi", "en"}));
}

TEST(ResolverChoice, WalksUpFromSerialToLotToItem)
{
    auto of_lot = link("lot");
    auto of_item = link("item");
    auto page = link("page");
    page.type = "traceability";
    page.is_default = true;
    std::vector const levels{level("/01/1/10/L/21/S", {}), level("/01/1/10/L", {of_lot}),
                             level("/01/1", {of_item, page})};
    EXPECT_EQ(chosen(levels, {"instructions", "", "", ""}), Hrefs{"lot"});
    EXPECT_EQ(chosen(levels, {"", "", "", ""}), Hrefs{"page"});
    EXPECT_EQ(chosen({levels[2]}, {"instructions", "", "", ""}), Hrefs{"item"});
}

TEST(ResolverChoice, ADefaultGivesWayToAVariantThatFitsBetter)
{
    auto vi = link("vi", "vi");
    vi.is_default = true;
    std::vector const levels{level("/00/1", {vi, link("en", "en")})};
    EXPECT_EQ(chosen(levels, {"", "", "vi", ""}), Hrefs{"vi"});
    EXPECT_EQ(chosen(levels, {"", "", "en-US", ""}), Hrefs{"en"});
    EXPECT_EQ(chosen(levels, {"", "", "ja", ""}), Hrefs{"vi"});
    EXPECT_EQ(chosen(levels, {"", "", "", ""}), Hrefs{"vi"});
    EXPECT_EQ(chosen(levels, {"instructions", "", "", ""}), Hrefs{"vi"}); // equals, but one is the default
}

TEST(ResolverChoice, NothingStandsInForThePageOfAThing)
{
    auto page = link("page");
    page.is_default = true;
    page.built_in = true;
    std::vector const levels{level("/01/1", {page, link("en", "en")})};
    EXPECT_EQ(chosen(levels, {"", "", "en", ""}), Hrefs{"page"});
}

TEST(ResolverChoice, JudgesLanguagesByTheirRanges)
{
    EXPECT_EQ(language_quality("vi-VN", "vi"), 1000);
    EXPECT_EQ(language_quality("vi", "vi-VN"), 1000);
    EXPECT_EQ(language_quality("en-GB;q=0.4, en;q=0.8", "en-GB"), 400);
    EXPECT_EQ(language_quality("*;q=0.1, vi", "fr"), 100);
    EXPECT_EQ(language_quality("vie", "vi"), 0);
    EXPECT_EQ(named_quality("text/html;q=0.3, */*", "text/html"), 300);
    EXPECT_EQ(named_quality("*/*", "text/html"), -1);
}

TEST(LinkTypes, AreReadInEverySpelling)
{
    for (auto const* text : {"pip", "gs1:pip", "https://gs1.org/voc/pip", "https://www.gs1.org/voc/pip"})
        EXPECT_EQ(read_link_type(text).value_or(""), "pip") << text;
    EXPECT_EQ(read_link_type("all").value_or(""), "linkset");
    EXPECT_EQ(read_link_type("schema:image").value_or(""), "schema:image");
    for (auto const* text : {"", "gs1:", "a b", "\"pip\"", "a\nb"}) EXPECT_FALSE(read_link_type(text).ok()) << text;
}

TEST(LinkTypes, AreThoseOfTheVocabulary)
{
    EXPECT_EQ(link_types().size(), 58U); // sixty with the two that say which link is the default
    EXPECT_TRUE(std::ranges::is_sorted(link_types(), {}, &LinkType::name));
    for (auto const* name : {"dpp", "epcis", "traceability", "verificationService", "certificationInfo", "recallStatus",
                             "jws", "masterData", "pip", "sustainabilityInfo", "instructions"})
        EXPECT_NE(find_link_type(name), nullptr) << name;
    EXPECT_EQ(find_link_type("defaultLink"), nullptr);
    EXPECT_EQ(find_link_type("zzz"), nullptr);
}

TEST(LinkAddress, IsAWholeHttpsAddress)
{
    for (auto const* good : {"https://chebanbo.vn", "https://chebanbo.vn/a?b=c%20d#e", "https://chebanbo.vn:8443/a",
                             "http://127.0.0.1:8080/a", "https://xn--ch-8ja.vn/"})
        EXPECT_TRUE(read_href(good).ok()) << good;
    std::pair<char const*, char const*> const faults[] = {
        {"http://chebanbo.vn", "link.href_scheme"},
        {"chebanbo.vn/a", "link.href_scheme"},
        {"javascript:alert(1)", "link.href_scheme"},
        {"/01/08938505974019", "link.href_scheme"},
        {"ftp://chebanbo.vn/", "link.href_malformed"},
        {"https://ai@chebanbo.vn/", "link.href_malformed"},
        {"https:///a", "link.href_malformed"},
        {"https://chebanbo.vn/a b", "link.href_character"},
        {"https://chebanbo.vn/\r\nSet-Cookie: a=b", "link.href_character"},
        {"https://chebanbo.vn/\"onclick", "link.href_character"},
        {"https://chebanbo.vn/chè", "link.href_character"},
    };
    for (auto const& [text, key] : faults) {
        auto const read = read_href(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().key, key) << text;
    }
}

TEST(LinkAnchor, IsTheCanonicalPathOfEverySpelling)
{
    for (auto const* text :
         {"/01/08938505974019/10/L%31", "https://elsewhere.example/x/01/08938505974019/10/L1?17=271231",
          "(01)08938505974019(10)L1", "(10)L1(01)08938505974019"}) {
        auto const anchor = read_anchor(text);
        ASSERT_TRUE(anchor.ok()) << text << anchor.error().key;
        EXPECT_EQ(anchor->path, "/01/08938505974019/10/L1");
        EXPECT_EQ(anchor->key, "/01/08938505974019");
    }
    EXPECT_EQ(read_anchor("(414)8938505974002(254)A/1").value_or(Anchor{}).path, "/414/8938505974002/254/A%2F1");
    EXPECT_FALSE(read_anchor("(10)L1").ok());
    EXPECT_FALSE(read_anchor("/console").ok());
    EXPECT_FALSE(read_anchor("/01/08938505974018").ok());
}

} // namespace
} // namespace nguon::server::app
