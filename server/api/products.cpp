#include "scanner/picture_workers.hpp"
#include "server/api/records.hpp"
#include "server/web/locale.hpp"

namespace nguon::server::api {
namespace {

struct Change {
    Product product = {};
    std::string reason = {};
};

Error at_members(Error error)
{
    return placed(std::move(error), {{"product.code_taken", "/code"},
                                     {"gtin.disputed", "/gtin"},
                                     {"gtin.locked", "/gtin"},
                                     {"identifier.taken", "/gtin"}});
}

/// "?reason=", or the sentence for a picture that came.
Result<std::string> reason_of_image(Services const& services, Request const& request)
{
    auto const given = request.query_value("reason");
    if (given.empty()) return services.locale.text("vi", "api.reason_image", {});
    auto reason = clean_text(given, reason_chars_max);
    if (!reason) return invalid_fields({{"reason", reason.error().key, reason.error().values}});
    return reason;
}

} // namespace

/// GET /api/v1/products
net::awaitable<http::Response> list_products(Services& services, Request const& request)
{
    auto rows = [](db::Connection& c, OrganizationId const& org, Paging const& paging) -> Rows {
        return rows_of(db::products::list(c, org, paging.offset, paging.limit + 1),
                       [](auto const& head) { return to_record(head); });
    };
    co_return co_await list_of_organization(services, request, "product:read", std::move(rows));
}

/// POST /api/v1/products
net::awaitable<http::Response> create_product(Services& services, Request const& request)
{
    auto const product = read_body(request, [](JsonReader& in) { return read_product(in); });
    if (!product) co_return problem(services, request, product.error());
    auto work = [product = *product, actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const id = app::register_product(c, actor, product, {});
        if (!id) return at_members(id.error());
        auto record = product_record(c, actor.org, *id);
        if (!record) return record.error();
        return Created{"/api/v1/products/" + id->text(), *std::move(record)};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/products/{product}
net::awaitable<http::Response> show_product(Services& services, Request const& request)
{
    auto record = [id = ProductId{std::string{request.param("product")}}](
                      db::Connection& c, OrganizationId const& org) { return product_record(c, org, id); };
    co_return co_await show_of_organization(services, request, "product:read", std::move(record));
}

/// PUT /api/v1/products/{product}: pictures stay.
net::awaitable<http::Response> change_product(Services& services, Request const& request)
{
    auto const change = read_body(request, [](JsonReader& in) { return Change{read_product(in), read_reason(in)}; });
    if (!change) co_return problem(services, request, change.error());
    auto const version = read_if_match(request);
    if (!version) co_return problem(services, request, version.error());

    auto work = [id = ProductId{std::string{request.param("product")}}, change = *change, version = *version,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<json> {
        auto const head = db::products::find(c, actor.org, id);
        if (!head) return head.error();
        if (auto same = check_version(head->latest_version, version); !same) return same.error();
        auto const saved = app::change_product(c, actor, id, change.product, {}, change.reason);
        if (!saved) return at_members(saved.error());
        return product_record(c, actor.org, id);
    };
    co_return co_await replace(services, request, std::move(work));
}

/// POST /api/v1/products/{product}/images: the picture itself is the body; it becomes the first one.
net::awaitable<http::Response> add_product_image(Services& services, Request const& request)
{
    ProductId const id{std::string{request.param("product")}};
    // A stranger's product is refused before a worker spends time on the picture.
    auto look = [id, org = request.who.org](db::Connection& c) { return db::products::find(c, org, id); };
    auto const known = co_await services.database.read(std::move(look));
    if (!known) co_return problem(services, request, known.error());
    auto const reason = reason_of_image(services, request);
    if (!reason) co_return problem(services, request, reason.error());
    if (services.pictures == nullptr) co_return problem(services, request, unavailable("worker.unavailable"));
    auto const photos = co_await services.pictures->make_photos(request.body.bytes());
    if (!photos) co_return problem(services, request, photos.error());

    auto work = [id, photos = *photos, reason = *reason,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const before = app::show_product(c, actor.org, id);
        if (!before) return before.error();
        auto const saved = app::change_product(c, actor, id, before->latest, {photos}, reason);
        if (!saved) return saved.error();
        auto record = product_record(c, actor.org, id);
        if (!record) return record.error();
        auto location = (*record)["images"][0]["url"].get<std::string>();
        return Created{std::move(location), *std::move(record)};
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace nguon::server::api
