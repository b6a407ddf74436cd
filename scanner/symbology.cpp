#include "scanner/symbology.hpp"

#include <algorithm>
#include <array>

namespace nguon::scanner {

namespace {

constexpr QuietZone all_round(int modules) { return {modules, modules, modules, modules}; }
constexpr QuietZone beside(int left, int right) { return {left, right, 0, 0}; }

constexpr std::array<SymbologyInfo, 18> table{{
    {Symbology::qr, "qr", Content::text, Shape::matrix, all_round(4)},
    {Symbology::gs1_qr, "gs1-qr", Content::elements, Shape::matrix, all_round(4)},
    {Symbology::datamatrix, "datamatrix", Content::text, Shape::matrix, all_round(1)},
    {Symbology::gs1_datamatrix, "gs1-datamatrix", Content::elements, Shape::matrix, all_round(1)},
    {Symbology::gs1_datamatrix_rect, "gs1-datamatrix-rect", Content::elements, Shape::matrix, all_round(1)},
    {Symbology::gs1_128, "gs1-128", Content::elements, Shape::linear, beside(10, 10)},
    {Symbology::itf_14, "itf-14", Content::gtin, Shape::linear, beside(10, 10)},
    {Symbology::ean_13, "ean-13", Content::gtin, Shape::linear, beside(11, 7)},
    {Symbology::ean_8, "ean-8", Content::gtin, Shape::linear, beside(7, 7)},
    {Symbology::upc_a, "upc-a", Content::gtin, Shape::linear, beside(9, 9)},
    {Symbology::upc_e, "upc-e", Content::gtin, Shape::linear, beside(9, 7)},
    {Symbology::databar_omni, "databar-omni", Content::gtin, Shape::linear, {}},
    {Symbology::databar_stacked, "databar-stacked", Content::gtin, Shape::stacked, {}},
    {Symbology::databar_stacked_omni, "databar-stacked-omni", Content::gtin, Shape::stacked, {}},
    {Symbology::databar_limited, "databar-limited", Content::gtin, Shape::linear, {}},
    {Symbology::databar_expanded, "databar-expanded", Content::elements, Shape::linear, {}},
    {Symbology::databar_expanded_stacked, "databar-expanded-stacked", Content::elements, Shape::stacked, {}},
    {Symbology::code_128, "code-128", Content::text, Shape::linear, beside(10, 10)},
}};

constexpr bool follows_enumeration()
{
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table[i].symbology != static_cast<Symbology>(i)) return false;
    return true;
}
static_assert(follows_enumeration());

std::string all_names()
{
    std::string names;
    for (auto const& entry : table) {
        if (!names.empty()) names += ", ";
        names += entry.name;
    }
    return names;
}

} // namespace

std::span<SymbologyInfo const> symbologies() { return table; }

SymbologyInfo const& info(Symbology symbology) { return table[static_cast<std::size_t>(symbology)]; }

Result<Symbology> find_symbology(std::string_view name)
{
    auto const* const found =
        std::find_if(table.begin(), table.end(), [&](SymbologyInfo const& entry) { return entry.name == name; });
    if (found == table.end()) return invalid("symbol.symbology_unknown", {std::string{name}, all_names()});
    return found->symbology;
}

bool is_databar(Symbology symbology)
{
    return symbology >= Symbology::databar_omni && symbology <= Symbology::databar_expanded_stacked;
}

} // namespace nguon::scanner
