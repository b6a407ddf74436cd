#include "server/app/sanctions.hpp"

#include "server/app/deadlines.hpp"
#include "server/app/organizations.hpp"
#include "server/app/products.hpp"

namespace nguon::server::app {
namespace {

using db::sanctions::Sanction;

Status take_from_display(db::Connection& c, Actor const& actor, NewSanction const& wanted)
{
    if (wanted.subject_kind == "organization")
        return decide_organization(c, actor, OrganizationId{wanted.subject_id}, "suspended", wanted.reason);
    return decide_product(c, actor, ProductId{wanted.subject_id}, "paused", wanted.reason);
}

Status put_back(db::Connection& c, Actor const& actor, Sanction const& sanction, std::string const& reason)
{
    if (sanction.subject_kind == "organization")
        return decide_organization(c, actor, OrganizationId{sanction.subject_id}, "approved", reason);
    return decide_product(c, actor, ProductId{sanction.subject_id}, "published", reason);
}

} // namespace

Result<std::string> impose_sanction(db::Connection& c, Actor const& actor, NewSanction const& wanted)
{
    bool const known = (wanted.kind == "suspend" || wanted.kind == "withdraw") &&
                       (wanted.subject_kind == "organization" || wanted.subject_kind == "product");
    if (!known) return invalid_fields({{"/kind", "sanction.kind", {}}});
    auto const before = db::sanctions::standing(c, wanted.subject_id);
    if (before && (before->kind == wanted.kind || before->kind == "withdraw")) return conflict("sanction.stands");
    if (auto taken = take_from_display(c, actor, wanted); !taken) return taken.error();
    auto const sanction = db::sanctions::standing(c, wanted.subject_id);
    if (!sanction) return sanction.error();
    db::sanctions::qualify(c, sanction->id, wanted.kind, wanted.inspection);
    note(c, actor, sanction->org, "sanction." + wanted.kind, wanted.subject_kind, wanted.subject_id, wanted.reason);
    return sanction->id;
}

Status explain_sanction(db::Connection& c, Actor const& actor, std::string const& id, std::string const& text)
{
    auto const sanction = db::sanctions::find(c, actor.org, id);
    if (!sanction) return sanction.error();
    if (sanction->lifted_at) return conflict("sanction.lifted");
    if (text.empty()) return invalid_fields({{"/text", "sanction.explanation_missing", {}}});
    db::sanctions::explain(c, id, text, actor.at);
    note(c, actor, actor.org, "sanction.explain", "sanction", id);
    return Done{};
}

Status lift_sanction(db::Connection& c, Actor const& actor, std::string const& id, std::string const& reason)
{
    auto const sanction = db::sanctions::find(c, id);
    if (!sanction) return sanction.error();
    if (sanction->lifted_at) return conflict("sanction.lifted");
    if (sanction->kind == "withdraw") return conflict("sanction.withdrawn");
    if (reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    return put_back(c, actor, *sanction, reason);
}

Status follow_decision(db::Connection& c, Actor const& actor, std::string const& subject_kind,
                       std::string const& subject_id, OrganizationId const& org, std::string const& status,
                       std::string const& reason)
{
    auto const before = db::sanctions::standing(c, subject_id);
    if (status == "approved" || status == "published") {
        if (before) db::sanctions::lift(c, before->id, actor.subject, reason, actor.at);
        return Done{};
    }
    if (status != "suspended" && status != "paused") return Done{};
    if (before) db::sanctions::lift(c, before->id, actor.subject, reason, actor.at); // a harder one follows
    auto const due = due_at(c, "firm_explanation", actor.at);
    if (!due) return due.error();
    Sanction sanction;
    sanction.id = new_uuid();
    sanction.subject_kind = subject_kind;
    sanction.subject_id = subject_id;
    sanction.org = org;
    sanction.reason = reason;
    sanction.imposed_at = actor.at;
    sanction.imposed_by = actor.subject;
    sanction.explain_due_at = *due;
    db::sanctions::insert(c, sanction);
    return Done{};
}

} // namespace nguon::server::app
