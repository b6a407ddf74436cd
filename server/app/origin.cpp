#include "server/app/origin.hpp"

#include "core/epcis/json.hpp"
#include "core/gs1/check_digit.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/printed_code.hpp"
#include "db/certificates.hpp"
#include "db/complaints.hpp"
#include "db/events.hpp"
#include "db/grants.hpp"
#include "db/identifiers.hpp"
#include "db/organizations.hpp"
#include "db/people.hpp"
#include "db/places.hpp"
#include "db/printed_codes.hpp"
#include "db/reference.hpp"
#include "db/sanctions.hpp"
#include "server/auth/roles.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::size_t journey_events_max = 500;

/// What the state of batch, product and use-by date makes of a code that was found.
Verdict verdict_of(db::products::Head const& product, db::batches::Head const& batch, Verdict good, Date today)
{
    if (batch.status == "recalled") return Verdict::recalled;
    if (batch.status == "withdrawn" || product.status == "withdrawn") return Verdict::withdrawn;
    if (product.status == "paused") return Verdict::suspended;
    if (auto const expires = parse_date(batch.expires_on); expires && *expires < today) return Verdict::expired;
    return good;
}

void take_unit(db::Connection& c, Subject& subject, std::string const& serial, Date today)
{
    auto const code = gs1::read_printed_code(serial);
    auto const unit = code ? db::printed_codes::find(c, *code) : not_found("record.unknown");
    auto const batch = unit && unit->kind == "unit" ? db::batches::find_any(c, unit->batch)
                                                    : Result<db::batches::Head>{not_found("record.unknown")};
    bool const same_product = batch && subject.product && batch->product == subject.product->id;
    bool const same_lot = !subject.batch || (batch && batch->id == subject.batch->id);
    if (!same_product || !same_lot) {
        subject.verdict = Verdict::unknown_unit;
        return;
    }
    subject.batch = *batch;
    subject.unit_code = unit->code;
    subject.scan_subject = unit->code;
    auto const good = unit->status == "printed" ? Verdict::not_activated
                      : unit->status == "sold"  ? Verdict::sold
                                                : Verdict::unit;
    if (good == Verdict::sold) subject.sold_at = unit->changed_at;
    subject.verdict = verdict_of(*subject.product, *batch, good, today);
    bool const recalled = subject.verdict == Verdict::recalled; // the worse news first
    if (unit->status == "void" && !recalled) subject.verdict = Verdict::void_code;
}

/// Names of places and organizations, each looked up once.
class Names {
public:
    explicit Names(db::Connection& c) : c_{c} {}

    struct Where {
        std::string name = {};
        std::string commune = {};
    };

    Where const& place(std::string const& uri)
    {
        auto const [at, added] = places_.try_emplace(uri);
        if (!added) return at->second;
        auto const named = db::identifiers::entity_of(c_, uri);
        if (!named || named->kind != "place") return at->second;
        if (auto const place = db::places::public_fields(c_, PlaceId{named->entity_id})) {
            at->second.name = place->name;
            at->second.commune =
                db::reference::commune_name(c_, place->address.commune_code, place->address.commune_text);
        }
        return at->second;
    }

    std::string const& organization(OrganizationId const& id)
    {
        auto const [at, added] = organizations_.try_emplace(id.text());
        if (!added) return at->second;
        if (auto const head = db::organizations::find(c_, id)) at->second = head->name;
        return at->second;
    }

private:
    db::Connection& c_;
    std::map<std::string, Where> places_;
    std::map<std::string, std::string> organizations_;
};

/// Kilograms of an event about one lot; nothing in other units.
std::optional<double> kilograms_of(epcis::Event const& event)
{
    if (event.quantity_list.size() != 1 || event.quantity_list[0].uom != "KGM" || !event.quantity_list[0].quantity)
        return std::nullopt;
    return event.quantity_list[0].quantity->value;
}

std::string decimal_text(double number)
{
    auto text = fmt::format("{:.2f}", number);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
}

struct ReadEvent {
    db::events::Stored stored = {};
    epcis::Event event = {};
};

