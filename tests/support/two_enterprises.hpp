#pragma once

#include "core/gs1/printed_code.hpp"
#include "db/blobs.hpp"
#include "db/connections.hpp"
#include "db/events.hpp"
#include "db/grants.hpp"
#include "db/organizations.hpp"
#include "db/printed_codes.hpp"
#include "db/reference.hpp"
#include "db/sanctions.hpp"
#include "db/targets.hpp"
#include "server/app/alarms.hpp"
#include "server/app/batches.hpp"
#include "server/app/capture_events.hpp"
#include "server/app/catalogues.hpp"
#include "server/app/certificates.hpp"
#include "server/app/complaints.hpp"
#include "server/app/events.hpp"
#include "server/app/inspections.hpp"
#include "server/app/label_designs.hpp"
#include "server/app/label_printers.hpp"
#include "server/app/labels.hpp"
#include "server/app/links.hpp"
#include "server/app/lot_file.hpp"
#include "server/app/organizations.hpp"
#include "server/app/places.hpp"
#include "server/app/products.hpp"
#include "server/app/recall_cases.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/service_test.hpp"

namespace nguon::testing {

/// One record of every kind of an enterprise, made by the use cases themselves.
struct Enterprise {
    OrganizationId org = {};
    std::string commune = {};
    PlaceId place = {};
    ProductId product = {};
    BatchId batch = {};
    CertificateId certificate = {};
    CaptureId capture = {};
    std::string event = {};
    std::string event_id = {}; // of that event, as the standard's interface names it
    PersonId person = {};      // signs in for the enterprise as a clerk
    std::string job = {};
    std::string code = {}; // printed for the batch
    std::string unit_job = {};
    std::string printer = {};
    std::string stock = {};  // measured
    std::string design = {}; // of a label
    std::string unit = {};   // the first code of that
    std::string file = {};   // of the certificate
    std::string complaint = {};
    std::string inspection = {};
    std::string sanction = {}; // of long ago
    std::string data_request = {};
    std::string link = {};   // of the product's code
    std::string recall = {}; // a drill on the batch, which waits for the enterprise
};

inline constexpr std::string_view captured_document =
    R"({"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"nguon": "urn:nguon:epcis:"}],)"
    R"( "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-21T08:00:00+07:00", "epcisBody":)"
    R"( {"eventList": [{"type": "ObjectEvent", "eventTime": "2026-11-20T16:00:00+07:00",)"
    R"( "eventTimeZoneOffset": "+07:00", "epcList": ["urn:uuid:4c8f0b36-9d1e-4b07-8f63-0c1b6d8a2e55"],)"
    R"( "action": "OBSERVE", "bizStep": "storing"}]}})";

/// What a use case gave; a refusal fails the test.
template <typename T>
T given(Result<T> result)
{
    if (result) return *std::move(result);
    std::string faults = result.error().key + " " + result.error().log_text;
    for (auto const& field : result.error().fields) faults += "; " + field.pointer + " " + field.key;
    throw std::runtime_error{faults};
}

/// A connection that can be tried: nobody ever does.
inline void add_connection(db::Connection& c, std::string const& target)
{
    db::connections::PortalConnection connection;
    connection.target = target;
    connection.adapter = "most";
    connection.url = "https://portal.example";
    connection.changed_at = outbox_start;
    given(db::connections::insert(c, connection));
    db::connections::Certificate certificate;
    certificate.target = target;
    certificate.slot = "current";
    certificate.sealed_key = "sealed";
    certificate.request = "request";
    certificate.chain = "chain";
    certificate.made_at = outbox_start;
    db::connections::put_certificate(c, certificate);
}

/// Two enterprises in two communes, an authority of the province, one portal.
class TwoEnterprises : public ServiceTest {
protected:
    void SetUp() override
    {
        settings.public_url = "https://truyxuat.example";
        ServiceTest::SetUp();
        auto prepare = [](db::Connection& c) -> Status {
            add_installation(c);
            add_target(c, "most");
            add_connection(c, "gateway");
            return server::app::load_catalogues(c);
        };
        given(write(prepare));
        auto const communes = given(database->read_now([](db::Connection& c) -> Result<std::vector<std::string>> {
            std::vector<std::string> codes;
            for (auto const& commune : db::reference::communes(c, "12")) codes.push_back(commune.code);
            return codes;
        }));
        ASSERT_GE(communes.size(), 2U);
        a = add_enterprise("Hợp tác xã Chè Bản Bo", "6200091527", communes[0], "08938505974019");
        b = add_enterprise("Hợp tác xã Gạo Séng Cù", "6200104635", communes[1], "08936012340013");
    }

