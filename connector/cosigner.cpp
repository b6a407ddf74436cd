#include "connector/cosigner.hpp"

#include "connector/outbox_store.hpp"
#include "connector/sleep.hpp"
#include "core/bytes.hpp"
#include "core/checkpoint.hpp"
#include "core/runtime/log.hpp"
#include "db/delivery_log.hpp"
#include "db/leases.hpp"

#include <charconv>

namespace nguon::connector {

namespace {

constexpr std::chrono::seconds look_time{60};
constexpr int offers_max = 2; // the second with the size that the witness named

http::ClientLimits witness_limits()
{
    http::ClientLimits limits;
    limits.total_time = std::chrono::seconds{20};
    limits.body_bytes_max = 16U * 1024;
    return limits;
}

} // namespace

Result<WitnessSettings> make_witness_settings(std::string const& url, std::string const& key,
                                              std::filesystem::path const& authority)
{
    auto const address = http::parse_url(url);
    if (!address || address->path.find_first_of("?#") != std::string::npos) return invalid("witness.url", {url});
    auto verifier = NoteVerifier::read(key);
    if (!verifier || verifier->kind() != NoteKind::cosignature) return invalid("witness.key", {key});
    WitnessSettings settings{*address, nullptr, *std::move(verifier)};
    while (settings.url.path.ends_with('/')) settings.url.path.pop_back();
    if (!address->secure) return settings;
    tls::ClientFiles files;
    files.authority = authority;
    auto context = tls::make_client_context(files);
    if (!context) return context.error();
    settings.tls = std::make_shared<tls::ContextSlot>(*std::move(context));
    return settings;
}

Cosigner::Cosigner(net::any_io_executor executor, WitnessSettings const& settings, db::Database& database,
                   Metrics* metrics, std::int64_t epoch)
    : settings_{settings}, database_{database}, metrics_{metrics}, epoch_{epoch}, client_{std::move(executor),
                                                                                          settings.url, settings.tls,
                                                                                          witness_limits()}
{
}

net::awaitable<void> Cosigner::run(net::steady_timer& timer)
{
    while (!stopping_) {
        co_await show_newest();
        if (!stopping_) co_await sleep_on(timer, look_time);
    }
}

net::awaitable<void> Cosigner::show_newest()
{
    for (int tries = 0; tries < offers_max; ++tries) {
        auto const prepared = co_await prepare();
        if (!prepared || prepared->body.empty()) co_return;
        if (!co_await offer(*prepared)) co_return;
    }
    complain("the witness remembers another history of the delivery log");
}

net::awaitable<Result<Cosigner::Offer>> Cosigner::prepare()
{
    auto look = [known = known_, key = settings_.key](db::Connection& c) -> Result<Offer> {
        auto const newest = db::delivery_log::newest_checkpoint(c);
        if (!newest || key.open(newest->note)) return Offer{};
        Offer offer{newest->size, newest->note, "old " + std::to_string(known) + "\n"};
        if (known > 0 && known < newest->size)
            for (auto const& hash : db::delivery_log::consistency_proof(c, known, newest->size))
                offer.body += to_base64(hash) + "\n";
        offer.body += "\n" + newest->note;
        return offer;
    };
    co_return co_await database_.read(std::move(look));
}

net::awaitable<bool> Cosigner::offer(Offer const& offer)
{
    http::ClientRequest request;
    request.method = http::Method::post;
    request.target = settings_.url.path + "/add-checkpoint";
    request.headers.set("Content-Type", "text/plain; charset=utf-8");
    request.body = offer.body;
    auto const answer = co_await client_.send(std::move(request));
    auto const* const response = std::get_if<http::ClientResponse>(&answer);
    if (response == nullptr) {
        complain("the witness does not answer: " + std::get<http::ClientFailure>(answer).detail);
        co_return false;
    }
    if (response->status == 200) {
        co_await keep(offer, response->body);
        co_return false;
    }
    if (response->status != 409) {
        complain("the witness refuses the delivery log with " + std::to_string(response->status));
        co_return false;
    }
    std::string_view body = response->body;
    auto const line = take_line(body);
    std::uint64_t size = 0;
    auto const [end, fault] = std::from_chars(line.data(), line.data() + line.size(), size);
    bool const usable = fault == std::errc{} && end == line.data() + line.size() && size <= offer.size;
    if (!usable) complain("the witness has signed for more than the delivery log holds");
    known_ = usable ? size : known_;
    co_return usable;
}

net::awaitable<void> Cosigner::keep(Offer const& offer, std::string_view lines)
{
    // Whatever else it put beneath, nobody here answers for.
    auto const own = settings_.key.own_line(offer.note + std::string{lines});
    if (!own) {
        complain("the witness's signature is not valid");
        co_return;
    }
    auto store = [size = offer.size, note = offer.note + *own](db::Connection& c) -> Status {
        return db::delivery_log::cosign(c, size, note);
    };
    auto fenced = db::leases::under(std::string{lease_name}, epoch_, std::move(store));
    auto const stored = co_await database_.write_unseen(std::move(fenced));
    if (!stored) co_return;
    known_ = offer.size;
    if (metrics_ != nullptr)
        metrics_->gauge("log_witnessed", "Entries of the delivery log that the witness has signed for.")
            .set(static_cast<std::int64_t>(known_));
}

void Cosigner::complain(std::string const& what)
{
    log::error("the delivery log is not countersigned", {{"why", what}});
    if (metrics_ != nullptr)
        metrics_->counter("log_witness_refused_total", "Times that the witness did not sign for the delivery log.")
            .add(1);
}

} // namespace nguon::connector
