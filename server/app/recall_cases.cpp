#include "server/app/recall_cases.hpp"

#include "db/audit_log.hpp"
#include "db/batches.hpp"
#include "server/app/recalls.hpp"

#include <algorithm>
#include <charconv>

namespace nguon::server::app {
namespace {

using db::recalls::Case;

constexpr std::size_t subject_chars_max = 300;
constexpr std::size_t unit_chars_max = 20;
constexpr std::array kinds{Choice<bool>{"real", false}, Choice<bool>{"drill", true}};
constexpr std::array scope_words{Choice<std::string_view>{"batch", "batch"},
                                 Choice<std::string_view>{"ingredient", "ingredient"},
                                 Choice<std::string_view>{"firm", "firm"}, Choice<std::string_view>{"place", "place"}};

void note(db::Connection& c, Actor const& actor, Case const& entry, std::string const& what,
          std::string const& detail = {})
{
    db::recalls::add_step(c, entry.id, actor.subject, what, detail, actor.at);
    db::audit_log::Entry line;
    line.action = (entry.is_drill() ? "drill." : "recall.") + what;
    line.entity_kind = "recall";
    line.entity_id = entry.id;
    line.detail = nlohmann::json{{"number", entry.number}, {"reason", detail}}.dump();
    db::audit_log::append(c, actor.change(), line);
}

Status check_texts(std::string const& reason, std::string const& notice)
{
    std::vector<FieldError> faults;
    if (reason.empty()) faults.push_back({"/reason", "field.required", {}});
    if (notice.empty()) faults.push_back({"/notice", "field.required", {}});
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return Done{};
}

Result<Case> draft(db::Connection& c, std::string const& id)
{
    auto entry = db::recalls::find_for_change(c, id);
    if (entry && entry->state != "draft") return conflict("recall.not_draft");
    return entry;
}

Result<Case> published(db::Connection& c, std::string const& id)
{
    auto entry = db::recalls::find_for_change(c, id);
    if (entry && entry->state != "published") return conflict("recall.not_open");
    return entry;
}

int year_of(Instant at) { return static_cast<int>(vietnam_date(at).year()); }

Result<Case> insert_case(db::Connection& c, Actor const& actor, NewRecall const& wanted, RecallTracing const& tracing)
{
    Case entry;
    entry.id = new_uuid();
    entry.kind = wanted.drill ? "drill" : "real";
    entry.number = db::recalls::next_number(c, entry.kind, year_of(actor.at));
    entry.automatic = wanted.automatic;
    entry.scope = tracing.scope.scope;
    entry.subject = tracing.scope.subject;
    entry.title = tracing.title;
    entry.reason = wanted.reason;
    entry.notice = wanted.notice;
    entry.findings = tracing.findings.dump();
    entry.score = tracing.score;
    entry.trace_micros = tracing.time.count();
    entry.created_at = actor.at;
    entry.created_by = actor.subject;
    entry.drafted_by = actor.subject;
    if (auto added = db::recalls::insert(c, entry); !added) return added.error();
    for (auto lot : tracing.lots) {
        lot.case_id = entry.id;
        db::recalls::add_lot(c, lot);
    }
    note(c, actor, entry, "opened");
    db::recalls::add_step(c, entry.id, actor.subject, "traced", std::to_string(entry.trace_micros), actor.at);
    return entry;
}

/// Puts the next lots before the public; of a drill only in its own case.
Status publish_lots(db::Connection& c, Actor const& actor, Case const& entry)
{
    constexpr auto at_once = static_cast<std::int64_t>(limits::recall_lots_published);
    for (auto const& lot : db::recalls::unpublished(c, entry.id, at_once)) {
        if (!entry.is_drill()) {
            auto const done = recall_batch(c, actor, lot.batch, entry.reason);
            // Somebody recalled it before: it is before the public, with that reason.
            if (!done && done.error().key != "batch.already_recalled") return done;
        }
        db::recalls::mark_published(c, entry.id, lot.batch, actor.at);
    }
    return Done{};
}

} // namespace

Status may_recall(Principal const& who)
{
    if (!who.may("recall:write", OrganizationId{})) return forbidden("recall.whole_province");
    return Done{};
}

RecallWish read_recall_wish(JsonReader& in)
{
    RecallWish out;
    out.texts.drill = in.choice("kind", std::span<Choice<bool> const>{kinds});
    out.scope.scope = in.choice("scope", std::span<Choice<std::string_view> const>{scope_words});
    out.scope.subject = in.text("subject", subject_chars_max);
    auto const day = [&](char const* name) {
        auto const date = in.optional_date(name);
        return date ? to_iso(*date) : std::string{};
    };
    out.scope.from = day("from");
    out.scope.to = day("to");
    out.texts.reason = in.text("reason", limits::recall_reason_chars_max);
    out.texts.notice = in.text("notice", limits::recall_text_chars_max, Lines::many);
    return out;
}

Acknowledgement read_acknowledgement(JsonReader& in)
{
    Acknowledgement out;
    auto const figure = [&](char const* name) -> std::optional<double> {
        auto const text = in.decimal(name);
        double value = 0;
        auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.empty() || fault != std::errc{}) return std::nullopt;
        return value;
    };
    out.figures.made = figure("made");
    out.figures.sold = figure("sold");
    out.figures.in_stock = figure("in_stock");
    out.figures.returned = figure("returned");
    out.figures.destroyed = figure("destroyed");
    out.unit = in.optional_text("unit", unit_chars_max).value_or("");
    out.note = in.optional_text("note", limits::recall_reason_chars_max).value_or("");
    return out;
}

