#include "server/app/products.hpp"

#include "core/gs1/printed_code.hpp"
#include "db/audit_log.hpp"
#include "db/batches.hpp"
#include "db/blobs.hpp"
#include "db/outbox.hpp"
#include "db/reference.hpp"
#include "server/app/naming.hpp"
#include "server/app/sanctions.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::size_t product_images_max = 8;

Status check_group(db::Connection& c, Product const& product)
{
    if (db::reference::find_product_group(c, product.group_code)) return Done{};
    return invalid_fields({{"/group_code", "reference.group_unknown", {product.group_code}}});
}

/// Never of GS1's form, so that nobody takes it for a barcode number (Decree 37/2026 Art. 28.4).
std::string new_product_code() { return "SP-" + gs1::new_printed_code().substr(0, 6); }

/// Puts new pictures in front: the first is the one that is shown.
Status keep_photos(db::Connection& c, Product& product, std::vector<scanner::Photos> const& photos, Instant at)
{
    for (auto photo = photos.rbegin(); photo != photos.rend(); ++photo) {
        auto large = db::blobs::insert(c, "image/webp", photo->webp_large.bytes, false, at);
        auto small = db::blobs::insert(c, "image/webp", photo->webp_small.bytes, false, at);
        auto jpeg = db::blobs::insert(c, "image/jpeg", photo->jpeg.bytes, false, at);
        if (!large) return large.error();
        if (!small) return small.error();
        if (!jpeg) return jpeg.error();
        product.images.insert(product.images.begin(), *std::move(large));
        product.thumbnails.insert(product.thumbnails.begin(), *std::move(small));
        product.jpegs.insert(product.jpegs.begin(), *std::move(jpeg));
    }
    for (auto* list : {&product.images, &product.thumbnails, &product.jpegs})
        if (list->size() > product_images_max) list->resize(product_images_max);
    return Done{};
}

void announce_product(db::Connection& c, Actor const& actor, ProductId const& id, std::int64_t version,
                      Product const& product, std::string const& action)
{
    Announcement announcement;
    announcement.kind = "product";
    announcement.id = id.text();
    announcement.version = version;
    announcement.product = id;
    announcement.parents = {{"organization", actor.org.text()}};
    announce(c, actor, announcement, to_json(product), action);
}

} // namespace

Result<ProductId> register_product(db::Connection& c, Actor const& actor, Product product,
                                   std::vector<scanner::Photos> const& photos)
{
    if (auto known = check_group(c, product); !known) return known.error();
    if (product.code.empty()) product.code = new_product_code();
    if (auto kept = keep_photos(c, product, photos, actor.at); !kept) return kept.error();
    auto const id = new_id<struct ProductKind>();
    if (auto saved = db::products::insert(c, id, actor.org, product, actor.change()); !saved) return saved.error();
    name_product(c, id, product);
    announce_product(c, actor, id, 1, product, "product.register");
    return id;
}

Status change_product(db::Connection& c, Actor const& actor, ProductId const& id, Product product,
                      std::vector<scanner::Photos> const& photos, std::string const& reason)
{
    auto const head = db::products::find(c, actor.org, id);
    if (!head) return head.error();
    auto const before = db::products::fields(c, id, head->latest_version);
    if (!before) return before.error();
    if (auto known = check_group(c, product); !known) return known;
    if (product.code.empty()) product.code = before->code;
    product.images = before->images;
    product.thumbnails = before->thumbnails;
    product.jpegs = before->jpegs;
    if (auto kept = keep_photos(c, product, photos, actor.at); !kept) return kept;
    if (auto saved = db::products::update(c, actor.org, *head, product, actor.change(reason)); !saved) return saved;
    if (product.gtin != before->gtin)
        if (auto named = rename_product(c, actor.org, id, product); !named) return named;
    announce_product(c, actor, id, head->latest_version + 1, product, "product.change");
    db::outbox::reconsider_holds(c, actor.org, actor.at);
    return Done{};
}

Status decide_product(db::Connection& c, Actor const& actor, ProductId const& id, std::string const& status,
                      std::string const& reason)
{
    if (status != "published" && reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    auto const head = db::products::find_any(c, id);
    if (!head) return head.error();
    if (auto decided = db::products::decide(c, id, status, actor.change(reason)); !decided) return decided;
    if (auto kept = follow_decision(c, actor, "product", id.text(), head->org, status, reason); !kept) return kept;
    db::outbox::reconsider_holds(c, head->org, actor.at);
    db::audit_log::Entry entry;
    entry.org = head->org;
    entry.action = "product." + status;
    entry.entity_kind = "product";
    entry.entity_id = id.text();
    entry.detail = nlohmann::json{{"reason", reason}}.dump();
    db::audit_log::append(c, actor.change(reason), entry);
    return Done{};
}

Result<ProductView> show_product(db::Connection& c, OrganizationId const& org, ProductId const& id)
{
    auto head = db::products::find(c, org, id);
    if (!head) return head.error();
    auto fields = db::products::fields(c, id, head->latest_version);
    if (!fields) return fields.error();
    auto missing = missing_for_portal(*fields);
    return ProductView{*std::move(head), *std::move(fields), std::move(missing)};
}

} // namespace nguon::server::app
