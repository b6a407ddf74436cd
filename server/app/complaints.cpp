#include "server/app/complaints.hpp"

#include "core/gs1/printed_code.hpp"
#include "core/model/identifiers.hpp"
#include "db/audit_log.hpp"
#include "db/people.hpp"

namespace nguon::server::app {

Report read_report(JsonReader& in)
{
    std::vector<Choice<std::string_view>> topics;
    for (auto const topic : complaint_topics) topics.push_back({topic, topic});
    Report report;
    report.topic = in.choice<std::string_view>("topic", topics);
    report.text = in.text("text", 2000, Lines::many);
    if (auto const phone = in.optional_text("phone", 20)) report.phone = in.take("phone", read_phone(*phone));
    report.subject = in.optional_text("subject", 300).value_or("");
    return report;
}

Result<std::string> report_wrong_data(db::Connection& c, Actor const& actor, Report const& report,
                                      OrganizationId const& org, ProductId const& product, BatchId const& batch)
{
    PersonId reporter;
    if (!report.phone.empty()) {
        reporter = new_id<struct PersonKind>();
        db::people::Detail detail;
        detail.phone = report.phone;
        db::people::insert(c, reporter, {}, "reporter", detail, actor.at);
    }
    db::complaints::Case entry;
    entry.code = gs1::new_printed_code();
    entry.org = org;
    entry.product = product;
    entry.batch = batch;
    entry.subject = report.subject;
    entry.topic = report.topic;
    entry.created_at = actor.at;
    db::complaints::insert(c, entry, reporter, report.text);

    db::audit_log::Entry logged;
    logged.org = org;
    logged.action = "complaint.receive";
    logged.entity_kind = "complaint";
    logged.entity_id = entry.code;
    db::audit_log::append(c, actor.change(), logged);
    return entry.code;
}

Status answer_complaint(db::Connection& c, Actor const& actor, std::string const& code, std::string const& status,
                        std::string const& answer)
{
    bool const closes = status == "handled" || status == "closed";
    if (closes && answer.empty()) return invalid_fields({{"/answer", "complaint.answer_missing", {}}});
    if (auto set = db::complaints::set_status(c, code, status, answer, actor.at); !set) return set;
    db::audit_log::Entry logged;
    logged.action = "complaint." + status;
    logged.entity_kind = "complaint";
    logged.entity_id = code;
    db::audit_log::append(c, actor.change(), logged);
    return Done{};
}

} // namespace nguon::server::app
