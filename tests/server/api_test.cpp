#include "tests/support/api_test.hpp"

#include "core/bytes.hpp"
#include "db/deliveries.hpp"
#include "db/province_desk.hpp"
#include "db/reconciliations.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::faults_of;
using nguon::testing::Fields;
using nguon::testing::given;
using nguon::testing::key_of_problem;
using nlohmann::json;

class Api : public nguon::testing::ApiTest {};

TEST_F(Api, LeadsFromProductToLabels)
{
    auto const product = post("/api/v1/products", example("NewProduct"));
    ASSERT_EQ(product.status, 201U) << product.body;
    auto const record = json::parse(product.body);
    EXPECT_EQ(product.header("Location"), "/api/v1/products/" + record["id"].get<std::string>());
    EXPECT_EQ(record["status"], "pending");
    EXPECT_EQ(record["fields"]["net_weight"], "200");
    EXPECT_EQ(get(product.header("Location")), record);

    auto wanted = example("NewBatch");
    wanted["product_id"] = record["id"];
    auto const batch = post("/api/v1/batches", wanted);
    ASSERT_EQ(batch.status, 201U) << batch.body;
    auto const event = post(batch.header("Location") + "/events", example("NewEvent"));
    ASSERT_EQ(event.status, 201U) << event.body;
    EXPECT_EQ(json::parse(event.body)["event"]["quantityList"][0]["quantity"], 182.5);
    EXPECT_EQ(get(batch.header("Location") + "/events")["items"].size(), 1U);

    auto const job = post(batch.header("Location") + "/label-jobs", example("NewLabelJob"));
    ASSERT_EQ(job.status, 201U) << job.body;
    EXPECT_TRUE(job.header("Location").ends_with(".pdf"));
    auto const sheets = owner->get(job.header("Location"));
    EXPECT_EQ(sheets.header("Content-Type"), "application/pdf");
    EXPECT_TRUE(sheets.body.starts_with("%PDF-"));
    auto const origin = get("/api/v1/trace/" + json::parse(batch.body)["code"].get<std::string>());
    EXPECT_EQ(origin["verdict"], "lot");
    EXPECT_EQ(origin["steps"].size(), 1U);
    EXPECT_GE(connector_woken.load(), 4);
}

TEST_F(Api, ChangesAVersionOnlyWhenItIsTheOneThatWasRead)
{
    auto const path = "/api/v1/products/" + a.product.text();
    auto const before = owner->get(path);
    auto change = json::parse(before.body)["fields"];
    change["name"] = "Trà Shan tuyết cổ thụ";
    change["ocop_stars"] = 4;
    change["reason"] = "Đạt hạng bốn sao";

    EXPECT_EQ(put(path, change, "").status, 428U);
    EXPECT_EQ(put(path, change, "3").status, 428U);
    EXPECT_EQ(put(path, change, "\"2-abc\"").status, 412U);
    auto const saved = put(path, change, before.header("ETag"));
    ASSERT_EQ(saved.status, 200U) << saved.body;
    EXPECT_EQ(json::parse(saved.body)["version"], 2);
    EXPECT_EQ(json::parse(saved.body)["fields"]["ocop_stars"], 4);
    EXPECT_NE(saved.header("ETag"), before.header("ETag"));
    auto const stale = put(path, change, before.header("ETag"));
    EXPECT_EQ(stale.status, 412U);
    EXPECT_EQ(key_of_problem(stale), "api.version_stale");
    change.erase("reason");
    EXPECT_EQ(faults_of(put(path, change, "*")), (std::map<std::string, std::string>{{"/reason", "field.required"}}));
}

TEST_F(Api, AnswersWithoutABodyWhenNothingChanged)
{
    auto const path = "/api/v1/places/" + a.place.text();
    auto const first = owner->get(path);
    EXPECT_EQ(owner->send("GET", path, {}, {{"If-None-Match", first.header("ETag")}}).status, 304U);
    ASSERT_EQ(put(path, example("PlaceChange"), first.header("ETag")).status, 200U);
    EXPECT_EQ(owner->send("GET", path, {}, {{"If-None-Match", first.header("ETag")}}).status, 200U);
}

