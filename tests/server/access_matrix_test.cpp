#include "tests/support/two_enterprises.hpp"

#include "db/deliveries.hpp"
#include "server/api/description.hpp"
#include "server/app/personal_requests.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"

#include <regex>

#include <nlohmann/json.hpp>

/// Every route of the service with every role, on objects of one's own, of others, and that do not exist. It walks the
/// route table, so a new route is tried without being named here; only a new kind of parameter must be explained.
namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::Enterprise;
using nguon::testing::Fields;
using nguon::testing::given;

constexpr std::string_view absent_id = "0190ffff-0000-7000-8000-00000000dead";
constexpr std::string_view absent_file = "00000000000000000000000000000000000000000000000000000000deadbeef";

std::string const absent_unit = std::string{"0QV47TJ29KX"} + gs1::printed_code_check("0QV47TJ29KX");

/// One who calls. `own` and `foreign` say whose objects are within and beyond reach.
struct Caller {
    std::string name = {};
    std::optional<Role> role = {}; // nothing: a stranger
    std::string key = {};
    bool limited = true; // some objects are beyond reach
    bool names_organization = false;
    std::string acts_for = {};          // of several organizations
    std::optional<Role> desk_role = {}; // an authority's, besides
};

/// Whose object stands in the path.
struct Target {
    Enterprise const* owner = nullptr; // nullptr: nobody's
};

std::string parent_of(std::string_view pattern, std::string_view name)
{
    auto const at = pattern.find("{" + std::string{name});
    auto const before = pattern.substr(0, at - 1);
    return std::string{before.substr(before.rfind('/') + 1)};
}

/// What the matrix must notice: it shows any product to anybody with the scope.
net::awaitable<http::Response> show_any_product(Services& services, Request const& request)
{
    ProductId const id{std::string{request.param("product")}};
    auto look = [id](db::Connection& c) { return db::products::find_any(c, id); };
    auto const found = co_await services.database.read(std::move(look));
    if (!found) co_return problem(services, request, found.error());
    co_return json_response(200, {{"name", found->name}});
}

constexpr Route leaky_route{Method::get, "/api/v1/leaky/{product}", access::scope("product:read"), &show_any_product};

class AccessMatrix : public nguon::testing::TwoEnterprises {
protected:
    std::vector<Route> routes() override
    {
        auto all = all_routes();
        all.push_back(leaky_route);
        return all;
    }

    void SetUp() override
    {
        TwoEnterprises::SetUp();
        alarm = raise_alarm();
        personal_request = given(write([&](db::Connection& c) {
            return app::ask_about_personal_data(c, {"consumer", {}, "test", clock.now()},
                                                {"access", "Lò Thị Mai", "0912000111", "Có gì về tôi?"});
        }));
        callers.push_back({"anonymous", {}, {}, true, false});
        for (auto const role : all_roles()) {
            std::string const name{to_text(role)};
            if (is_authority(role)) {
                callers.push_back({name, role, key_of(role), false, true});
                callers.push_back({name + " of an area", role, key_of(role, {}, a.commune), true, true});
            } else {
                callers.push_back({name, role, key_of(role, a.org), true, false});
            }
        }
        // What they are elsewhere must count nowhere.
        callers.push_back({"field worker who owns another", Role::field_worker,
                           key_with(Role::enterprise_owner, b.org, Role::field_worker, a.org), true, false,
                           a.org.text()});
        callers.push_back({"field worker who is an operator", Role::field_worker,
                           key_with(Role::province_operator, {}, Role::field_worker, a.org), false, false, a.org.text(),
                           Role::province_operator});
    }

