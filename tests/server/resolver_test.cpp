#include "tests/support/resolver_test.hpp"

#include "core/gs1/link_compression.hpp"
#include "core/http/uri.hpp"
#include "server/app/resolver_levels.hpp"

#include <regex>

/// The GS1-conformant resolver, item by item of the standard's list (1.2.0) and of what the official suite looks at.
namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Fields;
using nguon::testing::given;
using nlohmann::json;

constexpr auto* vocabulary = "https://gs1.org/voc/";

/// What is wrong with a linkset after RFC 9264 and GS1's own schema; "" when nothing is.
std::string fault_of(json const& linkset)
{
    static std::regex const relation{R"([a-z-]+|https?://[A-Za-z0-9./]+)"};
    static std::regex const address{R"(https?://[A-Za-z0-9./].*)"};
    static std::regex const language{R"([a-z]{2}(-[A-Z]{2})?)"};
    static std::regex const media_type{R"([\w]+/[-+.\w]+)"};
    auto const fits = [](json const& value, std::regex const& form) {
        return value.is_string() && std::regex_match(value.get_ref<std::string const&>(), form);
    };
    if (!linkset.is_array() || linkset.empty()) return "is no list";
    for (auto const& context : linkset) {
        if (!fits(context.value("anchor", json{}), address)) return "anchor";
        if (!context.value("itemDescription", json{}).is_string()) return "itemDescription";
        for (auto const& [name, targets] : context.items()) {
            if (name == "anchor" || name == "itemDescription") continue;
            if (!std::regex_match(name, relation)) return "relation " + name;
            if (!targets.is_array() || targets.empty()) return name + " is no list";
            for (auto const& target : targets) {
                if (!fits(target.value("href", json{}), address)) return name + " href";
                if (target.value("title", "").empty()) return name + " title";
                for (auto const& [member, value] : target.items()) {
                    bool const known =
                        member == "href" || member == "title" || (member == "type" && fits(value, media_type)) ||
                        (member == "hreflang" && value.is_array() && fits(value.at(0), language)) ||
                        (member == "context" && value.is_array()) || (member == "fwqs" && value.is_boolean());
                    if (!known) return name + " " + member;
                }
            }
        }
    }
    return {};
}

class Resolver : public nguon::testing::ResolverTest {};

// ---- the standard's list ----

