#include "connector/practice_portal/practice_portal.hpp"

#include "connector/practice_portal/capture_desk.hpp"
#include "connector/practice_portal/catalogue_desk.hpp"
#include "connector/practice_portal/drop_desk.hpp"
#include "connector/practice_portal/faults.hpp"
#include "connector/practice_portal/inventory_desk.hpp"
#include "connector/practice_portal/ledger.hpp"
#include "connector/practice_portal/picture_desk.hpp"
#include "connector/practice_portal/receipt_signer.hpp"
#include "connector/practice_portal/wire.hpp"
#include "core/bytes.hpp"
#include "core/files.hpp"
#include "core/http/uri.hpp"
#include "core/json.hpp"
#include "core/runtime/log.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

namespace {

using nlohmann::json;

constexpr std::string_view base_path = "/gwdev/tochuc/v5";
constexpr std::string_view confirm_suffix = "/XacNhan";
constexpr std::uint64_t request_bytes_max = 2U * 1024 * 1024;
constexpr std::chrono::milliseconds drop_interval{100};

/// The head of an answer whose body never comes: the session ends the connection when the generator throws.
http::Response torn_answer()
{
    http::Response response;
    response.headers.set("Content-Type", "application/json");
    response.body = http::Generator{[]() -> net::awaitable<std::string> {
        throw std::runtime_error{"the script cuts this answer"};
        co_return std::string{};
    }};
    response.close = true;
    return response;
}

http::Response sign_in_page()
{
    http::Response response;
    response.headers.set("Content-Type", "text/html; charset=utf-8");
    response.body = std::string{"<!DOCTYPE html><title>Đăng nhập</title><p>Phiên làm việc đã hết hạn.</p>"};
    return response;
}

http::Response planned_status(PlannedFault const& fault)
{
    auto response = json_answer(fault.status, error_answer("ERR_GATEWAY", "Theo kịch bản"));
    if (fault.retry_after) response.headers.set("Retry-After", std::to_string(*fault.retry_after));
    return response;
}

std::vector<std::string_view> lines_of(std::string_view body)
{
    std::vector<std::string_view> lines;
    while (!body.empty()) {
        auto const end = std::min(body.find('\n'), body.size());
        if (end > 0) lines.push_back(body.substr(0, end));
        body.remove_prefix(std::min(end + 1, body.size()));
    }
    return lines;
}

bool digest_matches(http::Request const& request, std::string const& body)
{
    auto const given = request.header("Content-Digest");
    return given.empty() || given == "sha-256=:" + to_base64(sha256(body)) + ":";
}

} // namespace

class PracticePortal::Impl : public std::enable_shared_from_this<PracticePortal::Impl> {
public:
    Impl(net::any_io_executor executor, PortalSettings settings, Clock const& clock, Ledger ledger,
         ReceiptSigner signer, FaultPlan faults, std::optional<DropDesk> drop, tls::ContextPtr context)
        : executor_{std::move(executor)}, settings_{std::move(settings)}, clock_{clock}, ledger_{std::move(ledger)},
          signer_{std::move(signer)}, faults_{std::move(faults)}, drop_{std::move(drop)},
          context_{std::make_shared<tls::ContextSlot>(std::move(context))}
    {
    }

    Result<Endpoint> start();
    net::awaitable<void> stop()
    {
        stopped_ = true;
        if (listener_) co_await listener_->drain();
    }
    void abort()
    {
        stopped_ = true;
        if (listener_) listener_->abort();
    }

    json describe() const
    {
        std::lock_guard const lock{mutex_};
        return ledger_.describe();
    }
    void forget_newest()
    {
        std::lock_guard const lock{mutex_};
        ledger_.forget_newest(clock_.now());
        ledger_.sync();
    }
    bool alter(std::string const& key)
    {
        std::lock_guard const lock{mutex_};
        auto const altered = ledger_.alter(key, clock_.now());
        ledger_.sync();
        return altered;
    }
    std::string enter_by_hand(std::string const& type, std::string const& value)
    {
        std::lock_guard const lock{mutex_};
        auto id = ledger_.enter_by_hand(type, value, clock_.now());
        ledger_.sync();
        return id;
    }

private:
    net::awaitable<http::Response> answer(http::Request const& request);
    http::Response route(http::Request const& request, PlannedFault const& fault);
    http::Response issue_token(http::Request const& request);
    http::Response look_up(http::Request const& request, ResourceName const& resource);
    http::Response write(http::Request const& request, ResourceName const& resource, PlannedFault const& fault);
    http::Response confirm(http::Request const& request, PlannedFault const& fault);
    /// Puts receipts of these into results, the i-th into the one at places[i].
    void add_receipts(json& results, std::vector<std::size_t> const& places, std::vector<Acceptance> const& accepted,
                      PlannedFault const& fault) const;
    bool has_token(http::Request const& request);
    bool may_capture(http::Request const& request) const;
    void serve_drop();
    /// Until `stop` or `abort`.
    static net::awaitable<void> watch_drop(std::weak_ptr<Impl> weak);

