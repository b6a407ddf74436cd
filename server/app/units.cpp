#include "server/app/units.hpp"

#include "core/gs1/printed_code.hpp"
#include "core/gs1/read_code.hpp"
#include "db/audit_log.hpp"

#include <algorithm>
#include <numeric>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using namespace std::string_view_literals;

/// From which states one gets there. Firms that sell at the farm gate ship nothing; what came back may be void.
std::span<std::string_view const> states_before(std::string_view to)
{
    static constexpr std::array before_activated{"printed"sv};
    static constexpr std::array before_shipped{"activated"sv};
    static constexpr std::array before_sold{"activated"sv, "shipped"sv};
    static constexpr std::array before_void{"printed"sv, "activated"sv, "shipped"sv, "sold"sv};
    if (to == "activated") return before_activated;
    if (to == "shipped") return before_shipped;
    if (to == "sold") return before_sold;
    if (to == "void") return before_void;
    return {};
}

FieldError at(std::string pointer, Error const& error) { return {std::move(pointer), error.key, error.values}; }

} // namespace

Result<std::string> read_unit_code(std::string_view text)
{
    auto const code = gs1::read_code(text);
    if (!code.valid()) return gs1::to_error(code.faults);
    if (code.kind == gs1::CodeKind::printed_code) return code.printed_code;
    auto const* serial = gs1::find_value(code.elements, "21");
    if (serial == nullptr) return invalid("unit.no_code");
    return gs1::read_printed_code(*serial);
}

Result<db::printed_codes::Code> find_unit(db::Connection& c, OrganizationId const& org, std::string_view text)
{
    auto const code = read_unit_code(text);
    if (!code) return code.error();
    auto unit = db::printed_codes::find(c, *code);
    if (!unit || unit->org != org) return not_found("unit.unknown");
    if (unit->kind != "unit") return invalid("unit.of_lot", {gs1::to_grouped_code(*code)});
    return unit;
}

UnitChange read_unit_change(JsonReader& in)
{
    constexpr std::size_t scanned_chars_max = 300; // a whole Digital Link
    constexpr std::size_t reason_chars_max = 300;
    UnitChange out;
    out.first = in.text("first", scanned_chars_max);
    out.last = in.optional_text("last", scanned_chars_max).value_or("");
    out.to = in.text("to", 20);
    out.reason = in.optional_text("reason", reason_chars_max).value_or("");
    return out;
}

std::int64_t UnitRange::units() const
{
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0},
                           [](std::int64_t sum, auto const& entry) { return sum + entry.second; });
}

std::int64_t UnitRange::changeable(std::string_view to) const
{
    std::int64_t sum = 0;
    for (auto const state : states_before(to))
        if (auto const found = counts.find(std::string{state}); found != counts.end()) sum += found->second;
    return sum;
}

Result<UnitRange> find_unit_range(db::Connection& c, OrganizationId const& org, std::string_view first,
                                  std::string_view last)
{
    auto const from = find_unit(c, org, first);
    auto const to = last.empty() ? from : find_unit(c, org, last);
    std::vector<FieldError> faults;
    if (!from) faults.push_back(at("/first", from.error()));
    if (!to && !last.empty()) faults.push_back(at("/last", to.error()));
    if (faults.empty() && from->job != to->job) faults.push_back({"/last", "unit.other_job", {}});
    if (!faults.empty()) return invalid_fields(std::move(faults));

    UnitRange out;
    auto const [low, high] = std::minmax(from->code, to->code);
    out.range = {from->job, low, high};
    out.batch = from->batch;
    out.counts = db::printed_codes::count(c, org, out.range);
    return out;
}

Result<UnitsChanged> change_units(db::Connection& c, Actor const& actor, UnitChange const& change)
{
    auto const from = states_before(change.to);
    std::vector<FieldError> faults;
    if (from.empty()) faults.push_back({"/to", "unit.state_unknown", {change.to}});
    if (change.to == "void" && change.reason.empty()) faults.push_back({"/reason", "field.required", {}});
    if (!faults.empty()) return invalid_fields(std::move(faults));
    auto range = find_unit_range(c, actor.org, change.first, change.last);
    if (!range) return range.error();

    UnitsChanged out;
    out.changed = db::printed_codes::change_state(
        c, actor.org, range->range, {from, change.to, change.to == "void" ? change.reason : "", actor.at});
    if (out.changed == 0) return conflict("unit.nothing_to_change");
    out.range = *std::move(range);
    out.range.counts = db::printed_codes::count(c, actor.org, out.range.range);

    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = "unit.state";
    entry.entity_kind = "label_job";
    entry.entity_id = out.range.range.job;
    entry.detail = nlohmann::json{{"to", change.to},
                                  {"first", out.range.range.first},
                                  {"last", out.range.range.last},
                                  {"changed", out.changed},
                                  {"reason", change.reason}}
                       .dump();
    db::audit_log::append(c, actor.change(), entry);
    return out;
}

} // namespace nguon::server::app
