#include "server/app/delivery_proof.hpp"

#include "core/bytes.hpp"
#include "db/deliveries.hpp"
#include "db/delivery_log.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {

using nlohmann::json;

Result<json> make_proof(db::Connection& c, OrganizationId const& org, std::string const& target,
                        std::int64_t outbox_seq)
{
    auto const sent = db::deliveries::find_sent(c, org, target, outbox_seq);
    if (!sent) return sent.error();
    auto const receipt = db::receipts::find(c, org, target, outbox_seq);
    auto const entry = db::delivery_log::find(c, target, outbox_seq);
    auto const checkpoint = entry ? db::delivery_log::checkpoint_of(c, entry->index) : std::nullopt;
    if (!receipt || !checkpoint) return conflict("delivery_log.not_yet");
    auto path = json::array();
    for (auto const& hash : db::delivery_log::inclusion_proof(c, entry->index, checkpoint->size))
        path.push_back(to_base64(hash));
    return json{{"format", "nguon-delivery-proof-1"}, {"record", sent->payload},       {"sent", sent->wire},
                {"receipt", receipt->body},           {"entry", entry->text},          {"index", entry->index},
                {"proof", std::move(path)},           {"checkpoint", checkpoint->note}};
}

bool has_proof(db::Connection& c, std::string const& target, std::int64_t outbox_seq)
{
    auto const entry = db::delivery_log::find(c, target, outbox_seq);
    return entry && db::delivery_log::checkpoint_of(c, entry->index);
}

} // namespace nguon::server::app
