#include "server/app/seed/journeys.hpp"

#include "db/batches.hpp"
#include "db/reference.hpp"
#include "server/app/batches.hpp"

#include <array>

#include <fmt/format.h>

namespace nguon::server::app::seed {
namespace {

using namespace std::chrono_literals;

std::string lot_number(World& world, SeedProduct const& product, Date day)
{
    auto const number = fmt::format("L{:02}{:02}{:02}", static_cast<int>(day.year()) % 100,
                                    static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    auto const same = std::ranges::count_if(
        world.lots, [&](Lot const& lot) { return lot.product == &product && lot.batch.lot.starts_with(number); });
    return same == 0 ? number : number + static_cast<char>('A' + same);
}

/// What went wrong, for the log of the command.
Error with_place(Error error, Lot const& lot, SeedStep const& step)
{
    error.log_text = step.key + " of " + lot.product->product.name + " " + lot.batch.lot;
    for (auto const& fault : error.fields) error.log_text += "; " + fault.pointer + " " + fault.key;
    return error;
}

void put(SeedStep& step, std::string const& name, std::string value)
{
    step.values.try_emplace(name, std::vector<std::string>{std::move(value)});
}

std::string variety_of(Goods const& goods)
{
    if (goods.key == "old_tea") return "Shan tuyết";
    if (goods.group == "tea") return "Kim Tuyên";
    if (goods.key == "sticky_rice") return "Tan Pỏm";
    if (goods.group == "rice") return "Séng Cù";
    return {};
}

void fill_growing(World& world, Lot const& lot, SeedStep& step)
{
    auto& chance = world.chance;
    auto const& goods = *lot.product->goods;
    auto const& field = lot.product->firm->field.place;
    if (step.key.ends_with(".site")) {
        if (!field.area_ha.empty()) put(step, "area_ha", field.area_ha);
        if (!field.growing_area_code.empty()) put(step, "growing_area_code", field.growing_area_code);
        put(step, "colonies", std::to_string(chance.odd_amount(37, 124)));
        put(step, "nectar_source", "hoa rừng");
    } else if (step.key.ends_with(".care")) {
        if (goods.group == "honey") return put(step, "work", "cleaning");
        put(step, "work", "fertilizing");
        put(step, "material", "phân hữu cơ vi sinh");
        put(step, "dose", fmt::format("{} kg mỗi sào", chance.odd_amount(14, 37)));
    } else {
        put(step, "quantity", typed(lot.kilograms() * goods.ratio * chance.share(0.96, 1.07)));
        put(step, "quantity_unit", "kg");
        put(step, "grade", goods.group == "tea" ? "1_2" : "loại 1");
        put(step, "drum_numbers", fmt::format("P{:02}", chance.between(3, 28)));
        put(step, "harvest_conditions", chance.one_in(4) ? "trời âm u, không mưa" : "trời khô ráo");
    }
    if (auto const variety = variety_of(goods); !variety.empty()) put(step, "variety", variety);
}

void fill_making(World& world, Lot const& lot, SeedStep& step)
{
    auto& chance = world.chance;
    auto const& goods = *lot.product->goods;
    if (step.key.ends_with(".receiving")) {
        put(step, "quantity", typed(lot.kilograms() * goods.ratio * chance.share(0.97, 1.06)));
        put(step, "quantity_unit", "kg");
        put(step, "supplier", new_person_name(chance, lot.product->firm->people, world.names));
        put(step, "grade", goods.group == "tea" ? "1 tôm 2 lá" : "loại 1");
        put(step, "condition", "good");
        put(step, "document", fmt::format("PN-{:04}", chance.odd_amount(112, 4870)));
    } else if (step.key.ends_with(".drying")) {
        put(step, "drying_hours", std::to_string(chance.between(14, 27)));
        put(step, "moisture_percent", typed(chance.share(12.6, 13.9)));
    } else if (step.key.ends_with(".test")) {
        put(step, "result", "conformant");
        put(step, "laboratory", "Phòng thử nghiệm Nông sản Hoàng Liên");
        put(step, "report_number", fmt::format("HL-{:05}", chance.odd_amount(10'200, 48'900)));
        put(step, "criteria",
            goods.group == "honey" ? "độ ẩm, HMF, kháng sinh" : "dư lượng thuốc bảo vệ thực vật, kim loại nặng");
        if (goods.group == "honey") {
            put(step, "moisture_percent", typed(chance.share(18.1, 20.4)));
            put(step, "hmf_mg_per_kg", typed(chance.share(8.2, 24.7)));
        }
    } else if (step.key.ends_with(".packing")) {
        put(step, "quantity", std::to_string(lot.packs));
        put(step, "quantity_unit", goods.pack_unit);
        put(step, "package_size", lot.product->product.net_weight + " " + lot.product->product.weight_unit);
        put(step, "production_date", lot.batch.made_on);
        if (!lot.batch.expires_on.empty()) put(step, "best_before", lot.batch.expires_on);
    }
}

void fill_moving(World& world, Lot const& lot, SeedStep& step)
{
    auto& chance = world.chance;
    auto const part =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(lot.packs) * chance.share(0.31, 0.87)));
    if (step.key.ends_with(".storage")) {
        put(step, "direction", "in");
        put(step, "store_position",
            fmt::format("kệ {}{}", static_cast<char>('A' + chance.between(0, 4)), chance.between(1, 9)));
        put(step, "temperature_celsius", std::to_string(chance.between(17, 24)));
        put(step, "humidity_percent", std::to_string(chance.between(52, 64)));
    } else if (step.key.ends_with(".shipping")) {
        put(step, "quantity", std::to_string(part));
        put(step, "quantity_unit", "cai");
        put(step, "carrier", "tự chở");
        put(step, "vehicle", fmt::format("xe tải 25C-0{:02}.{:02}", chance.between(11, 97), chance.between(11, 97)));
        put(step, "document", fmt::format("PX-{:04}", chance.odd_amount(112, 4870)));
        if (!step.other_places.contains("to_place")) step.other_places["to_place"] = &lot.product->firm->shop;
    } else if (step.key.ends_with(".distribution")) {
        put(step, "quantity", std::to_string(part));
        put(step, "quantity_unit", "cai");
        put(step, "condition", "good");
    } else if (step.key.ends_with(".retail")) {
        put(step, "shelf_on", to_iso(vietnam_date(step.at)));
        put(step, "condition", "good");
    }
}

/// Days before (negative) or after the lot was made.
std::pair<int, int> days_of(std::string_view step)
{
    if (step == "site") return {-20, -12};
    if (step == "care") return {-9, -5};
    if (step == "harvest" || step == "receiving") return {-2, -1};
    if (step == "drying") return {-1, 0};
    if (step == "test") return {2, 4};
    if (step == "packing") return {4, 5};
    if (step == "storage") return {6, 6};
    if (step == "shipping") return {7, 11};
    return {12, 16};
}

} // namespace

