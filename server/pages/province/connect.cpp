#include "core/http/uri.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "core/runtime/key_pair.hpp"
#include "db/accounts.hpp"
#include "server/app/connection_change.hpp"
#include "server/auth/sign_in.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/province/connect_view.hpp"

#include <algorithm>
#include <array>

namespace nguon::server::pages::province {
namespace {

constexpr std::string_view list_url = "/province/sync/connect";

/// What is dangerous to do from a browser that somebody left open.
constexpr std::array with_password{"settings",    "live",         "stop",         "resume", "switch",
                                   "switch_back", "propose_pins", "confirm_pins", "remove"};

std::string target_of(Request const& request) { return std::string{request.param("connection")}; }

/// The connection concerns the whole installation: not for a grant that is limited to an area.
Status check_whole(Request const& request, Scope scope)
{
    if (request.who.may(scope, OrganizationId{})) return Done{};
    return forbidden("connection.whole_province");
}

net::awaitable<Result<app::ConnectionView>> load(Services& services, Request const& request)
{
    auto work = [target = target_of(request)](db::Connection& c) { return app::find_connection(c, target); };
    co_return co_await services.database.read(std::move(work));
}

net::awaitable<http::Response> connection_page(Services& services, Request const& request, Error const* error)
{
    auto const view = co_await load(services, request);
    if (!view) co_return page_problem(services, request, view.error());
    auto response =
        page(services, request, "province/connection", connection_page_view(services, request, *view, error),
             error == nullptr ? 200 : status_of(*error));
    // The connector looks every second; a page without scripts looks after it.
    if (view->is_busy() && error == nullptr) response.header("Refresh", "2; url=" + connection_url(target_of(request)));
    co_return response;
}

net::awaitable<http::Response> list_page(Services& services, Request const& request, Error const* error)
{
    auto work = [](db::Connection& c) -> Result<std::vector<app::ConnectionView>> { return app::list_connections(c); };
    auto const all = co_await services.database.read(std::move(work));
    if (!all) co_return page_problem(services, request, all.error());
    auto const say = words(services, request);
    json view{{"title", say("province.connect.title")},
              {"section", "sync"},
              {"may_write", may_connect(request)},
              {"rows", json::array()},
              {"form", json::object()}};
    for (auto const& one : *all) {
        auto const& connection = one.connection;
        view["rows"].push_back({{"name", target_name(services, request, connection.target)},
                                {"url", connection_url(connection.target)},
                                {"address", connection.url},
                                {"configured", one.configured},
                                {"chip", stage_chip(services, request, one)}});
    }
    Options const adapters{{"most", say("province.connect.adapter.most")},
                           {"epcis", say("province.connect.adapter.epcis")}};
    view["form"] = form_of(services, request, "create",
                           {{.name = "target", .required = true, .autocomplete = "off", .chars_max = 32},
                            {.name = "title", .autocomplete = "off", .chars_max = app::target_title_chars_max},
                            {.name = "adapter", .type = "select", .required = true, .options = adapters},
                            {.name = "url", .required = true, .autocomplete = "off", .chars_max = 200}},
                           json::object(), error);
    if (error != nullptr) view["errors"] = form_errors(services, request, *error);
    co_return page(services, request, "province/connections", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

std::optional<std::string> typed(Form const& form, char const* name)
{
    auto const value = form.get(name);
    if (value.empty()) return std::nullopt;
    return std::string{value};
}

std::optional<std::string> uploaded(Form const& form, char const* name)
{
    auto const* const file = form.file(name);
    if (file == nullptr || file->bytes.empty()) return std::nullopt;
    return file->bytes;
}

Error no_sealer() { return unavailable("sealed.no_key"); }

net::awaitable<Status> save_settings(Services& services, Request const& request)
{
    auto const target = target_of(request);
    app::ConnectionSettings settings;
    settings.url = request.form.get("url");
    settings.title = request.form.get("title");
    settings.secret_header = typed(request.form, "secret_header");
    settings.authority = uploaded(request.form, "authority");
    settings.client_authority = uploaded(request.form, "client_authority");
    settings.receipt_key = uploaded(request.form, "receipt_key");
    settings.mapping = uploaded(request.form, "mapping");
    if (auto const secret = typed(request.form, "secret")) {
        if (!services.sealer) co_return no_sealer();
        settings.sealed_secret = services.sealer->seal(*secret, db::connections::secret_purpose(target));
    }
    auto work = [actor = actor_of(services, request), target, settings](db::Connection& c) {
        return app::change_settings(c, actor, target, settings);
    };
    co_return co_await services.database.write(std::move(work));
}

/// The name that the request carries: the address at which this province is known.
std::string name_of_service(ServiceSettings const& settings)
{
    auto const url = http::parse_url(settings.public_url);
    return url ? url->host : settings.province_name;
}

net::awaitable<Status> make_key(Services& services, Request const& request)
{
    auto const view = co_await load(services, request);
    if (!view) co_return view.error();
    if (!services.sealer) co_return no_sealer();
    auto const kind = tls::read_key_kind(request.form.get("kind"));
    auto const organization = clean_text(request.form.get("organization"), 64);
    std::vector<FieldError> faults;
    if (!kind) faults.push_back({"kind", "connection.key_kind", {}});
    if (!organization) faults.push_back({"organization", organization.error().key, organization.error().values});
    if (organization && organization->empty()) faults.push_back({"organization", "field.required", {}});
    if (!faults.empty()) co_return invalid_fields(std::move(faults));
    tls::RequestSubject const subject{services.settings.province_name, *organization,
                                      name_of_service(services.settings)};
    auto const target = target_of(request);
    auto draw = [kind = *kind, subject, target, sealer = services.sealer,
                 slot = app::slot_of_new_key(*view)]() -> Result<app::NewKeyPair> {
        auto const key = tls::make_private_key(kind);
        auto made = tls::make_certificate_request(key, subject);
        if (!made) return made.error();
        return app::NewKeyPair{slot, sealer->seal(key, db::connections::key_purpose(target)), *std::move(made)};
    };
    auto const pair = co_await services.cpu_pool.run(std::move(draw));
    if (!pair) co_return pair.error();
    auto work = [actor = actor_of(services, request), target, made = *pair](db::Connection& c) {
        return app::add_key_pair(c, actor, target, made);
    };
    co_return co_await services.database.write(std::move(work));
}

db::connections::Certificate const* certificate_of(app::ConnectionView const& view, std::string_view slot)
{
    auto const& certificate = slot == "next" ? view.next : view.current;
    return certificate ? &*certificate : nullptr;
}

/// Every fault of a chain, at the field that the file was chosen in.
Error refusal_of(tls::ChainReport const& report)
{
    std::vector<FieldError> faults;
    for (auto const& fault : report.faults) faults.push_back({"file", fault.key, fault.values});
    return invalid_fields(std::move(faults));
}

net::awaitable<Status> take_chain(Services& services, Request const& request)
{
    auto const view = co_await load(services, request);
    if (!view) co_return view.error();
    if (!services.sealer) co_return no_sealer();
    auto const* const certificate = certificate_of(*view, request.form.get("slot"));
    if (certificate == nullptr) co_return conflict("connection.changed_meanwhile");
    auto const file = uploaded(request.form, "file");
    std::vector<FieldError> faults;
    if (!file) {
        faults.push_back({"file", "field.required", {}});
        co_return invalid_fields(std::move(faults));
    }
    auto const key =
        services.sealer->unseal(certificate->sealed_key, db::connections::key_purpose(certificate->target));
    auto const chain = key ? tls::read_chain(*file, *key) : Result<std::string>{key.error()};
    if (!chain) {
        faults.push_back({"file", chain.error().key, chain.error().values});
        co_return invalid_fields(std::move(faults));
    }
    auto const report = app::preflight(*services.sealer, *view, *certificate, *chain, services.clock.now());
    if (!report.good()) co_return refusal_of(report);
    auto work = [actor = actor_of(services, request), kept = *certificate, chain = *chain, report](db::Connection& c) {
        return app::store_chain(c, actor, kept, chain, report);
    };
    co_return co_await services.database.write(std::move(work));
}

net::awaitable<Status> check_again(Services& services, Request const& request)
{
    auto const view = co_await load(services, request);
    if (!view) co_return view.error();
    if (!services.sealer) co_return no_sealer();
    auto const* const certificate = certificate_of(*view, request.form.get("slot"));
    if (certificate == nullptr) co_return conflict("connection.changed_meanwhile");
    auto const report = app::preflight(*services.sealer, *view, *certificate, {}, services.clock.now());
    auto work = [actor = actor_of(services, request), kept = *certificate, report](db::Connection& c) {
        return app::store_preflight(c, actor, kept, report);
    };
    co_return co_await services.database.write(std::move(work));
}

/// The acts that are one piece of work on the database.
Status act_on(db::Connection& c, app::Actor const& actor, std::string const& target, std::string const& act,
              Form const& form)
{
    auto const get = [&form](char const* name) { return std::string{form.get(name)}; };
    if (act == "declare")
        return app::declare_conformity(c, actor, target, {get("number"), get("date"), get("standard")});
    if (act == "check") return app::ask_check(c, actor, target, get("kind"));
    if (act == "review") return app::review_dry_run(c, actor, target);
    if (act == "live") return app::go_live(c, actor, target);
    if (act == "stop") return app::stop_connection(c, actor, target, get("reason"));
    if (act == "resume") return app::resume_connection(c, actor, target, get("reason"));
    if (act == "remove") return app::remove_connection(c, actor, target, get("reason"));
    if (act == "switch") return app::switch_certificate(c, actor, target);
    if (act == "switch_back") return app::switch_back(c, actor, target);
    if (act == "drop_next") return app::drop_next(c, actor, target);
    if (act == "propose_pins") return app::propose_pins(c, actor, target, get("pins"), get("reason"));
    if (act == "confirm_pins") return app::confirm_pins(c, actor, target);
    if (act == "drop_pins") return app::drop_pins(c, actor, target);
    return invalid("connection.act");
}

net::awaitable<Status> run_act(Services& services, Request const& request)
{
    std::string const act{request.form.get("act")};
    if (std::ranges::find(with_password, act) != with_password.end()) {
        std::string const password{request.form.get("password")};
        auto const confirmed = co_await confirm_password(services, request, password);
        if (!confirmed) co_return confirmed;
    }
    if (act == "settings") co_return co_await save_settings(services, request);
    if (act == "key") co_return co_await make_key(services, request);
    if (act == "chain") co_return co_await take_chain(services, request);
    if (act == "preflight") co_return co_await check_again(services, request);
    auto work = [actor = actor_of(services, request), target = target_of(request), act,
                 form = request.form](db::Connection& c) { return act_on(c, actor, target, act, form); };
    co_return co_await services.database.write(std::move(work));
}

} // namespace

net::awaitable<http::Response> show_connections(Services& services, Request const& request)
{
    if (auto const whole = check_whole(request, "sync:read"); !whole)
        co_return page_problem(services, request, whole.error());
    co_return co_await list_page(services, request, nullptr);
}

net::awaitable<http::Response> create_connection(Services& services, Request const& request)
{
    if (!may_connect(request)) co_return page_problem(services, request, forbidden("connection.whole_province"));
    app::NewConnection const wanted{std::string{request.form.get("target")}, std::string{request.form.get("adapter")},
                                    std::string{request.form.get("url")}, std::string{request.form.get("title")}};
    auto work = [actor = actor_of(services, request), wanted](db::Connection& c) {
        return app::create_connection(c, actor, wanted);
    };
    auto const made = co_await services.database.write(std::move(work));
    if (!made) {
        count_limit(services, made.error());
        co_return co_await list_page(services, request, &made.error());
    }
    co_return redirect(connection_url(wanted.target));
}

net::awaitable<http::Response> show_connection(Services& services, Request const& request)
{
    if (auto const whole = check_whole(request, "sync:read"); !whole)
        co_return page_problem(services, request, whole.error());
    co_return co_await connection_page(services, request, nullptr);
}

net::awaitable<http::Response> change_connection(Services& services, Request const& request)
{
    if (!may_connect(request)) co_return page_problem(services, request, forbidden("connection.whole_province"));
    auto const done = co_await run_act(services, request);
    if (!done) {
        count_limit(services, done.error());
        co_return co_await connection_page(services, request, &done.error());
    }
    if (request.form.get("act") == "remove")
        co_return redirect(make_url(list_url, {{"done", "province_connection_removed"}}));
    co_return redirect(connection_url(target_of(request)));
}

net::awaitable<http::Response> download_request(Services& services, Request const& request)
{
    if (auto const whole = check_whole(request, "sync:read"); !whole)
        co_return page_problem(services, request, whole.error());
    auto const view = co_await load(services, request);
    if (!view) co_return page_problem(services, request, view.error());
    auto const* const certificate = certificate_of(*view, request.query_value("slot"));
    if (certificate == nullptr) co_return page_problem(services, request, not_found("connection.no_request"));
    co_return file_response(certificate->request, "application/pkcs10", "nguon-" + certificate->target + ".csr");
}

} // namespace nguon::server::pages::province