Result<std::string> open_recall(db::Connection& c, Actor const& actor, NewRecall const& wanted,
                                RecallTracing const& tracing)
{
    if (auto const good = check_texts(wanted.reason, wanted.notice); !good) return good.error();
    auto const entry = insert_case(c, actor, wanted, tracing);
    if (!entry) return entry.error();
    return entry->id;
}

Status change_draft(db::Connection& c, Actor const& actor, std::string const& id, DraftChange const& change)
{
    auto entry = draft(c, id);
    if (!entry) return entry.error();
    if (auto good = check_texts(change.reason, change.notice); !good) return good;
    entry->reason = change.reason;
    entry->notice = change.notice;
    entry->drafted_by = actor.subject;
    db::recalls::put(c, *entry);
    note(c, actor, *entry, "drafted");
    if (!change.included) return Done{};
    for (auto const& batch : *change.included)
        if (auto const lot = db::recalls::find_lot(c, id, batch); !lot) return lot.error();
    for (auto const& lot : db::recalls::lots(c, id, {}, {}, 0, limits::recall_lots_max)) {
        bool const wanted = std::ranges::find(*change.included, lot.batch) != change.included->end();
        if (wanted != lot.included) db::recalls::include(c, id, lot.batch, wanted);
    }
    return Done{};
}

Status publish_recall(db::Connection& c, Actor const& actor, std::string const& id)
{
    auto entry = draft(c, id);
    if (!entry) return entry.error();
    if (entry->created_by == actor.subject || entry->drafted_by == actor.subject)
        return forbidden("recall.second_person");
    if (db::recalls::totals(c, id).lots == 0) return invalid("recall.no_lots");
    entry->state = "published";
    entry->published_at = actor.at;
    entry->published_by = actor.subject;
    db::recalls::put(c, *entry);
    note(c, actor, *entry, "published");
    return publish_lots(c, actor, *entry);
}

Result<std::int64_t> publish_more(db::Connection& c, Actor const& actor, std::string const& id)
{
    auto const entry = published(c, id);
    if (!entry) return entry.error();
    auto as_publisher = actor;
    as_publisher.subject = entry->published_by;
    if (auto const done = publish_lots(c, as_publisher, *entry); !done) return done.error();
    auto const totals = db::recalls::totals(c, id);
    return totals.lots - totals.published;
}

