#pragma once

#include "core/result.hpp"
#include "scanner/symbology.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// What a line of a label's text shows.
enum class LabelField { name, lot, made_on, use_by, organization, text };
enum class LineSize { small, normal, large };

inline constexpr std::array<std::string_view, 6> label_field_names{"name",   "lot",          "made_on",
                                                                   "use_by", "organization", "text"};
inline constexpr std::array<std::string_view, 3> line_size_names{"small", "normal", "large"};

struct LabelLine {
    LabelField field = LabelField::name;
    LineSize size = LineSize::normal;

    bool operator==(LabelLine const&) const = default;
};

inline constexpr std::size_t label_lines_max = 6; // each field once

/// A label that somebody drew up: its symbols, and the lines of text beside or below them.
struct OwnDesign {
    LabelDesign symbols = LabelDesign::qr;
    std::vector<LabelLine> lines = {}; // empty: the usual ones
    std::string text = {};             // of the line `LabelField::text`

    bool operator==(OwnDesign const&) const = default;
};

/// What is wrong with lines that somebody chose: "label_design.empty" at "/lines", "label_design.twice" at
/// "/lines/2/field", "label_design.text_missing" or "label_design.text_unused" at "/text".
std::vector<FieldError> design_faults(OwnDesign const& design);

} // namespace nguon::scanner
