#include "db/event_index.hpp"

#include "core/epcis/event_hash.hpp"
#include "db/identifiers.hpp"

#include <algorithm>

namespace nguon::db::event_index {
namespace {

Mention mention(std::string const& uri, std::string_view role)
{
    return {uri, epcis::canonical_identifier(uri), std::string{role}, {}, {}};
}

void mention_all(Mentions& out, std::vector<std::string> const& uris, std::string_view role)
{
    for (auto const& uri : uris) out.things.push_back(mention(uri, role));
}

void mention_all(Mentions& out, std::vector<epcis::Quantity> const& quantities, std::string_view role)
{
    for (auto const& item : quantities) {
        auto& added = out.things.emplace_back(mention(item.epc_class, role));
        if (item.quantity) added.quantity = item.quantity->value;
        added.uom = item.uom;
    }
}

/// Numbers of the things of one event, and the records of ours among them.
class Numbering {
public:
    Numbering(Connection& c, Entries& out) : c_{c}, out_{out} {}

    std::int64_t number_of(Mention const& mention)
    {
        auto const thing = identifiers::intern_thing(c_, mention.canonical);
        if (mention.uri != mention.canonical) add_spelling(thing, mention.uri);
        if (thing.named) note(*thing.named);
        return thing.number;
    }

private:
    /// The spelling that came stays findable; one that names another thing already is left alone.
    void add_spelling(identifiers::Thing const& thing, std::string const& uri)
    {
        if (!thing.is_new) {
            auto const known = identifiers::find_thing(c_, uri);
            if (known && (known->named || !thing.named)) return;
        }
        auto const named = thing.named.value_or(identifiers::Named{"thing", {}});
        (void)identifiers::add_spelling(c_, thing.number, uri, named.kind, named.entity_id);
    }

    void note(identifiers::Named const& named)
    {
        bool const known =
            std::ranges::any_of(out_.entities, [&](Entity const& entity) { return entity.id == named.entity_id; });
        if (!known) out_.entities.push_back({named.kind, named.entity_id});
    }

    Connection& c_;
    Entries& out_;
};

} // namespace

Mentions mentions_of(epcis::Event const& event)
{
    Mentions out;
    mention_all(out, event.epc_list, "epc");
    mention_all(out, event.quantity_list, "epc");
    if (!event.parent_id.empty()) out.things.push_back(mention(event.parent_id, "parent"));
    mention_all(out, event.child_epcs, "child");
    mention_all(out, event.child_quantity_list, "child");
    mention_all(out, event.input_epc_list, "input");
    mention_all(out, event.input_quantity_list, "input");
    mention_all(out, event.output_epc_list, "output");
    mention_all(out, event.output_quantity_list, "output");
    if (!event.read_point.id.empty()) out.read_point = mention(event.read_point.id, {});
    if (!event.biz_location.id.empty()) out.biz_location = mention(event.biz_location.id, {});
    return out;
}

Entries entries_of(Connection& c, Mentions const& mentions)
{
    Entries out;
    Numbering numbering{c, out};
    for (auto const& thing : mentions.things) {
        auto const number = numbering.number_of(thing);
        auto const same = std::ranges::find_if(
            out.entries, [&](Entry const& entry) { return entry.identifier == number && entry.role == thing.role; });
        if (same == out.entries.end())
            out.entries.push_back({number, thing.role, thing.quantity, thing.uom});
        else if (thing.quantity)
            same->quantity = same->quantity.value_or(0) + *thing.quantity;
    }
    if (mentions.read_point) out.read_point = numbering.number_of(*mentions.read_point);
    if (mentions.biz_location) out.biz_location = numbering.number_of(*mentions.biz_location);
    return out;
}

void insert(Connection& c, std::int64_t event_seq, Entries const& entries)
{
    for (auto const& entry : entries.entries)
        c.execute("INSERT INTO event_identifier (identifier_id, role, event_seq, quantity, uom)"
                  " VALUES ($1, $2, $3, $4, $5)",
                  {entry.identifier, entry.role, event_seq, entry.quantity, entry.uom});
}

} // namespace nguon::db::event_index
