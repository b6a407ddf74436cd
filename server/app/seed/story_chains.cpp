#include "server/app/batches.hpp"
#include "server/app/events.hpp"
#include "server/app/members.hpp"
#include "server/app/seed/demo_data.hpp"
#include "server/app/seed/journeys.hpp"
#include "server/app/seed/recalls.hpp"
#include "server/app/seed/registry.hpp"
#include "server/app/seed/stories.hpp"

#include "db/people.hpp"

#include <cmath>
#include <numeric>

#include <fmt/format.h>

/// The three stories in which lots become other lots.
namespace nguon::server::app::seed {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t member_count = 40;

/// About forty member households, each with the plot it sells from.
void plan_members(World& world, Firm& firm, Instant at)
{
    constexpr std::array<std::string_view, 6> plots{"Nương trên",     "Đồi Nà Khum", "Thửa ven suối",
                                                    "Nương Hợp Nhất", "Đồi chè cũ",  "Nương sau bản"};
    constexpr std::array<std::string_view, 4> peoples{"thai", "hmong", "giay", "kinh"};
    constexpr std::array<std::string_view, 2> communes{"03424", "03390"};
    std::vector<NewMember> members;
    for (std::size_t i = 0; i < member_count; ++i) {
        NewMember member;
        member.name = new_person_name(world.chance, peoples[i % peoples.size()], world.names);
        member.phone = new_phone(world.chance);
        member.plot = world.chance.pick(std::span{plots});
        member.area_ha = fmt::format("{:.2f}", world.chance.share(0.16, 1.24));
        member.commune_code = world.chance.pick(std::span{communes});
        members.push_back(std::move(member));
    }
    world.plan.add(at, [&firm, members, at](db::Connection& c) -> Status {
        auto const added = add_members(c, actor_of(firm, at), members);
        if (!added) return added.error();
        return Done{};
    });
}

/// One day of the purchase ledger into a lot of fresh leaf; returns the kilograms bought.
double plan_ledger_day(World& world, Lot& lot, int days)
{
    constexpr std::array<std::string_view, 4> grades{"1 tôm 2 lá", "1 tôm 2 lá", "1 tôm 1 lá", "1 tôm 3 lá"};
    auto& chance = world.chance;
    std::vector<LedgerRow> rows(member_count);
    double total = 0;
    for (auto& row : rows) {
        if (chance.one_in(9)) continue; // this household did not pick today
        auto const kilograms = static_cast<double>(chance.between(43, 194)) / 10;
        row.kilograms = typed(kilograms);
        row.grade = chance.pick(std::span{grades});
        total += kilograms;
    }
    lot.batch.quantity = fmt::format("{:.1f}", total);
    lot.batch.unit = "kg";
    auto const time = world.moment(days, 16, static_cast<int>(chance.between(5, 55)));
    auto const at = std::max(time + 3h, lot.at + 6min);
    world.plan.add(at, [&lot, rows, time, at](db::Connection& c) -> Status {
        auto const& firm = *lot.product->firm;
        LedgerDay day;
        day.batch = lot.id;
        day.template_key = "tea.receiving";
        day.time = to_iso(OffsetTime{time, vietnam_offset});
        day.place = firm.factory.id.text();
        day.rows = rows;
        auto const plots = db::people::plots(c, firm.id);
        for (std::size_t i = 0; i < day.rows.size(); ++i) day.rows[i].plot = plots.at(i % plots.size()).id;
        auto const saved = record_ledger(c, actor_of(firm, at), day);
        if (!saved) return saved.error();
        return Done{};
    });
    return total;
}

SeedStep step_of(std::string key, Instant at, std::chrono::minutes lag)
{
    SeedStep step;
    step.key = std::move(key);
    step.at = at;
    step.lag = lag;
    return step;
}

void plan_filled(World& world, Lot& lot, SeedStep step)
{
    fill_usual_values(world, lot, step);
    plan_step(world, lot, std::move(step));
}

/// A step of which nothing but some values is special.
void tell(World& world, Lot& lot, std::string key, Instant at, std::chrono::minutes lag, epcis::FormValues values = {})
{
    auto step = step_of(std::move(key), at, lag);
    step.values = std::move(values);
    plan_filled(world, lot, std::move(step));
}

/// A transformation that uses up whole lots.
void tell_making(World& world, Lot& lot, std::string key, Instant at, std::chrono::minutes lag,
                 std::vector<Lot*> const& from, std::vector<double> const& kilograms, epcis::FormValues values)
{
    auto step = step_of(std::move(key), at, lag);
    step.values = std::move(values);
    for (std::size_t i = 0; i < from.size(); ++i) step.inputs.emplace_back(from[i], kilograms[i]);
    plan_filled(world, lot, std::move(step));
}

/// A lot that is known before its day: named after where it grows.
void name_by_origin(Lot& lot, std::string number)
{
    lot.batch.lot = std::move(number);
    lot.batch.made_on.clear();
    lot.batch.expires_on.clear();
}

SeedCertificate certificate_of(World& world, SeedProduct* product, std::string kind, std::string name,
                               std::string number, std::string issuer, int from_days, int end_days)
{
    SeedCertificate out;
    out.product = product;
    out.certificate.kind = std::move(kind);
    out.certificate.name = std::move(name);
    out.certificate.number = std::move(number);
    out.certificate.issuer = std::move(issuer);
    out.certificate.valid_from = to_iso(world.day(from_days));
    out.certificate.valid_to = to_iso(world.day(-end_days));
    out.confirmed_by = out.certificate.issuer;
    return out;
}

std::vector<Lot*> plan_leaf(World& world, SeedProduct& leaf, int first_day, std::vector<double>& kilograms)
{
    std::vector<Lot*> lots;
    for (int i = 0; i < 5; ++i) {
        auto& lot = plan_lot(world, leaf, first_day - i, 1, world.moment(first_day - i, 7, 5 + 3 * i));
        lots.push_back(&lot);
        kilograms.push_back(plan_ledger_day(world, lot, first_day - i));
        tell(world, lot, "tea.harvest", world.moment(first_day - i, 10, 40), std::chrono::minutes{5 * 60 + 10 * i},
             {{"quantity", {typed(kilograms.back() * 1.01)}}});
    }
    tell(world, *lots.front(), "tea.site", world.moment(first_day + 12, 8, 10), 50h);
    tell(world, *lots.front(), "tea.care", world.moment(first_day + 9, 7, 25), 29h);
    return lots;
}

} // namespace

