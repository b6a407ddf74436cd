#include "server/app/batches.hpp"

#include "core/gs1/printed_code.hpp"
#include "db/products.hpp"
#include "server/app/naming.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

void announce_batch(db::Connection& c, Actor const& actor, db::batches::Head const& head, std::int64_t version,
                    Batch const& batch, std::string const& action)
{
    Announcement announcement;
    announcement.kind = "batch";
    announcement.id = head.id.text();
    announcement.version = version;
    announcement.product = head.product;
    announcement.parents = {{"product", head.product.text()}};
    auto fields = to_json(batch);
    fields["product_id"] = head.product.text();
    fields["code"] = head.code;
    announce(c, actor, announcement, fields, action);
}

} // namespace

Result<BatchId> register_batch(db::Connection& c, Actor const& actor, ProductId const& product, Batch const& batch)
{
    auto const of_product = db::products::find(c, actor.org, product);
    if (!of_product) return of_product.error();
    db::batches::Head head;
    head.id = new_id<struct BatchKind>();
    head.org = actor.org;
    head.product = product;
    head.lot = batch.lot;
    head.code = gs1::new_printed_code();
    if (auto saved = db::batches::insert(c, head, batch, actor.change()); !saved) return saved.error();
    name_batch(c, head, of_product->gtin);
    announce_batch(c, actor, head, 1, batch, "batch.register");
    return head.id;
}

Status change_batch(db::Connection& c, Actor const& actor, BatchId const& id, Batch const& batch,
                    std::string const& reason)
{
    auto const head = db::batches::find(c, actor.org, id);
    if (!head) return head.error();
    if (auto saved = db::batches::update(c, actor.org, *head, batch, actor.change(reason)); !saved) return saved;
    announce_batch(c, actor, *head, head->latest_version + 1, batch, "batch.change");
    return Done{};
}

std::string propose_lot(db::Connection& c, OrganizationId const& org, ProductId const& product, Date today)
{
    auto const day = fmt::format("L{:02}{:02}{:02}", static_cast<int>(today.year()) % 100,
                                 static_cast<unsigned>(today.month()), static_cast<unsigned>(today.day()));
    auto lot = day;
    for (char letter = 'B'; letter <= 'Z'; ++letter) {
        auto const known = db::batches::find_by_lot(c, product, lot);
        if (!known || known->org != org) break;
        lot = day + letter;
    }
    return lot;
}

Result<BatchView> show_batch(db::Connection& c, OrganizationId const& org, BatchId const& id)
{
    auto head = db::batches::find(c, org, id);
    if (!head) return head.error();
    auto fields = db::batches::fields(c, id, head->latest_version);
    if (!fields) return fields.error();
    auto const product = db::products::find(c, org, head->product);
    if (!product) return product.error();
    return BatchView{*std::move(head), *std::move(fields), product->gtin, product->group_code};
}

} // namespace nguon::server::app
