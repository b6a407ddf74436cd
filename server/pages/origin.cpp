#include "server/pages/origin.hpp"

#include "core/gs1/digital_link.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/runtime/clock.hpp"
#include "db/blobs.hpp"
#include "db/complaints.hpp"
#include "db/database.hpp"
#include "server/app/naming.hpp"
#include "server/app/resolver_levels.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/url.hpp"
#include "server/pages/origin_answer.hpp"
#include "server/services.hpp"

namespace nguon::server::pages {

net::awaitable<http::Response> show_origin(Services& services, Request const& request)
{
    auto const generation = services.database.generation();
    // The page says of the code what it says at the Digital Link itself.
    auto as_link = request;
    as_link.path.erase(0, app::page_prefix.size());
    auto const reading = gs1::read_digital_link_path(as_link.path, as_link.query);
    if (!reading.valid()) co_return faulty_code(services, as_link, gs1::to_error(reading.faults));
    auto const glance = glance_of(services, request);
    auto work = [elements = reading.link.elements, glance](db::Connection& c) {
        return look(c, app::find_subject(c, elements, vietnam_date(glance.now)), glance);
    };
    auto const found = co_await services.database.read(std::move(work));
    auto response = origin_page(services, as_link, found, glance.now);
    if (!found) co_return response;
    co_return keep_page(services, request, std::move(response), generation, found->subject);
}

net::awaitable<http::Response> show_printed_code(Services& services, Request const& request)
{
    auto const code = gs1::read_printed_code(request.param("code"));
    if (!code) co_return faulty_code(services, request, code.error());
    auto const glance = glance_of(services, request);
    auto work = [code = *code, glance](db::Connection& c) {
        auto found = look(c, app::find_subject(c, code, vietnam_date(glance.now)), glance);
        if (found && !found->subject.product) found->is_case = db::complaints::find(c, code).ok();
        return found;
    };
    auto const found = co_await services.database.read(std::move(work));
    if (found && found->is_case)
        co_return redirect(make_url("/case/" + *code, {{"lang", request.query_value("lang")}}));
    if (found && found->subject.product && !found->subject.product->gtin.empty() && found->subject.batch) {
        auto const& subject = found->subject;
        auto response = redirect(
            app::label_path(subject.product->gtin, subject.batch->lot, subject.unit_code, subject.batch->code) +
            (request.query.empty() ? "" : "?" + request.query));
        response.status = 307;
        co_return response;
    }
    co_return origin_page(services, request, found, glance.now);
}

net::awaitable<http::Response> show_file(Services& services, Request const& request)
{
    auto const who = request.who;
    auto work = [digest = std::string{request.param("sha256")}, who](db::Connection& c) -> Result<db::blobs::File> {
        auto file = db::blobs::find_public(c, digest);
        if (file) return file;
        if (who.sees_all("province:read")) return db::blobs::find_any(c, digest);
        if (!who.org.empty()) return db::blobs::find(c, who.org, digest);
        return file;
    };
    auto file = co_await services.database.read(std::move(work));
    if (!file) co_return any_problem(services, request, file.error());
    auto response =
        file_response(std::move(file->bytes), file->media_type, request.param("sha256").substr(0, 12), true);
    // The address names the bytes, so they never change; who may see them is asked anew only after a day.
    response.header("Cache-Control", "private, max-age=86400");
    response.header("ETag", "\"" + std::string{request.param("sha256")}.substr(0, 32) + "\"");
    co_return response;
}

} // namespace nguon::server::pages