TEST_F(Api, WhatWasReadCanBeSentBack)
{
    for (auto const& path : {std::string{"/api/v1/organization"}, "/api/v1/places/" + a.place.text(),
                             "/api/v1/products/" + a.product.text(), "/api/v1/batches/" + a.batch.text()}) {
        auto const before = owner->get(path);
        auto change = json::parse(before.body)["fields"];
        auto const fields = change;
        change["reason"] = "Ghi lại như cũ";
        auto const saved = put(path, change, before.header("ETag"));
        ASSERT_EQ(saved.status, 200U) << path << saved.body;
        EXPECT_EQ(json::parse(saved.body)["fields"], fields) << path;
    }
}

TEST_F(Api, RepeatsAnOperationWithoutWritingTwice)
{
    auto const count = batches();
    Fields const key{{"Idempotency-Key", "lo-sang-21-11"}};
    auto const first = post("/api/v1/batches", new_batch("L1"), key);
    auto const again = post("/api/v1/batches", new_batch("L1"), key);
    ASSERT_EQ(first.status, 201U) << first.body;
    EXPECT_EQ(again.status, 201U);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("Location"), first.header("Location"));
    EXPECT_EQ(batches(), count + 1);

    auto const other = post("/api/v1/batches", new_batch("L2"), key);
    EXPECT_EQ(other.status, 422U);
    EXPECT_EQ(key_of_problem(other), "operation.key_reused");
    auto const elsewhere = post("/api/v1/places", example("NewPlace"), key);
    EXPECT_EQ(elsewhere.status, 422U);

    // Another organization's key of the same name is its own.
    auto rival = program(key_of(Role::enterprise_owner, b.org));
    auto body = new_batch("L1");
    body["product_id"] = b.product.text();
    EXPECT_EQ(send(rival, "POST", "/api/v1/batches", body, key).status, 201U);
}

TEST_F(Api, ARefusedOperationMayBeTriedAgain)
{
    Fields const key{{"Idempotency-Key", "k1"}};
    EXPECT_EQ(post("/api/v1/batches", new_batch("L261120"), key).status, 409U);
    EXPECT_EQ(post("/api/v1/batches", new_batch("L3"), key).status, 201U);
}

TEST_F(Api, LimitsTheNameOfAnOperation)
{
    auto const named = [&](std::string const& key) {
        return post("/api/v1/batches", new_batch("L" + std::to_string(key.size())), {{"Idempotency-Key", key}});
    };
    EXPECT_EQ(named(std::string(200, 'k')).status, 201U);
    EXPECT_EQ(key_of_problem(named(std::string(201, 'k'))), "api.idempotency_key");
    EXPECT_EQ(key_of_problem(named("hai chữ")), "api.idempotency_key");
}

TEST_F(Api, RefusesMembersThatAreNotTheSendersToSet)
{
    auto const count = batches();
    for (auto const* name : {"id", "org_id", "organization_id", "status", "version", "public_version", "code",
                             "printed_at", "created_at", "receipt", "marks", "mark", "__proto__"}) {
        auto body = new_batch("L9");
        body[name] = "x";
        auto const answer = post("/api/v1/batches", body);
        EXPECT_EQ(answer.status, 400U) << name;
        EXPECT_EQ(faults_of(answer),
                  (std::map<std::string, std::string>{{"/" + std::string{name}, "json.unknown_member"}}));
    }
    EXPECT_EQ(batches(), count);
}

