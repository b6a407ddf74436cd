#include "server/app/lot_file.hpp"

#include "core/epcis/json.hpp"
#include "core/office/word_document.hpp"
#include "db/blobs.hpp"
#include "db/certificates.hpp"
#include "db/deliveries.hpp"
#include "db/events.hpp"
#include "db/inspections.hpp"
#include "db/organizations.hpp"
#include "db/products.hpp"
#include "db/province_desk.hpp"
#include "db/versions.hpp"
#include "server/app/deadlines.hpp"
#include "server/app/delivery_proof.hpp"
#include "server/app/origin.hpp"
#include "server/web/locale.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using nlohmann::json;

constexpr std::size_t events_max = 10'000;
constexpr std::int64_t audit_rows_max = 2'000;
constexpr std::int64_t inspections_max = 100;

std::string moment(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); }

json versions_of(db::Connection& c, std::string const& id)
{
    json out = json::array();
    for (auto const& version : db::versions::history(c, id))
        out.push_back({{"version", version.version},
                       {"recorded_at", moment(version.recorded_at)},
                       {"recorded_by", version.recorded_by},
                       {"reason", version.reason},
                       {"published_at", version.published_at ? json(moment(*version.published_at)) : json()},
                       {"fields", json::parse(version.fields)}});
    return out;
}

/// The records of a lot: the lot itself, its product and its firm.
struct Subject {
    db::batches::Head batch = {};
    db::products::Head product = {};
    db::organizations::Head organization = {};

    std::array<std::pair<std::string, std::string>, 3> records() const
    {
        return {{{"batch", batch.id.text()}, {"product", product.id.text()}, {"organization", organization.id.text()}}};
    }
};

Result<Subject> subject_of(db::Connection& c, BatchId const& id)
{
    auto batch = db::batches::find_any(c, id);
    if (!batch) return batch.error();
    auto product = db::products::find_any(c, batch->product);
    if (!product) return product.error();
    auto organization = db::organizations::find(c, batch->org);
    if (!organization) return organization.error();
    return Subject{*std::move(batch), *std::move(product), *std::move(organization)};
}

std::string records_json(db::Connection& c, Subject const& subject)
{
    json out = json::object();
    for (auto const& [kind, id] : subject.records()) out[kind] = {{"id", id}, {"versions", versions_of(c, id)}};
    out["batch"]["code"] = subject.batch.code;
    out["batch"]["status"] = subject.batch.status;
    return out.dump(2);
}

std::string events_json(db::Connection& c, Subject const& subject, Instant now)
{
    std::vector<epcis::Event> events;
    for (auto const& stored : db::events::journey(c, subject.batch.id, events_max))
        if (auto document = epcis::parse_document(stored.body); document && !document->events.empty())
            events.push_back(std::move(document->events.front()));
    return epcis::to_document(events, now).dump(2);
}

/// What each portal answered to each version of each record, and what proves it.
std::string receipts_json(db::Connection& c, Subject const& subject)
{
    json out = json::array();
    for (auto const& [kind, id] : subject.records()) {
        for (auto const& delivery : db::deliveries::of_record(c, subject.organization.id, kind, id)) {
            json line{{"record", kind},
                      {"id", id},
                      {"version", delivery.version},
                      {"portal", delivery.target},
                      {"state", db::deliveries::to_text(delivery.state)}};
            if (delivery.receipt) {
                line["receipt"] = {{"portal_id", delivery.receipt->portal_id},
                                   {"accepted_at", moment(delivery.receipt->accepted_at)},
                                   {"body", delivery.receipt->body},
                                   {"signature", delivery.receipt->signature}};
                auto const proof = make_proof(c, subject.organization.id, delivery.target, delivery.seq);
                if (proof) line["proof"] = *proof;
            }
            out.push_back(std::move(line));
        }
    }
    return out.dump(2);
}

std::string audit_json(db::Connection& c, Subject const& subject)
{
    json out = json::array();
    for (auto const& [kind, id] : subject.records()) {
        db::province_desk::AuditFilter filter;
        filter.object = id;
        filter.count = audit_rows_max;
        for (auto const& line : db::province_desk::audit(c, filter))
            out.push_back({{"number", line.seq},
                           {"at", moment(line.at)},
                           {"who", line.actor},
                           {"name", line.actor_name},
                           {"action", line.action},
                           {"record", line.entity_kind},
                           {"id", line.entity_id},
                           {"detail", json::parse(line.detail, nullptr, false)}});
    }
    return out.dump(2);
}

std::string ending_of(std::string_view media_type)
{
    if (media_type == "application/pdf") return "pdf";
    if (media_type == "image/png") return "png";
    return media_type == "image/webp" ? "webp" : "jpg";
}

void add_papers(db::Connection& c, Subject const& subject, LotFile& out)
{
    for (auto const& entry : db::certificates::list_public(c, subject.organization.id, subject.product.id)) {
        for (auto const& digest : entry.certificate.files) {
            auto const file = db::blobs::find_any(c, digest);
            if (!file) continue; // erased
            out.emplace_back(fmt::format("giay-to/{}.{}", digest.substr(0, 16), ending_of(file->media_type)),
                             file->bytes);
        }
    }
}

/// Builds the readable part; every sentence is the catalogue's.
class Summary {
public:
    explicit Summary(Locale const& locale) : locale_{locale} {}