    net::any_io_executor executor_;
    PortalSettings settings_;
    Clock const& clock_;
    mutable std::mutex mutex_; // guards what follows
    Ledger ledger_;
    ReceiptSigner signer_;
    FaultPlan faults_;
    std::optional<DropDesk> drop_;
    std::map<std::string, Instant> tokens_; // digest → expiry
    std::shared_ptr<tls::ContextSlot> context_;
    std::unique_ptr<http::Listener> listener_;
    std::atomic<bool> stopped_ = false;
};

Result<Endpoint> PracticePortal::Impl::start()
{
    http::SessionOptions options;
    options.spool_dir = settings_.data_dir;
    options.limits.body_memory_bytes = request_bytes_max;
    options.body_policy = [](http::Method, std::string_view) {
        return http::BodyLimits{request_bytes_max, limits::body_time};
    };
    auto handler = [weak = weak_from_this()](http::Request const& request) -> net::awaitable<http::Response> {
        auto const self = weak.lock();
        if (!self) co_return json_answer(503, error_answer("ERR_SYS_DEV", "Cổng đang dừng"));
        co_return co_await self->answer(request);
    };
    listener_ = std::make_unique<http::Listener>(executor_, std::move(handler), std::move(options));
    if (drop_) net::co_spawn(executor_, watch_drop(weak_from_this()), net::detached);
    return listener_->listen_tls(settings_.listen, context_);
}

void PracticePortal::Impl::serve_drop()
{
    std::lock_guard const lock{mutex_};
    try {
        drop_->serve(ledger_, signer_, faults_, clock_.now());
    } catch (std::filesystem::filesystem_error const& fault) {
        log::warning("the folder of bundles cannot be read", {{"fault", fault.what()}});
    }
}

net::awaitable<void> PracticePortal::Impl::watch_drop(std::weak_ptr<Impl> weak)
{
    auto const executor = co_await net::this_coro::executor;
    net::steady_timer timer{executor};
    for (;;) {
        {
            auto const self = weak.lock();
            if (!self || self->stopped_) co_return;
            self->serve_drop();
        }
        timer.expires_after(drop_interval);
        co_await timer.async_wait(net::use_awaitable);
    }
}

bool PracticePortal::Impl::may_capture(http::Request const& request) const
{
    return settings_.capture_token.empty() ||
           equal_constant_time(request.header("Authorization"), "Bearer " + settings_.capture_token);
}

net::awaitable<http::Response> PracticePortal::Impl::answer(http::Request const& request)
{
    if (request.path == "/ledger" && request.method == http::Method::get) co_return json_answer(200, describe().dump());
    PlannedFault fault;
    {
        std::lock_guard const lock{mutex_};
        fault = faults_.next(request.target);
    }
    switch (fault.kind) {
    case PlannedFault::Kind::status:
        co_return planned_status(fault);
    case PlannedFault::Kind::html:
        co_return sign_in_page();
    case PlannedFault::Kind::cut:
        co_return torn_answer();
    case PlannedFault::Kind::error_200:
        co_return json_answer(200,
                              error_answer("ERR_SYS_DEV", "Object reference not set to an instance of an object."));
    case PlannedFault::Kind::refuse:
        co_return json_answer(200, error_answer("ERR_DATA_TEST", "Theo kịch bản"));
    case PlannedFault::Kind::delay: {
        auto const executor = co_await net::this_coro::executor;
        net::steady_timer timer{executor, fault.delay};
        co_await timer.async_wait(net::use_awaitable);
        break;
    }
    default:
        break;
    }
    auto response = route(request, fault);
    if (fault.kind == PlannedFault::Kind::lose_answer) co_return torn_answer();
    co_return response;
}