    /// The value of a path parameter; nothing when this test has never heard of it.
    std::optional<std::string> value_of(std::string_view pattern, std::string_view name, Target target) const
    {
        auto const* owner = target.owner;
        auto const pick = [&](std::string const& text) { return owner ? text : std::string{absent_id}; };
        auto const of = owner ? *owner : Enterprise{};
        auto const kind = name == "id" ? parent_of(pattern, name) : std::string{name} + "s";
        if (kind == "organizations") return pick(of.org.text());
        if (kind == "places") return pick(of.place.text());
        if (kind == "products") return pick(of.product.text());
        if (kind == "batches" || kind == "batchs") return pick(of.batch.text());
        if (kind == "certificates") return pick(of.certificate.text());
        if (kind == "events") return pick(of.event);
        if (kind == "eventIDs") return pick(of.event_id);
        if (kind == "members" || kind == "accounts") return pick(of.person.text());
        if (kind == "captures") return pick(of.capture.text());
        if (kind == "alarms") return pick(alarm);
        if (kind == "jobs") return pick(of.job);
        if (kind == "units") return owner ? of.unit : absent_unit;
        if (kind == "printers") return pick(of.printer);
        if (kind == "stocks") return pick(of.stock);
        if (kind == "designs") return pick(of.design);
        if (kind == "links") return pick(of.link);
        if (kind == "complaints") return owner ? of.complaint : std::string{"0000000000"};
        if (kind == "inspections") return pick(of.inspection);
        if (kind == "data_requests") return pick(of.data_request);
        if (kind == "personal_requests") return owner ? personal_request : std::string{"0000000000"};
        if (kind == "sanctions") return pick(of.sanction);
        if (kind == "recalls") return pick(of.recall);
        if (name == "compressed") return "absent";
        if (kind == "sha256s") return owner ? of.file : std::string{absent_file};
        if (kind == "codes" && (pattern.starts_with("/case") || pattern.find("complaints") != std::string_view::npos))
            return owner ? of.complaint : std::string{"0000000000"};
        if (kind == "codes") return owner ? of.code : std::string{"0000000000"};
        if (kind == "targets") return "most";
        if (kind == "connections") return "gateway"; // of the whole installation
        // Of the whole province: nobody of an enterprise or area reaches them, and none is loaded here.
        if (kind == "plans" || kind == "indicators" || kind == "records" || kind == "tasks" || kind == "needs")
            return std::string{absent_id};
        if (kind == "seqs") return owner ? std::to_string(first_delivery(of.org)) : std::string{"999999"};
        if (pattern.starts_with("/static") || pattern.starts_with("/help")) return "absent";
        // Words of the standard are nobody's: one that only our first enterprise used, and one that nobody did.
        if (kind == "eventTypes") return owner == &a ? "ObjectEvent" : "LookEvent";
        if (kind == "bizSteps") return owner == &a ? "storing" : "sampling";
        if (kind == "dispositions") return owner == &a ? "active" : "stolen";
        if (kind == "epcs" || kind == "readPoints" || kind == "bizLocations")
            return "urn:uuid:" + pick(kind == "epcs" ? of.batch.text() : of.place.text());
        if (name == "rest") return owner ? std::string{"08938505974019"} : std::string{"08935000000011"};
        return std::nullopt;
    }

    std::int64_t first_delivery(OrganizationId const& org) const
    {
        auto look = [org](db::Connection& c) -> Result<std::int64_t> {
            db::deliveries::Filter filter;
            filter.target = "most";
            filter.org = org;
            auto const page = db::deliveries::page(c, filter);
            if (page.empty()) return not_found("delivery.unknown");
            return page.back().seq;
        };
        return database->read_now(look).value_or(1);
    }

    /// The address with its parameters filled in; a parameter nobody explained fails the test.
    std::string address(Route const& route, Caller const& caller, Target target) const
    {
        std::string out;
        std::string_view rest = route.pattern;
        while (!rest.empty()) {
            auto const begin = rest.find('{');
            out += rest.substr(0, begin);
            if (begin == std::string_view::npos) break;
            auto const end = rest.find('}', begin);
            auto name = rest.substr(begin + 1, end - begin - 1);
            if (name.ends_with("...")) name.remove_suffix(3);
            auto const value = value_of(route.pattern, name, target);
            EXPECT_TRUE(value.has_value()) << "say how to fill {" << name << "} of " << route.pattern;
            out += value.value_or("x");
            rest.remove_prefix(end + 1);
        }
        bool const of_records = route.pattern.starts_with("/api/v1/") && route.method == Method::get;
        if (caller.names_organization && of_records)
            out += "?organization=" + (target.owner ? target.owner->org.text() : std::string{absent_id});
        return out;
    }

