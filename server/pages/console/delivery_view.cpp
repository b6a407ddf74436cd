#include "server/pages/console/delivery_view.hpp"

#include "server/pages/console/desk.hpp"
#include "server/pages/province/desk.hpp"

#include <set>

namespace nguon::server::pages::console {
namespace {

/// The page where its record can be mended; "" for records that have none.
std::string url_of(db::deliveries::View const& delivery)
{
    if (delivery.type == "organization") return "/console/organization";
    if (delivery.type == "product") return "/console/products/" + delivery.id;
    if (delivery.type == "batch") return "/console/batches/" + delivery.id;
    if (delivery.type == "event") return "/console/events/" + delivery.id;
    if (delivery.type == "place") return "/console/places/" + delivery.id;
    if (delivery.type == "certificate") return "/console/certificates";
    return {};
}

std::string reason_of(Services const& services, Request const& request, db::deliveries::View const& delivery)
{
    using db::deliveries::State;
    if (delivery.state == State::held && !delivery.hold.empty())
        return text(services, request, "console.delivery.hold." + delivery.hold);
    if (delivery.state != State::delivered && !delivery.error_class.empty())
        return text(services, request, "console.delivery.class." + delivery.error_class);
    auto const key = "console.delivery.state." + std::string{db::deliveries::to_text(delivery.state)} + ".text";
    return text(services, request, key);
}

} // namespace

json delivery_view(Services const& services, Request const& request, db::deliveries::View const& delivery)
{
    json view{{"chip", chip(services, request, "console.delivery.state", db::deliveries::to_text(delivery.state))},
              {"what", text(services, request, "console.delivery.type." + delivery.type)},
              {"target", province::target_name(services, request, delivery.target)},
              {"version", delivery.version},
              {"reason", reason_of(services, request, delivery)},
              {"portal_text", delivery.state == db::deliveries::State::delivered ? "" : delivery.error_text},
              {"url", url_of(delivery)},
              {"changed_at", show_moment(request, delivery.changed_at)},
              {"receipt", json::object()},
              {"has_receipt", delivery.receipt.has_value()}};
    if (delivery.receipt)
        view["receipt"] = {{"number", delivery.receipt->portal_id},
                           {"time", show_moment(request, delivery.receipt->accepted_at)}};
    return view;
}

json record_deliveries(Services const& services, Request const& request,
                       std::vector<db::deliveries::View> const& deliveries)
{
    json out = json::array();
    std::set<std::string> seen;
    for (auto const& delivery : deliveries) // newest version first
        if (seen.insert(delivery.target).second) out.push_back(delivery_view(services, request, delivery));
    return out;
}

} // namespace nguon::server::pages::console
