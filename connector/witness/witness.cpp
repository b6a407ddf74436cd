#include "connector/witness/witness.hpp"

#include "core/http/listener.hpp"
#include "core/runtime/log.hpp"

#include <mutex>

namespace nguon::witness {

namespace {

constexpr std::uint64_t request_bytes_max = 16U * 1024;

http::Response to_response(Reply reply)
{
    http::Response response;
    response.status = reply.status;
    response.headers.set("Content-Type", reply.media_type);
    response.body = std::move(reply.body);
    return response;
}

} // namespace

class Witness::Impl : public std::enable_shared_from_this<Witness::Impl> {
public:
    Impl(net::any_io_executor executor, WitnessBook book, Clock const& clock, tls::ContextPtr tls)
        : executor_{std::move(executor)}, book_{std::move(book)}, clock_{clock}, tls_{std::move(tls)}
    {
    }

    Result<Endpoint> start(Endpoint const& listen)
    {
        if (!tls_ && !is_loopback(listen)) return invalid("witness.tls", {to_text(listen)});
        http::SessionOptions options;
        options.limits.body_memory_bytes = request_bytes_max;
        options.body_policy = [](http::Method, std::string_view) {
            return http::BodyLimits{request_bytes_max, limits::body_time};
        };
        auto handler = [weak = weak_from_this()](http::Request const& request) -> net::awaitable<http::Response> {
            auto const self = weak.lock();
            co_return self ? self->answer(request) : to_response({503, "text/plain", "stopping\n"});
        };
        listener_ = std::make_unique<http::Listener>(executor_, std::move(handler), std::move(options));
        if (!tls_) return listener_->listen(listen);
        return listener_->listen_tls(listen, std::make_shared<tls::ContextSlot>(tls_));
    }

    net::awaitable<void> stop()
    {
        if (listener_) co_await listener_->drain();
    }

private:
    http::Response answer(http::Request const& request)
    {
        if (request.path == "/key" && request.method == http::Method::get)
            return to_response({200, "text/plain; charset=utf-8", book_.verifier().text() + "\n"});
        if (request.path != "/add-checkpoint") return to_response({404, "text/plain", "no such address\n"});
        if (request.method != http::Method::post) return to_response({405, "text/plain", "POST\n"});
        std::lock_guard const lock{mutex_};
        auto reply = book_.add(request.body.bytes(), clock_.now());
        // 422, and 409 for a size that was signed for: proof that the log misbehaves.
        if (reply.status == 422) log::error("a log was changed after it had been signed for", {});
        return to_response(std::move(reply));
    }

    net::any_io_executor executor_;
    std::mutex mutex_; // of the book
    WitnessBook book_;
    Clock const& clock_;
    tls::ContextPtr tls_;
    std::unique_ptr<http::Listener> listener_;
};

Witness::Witness(net::any_io_executor executor, WitnessBook book, Clock const& clock, tls::ContextPtr tls)
    : impl_{std::make_shared<Impl>(std::move(executor), std::move(book), clock, std::move(tls))}
{
}

Witness::~Witness() = default;

Result<Endpoint> Witness::start(Endpoint const& listen) { return impl_->start(listen); }

net::awaitable<void> Witness::stop()
{
    auto const impl = impl_;
    co_await impl->stop();
}

} // namespace nguon::witness