http::Response PracticePortal::Impl::route(http::Request const& request, PlannedFault const& fault)
{
    std::lock_guard const lock{mutex_};
    if (request.peer.certificate_sha256.empty())
        return json_answer(403, error_answer("ERR_CLIENT_CERT", "Thiếu chứng thư"));
    if (request.path == "/sso/token" && request.method == http::Method::post) return issue_token(request);
    if (request.path.starts_with(std::string{capture_base_path} + "/")) {
        if (!may_capture(request)) return json_answer(401, error_answer("SecurityException", "Sai mã truy cập"));
        return answer_capture(ledger_, request, fault, clock_.now());
    }
    if (!request.path.starts_with(base_path))
        return json_answer(404, error_answer("ERR_NOT_FOUND", "Không có địa chỉ này"));
    if (!has_token(request)) return json_answer(401, error_answer("ERR_TOKEN_EXPIRED", "Phiên đã hết hạn"));
    if (fault.kind == PlannedFault::Kind::forget) {
        ledger_.forget_newest(clock_.now());
        ledger_.sync();
    }
    auto path = std::string_view{request.path}.substr(base_path.size());
    if (path.starts_with(inventory_path) && request.method == http::Method::get)
        return answer_inventory(ledger_, request, path.substr(inventory_path.size()));
    if (path.starts_with(catalogue_path) && request.method == http::Method::get)
        return answer_catalogue(settings_.data_dir / "catalogues.json", path.substr(catalogue_path.size()));
    if (path == picture_path && request.method == http::Method::post)
        return answer_picture(ledger_, settings_.data_dir / "pictures", request, clock_.now());
    bool const is_confirm = path.ends_with(confirm_suffix);
    if (is_confirm) path.remove_suffix(confirm_suffix.size());
    auto const* const resource = resource_at(path);
    if (resource == nullptr) return json_answer(404, error_answer("ERR_NOT_FOUND", "Không có địa chỉ này"));
    if (is_confirm && request.method == http::Method::post) return confirm(request, fault);
    if (request.method == http::Method::get) return look_up(request, *resource);
    if (request.method == http::Method::post || request.method == http::Method::put)
        return write(request, *resource, fault);
    return json_answer(405, error_answer("ERR_METHOD", "Phương thức không được hỗ trợ"));
}

http::Response PracticePortal::Impl::issue_token(http::Request const& request)
{
    auto const fields = http::parse_query(request.body.bytes());
    auto const field = [&fields](std::string_view name) {
        if (!fields) return std::string{};
        for (auto const& [key, value] : *fields)
            if (key == name) return value;
        return std::string{};
    };
    bool const known =
        settings_.client_id.empty() || (field("client_id") == settings_.client_id &&
                                        equal_constant_time(field("client_secret"), settings_.client_secret));
    if (!known || field("grant_type") != "client_credentials")
        return json_answer(200, json{{"error", "invalid_client"}}.dump());
    auto const token = to_base64url(random_bytes(32));
    auto const now = clock_.now();
    std::erase_if(tokens_, [now](auto const& entry) { return entry.second <= now; });
    tokens_[sha256(token)] = now + settings_.token_life;
    return json_answer(
        200,
        json{{"access_token", token}, {"token_type", "Bearer"}, {"expires_in", settings_.token_life.count()}}.dump());
}

bool PracticePortal::Impl::has_token(http::Request const& request)
{
    auto const header = request.header("Authorization");
    if (!header.starts_with("Bearer ")) return false;
    auto const found = tokens_.find(sha256(header.substr(7)));
    return found != tokens_.end() && found->second > clock_.now();
}

http::Response PracticePortal::Impl::look_up(http::Request const& request, ResourceName const& resource)
{
    auto const parameters = http::parse_query(request.query);
    auto data = json::array();
    if (parameters)
        for (auto const& [name, value] : *parameters)
            if (name == "gtinCode" || name == "MST")
                for (auto const& id : ledger_.look_up(std::string{resource.type}, value))
                    data.push_back({{std::string{resource.id_field}, id}, {name, value}});
    return json_answer(200, data_answer(std::move(data)));
}

void PracticePortal::Impl::add_receipts(json& results, std::vector<std::size_t> const& places,
                                        std::vector<Acceptance> const& accepted, PlannedFault const& fault) const
{
    auto receipts = signer_.sign_all(accepted);
    for (std::size_t i = 0; i < places.size(); ++i)
        results[places[i]]["bienNhan"] =
            fault.kind == PlannedFault::Kind::wrong_receipt ? forged(std::move(receipts[i])) : std::move(receipts[i]);
}

