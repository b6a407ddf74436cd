#include "tests/support/console_test.hpp"
#include "db/deliveries.hpp"
#include "db/organizations.hpp"
#include "db/people.hpp"
#include "db/province_desk.hpp"
#include "scanner/decode.hpp"
#include "scanner/symbol.hpp"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

namespace nguon::server {
namespace {

using nguon::testing::Browser;
using nguon::testing::Fields;
using nguon::testing::Upload;

class Console : public nguon::testing::ConsoleTest {
protected:
    /// Texts of the codes on the first page, read from the rendered sheet.
    std::vector<std::string> codes_of(std::string const& pdf)
    {
        auto const file = dir.path() / "tem.pdf";
        std::ofstream{file, std::ios::binary} << pdf;
        auto const command = "pdftoppm -r 300 -png -singlefile " + file.string() + " " + (dir.path() / "tem").string();
        EXPECT_EQ(std::system(command.c_str()), 0);
        std::ostringstream png;
        png << std::ifstream{dir.path() / "tem.png", std::ios::binary}.rdbuf();
        std::vector<std::string> out;
        auto const codes = scanner::decode_codes(png.str());
        EXPECT_TRUE(codes.ok());
        if (codes)
            for (auto const& code : codes->codes) out.push_back(code.text);
        return out;
    }
};

/// Symbols beside each other on white paper.
std::string a_photo_of(std::vector<std::string> const& texts)
{
    constexpr int edge = 240;
    auto photo = scanner::blank_picture(edge * static_cast<int>(texts.size()), edge, scanner::Colors::grey, 255);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto const modules = *scanner::draw_qr(texts[i]);
        auto const dots = (edge - 40) / modules.width;
        for (int y = 0; y < modules.height * dots; ++y)
            for (int x = 0; x < modules.width * dots; ++x)
                if (modules.dark(x / dots, y / dots)) photo.row(y + 20)[static_cast<int>(i) * edge + x + 20] = 0;
    }
    return *scanner::encode_png(photo);
}

TEST_F(Console, TakesASheetOfOneCodeForThatCode)
{
    auto client = browser();
    auto const check = [&](std::vector<std::string> const& texts) {
        return post_files(client, "/check", {}, {{"photo", "anh.png", "image/png", a_photo_of(texts)}});
    };
    std::string const one = "https://nguon.laichau.example.vn/01/08939999000017/10/L1";
    std::string const other = "https://nguon.laichau.example.vn/01/08939999000017/10/L2";
    auto const sheet = check({one, one, one});
    EXPECT_EQ(sheet.status, 303U) << sheet.body;
    EXPECT_EQ(sheet.header("Location"), "/01/08939999000017/10/L1");
    auto const two = check({one, other, one});
    EXPECT_EQ(two.status, 200U);
    EXPECT_TRUE(two.says(said("check.choices")));
    auto const first = two.body.find("href=\"/01/08939999000017/10/L1\"");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(two.body.find("href=\"/01/08939999000017/10/L1\"", first + 1), std::string::npos);
    EXPECT_TRUE(two.says("href=\"/01/08939999000017/10/L2\""));
    EXPECT_TRUE(two.says("Mã sản phẩm (01): 08939999000017, Số lô (10): L2")) << two.body;
}

TEST_F(Console, LeadsFromTheSignUpToPrintedLabels)
{
    auto client = browser();
    auto const signed_up = client.post("/console/sign-up", sign_up_fields());
    ASSERT_EQ(signed_up.header("Location"), "/console/products/new?done=signed_up") << signed_up.body;
    EXPECT_TRUE(client.get("/console").says("chờ Sở phê duyệt"));

    auto const product = post_files(client, "/console/products/new", product_fields(), {photo()});
    ASSERT_EQ(product.status, 303U) << product.body;
    auto const batch_form = client.get(product.header("Location"));
    EXPECT_TRUE(batch_form.says("value=\"L261121\"")) << batch_form.body; // proposed lot
    EXPECT_TRUE(batch_form.says("value=\"2026-11-21\""));                 // made on today
    EXPECT_TRUE(batch_form.says("value=\"2027-11-21\""));                 // use by from the shelf life

    auto const product_id = id_in(product.header("Location"), "product=");
    auto const batch = add_batch(client, product_id);
    auto const steps = client.get("/console/batches/" + batch + "/events/new");
    EXPECT_TRUE(steps.says("Thu hái"));
    auto const step = "/console/batches/" + batch + "/events/new?step=tea.harvest";
    auto const recorded = post_files(client, step,
                                     {{"time", "2026-11-21T06:30"},
                                      {"place", ""},
                                      {"quantity", "125,5"},
                                      {"quantity_unit", "kg"},
                                      {"grade", "1_2"},
                                      {"performed_by", "Vàng A Ản"}},
                                     {photo("photos")});
    ASSERT_EQ(recorded.status, 303U) << recorded.body;
    auto const batch_page = client.get("/console/batches/" + batch);
    EXPECT_TRUE(batch_page.says("Thu hái"));
    EXPECT_TRUE(batch_page.says("125,5 kg")) << batch_page.body;
    EXPECT_TRUE(batch_page.says("có minh chứng"));

    auto const job = client.post("/console/batches/" + batch + "/labels",
                                 {{"stock", "a4-8"}, {"count", "8"}, {"kind", "unit"}, {"first_position", "1"}});
    ASSERT_EQ(job.status, 303U) << job.body;
    auto const job_page = client.get(job.header("Location"));
    EXPECT_EQ(job_page.status, 200U);
    EXPECT_FALSE(job_page.says(said("console.label.specimen_text")));
    auto const pdf = client.get(job.header("Location") + ".pdf");
    EXPECT_EQ(pdf.header("Content-Type"), "application/pdf");
    ASSERT_TRUE(pdf.body.starts_with("%PDF-"));
    auto const codes = codes_of(pdf.body);
    ASSERT_FALSE(codes.empty());
    EXPECT_TRUE(codes.front().starts_with("https://nguon.laichau.example.vn/t/")) << codes.front();

    EXPECT_TRUE(client.get("/console").says(said("console.batch.new"))); // every step is ticked
    EXPECT_GT(connector_woken, 0);
}

TEST_F(Console, SaysWhatIsWrongAtItsFieldAndKeepsWhatWasTyped)
{
    auto client = browser();
    auto fields = sign_up_fields("htx", "0100109107");
    fields[1].second = "";
    fields[3].second = "";
    fields[10].second = "ngắn";
    auto const refused = client.post("/console/sign-up", fields);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("id=\"f-tax_code-error\"")) << refused.body;
    EXPECT_TRUE(refused.says("id=\"f-name-error\""));
    EXPECT_TRUE(refused.says("id=\"f-commune_code-error\""));
    EXPECT_TRUE(refused.says("id=\"f-password-error\""));
    EXPECT_TRUE(refused.says("value=\"bản Hợp Nhất\""));
    EXPECT_TRUE(refused.says("value=\"0100109107\""));
    EXPECT_FALSE(refused.says("ngắn")); // but the password
}