TEST_F(Api, EveryRouteRefusesStrangeMembers)
{
    auto inspector = program(key_of(Role::inspector));
    auto province = program(key_of(Role::province_operator));
    for (auto const& operation : api::operations()) {
        auto const* schema = api::find_schema(operation.request);
        if (schema == nullptr || !schema->closed) continue;
        bool const of_province = operation.pattern.starts_with("/api/v1/province/") ||
                                 operation.id == "acknowledge_alarm" || operation.id == "create_organization";
        auto& client = operation.id == "create_inspection" ? inspector : of_province ? province : *owner;
        auto body = json::parse(schema->example);
        body["org_id"] = b.org.text();
        body["receipt"] = json::object();
        auto const method = std::string{http::to_text(operation.method)};
        auto const answer = send(client, method, std::string{operation.pattern}, body, {{"If-Match", "*"}});
        EXPECT_EQ(answer.status, 400U) << operation.id << answer.body;
        auto const faults = faults_of(answer);
        EXPECT_TRUE(faults.contains("/org_id") && faults.contains("/receipt")) << operation.id << answer.body;
    }
}

TEST_F(Api, ShowsComparisonsWithThePortalsToTheWholeProvinceOnly)
{
    std::string const path = "/api/v1/province/reconciliations";
    auto province = program(key_of(Role::province_operator));
    auto const asked = send(province, "POST", path, {{"target", "most"}});
    EXPECT_EQ(asked.status, 202U) << asked.body;
    EXPECT_EQ(send(province, "POST", path, {{"target", "none"}}).status, 404U);
    EXPECT_EQ(send(*owner, "POST", path, {{"target", "most"}}).status, 403U);
    EXPECT_EQ(owner->get(path).status, 403U);
    auto const found = write([&](db::Connection& c) -> Status {
        auto run = *db::reconciliations::next(c, "most");
        run.state = "done";
        run.ended_at = clock.now();
        run.compared = 12;
        db::reconciliations::put(c, run);
        db::reconciliations::Finding finding;
        finding.target = "most";
        finding.key = "k1";
        finding.kind = "foreign";
        finding.detail = R"({"portal":"{}"})";
        db::reconciliations::report(c, finding, clock.now());
        return Done{};
    });
    ASSERT_TRUE(found.ok());
    auto const shown = json::parse(province.get(path).body);
    auto const& most = shown["items"][0];
    EXPECT_EQ(most["target"], "most");
    EXPECT_EQ(most["runs"][0]["reason"], "person");
    EXPECT_EQ(most["runs"][0]["compared"], 12);
    EXPECT_EQ(most["open"], 1);
    EXPECT_EQ(most["findings"][0]["kind"], "foreign");
    EXPECT_FALSE(most.contains("under_way"));
}

TEST_F(Api, NamesEveryFaultAtItsMember)
{
    auto const answer =
        post("/api/v1/products", {{"group_code", "tea"}, {"gtin", "8938505974011"}, {"net_weight", "200"}});
    EXPECT_EQ(answer.status, 400U);
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    auto const faults = faults_of(answer);
    EXPECT_EQ(faults.at("/name"), "field.required");
    EXPECT_TRUE(faults.at("/gtin").starts_with("gtin.")) << faults.at("/gtin");
    EXPECT_EQ(faults.at("/weight_unit"), "product.weight_without_unit");
    EXPECT_EQ(faults_of(post("/api/v1/batches", new_batch("L261120"))).at("/lot"), "batch.exists");
    auto body = new_batch("L8");
    body["product_id"] = b.product.text();
    EXPECT_EQ(faults_of(post("/api/v1/batches", body)).at("/product_id"), "product.unknown");
    auto event = example("NewEvent");
    event["values"]["quantity"] = "nhiều";
    EXPECT_EQ(faults_of(post("/api/v1/batches/" + a.batch.text() + "/events", event)).at("/values/quantity"),
              "event.number");
}

