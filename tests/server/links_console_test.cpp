#include "tests/support/resolver_test.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Browser;
using nguon::testing::Fields;
using nguon::testing::given;

/// "Liên kết của mã": what an enterprise's people see and do.
class LinksConsole : public nguon::testing::ResolverTest {
protected:
    void SetUp() override
    {
        ResolverTest::SetUp();
        add_person("chu", Role::enterprise_owner, a.org);
        owner = std::make_unique<Browser>(signed_in("chu"));
    }

    std::string product_page() const { return "/console/products/" + a.product.text() + "/links"; }
    std::string said(std::string_view key) { return locale->text("vi", key, {}); }

    /// The address of the link's own page, behind its address in a list.
    std::string page_of(std::string const& list, std::string const& href)
    {
        auto const body = owner->get(list).body;
        auto const at = body.find("/console/links/", body.find(href));
        return at == std::string::npos ? std::string{} : body.substr(at, body.find('"', at) - at);
    }

    std::unique_ptr<Browser> owner;
};

TEST_F(LinksConsole, AddsChangesAndRemovesALinkOfOneLot)
{
    EXPECT_TRUE(owner->get("/console/products/" + a.product.text()).says(product_page()));
    Fields fields{{"lot", "L261120"},
                  {"type", "instructions"},
                  {"href", "chebanbo.example/pha trà"},
                  {"title", "Cách pha"},
                  {"language", "vi"}};
    auto const refused = owner->post(product_page(), fields);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("value=\"chebanbo.example/pha trà\"")); // what was typed stands there again
    fields[2].second = "chebanbo.example/pha-trà";
    EXPECT_EQ(owner->post(product_page(), fields).status, 303U);
    auto const list = owner->get(product_page());
    EXPECT_TRUE(list.says("https://chebanbo.example/pha-tr%C3%A0"));
    EXPECT_TRUE(list.says("Riêng lô L261120"));
    EXPECT_EQ(ask(std::string{lot} + "?linkType=gs1:instructions").header("Location"),
              "https://chebanbo.example/pha-tr%C3%A0");

    auto const page = page_of(product_page(), "pha-tr%C3%A0");
    EXPECT_TRUE(owner->get(page).says("Riêng lô L261120"));
    EXPECT_EQ(owner->post(page, {{"type", "faqs"}, {"href", "https://chebanbo.example/hoi"}}).header("Location"),
              product_page() + "?done=saved");
    EXPECT_EQ(ask(std::string{lot} + "?linkType=gs1:faqs").header("Location"), "https://chebanbo.example/hoi");
    EXPECT_EQ(owner->post(page, {{"action", "remove"}}).header("Location"), product_page() + "?done=link_removed");
    EXPECT_FALSE(owner->get(product_page()).says("https://chebanbo.example/hoi<"));
    EXPECT_EQ(owner->get(page).status, 404U);
}

TEST_F(LinksConsole, KeepsWhatOnlyProgramsSet)
{
    auto const id = keep(code_of(gtin), "homepage", "https://chebanbo.example/nha", {}, false, false);
    auto const page = "/console/links/" + id;
    EXPECT_EQ(owner->post(page, {{"type", "homepage"}, {"href", "https://chebanbo.example/moi"}}).status, 303U);
    EXPECT_EQ(ask(std::string{item} + "?linkType=gs1:homepage&x=1").header("Location"), "https://chebanbo.example/moi");
}

TEST_F(LinksConsole, ListsCodesOfOtherThingsApart)
{
    Fields fields{
        {"code", "(00)38935012345678900"}, {"type", "logisticsInfo"}, {"href", "https://chebanbo.example/xe"}};
    EXPECT_EQ(owner->post("/console/links", fields).status, 400U);
    fields[0].second = "(00)389350123456789010";
    EXPECT_EQ(owner->post("/console/links", fields).status, 303U);
    auto const list = owner->get("/console/links");
    EXPECT_TRUE(list.says("(00)389350123456789010"));
    EXPECT_FALSE(list.says("https://chebanbo.example/guide"));
    auto const page = page_of("/console/links", "https://chebanbo.example/xe");
    EXPECT_EQ(owner->post(page, {{"type", "homepage"}, {"href", "https://chebanbo.example/xe"}, {"is_default", "1"}})
                  .header("Location"),
              "/console/links?done=saved");
    EXPECT_TRUE(owner->get("/console/links").says(said("console.link.default_chip")));
    EXPECT_TRUE(owner->get("/console/products").says("href=\"/console/links\""));
}

TEST_F(LinksConsole, AsksForTheBarcodeFirst)
{
    given(write([this](db::Connection& c) {
        Product bare;
        bare.name = "Chè dây";
        bare.group_code = "tea";
        return app::register_product(c, actor(), bare, {});
    }));
    auto const id = given(database->read_now([this](db::Connection& c) -> Result<std::string> {
        return db::products::list(c, a.org, 0, 1).front().id.text();
    }));
    auto const page = owner->get("/console/products/" + id + "/links");
    EXPECT_TRUE(page.says(said("console.link.no_barcode")));
    EXPECT_FALSE(page.says("name=\"href\""));
}

TEST_F(LinksConsole, AFieldWorkerSeesAndChangesNothing)
{
    add_person("nhan.vien", Role::field_worker, a.org);
    auto worker = signed_in("nhan.vien");
    auto const page = worker.get(product_page());
    EXPECT_TRUE(page.says("https://chebanbo.example/guide"));
    EXPECT_FALSE(page.says(said("console.link.add")));
    EXPECT_FALSE(page.says(said("console.link.change")));
}

} // namespace
} // namespace nguon::server