TEST_F(Console, TakesASeatInAnotherProvince)
{
    auto fields = sign_up_fields();
    fields[3].second = "elsewhere";
    auto client = browser();
    auto const refused = client.post("/console/sign-up", fields);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("id=\"f-commune_text-error\"")) << refused.body;
    fields[4].second = "xã Mường Khương, Lào Cai";
    EXPECT_EQ(client.post("/console/sign-up", fields).status, 303U);
    EXPECT_TRUE(client.get("/console/organization").says("xã Mường Khương, Lào Cai"));
}

TEST_F(Console, RefusesAnAuthorityThatSignsItselfUp)
{
    auto fields = sign_up_fields();
    fields[0].second = "authority";
    EXPECT_EQ(browser().post("/console/sign-up", fields).status, 400U);
}

TEST_F(Console, TakesATaxNumberAndALoginOnce)
{
    (void)signed_up();
    auto const again = browser().post("/console/sign-up", sign_up_fields("khac"));
    EXPECT_EQ(again.status, 409U);
    EXPECT_TRUE(again.says("id=\"f-tax_code-error\"")) << again.body;
    auto const login = browser().post("/console/sign-up", sign_up_fields("htx.banbo", "0101248141"));
    EXPECT_EQ(login.status, 409U);
    EXPECT_TRUE(login.says("id=\"f-login-error\"")) << login.body;
}

