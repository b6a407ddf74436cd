#pragma once

#include "core/result.hpp"
#include "scanner/symbology.hpp"

#include <span>
#include <string_view>

namespace nguon::scanner {

/// What stands on a label, whatever its size.
enum class LabelDesign {
    qr,         // QR code and text
    datamatrix, // Data Matrix and text, for the smallest stocks
    qr_ean13,   // QR code, the barcode for tills, and text
};

struct LabelDesignInfo {
    LabelDesign design = LabelDesign::qr;
    std::string_view name = {}; // as API and command line say it
    std::string_view name_vi = {};
    std::string_view name_en = {};
    Symbology symbology = Symbology::qr; // of the code that differs from label to label
    bool has_ean13 = false;
};

/// Every design, in the order a form shows them.
std::span<LabelDesignInfo const> label_designs();

LabelDesignInfo const& info(LabelDesign design);

inline std::string_view to_name(LabelDesign design) { return info(design).name; }

/// Error: "label.design_unknown" {name}.
Result<LabelDesign> find_label_design(std::string_view name);

} // namespace nguon::scanner
