#include "tests/support/two_enterprises.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::Fields;

/// "Máy in, giấy và mẫu tem": what an enterprise's people see and do.
class PrintersConsole : public nguon::testing::TwoEnterprises {
protected:
    static constexpr auto* list = "/console/printers";

    void SetUp() override
    {
        TwoEnterprises::SetUp();
        add_person("chu", Role::enterprise_owner, a.org);
        owner = std::make_unique<Browser>(signed_in("chu"));
    }

    /// Where an answer leads, without what stands behind "?".
    static std::string page_of(Answer const& saved)
    {
        EXPECT_EQ(saved.status, 303U) << saved.body;
        auto const location = saved.header("Location");
        return location.substr(0, location.find('?'));
    }

    std::string office_printer()
    {
        return page_of(owner->post(std::string{list} + "/new", {{"name", "Máy in văn thư"}, {"format", "pdf"}}));
    }

    std::unique_ptr<Browser> owner;
};

TEST_F(PrintersConsole, AddsChangesAndRemovesAPrinter)
{
    EXPECT_TRUE(owner->get("/console/batches/" + a.batch.text() + "/labels").says("href=\"/console/printers\""));
    EXPECT_TRUE(owner->get("/console/labels").says("href=\"/console/printers\""));
    Fields fields{{"name", "Máy in nhà kho"}, {"format", "tspl"}, {"offset_x", "25"}};
    auto const refused = owner->post(std::string{list} + "/new", fields);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("value=\"Máy in nhà kho\"")); // what was typed stands there again
    EXPECT_TRUE(refused.says("id=\"f-offset_x-error\""));
    fields[2].second = "-1,25";
    auto const page = page_of(owner->post(std::string{list} + "/new", fields));
    EXPECT_TRUE(owner->get(page).says("value=\"-1,25\""));
    EXPECT_TRUE(owner->get(page).says("<option value=\"203\" selected>"));
    EXPECT_TRUE(owner->get(list).says("Máy in nhà kho"));
    EXPECT_TRUE(owner->get("/console/batches/" + a.batch.text() + "/labels").says("Máy in nhà kho"));

    fields[0].second = "Máy in xưởng";
    EXPECT_EQ(page_of(owner->post(page, fields)), page);
    EXPECT_TRUE(owner->get(list).says("Máy in xưởng"));
    EXPECT_EQ(owner->post(page, {{"action", "remove"}}).header("Location"), "/console/printers?done=printer_removed");
    EXPECT_FALSE(owner->get(list).says("Máy in xưởng"));
    EXPECT_EQ(owner->get(page).status, 404U);
}

TEST_F(PrintersConsole, MovesWhatIsPrintedByWhatWasMeasured)
{
    auto const page = office_printer();
    auto const sheet = owner->get(page + "/sheet?stock=a4-24");
    EXPECT_EQ(sheet.header("Content-Type"), "application/pdf");
    EXPECT_TRUE(sheet.body.starts_with("%PDF"));

    // The cross belongs 20 mm from both edges.
    auto const saved = owner->post(page + "/calibration",
                                   {{"stock", "a4-24"}, {"x", "18,5"}, {"y", "20,8"}, {"seen_version", "1"}}, page);
    EXPECT_EQ(page_of(saved), page);
    auto const after = owner->get(saved.header("Location"));
    EXPECT_TRUE(after.says("Đã dịch sang phải 1,5 mm, lên 0,8 mm."));
    EXPECT_TRUE(after.says("Mọi tem được dịch sang phải 1,5 mm, lên 0,8 mm."));
    EXPECT_TRUE(after.says("name=\"offset_x\" type=\"text\" value=\"1,5\""));
    EXPECT_TRUE(after.says("name=\"offset_y\" type=\"text\" value=\"-0,8\""));
    EXPECT_NE(owner->get(page + "/sheet?stock=a4-24").body, sheet.body);
}