std::vector<ReadEvent> read_journey(db::Connection& c, BatchId const& batch)
{
    std::vector<ReadEvent> out;
    for (auto& stored : db::events::journey(c, batch, journey_events_max)) {
        auto document = epcis::parse_document(stored.body);
        if (!document || document->events.empty()) continue; // written by us, so it reads; an alarm would hide the page
        out.push_back({std::move(stored), std::move(document->events.front())});
    }
    return out;
}

/// Where goods came from or went to, by name. Places that the public must not see are left out: identifiers tell nobody
/// anything.
void name_places(Names& names, std::vector<epcis::ShownField>& fields)
{
    auto const is_identifier = [](epcis::ShownField const& field) {
        return field.value.vi.starts_with("urn:") || field.value.vi.starts_with("https://id.gs1.org/");
    };
    for (auto& field : fields) {
        if (!is_identifier(field)) continue;
        auto const& where = names.place(field.value.vi);
        if (where.name.empty()) continue;
        auto const text = where.commune.empty() ? where.name : where.name + ", " + where.commune;
        field.value = {text, text};
    }
    std::erase_if(fields, is_identifier);
}

OriginStep step_of(Names& names, ReadEvent const& read, OrganizationId const& owner)
{
    OriginStep step;
    step.summary = epcis::summarise(read.event);
    name_places(names, step.summary.fields);
    step.organization = names.organization(read.stored.org);
    step.by_another = read.stored.org != owner;
    auto const& where = names.place(step.summary.place);
    step.place = where.name;
    step.commune = where.commune;
    step.recorded_at = read.stored.record_time;
    auto const lag = read.stored.record_time - read.stored.event_time.at;
    step.lag_hours = std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::hours>(lag).count());
    step.mark = read.stored.mark;
    step.on_behalf = step.summary.on_behalf;
    return step;
}

/// Events in order, error declarations turned into marks on what they are about, and the many deliveries of one day
/// (one document) told as one step.
std::vector<OriginStep> steps_of(db::Connection& c, std::vector<ReadEvent> const& events, OrganizationId const& owner)
{
    // Only who recorded an event, and the province, can say that it was wrong.
    auto const province = db::organizations::find_authority(c).value_or(OrganizationId{});
    std::set<std::pair<std::string, OrganizationId>> declared;
    for (auto const& read : events)
        if (read.stored.error_declared_at) declared.emplace(read.stored.event_id, read.stored.org);
    auto const is_wrong = [&](db::events::Stored const& stored) {
        return declared.contains({stored.event_id, stored.org}) || declared.contains({stored.event_id, province});
    };

    Names names{c};
    std::vector<OriginStep> steps;
    std::map<std::string, std::size_t> ledger_steps; // capture and template → place in `steps`
    std::map<std::size_t, double> totals;
    for (auto const& read : events) {
        if (read.stored.error_declared_at) continue;
        auto const key = read.stored.capture.text() + read.stored.template_key;
        auto const kilograms = kilograms_of(read.event);
        auto const [at, added] = ledger_steps.try_emplace(key, steps.size());
        if (!added && kilograms && read.event.type == epcis::EventType::object) {
            auto& step = steps[at->second];
            ++step.repeats;
            totals[at->second] += *kilograms;
            step.total = decimal_text(totals[at->second]);
            continue;
        }
        if (kilograms) totals[steps.size()] = *kilograms;
        steps.push_back(step_of(names, read, owner));
        steps.back().wrong = is_wrong(read.stored);
    }
    return steps;
}

std::vector<OriginCertificate> certificates_of(db::Connection& c, db::products::Head const& product, Date today)
{
    std::vector<OriginCertificate> out;
    for (auto const& entry : db::certificates::list_public(c, product.org, product.id)) {
        auto const mark = entry.marks.find("certificate");
        auto const state =
            entry.head.status == "revoked" ? CertificateState::revoked : state_on(entry.certificate, today);
        // What has run out says nothing of these goods any more; that one was revoked does.
        if (state == CertificateState::expired) continue;
        out.push_back({entry.certificate, state, mark == entry.marks.end() ? Mark{} : mark->second});
    }
    std::ranges::stable_sort(out, {}, [](OriginCertificate const& entry) { return entry.state; });
    return out;
}

