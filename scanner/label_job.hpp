#pragma once

#include "core/time.hpp"
#include "scanner/symbol.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nguon::scanner {

/// What differs from label to label.
struct LabelCode {
    std::string url = {};          // what the QR code says: the Digital Link, or the address of the printed code
    std::string printed_code = {}; // the short code for people, 12 characters; drawn in groups of four
};

/// The words printed beside the data.
struct LabelWords {
    std::string lot = "Lô";
    std::string made_on = "NSX";
    std::string use_by = "HSD";
    std::string print_at_full_size = "In 100 %";
    std::string sheet = "tờ";
    std::string specimen = "MẪU";
};

/// One print job: the labels of a batch on sheets of one stock.
struct LabelJob {
    std::string id = {};    // stands in the margin of every sheet
    std::string stock = {}; // see stock.hpp
    int start = 1;          // place of the first label on the first sheet, counted row by row from 1
    int copies = 1;         // of every code, one after the other
    std::vector<LabelCode> codes = {};

    std::string product_name = {};
    std::string lot = {};
    std::optional<Date> made_on = {};
    std::optional<Date> use_by = {};
    std::string organization = {}; // short name, printed when there is room

    EccLevel ecc_level = EccLevel::medium;
    bool specimen = false; // a sample: every label is marked so
    Instant created = {};  // for the metadata, so that the same job gives the same bytes
    LabelWords words = {};
};

} // namespace nguon::scanner
