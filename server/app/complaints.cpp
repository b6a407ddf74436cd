#include "server/app/complaints.hpp"

#include "core/bytes.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/limits/cases.hpp"
#include "core/model/identifiers.hpp"
#include "db/blobs.hpp"
#include "db/people.hpp"
#include "db/throttles.hpp"
#include "server/app/deadlines.hpp"

#include <algorithm>

namespace nguon::server::app {
namespace {

using db::complaints::Case;

constexpr std::string_view jpeg = "image/jpeg";

/// So many about one thing come from one person or a program; a true flood is seen from the first ones.
Status count_report(db::Connection& c, Report const& report, ProductId const& product, Instant at)
{
    auto const& subject = product.empty() ? report.subject : product.text();
    auto const tries = db::throttles::add_try(c, sha256_hex("report\n" + subject), at,
                                              std::chrono::duration_cast<std::chrono::seconds>(limits::report_window));
    if (tries > limits::reports_per_subject_max)
        return Error{ErrorCode::rate_limited, "report.too_many_for_subject", {}, {}, {}};
    return Done{};
}

/// A case as it was looked at.
Result<Case> seen_case(db::Connection& c, std::string const& code, std::int64_t seen)
{
    auto entry = db::complaints::find(c, code);
    if (!entry) return entry;
    if (!entry->main_code.empty()) return conflict("complaint.joined_already");
    if (seen != 0 && seen != to_micros(entry->changed_at)) return conflict("record.changed_meanwhile");
    return entry;
}

void append(db::Connection& c, Actor const& actor, std::string const& code, std::string step, std::string note,
            std::string seen_by)
{
    db::complaints::append(c, code, {0, actor.at, actor.subject, std::move(step), std::move(note), std::move(seen_by)});
}

/// Writes the case and what it became: a step in its history and an entry in the audit.
Status write_step(db::Connection& c, Actor const& actor, Case const& entry, std::string const& step,
                  std::string const& note_text, std::string const& seen_by = "office")
{
    if (auto written = db::complaints::update(c, entry, actor.at); !written) return written;
    append(c, actor, entry.code, step, note_text, seen_by);
    note(c, actor, entry.org, "complaint." + step, "complaint", entry.code);
    return Done{};
}

Status keep_photos(db::Connection& c, Actor const& actor, Case const& entry, std::vector<std::string> const& photos,
                   std::string const& source)
{
    auto const kept = static_cast<std::int64_t>(db::complaints::files(c, entry.code).size());
    if (kept + static_cast<std::int64_t>(photos.size()) > limits::case_photos_max)
        return invalid("complaint.too_many_files", {std::to_string(limits::case_photos_max)});
    for (auto const& bytes : photos) {
        auto const digest = db::blobs::insert(c, jpeg, bytes, true, actor.at);
        if (!digest) return digest.error();
        db::complaints::add_file(c, entry.code, {*digest, source}, actor.at);
        if (source != "reporter" && !entry.org.empty())
            db::blobs::cite(c, *digest, entry.org, "complaint", entry.code, "private");
    }
    return Done{};
}

Status check_move(Case const& entry, ComplaintMove const& move)
{
    auto const next = next_complaint_states(entry.status);
    if (std::ranges::find(next, move.status) == next.end())
        return invalid_fields({{"/status", "complaint.not_now", {}}});
    bool const settles = move.status == "answered" || move.status == "closed";
    if (settles && move.answer.empty()) return invalid_fields({{"/answer", "complaint.answer_missing", {}}});
    bool const known = std::ranges::find(complaint_outcomes, move.outcome) != complaint_outcomes.end();
    if (move.status == "answered" && !known) return invalid_fields({{"/outcome", "complaint.outcome_missing", {}}});
    return Done{};
}

/// The case as the move leaves it.
Status apply(db::Connection& c, Case& entry, ComplaintMove const& move, Instant at)
{
    bool const reopens = !entry.is_open();
    entry.status = move.status;
    if (!entry.taken_up_at) entry.taken_up_at = at;
    if (move.status == "answered" || move.status == "closed") {
        entry.settled_at = at;
        entry.answer = move.answer;
        entry.outcome = move.status == "answered" ? move.outcome : std::string{};
        entry.shown_on_product = move.on_product && entry.outcome == "upheld";
        return Done{};
    }
    if (!reopens) return Done{};
    auto const due = due_at(c, "complaint_settlement", at);
    if (!due) return due.error();
    entry.settled_at.reset();
    entry.settle_due_at = *due;
    entry.outcome.clear();
    entry.shown_on_product = false;
    return Done{};
}

} // namespace

Report read_report(JsonReader& in)
{
    std::vector<Choice<std::string_view>> topics;
    for (auto const topic : complaint_topics) topics.push_back({topic, topic});
    Report report;
    report.topic = in.choice<std::string_view>("topic", topics);
    report.text = in.text("text", limits::case_text_chars_max, Lines::many);
    if (auto const phone = in.optional_text("phone", 20)) report.phone = in.take("phone", read_phone(*phone));
    report.subject = in.optional_text("subject", 300).value_or("");
    if (in.optional_text("website", limits::case_text_chars_max)) in.fault("website", "report.robot");
    return report;
}

Result<std::string> report_wrong_data(db::Connection& c, Actor const& actor, Report const& report,
                                      OrganizationId const& org, ProductId const& product, BatchId const& batch)
{
    if (auto counted = count_report(c, report, product, actor.at); !counted) return counted.error();
    auto const answer_due = due_at(c, "complaint_answer", actor.at);
    if (!answer_due) return answer_due.error();
    auto const settle_due = due_at(c, "complaint_settlement", actor.at);
    if (!settle_due) return settle_due.error();
    PersonId reporter;
    if (!report.phone.empty()) {
        reporter = new_id<struct PersonKind>();
        db::people::Detail detail;
        detail.phone = report.phone;
        db::people::insert(c, reporter, {}, "reporter", detail, actor.at);
    }
    Case entry;
    entry.code = gs1::new_printed_code();
    entry.org = org;
    entry.product = product;
    entry.batch = batch;
    entry.subject = report.subject;
    entry.topic = report.topic;
    entry.created_at = actor.at;
    entry.answer_due_at = *answer_due;
    entry.settle_due_at = *settle_due;
    db::complaints::insert(c, entry, reporter, report.text);
    if (auto kept = keep_photos(c, actor, entry, report.photos, "reporter"); !kept) return kept.error();
    append(c, actor, entry.code, "received", "", "everyone");
    note(c, actor, org, "complaint.receive", "complaint", entry.code);
    return entry.code;
}

std::vector<std::string_view> next_complaint_states(std::string_view status)
{
    if (status == "received") return {"verifying", "handled", "answered", "closed"};
    if (status == "verifying") return {"handled", "answered", "closed"};
    if (status == "handled") return {"answered", "verifying", "closed"};
    return {"verifying"};
}

Status move_complaint(db::Connection& c, Actor const& actor, std::string const& code, ComplaintMove const& move)
{
    auto entry = seen_case(c, code, move.seen);
    if (!entry) return entry.error();
    if (auto good = check_move(*entry, move); !good) return good;
    auto const step = entry->is_open() ? move.status : "reopened";
    if (auto applied = apply(c, *entry, move, actor.at); !applied) return applied;
    if (auto written = write_step(c, actor, *entry, step, move.note, "everyone"); !written) return written;
    for (auto other : db::complaints::joined(c, code)) {
        if (auto applied = apply(c, other, move, actor.at); !applied) return applied;
        other.shown_on_product = false; // once is enough
        if (auto written = write_step(c, actor, other, step, "", "everyone"); !written) return written;
    }
    return Done{};
}

Status ask_firm(db::Connection& c, Actor const& actor, std::string const& code, std::string const& question,
                std::int64_t seen)
{
    auto entry = seen_case(c, code, seen);
    if (!entry) return entry.error();
    if (entry->org.empty()) return conflict("complaint.no_firm");
    if (!entry->is_open()) return conflict("complaint.not_now");
    if (question.empty()) return invalid_fields({{"/question", "complaint.question_missing", {}}});
    auto const due = due_at(c, "firm_explanation", actor.at);
    if (!due) return due.error();
    entry->question = question;
    entry->firm_due_at = *due;
    entry->firm_answered_at.reset();
    if (!entry->taken_up_at) entry->taken_up_at = actor.at;
    if (entry->status == "received") entry->status = "verifying";
    return write_step(c, actor, *entry, "asked_firm", question, "firm");
}

Status explain_complaint(db::Connection& c, Actor const& actor, std::string const& code, std::string const& text,
                         std::vector<std::string> const& photos)
{
    auto entry = db::complaints::find(c, actor.org, code);
    if (!entry) return entry.error();
    if (entry->question.empty() || !entry->is_open()) return conflict("complaint.not_asked");
    if (text.empty()) return invalid_fields({{"/text", "complaint.explanation_missing", {}}});
    if (auto kept = keep_photos(c, actor, *entry, photos, "firm"); !kept) return kept;
    entry->firm_answered_at = actor.at;
    return write_step(c, actor, *entry, "explained", text, "firm");
}

Status join_complaint(db::Connection& c, Actor const& actor, std::string const& code, std::string const& main_code,
                      std::int64_t seen)
{
    auto entry = seen_case(c, code, seen);
    if (!entry) return entry.error();
    auto const main = seen_case(c, main_code, 0);
    if (!main) return main.error();
    auto const alike = db::complaints::alike(c, *entry);
    bool const fits = std::ranges::any_of(alike, [&](Case const& other) { return other.code == main_code; });
    if (!fits || !entry->is_open()) return conflict("complaint.not_alike");
    for (auto other : db::complaints::joined(c, code)) {
        other.main_code = main_code;
        if (auto written = db::complaints::update(c, other, actor.at); !written) return written;
    }
    entry->main_code = main_code;
    entry->status = main->status;
    if (!entry->taken_up_at) entry->taken_up_at = actor.at;
    return write_step(c, actor, *entry, "joined", main_code);
}

Status add_complaint_evidence(db::Connection& c, Actor const& actor, std::string const& code, std::string const& text,
                              std::vector<std::string> const& photos)
{
    auto const entry = db::complaints::find(c, code);
    if (!entry) return entry.error();
    if (text.empty() && photos.empty()) return invalid_fields({{"/note", "complaint.note_missing", {}}});
    if (auto kept = keep_photos(c, actor, *entry, photos, "office"); !kept) return kept;
    return write_step(c, actor, *entry, "evidence", text);
}

std::int64_t forget_reporters(db::Connection& c, Instant now)
{
    std::int64_t count = 0;
    auto const before = now - limits::case_details_kept_time;
    for (auto const& kept : db::complaints::details_before(c, before, limits::case_details_erased_at_once)) {
        for (auto const& file : db::complaints::erase_detail(c, kept.code)) db::blobs::erase_uncited(c, file, now);
        if (!kept.reporter.empty()) db::people::erase(c, kept.reporter, now);
        ++count;
    }
    return count;
}

} // namespace nguon::server::app
