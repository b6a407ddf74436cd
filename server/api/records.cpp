#include "server/api/records.hpp"

#include "core/epcis/json.hpp"
#include "core/epcis/step_summary.hpp"
#include "core/model/identifiers.hpp"

namespace nguon::server::api {
namespace {

std::string moment(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); }

json moment(std::optional<Instant> const& at) { return at ? json(moment(*at)) : json(); }

json number(std::optional<std::int64_t> const& value) { return value ? json(*value) : json(); }

/// The address as forms and requests spell it.
void put_address(json& fields, Address const& address)
{
    fields.erase("address");
    fields["address_line"] = address.line;
    fields["commune_code"] = address.commune_code;
    fields["commune_text"] = address.commune_text;
    fields["former_address"] = address.former;
}

json images_of(Product const& product)
{
    auto images = json::array();
    for (std::size_t i = 0; i < product.images.size(); ++i) {
        auto const& thumbnail = i < product.thumbnails.size() ? product.thumbnails[i] : product.images[i];
        images.push_back(
            {{"sha256", product.images[i]}, {"url", "/f/" + product.images[i]}, {"thumbnail_url", "/f/" + thumbnail}});
    }
    return images;
}

json words_of(epcis::ShownText const& text) { return {{"vi", text.vi}, {"en", text.en}}; }

} // namespace

json to_record(db::organizations::Head const& head)
{
    return without_blanks({{"id", head.id.text()},
                           {"version", head.latest_version},
                           {"public_version", number(head.public_version)},
                           {"status", head.status},
                           {"status_reason", head.status_reason},
                           {"kind", head.kind},
                           {"name", head.name},
                           {"tax_code", head.tax_code},
                           {"commune_code", head.commune_code},
                           {"illustrative", head.illustrative},
                           {"created_at", moment(head.created_at)},
                           {"submitted_at", moment(head.submitted_at)},
                           {"decided_at", moment(head.decided_at)}});
}

json to_record(app::OrganizationView const& view, bool personal)
{
    auto record = to_record(view.head);
    for (auto const* name : {"kind", "name", "tax_code", "commune_code"}) record.erase(name);
    record["commune_name"] = view.commune_name;
    record["masked_identity"] = view.masked_identity;
    auto fields = nguon::to_json(view.latest);
    put_address(fields, view.latest.address);
    if (personal || view.phone_public) fields["phone"] = view.phone;
    if (!view.phone.empty()) fields["phone_public"] = view.phone_public;
    record["fields"] = without_blanks(std::move(fields));
    return without_blanks(std::move(record));
}

json to_record(db::places::Head const& head)
{
    return without_blanks({{"id", head.id.text()},
                           {"organization_id", head.org.text()},
                           {"version", head.latest_version},
                           {"status", head.status},
                           {"kind", head.kind},
                           {"name", head.name},
                           {"code", head.code},
                           {"gln", head.gln},
                           {"commune_code", head.commune_code},
                           {"created_at", moment(head.created_at)}});
}

json to_record(db::places::Head const& head, Place const& place)
{
    auto fields = nguon::to_json(place);
    put_address(fields, place.address);
    return {{"id", head.id.text()},
            {"organization_id", head.org.text()},
            {"version", head.latest_version},
            {"status", head.status},
            {"created_at", moment(head.created_at)},
            {"fields", without_blanks(std::move(fields))}};
}

json to_record(db::products::Head const& head)
{
    return without_blanks({{"id", head.id.text()},
                           {"organization_id", head.org.text()},
                           {"version", head.latest_version},
                           {"public_version", number(head.public_version)},
                           {"status", head.status},
                           {"status_reason", head.status_reason},
                           {"name", head.name},
                           {"code", head.code},
                           {"gtin", head.gtin},
                           {"group_code", head.group_code},
                           {"created_at", moment(head.created_at)},
                           {"submitted_at", moment(head.submitted_at)}});
}

json to_record(app::ProductView const& view)
{
    auto record = to_record(view.head);
    for (auto const* name : {"name", "code", "gtin", "group_code"}) record.erase(name);
    record["missing"] = view.missing;
    record["images"] = images_of(view.latest);
    auto fields = nguon::to_json(view.latest);
    for (auto const* name : {"images", "thumbnails", "jpegs"}) fields.erase(name);
    record["fields"] = without_blanks(std::move(fields));
    return record;
}

json to_record(db::batches::Head const& head)
{
    return without_blanks({{"id", head.id.text()},
                           {"organization_id", head.org.text()},
                           {"product_id", head.product.text()},
                           {"version", head.latest_version},
                           {"status", head.status},
                           {"status_reason", head.status_reason},
                           {"lot", head.lot},
                           {"code", head.code},
                           {"product_name", head.product_name},
                           {"made_on", head.made_on},
                           {"expires_on", head.expires_on},
                           {"printed_at", moment(head.printed_at)},
                           {"created_at", moment(head.created_at)}});
}

json to_record(app::BatchView const& view)
{
    auto record = to_record(view.head);
    for (auto const* name : {"lot", "made_on", "expires_on"}) record.erase(name);
    if (!view.gtin.empty()) record["gtin"] = view.gtin;
    record["page"] = "/t/" + view.head.code;
    record["fields"] = without_blanks(nguon::to_json(view.latest));
    return record;
}

