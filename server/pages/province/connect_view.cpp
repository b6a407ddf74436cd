#include "server/pages/province/connect_view.hpp"

#include "core/http/uri.hpp"
#include "core/runtime/chain_check.hpp"

namespace nguon::server::pages::province {
namespace {

constexpr std::size_t text_chars_max = 200;
constexpr std::string_view certificate_files = ".pem,.crt,.cer,.p7b,.p7c,.der";

/// Builds the parts of one page.
class Builder {
public:
    Builder(Services& services, Request const& request, app::ConnectionView const& view, Error const* error)
        : services_{services}, request_{request}, view_{view},
          connection_{view.connection}, error_{error}, now_{services.clock.now()}, may_write_{may_connect(request)}
    {
    }

    json step(std::string const& name);
    /// What is done beside the way: certificates, pins, stopping.
    json upkeep();

private:
    std::string say(std::string const& key, std::vector<std::string> const& values = {}) const
    {
        return services_.locale.text(request_.language, "province.connect." + key, values);
    }
    /// The sentence of {"key", "values"}.
    std::string say_error(json const& error) const
    {
        auto const values = error.value("values", std::vector<std::string>{});
        return services_.locale.text(request_.language, error.value("key", ""), values);
    }
    json part(std::string const& name) const;
    void fact(json& part, std::string const& label, std::string const& value) const
    {
        if (!value.empty()) part["facts"].push_back({{"label", say("fact." + label)}, {"value", value}});
    }
    void form(json& part, std::string const& act, std::vector<FieldSpec> const& fields, json values = json::object(),
              json hidden = json::array(), bool danger = false) const
    {
        if (!may_write_) return;
        auto made = form_of(services_, request_, act, fields, std::move(values), error_);
        made["hidden"] = std::move(hidden);
        made["danger"] = danger;
        part["forms"].push_back(std::move(made));
    }
    std::string moment(std::optional<Instant> const& at) const { return at ? show_moment(request_, *at) : ""; }

    void declaration(json& part);
    void settings(json& part);
    void key(json& part);
    void chain(json& part, std::optional<db::connections::Certificate> const& certificate);
    void tried(json& part, std::string const& kind);
    void peer_facts(json& part, json const& peer);
    void catalogues(json& part);
    void remove(json& list);
    void dry_run(json& part);
    void live(json& part);
    void rotation(json& part);
    void pins(json& part);
    void certificate_facts(json& part, db::connections::Certificate const& certificate);
    void key_form(json& part, std::string const& act);