TEST_F(Console, KeepsAProductFormWithFaults)
{
    auto client = signed_up();
    auto fields = product_fields();
    fields[4].second = "8939999000018";
    auto const refused = post_files(client, "/console/products/new", fields, {photo()});
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says(said("gtin.check_digit", {"8939999000018", "7"}))) << refused.body;
    EXPECT_TRUE(refused.says("value=\"8939999000018\""));
    EXPECT_TRUE(refused.says("value=\"tea\" checked"));
    EXPECT_TRUE(refused.says(said("console.photo_again")));
    Upload const broken{"photo", "a.jpg", "image/jpeg", "khong phai anh"};
    auto const no_picture = post_files(client, "/console/products/new", product_fields(), {broken});
    EXPECT_EQ(no_picture.status, 400U);
    EXPECT_TRUE(no_picture.says(said("picture.format")));
}

TEST_F(Console, HidesWhatBelongsToOthers)
{
    auto mine = signed_up();
    auto const product = add_product(mine);
    auto const batch = add_batch(mine, product);
    post_files(mine, "/console/batches/" + batch + "/events/new?step=tea.harvest",
               {{"time", "2026-11-21T06:30"}, {"quantity", "10"}, {"quantity_unit", "kg"}});
    auto const job =
        mine.post("/console/batches/" + batch + "/labels", {{"stock", "a4-65"}, {"count", "65"}, {"kind", "batch"}});
    auto const job_url = job.header("Location");
    auto const at = mine.get("/console/events").body;
    auto const event = id_in(at.substr(at.find("class=\"steps\"")), "/console/events/");
    auto const event_id = event.substr(0, event.find('"'));
    ASSERT_EQ(mine.get("/console/events/" + event_id).status, 200U);

    auto theirs = signed_up("gao.thansin", "0101248141");
    auto const absent = theirs.get("/console/batches/0199aaaa-0000-7000-8000-00000000ffff");
    EXPECT_EQ(absent.status, 404U);
    for (auto const& url :
         {"/console/products/" + product, "/console/products/" + product + "/edit", "/console/batches/" + batch,
          "/console/batches/" + batch + "/edit", "/console/batches/" + batch + "/events/new",
          "/console/batches/" + batch + "/labels", "/console/batches/new?product=" + product,
          "/console/events/" + event_id, job_url, job_url + ".pdf"})
        EXPECT_EQ(theirs.get(url).status, 404U) << url;
    auto const token = Browser::token_of(theirs.get("/console/batches/new"));
    auto fields = batch_fields(product, "L9");
    fields.emplace_back("csrf", token);
    EXPECT_EQ(theirs.post_raw("/console/batches/new", fields).status, 404U);
    EXPECT_EQ(theirs.post_raw("/console/batches/" + batch + "/labels", fields).status, 404U);
    EXPECT_EQ(theirs.post_raw("/console/events/" + event_id + "/wrong", fields).status, 404U);
    EXPECT_FALSE(theirs.get("/console/batches").says("L261121"));
}

TEST_F(Console, NeedsTheTokenOfItsOwnPages)
{
    auto client = signed_up();
    EXPECT_EQ(client.post_raw("/console/places/new", {{"kind", "factory"}, {"name", "Xưởng"}}).status, 403U);
    EXPECT_EQ(browser().post_raw("/console/sign-up", sign_up_fields("ai.do")).status, 403U);
}

TEST_F(Console, SavesOnceWhenTheButtonIsTappedTwice)
{
    auto client = signed_up();
    auto const batch = add_batch(client, add_product(client));
    Fields const fields{{"form_token", "0199aaaa-0000-7000-8000-00000000abcd"},
                        {"time", "2026-11-21T06:30"},
                        {"quantity", "10"},
                        {"quantity_unit", "kg"}};
    auto const step = "/console/batches/" + batch + "/events/new?step=tea.harvest";
    auto const first = post_files(client, step, fields);
    auto const second = post_files(client, step, fields);
    EXPECT_EQ(first.status, 303U) << first.body;
    EXPECT_EQ(second.header("Location"), first.header("Location"));
    EXPECT_EQ(events_stored(), 1);
    auto other = fields;
    other[2].second = "11";
    auto const changed = post_files(client, step, other);
    EXPECT_EQ(changed.status, 409U);
    EXPECT_TRUE(changed.says(said("form.saved_already")));
}