std::vector<LegalItem> items_of(Origin const& origin)
{
    auto const& product = origin.product;
    bool const dated = !origin.batch.expires_on.empty();
    return {{"product_name", !product.name.empty()},
            {"product_images", !product.images.empty()},
            {"organization_name", !origin.organization.name.empty()},
            {"organization_address", !origin.organization_commune.empty() || !origin.organization.address.line.empty()},
            {"origin", !product.origin.empty()},
            {"cte_events", !origin.steps.empty()},
            {"lot_or_serial", origin.subject.batch.has_value()},
            {"expiry_date", dated},
            {"applied_standards", !product.applied_standards.empty()}};
}

/// A firm's suspension hides none of the warnings that are worse.
bool is_milder_than_suspended(Verdict verdict)
{
    using enum Verdict;
    return verdict == unit || verdict == not_activated || verdict == sold || verdict == lot ||
           verdict == product_only || verdict == expired;
}

/// The name of the province's authority; "" before it has set itself up.
std::string authority_name(db::Connection& c)
{
    auto const authority = db::organizations::find_authority(c);
    auto const head = authority ? db::organizations::find(c, *authority) : not_found("organization.unknown");
    return head ? head->name : std::string{};
}

/// Whether `subject` acted for an authority at that moment. Who has no sign-in speaks for the own firm only.
bool acted_for_authority(db::Connection& c, std::string const& subject, Instant at)
{
    auto const grants = db::grants::in_force(c, subject, at);
    return std::ranges::any_of(grants, [](auto const& grant) {
        auto const role = role_from_text(grant.role);
        return role && is_authority(*role);
    });
}

/// Who is suspended, the firm or its product, and whether that is for a time.
Intervention suspension_of(db::Connection& c, Subject const& subject, db::organizations::Head const& organization)
{
    bool const whole = organization.status == "suspended";
    Intervention out{whole ? organization.status_reason : subject.product->status_reason, authority_name(c), {}};
    if (whole) out.at = organization.decided_at;
    auto const sanction = db::sanctions::standing(c, whole ? organization.id.text() : subject.product->id.text());
    if (!sanction) return out; // from before the register was kept
    out.at = sanction->imposed_at;
    out.withdrawn = sanction->kind == "withdraw";
    return out;
}

std::optional<Intervention> intervention_in(db::Connection& c, Subject const& subject,
                                            db::organizations::Head const& organization)
{
    if (subject.verdict == Verdict::suspended) return suspension_of(c, subject, organization);
    bool const taken_back = subject.verdict == Verdict::recalled || subject.verdict == Verdict::withdrawn;
    if (!taken_back) return std::nullopt;
    if (!subject.batch || subject.batch->status == "active")
        return Intervention{subject.product->status_reason, organization.name, {}};
    Intervention out{subject.batch->status_reason, organization.name, {}};
    if (auto const recalled = db::batches::find_recalled(c, subject.batch->id)) {
        out.at = recalled->at;
        if (acted_for_authority(c, recalled->by, recalled->at)) out.by = authority_name(c);
    }
    if (auto const said = db::recalls::find_public(c, subject.batch->id)) {
        out.number = said->number;
        out.notice = said->notice;
    }
    return out;
}

/// The version the public sees; before the first approval the latest, which the page says.
std::int64_t shown_version(std::optional<std::int64_t> const& public_version, std::int64_t latest)
{
    return public_version.value_or(latest);
}

} // namespace

std::string_view to_text(Verdict verdict)
{
    switch (verdict) {
    case Verdict::unit:
        return "unit";
    case Verdict::lot:
        return "lot";
    case Verdict::product_only:
        return "product_only";
    case Verdict::unknown_lot:
        return "unknown_lot";
    case Verdict::unknown_unit:
        return "unknown_unit";
    case Verdict::unknown:
        return "unknown";
    case Verdict::void_code:
        return "void_code";
    case Verdict::not_activated:
        return "not_activated";
    case Verdict::sold:
        return "sold";
    case Verdict::withdrawn:
        return "withdrawn";
    case Verdict::recalled:
        return "recalled";
    case Verdict::suspended:
        return "suspended";
    case Verdict::expired:
        break;
    }
    return "expired";
}

