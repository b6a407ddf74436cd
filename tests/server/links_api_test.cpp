#include "tests/support/api_test.hpp"

#include "core/limits.hpp"
#include "server/app/places.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::faults_of;
using nguon::testing::Fields;
using nguon::testing::given;
using nguon::testing::key_of_problem;
using nlohmann::json;

constexpr auto* path = "/api/v1/links";

class LinksApi : public nguon::testing::ApiTest {
protected:
    static json link(std::string const& anchor, std::string const& href = "https://chebanbo.example/a")
    {
        return {{"anchor", anchor}, {"type", "faqs"}, {"href", href}};
    }

    void approve(OrganizationId const& org)
    {
        given(write([&](db::Connection& c) {
            return db::organizations::decide(c, org, "approved", {"officer", clock.now(), "", "test"});
        }));
    }

    Answer remove(std::string const& location, Fields const& more = {})
    {
        return owner->send("DELETE", location, {}, more);
    }
};

TEST_F(LinksApi, KeepsChangesAndRemovesALink)
{
    auto const made = post(path, example("NewCodeLink"));
    ASSERT_EQ(made.status, 201U) << made.body;
    auto const record = json::parse(made.body);
    auto const location = made.header("Location");
    EXPECT_EQ(location, "/api/v1/links/" + record["id"].get<std::string>());
    EXPECT_EQ(record["anchor"], "/01/08938505974019/10/L261120");
    EXPECT_EQ(get(location), record);
    EXPECT_EQ(get(std::string{path} + "?anchor=/01/08938505974019")["items"].size(), 2U); // one was there before
    EXPECT_EQ(get(std::string{path} + "?limit=1")["items"].size(), 1U);

    auto change = record["fields"];
    change["href"] = "https://chebanbo.example/moi";
    auto const tag = owner->get(location).header("ETag");
    EXPECT_EQ(put(location, change, "").status, 428U);
    auto const changed = put(location, change, tag);
    ASSERT_EQ(changed.status, 200U) << changed.body;
    EXPECT_EQ(json::parse(changed.body)["version"], 2);
    EXPECT_EQ(json::parse(changed.body)["fields"], change);
    EXPECT_EQ(put(location, change, tag).status, 412U);

    EXPECT_EQ(remove(location).status, 204U);
    EXPECT_EQ(remove(location).status, 404U);
    EXPECT_EQ(owner->get(location).status, 404U);
}

TEST_F(LinksApi, RepeatsNothing)
{
    Fields const key{{"Idempotency-Key", "lien-ket-1"}};
    auto const first = post(path, example("NewCodeLink"), key);
    auto const again = post(path, example("NewCodeLink"), key);
    EXPECT_EQ(again.status, 201U);
    EXPECT_EQ(again.header("Location"), first.header("Location"));
    EXPECT_EQ(get(path)["items"].size(), 2U);
    Fields const removal{{"Idempotency-Key", "xoa-1"}};
    EXPECT_EQ(remove(first.header("Location"), removal).status, 204U);
    EXPECT_EQ(remove(first.header("Location"), removal).status, 204U);
}

TEST_F(LinksApi, SaysEveryFaultAtItsMember)
{
    auto const answer = post(path, {{"anchor", "/01/08938505974018"},
                                    {"type", "gs1:defaultLink"},
                                    {"href", "http://chebanbo.example/"},
                                    {"language", "Vietnamese"},
                                    {"media_type", "html"},
                                    {"context", "a b"},
                                    {"title", std::string(121, 'a')}});
    EXPECT_EQ(answer.status, 400U);
    EXPECT_EQ(faults_of(answer), (std::map<std::string, std::string>{{"/anchor", "gs1.check_digit"},
                                                                     {"/type", "link.type_unknown"},
                                                                     {"/href", "link.href_scheme"},
                                                                     {"/language", "link.language"},
                                                                     {"/media_type", "link.media_type"},
                                                                     {"/context", "link.context"},
                                                                     {"/title", "text.too_long"}}));
}

TEST_F(LinksApi, RefusesAddressesThatLeadBackOrAwayFromThePage)
{
    auto const itself =
        post(path, link("/01/08938505974019/10/L261120", settings.public_url + "/01/08938505974019?a=b"));
    EXPECT_EQ(faults_of(itself), (std::map<std::string, std::string>{{"/href", "link.href_itself"}}));
    EXPECT_EQ(post(path, link("/01/08938505974019", settings.public_url + "/help")).status, 201U);
    auto first = link("/01/08938505974019");
    first["is_default"] = true;
    EXPECT_EQ(faults_of(post(path, first)),
              (std::map<std::string, std::string>{{"/is_default", "link.default_is_page"}}));
}

TEST_F(LinksApi, ACodeBelongsToOneEnterprise)
{
    auto rival = program(key_of(Role::enterprise_owner, b.org));
    // Of a product: whose product it is.
    EXPECT_EQ(key_of_problem(send(rival, "POST", path, link("/01/08938505974019"))), "link.product_needed");
    EXPECT_EQ(key_of_problem(post(path, link("/01/04006381333931"))), "link.product_needed");
    // Of anything else: who was first, once the province knows him.
    auto const carton = link("(00)389350123456789010");
    EXPECT_EQ(key_of_problem(post(path, carton)), "link.approval_needed");
    approve(a.org);
    approve(b.org);
    EXPECT_EQ(post(path, carton).status, 201U);
    EXPECT_EQ(key_of_problem(send(rival, "POST", path, carton)), "link.key_taken");
    // Of a place: whose place it is, even where somebody else was first.
    auto const place = link("(414)8938505974002");
    EXPECT_EQ(post(path, place).status, 201U);
    EXPECT_EQ(key_of_problem(send(rival, "POST", path, place)), "link.key_taken");
    given(write([this](db::Connection& c) {
        Place garden;
        garden.kind = "growing_area";
        garden.name = "Ruộng Séng Cù";
        garden.gln = "8938505974002";
        return app::register_place(c, {"clerk", b.org, "test", clock.now()}, garden);
    }));
    EXPECT_EQ(send(rival, "POST", path, place).status, 201U);
    EXPECT_EQ(key_of_problem(post(path, place)), "link.key_taken");
}

TEST_F(LinksApi, LimitsTheLinksOfOneCode)
{
    for (auto i = limits::links_per_anchor_max - 1; i > 0; --i) // one is there
        ASSERT_EQ(post(path, link("/01/08938505974019")).status, 201U);
    auto const beyond = post(path, link("/01/08938505974019"));
    EXPECT_EQ(beyond.status, 409U);
    EXPECT_EQ(key_of_problem(beyond), "link.too_many");
    EXPECT_NE(metrics.text().find("limit_hits_total{limit=\"link.too_many\"} 1"), std::string::npos);
}

TEST_F(LinksApi, NotesInTheAuditWhatALinkWas)
{
    auto const location = post(path, example("NewCodeLink")).header("Location");
    EXPECT_EQ(remove(location).status, 204U);
    auto const noted = given(database->read_now([](db::Connection& c) -> Result<std::string> {
        return c.query("SELECT detail FROM audit WHERE action = 'link.remove'").front().text(0);
    }));
    EXPECT_EQ(json::parse(noted)["href"], example("NewCodeLink")["href"]);
}

} // namespace
} // namespace nguon::server