    std::string say(std::string_view key, std::initializer_list<std::string> values = {}) const
    {
        return locale_.text("vi", "data_request.file." + std::string{key}, values);
    }
    void heading(std::string_view key) { body.push_back(office::heading(say(key))); }
    void line(std::string_view key, std::string const& value)
    {
        if (!value.empty()) body.push_back(office::body(say(key, {value})));
    }

    void facts(Origin const& origin);
    void steps(Origin const& origin);
    void papers(Origin const& origin);
    void inspections(db::Connection& c, OrganizationId const& org);

    std::vector<office::Block> body = {};

private:
    Locale const& locale_;
};

void Summary::facts(Origin const& origin)
{
    heading("facts");
    line("product", origin.product.name);
    line("number", origin.product.gtin);
    if (origin.subject.batch) line("lot", origin.subject.batch->lot);
    line("made_on", origin.batch.made_on);
    line("expires_on", origin.batch.expires_on);
    line("firm", origin.organization.name);
    line("tax_code", origin.organization.tax_code);
    line("address", origin.organization.address.line + ", " + origin.organization_commune);
    body.push_back(
        office::body(say("items", {std::to_string(origin.items_present), std::to_string(origin.items.size())})));
}

void Summary::steps(Origin const& origin)
{
    heading("steps");
    office::Table table;
    table.columns = {{say("column.day"), 2, office::Align::left},
                     {say("column.step"), 3, office::Align::left},
                     {say("column.where"), 4, office::Align::left},
                     {say("column.amount"), 3, office::Align::left}};
    for (auto const& step : origin.steps) {
        std::string amounts = step.total.empty() ? "" : step.total + " kg";
        for (auto const& quantity : step.summary.quantities)
            if (step.total.empty() && !quantity.amount.vi.empty())
                amounts += (amounts.empty() ? "" : "; ") + quantity.amount.vi;
        auto const where = step.organization + (step.place.empty() ? "" : ", " + step.place) +
                           (step.commune.empty() ? "" : ", " + step.commune);
        table.rows.push_back(
            {{to_vietnamese(vietnam_date(step.summary.time.at)), step.summary.verb.vi, where, amounts}, step.wrong});
    }
    body.push_back(std::move(table));
}

void Summary::papers(Origin const& origin)
{
    heading("papers");
    for (auto const& entry : origin.certificates)
        body.push_back(office::item(
            say("paper", {entry.certificate.number, entry.certificate.issuer, entry.certificate.valid_to})));
}

void Summary::inspections(db::Connection& c, OrganizationId const& org)
{
    auto const lines = db::inspections::of_organization(c, org, inspections_max);
    if (lines.empty()) return;
    heading("inspections");
    for (auto const& line : lines)
        body.push_back(
            office::item(say("inspection", {line.record_number, to_vietnamese(*line.finished_at),
                                            locale_.text("vi", "inspection.conclusion." + line.conclusion, {})})));
}

Result<std::string> summary_docx(db::Connection& c, Locale const& locale, Subject const& subject, Instant now)
{
    auto const found = find_subject(c, subject.batch.code, vietnam_date(now));
    if (!found.product) return not_found("batch.unknown");
    auto const origin = trace_code(c, found, now);
    if (!origin) return origin.error();
    Summary summary{locale};
    summary.facts(*origin);
    summary.steps(*origin);
    summary.papers(*origin);
    summary.inspections(c, subject.organization.id);
    office::WordDocument out;
    out.kind = summary.say("kind");
    out.subject = summary.say("subject", {subject.batch.lot, to_vietnamese(now)});
    out.body = std::move(summary.body);
    return office::to_docx(out);
}

} // namespace

Result<LotFile> lot_file(db::Connection& c, Locale const& locale, Actor const& actor, BatchId const& batch)
{
    auto const subject = subject_of(c, batch);
    if (!subject) return subject.error();
    auto summary = summary_docx(c, locale, *subject, actor.at);
    if (!summary) return summary.error();
    LotFile out{{"tom-tat.docx", *std::move(summary)},
                {"ho-so.json", records_json(c, *subject)},
                {"su-kien-epcis.json", events_json(c, *subject, actor.at)},
                {"bien-nhan.json", receipts_json(c, *subject)},
                {"nhat-ky.json", audit_json(c, *subject)}};
    add_papers(c, *subject, out);
    note(c, actor, subject->organization.id, "data_request.file", "batch", batch.text());
    return out;
}

Result<std::string> open_data_request(db::Connection& c, Actor const& actor, BatchId const& batch,
                                      std::string const& asked_by)
{
    if (asked_by.empty()) return invalid_fields({{"/asked_by", "data_request.asker_missing", {}}});
    auto const head = db::batches::find_any(c, batch);
    if (!head) return head.error();
    auto const due = due_at(c, "data_request", actor.at);
    if (!due) return due.error();
    db::requests::DataRequest request;
    request.id = new_uuid();
    request.batch = batch;
    request.org = head->org;
    request.asked_by = asked_by;
    request.received_at = actor.at;
    request.due_at = *due;
    request.created_by = actor.subject;
    db::requests::insert(c, request);
    note(c, actor, head->org, "data_request.open", "data_request", request.id);
    return request.id;
}

} // namespace nguon::server::app
