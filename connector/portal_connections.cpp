#include "connector/portal_connections.hpp"

#include "connector/connection_checks.hpp"
#include "connector/make_target.hpp"
#include "core/runtime/log.hpp"
#include "db/targets.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

constexpr Duration forget_interval = std::chrono::hours{1};

nlohmann::json to_json(Error const& error) { return {{"key", error.key}, {"values", error.values}}; }

} // namespace

PortalConnections::PortalConnections(db::Database& database, Clock const& clock, std::shared_ptr<Sealer const> sealer,
                                     PortalConnectionOptions options)
    : database_{database}, clock_{clock}, sealer_{std::move(sealer)}, options_{std::move(options)}
{
}

TargetList PortalConnections::targets() const
{
    TargetList list;
    for (auto const& [name, served] : served_)
        if (served.target) list.push_back(served.target);
    return list;
}

net::awaitable<Result<PortalConnections::Stored>> PortalConnections::load(std::string target, std::string slot)
{
    auto work = [target, slot](db::Connection& c) -> Result<Stored> {
        auto const connection = db::connections::find(c, target);
        if (!connection) return not_found("connection.unknown");
        return Stored{*connection, db::connections::find_certificate(c, target, slot)};
    };
    co_return co_await database_.read(std::move(work));
}

Result<tls::ContextPtr> PortalConnections::make_context(Stored const& stored) const
{
    if (!stored.certificate || stored.certificate->chain.empty()) return invalid("connection.no_certificate");
    if (!sealer_) return invalid("sealed.no_key");
    auto const key =
        sealer_->unseal(stored.certificate->sealed_key, db::connections::key_purpose(stored.connection.target));
    if (!key) return key.error();
    tls::ClientTexts const texts{stored.certificate->chain, *key, stored.connection.authority, stored.connection.pins};
    return tls::make_client_context(texts);
}

Result<ConnectorTarget> PortalConnections::make(Stored const& stored) const
{
    auto const& connection = stored.connection;
    if (std::ranges::find(options_.configured, connection.target) != options_.configured.end())
        return conflict("connection.name_taken", {connection.target});
    TargetParts parts;
    parts.name = connection.target;
    parts.adapter = connection.adapter;
    parts.title = connection.title;
    parts.url = connection.url;
    if (!connection.secret_header.empty()) parts.secret_header = connection.secret_header;
    parts.mapping = connection.mapping;
    parts.public_url = options_.public_url;
    auto context = make_context(stored);
    if (!context) return context.error();
    parts.tls = *std::move(context);
    if (!connection.sealed_secret.empty()) {
        auto secret = sealer_->unseal(connection.sealed_secret, db::connections::secret_purpose(connection.target));
        if (!secret) return secret.error();
        parts.client_secret = *std::move(secret);
    }
    if (!connection.receipt_key.empty())
        if (auto const added = parts.receipt_keys.add_pem(connection.receipt_key); !added) return added.error();
    return make_target(std::move(parts));
}

net::awaitable<void> PortalConnections::note_problem(db::connections::PortalConnection connection, Error const* problem)
{
    auto const& target = connection.target;
    auto const text = problem == nullptr ? std::string{} : to_json(*problem).dump();
    if (problem != nullptr) log::warning("a connection cannot be used", {{"target", target}, {"key", problem->key}});
    db::targets::TargetState state;
    state.target = target;
    state.state = "stopped_setup";
    state.detail = problem == nullptr ? "" : problem->key;
    state.changed_at = clock_.now();
    auto row = target_row(target, connection.adapter, connection.title);
    row.since = state.changed_at;
    bool const is_ours = std::ranges::find(options_.configured, target) == options_.configured.end();
    auto work = [text, state, row, stands = is_ours && problem != nullptr](db::Connection& c) -> Status {
        db::connections::set_problem(c, state.target, text);
        if (!stands) return Done{};
        // It is live, so what waits for it counts, and its state is not that of the last good day.
        db::targets::put(c, row);
        db::targets::put_state(c, state);
        return Done{};
    };
    if (auto const noted = co_await database_.write_unseen(std::move(work)); !noted)
        log::warning("the state of a connection was not stored", {{"key", noted.error().key}});
}

