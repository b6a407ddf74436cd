#include "tests/support/console_test.hpp"
#include "tests/support/stored_rows.hpp"
#include "tests/support/typed_form.hpp"

#include <functional>

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::fault_at;
using nguon::testing::Fields;
using nguon::testing::shown_value;
using nguon::testing::stored_rows;

/// One field with something that cannot be right, and what its sentence must say.
struct Wrong {
    std::string field;
    std::string typed;
    std::string key;
    std::vector<std::string> values = {};
};

using Send = std::function<Answer(Fields const&)>;

/// Every form that people fill in, each field of it wrong in turn.
class FormErrors : public nguon::testing::ConsoleTest {
protected:
    static Fields with(Fields fields, std::string const& name, std::string const& value)
    {
        for (auto& field : fields) {
            if (field.first != name) continue;
            field.second = value;
            return fields;
        }
        fields.emplace_back(name, value);
        return fields;
    }

    /// The sentence stands at the field, everything typed is still there, and nothing was written.
    void expect_refusal(Send const& send, Fields const& fields, Wrong const& wrong)
    {
        SCOPED_TRACE(wrong.field + " = \"" + wrong.typed.substr(0, 40) + "\"");
        auto const before = stored_rows(*database);
        auto const typed = with(fields, wrong.field, wrong.typed);
        auto const page = send(typed);
        EXPECT_EQ(page.status, 400U) << page.body;
        auto const sentence = locale->text("vi", wrong.key, wrong.values);
        if (shown_value(page.body, wrong.field) == wrong.typed && page.says("id=\"f-" + wrong.field + "-hint"))
            EXPECT_EQ(fault_at(page.body, wrong.field).value_or(""), sentence);
        else
            EXPECT_TRUE(page.says(sentence)) << page.body;
        for (auto const& [name, value] : typed) {
            if (name == "password") continue;
            EXPECT_EQ(shown_value(page.body, name).value_or("nothing"), value) << name;
        }
        EXPECT_EQ(stored_rows(*database), before);
    }

    void expect_refusals(Send const& send, Fields const& fields, std::vector<Wrong> const& wrongs)
    {
        for (auto const& wrong : wrongs) expect_refusal(send, fields, wrong);
        EXPECT_EQ(locale->missing(), 0U);
    }
};

Send posting(Browser& client, std::string const& target)
{
    return [&client, target](Fields const& fields) { return client.post(target, fields); };
}

TEST_F(FormErrors, OfAProduct)
{
    auto client = signed_up();
    auto const send = [&](Fields const& fields) { return post_files(client, "/console/products/new", fields); };
    expect_refusals(send, product_fields(),
                    {{"name", "", "field.required"},
                     {"name", "Chè \x01", "text.control", {"U+0001", "5"}},
                     {"group_code", "", "field.required"},
                     {"gtin", "8939999000018", "gtin.check_digit", {"8939999000018", "7"}},
                     {"gtin", "893999900001", "gtin.check_digit", {"893999900001", "6"}},
                     {"gtin", "89399", "gtin.length", {"89399", "5"}},
                     {"gtin", "893A999000017", "gtin.digits", {"893A999000017"}},
                     {"net_weight", "1.250", "decimal.ambiguous", {"1.250"}},
                     {"net_weight", "hai lạng", "decimal.format", {"hai lạng"}},
                     {"net_weight", "-5", "decimal.negative", {"-5"}},
                     {"net_weight", "0", "product.weight_zero"},
                     {"weight_unit", "", "product.weight_without_unit"},
                     {"shelf_life_days", "một năm", "field.integer"},
                     {"shelf_life_days", "40000", "field.range", {"0", "36500"}},
                     {"hs_code", "09a2", "hs_code.digits", {"09a2"}},
                     {"hs_code", "090", "hs_code.length", {"090", "3"}},
                     {"hs_code", "9902", "hs_code.chapter", {"9902"}},
                     {"ocop_valid_to", "2026-02-31", "date.format", {"2026-02-31"}},
                     {"description", std::string(1001, 'x'), "text.too_long", {"1000", "1001"}}});
    // What the issue asks for, word for word.
    auto const page = send(with(product_fields(), "gtin", "8939999000018"));
    EXPECT_EQ(fault_at(page.body, "gtin"),
              "Mã vạch 8939999000018 sai số kiểm tra: số cuối phải là 7. Kiểm tra lại số in trên bao bì.");
}

TEST_F(FormErrors, OfAProductWithADecisionAndNoStars)
{
    auto client = signed_up();
    auto const before = stored_rows(*database);
    auto const page =
        post_files(client, "/console/products/new", with(product_fields(), "ocop_decision", "12/QĐ-UBND"));
    EXPECT_EQ(fault_at(page.body, "ocop_stars"), locale->text("vi", "field.required", {}));
    EXPECT_EQ(shown_value(page.body, "ocop_decision"), "12/QĐ-UBND");
    EXPECT_EQ(stored_rows(*database), before);
}

TEST_F(FormErrors, OfABatch)
{
    auto client = signed_up();
    auto const product = add_product(client);
    expect_refusals(posting(client, "/console/batches/new?product=" + product), batch_fields(product),
                    {{"lot", "", "field.required"},
                     {"lot", "LÔ 7", "batch.lot_character", {"Ô"}},
                     {"lot", std::string(21, 'L'), "text.too_long", {"20", "21"}},
                     {"made_on", "31/02/2026", "date.format", {"31/02/2026"}},
                     {"expires_on", "2026-11-20", "batch.expires_before_made", {"21/11/2026", "20/11/2026"}},
                     {"quantity", "nhiều", "decimal.format", {"nhiều"}},
                     {"note", std::string(501, 'x'), "text.too_long", {"500", "501"}}});
}

