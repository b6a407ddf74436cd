#include "db/genealogy_rows.hpp"

#include "db/genealogy.hpp"
#include "db/organizations.hpp"
#include "db/parameter_text.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace nguon::db::genealogy {
namespace {

constexpr std::size_t block = 256;
constexpr std::string_view listed_numbers = parameter_text<1, block>.view();
constexpr std::string_view listed_after_authority = parameter_text<2, block>.view();

/// Conditions on the event `e`: nobody who may say so declared it wrong. $1 is the authority's organization.
constexpr char stands[] = " AND e.error_declared_at IS NULL AND NOT EXISTS (SELECT 1 FROM event d"
                          " WHERE d.event_id = e.event_id AND d.event_id <> '' AND d.error_declared_at IS NOT NULL"
                          " AND d.org_id IN (e.org_id, $1))";
constexpr char select_part[] = "SELECT x.identifier_id, x.role, x.event_seq, x.quantity, x.uom, e.event_time, e.action"
                               " FROM event_identifier x JOIN event e ON e.seq = x.event_seq";

/// Runs `take` with the parameters of each block; the last one is filled up with its last number.
template <typename Take>
void in_blocks(Numbers const& numbers, std::optional<std::string> const& first, Take take)
{
    std::vector<Value> parameters;
    for (std::size_t from = 0; from < numbers.size(); from += block) {
        parameters.clear();
        if (first) parameters.emplace_back(*first);
        for (std::size_t i = 0; i < block; ++i)
            parameters.emplace_back(numbers[std::min(from + i, numbers.size() - 1)]);
        take(std::span<Value const>{parameters});
    }
}

/// One child's life in boxes.
class Life {
public:
    Life(std::vector<Stay>& out, bool single) : out_{out}, single_{single} {}

    void put_in(PartRow const& row, std::int64_t parent)
    {
        if (single_) leave_others(parent, row.at);
        auto const open = open_.find(parent);
        if (open != open_.end()) {
            if (row.quantity && row.action == "ADD")
                open->second.quantity = open->second.quantity.value_or(0) + *row.quantity;
            return;
        }
        open_[parent] = {row.number, parent, row.seq, row.quantity, row.uom, row.at, {}};
    }

    void take_out(PartRow const& row, std::int64_t parent)
    {
        auto const open = open_.find(parent);
        if (open == open_.end()) return;
        auto& stay = open->second;
        bool const some_stays = row.quantity && stay.quantity && *row.quantity < *stay.quantity;
        if (some_stays) {
            remaining_[parent] =
                remaining_.contains(parent) ? remaining_[parent] - *row.quantity : *stay.quantity - *row.quantity;
            if (remaining_[parent] > 0) return;
        }
        close(parent, row.at);
    }

    void end()
    {
        for (auto const& [parent, stay] : open_) out_.push_back(stay);
    }

private:
    void close(std::int64_t parent, Instant at)
    {
        auto stay = open_.extract(parent).mapped();
        remaining_.erase(parent);
        stay.until = at;
        out_.push_back(std::move(stay));
    }

    void leave_others(std::int64_t parent, Instant at)
    {
        std::vector<std::int64_t> left;
        for (auto const& [other, stay] : open_)
            if (other != parent) left.push_back(other);
        for (auto const other : left) close(other, at);
    }

    std::vector<Stay>& out_;
    bool single_;
    std::map<std::int64_t, Stay> open_ = {};
    std::map<std::int64_t, double> remaining_ = {};
};

} // namespace

GenealogyRows::GenealogyRows(Connection& c)
    : c_{c}, authority_{organizations::find_authority(c).value_or(OrganizationId{}).text()}
{
}

std::vector<PartRow> GenealogyRows::read_parts(std::string const& sql, Numbers const& numbers)
{
    std::vector<PartRow> out;
    in_blocks(numbers, authority_, [&](std::span<Value const> parameters) {
        for (auto const& row : c_.query(sql, parameters))
            out.push_back({row.integer(0), row.text(1), row.integer(2), row.optional_real(3), row.text(4),
                           row.instant(5), row.text(6)});
    });
    return out;
}

std::vector<std::pair<std::int64_t, std::int64_t>> GenealogyRows::read_pairs(std::string const& sql,
                                                                             Numbers const& numbers)
{
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    in_blocks(numbers, std::nullopt, [&](std::span<Value const> parameters) {
        for (auto const& row : c_.query(sql, parameters)) out.emplace_back(row.integer(0), row.integer(1));
    });
    return out;
}