bool is_in_season(Goods const& goods, Date day)
{
    auto const month = static_cast<int>(static_cast<unsigned>(day.month()));
    if (goods.season_first <= goods.season_last) return month >= goods.season_first && month <= goods.season_last;
    return month >= goods.season_first || month <= goods.season_last;
}

Lot& plan_lot(World& world, SeedProduct& product, int days, std::int64_t packs, std::optional<Instant> at)
{
    auto const made_on = world.day(days);
    auto number = lot_number(world, product, made_on);
    auto& lot = world.lots.emplace_back();
    lot.product = &product;
    lot.made_on = made_on;
    lot.packs = packs;
    lot.batch.lot = std::move(number);
    lot.batch.made_on = to_iso(made_on);
    if (product.product.shelf_life_days > 0)
        lot.batch.expires_on =
            to_iso(Date{std::chrono::sys_days{made_on} + std::chrono::days{product.product.shelf_life_days}});
    lot.batch.quantity = std::to_string(packs);
    lot.batch.unit = product.goods->pack_unit;
    auto const next_morning = world.moment(days - 1, 7, static_cast<int>(world.chance.between(2, 58)));
    lot.at = std::min(std::max(at.value_or(next_morning), product.at + 10min), world.now);
    world.plan.add(lot.at, [&lot](db::Connection& c) -> Status {
        auto id = register_batch(c, actor_of(*lot.product->firm, lot.at), lot.product->id, lot.batch);
        if (!id) return id.error();
        lot.id = *std::move(id);
        auto const head = db::batches::find(c, lot.product->firm->id, lot.id);
        if (!head) return head.error();
        lot.code = head->code;
        return Done{};
    });
    return lot;
}

