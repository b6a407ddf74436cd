#include "server/app/label_designs.hpp"

#include "core/gs1/printed_code.hpp"
#include "core/limits/labels.hpp"
#include "db/audit_log.hpp"
#include "db/batches.hpp"
#include "db/organizations.hpp"
#include "server/app/label_printers.hpp"
#include "server/app/naming.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using scanner::label_field_names;
using scanner::LabelField;
using scanner::line_size_names;
using scanner::LineSize;

constexpr std::size_t name_chars_max = 80;
constexpr std::string_view sample_gtin = "08938505974019"; // of a batch that is made up

template <typename Value, std::size_t count>
constexpr std::array<Choice<Value>, count> choices_of(std::array<std::string_view, count> const& names)
{
    std::array<Choice<Value>, count> out{};
    for (std::size_t i = 0; i < count; ++i) out[i] = {names[i], static_cast<Value>(i)};
    return out;
}

constexpr auto fields = choices_of<LabelField>(label_field_names);
constexpr auto sizes = choices_of<LineSize>(line_size_names);

scanner::LabelDesign read_symbols(JsonReader& in)
{
    std::vector<Choice<scanner::LabelDesign>> shipped;
    for (auto const& one : scanner::label_designs()) shipped.push_back({one.name, one.design});
    return in.choice<scanner::LabelDesign>("symbols", shipped);
}

std::string_view name_of(LabelField field) { return label_field_names[static_cast<std::size_t>(field)]; }
std::string_view name_of(LineSize size) { return line_size_names[static_cast<std::size_t>(size)]; }

/// A name of ours as what it stands for; the first for anything else.
template <typename Value, std::size_t count>
Value value_of(std::array<std::string_view, count> const& names, std::string_view name)
{
    auto const found = std::ranges::find(names, name);
    return static_cast<Value>(found == names.end() ? 0 : found - names.begin());
}

void note(db::Connection& c, Actor const& actor, std::string action, std::string const& id)
{
    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = std::move(action);
    entry.entity_kind = "label_design";
    entry.entity_id = id;
    db::audit_log::append(c, actor.change(), entry);
}

/// What a label looks like before there is a batch to print one for.
Result<LabelPrint> made_up_print(db::Connection& c, OrganizationId const& org, std::string const& stock,
                                 PrintAddress const& address)
{
    auto const chosen = find_any_stock(c, org, stock);
    if (!chosen) return chosen.error();
    auto const organization = db::organizations::find(c, org);
    if (!organization) return organization.error();
    LabelPrint print;
    print.job.stock = *chosen;
    print.job.product_name = "Chè xanh đặc sản, hái tay";
    print.job.lot = "L261120-01";
    print.job.made_on = parse_date("2026-11-20").value_or(Date{});
    print.job.use_by = parse_date("2028-11-20").value_or(Date{});
    print.job.organization = organization->name;
    print.job.gtin = sample_gtin;
    auto const code = gs1::new_printed_code();
    auto const gtin = chosen->wants_short_link() ? std::string_view{} : sample_gtin;
    print.codes.push_back({label_url(address.public_url, gtin, print.job.lot, code, code), code});
    return print;
}

} // namespace

std::string line_field(std::size_t line) { return "line" + std::to_string(line); }
std::string size_field(std::size_t line) { return "size" + std::to_string(line); }

DesignInput read_design(JsonReader& in)
{
    DesignInput out;
    out.name = in.text("name", name_chars_max);
    out.design.symbols = read_symbols(in);
    if (!in.has("lines")) in.fault("lines", "field.required");
    for (auto& line : in.objects("lines", scanner::label_lines_max)) {
        auto const field = line.choice<LabelField>("field", fields);
        out.design.lines.push_back({field, line.optional_choice<LineSize>("size", sizes).value_or(LineSize::normal)});
        line.refuse_unknown();
    }
    out.design.text = in.optional_text("text", limits::label_text_chars_max).value_or("");
    return out;
}

