#include "server/app/check_batch.hpp"

#include "core/epcis/templates.hpp"
#include "db/identifiers.hpp"
#include "db/reference.hpp"
#include "server/app/destinations.hpp"
#include "server/app/province_search.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

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

constexpr std::array<std::string_view, 3> parting{"retail_selling", "stocking", "destroying"};
constexpr std::array<std::string_view, 4> taking{"receiving", "accepting", "arriving", "storing"};

/// The next hand is known: the lot was sold or destroyed, another organization has it, or it was shipped to somebody
/// who is named or recorded its arrival. That every shop keeps its books here is more than the law can ask.
bool has_next_hand(db::Connection& c, std::span<std::int64_t const> numbers, TracedThing const& self)
{
    auto const is_one_of = [](auto const& words, auto const& part) {
        return std::ranges::find(words, part.biz_step) != words.end();
    };
    Destinations destinations{c};
    return std::ranges::any_of(db::genealogy::parts_of(c, numbers), [&](auto const& part) {
        if (part.role != "epc" && part.role != "parent") return false;
        if (part.biz_step == "shipping") return self.gap == Gap::none || !destinations.of(part.seq).empty();
        return is_one_of(parting, part) || (part.org != self.org && is_one_of(taking, part));
    });
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
    out.story.back_known = made_of || self.gap != Gap::origin_unknown;
    out.story.forward_known = went_on || has_next_hand(c, numbers, self);
}

} // namespace

Result<Completeness> judge_lot(db::Connection& c, Subject const& subject, Instant now)
{
    auto const origin = trace_code(c, subject, now);
    if (!origin) return origin.error();

    Completeness out;
    auto& story = out.story;
    out.batch = subject.batch->id;
    out.org = subject.batch->org;
    out.product = origin->product.name;
    out.lot = subject.batch->lot;
    out.items = origin->items;
    story.items_present = origin->items_present;
    for (auto const& item : out.items)
        if (!item.present) out.lacks.push_back({"item." + item.key, {}, {}});
    look_at_chain(c, out);
    if (!story.back_known) out.lacks.push_back({"back", {}, {}});
    if (!story.forward_known) out.lacks.push_back({"forward", {}, {}});
    for (auto const& step : origin->steps)
        story.evidence += !step.wrong && (step.mark == "evidenced" || step.mark == "confirmed") ? 1 : 0;
    for (auto const& paper : origin->certificates)
        story.evidence += paper.state == CertificateState::valid || paper.state == CertificateState::expiring ? 1 : 0;
    if (story.evidence == 0) out.lacks.push_back({"evidence", {}, {}});
    auto const group = db::reference::find_product_group(c, origin->product.group_code);
    look_for_steps(out, origin->steps, group ? group->template_group : "general");
    return out;
}

Result<Completeness> check_batch(db::Connection& c, std::string const& code, Instant now)
{
    auto const subject = subject_of_text(c, code, vietnam_date(now));
    if (!subject.product) return not_found("check.unknown");
    if (!subject.batch) return invalid("check.no_lot");
    return judge_lot(c, subject, now);
}

nlohmann::json to_json(Completeness const& checked, Locale const& locale)
{
    nlohmann::json out{{"batch_id", checked.batch.text()},
                       {"product_name", checked.product},
                       {"lot", checked.lot},
                       {"score", score_of(checked.story)},
                       {"complete", is_complete(checked.story)},
                       {"items_present", checked.story.items_present},
                       {"items", nlohmann::json::array()},
                       {"back_known", checked.story.back_known},
                       {"forward_known", checked.story.forward_known},
                       {"evidence", checked.story.evidence},
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
