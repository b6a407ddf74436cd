#include "db/targets.hpp"
#include "server/api/records.hpp"

namespace nguon::server::api {
namespace {

struct Wanted {
    db::deliveries::Filter filter = {};
    std::string type = {};
    std::string id = {};
};

Result<Wanted> read_wanted(Request const& request, Paging const& paging)
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
    if (paging.before > 0) out.filter.before = paging.before;
    out.filter.limit = paging.limit + 1;
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

} // namespace

/// GET /api/v1/deliveries: newest first; with ?type=&id= those of one record.
net::awaitable<http::Response> list_deliveries(Services& services, Request const& request)
{
    auto const paging = read_paging(request);
    if (!paging) co_return problem(services, request, paging.error());
    auto const wanted = read_wanted(request, *paging);
    if (!wanted) co_return problem(services, request, wanted.error());

    auto work = [wanted = *wanted, paging = *paging, reader = reader_of(services, request, "organization:read")](
                    db::Connection& c) -> Result<std::vector<json>> {
        auto const org = reader.organization(c);
        if (!org) return org.error();
        auto filter = wanted.filter;
        filter.org = *org;
        filter.target = target_of(c, filter.target);
        auto views = wanted.id.empty() ? db::deliveries::page(c, filter)
                                       : slice(db::deliveries::of_record(c, *org, wanted.type, wanted.id), paging);
        std::vector<json> rows;
        for (auto& view : views) {
            if (!view.receipt && view.state == db::deliveries::State::delivered)
                if (auto receipt = db::receipts::find(c, *org, view.target, view.seq)) view.receipt = *receipt;
            rows.push_back(to_record(view));
        }
        return rows;
    };
    auto rows = co_await fetch(services, request, std::move(work));
    if (!rows) co_return problem(services, request, rows.error());
    auto page = wanted->id.empty() ? page_before(request, *paging, *std::move(rows), "seq")
                                   : page_of(request, *paging, *std::move(rows));
    co_return json_response(200, page);
}

} // namespace nguon::server::api
