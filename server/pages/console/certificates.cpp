#include "server/app/certificates.hpp"
#include "db/blobs.hpp"
#include "db/products.hpp"
#include "server/pages/console/desk.hpp"

#include <algorithm>

namespace nguon::server::pages::console {
namespace {

constexpr std::int64_t products_offered = 200;

struct Shown {
    std::vector<db::certificates::Entry> entries = {};
    std::vector<db::products::Head> products = {};
};

net::awaitable<Result<Shown>> load(Services& services, Request const& request)
{
    auto work = [org = request.who.org](db::Connection& c) -> Result<Shown> {
        return Shown{db::certificates::list(c, org), db::products::list(c, org, 0, products_offered)};
    };
    co_return co_await services.database.read(std::move(work));
}

http::Response certificate_page(Services& services, Request const& request, Shown const& shown, Error const* error)
{
    json view{{"title", text(services, request, "console.certificate.new")}, {"section", "certificates"}};
    Options products{{"", text(services, request, "console.certificate.whole_organization")}};
    for (auto const& product : shown.products) products.emplace_back(product.id.text(), product.name);
    FormView form{services, request, "console.certificate", request.form.to_json(), error};
    form.add({.name = "kind",
              .type = "select",
              .required = true,
              .options = options_of(services, request, "console.certificate.kind", certificate_kinds)});
    form.add({.name = "name", .seen_by = SeenBy::everyone, .chars_max = 120});
    form.add({.name = "number", .required = true, .seen_by = SeenBy::everyone, .chars_max = 60});
    form.add({.name = "issuer", .required = true, .seen_by = SeenBy::everyone, .chars_max = 200});
    form.add({.name = "product", .type = "select", .options = std::move(products)});
    form.add({.name = "scope", .seen_by = SeenBy::everyone, .chars_max = 300});
    form.add({.name = "valid_from", .type = "date", .seen_by = SeenBy::everyone});
    form.add({.name = "valid_to", .type = "date", .seen_by = SeenBy::everyone});
    form.add({.name = "file",
              .type = "file",
              .seen_by = SeenBy::everyone,
              .accept = "application/pdf,image/jpeg,image/png,image/webp"});
    form.put_into(view);
    view["file_again"] = error != nullptr && !request.form.files().empty();
    return console_page(services, request, "console/certificate_form", std::move(view), error);
}

std::string_view state_of(db::certificates::Entry const& entry, Date today)
{
    if (entry.head.status != "active") return "revoked";
    return to_text(state_on(entry.certificate, today));
}

} // namespace

net::awaitable<http::Response> show_certificates(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const today = vietnam_date(services.clock.now());
    json view{{"title", text(services, request, "nav.certificates")},
              {"section", "certificates"},
              {"may_write", request.who.may("certificate:write")},
              {"has_rows", !shown->entries.empty()},
              {"rows", json::array()}};
    for (auto const& entry : shown->entries) {
        auto const& certificate = entry.certificate;
        auto const product = std::ranges::find(shown->products, entry.head.product, &db::products::Head::id);
        auto const mark = entry.marks.find("certificate");
        auto const kind = mark == entry.marks.end() ? std::string_view{"self_declared"} : to_text(mark->second.kind);
        view["rows"].push_back(
            {{"name", certificate.name.empty() ? text(services, request, "console.certificate.kind." + certificate.kind)
                                               : certificate.name},
             {"number", certificate.number},
             {"issuer", certificate.issuer},
             {"scope", product == shown->products.end()
                           ? text(services, request, "console.certificate.whole_organization")
                           : product->name},
             {"valid_from", show_date(request, certificate.valid_from)},
             {"valid_to", show_date(request, certificate.valid_to)},
             {"file", certificate.files.empty() ? std::string{} : file_url(certificate.files.front())},
             {"mark", chip(services, request, "console.mark", kind)},
             {"chip", chip(services, request, "console.certificate.state", state_of(entry, today))}});
    }
    co_return console_page(services, request, "console/certificates", std::move(view));
}

net::awaitable<http::Response> new_certificate(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return certificate_page(services, request, *shown, nullptr);
}

net::awaitable<http::Response> save_certificate(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const certificate = read_form_as(request.form, &read_certificate);
    if (!certificate) co_return certificate_page(services, request, *shown, &certificate.error());
    std::vector<app::NewFile> files;
    if (auto const* file = request.form.file("file")) files.push_back({file->media_type, file->bytes});
    auto work = [actor = actor_of(services, request), certificate = *certificate,
                 product = ProductId{std::string{request.form.get("product")}},
                 files](db::Connection& c) -> Result<std::string> {
        if (auto saved = app::register_certificate(c, actor, certificate, product, files); !saved)
            return std::move(saved).error();
        return std::string{"/console/certificates?done=saved"};
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    auto const error = placed(saved.error(), {{"product.unknown", "product"}, {"file.too_large", "file"}});
    co_return certificate_page(services, request, *shown, &error);
}

net::awaitable<http::Response> show_file(Services& services, Request const& request)
{
    auto work = [org = request.who.org, sha256 = std::string{request.param("sha256")}](db::Connection& c) {
        return db::blobs::find(c, org, sha256);
    };
    auto file = co_await services.database.read(std::move(work));
    if (!file) co_return page_problem(services, request, file.error());
    auto const media_type = file->media_type;
    auto const name = std::string{request.param("sha256").substr(0, 12)} +
                      (media_type == "application/pdf" ? ".pdf" : "." + media_type.substr(media_type.find('/') + 1));
    // Pictures are shown; anything else is saved, so that no document of strangers runs under our address.
    auto response = file_response(std::move(file->bytes), media_type, name, media_type.starts_with("image/"));
    response.header("Cache-Control", "private, max-age=31536000, immutable"); // named by its digest
    co_return response;
}

} // namespace nguon::server::pages::console
