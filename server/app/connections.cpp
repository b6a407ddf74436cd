#include "server/app/connections.hpp"

#include "core/fold.hpp"
#include "core/http/uri.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"
#include "db/people.hpp"
#include "server/app/connection_change.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::size_t name_chars_min = 2;
constexpr std::size_t name_chars_max = 32;
constexpr std::size_t text_chars_max = 200;
constexpr std::int64_t checks_shown = 20;
constexpr std::array check_kinds{"handshake", "handshake_next", "sign_in", "catalogues", "dry_run"};

bool is_name(std::string_view text)
{
    return text.size() >= name_chars_min && text.size() <= name_chars_max && text.front() != '-' &&
           std::ranges::all_of(text,
                               [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_url(std::string_view text)
{
    auto const url = http::parse_url(text);
    return text.size() <= text_chars_max && url && url->secure && url->path.find_first_of("?#") == std::string::npos;
}

bool is_header_name(std::string_view text)
{
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

/// Whether the portal is of this machine: practice, or a tunnel that the operator made.
bool is_practice(std::string const& url)
{
    auto const parsed = http::parse_url(url);
    return parsed && (parsed->host == "localhost" || parsed->host.starts_with("127.") || parsed->host == "::1");
}

void add_parts(db::Connection& c, ConnectionView& view)
{
    auto const& target = view.connection.target;
    view.current = db::connections::find_certificate(c, target, "current");
    view.next = db::connections::find_certificate(c, target, "next");
    view.old = db::connections::find_certificate(c, target, "old");
    view.proposal = db::connections::find_proposal(c, target);
    if (view.proposal)
        if (auto const person = db::people::find(c, PersonId{view.proposal->proposed_by})) view.proposer = person->name;
    view.checks = db::connections::checks(c, target, checks_shown);
}

std::string faults_of(tls::ChainReport const& report)
{
    auto list = nlohmann::json::array();
    for (auto const& fault : report.faults) list.push_back({{"key", fault.key}, {"values", fault.values}});
    return list.dump();
}

void put_report(db::connections::Certificate& certificate, tls::ChainReport const& report, Instant at)
{
    certificate.subject = report.own.subject;
    certificate.issuer = report.own.issuer;
    certificate.fingerprint = report.own.sha256;
    certificate.valid_from = report.own.not_before;
    certificate.valid_to = report.own.not_after;
    certificate.faults = faults_of(report);
    certificate.checked_at = at;
}

/// The same key pair still stands in its slot.
bool is_same(std::optional<db::connections::Certificate> const& now, db::connections::Certificate const& then)
{
    return now && now->sealed_key == then.sealed_key;
}

} // namespace

db::connections::Check const* ConnectionView::check(std::string_view kind) const
{
    auto const found = std::ranges::find(checks, kind, &db::connections::Check::kind);
    return found == checks.end() ? nullptr : &*found;
}

bool ConnectionView::is_busy() const
{
    return catalogues.sync.asked_at ||
           std::ranges::any_of(checks, [](auto const& check) { return check.state != "done"; });
}

std::vector<ConnectionStep> steps_of(ConnectionView const& view, Instant now)
{
    auto const& connection = view.connection;
    auto const passed = [&view](std::string_view kind) {
        auto const* const check = view.check(kind);
        return check != nullptr && check->passed();
    };
    bool const live = connection.stage == "live";
    bool const most = connection.adapter == "most";
    auto const checked =
        view.current && view.current->good() && (live || now - *view.current->checked_at < preflight_time);
    std::vector<ConnectionStep> steps{{"declaration", !connection.declaration_number.empty()},
                                      {"settings", !most || !connection.receipt_key.empty()},
                                      {"key", view.current.has_value()},
                                      {"chain", checked && !view.current->chain.empty()},
                                      {"handshake", passed("handshake")}};
    if (most) steps.push_back({"sign_in", passed("sign_in")});
    // A repository of events has none. Of a portal that records went to they were fetched before, and are each day.
    bool const was_live = connection.stage == "live" || connection.stage == "stopped";
    bool const fetched = passed("catalogues") || (was_live && view.catalogues.sync.synced_at);
    steps.push_back({"catalogue", !most || fetched});
    // Of a portal that records went to, nobody need look at ten of them again.
    bool const reviewed = passed("dry_run") && connection.reviewed_at.has_value();
    steps.push_back({"dry_run", connection.stage == "stopped" || reviewed});
    steps.push_back({"live", live});
    return steps;
}

std::vector<ConnectionView> list_connections(db::Connection& c)
{
    std::vector<ConnectionView> out;
    auto const states = db::targets::states(c);
    for (auto& connection : db::connections::list(c)) {
        auto& view = out.emplace_back();
        view.connection = std::move(connection);
        add_parts(c, view);
    }
    for (auto const& target : db::targets::list(c)) {
        // Of a connection that was removed only the evidence is left.
        if (!target.enabled) continue;
        bool const known =
            std::ranges::any_of(out, [&target](auto const& view) { return view.connection.target == target.name; });
        if (known) continue;
        auto& view = out.emplace_back();
        view.configured = true;
        view.connection.target = target.name;
        view.connection.title = target.title;
        view.connection.adapter = target.adapter;
        view.connection.stage = "live";
    }
    for (auto& view : out) {
        auto const seen = std::ranges::find(states, view.connection.target, &db::targets::TargetState::target);
        if (seen != states.end()) view.seen = *seen;
        view.catalogues = catalogues_state(c, view.connection.target);
    }
    std::ranges::sort(out, {}, [](auto const& view) { return view.connection.target; });
    return out;
}

Result<ConnectionView> find_connection(db::Connection& c, std::string const& target)
{
    auto all = list_connections(c);
    auto const found = std::ranges::find(all, target, [](auto const& view) { return view.connection.target; });
    if (found == all.end()) return not_found("connection.unknown");
    return std::move(*found);
}

Status create_connection(db::Connection& c, Actor const& actor, NewConnection const& wanted)
{
    std::vector<FieldError> faults;
    if (!is_name(wanted.target)) faults.push_back({"target", "connection.name", {}});
    if (wanted.adapter != "most" && wanted.adapter != "epcis") faults.push_back({"adapter", "connection.adapter", {}});
    if (!is_url(wanted.url)) faults.push_back({"url", "connection.url", {}});
    auto const title = clean_text(wanted.title, target_title_chars_max);
    if (!title) faults.push_back({"title", title.error().key, title.error().values});
    if (!faults.empty()) return invalid_fields(std::move(faults));
    if (db::connections::list(c).size() >= limits::portal_connections_max)
        return conflict("connection.too_many", {std::to_string(limits::portal_connections_max)});
    db::connections::PortalConnection connection;
    connection.target = wanted.target;
    connection.adapter = wanted.adapter;
    connection.title = *title;
    connection.url = wanted.url;
    connection.changed_at = actor.at;
    connection.changed_by = actor.subject;
    if (auto inserted = db::connections::insert(c, connection); !inserted) return inserted;
    note_connection(c, actor, "create", wanted.target, {{"adapter", wanted.adapter}, {"url", wanted.url}});
    return Done{};
}

Status declare_conformity(db::Connection& c, Actor const& actor, std::string const& target,
                          Declaration const& declaration)
{
    std::vector<FieldError> faults;
    auto const text = [&faults](char const* field, std::string const& value) {
        auto clean = clean_text(value, text_chars_max);
        if (!clean) faults.push_back({field, clean.error().key, clean.error().values});
        if (clean && clean->empty()) faults.push_back({field, "field.required", {}});
        return clean.value_or({});
    };
    auto const number = text("number", declaration.number);
    auto const standard = text("standard", declaration.standard);
    auto const date = parse_date(declaration.date);
    if (!date)
        faults.push_back({"date", date.error().key, date.error().values});
    else if (*date > vietnam_date(actor.at))
        faults.push_back({"date", "connection.declared_in_future", {}});
    if (!faults.empty()) return invalid_fields(std::move(faults));
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    connection->declaration_number = number;
    connection->declaration_standard = standard;
    connection->declaration_date = to_iso(*date);
    return save_connection(c, actor, *connection, "declare", {{"number", number}});
}

namespace {

/// Faults of what was given, by field.
std::vector<FieldError> check_given(ConnectionSettings const& settings)
{
    std::vector<FieldError> faults;
    auto const take = [&faults](char const* field, auto const& result) {
        if (!result) faults.push_back({field, result.error().key, result.error().values});
    };
    if (!is_url(settings.url)) faults.push_back({"url", "connection.url", {}});
    take("title", clean_text(settings.title, target_title_chars_max));
    if (settings.secret_header && !is_header_name(*settings.secret_header))
        faults.push_back({"secret_header", "connection.secret_header", {}});
    if (settings.authority) take("authority", tls::read_authorities(*settings.authority));
    if (settings.client_authority) take("client_authority", tls::read_authorities(*settings.client_authority));
    if (settings.receipt_key) take("receipt_key", tls::check_receipt_key(*settings.receipt_key));
    if (settings.mapping) {
        bool const fits = settings.mapping->size() <= limits::mapping_bytes_max;
        auto const parsed =
            fits ? parse_json(*settings.mapping) : Result<nlohmann::json>{invalid("connection.mapping")};
        if (!parsed || !parsed->is_object()) faults.push_back({"mapping", "connection.mapping", {}});
    }
    return faults;
}

} // namespace

Status change_settings(db::Connection& c, Actor const& actor, std::string const& target,
                       ConnectionSettings const& settings)
{
    auto found = editable_connection(c, target);
    if (!found) return found.error();
    auto& connection = *found;
    auto faults = check_given(settings);
    bool const needs_key = connection.adapter == "most" && connection.receipt_key.empty() && !settings.receipt_key;
    if (needs_key) faults.push_back({"receipt_key", "connection.receipt_key_needed", {}});
    if (!faults.empty()) return invalid_fields(std::move(faults));
    bool const moved = connection.url != settings.url;
    connection.url = settings.url;
    connection.title = clean_text(settings.title, target_title_chars_max).value_or({});
    if (settings.secret_header) connection.secret_header = *settings.secret_header;
    if (settings.sealed_secret) connection.sealed_secret = *settings.sealed_secret;
    if (settings.authority) connection.authority = *settings.authority;
    if (settings.client_authority) connection.client_authority = *settings.client_authority;
    if (settings.receipt_key) connection.receipt_key = *settings.receipt_key;
    if (settings.mapping) connection.mapping = *settings.mapping;
    ++connection.settings_revision;
    begin_anew(c, connection);
    if (moved || connection.stage == "checked") set_aside(c, connection, "draft");
    return save_connection(c, actor, connection, "settings", {{"url", settings.url}, {"moved", moved}});
}

std::string slot_of_new_key(ConnectionView const& view)
{
    return view.current && !view.current->chain.empty() ? "next" : "current";
}

Status add_key_pair(db::Connection& c, Actor const& actor, std::string const& target, NewKeyPair const& made)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    auto const view = find_connection(c, target);
    if (!view) return view.error();
    if (slot_of_new_key(*view) != made.slot) return conflict("connection.changed_meanwhile");
    db::connections::Certificate certificate;
    certificate.target = target;
    certificate.slot = made.slot;
    certificate.sealed_key = made.sealed_key;
    certificate.request = made.request;
    certificate.made_at = actor.at;
    certificate.made_by = actor.subject;
    db::connections::put_certificate(c, certificate);
    db::connections::make_stale(c, target, made.slot == "next" ? "handshake_next" : "");
    return save_connection(c, actor, *connection, "key", {{"slot", made.slot}});
}

tls::ChainReport preflight(Sealer const& sealer, ConnectionView const& view,
                           db::connections::Certificate const& certificate, std::string const& chain, Instant now)
{
    auto const key = sealer.unseal(certificate.sealed_key, db::connections::key_purpose(certificate.target));
    if (!key) return {{}, {key.error()}};
    auto const& connection = view.connection;
    tls::ChainRules rules;
    rules.authority = connection.client_authority.empty() ? connection.authority : connection.client_authority;
    rules.practice_host = is_practice(connection.url);
    rules.now = now;
    return tls::check_chain(chain.empty() ? certificate.chain : chain, *key, rules);
}

Status store_chain(db::Connection& c, Actor const& actor, db::connections::Certificate const& certificate,
                   std::string const& chain, tls::ChainReport const& report)
{
    auto connection = editable_connection(c, certificate.target);
    if (!connection) return connection.error();
    auto stored = db::connections::find_certificate(c, certificate.target, certificate.slot);
    if (!is_same(stored, certificate)) return conflict("connection.changed_meanwhile");
    bool const current = certificate.slot == "current";
    if (current && connection->stage == "live") return conflict("connection.in_use");
    stored->chain = chain;
    put_report(*stored, report, actor.at);
    db::connections::put_certificate(c, *stored);
    db::connections::make_stale(c, certificate.target, current ? "" : "handshake_next");
    if (current) ++connection->certificate_revision;
    return save_connection(c, actor, *connection, "chain",
                           {{"slot", certificate.slot}, {"fingerprint", stored->fingerprint}});
}

Status store_preflight(db::Connection& c, Actor const& actor, db::connections::Certificate const& certificate,
                       tls::ChainReport const& report)
{
    auto connection = editable_connection(c, certificate.target);
    if (!connection) return connection.error();
    auto stored = db::connections::find_certificate(c, certificate.target, certificate.slot);
    if (!is_same(stored, certificate)) return conflict("connection.changed_meanwhile");
    stored->faults = faults_of(report);
    stored->checked_at = actor.at;
    db::connections::put_certificate(c, *stored);
    return save_connection(c, actor, *connection, "preflight", {{"slot", certificate.slot}, {"good", report.good()}});
}

Status ask_check(db::Connection& c, Actor const& actor, std::string const& target, std::string const& kind)
{
    if (std::ranges::find(check_kinds, kind) == check_kinds.end()) return invalid("connection.check_kind");
    if (kind == "catalogues") {
        auto const view = find_connection(c, target);
        if (!view) return view.error();
        if (view->connection.adapter != "most") return conflict("connection.no_catalogues");
        // Where records go, whoever sends them fetches; before that it is one of the things that are tried.
        if (view->connection.stage == "live") return ask_catalogues(c, actor, target);
    }
    auto const connection = editable_connection(c, target);
    if (!connection) return connection.error();
    auto const certificate =
        db::connections::find_certificate(c, target, kind == "handshake_next" ? "next" : "current");
    if (!certificate || certificate->chain.empty()) return conflict("connection.no_certificate");
    db::connections::Check check;
    check.target = target;
    check.kind = kind;
    check.asked_at = actor.at;
    check.asked_by = actor.subject;
    if (auto asked = db::connections::ask(c, check); !asked) return asked;
    note_connection(c, actor, "check", target, {{"kind", kind}});
    return Done{};
}

} // namespace nguon::server::app
