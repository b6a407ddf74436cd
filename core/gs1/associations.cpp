#include "core/gs1/associations.hpp"

#include "core/gs1/ai_rows.hpp"

namespace nguon::gs1 {
namespace {

/// What a later edition says of a row, instead of the table.
struct Change {
    std::string_view ai;
    std::string_view needs;
    std::string_view excludes;
};

/// The edition of July 2026 knows the combinations of made-to-order items (03) and joins demands that stood apart.
constexpr Change changes_2026_07[] = {
    // clang-format off
    {"03", "", "01 02 37 235"},
    {"20", "01 02 03 8006 8026", ""},
    {"240", "01 02 03 8006 8026", ""},
    {"241", "01 02 03 8006 8026", ""},
    {"243", "01 03", ""},
    {"250", "01+21 03+21 8006+21", ""},
    {"251", "01 03 8006", ""},
    {"37", "00+02 00+8026", ""},
    {"3920", "01+30 01+31nn 01+32nn 01+35nn 01+36nn", "392n 393n"},
    {"422", "01 02 03 8006 8026", "426"},
    {"423", "01 02 03", "426"},
    {"424", "01 02 03", "426"},
    {"425", "01 02 03", "426"},
    {"426", "01 02 03", ""},
    {"427", "01+422 02+422 03+422", ""},
    {"7003", "01 02 03", ""},
    {"7004", "01+10 03+10", ""},
    {"7010", "01 02 03", ""},
    {"7011", "01 02 03", ""},
    {"7020", "01+416 03+416 8006+416", ""},
    {"7021", "01 03 8006", ""},
    {"7022", "01+7021 03+7021 8006+7021", ""},
    {"7240", "01 8006", "03"},
    {"8006", "", "01 03 37"},
    {"8008", "01 02 03", ""},
    {"8009", "00 01 03", ""},
    {"8012", "01 03 8006", ""},
    {"8026", "37", "02 03 8006"},
    {"8030", "00 01+21 03+21 253 255 8003 8004 8006+21 8010+8011 8017 8018", ""},
    // clang-format on
};

/// Takes the text up to `separator` off the front of `text`.
constexpr std::string_view take(std::string_view& text, char separator)
{
    auto const end = text.find(separator);
    auto const taken = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    while (text.starts_with(' ')) text.remove_prefix(1);
    return taken;
}

/// The rows of an AI or of a pattern: "310n", "31nn".
constexpr RowSet rows_of(std::string_view pattern)
{
    RowSet set;
    auto const digits = pattern.substr(0, pattern.find('n'));
    if (digits.size() == pattern.size()) {
        set.add(rows::row_of(pattern));
        return set;
    }
    for (std::size_t row = 0; row < rows::count; ++row) {
        auto const first = rows::entries[row].first;
        if (first.size() == pattern.size() && first.starts_with(digits)) set.add(row);
    }
    return set;
}

constexpr void join(RowSet& set, RowSet const& other)
{
    for (std::size_t i = 0; i < set.words.size(); ++i) set.words[i] |= other.words[i];
}

constexpr Demand read_demand(std::string_view text)
{
    Demand demand{text, {}};
    while (!text.empty()) {
        auto const alternative = take(text, ' ');
        if (alternative.find('+') == std::string_view::npos) join(demand.any, rows_of(alternative));
    }
    return demand;
}

constexpr Associations read_row(std::string_view needs, std::string_view excludes)
{
    Associations made;
    for (auto& demand : made.demands) demand = read_demand(take(needs, ';'));
    while (!excludes.empty()) join(made.excludes, rows_of(take(excludes, ' ')));
    return made;
}

using Table = std::array<Associations, rows::count>;

constexpr Table table_2026_01 = [] {
    Table made;
    for (std::size_t row = 0; row < rows::count; ++row) {
        made[row] = read_row(rows::entries[row].needs, rows::entries[row].excludes);
    }
    return made;
}();

constexpr Table table_2026_07 = [] {
    Table made = table_2026_01;
    for (auto const& change : changes_2026_07) {
        made[rows::row_of(change.ai)] = read_row(change.needs, change.excludes);
    }
    return made;
}();

bool is_group_met(std::string_view group, RowSet const& present)
{
    while (!group.empty()) {
        if (!rows_of(take(group, '+')).meets(present)) return false;
    }
    return true;
}

} // namespace

Associations const& associations(std::size_t row, Edition edition)
{
    return edition == Edition::of_2026_07 ? table_2026_07[row] : table_2026_01[row];
}

bool is_met(Demand const& demand, RowSet const& present)
{
    if (demand.any.meets(present)) return true;
    for (auto rest = demand.text; !rest.empty();) {
        auto const alternative = take(rest, ' ');
        if (alternative.find('+') != std::string_view::npos && is_group_met(alternative, present)) return true;
    }
    return false;
}

std::string to_text(Demand const& demand)
{
    std::string out;
    for (auto rest = demand.text; !rest.empty();) {
        if (!out.empty()) out += ", ";
        for (auto group = take(rest, ' '); !group.empty();) {
            if (out.ends_with(')')) out += '+';
            out.append("(").append(take(group, '+')).append(")");
        }
    }
    return out;
}

} // namespace nguon::gs1
