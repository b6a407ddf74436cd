#include "cli/control_socket.hpp"

#include "cli/admin.hpp"
#include "core/runtime/log.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace nguon::cli {
namespace {

using Protocol = net::local::stream_protocol;
using nlohmann::json;

constexpr std::size_t line_bytes_max = 64 * 1024;
constexpr std::size_t path_bytes_max = sizeof(sockaddr_un::sun_path) - 1;

std::filesystem::path socket_path(std::filesystem::path const& data) { return data / "control.sock"; }

bool is_trusted(Protocol::socket& socket)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == 0 || peer.uid == ::geteuid();
}

json to_json(Error const& error)
{
    json fields = json::array();
    for (auto const& fault : error.fields)
        fields.push_back({{"pointer", fault.pointer}, {"key", fault.key}, {"values", fault.values}});
    return {{"code", static_cast<int>(error.code)}, {"key", error.key}, {"values", error.values}, {"fields", fields}};
}

Error error_from_json(json const& in)
{
    Error error;
    error.code = static_cast<ErrorCode>(in.value("code", static_cast<int>(ErrorCode::internal)));
    error.key = in.value("key", "internal");
    error.values = in.value("values", std::vector<std::string>{});
    for (auto const& fault : in.value("fields", json::array()))
        error.fields.push_back(
            {fault.value("pointer", ""), fault.value("key", ""), fault.value("values", std::vector<std::string>{})});
    return error;
}

} // namespace

class ControlSocket::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(net::any_io_executor executor, std::filesystem::path path, db::Database& database, CpuPool& cpu_pool,
         Clock const& clock)
        : acceptor_{net::make_strand(executor)}, path_{std::move(path)}, database_{database}, cpu_pool_{cpu_pool},
          clock_{clock}
    {
    }

    Status open()
    {
        if (path_.string().size() > path_bytes_max)
            return invalid("control.path_too_long", {path_.string(), std::to_string(path_bytes_max)});
        std::error_code ignored;
        std::filesystem::remove(path_, ignored); // left by a process that was killed: the directory's lock is ours
        boost::system::error_code failed;
        acceptor_.open(Protocol{}, failed);
        auto const old_mask = ::umask(0177);
        if (!failed) acceptor_.bind(Protocol::endpoint{path_.string()}, failed);
        ::umask(old_mask);
        if (!failed) acceptor_.listen(net::socket_base::max_listen_connections, failed);
        if (failed) return Error{ErrorCode::internal, "control.socket", {path_.string()}, failed.message(), {}};
        auto self = shared_from_this();
        auto loop = [self]() { return self->accept(); };
        net::co_spawn(acceptor_.get_executor(), std::move(loop), net::detached);
        return Done{};
    }

    void close()
    {
        auto self = shared_from_this();
        net::post(acceptor_.get_executor(), [self] {
            boost::system::error_code ignored;
            self->acceptor_.close(ignored);
            std::error_code also_ignored;
            std::filesystem::remove(self->path_, also_ignored);
        });
    }

private:
    net::awaitable<void> accept()
    {
        auto self = shared_from_this();
        for (;;) {
            boost::system::error_code failed;
            auto socket = co_await acceptor_.async_accept(net::redirect_error(net::use_awaitable, failed));
            if (failed) co_return;
            if (!is_trusted(socket)) continue;
            co_await serve(std::move(socket));
        }
    }

    net::awaitable<void> serve(Protocol::socket socket)
    {
        std::string line;
        boost::system::error_code failed;
        co_await net::async_read_until(socket, net::dynamic_buffer(line, line_bytes_max), '\n',
                                       net::redirect_error(net::use_awaitable, failed));
        if (failed) co_return;
        auto request = json::parse(line, nullptr, false);
        auto work = [this, request = std::move(request)]() -> Result<json> {
            if (!request.is_object()) return invalid("admin.command_unknown", {""});
            return perform_admin(database_, clock_, request);
        };
        auto const answer = co_await cpu_pool_.run(std::move(work));
        json out;
        if (answer)
            out["answer"] = *answer;
        else
            out["error"] = to_json(answer.error());
        auto const text = out.dump() + "\n";
        co_await net::async_write(socket, net::buffer(text), net::redirect_error(net::use_awaitable, failed));
    }

    Protocol::acceptor acceptor_;
    std::filesystem::path path_;
    db::Database& database_;
    CpuPool& cpu_pool_;
    Clock const& clock_;
};

Result<std::unique_ptr<ControlSocket>> ControlSocket::open(net::any_io_executor executor, std::filesystem::path data,
                                                           db::Database& database, CpuPool& cpu_pool,
                                                           Clock const& clock)
{
    std::error_code ignored;                            // what cannot be made cannot hold a socket either
    std::filesystem::create_directories(data, ignored); // PostgreSQL installations keep only keys and this socket here
    auto impl = std::make_shared<Impl>(std::move(executor), socket_path(data), database, cpu_pool, clock);
    if (auto opened = impl->open(); !opened) return opened.error();
    return std::unique_ptr<ControlSocket>{new ControlSocket{std::move(impl)}};
}

ControlSocket::~ControlSocket() = default;

void ControlSocket::close() { impl_->close(); }

Result<json> ask_serving_process(std::filesystem::path const& data, json const& request)
{
    auto const path = socket_path(data).string();
    if (path.size() > path_bytes_max) return unavailable("control.nobody", "nobody can serve so long a path");
    net::io_context io;
    Protocol::socket socket{io};
    boost::system::error_code failed;
    socket.connect(Protocol::endpoint{path}, failed);
    if (failed) return unavailable("control.nobody", failed.message());
    auto const text = request.dump() + "\n";
    net::write(socket, net::buffer(text), failed);
    std::string line;
    if (!failed) net::read_until(socket, net::dynamic_buffer(line, line_bytes_max), '\n', failed);
    if (failed) return unavailable("control.nobody", failed.message());
    auto const answer = json::parse(line, nullptr, false);
    if (answer.contains("answer")) return answer["answer"];
    if (answer.contains("error")) return error_from_json(answer["error"]);
    return internal("the serving process did not answer in our form");
}

} // namespace nguon::cli
