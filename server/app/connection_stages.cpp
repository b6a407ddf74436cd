#include "core/bytes.hpp"
#include "core/fold.hpp"
#include "server/app/connection_change.hpp"
#include "server/app/connections.hpp"

#include <algorithm>
#include <sstream>

#include <nlohmann/json.hpp>

/// Beginning, stopping, switching certificates and changing pins.
namespace nguon::server::app {
namespace {

constexpr std::size_t pins_min = 2;
constexpr std::size_t pins_max = 10;
constexpr std::size_t reason_chars_max = 300;

Result<std::string> read_reason(std::string const& typed)
{
    auto reason = clean_text(typed, reason_chars_max);
    if (!reason) return invalid_fields({{"reason", reason.error().key, reason.error().values}});
    if (reason->empty()) return invalid_fields({{"reason", "decision.reason_missing", {}}});
    return reason;
}

/// Which step is not done; the last one, "live", does not count.
Status check_ready(db::Connection& c, std::string const& target, Instant now)
{
    auto const view = find_connection(c, target);
    if (!view) return view.error();
    int number = 0;
    for (auto const& step : steps_of(*view, now)) {
        ++number;
        if (!step.done && step.name != "live") return conflict("connection.not_ready", {std::to_string(number)});
    }
    return Done{};
}

/// One pin a line, spaces and blank lines left out, each once.
Result<std::vector<std::string>> read_pins(std::string const& text)
{
    std::vector<std::string> pins;
    std::istringstream in{text};
    for (std::string word; in >> word;) {
        auto const raw = tls::read_pin(word);
        if (!raw) return invalid_fields({{"pins", raw.error().key, {word.substr(0, 80)}}});
        auto pin = to_hex(*raw);
        if (std::ranges::find(pins, pin) == pins.end()) pins.push_back(std::move(pin));
    }
    if (pins.size() < pins_min || pins.size() > pins_max)
        return invalid_fields({{"pins", "connection.pins_few", {std::to_string(pins_min)}}});
    return pins;
}

/// Whether a portal that showed these keys at the last handshake would pass: pins that cut the connection are a
/// mistake.
bool fit_portal(db::connections::Check const* handshake, std::vector<std::string> const& pins)
{
    if (handshake == nullptr || !handshake->passed()) return true;
    auto const outcome = nlohmann::json::parse(handshake->outcome, nullptr, false);
    auto const peer = outcome.value("peer", nlohmann::json::object());
    auto seen = peer.value("issuers_spki_sha256", std::vector<std::string>{});
    seen.push_back(peer.value("spki_sha256", ""));
    return std::ranges::any_of(seen, [&pins](auto const& key) { return std::ranges::find(pins, key) != pins.end(); });
}

} // namespace

Status review_dry_run(db::Connection& c, Actor const& actor, std::string const& target)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    auto const view = find_connection(c, target);
    auto const* const check = view ? view->check("dry_run") : nullptr;
    if (check == nullptr || !check->passed()) return conflict("connection.no_dry_run");
    connection->reviewed_at = actor.at;
    connection->reviewed_by = actor.subject;
    if (connection->stage == "draft") connection->stage = "checked";
    return save_connection(c, actor, *connection, "review", {{"check", check->id}});
}

Status go_live(db::Connection& c, Actor const& actor, std::string const& target)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    if (auto ready = check_ready(c, target, actor.at); !ready) return ready;
    connection->stage = "live";
    if (!connection->live_since) connection->live_since = actor.at;
    ++connection->settings_revision;
    return save_connection(c, actor, *connection, "live", {{"url", connection->url}});
}

Status stop_connection(db::Connection& c, Actor const& actor, std::string const& target, std::string const& typed)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    if (connection->stage != "live") return conflict("connection.not_live");
    auto const reason = read_reason(typed);
    if (!reason) return reason.error();
    connection->stop_reason = *reason;
    set_aside(c, *connection, "stopped");
    return save_connection(c, actor, *connection, "stop", {{"reason", *reason}});
}

Status resume_connection(db::Connection& c, Actor const& actor, std::string const& target, std::string const& typed)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    if (connection->stage != "stopped") return conflict("connection.not_stopped");
    auto const reason = read_reason(typed);
    if (!reason) return reason.error();
    // It went before; whatever has been changed since was tried since.
    if (auto ready = check_ready(c, target, actor.at); !ready) return ready;
    connection->stage = "live";
    connection->stop_reason.clear();
    ++connection->settings_revision;
    return save_connection(c, actor, *connection, "resume", {{"reason", *reason}});
}