json to_record(db::certificates::Entry const& entry, Date today)
{
    auto const revoked = entry.head.status == "revoked";
    auto const mark = entry.marks.find("certificate");
    auto files = json::array();
    for (auto const& file : entry.certificate.files) files.push_back({{"sha256", file}, {"url", "/f/" + file}});
    auto fields = nguon::to_json(entry.certificate);
    fields.erase("files");
    return without_blanks({{"id", entry.head.id.text()},
                           {"organization_id", entry.head.org.text()},
                           {"product_id", entry.head.product.text()},
                           {"version", entry.head.latest_version},
                           {"status", entry.head.status},
                           {"state", to_text(revoked ? CertificateState::revoked : state_on(entry.certificate, today))},
                           {"mark", to_text(mark == entry.marks.end() ? MarkKind::self_declared : mark->second.kind)},
                           {"confirmed_by", mark == entry.marks.end() ? std::string{} : mark->second.confirmed_by},
                           {"created_at", moment(entry.head.created_at)},
                           {"files", std::move(files)},
                           {"fields", without_blanks(std::move(fields))}});
}

json to_record(db::events::Stored const& event, bool own)
{
    json record{{"id", event.id},
                {"seq", event.seq},
                {"organization_id", event.org.text()},
                {"capture_id", event.capture.text()},
                {"event_id", event.event_id},
                {"type", event.type},
                {"event_time", to_iso(event.event_time)},
                {"record_time", moment(event.record_time)},
                {"template", event.template_key},
                {"mark", event.mark},
                {"error_declared_at", moment(event.error_declared_at)},
                {"hash", event.hash}};
    if (own) {
        record["event"] = json::parse(event.body); // canonical JSON of our own making
        return without_blanks(std::move(record));
    }
    auto const document = epcis::parse_document(event.body);
    if (document && !document->events.empty()) {
        auto const summary = epcis::summarise(document->events.front(), epcis::Visibility::authority);
        record["title"] = words_of(summary.title);
        auto& fields = record["fields"] = json::array();
        for (auto const& field : summary.fields)
            fields.push_back(
                {{"name", field.name}, {"label", words_of(field.label)}, {"value", words_of(field.value)}});
    }
    return without_blanks(std::move(record));
}

json to_record(db::receipts::Receipt const& receipt)
{
    return without_blanks({{"portal_id", receipt.portal_id},
                           {"accepted_at", moment(receipt.accepted_at)},
                           {"received_at", moment(receipt.received_at)},
                           {"payload_sha256", receipt.payload_sha256},
                           {"key_id", receipt.key_id},
                           {"signature", receipt.signature},
                           {"peer_certificate_sha256", receipt.peer_certificate_sha256}});
}

json to_record(db::deliveries::View const& view)
{
    json record{{"target", view.target},
                {"seq", view.seq},
                {"organization_id", view.org.text()},
                {"type", view.type},
                {"id", view.id},
                {"record_version", view.version},
                {"op", view.op},
                {"state", db::deliveries::to_text(view.state)},
                {"hold", view.hold},
                {"attempts", view.attempts},
                {"error_class", view.error_class},
                {"error_code", view.error_code},
                {"error_text", view.error_text},
                {"payload_sha256", view.payload_sha256},
                {"created_at", moment(view.created_at)},
                {"changed_at", moment(view.changed_at)}};
    if (view.receipt) record["receipt"] = to_record(*view.receipt);
    return without_blanks(std::move(record));
}

json to_json(db::deliveries::Counts const& counts)
{
    return {{"held", counts.held},
            {"pending", counts.pending},
            {"in_flight", counts.in_flight},
            {"delivered", counts.delivered},
            {"refused", counts.refused},
            {"parked", counts.parked},
            {"superseded", counts.superseded},
            {"excluded", counts.excluded}};
}

Result<json> organization_record(db::Connection& c, OrganizationId const& org, bool personal)
{
    auto const view = app::show_organization(c, org);
    if (!view) return view.error();
    return to_record(*view, personal);
}

Result<json> place_record(db::Connection& c, OrganizationId const& org, PlaceId const& id)
{
    auto const head = db::places::find(c, org, id);
    if (!head) return head.error();
    auto const fields = db::places::fields(c, id, head->latest_version);
    if (!fields) return fields.error();
    return to_record(*head, *fields);
}

Result<json> product_record(db::Connection& c, OrganizationId const& org, ProductId const& id)
{
    auto const view = app::show_product(c, org, id);
    if (!view) return view.error();
    return to_record(*view);
}

Result<json> batch_record(db::Connection& c, OrganizationId const& org, BatchId const& id)
{
    auto const view = app::show_batch(c, org, id);
    if (!view) return view.error();
    return to_record(*view);
}

Result<json> certificate_record(db::Connection& c, OrganizationId const& org, CertificateId const& id, Date today)
{
    auto const entry = db::certificates::find(c, org, id);
    if (!entry) return entry.error();
    return to_record(*entry, today);
}

} // namespace nguon::server::api
