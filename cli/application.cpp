#include "cli/application.hpp"

#include "cli/control_socket.hpp"
#include "cli/log_key.hpp"
#include "cli/public_address.hpp"
#include "cli/targets.hpp"
#include "connector/connector.hpp"
#include "core/http/listener.hpp"
#include "core/office/pdf.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "core/runtime/disk_watch.hpp"
#include "core/runtime/io_threads.hpp"
#include "core/runtime/log.hpp"
#include "core/runtime/metrics.hpp"
#include "core/runtime/tls.hpp"
#include "core/runtime/worker_process.hpp"
#include "db/installation.hpp"
#include "db/operations.hpp"
#include "db/reference.hpp"
#include "db/scans.hpp"
#include "db/sessions.hpp"
#include "db/throttles.hpp"
#include "scanner/picture_workers.hpp"
#include "server/app/alarm_watch.hpp"
#include "server/app/complaints.hpp"
#include "server/app/event_term_filler.hpp"
#include "server/app/label_worker.hpp"
#include "server/app/live_figures.hpp"
#include "server/app/recall_watch.hpp"
#include "server/app/scan_counter.hpp"
#include "server/app/sheet_workers.hpp"
#include "server/app/target_titles.hpp"
#include "server/file_worker.hpp"
#include "server/http/page_cache.hpp"
#include "server/http/static_files.hpp"
#include "server/service.hpp"
#include "server/services.hpp"
#include "server/settings.hpp"
#include "server/web/embedded.hpp"
#include "server/web/locale.hpp"
#include "server/web/template.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <thread>

#include <unistd.h>

namespace nguon::cli {
namespace {

namespace net = boost::asio;
using namespace std::chrono_literals;

constexpr auto scan_write_interval = 500ms;
constexpr std::size_t scan_queue_max = 100'000;
constexpr auto upkeep_interval = 1h;
constexpr auto page_life = 60s;       // states are judged as of today
constexpr auto page_life_shared = 3s; // other servers write too; a recall must show within 5 s
constexpr auto scan_kept_time = std::chrono::hours{24 * 90};
constexpr auto throttle_kept_time = std::chrono::hours{24};

unsigned threads_or(unsigned wanted)
{
    if (wanted > 0) return wanted;
    return std::max(2U, std::thread::hardware_concurrency());
}

WorkerPoolOptions worker_options(WorkerSettings const& settings)
{
    WorkerPoolOptions options;
    options.arguments = {std::string{server::file_worker_argument}};
    options.processes = settings.decode_processes;
    options.queue_max = settings.decode_queue;
    return options;
}

/// The installation as the pages know it.
Result<server::ServiceSettings> service_settings(db::Database& database, ServeOptions const& options,
                                                 Settings const& settings, Instant now)
{
    auto const public_url = !options.public_url.empty()
                                ? options.public_url
                                : public_url_or_default(settings.serve.public_url, settings.serve.http);
    auto work = [&](db::Connection& c) -> Result<server::ServiceSettings> {
        db::installation::set_public_url(c, public_url, host_of_url(public_url), now);
        for (auto const& host : settings.serve.former_hosts) db::installation::set_public_url(c, public_url, host, now);
        auto const installation = db::installation::find(c);
        server::ServiceSettings out;
        out.public_url = public_url;
        out.public_hosts = db::installation::public_hosts(c);
        out.province_code = installation->province_code;
        if (auto const province = db::reference::find_province(c, out.province_code))
            out.province_name = province->name;
        out.illustrative = installation->illustrative;
        out.trusted_proxies = settings.serve.trusted_proxies;
        out.dev = options.dev;
        return out;
    };
    return database.write_now(work);
}

std::string https_url(std::string const& public_url, std::vector<Endpoint> const& https)
{
    if (public_url.starts_with("https://")) return public_url;
    if (https.empty()) return {};
    return "https://" + host_of_url(public_url) + ":" + std::to_string(https.front().port);
}

std::unique_ptr<DiskWatch> watch_of(std::filesystem::path const& data, Settings const& settings)
{
    return settings.disk.watch ? std::make_unique<DiskWatch>(data) : nullptr;
}

/// What tells this server from others of the installation: "may-chu-1:/var/lib/nguon".
std::string server_name_of(std::filesystem::path const& data)
{
    boost::system::error_code ignored;
    std::error_code ignored_too;
    return net::ip::host_name(ignored) + ":" + std::filesystem::absolute(data, ignored_too).lexically_normal().string();
}

} // namespace

class Application::Impl {
public:
    Impl(std::filesystem::path const& data, Settings loaded, std::unique_ptr<db::Database> opened,
         server::ServiceSettings service, server::Templates loaded_templates)
        : settings_{std::move(loaded)}, service_settings_{std::move(service)}, database_{std::move(opened)},
          templates_{std::move(loaded_templates)}, static_files_{embedded::static_files()},
          cpu_pool_{settings_.workers.cpu_threads, settings_.workers.cpu_queue},
          worker_pool_{worker_options(settings_.workers)}, pictures_{worker_pool_}, sheets_{worker_pool_, cpu_pool_},
          scans_{scan_queue_max}, page_cache_{database_->dialect() == db::Dialect::sqlite ? page_life
                                                                                          : page_life_shared},
          disk_{watch_of(data, settings_)}, server_name_{server_name_of(data)},
          services_{*database_, clock_, cpu_pool_, &pictures_, &sheets_, metrics_, service_settings_, sentences(),
                    templates_, static_files_, draining_, scans_, [this] { wake_connector(); }, page_cache_,
                    // PostgreSQL has its records on a disk of its own.
                    database_->dialect() == db::Dialect::sqlite ? disk_.get() : nullptr,
                    open_sealer(data, Sealer::Missing::make), &alarm_board_, nullptr},
          service_{services_, server::all_routes()}, io_{threads_or(settings_.workers.io_threads)}, live_{io_.main(),
                                                                                                          *database_,
                                                                                                          clock_,
                                                                                                          metrics_}
    {
        services_.live = &live_;
        services_.titles = &target_titles_;
        services_.pdf = &pdf_;
    }

