#include "scanner/label_design.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

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

std::vector<FieldError> design_faults(OwnDesign const& design)
{
    std::vector<FieldError> faults;
    if (design.lines.empty()) faults.push_back({"/lines", "label_design.empty", {}});
    for (auto line = design.lines.begin(); line != design.lines.end(); ++line) {
        auto const same = [&](LabelLine const& other) { return other.field == line->field; };
        if (std::any_of(design.lines.begin(), line, same))
            faults.push_back({fmt::format("/lines/{}/field", line - design.lines.begin()), "label_design.twice", {}});
    }
    bool const shows_text = std::ranges::find(design.lines, LabelField::text, &LabelLine::field) != design.lines.end();
    if (shows_text && design.text.empty()) faults.push_back({"/text", "label_design.text_missing", {}});
    if (!shows_text && !design.text.empty()) faults.push_back({"/text", "label_design.text_unused", {}});
    return faults;
}

} // namespace nguon::scanner
