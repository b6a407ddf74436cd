#include "server/app/recalls.hpp"

#include "core/model/batch.hpp"
#include "db/batches.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {

Status recall_batch(db::Connection& c, Actor const& actor, BatchId const& id, std::string const& reason)
{
    if (reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    auto const head = db::batches::find_any(c, id);
    if (!head) return head.error();
    if (auto recalled = db::batches::recall(c, *head, actor.change(reason)); !recalled) return recalled;
    auto const batch = db::batches::fields(c, id, head->latest_version + 1);
    if (!batch) return batch.error();

    auto for_org = actor;
    for_org.org = head->org;
    Announcement announcement;
    announcement.kind = "batch";
    announcement.id = id.text();
    announcement.version = head->latest_version + 1;
    announcement.product = head->product;
    announcement.op = "withdraw";
    announcement.parents = {{"product", head->product.text()}};
    auto fields = to_json(*batch);
    fields["product_id"] = head->product.text();
    fields["code"] = head->code;
    fields["status"] = "recalled";
    fields["status_reason"] = reason;
    announce(c, for_org, announcement, fields, "batch.recall");
    return Done{};
}

} // namespace nguon::server::app