    Status listen(ServeOptions const& options);
    Status connect_targets(std::filesystem::path const& data);
    Status open_control(std::filesystem::path const& data);
    Status watch_alarms();
    void draw_labels();
    void watch_recalls();
    void run();

    std::vector<Endpoint> http_ = {};
    std::vector<Endpoint> https_ = {};

private:
    http::SessionOptions session_options();
    void wake_connector()
    {
        if (connector_) connector_->wake();
    }
    net::awaitable<void> write_scans();
    net::awaitable<void> keep_up();
    net::awaitable<void> wait_for_signal();
    net::awaitable<void> flush_scans();
    void count_losses();

    Settings settings_;
    server::ServiceSettings service_settings_;
    SystemClock clock_;
    SystemRandom random_;
    Metrics metrics_;
    std::atomic<bool> draining_ = false;
    std::unique_ptr<db::Database> database_;
    server::Templates templates_;
    server::StaticFiles static_files_;
    CpuPool cpu_pool_;
    WorkerPool worker_pool_;
    scanner::PictureWorkers pictures_;
    server::app::SheetWorkers sheets_;
    office::PdfMaker pdf_;
    server::ScanCounter scans_;
    server::PageCache page_cache_;
    std::unique_ptr<DiskWatch> disk_; // nullptr: nobody watches it
    std::string server_name_;
    server::app::AlarmBoard alarm_board_;
    server::app::TargetTitles target_titles_;
    Counter& scans_lost_ = metrics_.counter("nguon_scans_dropped_total", "Scans that found their queue full.");
    Counter& lines_lost_ = metrics_.counter("nguon_log_lines_dropped_total", "Lines that found the log's buffer full.");
    Counter& searches_cut_ =
        metrics_.counter("picture_searches_cut_total", "Searches for codes that took all of their time.");
    Counter& searches_again_ =
        metrics_.counter("picture_searches_again_total", "Pictures that a worker process died of.");
    Counter& pdf_refused_ = metrics_.counter("pdf_refused_total", "Documents that found the queue for PDF full.");
    Counter& pdf_slow_ = metrics_.counter("pdf_timed_out_total", "Documents whose PDF took too long.");
    Gauge* disk_free_ =
        disk_ ? &metrics_.gauge("disk_free_percent", "Of the disk that the data directory lies on.") : nullptr;
    server::Services services_;
    server::Service service_;
    IoThreads io_;
    server::app::LiveFigures live_;
    std::unique_ptr<connector::Connector> connector_;
    std::unique_ptr<server::app::AlarmWatch> alarms_;
    std::unique_ptr<server::app::LabelWorker> labels_;
    std::unique_ptr<server::app::RecallWatch> recalls_;
    server::app::EventTermFiller event_terms_{*database_};
    std::unique_ptr<http::Listener> listener_;
    std::unique_ptr<http::Listener> metrics_listener_;
    std::unique_ptr<ControlSocket> control_;
};

http::SessionOptions Application::Impl::session_options()
{
    http::SessionOptions options;
    options.limits.connections_max = settings_.limits.connections;
    options.limits.handler_time = settings_.limits.handler_time;
    options.limits.drain_time = settings_.limits.drain_time;
    options.body_policy = service_.body_policy();
    options.kept_answers = service_.kept_answers();
    options.refuse = service_.refusals();
    options.next_executor = [this] { return io_.next(); };
    options.metrics = &metrics_;
    options.on_access = [](http::AccessRecord const& record) {
        log::info_later("request", {{"request", record.request_id},
                                    {"method", record.method},
                                    {"path", record.path},
                                    {"status", record.status},
                                    {"bytes", record.response_bytes},
                                    {"micros", record.duration.count()},
                                    {"refusal", record.refusal}});
    };
    return options;
}

Status Application::Impl::listen(ServeOptions const& options)
{
    listener_ = std::make_unique<http::Listener>(io_.main(), service_.handler(), session_options());
    auto const plain = options.http.empty() ? settings_.serve.http : options.http;
    auto const secure = options.https.empty() ? settings_.serve.https : options.https;
    for (auto const& endpoint : plain) {
        auto const bound = listener_->listen(endpoint);
        if (!bound) return bound.error();
        http_.push_back(*bound);
    }
    if (!secure.empty()) {
        tls::ServerFiles files;
        files.certificate = settings_.tls.certificate;
        files.key = settings_.tls.key;
        auto const context = tls::make_server_context(files);
        if (!context) return context.error();
        service_settings_.hsts = !(*context)->own().development;
        auto const slot = std::make_shared<tls::ContextSlot>(*context);
        for (auto const& endpoint : secure) {
            auto const bound = listener_->listen_tls(endpoint, slot);
            if (!bound) return bound.error();
            https_.push_back(*bound);
        }
    }
    service_settings_.https_url = https_url(service_settings_.public_url, https_);
    if (settings_.metrics.listen) {
        metrics_listener_ =
            std::make_unique<http::Listener>(io_.main(), server::metrics_handler(metrics_), http::SessionOptions{});
        auto const bound = metrics_listener_->listen(*settings_.metrics.listen);
        if (!bound) return bound.error();
    }
    return Done{};
}

Status Application::Impl::connect_targets(std::filesystem::path const& data)
{
    auto targets = make_targets(*database_, settings_, service_settings_.public_url, clock_.now());
    if (!targets) return targets.error();
    if (!settings_.connector.enabled) return Done{};
    auto const signer = open_log_signer(*database_, data);
    if (!signer) return signer.error();
    connector::ConnectorOptions options;
    options.holder = "serve " + std::to_string(::getpid());
    options.take_over = database_->dialect() == db::Dialect::sqlite;
    options.log_signer = *signer;
    auto const witness = make_witness(settings_.connector);
    if (!witness) return witness.error();
    options.witness = *witness;
    options.source = make_target_source(*database_, clock_, services_.sealer, settings_, service_settings_.public_url);
    service_settings_.log_key = (*signer)->verifier().text();
    connector_ = std::make_unique<connector::Connector>(io_.main(), *database_, clock_, random_, &metrics_,
                                                        *std::move(targets), options);
    return Done{};
}

Status Application::Impl::open_control(std::filesystem::path const& data)
{
    auto opened = ControlSocket::open(io_.main(), data, *database_, cpu_pool_, clock_);
    if (!opened) return opened.error();
    control_ = *std::move(opened);
    return Done{};
}

Status Application::Impl::watch_alarms()
{
    auto channels = server::app::make_channels(settings_.alarms, sentences(), service_settings_, io_.main());
    if (!channels) return channels.error();
    service_settings_.alarm_channels = server::app::channel_names(settings_.alarms);
    server::app::AlarmWatchOptions options;
    options.holder = "serve " + std::to_string(::getpid());
    options.server = server_name_;
    options.titles = &target_titles_;
    options.take_over = database_->dialect() == db::Dialect::sqlite;
    alarms_ = std::make_unique<server::app::AlarmWatch>(io_.main(), *database_, clock_, metrics_, disk_.get(),
                                                        alarm_board_, *std::move(channels), options);
    return Done{};
}

void Application::Impl::draw_labels()
{
    server::app::LabelWorkerOptions options;
    options.holder = server_name_ + " " + std::to_string(::getpid());
    options.take_over = database_->dialect() == db::Dialect::sqlite;
    options.sealer = services_.sealer;
    labels_ = std::make_unique<server::app::LabelWorker>(*database_, clock_, metrics_, options);
    services_.wake_label_worker = [this] { labels_->wake(); };
}

void Application::Impl::watch_recalls()
{
    server::app::RecallWatchOptions options;
    options.holder = server_name_ + " " + std::to_string(::getpid());
    options.take_over = database_->dialect() == db::Dialect::sqlite;
    recalls_ = std::make_unique<server::app::RecallWatch>(*database_, clock_, metrics_, options);
}

net::awaitable<void> Application::Impl::flush_scans()
{
    auto scans = scans_.take();
    if (scans.empty()) co_return;
    auto work = [scans = std::move(scans)](db::Connection& c) -> Status {
        db::scans::append(c, scans);
        return Done{};
    };
    auto const written = co_await database_->write_unseen(std::move(work));
    if (!written) log::warning("scans were not counted", {{"error", written.error().key}});
}

net::awaitable<void> Application::Impl::write_scans()
{
    net::steady_timer timer{co_await net::this_coro::executor};
    while (!draining_) {
        timer.expires_after(scan_write_interval);
        boost::system::error_code ignored;
        co_await timer.async_wait(net::redirect_error(net::use_awaitable, ignored));
        co_await flush_scans();
        count_losses();
    }
}

/// What full queues dropped and limits cut, for those who watch the service.
void Application::Impl::count_losses()
{
    scans_lost_.add(scans_.dropped() - scans_lost_.value());
    lines_lost_.add(log::dropped_lines() - lines_lost_.value());
    auto const searches = pictures_.counters();
    searches_cut_.add(searches.cut_short - searches_cut_.value());
    searches_again_.add(searches.searched_again - searches_again_.value());
    auto const pdf = pdf_.counters();
    pdf_refused_.add(pdf.refused - pdf_refused_.value());
    pdf_slow_.add(pdf.timed_out - pdf_slow_.value());
    if (!disk_) return;
    disk_->look();
    constexpr double percent = 100;
    disk_free_->set(static_cast<std::int64_t>(disk_->space().free_ratio() * percent));
}

net::awaitable<void> Application::Impl::keep_up()
{
    net::steady_timer timer{co_await net::this_coro::executor};
    while (!draining_) {
        auto const now = clock_.now();
        auto work = [now, idle = service_settings_.session_idle](db::Connection& c) -> Status {
            db::scans::forget(c, now - scan_kept_time);
            db::sessions::remove_expired(c, now, now - idle);
            db::throttles::remove_old(c, now - throttle_kept_time);
            db::operations::forget_old(c, now);
            server::app::forget_reporters(c, now);
            return Done{};
        };
        auto const done = co_await database_->write_unseen(std::move(work));
        if (services_.disk) disk_->keep_ballast();
        if (!done) log::warning("upkeep failed", {{"error", done.error().key}});
        timer.expires_after(upkeep_interval);
        boost::system::error_code ignored;
        co_await timer.async_wait(net::redirect_error(net::use_awaitable, ignored));
    }
}

net::awaitable<void> Application::Impl::wait_for_signal()
{
    net::signal_set signals{co_await net::this_coro::executor, SIGTERM, SIGINT};
    co_await signals.async_wait(net::use_awaitable);
    log::info("stopping");
    draining_ = true;
    live_.close();
    auto const cancelled = co_await listener_->drain();
    if (cancelled > 0) log::warning("requests were cancelled", {{"count", cancelled}});
    if (metrics_listener_) metrics_listener_->abort();
    if (control_) control_->close();
    if (connector_) co_await connector_->stop();
    co_await alarms_->stop();
    co_await flush_scans();
    io_.stop();
}

void Application::Impl::run()
{
    std::signal(SIGPIPE, SIG_IGN);
    net::co_spawn(io_.main(), wait_for_signal(), net::detached);
    net::co_spawn(io_.main(), write_scans(), net::detached);
    net::co_spawn(io_.main(), keep_up(), net::detached);
    if (connector_) connector_->start();
    alarms_->start();
    labels_->start();
    recalls_->start();
    event_terms_.start();
    io_.run();
    cpu_pool_.join();
    labels_->stop();
    recalls_->stop();
    event_terms_.stop();
    database_->close();
    log::flush();
    log::info("stopped");
}

Result<std::unique_ptr<Application>> Application::build(ServeOptions const& options)
{
    auto settings = load_settings(options.installation);
    if (!settings) return settings.error();
    log::set_level(log::parse_level(settings->log.level));
    auto database = open_installation(options.installation, *settings);
    if (!database) return database.error();
    auto service = service_settings(**database, options, *settings, SystemClock{}.now());
    if (!service) return service.error();
    auto templates = options.dev ? server::Templates::load_folder("server/web/templates", sentences())
                                 : server::Templates::load(embedded::templates(), sentences());
    if (!templates) return templates.error();

    auto impl = std::make_unique<Impl>(options.installation.data, *std::move(settings), *std::move(database),
                                       *std::move(service), *std::move(templates));
    if (auto listening = impl->listen(options); !listening) return listening.error();
    if (auto connected = impl->connect_targets(options.installation.data); !connected) return connected.error();
    if (auto opened = impl->open_control(options.installation.data); !opened) return opened.error();
    if (auto watching = impl->watch_alarms(); !watching) return watching.error();
    impl->draw_labels();
    impl->watch_recalls();
    return std::unique_ptr<Application>{new Application{std::move(impl)}};
}

Application::Application(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Application::~Application() = default;

std::vector<Endpoint> const& Application::http() const { return impl_->http_; }
std::vector<Endpoint> const& Application::https() const { return impl_->https_; }
void Application::run() { impl_->run(); }

} // namespace nguon::cli