void plan_tea_story(World& world)
{
    auto& firm = world.firms[0];
    auto& oolong = firm.products[0];
    plan_members(world, firm, world.moment(398, 9, 30));
    constexpr int picked = 46;
    constexpr int made = 41;
    std::vector<double> kilograms;
    auto const leaf = plan_leaf(world, firm.products[1], picked, kilograms);
    auto const bought = std::accumulate(kilograms.begin(), kilograms.end(), 0.0);
    auto const tea = bought / 4.63;

    auto& lot = plan_lot(world, oolong, made, static_cast<std::int64_t>(tea / 0.15) - 4);
    tell_making(world, lot, "tea.processing", world.moment(made, 15, 20), 4h, leaf, kilograms,
                {{"quantity", {typed(tea)}},
                 {"quantity_unit", {"kg"}},
                 {"withering_hours", {"9"}},
                 {"fixing_celsius", {"268"}},
                 {"fermenting_hours", {"6,5"}},
                 {"drying_celsius", {"108"}},
                 {"moisture_percent", {"5,4"}},
                 {"additives", {"không"}},
                 {"production_line", {"dây chuyền số 2"}}});

    auto const report = certificate_of(world, &oolong, "test_report", "Phiếu kết quả kiểm nghiệm chè ô long",
                                       "HL-26417", "Phòng thử nghiệm Nông sản Hoàng Liên", made - 3, 327);
    plan_certificate(world, firm, report, world.moment(made - 4, 9, 14));
    auto test = step_of("tea.test", world.moment(made - 3, 10, 5), 26h);
    test.values = {{"report_number", {"HL-26417"}}};
    test.certificates = {report.id};
    plan_filled(world, lot, test);

    auto const codes = std::make_shared<std::vector<std::string>>();
    plan_labels(world, lot, "unit", 24, world.moment(made - 5, 7, 42), codes);
    auto packing = step_of("tea.packing", world.moment(made - 5, 9, 30), 95min);
    packing.values = {{"carton_code", {"089399990000000017"}}};
    packing.photo = oolong.photos;
    plan_filled(world, lot, packing);
    tell(world, lot, "tea.storage", world.moment(made - 6, 8, 15), 55min);
    tell(world, lot, "tea.shipping", world.moment(made - 11, 6, 50), 7h);
    tell(world, lot, "tea.distribution", world.moment(made - 11, 9, 25), 3h);
    tell(world, lot, "tea.retail", world.moment(made - 12, 8), 31h);

    plan_certificate(world, firm,
                     certificate_of(world, nullptr, "vietgap", "Chứng nhận VietGAP trồng trọt", "VG-12-2417",
                                    "Trung tâm Chứng nhận Phù hợp Tây Bắc Xanh", 318, 412),
                     world.moment(310, 9));
    plan_monthly_drill(world, lot, 4);
    for (std::size_t i = 0; i < 4; ++i)
        plan_scans(
            world, [codes, i] { return codes->at(i); }, static_cast<std::int64_t>(i) + 1, world.moment(22, 17),
            std::chrono::hours{24 * 16});
    plan_scans(
        world, [&lot] { return lot.id.text(); }, 57, world.moment(27, 8), std::chrono::hours{24 * 25});
    world.plan.add(world.moment(1, 10), [&world, &oolong, &lot, codes](db::Connection&) -> Status {
        world.show_pieces.push_back({"a", "/01/" + oolong.product.gtin + "/10/" + lot.batch.lot, codes->at(0)});
        return Done{};
    });
}

