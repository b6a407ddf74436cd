#include "core/http/client.hpp"
#include "core/http/message.hpp"

#include <chrono>
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

/// What the practice portal takes from a client that has nothing else to do: posts requests that were made before, one
/// after the other over one TLS connection, and keeps nothing.
///
///     bare_posts PORT CERTS FILE
///
/// FILE holds requests: "METHOD PATH LENGTH\n" and so many bytes of body each. Prints requests and seconds.
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

net::awaitable<void> post_all(http::Client& client, std::filesystem::path file)
{
    http::ClientRequest sign_in;
    sign_in.method = http::Method::post;
    sign_in.target = "/sso/token";
    sign_in.headers.add("Content-Type", "application/x-www-form-urlencoded");
    sign_in.body = "grant_type=client_credentials&client_id=bare";
    auto const said = co_await ask(client, std::move(sign_in));
    auto const token = nlohmann::json::parse(said).at("access_token").get<std::string>();
    auto requests = read_requests(file, token);
    auto const count = requests.size();
    auto const begin = std::chrono::steady_clock::now();
    for (auto& request : requests) co_await ask(client, std::move(request));
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
    std::cout << count << ' ' << took.count() << '\n';
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 4) return 2;
    std::filesystem::path const certs{arguments[2]};
    try {
        auto context = tls::make_client_context(
            tls::ClientFiles{certs / "connector.pem", certs / "connector.key", certs / "ca.pem", {}});
        if (!context) throw std::runtime_error{context.error().key};
        http::Url url;
        url.secure = true;
        url.host = "localhost";
        url.port = static_cast<std::uint16_t>(std::stoi(arguments[1]));
        net::io_context io;
        http::Client client{io.get_executor(), url, std::make_shared<tls::ContextSlot>(*std::move(context))};
        std::exception_ptr fault;
        net::co_spawn(io, post_all(client, arguments[3]), [&](std::exception_ptr thrown) {
            fault = thrown;
            client.close();
        });
        io.run();
        if (fault) std::rethrow_exception(fault);
    } catch (std::exception const& exception) {
        std::cerr << exception.what() << '\n';
        return 1;
    }
    return 0;
}