    /// What the route takes, as its description shows it.
    std::string body_of(Route const& route, Target target) const
    {
        auto const* operation = api::find_operation(route.method, route.pattern);
        auto const* schema = operation ? api::find_schema(operation->request) : nullptr;
        if (schema == nullptr) return route.body.reads == BodyKind::Reads::raw ? "x" : "";
        auto body = nlohmann::json::parse(schema->example);
        auto const product = target.owner ? target.owner->product.text() : std::string{absent_id};
        if (body.contains("product_id")) body["product_id"] = product;
        if (body.contains("commune_text") && target.owner) body["commune_code"] = target.owner->commune; // stays there
        return body.dump();
    }

    /// Whoever may remove it finds it there, after the one before did.
    void keep_link(Target target)
    {
        auto const* owner = target.owner;
        if (owner == nullptr) return;
        auto work = [&](db::Connection& c) -> Status {
            db::links::Link link;
            link.id = db::links::LinkId{owner->link};
            if (db::links::find(c, owner->org, link.id)) return Done{};
            link.org = owner->org;
            link.key = link.anchor = "/00/389350123456789010";
            link.type = "pip";
            given(db::links::claim_key(c, link.key, link.org, true, clock.now()));
            return db::links::insert(c, link);
        };
        given(write(work));
    }

    /// The same for its printer, its measured stock and its label design.
    void keep_label_things(Target target)
    {
        auto const* owner = target.owner;
        if (owner == nullptr) return;
        auto work = [&](db::Connection& c) -> Status {
            db::label_printers::Printer printer;
            printer.id = owner->printer;
            printer.org = owner->org;
            if (!db::label_printers::find(c, owner->org, printer.id)) db::label_printers::insert(c, printer);
            auto const grid = app::to_json(scanner::single_label(*scanner::find_stock("a4-24"))).dump();
            db::label_printers::OwnStock const stock{owner->stock, owner->org, "x", grid, 1, clock.now()};
            if (!db::label_printers::find_stock(c, owner->org, stock.id)) db::label_printers::insert(c, stock);
            auto const drawn = app::to_json(scanner::OwnDesign{}).dump();
            db::label_designs::Design const design{owner->design, owner->org, "x", drawn, 1, clock.now()};
            if (!db::label_designs::find(c, owner->org, design.id)) db::label_designs::insert(c, design);
            return Done{};
        };
        given(write(work));
    }

    Answer call(Route const& route, Caller const& caller, Target target)
    {
        if (route.method == Method::delete_) {
            keep_link(target);
            keep_label_things(target);
        }
        auto client = caller.key.empty() ? browser() : program(caller.key);
        client.headers.emplace_back("Accept", "application/json");
        if (!caller.acts_for.empty()) client.headers.emplace_back("Nguon-Organization", caller.acts_for);
        Fields more;
        if (route.method == Method::put) more.emplace_back("If-Match", "*");
        if (route.body.reads == BodyKind::Reads::raw) more.emplace_back("Content-Type", "application/json");
        bool const form = route.body.reads == BodyKind::Reads::form || route.body.reads == BodyKind::Reads::open_form;
        if (form) more.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        auto const body = form ? std::string{"x=1"} : body_of(route, target);
        return client.send(std::string{http::to_text(route.method)}, address(route, caller, target), body, more);
    }

    static bool is_admitted(Route const& route, Caller const& caller)
    {
        if (route.access.kind() == Access::Kind::anyone) return true;
        if (!caller.role) return false;
        if (route.access.kind() == Access::Kind::signed_in) return true;
        auto const has = [&](std::optional<Role> const& role) {
            return role && scopes_of(*role).has(route.access.scope());
        };
        if (route.access.side() == Side::own) return has(caller.role);
        if (route.access.side() == Side::any) return has(caller.role) || has(caller.desk_role);
        return has(server::is_authority(*caller.role) ? caller.role : caller.desk_role);
    }