void plan_rice_story(World& world)
{
    auto& firm = world.firms[1];
    auto& rice = firm.products[0];
    auto& paddy = firm.products[1];
    constexpr int cut = 72;
    auto const year = static_cast<int>(world.today.year()) % 100;
    std::vector<Lot*> fields;
    std::vector<double> kilograms;
    for (int i = 0; i < 2; ++i) {
        auto& lot = plan_lot(world, paddy, cut - i, world.chance.odd_amount(71, 88), world.moment(cut + 117, 10));
        name_by_origin(lot, fmt::format("PQ{}-VM{}", i + 1, year));
        fields.push_back(&lot);
        kilograms.push_back(lot.kilograms() * 0.94);
        if (i == 0) tell(world, lot, "rice.site", world.moment(cut + 118, 8), 5h * 24);
        tell(world, lot, "rice.care", world.moment(cut + 61, 7, 30), 40h);
        tell(world, lot, "rice.harvest", world.moment(cut - i, 9, 20), 27h,
             {{"season", {"vụ mùa"}}, {"quantity", {typed(lot.kilograms() * 1.16)}}});
        tell(world, lot, "rice.drying", world.moment(cut - 2 - i, 16), 19h, {{"quantity", {typed(lot.kilograms())}}});
    }
    auto const made = std::accumulate(kilograms.begin(), kilograms.end(), 0.0) * 0.658;
    auto& lot = plan_lot(world, rice, cut - 9, static_cast<std::int64_t>(made / 5) - 1);
    tell_making(world, lot, "rice.milling", world.moment(cut - 9, 14, 45), 5h, fields, kilograms,
                {{"quantity", {typed(made)}},
                 {"quantity_unit", {"kg"}},
                 {"yield_percent", {"65,8"}},
                 {"moisture_percent", {"13,4"}}});

    // A slip of the pen and its correction: both stay.
    auto wrong = step_of("rice.packing", world.moment(cut - 10, 10, 15), 6h);
    wrong.values = {{"quantity", {std::to_string(lot.packs * 10 + 7)}}};
    wrong.id = std::make_shared<std::string>();
    plan_filled(world, lot, wrong);
    auto right = step_of("rice.packing", world.moment(cut - 10, 10, 15), 29h);
    right.id = std::make_shared<std::string>();
    plan_filled(world, lot, right);
    auto const at = world.moment(cut - 12, 8, 20);
    world.plan.add(at, [&firm, at, wrong = wrong.id, right = right.id](db::Connection& c) -> Status {
        auto const replacing = db::events::find(c, firm.id, *right);
        if (!replacing) return replacing.error();
        return declare_error(c, actor_of(firm, at), *wrong, "Ghi thừa một chữ số ở số bao.", replacing->event_id);
    });
    tell(world, lot, "rice.storage", world.moment(cut - 11, 9, 5), 44min);
    tell(world, lot, "rice.shipping", world.moment(cut - 16, 6, 30), 9h);
    tell(world, lot, "rice.distribution", world.moment(cut - 16, 13, 10), 52h);
    plan_certificate(world, firm,
                     certificate_of(world, nullptr, "certification_mark",
                                    "Nhãn hiệu chứng nhận Gạo đặc sản Séng cù Than Uyên", "NHCN-0417",
                                    "Hội Nông dân Than Uyên", 290, 806),
                     world.moment(280, 9));
    plan_certificate(world, firm,
                     certificate_of(world, nullptr, "vietgap", "Chứng nhận VietGAP trồng trọt", "VG-12-1893",
                                    "Trung tâm Chứng nhận Phù hợp Tây Bắc Xanh", 268, 97),
                     world.moment(260, 9));
    plan_labels(world, lot, "batch", lot.packs, world.moment(cut - 10, 8, 10), nullptr);
    plan_recall(world, lot,
                {true,
                 9,
                 "Diễn tập: giả định gạo lẫn dị vật",
                 "Diễn tập, người mua không phải làm gì.",
                 {made, made * 0.7, made * 0.25, made * 0.05, 0},
                 "kg",
                 "Tìm đủ lô và nơi nhận trong 24 phút. Bên giao hàng cần ghi bước nhận hàng tại cửa hàng."});
    world.show_pieces.push_back({"b", "/01/" + rice.product.gtin + "/10/" + lot.batch.lot, ""});
}