TEST_F(PrintersConsole, TakesTheReadingOfASheetOnce)
{
    auto const page = office_printer();
    Fields const fields{{"stock", "a4-24"}, {"x", "18,5"}, {"y", "20,8"}, {"seen_version", "1"}};
    EXPECT_EQ(owner->post(page + "/calibration", fields, page).status, 303U);
    auto const again = owner->post(page + "/calibration", fields, page);
    EXPECT_EQ(again.status, 409U);
    EXPECT_TRUE(again.says("Hãy tải tờ thử mới")) << again.body;
    EXPECT_TRUE(owner->get(page).says("Mọi tem được dịch sang phải 1,5 mm, lên 0,8 mm."));
}

TEST_F(PrintersConsole, TakesTheLengthsOfTheRulers)
{
    auto const page = office_printer();
    auto const shown = owner->get(page + "?stock=a4-24");
    EXPECT_TRUE(shown.says("cách mép trái của giấy 20 mm")) << shown.body;
    Fields const fields{{"stock", "a4-24"},   {"x", "20"},     {"y", "20"},
                        {"ruler_x", "148,5"}, {"ruler_y", ""}, {"seen_version", "1"}};
    auto const after = owner->get(owner->post(page + "/calibration", fields, page).header("Location"));
    EXPECT_TRUE(after.says("Máy in đã đúng chỗ"));
    EXPECT_TRUE(after.says("Cỡ in ngang 101,01 %, dọc 100 %.")) << after.body;

    // Its own figures can be saved again.
    EXPECT_EQ(owner->post(page, {{"name", "Máy in văn thư"}, {"format", "pdf"}, {"scale_x_percent", "101,01"}}).status,
              303U);
}

TEST_F(PrintersConsole, RefusesAReadingThatCannotBe)
{
    auto const page = office_printer();
    auto const refused =
        owner->post(page + "/calibration", {{"stock", "a4-24"}, {"x", "180"}, {"y", "hai mươi"}}, page);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("id=\"f-y-error\""));
    EXPECT_TRUE(refused.says("value=\"180\""));
    EXPECT_TRUE(
        owner->post(page + "/calibration", {{"stock", "a4-24"}, {"x", "180"}, {"y", "20"}, {"seen_version", "1"}}, page)
            .says("id=\"f-x-error\""));
    EXPECT_TRUE(owner->get(page).says("Chưa căn chỉnh."));
}

TEST_F(PrintersConsole, GivesALabelPrinterRollsAndItsLanguage)
{
    auto const page = page_of(owner->post(std::string{list} + "/new", {{"name", "Xprinter"}, {"format", "tspl"}}));
    EXPECT_FALSE(owner->get(page).says("value=\"a4-24\""));
    EXPECT_EQ(owner->get(page + "/sheet?stock=a4-24").status, 400U);
    auto const sheet = owner->get(page + "/sheet");
    EXPECT_EQ(sheet.header("Content-Type"), "application/octet-stream");
    EXPECT_NE(sheet.body.find("BITMAP"), std::string::npos);
}

TEST_F(PrintersConsole, KeepsAMeasuredSheetAndSaysWhichLengthIsWrong)
{
    Fields fields{{"name", "Tờ 12 tem"},  {"columns", "2"},      {"rows", "6"},          {"label_width", "90,5"},
                  {"label_height", "45"}, {"margin_left", "10"}, {"margin_top", "12,5"}, {"pitch_x", "60"},
                  {"page_width", "210"},  {"page_height", "297"}};
    auto const refused = owner->post("/console/stocks/new", fields);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("id=\"f-pitch_x-error\"")); // the labels would overlap
    EXPECT_TRUE(refused.says("value=\"90,5\""));
    fields[7].second = "95";
    EXPECT_EQ(owner->post("/console/stocks/new", fields).header("Location"), "/console/printers?done=saved");
    EXPECT_TRUE(owner->get(list).says("90,5 × 45 mm"));
    EXPECT_TRUE(owner->get("/console/batches/" + a.batch.text() + "/labels").says("Tờ 12 tem"));

    auto const body = owner->get(list).body;
    auto const at = body.find("/console/stocks/", body.find("Tờ 12 tem"));
    auto const page = body.substr(at, body.find('"', at) - at);
    EXPECT_TRUE(owner->get(page).says("value=\"12,5\""));
    fields[0].second = "Tờ 12 tem của chợ";
    EXPECT_EQ(owner->post(page, fields).status, 303U);
    EXPECT_TRUE(owner->get(list).says("Tờ 12 tem của chợ"));
    EXPECT_EQ(owner->post(page, {{"action", "remove"}}).header("Location"), "/console/printers?done=stock_removed");
    EXPECT_EQ(owner->get(page).status, 404U);
}

