#include "core/http/client.hpp"
#include "core/http/message.hpp"

#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

/// What the practice portal takes from a client that has nothing else to do: posts requests that were made before and
/// keeps nothing.
///
///     bare_posts PORT CERTS FILE CONNECTIONS
///
/// FILE holds requests: "METHOD PATH LENGTH\n" and so many bytes of body each, two for a batch: it is created and
/// confirmed, one after the other over one of so many TLS connections. Prints requests and seconds.
namespace {

namespace net = boost::asio;
using namespace nguon;

std::vector<http::ClientRequest> read_requests(std::filesystem::path const& file, std::string const& token)
{
    std::ifstream in{file, std::ios::binary};
    std::vector<http::ClientRequest> requests;
    std::string method;
    std::string path;
    std::size_t length = 0;
    while (in >> method >> path >> length) {
        in.get(); // the end of the line
        auto& request = requests.emplace_back();
        request.method = method == "PUT" ? http::Method::put : http::Method::post;
        request.target = path;
        request.headers.add("Authorization", "Bearer " + token);
        request.headers.add("Content-Type", "application/json");
        request.body.resize(length);
        in.read(request.body.data(), static_cast<std::streamsize>(length));
    }
    if (requests.empty() || !in.eof()) throw std::runtime_error{"no requests in " + file.string()};
    return requests;
}

net::awaitable<std::string> ask(http::Client& client, http::ClientRequest request)
{
    auto const answer = co_await client.send(std::move(request));
    auto const* const response = std::get_if<http::ClientResponse>(&answer);
    if (response == nullptr) throw std::runtime_error{std::get<http::ClientFailure>(answer).detail};
    if (response->status != 200 || response->body.find("FAILED") != std::string::npos)
        throw std::runtime_error{response->body.substr(0, 500)};
    co_return response->body;
}

net::awaitable<void> sign_in(http::Client& client, std::string& token)
{
    http::ClientRequest request;
    request.method = http::Method::post;
    request.target = "/sso/token";
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = "grant_type=client_credentials&client_id=bare";
    auto const said = co_await ask(client, std::move(request));
    token = nlohmann::json::parse(said).at("access_token").get<std::string>();
}

/// Takes batch after batch from what all connections share.
net::awaitable<void> post(http::Client& client, std::vector<http::ClientRequest>& requests, std::size_t& next)
{
    while (next + 1 < requests.size()) {
        auto const batch = std::exchange(next, next + 2);
        co_await ask(client, std::move(requests[batch]));
        co_await ask(client, std::move(requests[batch + 1]));
    }
}

/// Waits for all of them. Throws what one of them throws.
void run(net::io_context& io, std::vector<net::awaitable<void>> work)
{
    std::exception_ptr fault;
    auto left = work.size();
    for (auto& one : work)
        net::co_spawn(io, std::move(one), [&](std::exception_ptr thrown) {
            if (thrown) fault = thrown;
            --left;
        });
    while (left > 0 && !fault) io.run_one();
    if (fault) std::rethrow_exception(fault);
}

void post_all(std::filesystem::path const& certs, std::uint16_t port, std::filesystem::path const& file,
              std::size_t connections)
{
    auto context = tls::make_client_context(
        tls::ClientFiles{certs / "connector.pem", certs / "connector.key", certs / "ca.pem", {}});
    if (!context) throw std::runtime_error{context.error().key};
    auto const slot = std::make_shared<tls::ContextSlot>(*std::move(context));
    http::Url url;
    url.secure = true;
    url.host = "localhost";
    url.port = port;
    net::io_context io;
    std::deque<http::Client> clients;
    for (std::size_t i = 0; i < connections; ++i) clients.emplace_back(io.get_executor(), url, slot);

    // Each has its connection before the clock runs.
    std::string token;
    std::vector<net::awaitable<void>> work;
    for (auto& client : clients) work.push_back(sign_in(client, token));
    run(io, std::move(work));
    auto requests = read_requests(file, token);
    std::size_t next = 0;
    work.clear();
    for (auto& client : clients) work.push_back(post(client, requests, next));
    auto const begin = std::chrono::steady_clock::now();
    run(io, std::move(work));
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
    std::cout << requests.size() << ' ' << took.count() << '\n';
    for (auto& client : clients) client.close();
    io.run();
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 5) return 2;
    try {
        post_all(arguments[2], static_cast<std::uint16_t>(std::stoi(arguments[1])), arguments[3],
                 std::stoul(arguments[4]));
    } catch (std::exception const& exception) {
        std::cerr << exception.what() << '\n';
        return 1;
    }
    return 0;
}