TEST_F(Console, LocksTheLotOnceLabelsExist)
{
    auto client = signed_up();
    auto const product = add_product(client);
    auto const batch = add_batch(client, product);
    client.post("/console/batches/" + batch + "/labels", {{"stock", "a4-65"}, {"count", "65"}, {"kind", "batch"}});
    auto const edit = "/console/batches/" + batch + "/edit";
    EXPECT_TRUE(client.get(edit).says(said("console.batch.no_reprint")));
    auto fields = batch_fields(product, "L999");
    fields.emplace_back("reason", "gõ nhầm");
    auto const locked = client.post(edit, fields);
    EXPECT_EQ(locked.status, 409U);
    EXPECT_TRUE(locked.says(said("batch.lot_locked", {"L261121"}))) << locked.body;
    fields[1].second = "L261121";
    fields[4].second = "118";
    EXPECT_EQ(client.post(edit, fields).header("Location"), "/console/batches/" + batch + "?done=batch_changed");
    auto const same = client.post("/console/batches/new", batch_fields(product), edit);
    EXPECT_EQ(same.status, 409U);
    EXPECT_TRUE(same.says(said("batch.exists", {"L261121"})));
}

TEST_F(Console, SaysTheSizeOfTheCodeAsARulerShowsIt)
{
    auto client = signed_up();
    auto const page = client.get("/console/batches/" + add_batch(client, add_product(client)) + "/labels");
    std::regex const size{"mã vuông cỡ [0-9]+(,5)? mm"};
    EXPECT_TRUE(std::regex_search(page.body, size)) << page.body;
    EXPECT_EQ(page.body.find(",", page.body.find("mã vuông cỡ ")), page.body.find(",5 mm"));
}

TEST_F(Console, NamesThePersonAndThePlaceInTheMenu)
{
    auto client = signed_up();
    auto const page = client.get("/console/products");
    EXPECT_TRUE(page.says("<span class=\"soft\">Lò Thị Mai</span>"));
    EXPECT_TRUE(page.says("<summary>" + said("layout.menu") + ": <strong>" + said("nav.products") + "</strong>"));
}

TEST_F(Console, OffersThePlaceWhereAStepUsuallyHappens)
{
    auto client = signed_up();
    auto const batch = add_batch(client, add_product(client));
    client.post("/console/places/new", {{"kind", "factory"}, {"name", "Xưởng chè"}});
    client.post("/console/places/new", {{"kind", "growing_area"}, {"name", "Vườn chè"}});
    auto const form_of = [&](std::string const& step) {
        return client.get("/console/batches/" + batch + "/events/new?step=" + step);
    };
    EXPECT_TRUE(form_of("tea.harvest").says(" selected>Vườn chè</option>"));
    EXPECT_TRUE(form_of("tea.harvest").says(said("console.event.place.hint.growing")));
    EXPECT_TRUE(form_of("tea.packing").says(" selected>Xưởng chè</option>"));
}

TEST_F(Console, OffersAFieldWorkerOnlyWhatHeMayOpen)
{
    auto owner = signed_up();
    auto const batch = add_batch(owner, add_product(owner));
    owner.post("/console/batches/" + batch + "/labels", {{"stock", "a4-65"}, {"count", "65"}, {"kind", "batch"}});
    auto const added = write([&](db::Connection& c) -> Result<PersonId> {
        NewAccount wanted;
        wanted.login = "nhat.ky";
        wanted.password_hash = hash_password_now(password, PasswordCost::least);
        wanted.name = "Tòng Văn Biên";
        wanted.role = Role::field_worker;
        wanted.org = db::province_desk::organizations(c, {}, "", std::nullopt, 0, 1).front().id;
        wanted.created_by = "test";
        return create_account(c, wanted, clock.now());
    });
    ASSERT_TRUE(added.ok());
    auto worker = signed_in("nhat.ky");
    std::regex const link{"href=\"(/console[^\"#]*)\""};
    for (auto const& address : {std::string{"/console"}, std::string{"/console/places"}, "/console/batches/" + batch}) {
        auto const page = worker.get(address);
        for (std::sregex_iterator at{page.body.begin(), page.body.end(), link}, end; at != end; ++at)
            EXPECT_LT(worker.get((*at)[1]).status, 400U) << address << " leads to " << (*at)[1];
    }
}