http::Response PracticePortal::Impl::write(http::Request const& request, ResourceName const& resource,
                                           PlannedFault const& fault)
{
    auto const body = request.body.bytes();
    if (!digest_matches(request, body)) return json_answer(400, error_answer("ERR_DIGEST", "Nội dung bị hỏng"));
    auto results = json::array();
    std::vector<std::size_t> places;
    std::vector<Acceptance> accepted;
    for (auto const bytes : lines_of(body)) {
        auto const line = read_line(bytes, resource);
        if (!line) return json_answer(400, error_answer(line.error().key, "Dòng không đúng định dạng"));
        if (line->is_create != (request.method == http::Method::post))
            return json_answer(400, error_answer("ERR_DATA_METHOD", "Sai phương thức cho thao tác"));
        auto const outcome = ledger_.apply(*line, clock_.now());
        json result{{"khoa", line->key}};
        if (!outcome.error.empty()) {
            result["trangThai"] = "FAILED";
            result["error"] = outcome.error;
            result["message"] = outcome.text;
        } else {
            result["trangThai"] = outcome.state;
            result["id"] = outcome.id;
            result["trung"] = outcome.duplicate;
            if (outcome.state == "CONFIRMED") {
                auto const confirmed = ledger_.confirm(line->key, clock_.now());
                places.push_back(results.size());
                accepted.push_back({line->key, confirmed->digest, confirmed->accepted_at, confirmed->id});
            }
        }
        results.push_back(std::move(result));
    }
    add_receipts(results, places, accepted, fault);
    ledger_.sync();
    return json_answer(200, data_answer(std::move(results)));
}

http::Response PracticePortal::Impl::confirm(http::Request const& request, PlannedFault const& fault)
{
    auto const body = parse_json(request.body.bytes(), 8);
    auto const list = body && body->is_object() ? body->value("banGhi", json::array()) : json::array();
    auto results = json::array();
    std::vector<std::size_t> places;
    std::vector<Acceptance> accepted;
    for (auto const& entry : list) {
        auto const key = entry.is_object() ? entry.value("khoa", json{}) : json{};
        if (!key.is_string()) return json_answer(400, error_answer("ERR_DATA_FORMAT", "Thiếu khóa"));
        auto const text = key.get<std::string>();
        auto const confirmed = ledger_.confirm(text, clock_.now());
        if (!confirmed) {
            results.push_back({{"khoa", text}, {"trangThai", "FAILED"}, {"error", confirmed.error().key}});
            continue;
        }
        places.push_back(results.size());
        accepted.push_back({text, confirmed->digest, confirmed->accepted_at, confirmed->id});
        results.push_back({{"khoa", text}, {"trangThai", "CONFIRMED"}, {"id", confirmed->id}});
    }
    add_receipts(results, places, accepted, fault);
    ledger_.sync();
    return json_answer(200, data_answer(std::move(results)));
}

Result<std::unique_ptr<PracticePortal>> PracticePortal::open(net::any_io_executor executor, PortalSettings settings,
                                                             Clock const& clock)
{
    std::error_code fault;
    std::filesystem::create_directories(settings.data_dir, fault);
    if (fault) return invalid("portal.data_dir", {settings.data_dir.string()});
    FaultPlan faults;
    if (!settings.script.empty()) {
        auto const text = read_file(settings.script);
        if (!text) return text.error();
        auto plan = FaultPlan::read(*text);
        if (!plan) return plan.error();
        faults = std::move(*plan);
    }
    auto signer = ReceiptSigner::load(settings.certs_dir / "receipt.key");
    if (!signer) return signer.error();
    tls::ServerFiles const files{settings.certs_dir / "portal.pem", settings.certs_dir / "portal.key",
                                 settings.certs_dir / "ca.pem"};
    auto context = tls::make_server_context(files);
    if (!context) return context.error();
    std::optional<DropDesk> drop;
    if (!settings.drop_dir.empty()) {
        auto desk = DropDesk::open(settings.drop_dir, settings.drop_key);
        if (!desk) return desk.error();
        drop = *std::move(desk);
    }
    auto ledger = Ledger::open(settings.data_dir / "ledger.jsonl");
    if (!ledger) return ledger.error();
    auto impl = std::make_shared<Impl>(std::move(executor), std::move(settings), clock, std::move(*ledger),
                                       std::move(*signer), std::move(faults), std::move(drop), std::move(*context));
    return std::unique_ptr<PracticePortal>{new PracticePortal{std::move(impl)}};
}

PracticePortal::PracticePortal(std::shared_ptr<Impl> impl) : impl_{std::move(impl)} {}

PracticePortal::~PracticePortal() = default;

Result<Endpoint> PracticePortal::start() { return impl_->start(); }

net::awaitable<void> PracticePortal::stop()
{
    auto const impl = impl_;
    co_await impl->stop();
}

void PracticePortal::abort() { impl_->abort(); }

json PracticePortal::ledger() const { return impl_->describe(); }

void PracticePortal::forget_newest() { impl_->forget_newest(); }

bool PracticePortal::alter(std::string const& key) { return impl_->alter(key); }

std::string PracticePortal::enter_by_hand(std::string const& type, std::string const& value)
{
    return impl_->enter_by_hand(type, value);
}

} // namespace nguon::practice_portal