std::chrono::minutes usual_lag(Chance& chance)
{
    auto const drawn = chance.between(1, 100);
    if (drawn <= 68) return std::chrono::minutes{chance.between(12, 26 * 60)};
    if (drawn <= 90) return std::chrono::minutes{chance.between(26 * 60, 6 * 24 * 60)};
    return std::chrono::minutes{chance.between(15 * 24 * 60, 72 * 24 * 60)};
}

void plan_step(World& world, Lot& lot, SeedStep step)
{
    auto const declared = std::max(step.at + step.lag, lot.at + 4min);
    if (declared >= world.moment(0, 0)) return;
    world.plan.add(declared, [&lot, step = std::move(step), declared](db::Connection& c) -> Status {
        NewEvent wanted;
        wanted.batch = lot.id;
        wanted.template_key = step.key;
        wanted.values = step.values;
        wanted.values["time"] = {to_iso(OffsetTime{step.at, vietnam_offset})};
        if (step.place != nullptr) wanted.values["place"] = {step.place->id.text()};
        for (auto const& [field, place] : step.other_places) wanted.values[field] = {place->id.text()};
        for (auto const& [input, kilograms] : step.inputs) {
            wanted.values["input"].push_back(input->id.text());
            wanted.values["input_quantity"].push_back(typed(kilograms));
            wanted.values["input_unit"].push_back("kg");
        }
        for (auto const& id : step.certificates) wanted.values["certificate"].push_back(id->text());
        if (step.photo) wanted.photos.push_back(*step.photo);
        auto const recorded = record_event(c, actor_of(*lot.product->firm, declared), wanted);
        if (!recorded) return with_place(recorded.error(), lot, step);
        if (step.id) *step.id = *recorded;
        return Done{};
    });
}

void fill_usual_values(World& world, Lot const& lot, SeedStep& step)
{
    auto const word = std::string_view{step.key}.substr(step.key.find('.') + 1);
    if (word == "site" || word == "care" || word == "harvest")
        fill_growing(world, lot, step);
    else if (word == "receiving" || word == "drying" || word == "test" || word == "packing")
        fill_making(world, lot, step);
    else
        fill_moving(world, lot, step);
    if (step.place != nullptr) return;
    auto const& firm = *lot.product->firm;
    if (word == "site" || word == "care" || word == "harvest")
        step.place = &firm.field;
    else if (word == "retail" || word == "distribution")
        step.place = &firm.shop;
    else
        step.place = &firm.factory;
}

void plan_usual_steps(World& world, Lot& lot)
{
    auto& chance = world.chance;
    auto const& goods = *lot.product->goods;
    auto const group =
        goods.group == "tea" || goods.group == "rice" || goods.group == "honey" ? goods.group : "general";
    // Some firms keep a full diary, some only what they must, and a few lots have nothing but the product's data.
    auto const diligence = chance.between(1, 20);
    for (auto const& word : goods.steps) {
        if (diligence == 1 || (diligence <= 5 && word != "packing" && word != "harvest")) continue;
        auto const [first, last] = days_of(word);
        SeedStep step;
        step.key = group + "." + word;
        step.at = start_of_day(lot.made_on) + std::chrono::days{chance.between(first, last)} +
                  std::chrono::minutes{chance.between(6 * 60 + 20, 17 * 60)};
        step.lag = usual_lag(chance);
        fill_usual_values(world, lot, step);
        plan_step(world, lot, std::move(step));
    }
}

void plan_usual_lots(World& world, SeedProduct& product, int count)
{
    auto& chance = world.chance;
    auto const first = days_between(vietnam_date(product.at), world.today) - 3;
    std::vector<int> days;
    for (int day = first; day >= 2; --day)
        if (is_in_season(*product.goods, world.day(day))) days.push_back(day);
    if (static_cast<int>(days.size()) < count) {
        days.clear();
        for (int day = std::max(first, 2 + count); day >= 2; --day) days.push_back(day);
    }
    auto const slice = static_cast<double>(days.size()) / count;
    for (int i = 0; i < count; ++i) {
        auto const at = static_cast<std::size_t>((i + chance.share(0.05, 0.95)) * slice);
        auto& lot = plan_lot(world, product, days[std::min(at, days.size() - 1)],
                             chance.odd_amount(product.goods->packs_min, product.goods->packs_max));
        plan_usual_steps(world, lot);
    }
}

} // namespace nguon::server::app::seed
