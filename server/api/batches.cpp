#include "server/api/records.hpp"

namespace nguon::server::api {
namespace {

struct NewBatch {
    ProductId product = {};
    Batch batch = {};
};

struct Change {
    Batch batch = {};
    std::string reason = {};
};

constexpr std::size_t id_chars = 36;

Error at_members(Error error)
{
    return placed(std::move(error), {{"batch.exists", "/lot"}, {"batch.lot_locked", "/lot"}});
}

/// A product that is not there, as the member that names it.
Error at_product(Error error)
{
    if (error.key == "product.unknown") return invalid_fields({{"/product_id", error.key, {}}});
    return at_members(std::move(error));
}

} // namespace

/// GET /api/v1/batches: of one product with ?product=
net::awaitable<http::Response> list_batches(Services& services, Request const& request)
{
    auto rows = [product = ProductId{std::string{request.query_value("product")}}](
                    db::Connection& c, OrganizationId const& org, Paging const& paging) -> Rows {
        auto const to_row = [](auto const& head) { return to_record(head); };
        if (product.empty()) return rows_of(db::batches::list(c, org, paging.offset, paging.limit + 1), to_row);
        auto const heads = db::batches::list_of_product(c, org, product, paging.offset + paging.limit + 1);
        return rows_of(slice(heads, paging), to_row);
    };
    co_return co_await list_of_organization(services, request, "batch:read", std::move(rows));
}

/// POST /api/v1/batches
net::awaitable<http::Response> create_batch(Services& services, Request const& request)
{
    auto const wanted = read_body(request, [](JsonReader& in) {
        return NewBatch{ProductId{in.text("product_id", id_chars)}, read_batch(in)};
    });
    if (!wanted) co_return problem(services, request, wanted.error());
    auto work = [wanted = *wanted, actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const id = app::register_batch(c, actor, wanted.product, wanted.batch);
        if (!id) return at_product(id.error());
        auto record = batch_record(c, actor.org, *id);
        if (!record) return record.error();
        return Created{"/api/v1/batches/" + id->text(), *std::move(record)};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/batches/{batch}
net::awaitable<http::Response> show_batch(Services& services, Request const& request)
{
    auto record = [id = BatchId{std::string{request.param("batch")}}](db::Connection& c, OrganizationId const& org) {
        return batch_record(c, org, id);
    };
    co_return co_await show_of_organization(services, request, "batch:read", std::move(record));
}

/// PUT /api/v1/batches/{batch}: the lot number is locked once a label was printed.
net::awaitable<http::Response> change_batch(Services& services, Request const& request)
{
    auto const change = read_body(request, [](JsonReader& in) { return Change{read_batch(in), read_reason(in)}; });
    if (!change) co_return problem(services, request, change.error());
    auto const version = read_if_match(request);
    if (!version) co_return problem(services, request, version.error());

    auto work = [id = BatchId{std::string{request.param("batch")}}, change = *change, version = *version,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<json> {
        auto const head = db::batches::find(c, actor.org, id);
        if (!head) return head.error();
        if (auto same = check_version(head->latest_version, version); !same) return same.error();
        auto const saved = app::change_batch(c, actor, id, change.batch, change.reason);
        if (!saved) return at_members(saved.error());
        return batch_record(c, actor.org, id);
    };
    co_return co_await replace(services, request, std::move(work));
}

} // namespace nguon::server::api