    Enterprise add_enterprise(std::string const& name, std::string const& tax_code, std::string const& commune,
                              std::string const& gtin)
    {
        auto work = [&](db::Connection& c) -> Result<Enterprise> { return build(c, name, tax_code, commune, gtin); };
        return given(write(work));
    }

    /// An alarm that stands; its id.
    std::string raise_alarm()
    {
        auto work = [now = clock.now()](db::Connection& c) -> Result<std::string> {
            server::app::keep_alarms(c, {{"waiting", "most"}}, now, {});
            return db::alarms::standing(c).front().id;
        };
        return given(write(work));
    }

    Enterprise build(db::Connection& c, std::string const& name, std::string const& tax_code,
                     std::string const& commune, std::string const& gtin)
    {
        namespace app = server::app;
        Enterprise out;
        out.commune = commune;
        app::Actor actor{new_uuid(), {}, "test", clock.now()};

        OrganizationInput organization;
        organization.organization.kind = "cooperative";
        organization.organization.name = name;
        organization.organization.tax_code = tax_code;
        organization.organization.address.line = "Bản Cò Lá";
        organization.organization.address.commune_code = commune;
        organization.phone = "02133700123";
        out.org = given(app::register_organization(c, actor, organization));
        actor.org = out.org;

        Place place;
        place.kind = "growing_area";
        place.name = "Đồi chè Cò Lá";
        out.place = given(app::register_place(c, actor, place));

        Product product;
        product.name = "Trà Shan tuyết";
        product.group_code = "tea";
        product.gtin = gtin;
        out.product = given(app::register_product(c, actor, product, {}));

        Batch batch;
        batch.lot = "L261120";
        batch.made_on = "2026-11-20";
        out.batch = given(app::register_batch(c, actor, out.product, batch));
        out.code = given(db::batches::find(c, out.org, out.batch)).code;

        app::NewEvent event;
        event.batch = out.batch;
        event.template_key = "tea.harvest";
        event.values = {{"time", {"2026-11-20T07:30"}}, {"quantity", {"182,5"}}, {"quantity_unit", {"kg"}}};
        out.event = given(app::record_event(c, actor, event));
        out.event_id = given(db::events::find(c, out.org, out.event)).event_id;

        Certificate certificate;
        certificate.kind = "vietgap";
        certificate.number = "VietGAP-TT-12-26-0031";
        certificate.issuer = "Trung tâm Chứng nhận";
        out.certificate = given(
            app::register_certificate(c, actor, certificate, out.product, {{"application/pdf", "%PDF-1.4 " + name}}));
        out.file = given(db::certificates::find(c, out.org, out.certificate)).certificate.files.front();

        app::LabelRequest labels;
        labels.batch = out.batch;
        labels.stock = "a4-65";
        labels.count = 3;
        labels.draw = false;
        out.job = given(app::create_label_job(c, actor, labels, {"https://truyxuat.example", false}));
        labels.kind = "unit";
        db::label_printers::Printer printer;
        printer.name = "Máy in ở kho";
        printer.language = "zpl";
        out.printer = given(app::add_printer(c, actor, printer));
        out.design = given(app::add_design(
            c, actor,
            {"Tem hộp", {scanner::LabelDesign::qr, {{scanner::LabelField::lot, scanner::LineSize::large}}, {}}}));
        out.stock = given(app::add_stock(c, actor, {"Cuộn tem", scanner::single_label(*scanner::find_stock("a4-24"))}));
        out.unit_job = given(app::create_label_job(c, actor, labels, {"https://truyxuat.example", false}));
        out.unit = db::printed_codes::codes_of_job(c, out.org, out.unit_job).front();

        auto const document = given(app::read_captured(std::string{captured_document}, "application/ld+json"));
        out.capture = given(app::capture_events(c, actor, document)).id;

        out.link = given(app::register_link(c, actor, code_of(gtin), instructions(), settings.public_url)).text();

        auto const tracing = given(app::trace_recall(c, {"batch", out.code, {}, {}}));
        app::NewRecall drill{true, false, "Diễn tập", "Không có việc gì cho người mua."};
        app::Actor const officer{new_uuid(), {}, "test", clock.now()};
        app::Actor const second{new_uuid(), {}, "test", clock.now()};
        out.recall = given(app::open_recall(c, officer, drill, tracing));
        given(app::publish_recall(c, second, out.recall));

        app::Report report;
        report.topic = "wrong_data";
        report.text = "Số lô in trên hộp khác trên trang";
        report.subject = "/t/" + out.code;
        server::NewAccount clerk;
        clerk.login = "nhan.vien." + tax_code;
        clerk.password_hash = server::hash_password_now(password, server::PasswordCost::least);
        clerk.name = "Vàng A Ản";
        clerk.org = out.org;
        clerk.created_by = "test";
        out.person = given(server::create_account(c, clerk, clock.now()));

        out.complaint = given(app::report_wrong_data(c, actor, report, out.org, out.product, out.batch));
        app::InspectionPlan plan;
        plan.org = out.org;
        plan.checklist = db::inspections::checklists(c).front().id;
        plan.inspector = out.person.text();
        plan.planned_on = "2026-11-24";
        plan.basis = "Kế hoạch số 12";
        out.inspection = given(app::plan_inspection(c, actor, plan));
        db::sanctions::Sanction sanction;
        sanction.id = out.sanction = new_uuid();
        sanction.subject_kind = "product";
        sanction.subject_id = out.product.text();
        sanction.org = out.org;
        db::sanctions::insert(c, sanction);
        db::sanctions::lift(c, sanction.id, "", "", clock.now());
        out.data_request = given(app::open_data_request(c, actor, out.batch, "Công an tỉnh, công văn 77"));
        return out;
    }