Subject find_subject(db::Connection& c, std::span<gs1::AiValue const> elements, Date today)
{
    Subject subject;
    auto const* gtin = gs1::find_value(elements, "01");
    if (gtin == nullptr) return subject;
    auto const product = db::products::find_by_gtin(c, *gtin);
    if (!product) return subject;
    subject.product = *product;
    subject.verdict = product->status == "paused"      ? Verdict::suspended
                      : product->status == "withdrawn" ? Verdict::withdrawn
                                                       : Verdict::product_only;
    auto const* lot = gs1::find_value(elements, "10");
    auto const* serial = gs1::find_value(elements, "21");
    if (lot != nullptr) {
        auto const batch = db::batches::find_by_lot(c, product->id, *lot);
        if (!batch) {
            subject.verdict = Verdict::unknown_lot;
            return subject;
        }
        subject.batch = *batch;
        subject.scan_subject = batch->id.text();
        subject.verdict = verdict_of(*product, *batch, Verdict::lot, today);
    }
    if (serial != nullptr) take_unit(c, subject, *serial, today);
    return subject;
}

Subject find_subject(db::Connection& c, std::string const& printed_code, Date today)
{
    Subject subject;
    auto const code = db::printed_codes::find(c, printed_code);
    if (!code) return subject;
    auto const batch = db::batches::find_any(c, code->batch);
    auto const product = batch ? db::products::find_any(c, batch->product) : not_found("product.unknown");
    if (!product) return subject;
    subject.product = *product;
    subject.batch = *batch;
    if (code->kind == "unit") {
        take_unit(c, subject, code->code, today);
    } else {
        subject.scan_subject = batch->id.text();
        subject.verdict = verdict_of(*product, *batch, Verdict::lot, today);
    }
    return subject;
}

Subject find_subject_of_page(db::Connection& c, std::string_view path, Date today)
{
    constexpr std::string_view short_path = "/t/";
    if (path.starts_with(short_path)) {
        auto const code = gs1::read_printed_code(path.substr(short_path.size()));
        return code ? find_subject(c, *code, today) : Subject{};
    }
    auto const reading = gs1::read_digital_link_path(path);
    return reading.valid() ? find_subject(c, reading.link.elements, today) : Subject{};
}

Result<Origin> trace_code(db::Connection& c, Subject const& subject, Instant now)
{
    assert(subject.product.has_value());
    auto const today = vietnam_date(now);
    Origin origin;
    origin.subject = subject;
    auto const& product = *subject.product;
    auto const organization = db::organizations::find(c, product.org);
    if (!organization) return organization.error();
    auto fields = db::products::fields(c, product.id, shown_version(product.public_version, product.latest_version));
    if (!fields) return fields.error();
    origin.product = *std::move(fields);
    auto organization_fields = db::organizations::fields(
        c, product.org, shown_version(organization->public_version, organization->latest_version));
    if (!organization_fields) return organization_fields.error();
    origin.organization = *std::move(organization_fields);
    origin.organization_status = organization->status;
    if (organization->status == "approved") origin.organization_approved_at = organization->decided_at;
    if (organization->status == "suspended" && is_milder_than_suspended(origin.subject.verdict))
        origin.subject.verdict = Verdict::suspended;
    origin.decision = intervention_in(c, origin.subject, *organization);
    origin.organization_commune = db::reference::commune_name(c, origin.organization.address.commune_code,
                                                              origin.organization.address.commune_text);
    if (auto const contact = db::people::find(c, organization->contact_person); contact && contact->consent_public)
        origin.organization_phone = contact->phone;
    origin.illustrative = organization->illustrative;
    origin.awaiting_approval = !organization->public_version || !product.public_version;

    if (subject.batch) {
        auto batch = db::batches::fields(c, subject.batch->id, subject.batch->latest_version);
        if (!batch) return batch.error();
        origin.batch = *std::move(batch);
        if (subject.batch->status == "active") origin.recall_ended = db::recalls::find_ended(c, subject.batch->id);
        origin.steps = steps_of(c, read_journey(c, subject.batch->id), product.org);
    }
    origin.certificates = certificates_of(c, product, today);
    for (auto const& settled : db::complaints::shown_of(c, product.id))
        origin.findings.push_back({settled.answer, settled.settled_at.value_or(settled.changed_at)});
    origin.items = items_of(origin);
    origin.items_present = std::ranges::count_if(origin.items, &LegalItem::present);
    if (!subject.unit_code.empty()) origin.scans = db::scans::total(c, subject.unit_code);
    return origin;
}

} // namespace nguon::server::app