std::vector<UnitRow> GenealogyRows::read_units(std::string const& sql, Numbers const& numbers)
{
    std::vector<UnitRow> out;
    in_blocks(numbers, std::nullopt, [&](std::span<Value const> parameters) {
        for (auto const& row : c_.query(sql, parameters))
            out.push_back({row.integer(0), row.integer(1), row.integer(2)});
    });
    return out;
}

std::vector<RecordRow> GenealogyRows::records(Numbers const& numbers)
{
    static std::string const sql = std::string{"SELECT DISTINCT id, kind, entity_id FROM identifier WHERE id IN ("} +
                                   std::string{listed_numbers} + ") AND entity_id IS NOT NULL";
    std::vector<RecordRow> out;
    in_blocks(numbers, std::nullopt, [&](std::span<Value const> parameters) {
        for (auto const& row : c_.query(sql, parameters)) out.push_back({row.integer(0), row.text(1), row.text(2)});
    });
    return out;
}

std::vector<std::pair<std::int64_t, std::int64_t>> GenealogyRows::same(Numbers const& numbers)
{
    static std::string const sql = std::string{"SELECT DISTINCT a.id, b.id FROM identifier a JOIN identifier b"
                                               " ON b.entity_id = a.entity_id AND b.id <> a.id WHERE a.id IN ("} +
                                   std::string{listed_numbers} + ")";
    return read_pairs(sql, numbers);
}

std::vector<PartRow> GenealogyRows::forward(Numbers const& numbers)
{
    // One range of the index for each thing, rather than one for each role.
    static std::string const sql = std::string{select_part} + " WHERE x.identifier_id IN (" +
                                   std::string{listed_after_authority} +
                                   ") AND x.role <> 'epc' AND x.role <> 'output'" + stands;
    return read_parts(sql, numbers);
}

std::vector<PartRow> GenealogyRows::back(Numbers const& numbers)
{
    static std::string const sql = std::string{select_part} + " WHERE x.identifier_id IN (" +
                                   std::string{listed_after_authority} +
                                   ") AND (x.role = 'output' OR x.role = 'parent' OR (x.role = 'epc' AND EXISTS"
                                   " (SELECT 1 FROM event_identifier s WHERE s.event_seq = x.event_seq"
                                   " AND s.role = 'source')))" +
                                   stands;
    return read_parts(sql, numbers);
}

std::vector<PartRow> GenealogyRows::made(Numbers const& seqs)
{
    static std::string const sql = std::string{select_part} + " WHERE x.event_seq IN (" +
                                   std::string{listed_after_authority} + ") AND x.role IN ('output', 'epc')" + stands;
    return read_parts(sql, seqs);
}

std::vector<PartRow> GenealogyRows::used(Numbers const& seqs)
{
    static std::string const sql = std::string{select_part} + " WHERE x.event_seq IN (" +
                                   std::string{listed_after_authority} + ") AND x.role IN ('input', 'source')" + stands;
    return read_parts(sql, seqs);
}

std::vector<std::pair<std::int64_t, std::int64_t>> GenealogyRows::parts(Numbers const& seqs)
{
    static std::string const sql =
        std::string{"SELECT x.event_seq, o.event_seq FROM event_identifier x JOIN event_identifier o"
                    " ON o.identifier_id = x.identifier_id AND o.role = 'transformation'"
                    " AND o.event_seq <> x.event_seq WHERE x.event_seq IN ("} +
        std::string{listed_numbers} + ") AND x.role = 'transformation'";
    return read_pairs(sql, seqs);
}

std::vector<PartRow> GenealogyRows::packed(Numbers const& children)
{
    static std::string const sql = std::string{select_part} + " WHERE x.identifier_id IN (" +
                                   std::string{listed_after_authority} + ") AND x.role = 'child'" + stands;
    return read_parts(sql, children);
}

Numbers GenealogyRows::children(Numbers const& parents)
{
    static std::string const sql =
        std::string{"SELECT DISTINCT x.identifier_id, 0 FROM event_identifier p JOIN event_identifier x"
                    " ON x.event_seq = p.event_seq AND x.role = 'child' WHERE p.identifier_id IN ("} +
        std::string{listed_numbers} + ") AND p.role = 'parent'";
    Numbers out;
    for (auto const& [child, unused] : read_pairs(sql, parents)) out.push_back(child);
    return out;
}

