#include "core/limits/imports.hpp"
#include "core/office/workbook.hpp"
#include "db/organizations.hpp"
#include "server/app/imports.hpp"
#include "tests/support/console_test.hpp"

#include <regex>

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::Fields;
using nguon::testing::Upload;

constexpr auto firms_path = "/province/organizations/import";
constexpr auto products_path = "/console/products/import";

/// Lists from sheets: tried first, then written.
class Imports : public nguon::testing::ConsoleTest {
protected:
    static Upload sheet(app::SheetRows const& rows)
    {
        return {"file", "ds.xlsx", "application/octet-stream", office::write_sheet("Danh sách", rows)};
    }

    static app::SheetRows firms()
    {
        return {{"Tên đơn vị", "Loại", "Mã số thuế", "Xã, phường", "Địa chỉ", "Điện thoại"},
                {"Hợp tác xã Chè Bản Bo", "Hợp tác xã", "100109106", "xã Bản Bo", "bản Hợp Nhất", "912345678"},
                {"Hộ Lò Văn Nam", "hộ kinh doanh", "12093001234", "Bản Bo", "", ""}};
    }

    static app::SheetRows goods()
    {
        return {{"Tên sản phẩm", "Nhóm hàng", "Khối lượng", "Đơn vị", "Số dưới mã vạch", "Tiêu chuẩn áp dụng"},
                {"Chè xanh", "Chè", "0.2", "kg", "8938505974019", "TCCS 01:2026/BB; TCVN 9740:2013"},
                {"Chè đen", "tea", "200", "g", "", ""},
                {"Chè đen", "tea", "500", "gam", "", ""}};
    }

    Browser officer(std::string const& login = "mai.lo", std::string const& area = {})
    {
        NewAccount wanted;
        wanted.login = login;
        wanted.password_hash = hash_password_now(password, PasswordCost::least);
        wanted.name = "Lò Thị Mai";
        wanted.role = Role::province_operator;
        wanted.area = area;
        wanted.created_by = "test";
        EXPECT_TRUE(write([&](db::Connection& c) { return create_account(c, wanted, clock.now()); }).ok());
        return signed_in(login);
    }

    /// The hidden field of a trial that went well.
    static std::string lines_of(Answer const& tried)
    {
        std::smatch found;
        if (!std::regex_search(tried.body, found, std::regex{"name=\"lines\" value=\"([^\"]*)\""})) return {};
        return std::regex_replace(found[1].str(), std::regex{"&quot;"}, "\"");
    }

    static Answer try_out(Browser& client, std::string const& path, app::SheetRows const& rows)
    {
        return post_files(client, path, {}, {sheet(rows)});
    }
    static Answer write_out(Browser& client, std::string const& path, Answer const& tried, std::string const& token)
    {
        return post_files(client, path, {{"lines", lines_of(tried)}, {"form_token", token}});
    }

    std::string counted(int added, int known)
    {
        return said("import.tried", {std::to_string(added), std::to_string(known)});
    }

    std::int64_t organizations()
    {
        return database
            ->read_now([](db::Connection& c) -> Result<std::int64_t> { return db::organizations::count(c, ""); })
            .value_or(-1);
    }
};

TEST_F(Imports, OrganizationsAreTriedThenWrittenOnce)
{
    auto client = officer();
    auto const before = organizations();
    auto const tried = try_out(client, firms_path, firms());
    EXPECT_EQ(tried.status, 200U) << tried.body;
    EXPECT_TRUE(tried.says(counted(2, 0))) << tried.body;
    EXPECT_EQ(organizations(), before); // a trial writes nothing

    EXPECT_EQ(write_out(client, firms_path, tried, "t1").header("Location"), "/province/organizations?done=imported");
    EXPECT_EQ(organizations(), before + 2);
    auto const coop =
        database->read_now([](db::Connection& c) { return db::organizations::find_by_tax_code(c, "0100109106"); });
    ASSERT_TRUE(coop.ok()); // the zero that Excel dropped
    EXPECT_EQ(coop->commune_code, "03424");
    EXPECT_EQ(coop->status, "pending");

    auto const again = try_out(client, firms_path, firms());
    EXPECT_TRUE(again.says(counted(0, 2))) << again.body;
    EXPECT_TRUE(lines_of(again).empty()); // nothing to write
    write_out(client, firms_path, tried, "t2");
    EXPECT_EQ(organizations(), before + 2);
}

