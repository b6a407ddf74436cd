#include "server/app/shippings.hpp"

#include <map>

namespace nguon::server::app {
namespace {

bool is_shipping(db::genealogy::Part const& part)
{
    bool const itself = part.role == "epc" || part.role == "parent";
    return itself && (part.biz_step == "shipping" || part.biz_step == "departing");
}

} // namespace

std::vector<Shipping> shippings_of(db::Connection& c, Trace const& trace, std::size_t count,
                                   std::function<bool(OrganizationId const&)> const& sees)
{
    std::map<std::string, bool> known;
    auto const in_sight = [&](OrganizationId const& org) {
        auto const [at, added] = known.try_emplace(org.text());
        if (added) at->second = sees(org);
        return at->second;
    };
    std::map<std::int64_t, TracedThing const*> things;
    std::vector<std::int64_t> numbers;
    for (auto const& thing : trace.things) {
        if (thing.depth < 0 || !in_sight(thing.org)) continue;
        things.emplace(thing.number, &thing);
        numbers.push_back(thing.number);
    }
    Destinations destinations{c};
    std::vector<Shipping> out;
    for (auto const& part : db::genealogy::parts_of(c, numbers)) {
        if (out.size() >= count) break;
        if (!is_shipping(part) || !in_sight(part.org)) continue;
        out.push_back({title_of(*things.at(part.number)), part.at, destinations.of(part.seq), part.quantity, part.uom});
    }
    return out;
}

} // namespace nguon::server::app
