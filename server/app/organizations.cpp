#include "server/app/organizations.hpp"

#include "core/model/identifiers.hpp"
#include "db/audit_log.hpp"
#include "db/outbox.hpp"
#include "db/people.hpp"
#include "db/reference.hpp"
#include "server/app/sanctions.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

/// The catalogue decides; an address outside it is typed.
Status check_commune(db::Connection& c, Address const& address)
{
    if (address.commune_code.empty() || db::reference::find_commune(c, address.commune_code)) return Done{};
    return invalid_fields({{"/commune_code", "reference.commune_unknown", {address.commune_code}}});
}

PersonId keep_personal(db::Connection& c, PersonId id, OrganizationId const& org, std::string_view kind,
                       db::people::Detail const& detail, Instant at)
{
    if (!id.empty() && db::people::update(c, id, detail)) return id; // else it was erased: somebody new
    id = new_id<struct PersonKind>();
    db::people::insert(c, id, org, kind, detail, at);
    return id;
}

/// A household's number as its owner's personal datum. Empty: the one that is kept stays, unless a tax code takes its
/// place. Returns whose it is.
PersonId keep_tax_person(db::Connection& c, PersonId const& id, OrganizationId const& org,
                         OrganizationInput const& input, Instant at)
{
    if (!input.tax_identity_number.empty()) {
        db::people::Detail owner;
        owner.name = input.organization.name;
        owner.identity_number = input.tax_identity_number;
        return keep_personal(c, id, org, "owner", owner, at);
    }
    if (input.organization.tax_code.empty() || id.empty()) return id;
    db::people::erase(c, id, at);
    return {};
}

/// What the province set up stays an authority, and nobody makes himself one.
Status check_kind(std::string const& before, std::string const& after)
{
    if ((before == "authority") == (after == "authority")) return Done{};
    return invalid_fields({{"/kind", "organization.authority_fixed", {}}});
}

void announce_organization(db::Connection& c, Actor const& actor, OrganizationId const& org, std::int64_t version,
                           Organization const& organization, std::string const& action)
{
    auto for_org = actor;
    for_org.org = org;
    Announcement announcement;
    announcement.kind = "organization";
    announcement.id = org.text();
    announcement.version = version;
    announce(c, for_org, announcement, to_json(organization), action);
}

} // namespace

Result<OrganizationId> register_organization(db::Connection& c, Actor const& actor, OrganizationInput const& input,
                                             bool illustrative)
{
    if (auto known = check_commune(c, input.organization.address); !known) return known.error();
    db::organizations::Head head;
    head.id = new_id<struct OrganizationKind>();
    head.illustrative = illustrative;
    head.tax_person = keep_tax_person(c, {}, head.id, input, actor.at);
    if (!input.phone.empty()) {
        db::people::Detail contact;
        contact.phone = input.phone;
        contact.consent_public = input.phone_public;
        head.contact_person = keep_personal(c, {}, head.id, "contact", contact, actor.at);
    }
    if (auto saved = db::organizations::insert(c, head, input.organization, actor.change()); !saved)
        return saved.error();
    announce_organization(c, actor, head.id, 1, input.organization, "organization.register");
    return head.id;
}

Status change_organization(db::Connection& c, Actor const& actor, OrganizationInput const& input,
                           std::string const& reason)
{
    auto const head = db::organizations::find(c, actor.org);
    if (!head) return head.error();
    if (auto allowed = check_kind(head->kind, input.organization.kind); !allowed) return allowed;
    if (auto known = check_commune(c, input.organization.address); !known) return known.error();
    db::organizations::set_tax_person(c, actor.org, keep_tax_person(c, head->tax_person, actor.org, input, actor.at));
    if (!input.phone.empty()) {
        db::people::Detail contact;
        contact.phone = input.phone;
        contact.consent_public = input.phone_public;
        auto const id = keep_personal(c, head->contact_person, actor.org, "contact", contact, actor.at);
        db::organizations::set_contact(c, actor.org, id);
    }
    if (auto saved = db::organizations::update(c, *head, input.organization, actor.change(reason)); !saved)
        return saved;
    announce_organization(c, actor, actor.org, head->latest_version + 1, input.organization, "organization.change");
    return Done{};
}

Status decide_organization(db::Connection& c, Actor const& actor, OrganizationId const& org, std::string const& status,
                           std::string const& reason)
{
    if (status != "approved" && reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    if (auto decided = db::organizations::decide(c, org, status, actor.change(reason)); !decided) return decided;
    if (auto kept = follow_decision(c, actor, "organization", org.text(), org, status, reason); !kept) return kept;
    db::outbox::reconsider_holds(c, org, actor.at);
    db::audit_log::Entry entry;
    entry.org = org;
    entry.action = "organization." + status;
    entry.entity_kind = "organization";
    entry.entity_id = org.text();
    entry.detail = nlohmann::json{{"reason", reason}}.dump();
    db::audit_log::append(c, actor.change(reason), entry);
    return Done{};
}

Result<OrganizationView> show_organization(db::Connection& c, OrganizationId const& org)
{
    auto head = db::organizations::find(c, org);
    if (!head) return head.error();
    auto fields = db::organizations::fields(c, org, head->latest_version);
    if (!fields) return fields.error();
    OrganizationView view{*std::move(head), *std::move(fields), {}, {}, false, {}};
    view.commune_name =
        db::reference::commune_name(c, view.latest.address.commune_code, view.latest.address.commune_text);
    if (auto const contact = db::people::find(c, view.head.contact_person)) {
        view.phone = contact->phone;
        view.phone_public = contact->consent_public;
    }
    if (auto const owner = db::people::find(c, view.head.tax_person))
        view.masked_identity = mask_personal_id(owner->identity_number);
    return view;
}

} // namespace nguon::server::app
