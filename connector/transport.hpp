#pragma once

#include "connector/file_drop.hpp"
#include "connector/target.hpp"
#include "core/http/client.hpp"

#include <map>
#include <memory>
#include <string>

namespace nguon::connector {

namespace net = boost::asio;

/// Carries the engine's requests over mutual TLS, or to a directory when `files` is set. Use it on one strand only.
class Transport {
public:
    Transport(net::any_io_executor executor, std::shared_ptr<tls::ContextSlot> tls, std::shared_ptr<FileDrop> files,
              http::ClientLimits limits);

    /// Never fails: what goes wrong stands in the answer.
    net::awaitable<Answer> send(Request request);
    /// A handshake, without a byte of ours after it.
    net::awaitable<Answer> probe(std::string base_url);

    /// What is sent next goes over new connections, with the certificate of now. What is under way ends as it began.
    void renew();

private:
    /// Null when the address is none.
    http::Client* client_for(std::string const& base_url);

    net::any_io_executor executor_;
    std::shared_ptr<tls::ContextSlot> tls_;
    std::shared_ptr<FileDrop> files_;
    http::ClientLimits limits_;
    std::map<std::string, std::unique_ptr<http::Client>> clients_;
};

/// The client's answer as the engine reads it.
Answer to_answer(http::ClientAnswer const& answer);

} // namespace nguon::connector