std::vector<std::pair<std::int64_t, std::int64_t>> GenealogyRows::parents(Numbers const& seqs)
{
    static std::string const sql = std::string{"SELECT event_seq, identifier_id FROM event_identifier"
                                               " WHERE event_seq IN ("} +
                                   std::string{listed_numbers} + ") AND role = 'parent'";
    return read_pairs(sql, seqs);
}

std::vector<PartRow> GenealogyRows::emptied(Numbers const& parents)
{
    static std::string const sql = std::string{select_part} + " WHERE x.identifier_id IN (" +
                                   std::string{listed_after_authority} +
                                   ") AND x.role = 'parent' AND e.action = 'DELETE' AND NOT EXISTS"
                                   " (SELECT 1 FROM event_identifier k WHERE k.event_seq = x.event_seq"
                                   " AND k.role = 'child')" +
                                   stands;
    return read_parts(sql, parents);
}

Numbers GenealogyRows::classes(Numbers const& numbers)
{
    static std::string const sql =
        std::string{"SELECT DISTINCT id, 0 FROM identifier WHERE id IN ("} + std::string{listed_numbers} +
        ") AND (kind IN ('batch', 'product') OR (replace(uri, '/10/', '') <> uri AND replace(uri, '/21/', '') = uri))";
    Numbers out;
    for (auto const& [number, unused] : read_pairs(sql, numbers)) out.push_back(number);
    return out;
}

std::vector<UnitRow> GenealogyRows::lots_of(Numbers const& units)
{
    static std::string const said = std::string{"SELECT x.identifier_id, l.identifier_id, x.event_seq"
                                                " FROM event_identifier x JOIN event_identifier l"
                                                " ON l.event_seq = x.event_seq AND l.role = 'lot'"
                                                " WHERE x.identifier_id IN ("} +
                                    std::string{listed_numbers} + ") AND x.role IN ('epc', 'output')";
    static std::string const printed = std::string{"SELECT u.id, n.id, 0 FROM identifier u JOIN printed_code p"
                                                   " ON p.code = substr(u.uri, length(u.uri) - 11) AND p.kind = 'unit'"
                                                   " JOIN identifier n ON n.entity_id = p.batch_id WHERE u.id IN ("} +
                                       std::string{listed_numbers} + ")";
    auto out = read_units(said, units);
    std::ranges::move(read_units(printed, units), std::back_inserter(out));
    return out;
}

std::vector<UnitRow> GenealogyRows::units_of(Numbers const& seqs)
{
    static std::string const sql = std::string{"SELECT x.identifier_id, l.identifier_id, l.event_seq"
                                               " FROM event_identifier l JOIN event_identifier x"
                                               " ON x.event_seq = l.event_seq AND x.role IN ('epc', 'output')"
                                               " WHERE l.event_seq IN ("} +
                                   std::string{listed_numbers} + ") AND l.role = 'lot'";
    return read_units(sql, seqs);
}

std::vector<UnitRow> GenealogyRows::printed_units(Numbers const& lots)
{
    static std::string const sql =
        std::string{"SELECT i.id, n.id, 0 FROM identifier n"
                    " JOIN batch b ON b.id = n.entity_id JOIN product r ON r.id = b.product_id"
                    " JOIN printed_code p ON p.batch_id = b.id AND p.kind = 'unit'"
                    " JOIN identifier i ON i.uri = 'https://id.gs1.org/01/' || r.gtin ||"
                    " '/21/' || p.code WHERE n.id IN ("} +
        std::string{listed_numbers} + ")";
    return read_units(sql, lots);
}

