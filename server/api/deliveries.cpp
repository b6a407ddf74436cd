#include "core/bytes.hpp"
#include "db/delivery_log.hpp"
#include "db/targets.hpp"
#include "server/api/records.hpp"
#include "server/app/delivery_proof.hpp"
#include "server/http/url.hpp"

#include <algorithm>

namespace nguon::server::api {
namespace {

struct Wanted {
    db::deliveries::Filter filter = {};
    std::string type = {}; // with `id`: those of one record only
    std::string id = {};
};

Result<Wanted> read_wanted(Request const& request)
{
    Wanted out;
    out.filter.target = request.query_value("target");
    out.type = request.query_value("type");
    out.id = request.query_value("id");
    if (auto const word = request.query_value("state"); !word.empty()) {
        auto const state = db::deliveries::read_state(word);
        if (!state) return invalid_fields({{"state", state.error().key, state.error().values}});
        out.filter.state = *state;
    }
    if (out.type.empty() != out.id.empty())
        return invalid_fields({{out.id.empty() ? "id" : "type", "field.required", {}}});
    return out;
}

/// The portal that was named, or the first that is in use.
std::string target_of(db::Connection& c, std::string const& named)
{
    if (!named.empty()) return named;
    for (auto const& target : db::targets::list(c))
        if (target.enabled) return target.name;
    return {};
}

std::vector<db::deliveries::View> find(db::Connection& c, OrganizationId const& org, Wanted const& wanted,
                                       Paging const& paging)
{
    if (!wanted.id.empty()) return slice(db::deliveries::of_record(c, org, wanted.type, wanted.id), paging);
    auto filter = wanted.filter;
    filter.org = org;
    filter.target = target_of(c, filter.target);
    if (paging.before > 0) filter.before = paging.before;
    filter.limit = paging.limit + 1;
    return db::deliveries::page(c, filter);
}

} // namespace

/// GET /api/v1/deliveries: newest first; with ?type=&id= those of one record.
net::awaitable<http::Response> list_deliveries(Services& services, Request const& request)
{
    auto const wanted = read_wanted(request);
    if (!wanted) co_return problem(services, request, wanted.error());
    auto rows = [wanted = *wanted](db::Connection& c, OrganizationId const& org, Paging const& paging) -> Rows {
        return rows_of(find(c, org, wanted, paging), [&](db::deliveries::View view) {
            if (!view.receipt && view.state == db::deliveries::State::delivered)
                if (auto receipt = db::receipts::find(c, org, view.target, view.seq)) view.receipt = *receipt;
            return to_record(view);
        });
    };
    co_return co_await list_of_organization(services, request, "organization:read", std::move(rows),
                                            wanted->id.empty() ? &page_before : &page_of);
}

/// GET /api/v1/deliveries/{target}/{seq}/proof: what `nguon verify --proof` checks anywhere.
net::awaitable<http::Response> show_delivery_proof(Services& services, Request const& request)
{
    auto record = [target = std::string{request.param("target")}, seq = read_number(request.param("seq"))](
                      db::Connection& c, OrganizationId const& org) { return app::make_proof(c, org, target, seq); };
    co_return co_await show_of_organization(services, request, "organization:read", std::move(record));
}

namespace {

/// The newest signed root, and with `since` the proof that the log of that size has only grown.
Result<json> read_log(db::Connection& c, std::string const& log_key, std::uint64_t since)
{
    auto const checkpoint = db::delivery_log::newest_checkpoint(c);
    json out{{"log_key", log_key}, {"size", checkpoint ? checkpoint->size : 0}};
    if (!checkpoint) return out;
    out["checkpoint"] = checkpoint->note;
    if (since == 0 || since > checkpoint->size) return out;
    out["consistency"] = json::array();
    for (auto const& hash : db::delivery_log::consistency_proof(c, since, checkpoint->size))
        out["consistency"].push_back(to_base64(hash));
    return out;
}

} // namespace

/// GET /api/v1/delivery-log: for everybody, so that anybody can keep it and notice a history that is written anew.
net::awaitable<http::Response> show_delivery_log(Services& services, Request const& request)
{
    auto const since = static_cast<std::uint64_t>(std::max<std::int64_t>(0, read_number(request.query_value("since"))));
    auto work = [log_key = services.settings.log_key, since](db::Connection& c) { return read_log(c, log_key, since); };
    auto const log = co_await services.database.read(std::move(work));
    if (!log) co_return problem(services, request, log.error());
    auto response = json_response(200, *log);
    response.header("Access-Control-Allow-Origin", "*");
    co_return response;
}

} // namespace nguon::server::api