TEST_F(Resolver, AnswersGetHeadAndOptions)
{
    auto const get = ask(lot);
    auto const head = ask(lot, {}, "HEAD");
    EXPECT_EQ(get.status, 307U);
    EXPECT_EQ(head.status, 307U);
    EXPECT_EQ(head.header("Location"), get.header("Location"));
    EXPECT_EQ(head.header("Link"), get.header("Link"));
    EXPECT_TRUE(head.body.empty());
    auto const options = ask(lot, {}, "OPTIONS");
    EXPECT_EQ(options.status, 204U);
    EXPECT_EQ(options.header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(ask(lot, {}, "POST").status, 405U);
}

TEST_F(Resolver, LetsEveryOriginAsk)
{
    for (auto const& [target, accept] : {std::pair<std::string, std::string>{lot, "*/*"},
                                         {lot, "text/html"},
                                         {lot, "application/linkset+json"},
                                         {std::string{lot} + "/foo", "*/*"},
                                         {std::string{lot} + "?linkType=gs1:smpc", "*/*"}}) {
        auto const answer = ask(target, {{"Accept", accept}, {"Origin", "https://app.example"}});
        EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*") << target;
        EXPECT_NE(answer.header("Access-Control-Expose-Headers").find("Link"), std::string::npos) << target;
    }
}

TEST_F(Resolver, AnswersThePreflightThatTheSuiteSends)
{
    auto const answer =
        ask(lot, {{"Origin", "https://ref.gs1.org"}, {"Access-Control-Request-Method", "GET,HEAD,OPTIONS"}}, "OPTIONS");
    EXPECT_EQ(answer.status, 204U);
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(answer.header("Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
}

TEST_F(Resolver, RefusesWrongSyntaxWith400)
{
    for (std::string const path :
         {"/01/08938505974018", "/01/8938505974019x", "/01/08938505974019/foo", "/01/08938505974019/10/L261120/foo",
          "/01/08938505974019/21/1/10/L", "/01/08938505974019?10=L1", "/01/08938505974019?1=a",
          "/01/08938505974019?12345=a", "/01/08938505974019/10/%00", "/01/08938505974019?17=271332", "/8006/1"}) {
        auto const answer = ask(path);
        EXPECT_EQ(answer.status, 400U) << path;
        EXPECT_EQ(answer.header("Content-Type"), "application/problem+json") << path;
        EXPECT_EQ(visit(path).status, 400U) << path;
    }
    for (auto const* type : {"a%20b", "gs1:", "%22pip%22"})
        EXPECT_EQ(ask(std::string{item} + "?linkType=" + type).status, 400U) << type;
}

TEST_F(Resolver, NeverSays200OfAnError)
{
    for (std::string const path :
         {"/01/04006381333931", "/01/04006381333931/10/L7", "/00/389350123456789010", "/414/8938505974002",
          "/01/08938505974019?linkType=gs1:smpc", "/01/08938505974019/foo"}) {
        for (auto const* accept : {"*/*", "text/html", "application/linkset+json"}) {
            auto const answer = ask(path, {{"Accept", accept}});
            EXPECT_TRUE(answer.status == 404 || answer.status == 400 ||
                        (path.find("smpc") != std::string::npos && std::string{accept}.ends_with("linkset+json")))
                << path << ' ' << accept << ' ' << answer.status;
        }
    }
}

TEST_F(Resolver, WalksUpWhereALevelHasNoDefault)
{
    // The suite asks for a lot that nobody made and wants no 404; what is there says that it is no success.
    for (auto const* accept : {"*/*", "text/html"}) {
        auto const answer = ask(std::string{item} + "/10/KL8G", {{"Accept", accept}});
        EXPECT_EQ(answer.status, 307U) << accept;
        EXPECT_TRUE(answer.header("Location").starts_with(host() + "/trace/01/08938505974019")) << accept;
    }
    auto const page = visit("/trace/01/08938505974019/10/KL8G");
    EXPECT_EQ(page.status, 404U);
    EXPECT_TRUE(page.says("Trà Shan tuyết"));
    EXPECT_EQ(ask(std::string{lot} + "/21/" + unit + "?linkType=gs1:instructions", {{"Accept-Language", "vi"}})
                  .header("Location"),
              "https://chebanbo.example/huong-dan");
}

TEST_F(Resolver, LeadsToTheDefaultLink)
{
    auto const answer = ask(lot, {{"Accept", "*/*"}});
    EXPECT_EQ(answer.status, 307U);
    EXPECT_EQ(answer.header("Location"), host() + "/trace" + lot);
    auto const page = ask(std::string{"/trace"} + lot);
    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_TRUE(page.says("<link rel=\"canonical\" href=\"https://truyxuat.example" + std::string{lot} + "\">"));
    EXPECT_EQ(ask(std::string{lot} + "?linkType=gs1:defaultLink").header("Location"), answer.header("Location"));
}

TEST_F(Resolver, ShowsABrowserThePageAtOnce)
{
    auto const page = visit(lot);
    EXPECT_EQ(page.status, 200U);
    EXPECT_TRUE(page.says("Trà Shan tuyết"));
    EXPECT_TRUE(page.says("<link rel=\"canonical\" href=\"https://truyxuat.example" + std::string{lot} + "\">"));
    EXPECT_NE(page.header("Link").find("rel=\"linkset\""), std::string::npos);
    EXPECT_EQ(visit(std::string{lot} + "/21/" + unit).status, 200U);
}

TEST_F(Resolver, LeadsToTheLinkTypeThatIsAsked)
{
    for (auto const* type : {"gs1:relatedVideo", "relatedVideo", "https://gs1.org/voc/relatedVideo"}) {
        auto const answer = ask(std::string{lot} + "?linkType=" + type);
        EXPECT_EQ(answer.status, 307U) << type;
        EXPECT_EQ(answer.header("Location"), "https://chebanbo.example/video-lo") << type;
    }
    EXPECT_EQ(browser().get(std::string{lot} + "?linkType=gs1:relatedVideo").status, 307U); // a browser too
    EXPECT_EQ(ask(std::string{lot} + "?linkType=gs1:traceability").header("Location"), host() + "/trace" + lot);
    EXPECT_EQ(ask(std::string{lot} + "?linkType=gs1:epcis").header("Location"),
              host() + "/epcis/epcs/" + http::percent_encode("https://id.gs1.org" + std::string{lot}) + "/events");
    EXPECT_EQ(ask(std::string{lot} + "?linkType=gs1:pip").header("Location"), host() + "/trace" + lot);
    EXPECT_EQ(ask(std::string{lot} + "?linkType=gs1:certificationInfo").header("Location"), host() + "/f/" + a.file);
}

TEST_F(Resolver, AnAbsentLinkTypeIs404)
{
    for (auto const* type : {"gs1:smpc", "gs1:noSuchType", "schema:image", "gs1:recallStatus"}) {
        EXPECT_EQ(ask(std::string{lot} + "?linkType=" + type).status, 404U) << type;
        EXPECT_EQ(visit(std::string{lot} + "?linkType=" + type).status, 404U) << type;
    }
}

TEST_F(Resolver, GivesTheLinksetWithoutLeadingAway)
{
    struct Asked {
        char const* query;
        char const* accept;
        char const* media_type;
    };
    for (auto const& [query, accept, media_type] :
         {Asked{"?linkType=linkset", "*/*", "application/linkset+json"},
          Asked{"?linkType=linkset", "text/html", "application/linkset+json"},
          Asked{"?linkType=all", "application/linkset+json", "application/linkset+json"},
          Asked{"", "application/linkset+json", "application/linkset+json"},
          Asked{"", "application/json", "application/json"}, Asked{"", "application/ld+json", "application/ld+json"},
          Asked{"", "text/html;q=0.5, application/linkset+json", "application/linkset+json"}}) {
        auto const answer = ask(lot + std::string{query}, {{"Accept", accept}});
        EXPECT_EQ(answer.status, 200U) << query << accept;
        EXPECT_EQ(answer.header("Content-Type"), media_type) << query << accept;
        EXPECT_TRUE(json::parse(answer.body).contains("linkset")) << query << accept;
        EXPECT_EQ(json::parse(answer.body).contains("@context"), std::string{media_type} == "application/ld+json");
    }
}

TEST_F(Resolver, ShowsAPersonAllLinks)
{
    auto const page = visit(std::string{lot} + "?linkType=all");
    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_TRUE(page.says("href=\"https://chebanbo.example/video-lo\""));
    EXPECT_TRUE(page.says("href=\"/trace" + std::string{lot} + "\""));
    EXPECT_TRUE(page.says("Tờ hướng dẫn sử dụng"));
    EXPECT_TRUE(page.says("chebanbo.example"));
}

TEST_F(Resolver, OffersAChoiceOfEquals)
{
    keep(code_of(gtin), "socialMedia", "https://mot.example/che");
    keep(code_of(gtin), "socialMedia", "https://hai.example/che");
    auto const target = std::string{lot} + "?linkType=gs1:socialMedia";
    auto const answer = ask(target);
    EXPECT_EQ(answer.status, 300U);
    EXPECT_EQ(answer.header("Location"), "");
    auto const linkset = json::parse(answer.body)["linkset"];
    ASSERT_EQ(linkset.size(), 1U);
    EXPECT_EQ(linkset[0][std::string{vocabulary} + "socialMedia"].size(), 2U);
    EXPECT_FALSE(linkset[0].contains(std::string{vocabulary} + "faqs"));
    EXPECT_EQ(fault_of(linkset), "");
    auto const page = visit(target);
    EXPECT_EQ(page.status, 300U);
    EXPECT_TRUE(page.says("https://mot.example/che"));
    EXPECT_TRUE(page.says("https://hai.example/che"));
    EXPECT_FALSE(page.says("https://chebanbo.example/hoi-dap"));
}

TEST_F(Resolver, FollowsTheLanguageOfTheClient)
{
    auto const target = std::string{item} + "?linkType=gs1:instructions";
    EXPECT_EQ(ask(target, {{"Accept-Language", "en-US,vi;q=0.3"}}).header("Location"),
              "https://chebanbo.example/guide");
    EXPECT_EQ(ask(target, {{"Accept-Language", "vi"}}).header("Location"), "https://chebanbo.example/huong-dan");
}

TEST_F(Resolver, PassesTheQueryStringOn)
{
    auto const faqs = [&](std::string const& query) {
        return ask(std::string{lot} + "?linkType=gs1:faqs" + query).header("Location");
    };
    EXPECT_EQ(faqs("&17=271120&utm=a%20b"), "https://chebanbo.example/hoi-dap?trang=1&17=271120&utm=a%20b#dau");
    EXPECT_EQ(faqs("&context=school"), "https://chebanbo.example/hoi-dap?trang=1#dau"); // said to the resolver
    EXPECT_EQ(ask(std::string{lot} + "?3103=000250&x=1").header("Location"),
              host() + "/trace" + lot + "?3103=000250&x=1");
    // AIs that are newer than our table go on as well.
    EXPECT_EQ(ask(std::string{lot} + "?9999=new").header("Location"), host() + "/trace" + lot + "?9999=new");
    keep(code_of(gtin), "homepage", "https://chebanbo.example/", {}, false, false);
    EXPECT_EQ(ask(std::string{lot} + "?linkType=gs1:homepage&x=1").header("Location"), "https://chebanbo.example/");
}

TEST_F(Resolver, ListsEveryLevelUpToTheKey)
{
    auto const serial = std::string{lot} + "/21/" + unit;
    std::vector<std::string> anchors;
    for (auto const& context : linkset(serial)) anchors.push_back(context["anchor"]);
    EXPECT_EQ(anchors, (std::vector<std::string>{host() + serial, host() + lot, host() + item}));
    // The label of a unit leaves its lot out; the system knows it.
    anchors.clear();
    for (auto const& context : linkset(std::string{item} + "/21/" + unit)) anchors.push_back(context["anchor"]);
    EXPECT_EQ(anchors, (std::vector<std::string>{host() + item + "/21/" + unit, host() + lot, host() + item}));
}

TEST_F(Resolver, HasOneDefaultLinkForEachAnchor)
{
    keep(app::read_anchor("(00)389350123456789010").value_or(app::Anchor{}), "logisticsInfo",
         "https://chebanbo.example/xe");
    keep(app::read_anchor("(00)389350123456789010").value_or(app::Anchor{}), "logisticsInfo",
         "https://chebanbo.example/truck", "en");
    for (auto const& path : {std::string{lot} + "/21/" + unit, std::string{"/00/389350123456789010"}}) {
        for (auto const& context : linkset(path)) {
            auto const& defaults = context[std::string{vocabulary} + "defaultLink"];
            ASSERT_EQ(defaults.size(), 1U) << context;
            EXPECT_EQ(defaults[0].size(), 2U) << "its title and nothing more: " << context;
            bool described = false;
            for (auto const& [name, targets] : context.items())
                for (auto const& target : targets.is_array() ? targets : json::array())
                    described |= !name.ends_with("defaultLink") && target["href"] == defaults[0]["href"];
            EXPECT_TRUE(described) << "its target stands under its own type too: " << context;
        }
    }
    EXPECT_EQ(linkset("/00/389350123456789010")[0][std::string{vocabulary} + "defaultLinkMulti"].size(), 2U);
}

TEST_F(Resolver, ItsLinksetsKeepToTheSchema)
{
    keep(app::read_anchor("(414)8938505974002(254)A/1").value_or(app::Anchor{}), "locationInfo",
         "https://chebanbo.example/doi");
    for (auto const& path :
         {std::string{lot} + "/21/" + unit, std::string{item}, std::string{"/414/8938505974002/254/A%2F1"}})
        EXPECT_EQ(fault_of(linkset(path)), "") << linkset(path);
}

TEST_F(Resolver, NamesLinksetAndContextInLinkOnRedirectAndOptions)
{
    for (auto const* method : {"GET", "HEAD", "OPTIONS"}) {
        auto const value = ask(lot, {}, method).header("Link");
        EXPECT_NE(
            value.find("<" + host() + lot + "?linkType=linkset>; rel=\"linkset\"; type=\"application/linkset+json\""),
            std::string::npos)
            << method << value;
        EXPECT_NE(value.find("rel=\"http://www.w3.org/ns/json-ld#context\""), std::string::npos) << method;
        EXPECT_EQ(value.find("owl:sameAs"), std::string::npos) << method;
    }
    EXPECT_EQ(ask(std::string{item} + "?linkType=linkset").status, 200U);
}

TEST_F(Resolver, SaysWhatItsAnswersDependOn)
{
    for (auto const& target : {std::string{lot}, std::string{lot} + "?linkType=linkset", std::string{"/trace"} + lot}) {
        auto const answer = ask(target);
        EXPECT_TRUE(answer.header("Vary").starts_with("Accept, Accept-Language")) << target;
        EXPECT_NE(answer.header("Cache-Control").find("must-revalidate"), std::string::npos) << target;
    }
}

TEST_F(Resolver, DescribesItself)
{
    auto const answer = ask("/.well-known/gs1resolver");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
    auto const description = json::parse(answer.body);
    EXPECT_EQ(description["resolverRoot"], settings.public_url);
    EXPECT_EQ(description["supportedPrimaryKeys"].size(), app::primary_keys.size());
    auto const& types = description["supportedLinkType"][0];
    EXPECT_EQ(types["namespace"], vocabulary);
    EXPECT_EQ(types["linkTypes"].size(), 58U);
    // It does what it says of each key: a value of it is resolved, not an unknown address.
    for (auto const& key : description["supportedPrimaryKeys"]) {
        auto const path = "/" + key.get<std::string>();
        auto const routes = all_routes();
        EXPECT_TRUE(std::ranges::any_of(routes, [&](Route const& route) {
            return route.pattern == path + "/{rest...}";
        })) << path;
    }
}

TEST_F(Resolver, EveryPrimaryKeyStandsAtTheRoot)
{
    for (auto const* code :
         {"(00)389350123456789010", "(253)8938505974002A", "(255)89385059740021", "(401)8938505A",
          "(402)89385059740000019", "(414)8938505974002", "(415)8938505974002(8020)A", "(417)8938505974002",
          "(8003)08938505974002A", "(8004)8938505A", "(8006)089385059740190102", "(8010)8938505A", "(8013)8938505AHG",
          "(8017)893850597400000129", "(8018)893850597400000129"}) {
        auto const anchor = app::read_anchor(code);
        ASSERT_TRUE(anchor.ok()) << code << ' ' << anchor.error().key;
        keep(*anchor, "masterData", "https://chebanbo.example/m");
        auto const answer = ask(anchor->path);
        EXPECT_EQ(answer.status, 307U) << code;
        EXPECT_EQ(answer.header("Location"), "https://chebanbo.example/m") << code;
    }
}

TEST_F(Resolver, NamesThePlainSpellingOfAnotherOne)
{
    // As it does for a compressed link, which is another spelling as well.
    auto const value = ask(std::string{item} + "/10/L26%3112%30?17=271120").header("Link");
    EXPECT_NE(value.find("<" + host() + lot + "?17=271120>; rel=\"owl:sameAs\""), std::string::npos) << value;
    EXPECT_EQ(ask(std::string{item} + "/10/L26%3112%30").header("Location"), ask(lot).header("Location"));
}

TEST_F(Resolver, ResolvesACompressedLinkLikeItsPlainSpelling)
{
    std::vector<gs1::AiValue> const elements{{"01", gtin}, {"10", "L261120"}, {"17", "271120"}};
    auto const compressed = gs1::to_compressed_link(elements, "");
    ASSERT_TRUE(compressed.ok()) << compressed.error().key;
    auto const answer = ask(*compressed + "?x=1");
    EXPECT_EQ(answer.status, 307U) << *compressed;
    EXPECT_EQ(answer.header("Location"), host() + "/trace" + lot + "?x=1&17=271120");
    EXPECT_NE(answer.header("Link").find("<" + host() + lot + "?17=271120>; rel=\"owl:sameAs\""), std::string::npos)
        << answer.header("Link");
    EXPECT_EQ(linkset(*compressed)[0]["anchor"], host() + lot); // the subject is the plain one
    EXPECT_EQ(visit(*compressed).status, 200U);
    EXPECT_EQ(ask(*compressed + "?linkType=gs1:relatedVideo").header("Location"),
              "https://chebanbo.example/video-lo?17=271120");
}

TEST_F(Resolver, AnswersOptionsOfACompressedLinkLikeThoseOfItsPlainSpelling)
{
    std::vector<gs1::AiValue> const elements{{"01", gtin}, {"10", "L261120"}};
    auto const compressed = gs1::to_compressed_link(elements, "");
    ASSERT_TRUE(compressed.ok()) << compressed.error().key;
    auto const plain = ask(lot, {}, "OPTIONS");
    auto const answer = ask(*compressed, {}, "OPTIONS");
    EXPECT_EQ(answer.status, 204U);
    for (auto const* name : {"Allow", "Access-Control-Allow-Origin", "Access-Control-Allow-Methods"})
        EXPECT_EQ(answer.header(name), plain.header(name)) << name;
    EXPECT_NE(answer.header("Link").find("<" + host() + lot + ">; rel=\"owl:sameAs\""), std::string::npos)
        << answer.header("Link");
    EXPECT_NE(answer.header("Link").find("?linkType=linkset>; rel=\"linkset\""), std::string::npos);
    EXPECT_EQ(ask(*compressed, {}, "HEAD").status, 307U);
    EXPECT_EQ(ask(*compressed, {}, "POST").status, 405U);
}

TEST_F(Resolver, WhatIsNoCompressedLinkIsNoAddress)
{
    EXPECT_EQ(ask("/no-such-page", {}, "OPTIONS").status, 404U);
    EXPECT_EQ(ask("/no-such-page").status, 404U);
    EXPECT_EQ(visit("/no-such-page").status, 404U);
    EXPECT_EQ(ask("/08938505974019").status, 404U);
}

// ---- what the official suite looks at besides ----

TEST_F(Resolver, AnswersAtTheRootOfTheHost) { EXPECT_EQ(visit("/").status, 200U); }

TEST_F(Resolver, ATrailingSlashChangesNothing)
{
    for (auto const& query : {std::string{}, std::string{"?linkType=gs1:faqs"}}) {
        auto const plain = ask(lot + query);
        auto const slash = ask(std::string{lot} + "/" + query);
        EXPECT_EQ(slash.status, plain.status);
        EXPECT_EQ(slash.header("Location"), plain.header("Location"));
        EXPECT_EQ(slash.header("Link"), plain.header("Link"));
    }
    EXPECT_EQ(visit(std::string{lot} + "/").status, 200U);
}

TEST_F(Resolver, ItsFirstAnchorIsTheAddressThatWasAsked)
{
    for (auto const& path : {std::string{item}, std::string{lot}, std::string{lot} + "/21/" + unit})
        EXPECT_EQ(linkset(path)[0]["anchor"], host() + path);
}

TEST_F(Resolver, LeadsToEveryTargetOfTheLinksetByteForByte)
{
    for (auto const& context : linkset(lot)) {
        auto const anchor = context["anchor"].get<std::string>().substr(host().size());
        for (auto const& [relation, targets] : context.items()) {
            if (!targets.is_array()) continue;
            for (auto const& target : targets) {
                auto const language = target.contains("hreflang") ? target["hreflang"][0].get<std::string>() : "";
                auto const answer = ask(anchor + "?linkType=" + relation.substr(std::string{vocabulary}.size()),
                                        {{"Accept", target.value("type", "undefined")}, {"Accept-Language", language}});
                EXPECT_EQ(answer.status, 307U) << relation << target;
                EXPECT_EQ(answer.header("Location"), target["href"]) << relation;
            }
        }
    }
}

/// Behind a proxy that is not this machine.
class ProxiedResolver : public Resolver {
protected:
    void adjust() override
    {
        settings.trusted_proxies = {"127.0.0.1"};
        settings.public_hosts = {"cu.truyxuat.example"};
    }

    std::string location_for(std::string const& host_field)
    {
        nguon::testing::RawClient client{port};
        client.send("GET " + std::string{lot} + " HTTP/1.1\r\nHost: " + host_field +
                    "\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n");
        auto const answer = client.read_all();
        auto const at = answer.find("\r\nLocation: ");
        return at == std::string::npos ? std::string{} : answer.substr(at + 12, answer.find("\r\n", at + 2) - at - 12);
    }
};

TEST_F(ProxiedResolver, NamesTheHostThatWasAskedWhereItIsOurs)
{
    auto const page = "/trace" + std::string{lot};
    EXPECT_EQ(location_for("truyxuat.example"), "https://truyxuat.example" + page);
    EXPECT_EQ(location_for("cu.truyxuat.example"), "https://cu.truyxuat.example" + page); // of codes printed before
    EXPECT_EQ(location_for("stranger.example"), "https://truyxuat.example" + page);
}

// ---- what the province demands ----

TEST_F(Resolver, ARecallWins)
{
    keep(code_of(gtin), "pip", "https://chebanbo.example/che");
    keep(code_of(gtin, "L261120"), "recallStatus", "https://chebanbo.example/khong-sao-ca");
    auto const asks = [&](std::string const& type) { return ask(lot + std::string{"?linkType="} + type); };
    EXPECT_EQ(asks("pip").header("Location"), "https://chebanbo.example/che");
    EXPECT_EQ(asks("recallStatus").header("Location"), "https://chebanbo.example/khong-sao-ca");
    EXPECT_EQ(visit(lot).status, 200U); // kept from now on
    recall();
    EXPECT_TRUE(visit(lot).says("THU HỒI"));
    for (auto const* type : {"pip", "recallStatus", "traceability", "defaultLink"})
        EXPECT_EQ(asks(type).header("Location"), host() + "/trace" + lot) << type;
    EXPECT_EQ(asks("relatedVideo").status, 404U);
    EXPECT_EQ(linkset(lot).dump().find("khong-sao-ca"), std::string::npos);
    EXPECT_EQ(ask(std::string{item} + "?linkType=pip").header("Location"),
              "https://chebanbo.example/che"); // other lots
    EXPECT_EQ(ask(std::string{item} + "/21/" + unit + "?linkType=recallStatus").header("Location"),
              host() + "/trace" + item + "/21/" + unit);
}

TEST_F(Resolver, ASuspendedFirmOffersNothingOfItsOwn)
{
    auto const carton = app::read_anchor("(00)389350123456789010").value_or(app::Anchor{});
    keep(carton, "logisticsInfo", "https://chebanbo.example/xe");
    EXPECT_EQ(ask(carton.path).status, 307U);
    given(write([this](db::Connection& c) {
        return db::organizations::decide(c, a.org, "suspended", {"officer", clock.now(), "Chờ kết luận", "test"});
    }));
    EXPECT_EQ(ask(std::string{lot} + "?linkType=gs1:faqs").status, 404U);
    EXPECT_EQ(ask(lot).header("Location"), host() + "/trace" + lot);
    EXPECT_EQ(linkset(lot).dump().find("chebanbo.example"), std::string::npos);
    EXPECT_EQ(ask(carton.path).status, 404U);
}

TEST_F(Resolver, OffersLinksOfApprovedProductsOnly)
{
    std::string const theirs = "/01/08936012340013";
    EXPECT_EQ(ask(theirs + "?linkType=gs1:instructions").status, 404U);
    EXPECT_EQ(ask(theirs).header("Location"), host() + "/trace" + theirs); // its page says that it awaits approval
}

TEST_F(Resolver, OtherKeysLeadWhereTheirEnterpriseWants)
{
    auto const place = app::read_anchor("(414)8938505974002").value_or(app::Anchor{});
    keep(place, "locationInfo", "https://chebanbo.example/doi-che");
    EXPECT_EQ(visit(place.path).header("Location"),
              "https://chebanbo.example/doi-che"); // the oldest while none is marked
    keep(place, "homepage", "https://chebanbo.example/", {}, true);
    EXPECT_EQ(visit(place.path).header("Location"), "https://chebanbo.example/");
    EXPECT_EQ(ask(place.path + "/254/KHO1?x=1").header("Location"), "https://chebanbo.example/?x=1");
    EXPECT_EQ(visit(place.path + "?linkType=gs1:locationInfo").header("Location"), "https://chebanbo.example/doi-che");
}

TEST_F(Resolver, KeepsPagesReadyForBrowsersOnly)
{
    EXPECT_EQ(visit(lot).status, 200U);
    auto const hits = page_cache.hits();
    EXPECT_EQ(ask(lot, {{"Accept", "*/*"}}).status, 307U);
    EXPECT_EQ(ask(lot).status, 307U);
    EXPECT_EQ(ask(lot, {{"Accept", "text/html;q=0.1, application/linkset+json"}}).header("Content-Type"),
              "application/linkset+json");
    EXPECT_EQ(ask(lot, {{"Accept", "text/html; q=0, image/png"}}).status, 307U) << "no page, with a blank in it";
    EXPECT_EQ(page_cache.hits(), hits);
    auto const kept = visit(lot);
    EXPECT_EQ(page_cache.hits(), hits + 1);
    EXPECT_NE(kept.header("Link").find("linkset"), std::string::npos);
    EXPECT_EQ(kept.header("Access-Control-Allow-Origin"), "*");
}

} // namespace
} // namespace nguon::server