Status acknowledge_recall(db::Connection& c, Actor const& actor, std::string const& id, BatchId const& batch,
                          Acknowledgement const& said)
{
    auto const entry = db::recalls::find_for_change(c, id);
    auto lot = entry ? db::recalls::find_lot(c, id, batch) : Result<db::recalls::Lot>{not_found("recall.unknown")};
    bool const asked = lot && lot->org == actor.org && lot->included && !entry->automatic &&
                       (entry->state == "published" || entry->state == "closed");
    if (!asked) return not_found("recall.unknown");
    if (entry->state != "published") return conflict("recall.not_open");
    std::vector<FieldError> faults;
    auto const check = [&](std::optional<double> const& figure, char const* place) {
        if (!figure) faults.push_back({place, "field.required", {}});
    };
    check(said.figures.made, "/made");
    check(said.figures.sold, "/sold");
    check(said.figures.in_stock, "/in_stock");
    check(said.figures.returned, "/returned");
    check(said.figures.destroyed, "/destroyed");
    if (!faults.empty()) return invalid_fields(std::move(faults));
    lot->figures = said.figures;
    lot->unit = said.unit;
    lot->note = said.note;
    db::recalls::acknowledge(c, *lot, actor.subject, actor.at);
    note(c, actor, *entry, "acknowledged", lot->lot);
    return Done{};
}

Status end_recall_lot(db::Connection& c, Actor const& actor, std::string const& id, BatchId const& batch,
                      std::string const& reason)
{
    if (reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    auto const entry = db::recalls::find_for_change(c, id);
    if (!entry) return entry.error();
    auto const lot = db::recalls::find_lot(c, id, batch);
    if (!lot) return lot.error();
    if (entry->state != "published" && entry->state != "closed") return conflict("recall.not_open");
    if (!lot->published_at || lot->ended_at) return conflict("recall.lot_not_recalled");
    if (!entry->is_drill() && !db::recalls::held_by_other(c, id, batch))
        if (auto ended = end_batch_recall(c, actor, batch, reason); !ended) return ended;
    db::recalls::end_lot(c, id, batch, reason, actor.subject, actor.at);
    note(c, actor, *entry, "lot_ended", lot->lot + ": " + reason);
    return Done{};
}

Status close_recall(db::Connection& c, Actor const& actor, std::string const& id, std::string const& conclusion)
{
    auto entry = published(c, id);
    if (!entry) return entry.error();
    if (conclusion.empty()) return invalid_fields({{"/conclusion", "recall.conclusion_missing", {}}});
    auto const totals = db::recalls::totals(c, id);
    if (totals.published < totals.lots) return conflict("recall.still_publishing");
    entry->state = "closed";
    entry->conclusion = conclusion;
    entry->closed_at = actor.at;
    db::recalls::put(c, *entry);
    note(c, actor, *entry, "closed");
    return Done{};
}

Status cancel_recall(db::Connection& c, Actor const& actor, std::string const& id)
{
    auto entry = draft(c, id);
    if (!entry) return entry.error();
    entry->state = "cancelled";
    entry->closed_at = actor.at;
    db::recalls::put(c, *entry);
    note(c, actor, *entry, "cancelled");
    return Done{};
}

Result<Case> recall_within(db::Connection& c, Principal const& who, std::string const& id)
{
    if (!who.sees_all("trace:read") || !db::recalls::is_within(c, who.areas("trace:read"), id))
        return not_found("recall.unknown");
    return db::recalls::find(c, id);
}

Status keep_drill(db::Connection& c, Instant now, RecallTracing const& tracing)
{
    // Two servers may have traced at once; the first has kept its drill.
    auto const last = db::recalls::last_automatic_drill(c);
    if (last && now - *last < limits::drill_interval) return Done{};
    Actor const program{"program", {}, {}, now};
    NewRecall wanted;
    wanted.drill = true;
    wanted.automatic = true;
    auto entry = insert_case(c, program, wanted, tracing);
    if (!entry) return entry.error();
    entry->state = "closed";
    entry->closed_at = now;
    db::recalls::put(c, *entry);
    note(c, program, *entry, "closed");
    return Done{};
}

} // namespace nguon::server::app