    /// The answer without what differs between any two: ids, tokens and the number of the request.
    std::string shape(Answer const& answer, std::string const& path = {}) const
    {
        static std::regex const request_id{R"re("requestId":"[^"]*"|name="(csrf|form_token)" value="[^"]*")re"};
        auto text = std::to_string(answer.status) + " " + std::regex_replace(answer.body, request_id, "");
        auto const hide = [&](std::string const& id) {
            for (auto at = text.find(id); !id.empty() && at != std::string::npos; at = text.find(id))
                text.replace(at, id.size(), "ID");
        };
        hide(path); // stands in the link to the other language
        hide(answer.header("X-Request-Id"));
        for (auto const& id : {b.org.text(),
                               b.place.text(),
                               b.product.text(),
                               b.batch.text(),
                               b.certificate.text(),
                               b.capture.text(),
                               b.event,
                               b.event_id,
                               b.person.text(),
                               b.job,
                               b.file,
                               b.code,
                               b.complaint,
                               b.inspection,
                               b.data_request,
                               b.sanction,
                               b.recall,
                               std::string{absent_id},
                               std::string{absent_file},
                               std::string{"0000000000"}})
            hide(id);
        return text;
    }

    std::vector<Caller> callers;
    std::string personal_request; // likewise: nobody's area
    std::string alarm;            // the whole installation's
};

/// Where two texts part, with what stands around.
std::string first_difference(std::string const& one, std::string const& other)
{
    constexpr std::size_t around = 120;
    auto const [at, unused] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    auto const place = static_cast<std::size_t>(at - one.begin());
    auto const begin = place > around ? place - around : 0;
    return "foreign: " + one.substr(begin, 2 * around) + "\nabsent: " + other.substr(begin, 2 * around);
}

bool is_gate(Answer const& answer)
{
    return answer.says("problem:auth.forbidden") || answer.says("problem:auth.needed");
}

TEST_F(AccessMatrix, OnlyThoseWithTheScopeGetIn)
{
    for (auto const& route : all_routes()) {
        for (auto const& caller : callers) {
            if (is_admitted(route, caller)) continue;
            SCOPED_TRACE(std::string{http::to_text(route.method)} + " " + std::string{route.pattern} + " as " +
                         caller.name);
            auto const answer = call(route, caller, {&a});
            if (caller.role) {
                EXPECT_EQ(answer.status, 403U) << answer.body;
            } else if (route.access.redirects()) {
                EXPECT_EQ(answer.status, 303U);
                EXPECT_TRUE(answer.header("Location").starts_with("/console/sign-in"));
            } else {
                EXPECT_EQ(answer.status, 401U) << answer.body;
            }
        }
    }
}

TEST_F(AccessMatrix, ForeignObjectsLookAbsent)
{
    for (auto const& route : all_routes()) {
        bool const has_object = route.pattern.find('{') != std::string_view::npos;
        if (!has_object || route.access.kind() == Access::Kind::anyone) continue;
        for (auto const& caller : callers) {
            if (!is_admitted(route, caller) || !caller.limited) continue;
            SCOPED_TRACE(std::string{http::to_text(route.method)} + " " + std::string{route.pattern} + " as " +
                         caller.name);
            auto const foreign = call(route, caller, {&b});
            auto const absent = call(route, caller, {nullptr});
            auto const seen = shape(foreign, address(route, caller, {&b}));
            auto const expected = shape(absent, address(route, caller, {nullptr}));
            EXPECT_TRUE(seen == expected) << first_difference(seen, expected);
            EXPECT_GE(foreign.status, 300U) << foreign.body;
            EXPECT_LT(foreign.status, 500U) << foreign.body;
            EXPECT_EQ(foreign.header("ETag"), "");
        }
    }
}

TEST_F(AccessMatrix, ALeakWouldBeNoticed)
{
    Caller const owner{"owner", Role::enterprise_owner, key_of(Role::enterprise_owner, a.org), true, false};
    EXPECT_NE(shape(call(leaky_route, owner, {&b})), shape(call(leaky_route, owner, {nullptr})));
    Route const unknown{Method::get, "/console/wagons/{id}", access::scope("batch:read"), &show_any_product};
    EXPECT_FALSE(value_of(unknown.pattern, "id", {&a}).has_value());
}