    Services& services_;
    Request const& request_;
    app::ConnectionView const& view_;
    db::connections::PortalConnection const& connection_;
    Error const* error_;
    Instant now_;
    bool may_write_;
};

constexpr FieldSpec password_field{
    .name = "password", .type = "password", .required = true, .autocomplete = "current-password"};
constexpr FieldSpec reason_field{.name = "reason", .required = true, .chars_max = 300};

json Builder::part(std::string const& name) const
{
    auto const* const lead = services_.locale.find(request_.language, "province.connect.step." + name + ".lead");
    return {{"name", name},
            {"title", say("step." + name)},
            {"lead", lead == nullptr ? std::string{} : *lead},
            {"facts", json::array()},
            {"faults", json::array()},
            {"good", ""},
            {"waiting", ""},
            {"records", json::array()},
            {"held", json::array()},
            {"forms", json::array()},
            {"links", json::array()},
            {"done", false},
            {"current", false},
            {"later", false},
            {"number", ""},
            {"folded", false}};
}

void Builder::declaration(json& part)
{
    fact(part, "declaration_number", connection_.declaration_number);
    fact(part, "declaration_date", show_date(request_, connection_.declaration_date));
    fact(part, "declaration_standard", connection_.declaration_standard);
    form(part, "declare",
         {{.name = "number", .required = true, .chars_max = text_chars_max},
          {.name = "date", .type = "date", .required = true},
          {.name = "standard", .required = true, .chars_max = text_chars_max}},
         {{"number", connection_.declaration_number},
          {"date", connection_.declaration_date},
          {"standard", connection_.declaration_standard}});
}

void Builder::settings(json& part)
{
    fact(part, "url", connection_.url);
    fact(part, "adapter", say("adapter." + connection_.adapter));
    for (auto const& [label, pem] : {std::pair<std::string, std::string const&>{"authority", connection_.authority},
                                     {"client_authority", connection_.client_authority}}) {
        auto const found = tls::read_authorities(pem);
        if (!pem.empty() && found) fact(part, label, found->front().subject);
    }
    fact(part, "secret", connection_.sealed_secret.empty() ? "" : say("kept"));
    fact(part, "receipt_key", connection_.receipt_key.empty() ? "" : say("kept"));
    fact(part, "mapping", connection_.mapping.empty() ? "" : say("kept"));
    bool const most = connection_.adapter == "most";
    std::vector<FieldSpec> fields{{.name = "title", .chars_max = app::target_title_chars_max},
                                  {.name = "url", .required = true, .chars_max = text_chars_max}};
    if (most)
        fields.push_back({.name = "receipt_key",
                          .type = "file",
                          .required = connection_.receipt_key.empty(),
                          .accept = ".pem,.pub"});
    fields.push_back({.name = "authority", .type = "file", .accept = certificate_files});
    fields.push_back({.name = "client_authority", .type = "file", .accept = certificate_files});
    fields.push_back({.name = "secret", .type = "password", .autocomplete = "off", .chars_max = text_chars_max});
    if (!most) fields.push_back({.name = "secret_header", .chars_max = 64});
    if (most) fields.push_back({.name = "mapping", .type = "file", .accept = ".json"});
    fields.push_back(password_field);
    auto const header = connection_.secret_header.empty() ? "Authorization" : connection_.secret_header;
    form(part, "settings", fields, {{"title", connection_.title}, {"url", connection_.url}, {"secret_header", header}});
    if (may_write_) part["forms"].back()["multipart"] = true;
}

void Builder::key_form(json& part, std::string const& act)
{
    Options const kinds{{"ec-p256", say("key.ec-p256")}, {"rsa-3072", say("key.rsa-3072")}};
    form(part, act,
         {{.name = "kind", .type = "select", .required = true, .options = kinds},
          {.name = "organization", .required = true, .chars_max = 64}},
         {{"organization", say("key.organization", {services_.settings.province_name})}});
}

void Builder::key(json& part)
{
    if (view_.current) fact(part, "made_at", show_moment(request_, view_.current->made_at));
    if (!view_.current || view_.current->chain.empty()) key_form(part, "key");
}

void Builder::certificate_facts(json& part, db::connections::Certificate const& certificate)
{
    fact(part, "subject", certificate.subject);
    fact(part, "issuer", certificate.issuer);
    if (certificate.valid_to)
        fact(part, "valid_to",
             say("until", {show_date(request_, to_iso(vietnam_date(*certificate.valid_to))),
                           std::to_string(days_between(vietnam_date(now_), vietnam_date(*certificate.valid_to)))}));
    fact(part, "fingerprint", certificate.fingerprint);
    fact(part, "checked_at", moment(certificate.checked_at));
    auto const faults = json::parse(certificate.faults.empty() ? "[]" : certificate.faults, nullptr, false);
    for (auto const& fault : faults) part["faults"].push_back(say_error(fault));
    if (certificate.good()) part["good"] = say("preflight_good");
}

void Builder::chain(json& part, std::optional<db::connections::Certificate> const& certificate)
{
    if (!certificate) return;
    json const slot = json::array({{{"name", "slot"}, {"value", certificate->slot}}});
    bool const issued = !certificate->chain.empty();
    if (issued) {
        certificate_facts(part, *certificate);
        form(part, "preflight", {}, {}, slot);
    }
    bool const next = certificate->slot == "next";
    if (next ? issued && certificate->good() : connection_.stage == "live") return;
    part["links"].push_back(
        {{"url", connection_url(connection_.target) + (next ? "/csr?slot=next" : "/csr")}, {"text", say("csr")}});
    form(part, "chain", {{.name = "file", .type = "file", .required = true, .accept = certificate_files}}, {}, slot);
    if (may_write_) part["forms"].back()["multipart"] = true;
}

void Builder::peer_facts(json& part, json const& peer)
{
    fact(part, "portal_subject", peer.value("subject", ""));
    fact(part, "portal_issuer", peer.value("issuer", ""));
    if (auto const until = parse_time(peer.value("not_after", "")))
        fact(part, "portal_valid_to",
             say("until", {show_date(request_, to_iso(vietnam_date(until->at))),
                           std::to_string(days_between(vietnam_date(now_), vietnam_date(until->at)))}));
    fact(part, "portal_key", peer.value("spki_sha256", ""));
}

void Builder::tried(json& part, std::string const& kind)
{
    auto const* const check = view_.check(kind);
    json const hidden = json::array({{{"name", "kind"}, {"value", kind}}});
    if (check != nullptr && check->state != "done") {
        part["waiting"] = say(
            check->state == "asked" && now_ - check->asked_at > std::chrono::seconds{30} ? "nobody_takes" : "waiting");
        return;
    }
    if (check != nullptr) {
        auto const outcome = json::parse(check->outcome.empty() ? "{}" : check->outcome, nullptr, false);
        fact(part, "tried_at", moment(check->done_at));
        if (check->stale) part["faults"].push_back(say("stale"));
        if (outcome.contains("error")) part["faults"].push_back(say_error(outcome["error"]));
        if (check->passed()) part["good"] = say("good." + kind);
        if (outcome.contains("peer")) peer_facts(part, outcome["peer"]);
        if (outcome.contains("skew_seconds"))
            fact(part, "skew", say("seconds", {std::to_string(outcome["skew_seconds"].get<std::int64_t>())}));
    }
    form(part, "check", {}, {}, hidden);
    if (may_write_) part["forms"].back()["button"] = say(check == nullptr ? "try." + kind : "try_again");
}

void Builder::dry_run(json& part)
{
    tried(part, "dry_run");
    auto const* const check = view_.check("dry_run");
    if (check == nullptr || check->state != "done") return;
    auto const outcome = json::parse(check->outcome.empty() ? "{}" : check->outcome, nullptr, false);
    if (!outcome.contains("ready")) return;
    auto const count = [&](char const* name) { return show_count(request_, outcome.value(name, std::int64_t{0})); };
    fact(part, "ready_count", count("ready_count"));
    fact(part, "held_count", count("held_count"));
    auto const describe = [this](json const& record) {
        auto const hold = record.value("hold", "");
        auto const key = hold == "target" ? "province.connect.hold.target" : "delivery.hold." + hold;
        return json{{"what", text(services_, request_, "province.record." + record.value("type", ""))},
                    {"version", record.value("version", 0)},
                    {"name", record.value("name", "")},
                    {"request", record.value("method", "") + " " + record.value("path", "")},
                    {"body", record.value("body", "")},
                    {"why", hold.empty() ? "" : text(services_, request_, key)},
                    {"reason", record.value("reason", "")},
                    {"organization_url", "/province/organizations/" + record.value("organization_id", "")}};
    };
    for (auto const& record : outcome["ready"]) part["records"].push_back(describe(record));
    for (auto const& record : outcome["held"]) part["held"].push_back(describe(record));
    if (check->passed() && !connection_.reviewed_at) form(part, "review", {});
    fact(part, "reviewed_at", moment(connection_.reviewed_at));
}

void Builder::live(json& part)
{
    if (connection_.stage == "stopped") {
        form(part, "resume", {reason_field, password_field});
        return;
    }
    form(part, "live", {password_field});
}

void Builder::catalogues(json& part)
{
    if (connection_.adapter != "most") {
        part["good"] = say("no_catalogue");
        return;
    }
    bool const was_live = connection_.live_since.has_value() || view_.configured;
    if (!was_live) tried(part, "catalogues");
    auto const& state = view_.catalogues;
    if (state.sync.synced_at) fact(part, "synced_at", show_moment(request_, *state.sync.synced_at));
    for (auto const& catalogue : state.list) {
        auto const shown = catalogue_view(services_, request_, catalogue);
        part["facts"].push_back(
            {{"label", shown["name"]},
             {"value", catalogue.absent ? text(services_, request_, "catalogue.absent")
                                        : say("entries", {show_count(request_, catalogue.entries)})}});
    }
    if (state.gaps > 0) part["faults"].push_back(say("gaps", {show_count(request_, state.gaps)}));
    if (was_live || !state.list.empty())
        part["links"].push_back(
            {{"url", connection_url(connection_.target) + "/catalogues"}, {"text", say("catalogues")}});
}

/// A connection where nothing is sent may be taken away.
void Builder::remove(json& list)
{
    if (connection_.stage == "live") return;
    auto out = part("remove");
    out["folded"] = request_.form.get("act") != "remove";
    form(out, "remove", {reason_field, password_field}, {}, json::array(), true);
    if (may_write_) list.push_back(std::move(out));
}

json Builder::step(std::string const& name)
{
    auto out = part(name);
    if (name == "declaration") declaration(out);
    if (name == "settings") settings(out);
    if (name == "key") key(out);
    if (name == "chain") chain(out, view_.current);
    if (name == "handshake" || name == "sign_in") tried(out, name);
    if (name == "catalogue") catalogues(out);
    if (name == "dry_run") dry_run(out);
    if (name == "live") live(out);
    return out;
}

void Builder::rotation(json& part)
{
    if (!view_.next) {
        key_form(part, "key");
    } else {
        fact(part, "made_at", show_moment(request_, view_.next->made_at));
        chain(part, view_.next);
        if (!view_.next->chain.empty()) tried(part, "handshake_next");
        auto const* const check = view_.check("handshake_next");
        if (check != nullptr && check->passed() && view_.next->good()) form(part, "switch", {password_field});
        form(part, "drop_next", {}, {}, json::array(), true);
    }
    if (view_.old) {
        fact(part, "old_until",
             show_moment(request_, view_.old->retired_at.value_or(now_) + db::connections::retired_key_time));
        form(part, "switch_back", {password_field}, {}, json::array(), true);
    }
}

void Builder::pins(json& part)
{
    for (auto const& pin : connection_.pins) fact(part, "pin", pin);
    std::string seen;
    if (auto const* const check = view_.check("handshake"); check != nullptr && check->passed()) {
        auto const outcome = json::parse(check->outcome, nullptr, false);
        auto const peer = outcome.value("peer", json::object());
        seen = peer.value("spki_sha256", "");
        for (auto const& issuer : peer.value("issuers_spki_sha256", std::vector<std::string>{})) seen += "\n" + issuer;
    }
    if (view_.proposal) {
        part["waiting"] =
            say("pins_proposed", {view_.proposer.empty() ? "?" : view_.proposer,
                                  show_moment(request_, view_.proposal->proposed_at), view_.proposal->reason});
        for (auto const& pin : view_.proposal->pins) fact(part, "proposed_pin", pin);
        if (view_.proposal->proposed_by != request_.who.subject) form(part, "confirm_pins", {password_field});
        form(part, "drop_pins", {}, {}, json::array(), true);
        return;
    }
    form(part, "propose_pins", {{.name = "pins", .type = "textarea", .required = true}, reason_field, password_field},
         {{"pins", seen}});
}

json Builder::upkeep()
{
    auto out = json::array();
    bool const was_live = connection_.live_since.has_value();
    if (connection_.adapter == "most" && (was_live || view_.configured)) {
        auto entries = part("catalogue");
        catalogues(entries);
        entries["folded"] = view_.catalogues.gaps == 0;
        out.push_back(std::move(entries));
    }
    if (view_.configured) return out;
    if (!was_live && (!view_.current || view_.current->chain.empty())) {
        remove(out);
        return out;
    }
    if (was_live) {
        auto test = part("test");
        tried(test, "handshake");
        out.push_back(std::move(test));
        auto own = part("certificate");
        if (view_.current) certificate_facts(own, *view_.current);
        form(own, "preflight", {}, {}, json::array({{{"name", "slot"}, {"value", "current"}}}));
        out.push_back(std::move(own));
    }
    // What nobody is about to do lies folded, unless its form has just been refused.
    auto const act = request_.form.get("act");
    auto next = part("rotation");
    rotation(next);
    next["folded"] = !view_.next && !view_.old && act != "key";
    out.push_back(std::move(next));
    if (!was_live) {
        remove(out);
        return out;
    }
    auto pinned = part("pins");
    pins(pinned);
    pinned["folded"] = !view_.proposal && act != "propose_pins";
    out.push_back(std::move(pinned));
    if (connection_.stage != "live") {
        remove(out);
        return out;
    }
    auto stop = part("stop");
    stop["folded"] = act != "stop";
    form(stop, "stop", {reason_field, password_field}, {}, json::array(), true);
    out.push_back(std::move(stop));
    return out;
}

} // namespace

bool may_connect(Request const& request)
{
    return request.who.is_person() && request.who.may("sync:write", OrganizationId{});
}

std::string connection_url(std::string_view target) { return "/province/sync/connect/" + http::percent_encode(target); }

json stage_chip(Services const& services, Request const& request, app::ConnectionView const& view)
{
    auto const& connection = view.connection;
    bool const broken = connection.stage == "live" && !connection.problem.empty();
    auto const stage = broken ? std::string{"broken"} : connection.stage;
    bool const good = stage == "live";
    bool const bad = broken || stage == "stopped";
    return {{"tone", good ? "good" : (bad ? "bad" : "info")},
            {"icon", good ? "✓" : (bad ? "■" : "○")},
            {"text", text(services, request, "province.connect.stage." + stage)}};
}

json form_of(Services& services, Request const& request, std::string const& act, std::vector<FieldSpec> const& fields,
             json values, Error const* error)
{
    bool const sent = request.form.get("act") == act;
    if (sent && error != nullptr) values.update(request.form.to_json());
    FormView form{services, request, "province.connect.field", std::move(values), sent ? error : nullptr};
    for (auto const& field : fields) form.add(field);
    json view;
    form.put_into(view);
    // Several forms of a page have fields of one name.
    for (auto& field : view["fields"]) field["id"] = "f-" + act + "-" + field["name"].get<std::string>();
    return {{"act", act},
            {"button", text(services, request, "province.connect.act." + act)},
            {"fields", std::move(view["fields"])},
            {"hidden", json::array()},
            {"multipart", false},
            {"danger", false}};
}

json connection_page_view(Services& services, Request const& request, app::ConnectionView const& view,
                          Error const* error)
{
    auto const& connection = view.connection;
    Builder builder{services, request, view, error};
    auto steps = json::array();
    bool reached = false;
    int number = 0;
    for (auto const& step : app::steps_of(view, services.clock.now())) {
        auto part = builder.step(step.name);
        part["number"] = ++number;
        // While records go nothing is left to do. What needs nothing from anybody is done when its turn comes.
        bool const done = connection.stage == "live" || (step.done && !(reached && step.name == "catalogue"));
        part["done"] = done;
        part["current"] = !done && !reached;
        part["later"] = !done && reached;
        reached = reached || !done;
        steps.push_back(std::move(part));
    }
    json out{{"title", text(services, request, "province.connect.title_of",
                            {target_name(services, request, connection.target)})},
             {"section", "sync"},
             {"name", connection.target},
             {"here", connection_url(connection.target)},
             {"action", connection_url(connection.target)},
             {"configured", view.configured},
             {"live", connection.stage == "live"},
             {"status", stage_chip(services, request, view)},
             {"problem", ""},
             {"stopped", connection.stage == "stopped"
                             ? text(services, request, "province.connect.stopped", {connection.stop_reason})
                             : ""},
             {"live_since", connection.live_since ? show_moment(request, *connection.live_since) : ""},
             {"may_write", may_connect(request)},
             {"busy", view.is_busy()},
             {"steps", view.configured ? json::array() : std::move(steps)},
             {"parts", builder.upkeep()}};
    if (connection.stage == "live" && !connection.problem.empty()) {
        auto const problem = json::parse(connection.problem, nullptr, false);
        auto const values = problem.value("values", std::vector<std::string>{});
        out["problem"] = services.locale.text(request.language, problem.value("key", ""), values);
    }
    if (error != nullptr) out["errors"] = form_errors(services, request, *error);
    return out;
}

} // namespace nguon::server::pages::province
