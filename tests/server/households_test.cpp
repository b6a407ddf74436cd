#include "core/limits.hpp"
#include "core/office/workbook.hpp"
#include "server/app/spreadsheet.hpp"
#include "tests/support/console_test.hpp"
#include "tests/support/zip_archive.hpp"

namespace nguon::server {
namespace {

using nguon::testing::archive_of;
using nguon::testing::Fields;
using nguon::testing::sheet_parts;
using nguon::testing::Upload;

class Households : public nguon::testing::ConsoleTest {};

Upload sheet(app::SheetRows const& rows)
{
    return {"file", "ho.xlsx", "application/octet-stream", office::write_sheet("Hộ thành viên", rows)};
}

app::SheetRows households(int count)
{
    app::SheetRows rows{{"Họ tên", "Điện thoại", "Thửa", "Diện tích (ha)", "Mã xã", "Mã vùng trồng"}};
    for (int i = 0; i < count; ++i)
        rows.push_back({"Vàng A Hộ " + std::to_string(i), "", "Nương " + std::to_string(i), "0,35", "03424", ""});
    return rows;
}

TEST_F(Households, AreImportedFromExcel)
{
    auto client = signed_up();
    auto rows = households(3);
    rows[2][3] = "rộng";
    rows[3][1] = "12";
    auto const refused = post_files(client, "/console/people/import", {}, {sheet(rows)}, "/console/people");
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says(">D3<")) << refused.body;
    EXPECT_TRUE(refused.says(">B4<"));
    EXPECT_FALSE(client.get("/console/people").says("Nương 0"));

    auto const taken = post_files(client, "/console/people/import", {}, {sheet(households(3))}, "/console/people");
    EXPECT_EQ(taken.status, 303U) << taken.body;
    EXPECT_TRUE(client.get("/console/people").says("Nương 2"));

    auto const sample = client.get("/console/people/sheet.xlsx");
    auto const read = app::read_sheet(sample.body);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ((*read)[0][0], "Họ tên");
}

TEST_F(Households, RefuseHostileSheetsAndGoOn)
{
    auto client = signed_up();
    auto const answer_to = [&](std::string bytes) {
        Upload const file{"file", "ho.xlsx", "application/octet-stream", std::move(bytes)};
        return post_files(client, "/console/people/import", {}, {file}, "/console/people");
    };
    auto const refuses = [&](std::string bytes, std::string const& sentence) {
        auto const answer = answer_to(std::move(bytes));
        EXPECT_EQ(answer.status, 400U) << sentence;
        EXPECT_TRUE(answer.says(sentence)) << answer.body;
    };
    auto const good = sheet(households(2)).bytes;
    refuses("PK\x03\x04 junk", said("sheet.format"));
    refuses(good.substr(0, good.size() / 2), said("sheet.format"));
    auto bomb = sheet_parts("");
    bomb.push_back({"xl/sharedStrings.xml", "<sst>" + std::string(80'000'000, ' ') + "</sst>"});
    auto const too_large =
        said("sheet.too_large", {std::to_string(limits::sheet_rows_max), std::to_string(limits::sheet_columns_max)});
    refuses(archive_of(bomb), too_large);
    refuses(std::string(limits::sheet_bytes_max + 1, 'x'), too_large);
    refuses("PK, and the reader dies", said("file.unreadable"));

    EXPECT_EQ(answer_to(good).status, 303U);
    EXPECT_TRUE(client.get("/console/people").says("Nương 1"));
}

TEST_F(Households, FillALedgerOfFortyRows)
{
    auto client = signed_up();
    auto const batch = add_batch(client, add_product(client));
    post_files(client, "/console/people/import", {}, {sheet(households(40))}, "/console/people");
    auto const page = client.get("/console/ledger").body;
    Fields fields{{"batch", batch}, {"time", "2026-11-21T07:00"}, {"place", ""}};
    int rows = 0;
    for (auto at = page.find("name=\"plot\" value=\""); at != std::string::npos;
         at = page.find("name=\"plot\" value=\"", at + 1)) {
        fields.emplace_back("plot", page.substr(at + 19, 36));
        fields.emplace_back("kilograms", rows == 39 ? "" : std::to_string(10 + rows) + ",5");
        fields.emplace_back("grade", "1 tôm 2 lá");
        ++rows;
    }
    ASSERT_EQ(rows, 40);
    auto added_up = fields;
    added_up.emplace_back("sum", "1");
    EXPECT_TRUE(client.post("/console/ledger", added_up).says("1.150,5 kg")); // 39 rows: 10,5 … 48,5
    EXPECT_EQ(events_stored(), 0);

    auto wrong = fields;
    wrong[4].second = "nặng";
    auto const refused = client.post("/console/ledger", wrong);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("id=\"f-row-1-error\"")) << refused.body;
    EXPECT_TRUE(refused.says("value=\"nặng\""));
    EXPECT_EQ(events_stored(), 0);

    auto const saved = client.post("/console/ledger", fields);
    EXPECT_EQ(saved.status, 303U) << saved.body;
    EXPECT_EQ(events_stored(), 39);
    auto const yesterday = client.get("/console/ledger?like=yesterday");
    EXPECT_TRUE(yesterday.says("value=\"48,5\"")) << yesterday.body;
    EXPECT_TRUE(yesterday.says("<option value=\"1 tôm 2 lá\" selected>"));
    EXPECT_TRUE(client.get("/console/events").says("ghi hộ"));
}

} // namespace
} // namespace nguon::server