TEST_F(Imports, EveryFaultyCellIsNamedAndNothingWritten)
{
    auto client = officer();
    auto const before = organizations();
    auto rows = firms();
    rows[1][2] = "0100109107"; // check digit
    rows[2][1] = "công ty lạ";
    rows.push_back({"Hợp tác xã Khác", "Hợp tác xã", "0100686209", "Nơi Nào", "", ""});
    rows.push_back(rows.back());
    rows[4][3] = "Bản Bo";
    rows.push_back(rows.back());
    auto const refused = try_out(client, firms_path, rows);
    EXPECT_EQ(refused.status, 400U);
    for (auto const* cell : {">C2<", ">B3<", ">D4<", ">A6<"}) EXPECT_TRUE(refused.says(cell)) << cell << refused.body;
    EXPECT_TRUE(refused.says("Doanh nghiệp, Hợp tác xã")); // what may stand there, in words
    EXPECT_TRUE(refused.says(said("import.twice", {"4"})));
    EXPECT_EQ(organizations(), before);

    auto const no_header = try_out(client, firms_path, {{"Tên đơn vị"}, {"A"}});
    EXPECT_TRUE(no_header.says(said("sheet.header_missing", {"Loại"}))) << no_header.body;
    EXPECT_EQ(post_files(client, firms_path, {{"lines", "{\"columns\":1}"}, {"form_token", "t"}}).status, 400U);
}

TEST_F(Imports, HaveALimitThatIsCounted)
{
    auto client = officer();
    app::SheetRows rows{firms()[0]};
    for (std::size_t i = 0; i <= limits::import_lines_max; ++i) rows.push_back(firms()[1]);
    auto const refused = try_out(client, firms_path, rows);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says(said("import.too_many", {std::to_string(limits::import_lines_max)})));
    EXPECT_NE(metrics.text().find("limit_hits_total{limit=\"import.too_many\"} 1"), std::string::npos);
}

TEST_F(Imports, OfAnAreaStayWithinIt)
{
    auto client = officer("vung.bo", "03390");
    auto const refused = try_out(client, firms_path, firms());
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says(said("import.outside_area"))) << refused.body;
    auto owner = signed_up();
    EXPECT_EQ(owner.get(firms_path).status, 403U);
}

TEST_F(Imports, ProductsAreTriedThenWrittenOnce)
{
    auto client = signed_up();
    auto const tried = try_out(client, products_path, goods());
    EXPECT_TRUE(tried.says(counted(3, 0))) << tried.body;
    EXPECT_FALSE(client.get("/console/products").says("Chè đen"));
    EXPECT_EQ(write_out(client, products_path, tried, "t1").header("Location"), "/console/products?done=imported");
    EXPECT_TRUE(client.get("/console/products").says("Chè đen"));
    EXPECT_TRUE(try_out(client, products_path, goods()).says(counted(0, 3)));

    auto rows = goods();
    rows[3][1] = "Xe máy";
    rows[2][2] = "1.250"; // either of two numbers
    auto const refused = try_out(client, products_path, rows);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says(">B4<")) << refused.body;
    EXPECT_TRUE(refused.says(">C3<"));

    auto other = signed_up("htx.khac", "0100686209");
    auto const disputed = try_out(other, products_path, goods());
    EXPECT_TRUE(disputed.says(">E2<")) << disputed.body; // another's barcode
    EXPECT_FALSE(disputed.says("name=\"lines\""));
}

TEST_F(Imports, OfferASheetToFillIn)
{
    auto client = officer();
    auto const firms_sheet = app::read_sheet(client.get("/province/organizations/import/sheet.xlsx").body);
    ASSERT_TRUE(firms_sheet.ok());
    EXPECT_EQ((*firms_sheet)[0][0], "Tên đơn vị");
    EXPECT_TRUE(app::read_sheet_lines(*firms_sheet, app::organization_columns()).ok());
    auto owner = signed_up();
    auto const goods_sheet = app::read_sheet(owner.get("/console/products/import/sheet.xlsx").body);
    ASSERT_TRUE(goods_sheet.ok());
    EXPECT_TRUE(app::read_sheet_lines(*goods_sheet, app::product_columns()).ok());
}

} // namespace
} // namespace nguon::server