TEST_F(Api, RefusesHostileJson)
{
    auto const raw = [&](std::string const& body, std::string const& type = "application/json") {
        return owner->send("POST", "/api/v1/batches", body, {{"Content-Type", type}});
    };
    auto const nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_NE(key_of_problem(raw(nested(limits::json_depth_max))), "json.depth");
    EXPECT_EQ(key_of_problem(raw(nested(limits::json_depth_max + 1))), "json.depth");
    EXPECT_EQ(key_of_problem(raw(nested(30'000))), "json.depth");
    EXPECT_EQ(key_of_problem(raw(R"({"lot": "A", "lot": "B"})")), "json.duplicate_key");
    EXPECT_EQ(key_of_problem(raw("{\"lot\": \"\xff\"}")), "json.utf8");
    EXPECT_EQ(key_of_problem(raw(R"({"quantity": 1e999})")), "json.number");
    EXPECT_EQ(key_of_problem(raw(R"({"quantity": NaN})")), "json.syntax");
    EXPECT_EQ(raw("[]").status, 400U);
    EXPECT_EQ(raw(new_batch("L7").dump(), "text/plain").status, 415U);
    EXPECT_EQ(raw(new_batch("L7").dump(), "application/x-www-form-urlencoded").status, 415U);

    auto padded = new_batch("L7").dump();
    padded.resize(limits::body_bytes_default, ' ');
    EXPECT_EQ(raw(padded + " ").status, 413U);
    EXPECT_EQ(raw(padded, "application/json; charset=utf-8").status, 201U);
}

TEST_F(Api, GivesListsInPages)
{
    for (int i = 0; i < 4; ++i) ASSERT_EQ(post("/api/v1/batches", new_batch("P" + std::to_string(i))).status, 201U);
    std::vector<std::string> lots;
    std::string next = "/api/v1/batches?limit=2";
    for (int page = 0; page < 5 && !next.empty(); ++page) {
        auto const rows = get(next);
        EXPECT_LE(rows["items"].size(), 2U);
        for (auto const& row : rows["items"]) lots.push_back(row["lot"]);
        next = rows.value("next", "");
    }
    EXPECT_EQ(lots.size(), 5U);
    EXPECT_EQ(get("/api/v1/events?limit=1")["items"].size(), 1U);
    auto const older = get(get("/api/v1/events?limit=1")["next"]);
    EXPECT_EQ(older["items"].size(), 1U);
    EXPECT_FALSE(older.contains("next"));
    EXPECT_EQ(owner->get("/api/v1/batches?limit=100").status, 200U);
    for (auto const* query : {"limit=0", "limit=101", "limit=x", "limit=-1", "offset=-1", "before=0"})
        EXPECT_EQ(owner->get(std::string{"/api/v1/batches?"} + query).status, 400U) << query;
}

TEST_F(Api, DecidesWithinTheAreaOnly)
{
    auto officer = program(key_of(Role::province_operator, {}, a.commune));
    auto const decide = [&](std::string const& path, json const& body) {
        return send(officer, "POST", "/api/v1/province/approvals/" + path, body);
    };
    auto const waiting = json::parse(officer.get("/api/v1/province/approvals").body);
    EXPECT_EQ(waiting["items"].size(), 2U) << waiting;
    EXPECT_EQ(decide("organizations/" + b.org.text(), example("OrganizationDecision")).status, 404U);
    EXPECT_EQ(decide("products/" + b.product.text(), example("ProductDecision")).status, 404U);
    EXPECT_EQ(decide("organizations/" + a.org.text(), {{"decision", "approve"}, {"version", 2}}).status, 409U);
    EXPECT_EQ(decide("products/" + a.product.text(), {{"decision", "return"}, {"version", 1}}).status, 400U);

    auto const approved = decide("organizations/" + a.org.text(), example("OrganizationDecision"));
    ASSERT_EQ(approved.status, 200U) << approved.body;
    EXPECT_EQ(json::parse(approved.body)["status"], "approved");
    EXPECT_EQ(decide("organizations/" + a.org.text(), example("OrganizationDecision")).status, 409U);
    auto const published = decide("products/" + a.product.text(), {{"decision", "publish"}, {"version", 1}});
    EXPECT_EQ(published.status, 200U) << published.body;
    EXPECT_EQ(get("/api/v1/products/" + a.product.text())["status"], "published");
}

TEST_F(Api, NotesWhatAnAuthorityReads)
{
    auto auditor = program(key_of(Role::province_auditor));
    auto const path = "/api/v1/batches/" + a.batch.text();
    EXPECT_EQ(auditor.get(path).status, 400U) << "an authority says whose records";
    ASSERT_EQ(auditor.get(path + "?organization=" + a.org.text()).status, 200U);
    EXPECT_EQ(auditor.get(path + "?organization=" + b.org.text()).status, 404U);
    auto const newest = given(database->read_now([](db::Connection& c) -> Result<db::province_desk::AuditLine> {
        return db::province_desk::audit(c, {.count = 1}).front();
    }));
    EXPECT_EQ(newest.action, "api.read");
    EXPECT_EQ(newest.entity_kind, "batches");
    EXPECT_EQ(newest.entity_id, a.batch.text());
    // The document itself is the enterprise's: it may say what only the declarer sees.
    auto const seen = json::parse(auditor.get("/api/v1/events/" + a.event + "?organization=" + a.org.text()).body);
    EXPECT_FALSE(seen.contains("event"));
    EXPECT_TRUE(get("/api/v1/events/" + a.event).contains("event"));
}

TEST_F(Api, AHouseholdsNumberIsKeptWithThePersonalData)
{
    auto const household = given(write([&](db::Connection& c) {
        OrganizationInput input;
        input.organization.kind = "household";
        input.organization.name = "Hộ Lò Văn Pao";
        input.organization.address.commune_code = a.commune;
        return app::register_organization(c, app::Actor{new_uuid(), {}, "test", clock.now()}, input);
    }));
    auto client = program(key_of(Role::enterprise_owner, household));
    auto change = example("OrganizationChange");
    change["kind"] = "household";
    auto const put_number = [&](std::string const& number) {
        change["tax_code"] = number;
        return send(client, "PUT", "/api/v1/organization", change, {{"If-Match", "*"}});
    };
    auto const kept = [&](std::string const& number) {
        return given(database->read_now([&](db::Connection& c) -> Result<std::int64_t> {
            return c.query("SELECT count(*) FROM person_detail WHERE identity_number = $1", {number})
                .front()
                .integer(0);
        }));
    };
    auto const elsewhere = [&](std::string const& number) {
        return given(database->read_now([&](db::Connection& c) -> Result<bool> {
            for (auto const* column : {"fields FROM record_version", "payload FROM outbox", "detail FROM audit",
                                       "exact FROM search_word", "body FROM operation", "tax_code FROM organization"})
                for (auto const& row : c.query(std::string{"SELECT "} + column))
                    if (row.text_or_empty(0).find(number) != std::string::npos) return true;
            return false;
        }));
    };
    for (auto const* number : {"012345678901", "098765432109"}) {
        auto const answer = put_number(number);
        ASSERT_EQ(answer.status, 200U) << answer.body;
        EXPECT_EQ(json::parse(answer.body)["masked_identity"], "********" + std::string{number}.substr(8));
        EXPECT_FALSE(answer.says(number));
        EXPECT_EQ(kept(number), 1);
        EXPECT_FALSE(elsewhere(number)) << number;
    }
    EXPECT_EQ(kept("012345678901"), 0);
    // With a tax code of its own the household's personal number is not kept any longer.
    auto const answer = put_number("0100109106");
    ASSERT_EQ(answer.status, 200U) << answer.body;
    EXPECT_FALSE(json::parse(answer.body).contains("masked_identity"));
    EXPECT_EQ(kept("098765432109"), 0);
}

TEST_F(Api, NobodyMakesHimselfAnAuthority)
{
    auto change = example("OrganizationChange");
    change["kind"] = "authority";
    EXPECT_EQ(faults_of(put("/api/v1/organization", change, "*")).at("/kind"), "organization.authority_fixed");
}

TEST_F(Api, RegistersOrganizationsOfTheOfficersArea)
{
    auto officer = program(key_of(Role::commune_officer, {}, a.commune));
    auto wanted = example("NewOrganization");
    wanted["commune_code"] = b.commune;
    EXPECT_EQ(faults_of(send(officer, "POST", "/api/v1/organizations", wanted)).at("/commune_code"),
              "api.outside_area");
    wanted["commune_code"] = a.commune;
    wanted["tax_code"] = "0100109106";
    auto const made = send(officer, "POST", "/api/v1/organizations", wanted);
    ASSERT_EQ(made.status, 201U) << made.body;
    EXPECT_EQ(officer.get(made.header("Location")).status, 200U);
    EXPECT_EQ(json::parse(officer.get("/api/v1/organizations").body)["items"].size(), 2U);
    EXPECT_EQ(faults_of(send(officer, "POST", "/api/v1/organizations", wanted)).at("/tax_code"),
              "organization.tax_code_taken");
}

TEST_F(Api, ProvesADelivery)
{
    EXPECT_EQ(get("/api/v1/delivery-log")["size"], 0);
    auto const path = "/api/v1/deliveries/most/" + std::to_string(deliver_first()) + "/proof";
    EXPECT_EQ(key_of_problem(owner->get(path)), "delivery_log.not_yet");
    sign_log();
    auto const proof = get(path);
    EXPECT_EQ(proof["index"], 0);
    EXPECT_EQ(proof["proof"], json::array()) << "the only entry is the root";
    EXPECT_EQ(json::parse(proof["entry"].get<std::string>())["portal_id"], "VN-77");
    EXPECT_EQ(program(key_of(Role::enterprise_owner, b.org)).get(path).status, 404U);
    auto const log = json::parse(browser().get("/api/v1/delivery-log?since=1").body);
    EXPECT_EQ(log["size"], 1);
    EXPECT_EQ(log["consistency"], json::array());
}

TEST_F(Api, ShowsDeliveriesWithTheirReceipts)
{
    auto const all = get("/api/v1/deliveries?limit=100");
    ASSERT_GE(all["items"].size(), 5U);
    for (auto const& row : all["items"]) EXPECT_EQ(row["organization_id"], a.org.text());
    EXPECT_EQ(get("/api/v1/deliveries?state=delivered")["items"].size(), 0U);
    EXPECT_EQ(owner->get("/api/v1/deliveries?state=lost").status, 400U);
    EXPECT_EQ(owner->get("/api/v1/deliveries?type=product").status, 400U);

    deliver_first();
    auto const delivered = get("/api/v1/deliveries?state=delivered")["items"];
    ASSERT_EQ(delivered.size(), 1U);
    EXPECT_EQ(delivered[0]["receipt"]["portal_id"], "VN-77");
    auto province = program(key_of(Role::province_auditor));
    auto const sync = json::parse(province.get("/api/v1/province/sync?target=most").body);
    EXPECT_EQ(sync["targets"][0]["counts"]["delivered"], 1);
    EXPECT_TRUE(sync["targets"][0]["conserved"].get<bool>());
    EXPECT_EQ(sync["organizations"].size(), 2U);
}

TEST_F(Api, TracesWhateverNamesABatch)
{
    for (auto const& code : {std::string{a.code}, std::string{"(01)08938505974019(10)L261120"},
                             std::string{"https://truyxuat.example/01/08938505974019/10/L261120"}}) {
        auto const answer = browser().get("/api/v1/trace/" + http::percent_encode(code));
        ASSERT_EQ(answer.status, 200U) << code << answer.body;
        auto const origin = json::parse(answer.body);
        EXPECT_EQ(origin["batch"]["lot"], "L261120");
        EXPECT_TRUE(origin["awaiting_approval"].get<bool>());
        EXPECT_EQ(origin["items"].size(), 9U);
        EXPECT_EQ(origin["certificates"].size(), 1U);
    }
    auto const unknown = browser().get("/api/v1/trace/08938505974026");
    EXPECT_EQ(unknown.status, 404U);
    EXPECT_EQ(json::parse(unknown.body)["verdict"], "unknown");
    EXPECT_EQ(browser().get("/api/v1/trace/08938505974011").status, 400U) << "a wrong check digit";
}

TEST_F(Api, LooksCodesUp)
{
    auto client = browser();
    auto const found = send(client, "POST", "/api/v1/look-up", example("CodeText"));
    ASSERT_EQ(found.status, 200U) << found.body;
    EXPECT_EQ(json::parse(found.body)["path"], "/01/08938505974019/10/L261121");
    EXPECT_EQ(send(client, "POST", "/api/v1/look-up", {{"text", "chè"}}).status, 400U);
    EXPECT_EQ(send(client, "POST", "/api/v1/look-up", {{"text", 5}}).status, 400U);
}

TEST_F(Api, DescribesTheResolver)
{
    auto const answer = browser().get("/.well-known/gs1resolver");
    ASSERT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
    auto const description = json::parse(answer.body);
    EXPECT_EQ(description["resolverRoot"], "https://truyxuat.example");
    EXPECT_EQ(description["supportedPrimaryKeys"].size(), 16U);
}

TEST_F(Api, APersonsSessionNeedsTheTokenInAHeader)
{
    add_person("nhanvien", Role::enterprise_clerk, a.org);
    auto clerk = signed_in("nhanvien");
    auto const token = Browser::token_of(clerk.get("/console/password"));
    ASSERT_FALSE(token.empty());
    EXPECT_EQ(send(clerk, "POST", "/api/v1/batches", new_batch("S1")).status, 403U);
    EXPECT_EQ(send(clerk, "POST", "/api/v1/batches", new_batch("S1"), {{"X-CSRF-Token", token}}).status, 201U);
}

TEST_F(Api, KeepsCertificatesWithTheirFiles)
{
    auto wanted = example("NewCertificate");
    wanted["product_id"] = a.product.text();
    wanted["files"] = json::array({to_base64("%PDF-1.7 giấy")});
    auto const made = post("/api/v1/certificates", wanted);
    ASSERT_EQ(made.status, 201U) << made.body;
    auto const record = json::parse(made.body);
    EXPECT_EQ(record["mark"], "evidenced");
    EXPECT_EQ(record["state"], "valid");
    EXPECT_EQ(owner->get(record["files"][0]["url"]).body, "%PDF-1.7 giấy");
    wanted["files"] = json::array({to_base64("MZ chương trình")});
    EXPECT_EQ(faults_of(post("/api/v1/certificates", wanted)).at("/file"), "file.kind");
    wanted["files"] = json::array({"không phải"});
    EXPECT_EQ(post("/api/v1/certificates", wanted).status, 400U);
    wanted["files"] = json(6, to_base64("%PDF-"));
    EXPECT_EQ(faults_of(post("/api/v1/certificates", wanted)).at("/files"), "field.count");
}

TEST_F(Api, TakesPicturesByTheWorkersOnly)
{
    auto const path = "/api/v1/products/" + a.product.text() + "/images";
    EXPECT_EQ(key_of_problem(owner->send("POST", path, "x", {{"Content-Type", "image/png"}})), "worker.unavailable");
    auto const foreign = "/api/v1/products/" + b.product.text() + "/images";
    EXPECT_EQ(owner->send("POST", foreign, "x", {{"Content-Type", "image/png"}}).status, 404U);
}

TEST_F(Api, DeclaresAnEventWrong)
{
    auto const path = "/api/v1/events/" + a.event;
    EXPECT_FALSE(get(path)["declared_wrong"].get<bool>());
    auto const declared = post(path + "/error-declarations", example("ErrorDeclaration"));
    EXPECT_EQ(declared.status, 204U) << declared.body;
    EXPECT_TRUE(get(path)["declared_wrong"].get<bool>());
    EXPECT_EQ(post(path + "/error-declarations", example("ErrorDeclaration")).status, 409U);
}

} // namespace
} // namespace nguon::server
