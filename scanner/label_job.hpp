#pragma once

#include "core/time.hpp"
#include "scanner/label_codes.hpp"
#include "scanner/label_design.hpp"
#include "scanner/stock.hpp"
#include "scanner/symbol.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace nguon::scanner {

/// The words printed beside the data.
struct LabelWords {
    std::string lot = "Lô";
    std::string made_on = "NSX";
    std::string use_by = "HSD";
    std::string print_at_full_size = "In 100 %";
    std::string sheet = "tờ";
    std::string specimen = "MẪU";
    std::string reprint = "in lại lần";
};

/// One print job: the labels of a batch on one stock. Its codes come from a `LabelCodeSource`.
struct LabelJob {
    std::string id = {}; // stands in the margin of every sheet
    Stock stock = {};
    LabelDesign design = LabelDesign::qr;
    std::vector<LabelLine> lines = {}; // of text, in this order; empty: the usual ones
    std::string own_text = {};         // of the line `LabelField::text`
    int start = 1;                     // place of the first label on the first sheet, counted row by row from 1
    int copies = 1;                    // of every code, one after the other

    std::string product_name = {};
    std::string lot = {};
    std::optional<Date> made_on = {};
    std::optional<Date> use_by = {};
    std::string organization = {}; // short name, printed when there is room
    std::string gtin = {};         // 8, 12, 13 or 14 digits; empty: the product has none

    EccLevel ecc_level = EccLevel::medium;
    int reprint = 0;       // how often these very codes were printed before: marked on labels and sheets
    bool specimen = false; // a sample: every label is marked so
    Instant created = {};  // for the metadata, so that the same job gives the same bytes
    LabelWords words = {};

    bool shows(LabelField field) const
    {
        return lines.empty() || std::ranges::find(lines, field, &LabelLine::field) != lines.end();
    }
    void use(OwnDesign const& own)
    {
        design = own.symbols;
        lines = own.lines;
        own_text = own.text;
    }
};

} // namespace nguon::scanner
