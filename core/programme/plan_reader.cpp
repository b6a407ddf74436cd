#include "core/json.hpp"
#include "core/limits/programme.hpp"
#include "core/model/certificate.hpp"
#include "core/programme/plan.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <nlohmann/json.hpp>

namespace nguon::programme {
namespace {

constexpr std::size_t id_chars_max = 40;
constexpr std::size_t text_max = limits::plan_text_chars_max;
constexpr std::size_t items_max = limits::plan_items_max;

/// Reads every part of the file; what refers to something else is checked when all is read.
class PlanReader {
public:
    explicit PlanReader(std::vector<FieldError>& faults) : faults_{faults} {}

    Plan read(nlohmann::json const& value);

private:
    template <std::size_t N>
    void check_words(JsonReader& in, std::string_view name, std::vector<std::string> const& given,
                     std::array<std::string_view, N> const& known)
    {
        for (auto const& word : given)
            if (std::ranges::find(known, word) == known.end()) in.fault(name, "plan.unknown_reference", {word});
    }
    std::string new_id(JsonReader& in, std::set<std::string>& seen);
    std::optional<double> number(JsonReader& in, std::string_view name);
    Rule rule(JsonReader in);
    Target target(JsonReader& in);
    Indicator indicator(JsonReader& in);
    Statement statement(JsonReader& in);
    Task task(JsonReader& in);
    void lists(JsonReader& in);

