#include "connector/transport.hpp"

#include <algorithm>
#include <cctype>

namespace nguon::connector {

namespace {

Fault fault_of(http::ClientFault fault)
{
    switch (fault) {
    case http::ClientFault::resolve:
        return Fault::resolve;
    case http::ClientFault::connect:
        return Fault::connect;
    case http::ClientFault::tls_certificate:
        return Fault::portal_certificate;
    case http::ClientFault::tls_identity:
        return Fault::own_certificate;
    case http::ClientFault::tls_other:
        return Fault::handshake;
    case http::ClientFault::timeout:
        return Fault::timeout;
    case http::ClientFault::reset:
        return Fault::reset;
    case http::ClientFault::truncated:
        return Fault::truncated;
    case http::ClientFault::malformed:
        return Fault::malformed;
    case http::ClientFault::too_large:
        return Fault::too_large;
    }
    return Fault::malformed;
}

Answer answer_of(http::ClientFailure const& failure)
{
    Answer answer;
    answer.fault = fault_of(failure.fault);
    answer.fault_text = failure.detail;
    return answer;
}

void note_peer(Answer& answer, tls::CertificateInfo const& peer)
{
    answer.peer_certificate_sha256 = peer.sha256;
    if (!peer.sha256.empty()) answer.peer_certificate_expires = peer.not_after;
}

std::string lower_case(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    return text;
}

Answer no_address(std::string const& base_url)
{
    Answer answer;
    answer.fault = Fault::resolve;
    answer.fault_text = "not an address: " + base_url;
    return answer;
}

} // namespace

Answer to_answer(http::ClientAnswer const& from)
{
    if (auto const* const failure = std::get_if<http::ClientFailure>(&from)) return answer_of(*failure);
    auto const& response = std::get<http::ClientResponse>(from);
    Answer answer;
    answer.status = response.status;
    for (auto const& [name, value] : response.headers) answer.headers.emplace_back(lower_case(name), value);
    answer.body = response.body;
    note_peer(answer, response.peer);
    return answer;
}

Transport::Transport(net::any_io_executor executor, std::shared_ptr<tls::ContextSlot> tls,
                     std::shared_ptr<FileDrop> files, http::ClientLimits limits)
    : executor_{std::move(executor)}, tls_{std::move(tls)}, files_{std::move(files)}, limits_{limits}
{
}

http::Client* Transport::client_for(std::string const& base_url)
{
    auto& client = clients_[base_url];
    if (!client)
        if (auto const url = http::parse_url(base_url))
            client = std::make_unique<http::Client>(executor_, *url, tls_, limits_);
    return client.get();
}

void Transport::renew()
{
    for (auto const& [base_url, client] : clients_)
        if (client) client->close();
}

net::awaitable<Answer> Transport::send(Request request)
{
    if (files_) co_return co_await files_->send(std::move(request));
    auto* const client = client_for(request.base_url);
    if (client == nullptr) co_return no_address(request.base_url);
    http::ClientRequest message;
    message.method = request.method;
    message.target = std::move(request.path);
    for (auto& [name, value] : request.headers) message.headers.add(std::move(name), std::move(value));
    message.body = std::move(request.body);
    auto const answer = co_await client->send(std::move(message));
    co_return to_answer(answer);
}

net::awaitable<Answer> Transport::probe(std::string base_url)
{
    if (files_) co_return co_await files_->probe();
    auto* const client = client_for(base_url);
    if (client == nullptr) co_return no_address(base_url);
    auto const outcome = co_await client->probe();
    if (auto const* const failure = std::get_if<http::ClientFailure>(&outcome)) co_return answer_of(*failure);
    Answer answer;
    note_peer(answer, std::get<tls::CertificateInfo>(outcome));
    co_return answer;
}

} // namespace nguon::connector