TEST_F(AccessMatrix, OwnObjectsAnswer)
{
    for (auto const& route : all_routes()) {
        for (auto const& caller : callers) {
            if (!is_admitted(route, caller)) continue;
            SCOPED_TRACE(std::string{http::to_text(route.method)} + " " + std::string{route.pattern} + " as " +
                         caller.name);
            auto const answer = call(route, caller, {&a});
            EXPECT_FALSE(is_gate(answer)) << answer.body;
            if (route.access.kind() != Access::Kind::anyone) {
                EXPECT_NE(answer.status, 401U) << answer.body;
            }
            bool const no_worker = answer.status == 503 && answer.says("worker.unavailable");
            EXPECT_TRUE(answer.status < 500 || no_worker) << answer.status << answer.body;
            bool const own_api =
                route.pattern.starts_with("/api/v1/") && caller.role && !answer.says("no_organization");
            if (own_api) {
                EXPECT_NE(answer.status, 404U) << answer.body;
            }
        }
    }
}

TEST_F(AccessMatrix, NamingAForeignOrganizationIsNamingNone)
{
    auto client = program(key_of(Role::enterprise_owner, a.org));
    for (auto const& operation : api::operations()) {
        if (operation.method != Method::get || operation.query.find("organization") == std::string_view::npos) continue;
        if (operation.pattern.find('{') != std::string_view::npos) continue;
        std::string const path{operation.pattern};
        auto const foreign = client.get(path + "?organization=" + b.org.text());
        auto const absent = client.get(path + "?organization=" + std::string{absent_id});
        EXPECT_EQ(foreign.status, 404U) << path;
        EXPECT_EQ(shape(foreign), shape(absent)) << path;
    }
}

TEST_F(AccessMatrix, ChangesNeedTheSessionsToken)
{
    add_person("chu", Role::enterprise_owner, a.org);
    auto owner = signed_in("chu");
    owner.headers = {{"Accept", "application/json"}};
    for (auto const& route : all_routes()) {
        if (route.method == Method::get || route.body.reads == BodyKind::Reads::open_form) continue;
        Caller const caller{"owner", Role::enterprise_owner, {}, true, false};
        if (!is_admitted(route, caller)) continue;
        SCOPED_TRACE(std::string{http::to_text(route.method)} + " " + std::string{route.pattern});
        auto const method = std::string{http::to_text(route.method)};
        auto const path = address(route, caller, {&a});
        bool const raw = route.body.reads == BodyKind::Reads::raw;
        Fields more{{"Content-Type", raw ? "application/json" : "application/x-www-form-urlencoded"}};
        bool const none = route.body.reads == BodyKind::Reads::nothing;
        auto const body = raw ? body_of(route, {&a}) : std::string{none ? "" : "x=1"};
        auto const bare = owner.send(method, path, body, more);
        EXPECT_EQ(bare.status, 403U) << bare.body;
        EXPECT_TRUE(bare.says("csrf.token")) << bare.body;
        more.emplace_back("Sec-Fetch-Site", "cross-site");
        auto const foreign = owner.send(method, path, body, more);
        EXPECT_EQ(foreign.status, 403U);
        EXPECT_TRUE(foreign.says("csrf.cross_site")) << foreign.body;
    }
}

TEST_F(AccessMatrix, AMethodCannotBeDisguised)
{
    auto client = program(key_of(Role::enterprise_owner, a.org));
    auto const path = "/api/v1/products/" + a.product.text();
    auto const before = client.get(path).body;
    Fields const disguises[] = {{{"X-HTTP-Method-Override", "PUT"}}, {{"X-Method-Override", "PUT"}}};
    for (auto disguise : disguises) {
        disguise.emplace_back("Content-Type", "application/json");
        disguise.emplace_back("If-Match", "*");
        auto const body = std::string{api::find_schema("ProductChange")->example};
        EXPECT_EQ(client.send("POST", path, body, disguise).status, 405U);
        EXPECT_EQ(client.send("GET", path, {}, disguise).status, 200U);
    }
    EXPECT_EQ(client.send("POST", path + "?_method=PUT", "{}", {{"Content-Type", "application/json"}}).status, 405U);
    EXPECT_EQ(client.get(path).body, before);
    for (auto const& operation : api::operations()) {
        bool const readable = api::find_operation(Method::get, operation.pattern) != nullptr;
        if (operation.method != Method::post || readable || operation.pattern.find('{') != std::string_view::npos)
            continue;
        EXPECT_EQ(client.get(std::string{operation.pattern}).status, 405U) << operation.pattern;
    }
}

} // namespace
} // namespace nguon::server