net::awaitable<bool> PortalConnections::serve(db::connections::LiveRevision revision, Change& change)
{
    auto const name = revision.target;
    auto const known = served_.find(name);
    bool const is_known = known != served_.end();
    bool const swaps = is_known && known->second.target && known->second.revision.settings == revision.settings;
    auto const stored = co_await load(name, "current");
    if (!stored) co_return false; // again at the next look
    if (swaps) {
        auto context = make_context(*stored);
        co_await note_problem(stored->connection, context ? nullptr : &context.error());
        served_[name].revision = revision;
        if (!context) {
            served_[name].target = nullptr;
            co_return true;
        }
        served_[name].target->tls->set(*std::move(context));
        change.swapped.push_back(name);
        co_return false;
    }
    auto made = make(*stored);
    co_await note_problem(stored->connection, made ? nullptr : &made.error());
    bool const was_served = is_known && known->second.target;
    auto target = made ? std::make_shared<ConnectorTarget>(*std::move(made)) : nullptr;
    bool const is_served = target != nullptr;
    served_[name] = Served{revision, std::move(target)};
    co_return was_served || is_served;
}

net::awaitable<TargetSource::Change> PortalConnections::look()
{
    Change change;
    auto work = [](db::Connection& c) -> Result<std::vector<db::connections::LiveRevision>> {
        return db::connections::live(c);
    };
    auto const live = co_await database_.read(std::move(work));
    if (!live) co_return change;
    for (auto at = served_.begin(); at != served_.end();) {
        bool const stays = std::ranges::find(*live, at->first, &db::connections::LiveRevision::target) != live->end();
        if (!stays) change.list = at->second.target != nullptr || change.list;
        at = stays ? std::next(at) : served_.erase(at);
    }
    for (auto const& revision : *live) {
        auto const known = served_.find(revision.target);
        if (known != served_.end() && known->second.revision == revision) continue;
        bool const other = co_await serve(revision, change);
        change.list = change.list || other;
    }
    co_return change;
}

net::awaitable<void> PortalConnections::begin()
{
    auto work = [](db::Connection& c) -> Status {
        db::connections::ask_again(c);
        return Done{};
    };
    if (auto const begun = co_await database_.write_unseen(std::move(work)); !begun)
        log::warning("checks of connections do not go on", {{"key", begun.error().key}});
}

net::awaitable<void> PortalConnections::forget_old()
{
    auto const now = clock_.now();
    if (now - forgotten_at_ < forget_interval) co_return;
    auto work = [before = now - db::connections::retired_key_time](db::Connection& c) -> Status {
        db::connections::forget_old_certificates(c, before);
        return Done{};
    };
    if (co_await database_.write_unseen(std::move(work))) forgotten_at_ = now;
}

net::awaitable<void> PortalConnections::run_checks()
{
    co_await forget_old();
    while (true) {
        auto waits = [](db::Connection& c) -> Result<bool> { return db::connections::has_asked(c); };
        auto const some = co_await database_.read(std::move(waits));
        if (!some || !*some) co_return;
        auto work = [](db::Connection& c) -> Result<std::optional<db::connections::Check>> {
            return db::connections::take_asked(c);
        };
        auto const check = co_await database_.write_unseen(std::move(work));
        if (!check || !*check) co_return;
        co_await run_check(**check);
    }
}

net::awaitable<void> PortalConnections::run_check(db::connections::Check check)
{
    auto const stored = co_await load(check.target, check.kind == "handshake_next" ? "next" : "current");
    CheckOutcome outcome;
    if (!stored) {
        outcome = CheckOutcome{false, {{"error", to_json(stored.error())}}};
    } else if (auto made = make(*stored); !made) {
        outcome = CheckOutcome{false, {{"error", to_json(made.error())}}};
    } else if (check.kind == "dry_run") {
        outcome = co_await try_dry_run(database_, *std::move(made), clock_.now());
    } else if (check.kind == "catalogues") {
        outcome = co_await try_catalogues(database_, *std::move(made), clock_);
    } else if (check.kind == "sign_in") {
        outcome = co_await try_sign_in(*std::move(made), clock_);
    } else {
        outcome = co_await try_handshake(*std::move(made));
    }
    auto work = [id = check.id, good = outcome.good, text = outcome.detail.dump(),
                 now = clock_.now()](db::Connection& c) -> Status {
        db::connections::finish(c, id, good, text, now);
        return Done{};
    };
    auto const stored_outcome = co_await database_.write_unseen(std::move(work));
    log::info("a connection was tried", {{"target", check.target}, {"kind", check.kind}, {"good", outcome.good}});
    if (!stored_outcome)
        log::warning("what came of it was not stored", {{"target", check.target}, {"key", stored_outcome.error().key}});
}

} // namespace nguon::connector