std::vector<Stay> stays_of(GenealogyRows& rows, std::vector<PartRow> const& packed)
{
    if (packed.empty()) return {};
    std::set<std::int64_t> seqs, boxes, children;
    for (auto const& row : packed) {
        seqs.insert(row.seq);
        children.insert(row.number);
    }
    std::multimap<std::int64_t, std::int64_t> box_of; // by event
    for (auto const& [seq, parent] : rows.parents({seqs.begin(), seqs.end()})) {
        box_of.emplace(seq, parent);
        boxes.insert(parent);
    }
    struct Entry {
        PartRow row = {};
        std::int64_t parent = 0;
    };
    std::map<std::int64_t, std::vector<Entry>> lives; // by child
    std::map<std::int64_t, std::set<std::int64_t>> boxes_of;
    for (auto const& row : packed) {
        auto const [begin, end] = box_of.equal_range(row.seq);
        for (auto at = begin; at != end; ++at) {
            lives[row.number].push_back({row, at->second});
            boxes_of[at->second].insert(row.number);
        }
    }
    for (auto const& row : rows.emptied({boxes.begin(), boxes.end()}))
        for (auto const child : boxes_of[row.number]) lives[child].push_back({row, row.number});
    auto const many = rows.classes({children.begin(), children.end()});
    std::set<std::int64_t> const classes{many.begin(), many.end()};

    std::vector<Stay> out;
    for (auto& [child, entries] : lives) {
        std::ranges::sort(entries, {}, [](Entry const& entry) { return std::pair{entry.row.at, entry.row.seq}; });
        Life life{out, !classes.contains(child)};
        for (auto const& [row, parent] : entries)
            row.action == "DELETE" ? life.take_out(row, parent) : life.put_in(row, parent);
        life.end();
    }
    return out;
}

std::vector<Part> parts_of(Connection& c, std::span<std::int64_t const> numbers)
{
    static std::string const sql =
        std::string{"SELECT x.identifier_id, x.role, x.event_seq, e.event_time, e.type, e.action, e.biz_step, e.org_id,"
                    " coalesce(e.biz_location, e.read_point), x.quantity, x.uom"
                    " FROM event_identifier x JOIN event e ON e.seq = x.event_seq WHERE x.identifier_id IN ("} +
        std::string{listed_after_authority} + ")" + stands + " ORDER BY e.event_time, e.seq";
    auto const authority = organizations::find_authority(c).value_or(OrganizationId{}).text();
    std::vector<Part> out;
    in_blocks({numbers.begin(), numbers.end()}, authority, [&](std::span<Value const> parameters) {
        for (auto const& row : c.query(sql, parameters))
            out.push_back({row.integer(0), row.text(1), row.integer(2), row.instant(3), row.text(4), row.text(5),
                           row.text(6), row.id<OrganizationId>(7), row.optional_integer(8), row.optional_real(9),
                           row.text(10)});
    });
    return out;
}

std::vector<Name> names_of(Connection& c, std::span<std::int64_t const> numbers)
{
    // A Digital Link sorts before urn:…, and the canonical one before those on other hosts.
    static std::string const sql =
        std::string{"SELECT id, min(CASE WHEN substr(uri, 1, 19) = 'https://id.gs1.org/' THEN '0' ELSE '1' END || uri)"
                    " FROM identifier WHERE id IN ("} +
        std::string{listed_numbers} + ") GROUP BY id";
    std::vector<Name> out;
    in_blocks({numbers.begin(), numbers.end()}, std::nullopt, [&](std::span<Value const> parameters) {
        for (auto const& row : c.query(sql, parameters)) out.push_back({row.integer(0), row.text(1).substr(1)});
    });
    return out;
}

std::vector<std::int64_t> lots_at(Connection& c, std::int64_t place, Instant from, Instant to, std::size_t count)
{
    auto const authority = organizations::find_authority(c).value_or(OrganizationId{});
    std::vector<std::int64_t> out;
    for (auto const& row :
         c.query("SELECT DISTINCT i.id FROM event e JOIN event_identifier x ON x.event_seq = e.seq"
                 " JOIN identifier i ON i.id = x.identifier_id AND i.kind = 'batch'"
                 " WHERE e.event_time >= $2 AND e.event_time <= $3 AND (e.read_point = $1 OR e.biz_location = $1)"
                 " AND e.error_declared_at IS NULL AND NOT EXISTS (SELECT 1 FROM event d"
                 " WHERE d.event_id = e.event_id AND d.event_id <> '' AND d.error_declared_at IS NOT NULL"
                 " AND d.org_id IN (e.org_id, $5)) ORDER BY i.id LIMIT $4",
                 {place, from, to, static_cast<std::int64_t>(count), authority}))
        out.push_back(row.integer(0));
    return out;
}

std::vector<std::pair<std::string, std::int64_t>> units_of_batch(Connection& c, BatchId const& batch)
{
    std::vector<std::pair<std::string, std::int64_t>> out;
    for (auto const& row : c.query("SELECT status, count(*) FROM printed_code WHERE batch_id = $1 AND kind = 'unit'"
                                   " GROUP BY status ORDER BY status",
                                   {batch}))
        out.emplace_back(row.text(0), row.integer(1));
    return out;
}

} // namespace nguon::db::genealogy
