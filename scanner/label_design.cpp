#include "scanner/label_design.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace nguon::scanner {

namespace {

constexpr std::array<LabelDesignInfo, 3> designs{{
    {LabelDesign::qr, "qr", "Mã QR và chữ", "QR code and text", Symbology::qr, false},
    {LabelDesign::datamatrix, "datamatrix", "Mã Data Matrix và chữ (tem nhỏ)", "Data Matrix and text (small labels)",
     Symbology::datamatrix, false},
    {LabelDesign::qr_ean13, "qr-ean13", "Mã QR, mã vạch bán hàng và chữ", "QR code, barcode for tills and text",
     Symbology::qr, true},
}};

} // namespace

std::span<LabelDesignInfo const> label_designs() { return designs; }

LabelDesignInfo const& info(LabelDesign design) { return designs[static_cast<std::size_t>(design)]; }

Result<LabelDesign> find_label_design(std::string_view name)
{
    auto const found =
        std::find_if(designs.begin(), designs.end(), [name](LabelDesignInfo const& one) { return one.name == name; });
    if (found == designs.end()) return invalid("label.design_unknown", {std::string{name}});
    return found->design;
}

} // namespace nguon::scanner
