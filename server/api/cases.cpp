#include "core/limits/cases.hpp"
#include "core/gs1/printed_code.hpp"
#include "db/province_desk.hpp"
#include "db/sanctions.hpp"
#include "server/api/records.hpp"
#include "server/app/approvals.hpp"
#include "server/app/complaints.hpp"
#include "server/app/inspections.hpp"

/// Complaints, inspections and sanctions for programs.
namespace nguon::server::api {
namespace {

std::string moment(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); }
json moment(std::optional<Instant> const& at) { return at ? json(moment(*at)) : json(); }

json to_record(db::complaints::Case const& entry, std::string const& org_name = {})
{
    return without_blanks({{"code", entry.code},
                           {"organization_id", entry.org.text()},
                           {"organization_name", org_name},
                           {"product_id", entry.product.text()},
                           {"batch_id", entry.batch.text()},
                           {"topic", entry.topic},
                           {"status", entry.status},
                           {"outcome", entry.outcome},
                           {"answer", entry.answer},
                           {"on_product", entry.shown_on_product},
                           {"joined_to", entry.main_code},
                           {"question", entry.question},
                           {"received_at", moment(entry.created_at)},
                           {"changed_at", moment(entry.changed_at)},
                           {"due_at", entry.is_open() ? json(moment(entry.due_at())) : json()},
                           {"settled_at", moment(entry.settled_at)},
                           {"explain_due_at", moment(entry.firm_due_at)},
                           {"explained_at", moment(entry.firm_answered_at)}});
}

/// What the firm may know: the office's question, its clock and what was published.
json to_own_record(db::complaints::Case const& entry)
{
    auto out = to_record(entry);
    for (auto const* name : {"due_at", "joined_to"}) out.erase(name);
    if (entry.is_open()) out.erase("answer");
    return out;
}

json to_record(db::province_desk::ComplaintCount const& count)
{
    return {{"topic", count.topic},
            {"received", count.received},
            {"settled", count.settled},
            {"upheld", count.upheld},
            {"taken_up_in_time", count.taken_up_in_time},
            {"settled_in_time", count.settled_in_time}};
}

json to_record(db::inspections::Inspection const& inspection)
{
    return without_blanks({{"id", inspection.id},
                           {"organization_id", inspection.org.text()},
                           {"product_id", inspection.product.text()},
                           {"batch_id", inspection.batch.text()},
                           {"status", inspection.status},
                           {"planned_on", inspection.planned_on},
                           {"basis", inspection.basis},
                           {"record_number", inspection.record_number},
                           {"conclusion", inspection.is_over() ? inspection.conclusion : std::string{}},
                           {"finding", inspection.is_over() ? inspection.finding : std::string{}},
                           {"finished_at", moment(inspection.finished_at)}});
}

json to_record(db::inspections::Line const& line)
{
    db::inspections::Inspection const& inspection = line;
    auto out = to_record(inspection);
    out["organization_name"] = line.org_name;
    out["actions_open"] = line.actions_open;
    return out;
}

json to_record(app::InspectionView const& shown)
{
    auto out = to_record(shown.inspection);
    out["organization_name"] = shown.org_name;
    out["answers"] = json::array();
    for (auto const& item : shown.checklist.items) {
        auto const found = shown.answers.find(item.number);
        if (found == shown.answers.end()) continue;
        out["answers"].push_back(without_blanks({{"code", item.code},
                                                 {"criterion", item.text},
                                                 {"result", found->second.result},
                                                 {"note", found->second.note}}));
    }
    out["actions"] = json::array();
    for (auto const& action : shown.actions)
        out["actions"].push_back(without_blanks({{"number", action.number},
                                                 {"text", action.text},
                                                 {"due_on", action.due_on},
                                                 {"done_at", moment(action.done_at)},
                                                 {"note", action.note}}));
    return out;
}

json to_record(db::sanctions::Sanction const& sanction)
{
    return without_blanks({{"id", sanction.id},
                           {"kind", sanction.kind},
                           {"subject_kind", sanction.subject_kind},
                           {"subject_id", sanction.subject_id},
                           {"subject_name", sanction.subject_name},
                           {"organization_id", sanction.org.text()},
                           {"reason", sanction.reason},
                           {"imposed_at", moment(sanction.imposed_at)},
                           {"explain_due_at", moment(sanction.explain_due_at)},
                           {"explanation", sanction.explanation},
                           {"explained_at", moment(sanction.explained_at)},
                           {"lifted_at", moment(sanction.lifted_at)}});
}

template <typename Word, std::size_t size>
std::vector<Choice<std::string_view>> choices_of(std::array<Word, size> const& words)
{
    std::vector<Choice<std::string_view>> out;
    for (auto const& word : words) out.push_back({word, word});
    return out;
}

app::ComplaintMove read_move(JsonReader& in)
{
    constexpr std::array<std::string_view, 5> states{"received", "verifying", "handled", "answered", "closed"};
    auto const text = [&](std::string_view name) {
        return in.optional_text(name, limits::case_text_chars_max, Lines::many).value_or("");
    };
    app::ComplaintMove move;
    move.status = in.choice<std::string_view>("status", choices_of(states));
    move.note = text("note");
    move.answer = text("answer");
    move.outcome = in.optional_choice<std::string_view>("outcome", choices_of(app::complaint_outcomes)).value_or("");
    move.on_product = in.flag("on_product");
    return move;
}

std::string code_of(Request const& request) { return gs1::read_printed_code(request.param("complaint")).value_or(""); }

/// A deed of the desk on a case, which is shown afterwards.
template <typename Deed>
net::awaitable<http::Response> change(Services& services, Request const& request, Deed deed)
{
    auto work = [deed = std::move(deed), who = request.who, actor = actor_of(services, request),
                 code = code_of(request)](db::Connection& c) -> Result<Created> {
        if (auto const entry = app::complaint_within(c, who, "complaint:write", code); !entry) return entry.error();
        if (auto const done = deed(c, actor, code); !done) return done.error();
        auto const changed = db::complaints::find(c, code);
        if (!changed) return changed.error();
        return Created{{}, to_record(*changed), 200};
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace

/// GET /api/v1/province/complaints: those due soonest first.
net::awaitable<http::Response> list_complaints(Services& services, Request const& request)
{
    auto rows = [areas = request.who.areas("complaint:read"), status = std::string{request.query_value("status")},
                 now = services.clock.now()](db::Connection& c, Paging const& paging) -> Rows {
        return rows_of(db::province_desk::complaint_lines(c, areas, status, now, paging.offset, paging.limit + 1),
                       [](auto const& line) { return to_record(line, line.org_name); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// GET /api/v1/province/complaints/{complaint}
net::awaitable<http::Response> show_complaint(Services& services, Request const& request)
{
    auto work = [who = request.who, code = code_of(request)](db::Connection& c) -> Result<json> {
        auto const entry = app::complaint_within(c, who, "complaint:read", code);
        if (!entry) return entry.error();
        return to_record(*entry);
    };
    co_return co_await show(services, request, std::move(work));
}

/// POST /api/v1/province/complaints/{complaint}/moves
net::awaitable<http::Response> move_complaint(Services& services, Request const& request)
{
    auto const move = read_body(request, &read_move);
    if (!move) co_return problem(services, request, move.error());
    auto deed = [move = *move](db::Connection& c, app::Actor const& actor, std::string const& code) {
        return app::move_complaint(c, actor, code, move);
    };
    co_return co_await change(services, request, std::move(deed));
}

/// POST /api/v1/province/complaints/{complaint}/questions
net::awaitable<http::Response> ask_complaint_firm(Services& services, Request const& request)
{
    auto const question = read_body(
        request, [](JsonReader& in) { return in.text("question", limits::case_text_chars_max, Lines::many); });
    if (!question) co_return problem(services, request, question.error());
    auto deed = [question = *question](db::Connection& c, app::Actor const& actor, std::string const& code) {
        return app::ask_firm(c, actor, code, question, 0);
    };
    co_return co_await change(services, request, std::move(deed));
}

/// GET /api/v1/province/complaint-figures: of this year.
net::awaitable<http::Response> list_complaint_figures(Services& services, Request const& request)
{
    auto const now = services.clock.now();
    auto rows = [areas = request.who.areas("complaint:read"), now](db::Connection& c, Paging const& paging) -> Rows {
        auto const from = start_of_day(Date{vietnam_date(now).year(), std::chrono::January, std::chrono::day{1}});
        auto const counts = db::province_desk::complaint_counts(c, areas, from, now + std::chrono::days{1}, now);
        return rows_of(slice(counts, paging), [](auto const& count) { return to_record(count); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// GET /api/v1/complaints: the enterprise's own, those that it was asked about first.
net::awaitable<http::Response> list_own_complaints(Services& services, Request const& request)
{
    auto rows = [org = request.who.org](db::Connection& c, Paging const& paging) -> Rows {
        return rows_of(db::complaints::of_organization(c, org, paging.offset, paging.limit + 1),
                       [](auto const& entry) { return to_own_record(entry); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/complaints/{complaint}/explanations
net::awaitable<http::Response> explain_complaint(Services& services, Request const& request)
{
    auto const typed =
        read_body(request, [](JsonReader& in) { return in.text("text", limits::case_text_chars_max, Lines::many); });
    if (!typed) co_return problem(services, request, typed.error());
    auto work = [typed = *typed, actor = actor_of(services, request),
                 code = code_of(request)](db::Connection& c) -> Result<Created> {
        if (auto const done = app::explain_complaint(c, actor, code, typed, {}); !done) return done.error();
        auto const entry = db::complaints::find(c, actor.org, code);
        if (!entry) return entry.error();
        return Created{{}, to_own_record(*entry), 200};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/province/inspections
net::awaitable<http::Response> list_inspections(Services& services, Request const& request)
{
    auto rows = [areas = request.who.areas("inspection:read"),
                 state = std::string{request.query_value("state")}](db::Connection& c, Paging const& paging) -> Rows {
        return rows_of(db::inspections::list(c, areas, state, paging.offset, paging.limit + 1),
                       [](auto const& line) { return to_record(line); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/province/inspections
net::awaitable<http::Response> create_inspection(Services& services, Request const& request)
{
    auto const plan = read_body(request, [](JsonReader& in) {
        app::InspectionPlan wanted;
        wanted.org = OrganizationId{in.text("organization_id", 40)};
        wanted.product = ProductId{in.optional_text("product_id", 40).value_or("")};
        wanted.batch = BatchId{in.optional_text("batch_id", 40).value_or("")};
        wanted.planned_on = to_iso(in.date("planned_on"));
        wanted.inspector = in.text("inspector_id", 40);
        wanted.basis = in.text("basis", 300);
        wanted.purpose = in.optional_text("purpose", 300).value_or("");
        wanted.checklist = in.text("checklist_id", 40);
        return wanted;
    });
    if (!plan) co_return problem(services, request, plan.error());
    auto work = [plan = *plan, who = request.who,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        if (auto const org = app::organization_within(c, who, "inspection:write", plan.org); !org)
            return invalid_fields({{"/organization_id", org.error().key, {}}});
        auto const id = app::plan_inspection(c, actor, plan);
        if (!id) return id.error();
        auto const shown = app::read_inspection(c, *id);
        if (!shown) return shown.error();
        return Created{"/api/v1/province/inspections/" + *id, to_record(*shown)};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/province/inspections/{inspection}
net::awaitable<http::Response> show_inspection(Services& services, Request const& request)
{
    auto work = [who = request.who, id = std::string{request.param("inspection")}](db::Connection& c) -> Result<json> {
        auto const shown = app::read_inspection(c, id);
        if (!shown) return shown.error();
        if (!app::organization_within(c, who, "inspection:read", shown->inspection.org))
            return not_found("inspection.unknown");
        return to_record(*shown);
    };
    co_return co_await show(services, request, std::move(work));
}

/// GET /api/v1/province/sanctions
net::awaitable<http::Response> list_sanctions(Services& services, Request const& request)
{
    auto rows = [areas = request.who.areas("inspection:read")](db::Connection& c, Paging const& paging) -> Rows {
        return rows_of(db::sanctions::list(c, areas, paging.offset, paging.limit + 1),
                       [](auto const& sanction) { return to_record(sanction); });
    };
    co_return co_await list(services, request, std::move(rows));
}

} // namespace nguon::server::api