TEST_F(Console, MarksLabelsForAPrivateAddress)
{
    settings.public_url = "http://192.168.1.5:8080";
    auto client = signed_up();
    auto const batch = add_batch(client, add_product(client));
    auto const page = client.get("/console/batches/" + batch + "/labels");
    EXPECT_TRUE(page.says("MẪU"));
    EXPECT_TRUE(page.says("http://192.168.1.5:8080"));
    for (auto const* count : {"0", "100001", "x"})
        EXPECT_EQ(client
                      .post("/console/batches/" + batch + "/labels",
                            {{"stock", "a4-65"}, {"count", count}, {"kind", "batch"}})
                      .status,
                  400U);
}

TEST_F(Console, DeclaresAStepWrongWithAReason)
{
    auto client = signed_up();
    auto const batch = add_batch(client, add_product(client));
    post_files(client, "/console/batches/" + batch + "/events/new?step=tea.harvest",
               {{"time", "2026-11-21T06:30"}, {"quantity", "210"}, {"quantity_unit", "kg"}});
    auto const diary = client.get("/console/events").body;
    auto const found = id_in(diary.substr(diary.find("class=\"steps\"")), "/console/events/");
    auto const url = "/console/events/" + found.substr(0, found.find('"'));
    EXPECT_EQ(client.post(url + "/wrong", {{"reason", ""}}, url).status, 400U);
    auto const marked = client.post(url + "/wrong", {{"reason", "cân nhầm"}}, url);
    EXPECT_EQ(marked.header("Location"), url + "?done=declared_wrong") << marked.body;
    EXPECT_TRUE(client.get(url).says(said("console.event.again")));
    EXPECT_EQ(client.post(url + "/wrong", {{"reason", "lần nữa"}}, url).status, 409U);
}

TEST_F(Console, SaysAtWhichFieldAStepIsWrong)
{
    auto client = signed_up();
    auto const batch = add_batch(client, add_product(client));
    auto const step = "/console/batches/" + batch + "/events/new?step=tea.processing";
    auto const refused = post_files(client, step,
                                    {{"time", "2026-11-21T06:30"},
                                     {"input", batch},
                                     {"input_quantity", "nhiều"},
                                     {"input_unit", "kg"},
                                     {"quantity", "-3"},
                                     {"quantity_unit", "kg"},
                                     {"additives", "không <b>"}});
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("value=\"nhiều\"")) << refused.body;
    EXPECT_TRUE(refused.says("value=\"-3\""));
    EXPECT_TRUE(refused.says("không &lt;b&gt;"));
    EXPECT_TRUE(refused.says(said("event.number", {"nhiều"})));
    auto const more = post_files(client, step, {{"time", "2026-11-21T06:30"}, {"more", "1"}});
    EXPECT_EQ(more.status, 200U);
    EXPECT_EQ(events_stored(), 0);
}

TEST_F(Console, FindsProductsAndBatchesWithoutMarks)
{
    auto client = signed_up();
    auto const product = add_product(client);
    add_batch(client, product);
    EXPECT_TRUE(client.get("/console/products?query=che+kim+tuyen").says("Chè xanh Kim Tuyên"));
    EXPECT_FALSE(client.get("/console/products?query=gao").says("Chè xanh Kim Tuyên"));
    EXPECT_TRUE(client.get("/console/batches?query=l2611").says("L261121"));
    EXPECT_TRUE(client.get("/console/batches?query=kim+tuyen").says("L261121"));
}