TEST_F(PrintersConsole, AsksForARollOnlyWhatItHas)
{
    auto const form = owner->get("/console/stocks/new?roll=1");
    EXPECT_FALSE(form.says("name=\"rows\""));
    EXPECT_TRUE(form.says("name=\"roll\" value=\"1\""));
    Fields fields{{"roll", "1"},          {"name", "Cuộn 50 × 30"}, {"columns", "1"},
                  {"label_width", "500"}, {"label_height", "30"},   {"pitch_y", "33"}};
    auto const refused = owner->post("/console/stocks/new", fields);
    EXPECT_TRUE(refused.says("id=\"f-label_width-error\""));
    EXPECT_FALSE(refused.says("name=\"rows\""));
    fields[3].second = "50";
    EXPECT_EQ(owner->post("/console/stocks/new", fields).status, 303U);
    EXPECT_TRUE(owner->get(list).says("50 × 30 mm"));
}

TEST_F(PrintersConsole, ShowsOneLabelBeforeAnythingIsKept)
{
    auto const form = "/console/batches/" + a.batch.text() + "/labels";
    auto const jobs = owner->get("/console/labels").body;
    Fields fields{{"stock", "a4-24"}, {"kind", "unit"}, {"count", "24"}, {"action", "preview"}};
    auto const shown = owner->post(form, fields);
    EXPECT_EQ(shown.status, 200U);
    EXPECT_TRUE(shown.says("Xem thử một tem"));
    EXPECT_TRUE(shown.says("name=\"count\" type=\"text\" value=\"24\"")); // what was typed stands there again
    EXPECT_TRUE(shown.says("/labels/preview?stock=a4-24&amp;kind=unit"));
    auto const count_of_jobs = [this] { return owner->get("/console/labels").body.size(); };
    EXPECT_EQ(count_of_jobs(), jobs.size());

    auto const picture = owner->get(form + "/preview?stock=a4-24&kind=unit");
    EXPECT_EQ(picture.status, 200U);
    EXPECT_EQ(picture.header("Content-Type"), "image/svg+xml");
    EXPECT_EQ(picture.header("Cache-Control"), "no-store");
    EXPECT_NE(picture.body.find("<svg"), std::string::npos);
    EXPECT_EQ(owner->get(form + "/preview?stock=a4-0").status, 400U);

    auto const made = page_of(owner->post(std::string{list} + "/new", {{"name", "Xprinter"}, {"format", "tspl"}}));
    auto const printer = made.substr(made.rfind('/') + 1);
    auto const roll = owner->get(form + "/preview?stock=roll-50x30&printer=" + printer);
    EXPECT_EQ(roll.header("Content-Type"), "image/png") << roll.body;

    fields[0].second = "a4-24";
    fields.emplace_back("printer", printer); // cannot print sheets
    auto const fault = owner->post(form, fields);
    EXPECT_EQ(fault.status, 200U);
    EXPECT_FALSE(fault.says("/labels/preview?"));
    EXPECT_TRUE(fault.says("notice bad"));
}

} // namespace
} // namespace nguon::server
