#include "server/app/seed/stories.hpp"

#include "db/printed_codes.hpp"
#include "db/scans.hpp"
#include "server/app/complaints.hpp"
#include "server/app/labels.hpp"
#include "server/app/seed/demo_data.hpp"
#include "server/app/seed/journeys.hpp"
#include "server/app/seed/registry.hpp"
#include "server/app/units.hpp"

#include <fmt/format.h>

namespace nguon::server::app::seed {
namespace {

using namespace std::chrono_literals;

/// The numbers of the stories are settled: see the list of demo codes in the README.
struct StoryFirm {
    std::string_view kind;
    std::string_view name;
    std::string_view brand;
    std::string_view commune;
    std::string_view line;
    std::string_view former;
    std::string_view people;
    std::string_view site;
    std::string_view tax_code;
    std::string_view field_kind;
};

constexpr std::array story_firms{
    StoryFirm{"cooperative", "Hợp tác xã Chè Bản Bo Xanh", "Bản Bo Xanh", "03424", "bản Hợp Nhất",
              "xã Bản Bo, huyện Tam Đường, tỉnh Lai Châu", "thai", "https://chebanbo.example", "9900100010",
              "growing_area"},
    StoryFirm{"cooperative", "Hợp tác xã Séng Cù Mường Than", "Séng Cù Than Uyên", "03618", "bản Phương Quang",
              "xã Mường Than, huyện Than Uyên, tỉnh Lai Châu", "thai", "https://sengcumuongthan.example", "9900100028",
              "growing_area"},
    StoryFirm{"cooperative", "Hợp tác xã Ong mật Pa Ủ", "Pa Ủ", "03442", "bản Pha Bu",
              "xã Pa Ủ, huyện Mường Tè, tỉnh Lai Châu", "hanhi", "https://matongpau.example", "9900100035", "apiary"},
    StoryFirm{"enterprise", "Công ty TNHH Mắc ca Đồi Sương Sìn Hồ", "Đồi Sương", "03478", "tổ dân phố số 3", "", "kinh",
              "https://maccadoisuong.example", "9900100042", "growing_area"},
    StoryFirm{"enterprise", "Công ty Cổ phần Trà Tam Đường Thượng", "Tam Đường Thượng", "03390", "bản Chu Va 6", "",
              "kinh", "https://tratamduongthuong.example", "9900100067", "growing_area"},
};

void take(World& world, Firm& firm, StoryFirm const& story)
{
    auto& organization = firm.input.organization;
    organization.kind = story.kind;
    organization.name = story.name;
    organization.tax_code = story.tax_code;
    organization.address.commune_code = story.commune;
    organization.address.line = story.line;
    organization.address.former = story.former;
    organization.website = story.site;
    firm.brand = story.brand;
    firm.people = story.people;
    give_numbers(world, firm);
    give_places(world, firm, std::string{story.field_kind});
}

/// Single numbers of twelve digits' company prefix: one article each.
void number(SeedProduct& product, std::string_view twelve_digits)
{
    product.product.gtin = to_gtin14(twelve_digits);
    auto& organization = product.firm->input.organization;
    if (!organization.gs1_prefix.empty()) return;
    organization.gs1_prefix = twelve_digits;
    organization.gs1_certificate = "GS1VN-" + std::string{twelve_digits.substr(7)};
}

} // namespace

std::vector<SeedProduct*> add_story_firms(World& world)
{
    std::array<Firm*, story_firms.size()> firms{};
    for (std::size_t i = 0; i < story_firms.size(); ++i) {
        firms[i] = &world.firms.emplace_back();
        take(world, *firms[i], story_firms[i]);
        (void)world.tax_codes.next(); // the stories have the first numbers
    }

    auto& tea = *firms[0];
    tea.login = "che.banbo";
    tea.owner_name = "Lò Thị Phương";
    tea.factory.place.name = "Xưởng chè Bản Bo";
    tea.factory.place.gln = "8939999900010";
    tea.field.place.name = "Vùng chè Bản Bo – Bình Lư";
    tea.shop.place.name = "Cửa hàng Chè Bản Bo, phường Tân Phong";
    tea.shop.place.address = {"số 86 đường Nguyễn Trãi", "03408", "", ""};
    std::vector<SeedProduct*> own;
    auto const add = [&](Firm& firm, char const* goods, char const* name, char const* weight, char const* digits) {
        auto& product = add_product(world, firm, goods, name, weight);
        if (*digits != 0) number(product, digits);
        own.push_back(&product);
        return &product;
    };
    add(tea, "oolong", "Chè ô long Bản Bo", "150 g", "893999900001")->product.ocop_stars = 4;
    add(tea, "fresh_leaf", "Chè búp tươi Bản Bo", "20 kg", "893999910001");
    add(tea, "green_tea", "Chè xanh Bản Bo", "200 g", "893999910002")->product.ocop_stars = 3;
    add(tea, "black_tea", "Hồng trà Bản Bo", "100 g", "893999910003");
    add(*firms[1], "rice", "Gạo Séng Cù Mường Than", "5 kg", "893999900002")->product.ocop_stars = 4;
    add(*firms[1], "paddy", "Thóc Séng Cù Mường Than", "40 kg", "893999910004");
    add(*firms[1], "rice", "Gạo Séng Cù túi nhỏ Mường Than", "2 kg", "893999910005");
    add(*firms[1], "rice", "Tấm Séng Cù Mường Than", "5 kg", "");
    add(*firms[2], "honey", "Mật ong rừng Pa Ủ", "500 ml", "893999900003")->product.ocop_stars = 3;
    add(*firms[2], "raw_honey", "Mật ong thô Pa Ủ", "25 kg", "893999910006");
    add(*firms[2], "honey", "Mật ong Pa Ủ chai nhỏ", "250 ml", "893999910007");
    add(*firms[3], "macadamia", "Mắc ca Đồi Sương", "500 g", "893999900004");
    add(*firms[3], "macadamia", "Nhân mắc ca Đồi Sương", "250 g", "893999910008");
    add(*firms[3], "other", "Dầu mắc ca Đồi Sương", "100 ml", "");
    add(*firms[4], "oolong", "Đông phương mỹ nhân Tam Đường", "100 g", "893999900005")->product.ocop_stars = 4;
    add(*firms[4], "sencha", "Bột matcha Tam Đường", "80 g", "893999910009");
    add(*firms[4], "black_tea", "Hồng trà Tam Đường Thượng", "150 g", "893999910010");
    // The stories say what they lack themselves.
    firms[3]->products[0].product.applied_standards.clear();
    firms[3]->products[0].product.shelf_life_days = 0;
    return {own[0], own[1], own[4], own[5], own[8], own[9], own[11], own[14]};
}

void plan_scans(World& world, std::function<std::string()> subject, std::int64_t count, Instant first,
                std::chrono::minutes within)
{
    std::vector<db::scans::Scan> scans;
    for (std::int64_t i = 0; i < count; ++i) {
        auto const at = first + std::chrono::minutes{world.chance.between(0, within.count() - 1)};
        scans.push_back({{}, at, fmt::format("{:016x}", world.chance.next())});
    }
    std::ranges::sort(scans, {}, &db::scans::Scan::at);
    auto const last = first + within;
    world.plan.add(last, [subject = std::move(subject), scans](db::Connection& c) -> Status {
        auto told = scans;
        for (auto& scan : told) scan.subject = subject();
        db::scans::append(c, told);
        return Done{};
    });
}

void plan_labels(World& world, Lot& lot, std::string const& kind, std::int64_t count, Instant at,
                 std::shared_ptr<std::vector<std::string>> const& codes)
{
    world.plan.add(at, [&world, &lot, kind, count, at, codes](db::Connection& c) -> Status {
        LabelRequest wanted;
        wanted.batch = lot.id;
        wanted.kind = kind;
        wanted.stock = kind == "unit" ? "a4-24" : "a4-65";
        wanted.count = count;
        wanted.draw = false;
        auto const actor = actor_of(*lot.product->firm, at);
        auto const job = create_label_job(c, actor, wanted, {world.public_url, is_private_url(world.public_url)});
        if (!job) return job.error();
        if (!codes) return Done{};
        *codes = db::printed_codes::codes_of_job(c, actor.org, *job);
        auto const activated = change_units(c, actor, {codes->front(), codes->back(), "activated", {}});
        if (!activated) return activated.error();
        return Done{};
    });
}

void plan_incomplete_story(World& world)
{
    auto& firm = world.firms[3];
    auto& product = firm.products[0];
    auto& lot = plan_lot(world, product, 23, 317);
    world.show_pieces.push_back({"d", "/01/" + product.product.gtin + "/10/" + lot.batch.lot, ""});
    plan_scans(
        world, [&lot] { return lot.id.text(); }, 12, world.moment(9, 10), 5h * 24);
}

void plan_copied_story(World& world)
{
    auto& firm = world.firms[4];
    auto& product = firm.products[0];
    auto& lot = plan_lot(world, product, 54, 286);
    plan_usual_steps(world, lot);
    auto const codes = std::make_shared<std::vector<std::string>>();
    plan_labels(world, lot, "unit", 24, world.moment(50, 14, 37), codes);
    // The first buyer, and then the copies: three provinces within one hour of yesterday.
    auto const copied = [codes] { return codes->at(6); };
    plan_scans(world, copied, 1, world.moment(31, 18, 22), 1min);
    plan_scans(world, copied, 47, world.moment(1, 9, 3), 56min);
    for (std::size_t i : {1, 2, 11})
        plan_scans(
            world, [codes, i] { return codes->at(i); }, world.chance.between(1, 3), world.moment(27, 8), 20h * 24);
    world.plan.add(world.moment(1, 10), [&world, &product, &lot, codes](db::Connection&) -> Status {
        world.show_pieces.push_back({"e", "/01/" + product.product.gtin + "/10/" + lot.batch.lot, codes->at(6)});
        return Done{};
    });
}

void plan_expired_story(World& world)
{
    auto& product = world.firms[1].products[2];
    auto days = product.goods->shelf_days + 20;
    while (!is_in_season(*product.goods, world.day(days))) ++days;
    auto& lot = plan_lot(world, product, days, 173);
    plan_usual_steps(world, lot);
    world.show_pieces.push_back({"f", "/01/" + product.product.gtin + "/10/" + lot.batch.lot, ""});
    plan_scans(
        world, [&lot] { return lot.id.text(); }, 7, world.moment(29, 9), 24h * 26);
}

void plan_complaints(World& world)
{
    struct Case {
        std::string_view scenario;
        Report report;
        std::string status;
        std::string answer;
        int days;
        std::chrono::hours answered_after{50};
    };
    std::vector<Case> const cases{
        {"e",
         {"copied_label", "Tôi mua ba hộp ở ba nơi mà quét ra cùng một mã. Hộp in mờ, dán lệch.",
          new_phone(world.chance), ""},
         "",
         "",
         1},
        {"b", {"wrong_data", "Trên bao ghi ngày xay khác với ngày ở trang truy xuất.", "", ""}, "verifying", "", 11},
        {"c",
         {"unsafe_food", "Mật có mùi chua, sủi bọt sau khi mở chai hai ngày.", new_phone(world.chance), ""},
         "answered",
         "Sở đã lấy mẫu kiểm nghiệm. Lô hàng vượt mức độ ẩm cho phép và đã được thu hồi; người mua được đổi hoặc hoàn "
         "tiền.",
         26,
         150h},
    };
    for (auto const& entry : cases) {
        auto const index = static_cast<std::size_t>(entry.scenario.front() - 'a');
        auto& product = world.firms[index].products[0];
        auto const code = std::make_shared<std::string>();
        auto const at = world.moment(entry.days, 10, 48);
        world.plan.add(at, [&product, entry, code, at](db::Connection& c) -> Status {
            auto report = entry.report;
            report.subject = "/01/" + product.product.gtin;
            auto opened = report_wrong_data(c, {"public", {}, "seed", at}, report, product.firm->id, product.id, {});
            if (!opened) return opened.error();
            *code = *std::move(opened);
            return Done{};
        });
        if (entry.status.empty()) continue;
        auto const later = std::min(at + entry.answered_after, world.moment(1, 16, 10));
        world.plan.add(later, [&world, entry, code, later](db::Connection& c) {
            ComplaintMove move;
            move.status = entry.status;
            move.answer = entry.answer;
            move.outcome = entry.answer.empty() ? "" : "upheld";
            move.on_product = !entry.answer.empty();
            return move_complaint(c, officer(world, 0, later), *code, move);
        });
    }
}

void plan_usual_scans(World& world)
{
    for (std::size_t i = 3; i < world.lots.size(); i += 7) {
        auto& lot = world.lots[i];
        auto const age = days_between(vietnam_date(lot.at), world.today);
        if (age < 12 || lot.product->firm->status != "approved") continue;
        plan_labels(world, lot, "batch", world.chance.odd_amount(60, 390), lot.at + 6h, nullptr);
        plan_scans(
            world, [&lot] { return lot.id.text(); }, world.chance.between(2, 41), lot.at + 24h * 6,
            std::chrono::hours{24 * std::min(40, age - 8)});
    }
}

} // namespace nguon::server::app::seed