void plan_honey_story(World& world)
{
    auto& firm = world.firms[2];
    auto& honey = firm.products[0];
    auto& raw = firm.products[1];
    constexpr int drawn = 63;
    auto const year = static_cast<int>(world.today.year()) % 100;
    std::vector<Lot*> drums;
    std::vector<double> kilograms;
    for (int i = 0; i < 2; ++i) {
        auto& lot = plan_lot(world, raw, drawn - i, i == 0 ? 7 : 4, world.moment(drawn + 87, 11));
        name_by_origin(lot, fmt::format("PB{}-{}", i + 1, year));
        drums.push_back(&lot);
        kilograms.push_back(lot.kilograms() * (i == 0 ? 0.982 : 0.961));
        auto const* const apiary = i == 0 ? &firm.field : &firm.further_places.front();
        using Told = std::tuple<std::string, int, std::chrono::hours>;
        for (auto const& [key, days, lag] : {Told{"honey.site", drawn + 88, 50}, Told{"honey.care", drawn + 34, 21},
                                             Told{"honey.harvest", drawn, 30}}) {
            auto step = step_of(key, world.moment(days - i, 8, 20 + 7 * i), lag);
            step.place = apiary;
            if (step.key == "honey.harvest") step.values = {{"quantity", {typed(kilograms.back() * 1.004)}}};
            plan_filled(world, lot, step);
        }
    }
    auto const made = std::accumulate(kilograms.begin(), kilograms.end(), 0.0) * 0.978;
    auto& lot = plan_lot(world, honey, drawn - 6, static_cast<std::int64_t>(made / 0.7));
    tell_making(world, lot, "honey.processing", world.moment(drawn - 6, 9, 50), 6h, drums, kilograms,
                {{"quantity", {typed(made)}},
                 {"quantity_unit", {"kg"}},
                 {"moisture_percent", {"21,6"}},
                 {"additives", {"không"}}});
    tell(world, lot, "honey.packing", world.moment(drawn - 7, 14, 5), 20h);
    plan_labels(world, lot, "batch", lot.packs, world.moment(drawn - 8, 7, 20), nullptr);
    tell(world, lot, "honey.shipping", world.moment(drawn - 12, 6, 40), 33h);
    tell(world, lot, "honey.retail", world.moment(drawn - 13, 9), 3h * 24);

    tell(world, lot, "honey.test", world.moment(23, 15, 30), 18h,
         {{"result", {"non_conformant"}},
          {"report_number", {"HL-31906"}},
          {"moisture_percent", {"22,8"}},
          {"hmf_mg_per_kg", {"46,3"}}});
    std::string const reason = "Độ ẩm 22,8 % vượt mức cho phép, mật có thể lên men.";
    auto const packs = static_cast<double>(lot.packs);
    auto const sold = std::round(packs * 0.38);
    plan_recall(
        world, lot,
        {false,
         21,
         reason,
         "Không dùng mật ong của lô này. Trả chai về nơi mua để được hoàn tiền.",
         {packs, sold, 0, packs - sold - 2, 0},
         "chai",
         "Đã thu về và niêm phong toàn bộ hàng còn ở cửa hàng; hai chai không rõ nơi để, cơ sở đã giải trình."});
    tell(world, lot, "honey.recall", world.moment(21, 13), 4h,
         {{"recall_reason", {reason}},
          {"recall_level", {"ordered"}},
          {"quantity", {std::to_string(lot.packs - 38)}},
          {"quantity_unit", {"cai"}},
          {"decision_number", {"214/QĐ-SKHCN"}}});
    world.show_pieces.push_back({"c", "/01/" + honey.product.gtin + "/10/" + lot.batch.lot, ""});
}

} // namespace nguon::server::app::seed
