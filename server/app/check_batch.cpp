#include "server/app/check_batch.hpp"

#include "core/epcis/templates.hpp"
#include "db/identifiers.hpp"
#include "db/reference.hpp"
#include "server/app/province_search.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

// Together 100. The nine items are law, the chain is what a recall needs.
constexpr std::int64_t points_item = 6;
constexpr std::int64_t points_back = 18;
constexpr std::int64_t points_forward = 18;
constexpr std::int64_t points_evidence = 10;

/// A later step may be still to come; without these a lot has no story.
bool is_expected(epcis::Template const& form)
{
    using enum epcis::PortalStage;
    return form.stage == processing && form.key.ends_with("packing");
}

void look_for_steps(Completeness& out, std::vector<OriginStep> const& steps, std::string_view group)
{
    std::set<std::string> done;
    for (auto const& step : steps)
        if (!step.wrong) done.insert(step.summary.template_key);
    for (auto const& templates : epcis::template_groups()) {
        for (auto const& form : templates.steps) {
            bool const of_group = form.key.starts_with(std::string{group} + ".");
            if (of_group && is_expected(form) && !done.contains(std::string{form.key}))
                out.lacks.push_back({"step", std::string{form.title.vi}, std::string{form.title.en}});
        }
    }
}

/// The steps before and after the lot, as the closure over the event store has them.
void look_at_chain(db::Connection& c, Completeness& out)
{
    auto const numbers = db::identifiers::of_entity(c, out.batch.text());
    if (numbers.empty()) return;
    db::genealogy::Bounds near;
    near.depth_max = 2;
    auto const trace = trace_numbers(c, numbers, db::genealogy::Direction::both, near);
    auto const& self = trace.things.front();
    bool const made_of = std::ranges::any_of(trace.things, [](auto const& thing) { return thing.depth < 0; });
    bool const went_on = std::ranges::any_of(
        trace.things, [](auto const& thing) { return thing.depth > 0 && thing.kind != "unit" && !thing.carrier; });
    out.back_known = made_of || self.gap != Gap::origin_unknown;
    out.forward_known = went_on || (self.gap != Gap::no_forward && self.gap != Gap::not_received);
}

} // namespace

Result<Completeness> check_batch(db::Connection& c, std::string const& code, Instant now)
{
    auto const subject = subject_of_text(c, code, vietnam_date(now));
    if (!subject.product) return not_found("check.unknown");
    if (!subject.batch) return invalid("check.no_lot");
    auto const origin = trace_code(c, subject, now);
    if (!origin) return origin.error();

    Completeness out;
    out.batch = subject.batch->id;
    out.org = subject.batch->org;
    out.product = origin->product.name;
    out.lot = subject.batch->lot;
    out.items = origin->items;
    out.items_present = origin->items_present;
    for (auto const& item : out.items)
        if (!item.present) out.lacks.push_back({"item." + item.key, {}, {}});
    look_at_chain(c, out);
    if (!out.back_known) out.lacks.push_back({"back", {}, {}});
    if (!out.forward_known) out.lacks.push_back({"forward", {}, {}});
    for (auto const& step : origin->steps)
        out.evidence += !step.wrong && (step.mark == "evidenced" || step.mark == "confirmed") ? 1 : 0;
    for (auto const& paper : origin->certificates)
        out.evidence += paper.state == CertificateState::valid || paper.state == CertificateState::expiring ? 1 : 0;
    if (out.evidence == 0) out.lacks.push_back({"evidence", {}, {}});
    auto const group = db::reference::find_product_group(c, origin->product.group_code);
    look_for_steps(out, origin->steps, group ? group->template_group : "general");
    out.score = points_item * out.items_present + (out.back_known ? points_back : 0) +
                (out.forward_known ? points_forward : 0) + (out.evidence > 0 ? points_evidence : 0);
    return out;
}

nlohmann::json to_json(Completeness const& checked, Locale const& locale)
{
    nlohmann::json out{{"batch_id", checked.batch.text()},
                       {"product_name", checked.product},
                       {"lot", checked.lot},
                       {"score", checked.score},
                       {"items_present", checked.items_present},
                       {"items", nlohmann::json::array()},
                       {"back_known", checked.back_known},
                       {"forward_known", checked.forward_known},
                       {"evidence", checked.evidence},
                       {"findings", nlohmann::json::array()}};
    for (auto const& item : checked.items) out["items"].push_back({{"name", item.key}, {"present", item.present}});
    for (auto const& lack : checked.lacks) {
        auto const words = [&](std::string const& start) -> nlohmann::json {
            return {{"vi", locale.text("vi", start + lack.key, {lack.value_vi})},
                    {"en", locale.text("en", start + lack.key, {lack.value_en})}};
        };
        out["findings"].push_back({{"key", lack.key}, {"text", words("check.lacks.")}, {"todo", words("check.todo.")}});
    }
    return out;
}

} // namespace nguon::server::app