DesignInput read_design_form(JsonReader& in)
{
    DesignInput out;
    out.name = in.text("name", name_chars_max);
    out.design.symbols = read_symbols(in);
    out.design.text = in.optional_text("text", limits::label_text_chars_max).value_or("");
    for (std::size_t line = 1; line <= scanner::label_lines_max; ++line) {
        auto const field = in.optional_choice<LabelField>(line_field(line), fields);
        auto const size = in.optional_choice<LineSize>(size_field(line), sizes).value_or(LineSize::normal);
        if (field) out.design.lines.push_back({*field, size});
    }
    return out;
}

Result<std::string> add_design(db::Connection& c, Actor const& actor, DesignInput const& input)
{
    if (auto faults = scanner::design_faults(input.design); !faults.empty()) return invalid_fields(std::move(faults));
    if (db::label_designs::list(c, actor.org).size() >= limits::label_designs_max)
        return Error{
            ErrorCode::rate_limited, "label_design.too_many", {std::to_string(limits::label_designs_max)}, {}, {}};
    db::label_designs::Design const design{new_uuid(), actor.org, input.name, to_json(input.design).dump(),
                                           1,          actor.at};
    db::label_designs::insert(c, design);
    note(c, actor, "label_design.add", design.id);
    return design.id;
}

Status change_design(db::Connection& c, Actor const& actor, std::string const& id, DesignInput const& input)
{
    if (auto faults = scanner::design_faults(input.design); !faults.empty()) return invalid_fields(std::move(faults));
    db::label_designs::Design const design{id, actor.org, input.name, to_json(input.design).dump(), 1, actor.at};
    if (auto changed = db::label_designs::change(c, design); !changed) return changed;
    note(c, actor, "label_design.change", id);
    return Done{};
}

Status remove_design(db::Connection& c, Actor const& actor, std::string const& id)
{
    if (auto removed = db::label_designs::remove(c, actor.org, id); !removed) return removed;
    note(c, actor, "label_design.remove", id);
    return Done{};
}

nlohmann::json to_json(scanner::OwnDesign const& design)
{
    nlohmann::json lines = nlohmann::json::array();
    for (auto const& line : design.lines)
        lines.push_back({{"field", name_of(line.field)}, {"size", name_of(line.size)}});
    return {{"symbols", scanner::to_name(design.symbols)}, {"lines", std::move(lines)}, {"text", design.text}};
}

scanner::OwnDesign design_from(nlohmann::json const& design)
{
    scanner::OwnDesign out;
    if (auto const symbols = scanner::find_label_design(text_at(design, "symbols"))) out.symbols = *symbols;
    for (auto const& line : design.at("lines"))
        out.lines.push_back({value_of<LabelField>(label_field_names, text_at(line, "field")),
                             value_of<LineSize>(line_size_names, text_at(line, "size"))});
    out.text = text_at(design, "text");
    return out;
}

Result<scanner::OwnDesign> find_any_design(db::Connection& c, OrganizationId const& org, std::string const& id)
{
    if (auto const shipped = scanner::find_label_design(id)) return scanner::OwnDesign{*shipped, {}, {}};
    auto const own = db::label_designs::find(c, org, id);
    if (!own) return own.error();
    return design_from(nlohmann::json::parse(own->design)); // of our own making
}

Result<LabelPrint> draft_of_design(db::Connection& c, OrganizationId const& org, scanner::OwnDesign const& design,
                                   std::string const& stock, PrintAddress const& address)
{
    auto const newest = db::batches::list(c, org, 0, 1);
    LabelRequest wanted;
    if (!newest.empty()) wanted.batch = newest.front().id;
    wanted.kind = "unit";
    wanted.stock = stock;
    wanted.count = 1;
    auto print = newest.empty() ? made_up_print(c, org, stock, address) : draft_label_job(c, org, wanted, address);
    if (print) print->job.use(design);
    return print;
}

} // namespace nguon::server::app
