#include "server/app/recalls.hpp"

#include "core/model/batch.hpp"
#include "db/batches.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

/// Tells the portals of the version that a recall or its end made.
Status announce_state(db::Connection& c, Actor const& actor, db::batches::Head const& head, std::string const& status,
                      std::string const& reason)
{
    auto const version = head.latest_version + 1;
    auto const batch = db::batches::fields(c, head.id, version);
    if (!batch) return batch.error();
    bool const recalled = status == "recalled";
    auto for_org = actor;
    for_org.org = head.org;
    Announcement announcement;
    announcement.kind = "batch";
    announcement.id = head.id.text();
    announcement.version = version;
    announcement.product = head.product;
    announcement.op = recalled ? "withdraw" : "upsert";
    announcement.parents = {{"product", head.product.text()}};
    auto fields = to_json(*batch);
    fields["product_id"] = head.product.text();
    fields["code"] = head.code;
    fields["status"] = status;
    fields["status_reason"] = reason;
    announce(c, for_org, announcement, fields, recalled ? "batch.recall" : "batch.recall_end");
    return Done{};
}

} // namespace

Status recall_batch(db::Connection& c, Actor const& actor, BatchId const& id, std::string const& reason)
{
    if (reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    auto const head = db::batches::find_any(c, id);
    if (!head) return head.error();
    if (auto recalled = db::batches::recall(c, *head, actor.change(reason)); !recalled) return recalled;
    return announce_state(c, actor, *head, "recalled", reason);
}

Status end_batch_recall(db::Connection& c, Actor const& actor, BatchId const& id, std::string const& reason)
{
    if (reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    auto const head = db::batches::find_any(c, id);
    if (!head) return head.error();
    if (auto ended = db::batches::end_recall(c, *head, actor.change(reason)); !ended) return ended;
    return announce_state(c, actor, *head, "active", reason);
}

} // namespace nguon::server::app