TEST_F(Console, KeepsCertificatesWithTheirStateOfToday)
{
    auto client = signed_up();
    Fields const fields{{"kind", "vietgap"}, {"number", "VG-12/2026"},     {"issuer", "Trung tâm chứng nhận"},
                        {"product", ""},     {"valid_from", "2024-12-01"}, {"valid_to", "2026-12-01"}};
    Upload const file{"file", "giay.pdf", "application/pdf", "%PDF-1.4 giay"};
    auto const saved = post_files(client, "/console/certificates/new", fields, {file});
    EXPECT_EQ(saved.status, 303U) << saved.body;
    auto const list = client.get("/console/certificates");
    EXPECT_TRUE(list.says("sắp hết hạn")) << list.body;
    EXPECT_TRUE(list.says("có minh chứng"));
    auto const at = list.body.find("/console/files/");
    auto const url = list.body.substr(at, 15 + 64);
    EXPECT_EQ(client.get(url).body, file.bytes);
    EXPECT_TRUE(client.get(url).header("Content-Disposition").starts_with("attachment"));
    auto stranger = signed_up("gao.thansin", "0101248141");
    EXPECT_EQ(stranger.get(url).status, 404U);
    Upload const script{"file", "x.pdf", "application/pdf", "<script>"};
    auto const refused = post_files(client, "/console/certificates/new", fields, {script});
    EXPECT_TRUE(refused.says(said("file.kind")));
    clock.advance(std::chrono::days{20});
    EXPECT_TRUE(signed_in("htx.banbo").get("/console/certificates").says("đã hết hạn"));
}

TEST_F(Console, ChangesTheOrganizationAndItsPlaces)
{
    auto client = signed_up();
    auto const page = client.get("/console/organization/edit");
    EXPECT_TRUE(page.says("value=\"0912345678\"")) << page.body;
    Fields fields{{"name", "Hợp tác xã Chè Bản Bo"}, {"tax_code", "0100109106"}, {"commune_code", "03424"},
                  {"address_line", "bản Nà Sẳng"},   {"phone", "0912345678"},    {"reason", ""}};
    EXPECT_EQ(client.post("/console/organization/edit", fields).status, 400U);
    fields.back().second = "chuyển trụ sở";
    EXPECT_EQ(client.post("/console/organization/edit", fields).header("Location"), "/console/organization?done=saved");
    auto const shown = client.get("/console/organization");
    EXPECT_TRUE(shown.says("bản Nà Sẳng"));
    EXPECT_TRUE(shown.says("chuyển trụ sở"));
    EXPECT_EQ(
        client.post("/console/places/new", {{"kind", "factory"}, {"name", "Xưởng chè"}, {"area_ha", "1,5"}}).status,
        303U);
    EXPECT_TRUE(client.get("/console/places").says("Xưởng chè"));
    auto const wrong = client.post("/console/places/new",
                                   {{"kind", "factory"}, {"name", "X"}, {"latitude", "95"}, {"longitude", "103"}});
    EXPECT_EQ(wrong.status, 400U);
}

TEST_F(Console, HidesAHouseholdsNumber)
{
    auto fields = sign_up_fields("ho.lo", "012345678901");
    fields[0].second = "household";
    auto client = browser();
    ASSERT_EQ(client.post("/console/sign-up", fields).status, 303U);
    auto const shown = client.get("/console/organization");
    EXPECT_TRUE(shown.says("********8901"));
    EXPECT_FALSE(shown.says("012345678901"));
    Fields const change{
        {"name", "Hộ Lò Văn"}, {"commune_code", "03424"}, {"address_line", "bản"}, {"reason", "đổi tên"}};
    EXPECT_EQ(client.post("/console/organization/edit", change).status, 303U);
    EXPECT_TRUE(client.get("/console/organization").says("********8901"));

    auto const form = client.get("/console/organization/edit");
    EXPECT_TRUE(form.says("********8901"));
    EXPECT_FALSE(form.says("012345678901"));
    auto renumbered = change;
    renumbered.emplace_back("tax_code", "098765432109");
    EXPECT_EQ(client.post("/console/organization/edit", renumbered).status, 303U);
    auto const renewed = client.get("/console/organization");
    EXPECT_TRUE(renewed.says("********2109"));
    EXPECT_FALSE(renewed.says("098765432109"));
}

