#include "server/app/seed/demo_data.hpp"

#include "server/web/embedded.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::server::app::seed {
namespace {

using nlohmann::json;

json shipped()
{
    for (auto const& file : embedded::provinces())
        if (file.path == "lai_chau_demo.json") return json::parse(file.bytes);
    std::abort(); // part of the program: a test loads it
}

Goods read_goods(std::string const& key, json const& from)
{
    Goods out;
    out.key = key;
    out.group = from.at("group");
    out.pack = from.at("pack");
    out.shown = from.at("shown");
    out.about = from.at("about");
    out.standards = from.at("standards").get<std::vector<std::string>>();
    out.shelf_days = from.at("days");
    out.season_first = from.at("season").at(0);
    out.season_last = from.at("season").at(1);
    out.packs_min = from.at("packs").at(0);
    out.packs_max = from.at("packs").at(1);
    out.pack_unit = from.at("unit");
    out.ratio = from.value("ratio", 1.0);
    out.steps = from.at("steps").get<std::vector<std::string>>();
    return out;
}

void read_firm(Firm& firm, json const& from)
{
    auto& organization = firm.input.organization;
    organization.kind = from.at("kind");
    organization.name = from.at("name");
    organization.address.commune_code = from.at("commune");
    organization.address.line = from.at("line");
    if (from.contains("former")) organization.address.former = from.at("former").get<std::string>() + ", tỉnh Lai Châu";
    if (from.contains("site")) organization.website = "https://" + from.at("site").get<std::string>();
    firm.brand = from.value("brand", "");
    firm.people = from.value("people", "kinh");
    firm.status = from.value("status", "approved");
    firm.reason = from.value("reason", "");
}

Place place_near(World& world, Firm const& firm, std::string kind, std::string name)
{
    Place place;
    place.kind = std::move(kind);
    place.name = std::move(name);
    place.address = firm.input.organization.address;
    place.address.former.clear();
    auto const [latitude, longitude] = world.communes.at(place.address.commune_code);
    auto const rounded = [](double degrees) { return std::round(degrees * 1e5) / 1e5; };
    place.latitude = rounded(latitude + world.chance.share(-0.013, 0.013));
    place.longitude = rounded(longitude + world.chance.share(-0.013, 0.013));
    return place;
}

/// Numbers of ten digits' company prefix: items 01, 02 …; a product that lacks one gets none.
void read_products(World& world, Firm& firm, json const& from, std::size_t number)
{
    auto const prefix = fmt::format("8939999{:03}", 101 + number);
    int item = 0;
    for (auto const& line : from) {
        auto& product =
            add_product(world, firm, line.at(0).get<std::string>(), line.at(1), line.at(2).get<std::string>());
        if (line.size() > 3) product.product.ocop_stars = line.at(3);
        auto const lacks = line.size() > 4 ? line.at(4).get<std::string>() : std::string{};
        if (lacks != "gtin") product.product.gtin = to_gtin14(fmt::format("{}{:02}", prefix, ++item));
        if (lacks == "weight") product.product.net_weight = product.product.weight_unit = "";
    }
    if (item == 0) return;
    auto& organization = firm.input.organization;
    organization.gs1_prefix = prefix;
    organization.gs1_certificate = fmt::format("GS1VN-{:05}", world.chance.odd_amount(21'000, 98'000));
    organization.gs1_valid_to = to_iso(world.day(static_cast<int>(-world.chance.between(40, 330))));
}

} // namespace

std::string typed(double number, int decimals)
{
    auto text = fmt::format("{:.{}f}", number, decimals);
    if (auto const point = text.find('.'); point != std::string::npos) text[point] = ',';
    return text;
}

void set_net_weight(SeedProduct& product, std::string_view text)
{
    auto const cut = text.find(' ');
    product.product.net_weight = text.substr(0, cut);
    product.product.weight_unit = text.substr(cut + 1);
    auto const amount = std::strtod(product.product.net_weight.c_str(), nullptr);
    auto const& unit = product.product.weight_unit;
    product.kilograms = unit == "g" || unit == "ml" ? amount / 1000 : amount;
}

SeedProduct& add_product(World& world, Firm& firm, std::string_view goods, std::string name, std::string_view weight)
{
    auto& out = firm.products.emplace_back();
    out.firm = &firm;
    out.goods = &world.goods.find(goods)->second;
    auto& product = out.product;
    product.name = std::move(name);
    product.brand = firm.brand;
    product.description = out.goods->about;
    product.group_code = out.goods->group;
    product.origin = "Lai Châu, Việt Nam";
    product.applied_standards = out.goods->standards;
    product.shelf_life_days = out.goods->shelf_days;
    product.risk_level = product.group_code == "meat" || product.group_code == "fish" ? "medium" : "low";
    set_net_weight(out, weight);
    return out;
}

void give_numbers(World& world, Firm& firm)
{
    auto& chance = world.chance;
    if (firm.input.organization.kind == "household")
        firm.input.tax_identity_number = new_identity_number(chance);
    else if (firm.input.organization.tax_code.empty())
        firm.input.organization.tax_code = world.tax_codes.next();
    firm.input.phone = new_phone(chance);
    firm.input.phone_public = !chance.one_in(3);
    firm.owner_name = new_person_name(chance, firm.people, world.names);
}

void give_places(World& world, Firm& firm, std::string const& field_kind)
{
    auto const what = field_kind == "apiary" ? "Trại ong " : "Vùng sản xuất ";
    auto& chance = world.chance;
    auto const& commune = firm.input.organization.address.commune_code;
    firm.field.place = place_near(world, firm, field_kind, what + firm.brand);
    if (field_kind == "growing_area") {
        firm.field.place.area_ha = fmt::format("{:.2f}", chance.share(1.3, 18.7));
        firm.field.place.growing_area_code =
            fmt::format("VN-12-{}-{:03}-{}", commune, chance.between(1, 480), chance.between(23, 26));
    }
    firm.factory.place = place_near(world, firm, "factory", "Xưởng " + firm.brand);
    firm.shop.place = place_near(world, firm, "shop", "Cửa hàng " + firm.brand);
    if (chance.one_in(2)) {
        firm.shop.place.address.commune_code = "03408";
        firm.shop.place.address.line = fmt::format("số {} đường Nguyễn Trãi", chance.between(11, 388));
    }
}

void read_demo_data(World& world)
{
    auto const data = shipped();
    for (auto const& [code, at] : data.at("communes").items())
        world.communes[code] = {at.at(0).get<double>(), at.at(1).get<double>()};
    for (auto const& [key, goods] : data.at("goods").items()) world.goods[key] = read_goods(key, goods);
    read_firm(world.authority, data.at("authority"));
    for (auto const& body : data.at("bodies")) read_firm(world.bodies.emplace_back(), body);
}

void add_other_firms(World& world)
{
    auto const data = shipped();
    for (std::size_t i = 0; i < data.at("firms").size(); ++i) {
        auto const& from = data.at("firms")[i];
        auto& firm = world.firms.emplace_back();
        read_firm(firm, from);
        read_products(world, firm, from.at("products"), i);
    }
}

} // namespace nguon::server::app::seed
