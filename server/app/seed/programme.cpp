#include "server/app/seed/programme.hpp"

#include "core/fold.hpp"
#include "core/json.hpp"
#include "db/reference.hpp"
#include "server/app/programme_needs.hpp"
#include "server/app/programme_records.hpp"
#include "server/app/programme_snapshots.hpp"
#include "server/app/seed/demo_data.hpp"
#include "server/web/embedded.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::server::app::seed {
namespace {

using nlohmann::json;

constexpr double spread_degrees = 0.16; // how far a province's firms lie apart
constexpr std::string_view two_levels_since = "2025-07-01";

json demo_of(std::string const& name)
{
    for (auto const& file : embedded::plan_demos())
        if (file.path == name + ".json") return json::parse(file.bytes);
    return json::object();
}

/// A page that says what it stands for; PDF 1.4 with one built-in type, which has no Vietnamese.
std::string illustrative_pdf(std::string_view text)
{
    std::string line;
    for (char const c : fold(text))
        if (c != '(' && c != ')' && c != '\\' && static_cast<unsigned char>(c) < 0x80) line += c;
    auto const content = fmt::format(
        "BT /F1 16 Tf 60 760 Td (MINH CHUNG MINH HOA / ILLUSTRATIVE) Tj 0 -28 Td ({}) Tj ET", line.substr(0, 80));
    std::vector<std::string> const objects{
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> "
        ">>",
        fmt::format("<< /Length {} >>\nstream\n{}\nendstream", content.size(), content),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
    std::string out = "%PDF-1.4\n";
    std::string table = "0000000000 65535 f \n";
    for (std::size_t i = 0; i < objects.size(); ++i) {
        table += fmt::format("{:010} 00000 n \n", out.size());
        out += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
    }
    return out + fmt::format("xref\n0 {}\n{}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n",
                             objects.size() + 1, table, objects.size() + 1, out.size());
}

Firm const* find_firm(World const& world, std::string const& name)
{
    for (auto const* all : {&world.firms, &world.bodies})
        for (auto const& firm : *all)
            if (firm.input.organization.name == name) return &firm;
    return nullptr;
}

RecordInput input_of(World const& world, json const& from)
{
    RecordInput out;
    out.kind = text_at(from, "kind");
    out.item = text_at(from, "item");
    out.title = text_at(from, "title");
    out.happened_on = text_at(from, "date");
    out.valid_to = text_at(from, "valid_to");
    out.person_name = text_at(from, "person");
    out.task = text_at(from, "task");
    out.amount = from.value("amount", 1.0);
    if (auto const* firm = find_firm(world, text_at(from, "organization"))) {
        auto const& organization = firm->input.organization;
        out.tax_code = organization.tax_code;
        out.org_name = organization.name;
        out.org_kind = organization.kind;
        out.commune_code = organization.address.commune_code;
    }
    return out;
}

/// An attendance belongs to the training before it.
Status record_all(db::Connection& c, World const& world, programme::Plan const& plan, json const& records)
{
    auto const actor = officer(world, 0, world.now);
    auto const today = to_iso(world.today);
    std::string training;
    for (auto const& from : records) {
        auto input = input_of(world, from);
        if (input.happened_on > today) continue;
        if (input.kind == "attendance") input.parent = training;
        std::vector<NewFile> files;
        if (from.value("file", false)) files.push_back({"application/pdf", illustrative_pdf(input.title)});
        auto const saved = record_evidence(c, actor, plan, input, files);
        if (!saved) {
            auto error = saved.error();
            error.log_text = input.kind + " " + input.title + " " + input.org_name;
            for (auto const& fault : error.fields) error.log_text += "; " + fault.pointer + " " + fault.key;
            return error;
        }
        if (input.kind == "training") training = *saved;
    }
    return Done{};
}

Status register_needs(db::Connection& c, World const& world, programme::Plan const& plan, json const& needs)
{
    for (auto const& from : needs) {
        NeedInput input;
        input.year = number_at(from, "year");
        input.item = text_at(from, "item");
        input.detail = text_at(from, "detail");
        input.estimate = number_at(from, "estimate");
        auto const* firm = find_firm(world, text_at(from, "organization"));
        if (firm == nullptr) continue;
        auto const saved = register_need(c, actor_of(*firm, world.now), plan, input);
        if (!saved) return saved.error();
    }
    return Done{};
}

} // namespace

std::vector<std::string> seeded_provinces()
{
    auto out = shipped_plans();
    std::erase_if(out, [](auto const& name) { return demo_of(name).empty(); });
    std::ranges::stable_partition(out, [](auto const& name) { return name == "lai_chau"; });
    return out;
}

Status load_programme(db::Connection& c, Actor const& actor, std::string const& name)
{
    auto const plan = load_plan(c, actor, shipped_plan(name));
    if (!plan) return plan.error();
    std::vector<db::reference::Commune> communes;
    for (auto const& each : demo_of(name).value("communes", json::array()))
        communes.push_back({text_at(each, "code"),
                            plan->province,
                            text_at(each, "kind"),
                            text_at(each, "name"),
                            {},
                            {},
                            std::string{two_levels_since}});
    db::reference::save(c, communes);
    return Done{};
}

void plan_programme(World& world, std::string const& name)
{
    world.plan.add(world.now, [&world, name](db::Connection& c) -> Status {
        auto const plan = find_plan(c, name);
        if (!plan) return plan.error();
        auto const demo = demo_of(name);
        if (auto done = record_all(c, world, *plan, demo.value("records", json::array())); !done) return done;
        if (auto done = register_needs(c, world, *plan, demo.value("needs", json::array())); !done) return done;
        auto const last_year = world.today.year() - std::chrono::years{1};
        auto const frozen =
            freeze(c, officer(world, 0, world.now), plan->id, Date{last_year / 1 / 1}, Date{last_year / 12 / 31});
        return frozen ? Status{Done{}} : frozen.error();
    });
}

void add_programme_firms(World& world, std::string const& name)
{
    auto const demo = demo_of(name);
    world.bodies.clear();
    auto const take = [](Firm& firm, json const& from) {
        auto& organization = firm.input.organization;
        organization.kind = from.value("kind", "authority");
        organization.name = text_at(from, "name");
        organization.address.commune_code = text_at(from, "commune");
        organization.address.line = from.value("line", "Thôn minh họa số 1");
        firm.brand = organization.name;
    };
    world.authority = Firm{};
    take(world.authority, demo.at("authority"));
    std::pair<double, double> const centre{demo.at("centre").at(0), demo.at("centre").at(1)};
    world.communes[world.authority.input.organization.address.commune_code] = centre;
    for (auto const& from : demo.at("organizations")) {
        auto& firm = world.firms.emplace_back();
        take(firm, from);
        auto const& commune = firm.input.organization.address.commune_code;
        world.communes.try_emplace(commune, centre.first + world.chance.share(-spread_degrees, spread_degrees),
                                   centre.second + world.chance.share(-spread_degrees, spread_degrees));
        give_numbers(world, firm);
        for (auto const& line : from.value("goods", json::array())) {
            auto& product =
                add_product(world, firm, line.at(0).get<std::string>(), line.at(1), line.at(2).get<std::string>());
            product.product.origin = "Việt Nam";
        }
        if (firm.products.empty()) continue;
        give_places(world, firm, "growing_area");
        for (auto* place : {&firm.field, &firm.factory, &firm.shop}) {
            place->place.address = firm.input.organization.address;
            place->place.growing_area_code.clear();
        }
    }
}

} // namespace nguon::server::app::seed
