#include "server/app/personal_requests.hpp"

#include "core/gs1/printed_code.hpp"
#include "core/limits/cases.hpp"
#include "core/model/identifiers.hpp"
#include "db/people.hpp"
#include "server/app/deadlines.hpp"

namespace nguon::server::app {

NewPersonalRequest read_personal_request(JsonReader& in)
{
    std::vector<Choice<std::string_view>> kinds;
    for (auto const kind : personal_request_kinds) kinds.push_back({kind, kind});
    NewPersonalRequest out;
    out.kind = in.choice<std::string_view>("kind", kinds);
    out.name = in.text("name", 100);
    out.phone = in.take("phone", read_phone(in.text("phone", 20)));
    out.text = in.text("text", limits::case_text_chars_max, Lines::many);
    if (in.optional_text("website", limits::case_text_chars_max)) in.fault("website", "report.robot");
    return out;
}

Result<std::string> ask_about_personal_data(db::Connection& c, Actor const& actor, NewPersonalRequest const& wanted)
{
    auto const due = due_at(c, "personal_request", actor.at);
    if (!due) return due.error();
    db::requests::PersonalRequest request;
    request.code = gs1::new_printed_code();
    request.kind = wanted.kind;
    request.person = new_id<struct PersonKind>();
    request.due_at = *due;
    request.created_at = actor.at;
    db::people::Detail detail;
    detail.name = wanted.name;
    detail.phone = wanted.phone;
    db::people::insert(c, request.person, {}, "requester", detail, actor.at);
    db::requests::insert(c, request, wanted.text);
    note(c, actor, {}, "personal_request.receive", "personal_request", request.code);
    return request.code;
}

Status answer_personal_request(db::Connection& c, Actor const& actor, std::string const& code, bool granted,
                               std::string const& answer, PersonId const& subject)
{
    auto request = db::requests::find_personal(c, code);
    if (!request) return request.error();
    if (answer.empty()) return invalid_fields({{"/answer", "personal_request.answer_missing", {}}});
    bool const erases = granted && request->kind == "erasure";
    if (erases && subject.empty()) return invalid_fields({{"/subject", "personal_request.subject_missing", {}}});
    request->status = granted ? "answered" : "declined";
    request->answer = answer;
    request->subject = subject;
    request->answered_at = actor.at;
    request->answered_by = actor.subject;
    if (auto answered = db::requests::answer(c, *request); !answered) return answered;
    if (erases) {
        db::people::erase(c, subject, actor.at);
        db::people::erase(c, request->person, actor.at);
        db::requests::erase_personal_text(c, code);
        note(c, actor, {}, "person.erase", "person", subject.text());
    }
    note(c, actor, {}, "personal_request." + request->status, "personal_request", code);
    return Done{};
}

} // namespace nguon::server::app