    std::vector<FieldError>& faults_;
    Plan plan_;
    std::set<std::string> statements_;
    std::set<std::string> indicators_;
    std::set<std::string> tasks_;
    std::set<std::string> items_;
};

/// Ids stand in addresses.
void check_id(JsonReader& in, std::string const& id)
{
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (id.find_first_not_of(allowed) != std::string::npos) in.fault("id", "plan.id", {id});
}

std::string PlanReader::new_id(JsonReader& in, std::set<std::string>& seen)
{
    auto const id = in.text("id", id_chars_max);
    check_id(in, id);
    if (!id.empty() && !seen.insert(id).second) in.fault("id", "plan.duplicate", {id});
    return id;
}

std::optional<double> PlanReader::number(JsonReader& in, std::string_view name)
{
    auto const text = in.optional_decimal(name);
    if (!text) return std::nullopt;
    return std::strtod(text->c_str(), nullptr);
}

Rule PlanReader::rule(JsonReader in)
{
    Rule out;
    out.kinds = in.texts("kinds", items_max, id_chars_max);
    out.items = in.texts("items", items_max, id_chars_max);
    out.sources = in.texts("sources", items_max, id_chars_max);
    out.certificate_kinds = in.texts("certificate_kinds", items_max, id_chars_max);
    out.valid = in.flag("valid");
    out.last_year = in.flag("last_year");
    check_words(in, "kinds", out.kinds, record_kinds);
    check_words(in, "sources", out.sources, sources);
    check_words(in, "certificate_kinds", out.certificate_kinds, certificate_kinds);
    for (auto const& item : out.items)
        if (plan_.item(item) == nullptr) in.fault("items", "plan.unknown_reference", {item});
    if (out.kinds.empty() && out.sources.empty()) in.fault("kinds", "field.required");
    in.refuse_unknown();
    return out;
}

Target PlanReader::target(JsonReader& in)
{
    Target out;
    out.period = in.text("period", id_chars_max);
    if (!out.period.empty() && plan_.period(out.period) == nullptr)
        in.fault("period", "plan.unknown_reference", {out.period});
    out.each_year = in.flag("each_year");
    out.at_least = number(in, "at_least");
    out.up_to = number(in, "up_to");
    out.above = number(in, "above");
    out.at_most = number(in, "at_most");
    out.over = in.optional_text("over", id_chars_max).value_or("");
    out.percent = static_cast<int>(in.optional_integer("percent", 0, 1000).value_or(0));
    out.base = number(in, "base");
    out.base_years = static_cast<int>(in.optional_integer("base_years", 1, 50).value_or(1));
    out.grow_low = static_cast<int>(in.optional_integer("grow_low", 0, 1000).value_or(0));
    out.grow_high = static_cast<int>(in.optional_integer("grow_high", 0, 1000).value_or(out.grow_low));
    bool const bound = out.at_least || out.above || out.at_most || out.base || !out.over.empty();
    bool const orderly = !out.up_to || (out.at_least && *out.at_least <= *out.up_to);
    if (!bound || !orderly || (out.base && !out.each_year)) in.fault("at_least", "plan.bound");
    in.refuse_unknown();
    return out;
}

Indicator PlanReader::indicator(JsonReader& in)
{
    Indicator out;
    out.id = new_id(in, indicators_);
    out.statement = in.text("statement", id_chars_max);
    if (!out.statement.empty() && !statements_.contains(out.statement))
        in.fault("statement", "plan.unknown_reference", {out.statement});
    out.name = in.text("name", text_max);
    out.unit = in.text("unit", id_chars_max);
    if (!out.unit.empty()) check_words(in, "unit", {out.unit}, units);
    out.unit_text = in.text("unit_text", id_chars_max);
    out.rule = rule(in.object("count"));
    for (auto& each : in.objects("targets", items_max)) out.targets.push_back(target(each));
    out.note = in.optional_text("note", text_max).value_or("");
    for (auto const& each : out.targets) {
        if (each.over.empty()) continue;
        auto const base = std::ranges::find(out.targets, each.over, &Target::period);
        if (base == out.targets.end() || !base->over.empty())
            in.fault("targets", "plan.unknown_reference", {each.over});
    }
    in.refuse_unknown();
    return out;
}

Statement PlanReader::statement(JsonReader& in)
{
    constexpr std::array<Choice<std::string_view>, 3> handlings{
        {{"computed", "computed"}, {"recorded", "recorded"}, {"out_of_scope", "out_of_scope"}}};
    Statement out;
    out.id = new_id(in, statements_);
    out.text = in.text("text", text_max);
    out.handling = in.choice<std::string_view>("handling", handlings);
    out.reason = in.optional_text("reason", text_max).value_or("");
    if (out.handling == "out_of_scope" && out.reason.empty()) in.fault("reason", "plan.reason");
    in.refuse_unknown();
    return out;
}

Task PlanReader::task(JsonReader& in)
{
    Task out;
    out.id = new_id(in, tasks_);
    out.content = in.text("content", text_max);
    out.time = in.text("time", id_chars_max);
    out.lead = in.text("lead", text_max);
    out.supporting = in.texts("supporting", items_max, text_max);
    if (in.has("count")) out.rule = rule(in.object("count"));
    in.refuse_unknown();
    return out;
}

void PlanReader::lists(JsonReader& in)
{
    std::set<std::string> periods;
    for (auto& each : in.objects("periods", items_max)) {
        Period one;
        one.id = new_id(each, periods);
        one.from = each.date("from");
        one.to = each.date("to");
        bool const overlaps = std::ranges::any_of(
            plan_.periods, [&](Period const& other) { return one.from <= other.to && other.from <= one.to; });
        if (each.clean() && (one.to < one.from || overlaps)) each.fault("to", "plan.period");
        each.refuse_unknown();
        plan_.periods.push_back(std::move(one));
    }
    if (plan_.periods.empty()) in.fault("periods", "field.required");
    for (auto& each : in.objects("communes", items_max)) {
        Commune one{each.text("code", id_chars_max), each.text("kind", id_chars_max), each.text("name", text_max)};
        each.refuse_unknown();
        plan_.communes.push_back(std::move(one));
    }
    for (auto& each : in.objects("items", items_max)) {
        Item one;
        one.id = new_id(each, items_);
        one.name = each.text("name", text_max);
        one.needs = each.flag("needs");
        each.refuse_unknown();
        plan_.items.push_back(std::move(one));
    }
    for (auto& each : in.objects("statements", items_max)) plan_.statements.push_back(statement(each));
    for (auto& each : in.objects("indicators", items_max)) plan_.indicators.push_back(indicator(each));
    for (auto& each : in.objects("tasks", items_max)) plan_.tasks.push_back(task(each));
    // A statement that is said to be computed needs an indicator that does it.
    for (std::size_t i = 0; i < plan_.statements.size(); ++i) {
        auto const& one = plan_.statements[i];
        bool const counted =
            std::ranges::find(plan_.indicators, one.id, &Indicator::statement) != plan_.indicators.end();
        if (one.handling == "computed" && !counted)
            faults_.push_back(
                {in.place("statements") + "/" + std::to_string(i) + "/handling", "plan.unknown_reference", {one.id}});
    }
}

Plan PlanReader::read(nlohmann::json const& value)
{
    JsonReader in{value, faults_};
    in.allow("about");
    plan_.id = in.text("id", id_chars_max);
    check_id(in, plan_.id);
    plan_.title = in.text("title", text_max);
    plan_.number = in.text("number", id_chars_max);
    plan_.legal_basis = in.texts("legal_basis", items_max, text_max);
    plan_.province = in.text("province", 2);
    plan_.former_province = in.optional_text("former_province", id_chars_max).value_or("");
    plan_.superior = in.text("superior", text_max);
    plan_.agency = in.text("agency", text_max);
    plan_.place = in.text("place", id_chars_max);
    plan_.symbol = in.text("symbol", id_chars_max);
    plan_.receivers = in.texts("receivers", items_max, text_max);
    plan_.report_day = in.optional_text("report_day", 5).value_or("");
    if (!plan_.report_day.empty() && !plan_.report_due(2026)) in.fault("report_day", "plan.day");
    plan_.once_only = in.flag("once_only");
    plan_.small_first = in.flag("small_first");
    plan_.tfp_source = in.optional_text("tfp_source", text_max).value_or("");
    lists(in);
    in.refuse_unknown();
    return std::move(plan_);
}

} // namespace

Result<Plan> read_plan(std::string_view text)
{
    if (text.size() > limits::plan_bytes_max)
        return invalid("plan.too_large", {std::to_string(limits::plan_bytes_max / 1024)});
    auto const value = parse_json(text);
    if (!value) return value.error();
    std::vector<FieldError> faults;
    auto plan = PlanReader{faults}.read(*value);
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return plan;
}

} // namespace nguon::programme