TEST_F(Console, IssuesSlipsForUsers)
{
    auto client = signed_up();
    auto const slip = client.post("/console/members/slips", {{"role", "field-worker"}}, "/console/members");
    EXPECT_EQ(slip.status, 200U);
    auto const at = slip.body.find("<span class=\"code\">");
    ASSERT_NE(at, std::string::npos);
    auto const code = slip.body.substr(at + 19, 14);
    auto worker = browser();
    auto const made = worker.post(
        "/console/slip",
        {{"code", code}, {"login", "an.vang"}, {"name", "Vàng A Ản"}, {"password", password}, {"again", password}});
    EXPECT_EQ(made.status, 303U) << made.body;
    EXPECT_EQ(worker.get("/console/products/new").status, 403U);
    EXPECT_EQ(worker.get("/console/ledger").status, 200U);
    EXPECT_EQ(worker.get("/console/members").status, 403U);
    EXPECT_TRUE(client.get("/console/members").says("an.vang"));
    EXPECT_EQ(client.post("/console/members/slips", {{"role", "province-operator"}}, "/console/members").status, 400U);
    auto stranger = signed_up("gao.thansin", "0101248141");
    auto const page = client.get("/console/members").body;
    auto const person_at = page.find("name=\"person\" value=\"");
    auto const person = page.substr(person_at + 21, 36);
    EXPECT_EQ(stranger.post("/console/members/slips", {{"person", person}}, "/console/members").status, 404U);
}

TEST_F(Console, EveryPageOpensInBothLanguagesWithEverySentence)
{
    auto client = signed_up();
    auto const product = add_product(client);
    auto const batch = add_batch(client, product);
    for (auto const& url : {std::string{"/console"},
                            std::string{"/console/organization"},
                            std::string{"/console/organization/edit"},
                            std::string{"/console/places"},
                            std::string{"/console/places/new"},
                            std::string{"/console/products"},
                            std::string{"/console/products/new"},
                            "/console/products/" + product,
                            "/console/products/" + product + "/edit",
                            std::string{"/console/batches"},
                            std::string{"/console/batches/new"},
                            "/console/batches/" + batch,
                            "/console/batches/" + batch + "/edit",
                            "/console/batches/" + batch + "/events/new",
                            "/console/batches/" + batch + "/events/new?step=tea.processing",
                            "/console/batches/" + batch + "/labels",
                            std::string{"/console/events"},
                            std::string{"/console/ledger"},
                            std::string{"/console/people"},
                            std::string{"/console/certificates"},
                            std::string{"/console/certificates/new"},
                            std::string{"/console/members"}})
        for (auto const* language : {"vi", "en"}) {
            auto const mark = url.find('?') == std::string::npos ? "?lang=" : "&lang=";
            auto const page = client.get(url + mark + language);
            EXPECT_EQ(page.status, 200U) << url;
            EXPECT_FALSE(page.says(">console.")) << url << page.body.substr(page.body.find(">console."), 60);
        }
    EXPECT_EQ(locale->missing(), 0U);
}

TEST_F(Console, KeepsHostileNamesAsText)
{
    auto client = signed_up();
    auto fields = product_fields();
    fields[0].second = "\"><svg onload=alert(1)>{{csrf}}";
    auto const product = add_product(client, fields);
    auto const batch = add_batch(client, product);
    for (auto const& url :
         {std::string{"/console/products"}, "/console/products/" + product, "/console/products/" + product + "/edit",
          "/console/batches/" + batch, std::string{"/console/batches"}, "/console/batches/" + batch + "/labels",
          std::string{"/console/ledger"}}) {
        auto const page = client.get(url);
        EXPECT_EQ(page.status, 200U) << url;
        EXPECT_FALSE(page.says("<svg onload")) << url;
    }
}

TEST_F(Console, LeadsOfficersToTheirOwnDesk)
{
    add_person("can.bo", Role::province_operator);
    auto officer = signed_in("can.bo");
    EXPECT_EQ(officer.get("/console").header("Location"), "/province");
    EXPECT_EQ(browser().get("/console/batches").header("Location"), "/console/sign-in?next=%2Fconsole%2Fbatches");
}

} // namespace
} // namespace nguon::server