TEST_F(FormErrors, OfAPlace)
{
    auto client = signed_up();
    Fields const fields{
        {"kind", "growing_area"}, {"name", "Đồi chè Bản Bo"}, {"commune_code", "03424"}, {"address_line", "bản Cò Lá"},
        {"code", "D1"},           {"area_ha", "2,5"}};
    expect_refusals(posting(client, "/console/places/new"), fields,
                    {{"name", "", "field.required"},
                     {"gln", "8939999000018", "gln.check_digit", {"8939999000018", "7"}},
                     {"gln", "893", "gln.length", {"893", "3"}},
                     {"gln", "89399990000A7", "gln.digits", {"89399990000A7"}},
                     {"growing_area_code", "đồi chè", "growing_area.format", {"đồi chè"}},
                     {"area_ha", "rộng", "decimal.format", {"rộng"}},
                     {"latitude", "99", "place.coordinates", {"99"}}});
    auto const half = client.post("/console/places/new", with(fields, "latitude", "22,396"));
    EXPECT_EQ(fault_at(half.body, "longitude"), locale->text("vi", "field.required", {}));
    EXPECT_EQ(shown_value(half.body, "latitude"), "22,396");
}

TEST_F(FormErrors, OfAnOrganization)
{
    auto client = signed_up();
    Fields const fields{{"name", "Hợp tác xã Chè Bản Bo"}, {"tax_code", "0100109106"}, {"commune_code", "03424"},
                        {"address_line", "bản Hợp Nhất"},  {"phone", "0912345678"},    {"reason", "sửa địa chỉ"}};
    expect_refusals(posting(client, "/console/organization/edit"), fields,
                    {{"name", "", "field.required"},
                     {"tax_code", "0100109107", "mst.check_digit", {"0100109107", "6"}},
                     {"tax_code", "12345", "mst.length", {"12345", "5"}},
                     {"address_line", "", "field.required"},
                     {"phone", "số nhà", "phone.digits", {"số nhà"}},
                     {"phone", "123", "phone.format", {"123"}},
                     {"website", "trang của tôi", "web_address.format", {"trang của tôi"}},
                     {"gs1_prefix", "12", "gs1_prefix.length", {"12"}},
                     {"gs1_valid_to", "mai", "date.format", {"mai"}},
                     {"reason", "", "field.required"}});
}

TEST_F(FormErrors, OfACertificate)
{
    auto client = signed_up();
    auto const send = [&](Fields const& fields) { return post_files(client, "/console/certificates/new", fields); };
    Fields const fields{{"kind", "vietgap"},    {"number", "VietGAP-TT-12-26-0031"}, {"issuer", "Trung tâm"},
                        {"scope", "12 ha chè"}, {"valid_from", "2026-01-01"},        {"valid_to", "2027-01-01"}};
    expect_refusals(send, fields,
                    {{"number", "", "field.required"},
                     {"issuer", "", "field.required"},
                     {"valid_from", "2026-13-01", "date.format", {"2026-13-01"}},
                     {"valid_to", "2025-01-01", "certificate.ends_before_start"}});
}

TEST_F(FormErrors, OfALabelJobAStepAndAHousehold)
{
    auto client = signed_up();
    auto const batch = add_batch(client, add_product(client));
    expect_refusals(posting(client, "/console/batches/" + batch + "/labels"),
                    {{"stock", "a4-8"}, {"count", "8"}, {"kind", "unit"}, {"first_position", "1"}},
                    {{"count", "", "field.required"},
                     {"count", "tám", "field.integer"},
                     {"count", "100001", "field.range", {"1", "100000"}},
                     {"first_position", "9", "label.start", {"8"}}});
    auto const step = [&](Fields const& fields) {
        return post_files(client, "/console/batches/" + batch + "/events/new?step=tea.harvest", fields);
    };
    expect_refusals(step,
                    {{"time", "2026-11-21T06:30"},
                     {"quantity", "125,5"},
                     {"quantity_unit", "kg"},
                     {"grade", "1_2"},
                     {"performed_by", "Vàng A Ản"}},
                    {{"time", "sáng nay", "event.date_time", {"sáng nay"}},
                     {"time", "2027-11-21T06:30", "event.time_future", {"2027-11-21T06:30"}},
                     {"quantity", "1.250", "event.number_unclear", {"1.250"}},
                     {"quantity", "một tạ", "event.number", {"một tạ"}},
                     {"quantity", "0", "event.number_positive", {"0"}}});
    expect_refusals(posting(client, "/console/people"),
                    {{"name", "Lò Thị Ví Dụ"}, {"plot", "Nương trên"}, {"phone", "0912345678"}, {"area_ha", "0,5"}},
                    {{"name", "", "field.required"},
                     {"plot", "", "field.required"},
                     {"phone", "0", "phone.format", {"0"}},
                     {"area_ha", "nửa", "decimal.format", {"nửa"}}});
}

TEST_F(FormErrors, OfASignUp)
{
    auto stranger = browser();
    expect_refusals(posting(stranger, "/console/sign-up"), sign_up_fields(),
                    {{"name", "", "field.required"},
                     {"tax_code", "0100109107", "mst.check_digit", {"0100109107", "6"}},
                     {"phone", "123", "phone.format", {"123"}},
                     {"login", "Lò Thị Mai", "login.format"},
                     {"password", "ngắn 1", "password.too_short", {"8"}}});
}

} // namespace
} // namespace nguon::server