Status remove_connection(db::Connection& c, Actor const& actor, std::string const& target, std::string const& typed)
{
    auto const connection = editable_connection(c, target);
    if (!connection) return connection.error();
    auto const reason = read_reason(typed);
    if (!reason) return reason.error();
    if (connection->stage == "live") return conflict("connection.still_live");
    if (auto const open = db::connections::count_open(c, target); open > 0)
        return conflict("connection.not_finished", {std::to_string(open)});
    db::connections::remove(c, target);
    note_connection(c, actor, "remove", target,
                    {{"reason", *reason}, {"url", connection->url}, {"adapter", connection->adapter}});
    return Done{};
}

Status switch_certificate(db::Connection& c, Actor const& actor, std::string const& target)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    auto const view = find_connection(c, target);
    auto const* const check = view ? view->check("handshake_next") : nullptr;
    bool const ready = check != nullptr && check->passed() && view->next && view->next->good() &&
                       actor.at - *view->next->checked_at < preflight_time;
    if (!ready) return conflict("connection.next_not_ready");
    db::connections::remove_certificate(c, target, "old");
    db::connections::move_certificate(c, target, "current", "old", actor.at);
    db::connections::move_certificate(c, target, "next", "current", {});
    db::connections::make_stale(c, target, "handshake_next");
    ++connection->certificate_revision;
    return save_connection(c, actor, *connection, "switch", {{"fingerprint", view->next->fingerprint}});
}

Status switch_back(db::Connection& c, Actor const& actor, std::string const& target)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    auto const old = db::connections::find_certificate(c, target, "old");
    bool const there = old && old->valid_to && *old->valid_to > actor.at &&
                       actor.at - old->retired_at.value_or(actor.at) < db::connections::retired_key_time;
    if (!there) return conflict("connection.no_old_certificate");
    db::connections::remove_certificate(c, target, "next");
    db::connections::move_certificate(c, target, "current", "next", {});
    db::connections::move_certificate(c, target, "old", "current", {});
    db::connections::make_stale(c, target, "handshake_next");
    ++connection->certificate_revision;
    return save_connection(c, actor, *connection, "switch_back", {{"fingerprint", old->fingerprint}});
}

Status drop_next(db::Connection& c, Actor const& actor, std::string const& target)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    db::connections::remove_certificate(c, target, "next");
    db::connections::make_stale(c, target, "handshake_next");
    return save_connection(c, actor, *connection, "drop_next", nlohmann::json::object());
}

Status propose_pins(db::Connection& c, Actor const& actor, std::string const& target, std::string const& typed,
                    std::string const& typed_reason)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    auto const reason = read_reason(typed_reason);
    if (!reason) return reason.error();
    auto const pins = read_pins(typed);
    if (!pins) return pins.error();
    auto const view = find_connection(c, target);
    if (!view || !fit_portal(view->check("handshake"), *pins))
        return invalid_fields({{"pins", "connection.pins_miss", {}}});
    db::connections::PinProposal const proposal{*pins, *reason, actor.at, actor.subject};
    db::connections::put_proposal(c, target, proposal);
    return save_connection(c, actor, *connection, "propose_pins", {{"pins", *pins}, {"reason", *reason}});
}

Status confirm_pins(db::Connection& c, Actor const& actor, std::string const& target)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    auto const proposal = db::connections::find_proposal(c, target);
    if (!proposal) return conflict("connection.no_proposal");
    if (proposal->proposed_by == actor.subject) return forbidden("connection.second_person");
    connection->pins = proposal->pins;
    // New connections are judged by them at once; what was tried before was not.
    ++connection->certificate_revision;
    db::connections::make_stale(c, target);
    db::connections::remove_proposal(c, target);
    return save_connection(c, actor, *connection, "confirm_pins",
                           {{"pins", proposal->pins}, {"proposed_by", proposal->proposed_by}});
}

Status drop_pins(db::Connection& c, Actor const& actor, std::string const& target)
{
    auto connection = editable_connection(c, target);
    if (!connection) return connection.error();
    if (!db::connections::find_proposal(c, target)) return conflict("connection.no_proposal");
    db::connections::remove_proposal(c, target);
    return save_connection(c, actor, *connection, "drop_pins", nlohmann::json::object());
}

} // namespace nguon::server::app