    /// A checklist that ships with the program.
    std::string checklist()
    {
        return given(database->read_now(
            [](db::Connection& c) -> Result<std::string> { return db::inspections::checklists(c).front().id; }));
    }

    /// What a product's code names, and one lot of it.
    static server::app::Anchor code_of(std::string const& gtin, std::string const& lot = {})
    {
        std::vector<gs1::AiValue> elements{{"01", gtin}};
        if (!lot.empty()) elements.push_back({"10", lot});
        return server::app::anchor_of(elements);
    }

    static server::app::LinkInput instructions()
    {
        server::app::LinkInput input;
        input.type = "instructions";
        input.language = "vi";
        input.media_type = "text/html";
        input.href = "https://chebanbo.example/huong-dan";
        return input;
    }

    /// A key of that role: enterprises' roles act for `org`, authorities' for the province, within `area`.
    std::string key_of(server::Role role, OrganizationId const& org = {}, std::string const& area = {})
    {
        server::NewKey wanted;
        wanted.name = std::string{server::to_text(role)};
        wanted.role = role;
        if (!server::is_authority(role)) wanted.org = org;
        wanted.area = area;
        wanted.created_by = "test";
        return given(write([&](db::Connection& c) { return server::create_key(c, wanted, clock.now()); })).key;
    }

    /// One more grant for a person or key.
    void grant(std::string const& subject, server::Role role, OrganizationId const& org = {})
    {
        db::grants::Grant wanted;
        wanted.id = new_uuid();
        wanted.subject = subject;
        wanted.role = server::to_text(role);
        if (!org.empty()) wanted.org = org;
        wanted.valid_from = clock.now();
        wanted.granted_by = "test";
        auto const done = write([&](db::Connection& c) -> Status {
            db::grants::insert(c, wanted);
            return Done{};
        });
        ASSERT_TRUE(done.ok());
    }

    /// A key that acts for `org` in one role and has another grant besides.
    std::string key_with(server::Role role, OrganizationId const& org, server::Role other,
                         OrganizationId const& other_org)
    {
        auto const key = add_key(role, org);
        grant(key.id, other, other_org);
        return key.key;
    }

    Enterprise a;
    Enterprise b;
};

} // namespace nguon::testing
