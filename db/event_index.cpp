#include "db/event_index.hpp"

#include "core/epcis/event_hash.hpp"
#include "core/gs1/digital_link.hpp"
#include "db/identifiers.hpp"

#include <map>
#include <set>
#include <utility>

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

/// The lot number that master data of instances and lots name; "" without one.
std::string lot_number_of(epcis::Event const& event)
{
    for (auto const& [name, value] : event.ilmd.items())
        if ((name == "lotNumber" || name.ends_with(":lotNumber") || name.ends_with("/lotNumber")) && value.is_string())
            return value.get<std::string>();
    return {};
}

/// Units that come into being say which lot they are of: a unit's own identifier does not.
void mention_lots(Mentions& out, epcis::Event const& event)
{
    auto const lot = lot_number_of(event);
    if (lot.empty()) return;
    std::set<std::string> lots;
    for (auto const* list : {&event.epc_list, &event.output_epc_list}) {
        for (auto const& uri : *list) {
            auto const read = gs1::read_digital_link(epcis::canonical_identifier(uri));
            auto const path = read.faults.empty() ? read.link.path() : std::span<gs1::AiValue const>{};
            if (path.empty() || path.front().ai != "01") continue;
            std::vector<gs1::AiValue> const elements{path.front(), {"10", lot}};
            if (auto const link = gs1::to_canonical_path(elements)) lots.insert(*link);
        }
    }
    for (auto const& link : lots) out.things.push_back({link, link, "lot", {}, {}});
}

/// The spelling that came stays findable; one that names another thing already is left alone.
void add_spelling(Connection& c, identifiers::Thing const& thing, std::string const& uri)
{
    if (thing.is_new) return identifiers::add_new_spelling(c, thing.number, uri);
    auto const known = identifiers::find_thing(c, uri);
    if (known && (known->named || !thing.named)) return;
    auto const named = thing.named.value_or(identifiers::Named{"thing", {}});
    (void)identifiers::add_spelling(c, thing.number, uri, named.kind, named.entity_id);
}

/// Everything that an event mentions, each with the number it has or gets.
std::vector<identifiers::Thing> numbered(Connection& c, std::vector<Mention const*> const& mentions)
{
    std::vector<std::string> uris;
    for (auto const* mention : mentions) uris.push_back(mention->canonical);
    auto things = identifiers::intern_things(c, uris);
    for (std::size_t i = 0; i < things.size(); ++i) {
        if (mentions[i]->uri != mentions[i]->canonical) add_spelling(c, things[i], mentions[i]->uri);
    }
    return things;
}

/// Collects entries and records, each once: an event may mention many thousand things.
class Collector {
public:
    void note(identifiers::Thing const& thing)
    {
        if (thing.named && ids_.insert(thing.named->entity_id).second)
            out_.entities.push_back({thing.named->kind, thing.named->entity_id});
    }

    void add(Mention const& mention, std::int64_t number)
    {
        auto const [at, added] = places_.try_emplace({number, mention.role}, out_.entries.size());
        if (added) {
            out_.entries.push_back({number, mention.role, mention.quantity, mention.uom});
        } else if (mention.quantity) {
            auto& entry = out_.entries[at->second];
            entry.quantity = entry.quantity.value_or(0) + *mention.quantity;
        }
    }

    Entries take() { return std::move(out_); }

private:
    Entries out_;
    std::set<std::string> ids_;
    std::map<std::pair<std::int64_t, std::string>, std::size_t> places_; // number and role → entry
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
    if (!event.transformation_id.empty()) out.things.push_back(mention(event.transformation_id, "transformation"));
    if (auto const source = event.extensions.find("nguon:source_batch");
        source != event.extensions.end() && source->is_string())
        out.things.push_back(mention(source->get<std::string>(), "source"));
    mention_lots(out, event);
    if (!event.read_point.id.empty()) out.read_point = mention(event.read_point.id, {});
    if (!event.biz_location.id.empty()) out.biz_location = mention(event.biz_location.id, {});
    return out;
}

Entries entries_of(Connection& c, Mentions const& mentions)
{
    std::vector<Mention const*> all;
    for (auto const& thing : mentions.things) all.push_back(&thing);
    for (auto const* place : {&mentions.read_point, &mentions.biz_location})
        if (*place) all.push_back(&**place);

    auto const things = numbered(c, all);
    Collector collector;
    for (auto const& thing : things) collector.note(thing);
    for (std::size_t i = 0; i < mentions.things.size(); ++i) collector.add(mentions.things[i], things[i].number);
    auto out = collector.take();
    auto place = things.begin() + static_cast<std::ptrdiff_t>(mentions.things.size());
    if (mentions.read_point) out.read_point = place++->number;
    if (mentions.biz_location) out.biz_location = place->number;
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
