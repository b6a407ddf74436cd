#include "db/event_index.hpp"

#include "core/epcis/event_hash.hpp"
#include "db/identifiers.hpp"

#include <algorithm>

namespace nguon::db::event_index {
namespace {

class Collector {
public:
    explicit Collector(Connection& c) : c_{c} {}

    void add(std::string const& uri, std::string_view role, std::optional<double> quantity = {}, std::string uom = {})
    {
        auto const number = number_of(uri);
        auto const same = std::ranges::find_if(
            out_.entries, [&](Entry const& entry) { return entry.identifier == number && entry.role == role; });
        if (same == out_.entries.end())
            out_.entries.push_back({number, std::string{role}, quantity, std::move(uom)});
        else if (quantity)
            same->quantity = same->quantity.value_or(0) + *quantity;
    }

    void add(std::vector<std::string> const& uris, std::string_view role)
    {
        for (auto const& uri : uris) add(uri, role);
    }

    void add(std::vector<epcis::Quantity> const& quantities, std::string_view role)
    {
        for (auto const& item : quantities)
            add(item.epc_class, role, item.quantity ? std::optional{item.quantity->value} : std::nullopt, item.uom);
    }

    std::optional<std::int64_t> place(epcis::Place const& place)
    {
        if (place.id.empty()) return std::nullopt;
        return number_of(place.id);
    }

    Entries& result() { return out_; }

private:
    std::int64_t number_of(std::string const& uri)
    {
        auto const canonical = epcis::canonical_identifier(uri);
        auto const number = identifiers::intern(c_, canonical, "thing");
        auto const named = identifiers::entity_of(c_, canonical);
        if (uri != canonical) {
            // The spelling that came stays findable; one that names another thing already is left alone.
            (void)identifiers::add_spelling(c_, number, uri, named ? named->kind : "thing",
                                            named ? named->entity_id : std::string{});
        }
        if (named) note(*named);
        return number;
    }

    void note(identifiers::Named const& named)
    {
        bool const known = std::ranges::any_of(
            out_.entities, [&](Entity const& entity) { return entity.id == named.entity_id; });
        if (!known) out_.entities.push_back({named.kind, named.entity_id});
    }

    Connection& c_;
    Entries out_;
};

} // namespace

Entries entries_of(Connection& c, epcis::Event const& event)
{
    Collector collector{c};
    collector.add(event.epc_list, "epc");
    collector.add(event.quantity_list, "epc");
    if (!event.parent_id.empty()) collector.add(event.parent_id, "parent");
    collector.add(event.child_epcs, "child");
    collector.add(event.child_quantity_list, "child");
    collector.add(event.input_epc_list, "input");
    collector.add(event.input_quantity_list, "input");
    collector.add(event.output_epc_list, "output");
    collector.add(event.output_quantity_list, "output");
    auto& result = collector.result();
    result.read_point = collector.place(event.read_point);
    result.biz_location = collector.place(event.biz_location);
    return std::move(result);
}

void insert(Connection& c, std::int64_t event_seq, Entries const& entries)
{
    for (auto const& entry : entries.entries)
        c.execute("INSERT INTO event_identifier (identifier_id, role, event_seq, quantity, uom)"
                  " VALUES ($1, $2, $3, $4, $5)",
                  {entry.identifier, entry.role, event_seq, entry.quantity, entry.uom});
}

} // namespace nguon::db::event_index
