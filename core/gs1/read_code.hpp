#pragma once

#include "core/gs1/verdict.hpp"

#include <string>
#include <string_view>

namespace nguon::gs1 {

enum class CodeKind {
    unknown,
    digital_link,
    element_string, // bracketed, FNC1 or scan data
    barcode_number, // GTIN, or a logistic unit of 18 digits
    printed_code,
    epc_uri,
    other_link, // a web address that is no Digital Link
};

/// What somebody typed or a scanner gave.
struct Code {
    CodeKind kind = CodeKind::unknown;
    std::vector<AiValue> elements = {}; // of every kind but printed_code and other_link
    std::string printed_code = {};      // twelve characters
    std::string link = {};              // canonical Digital Link, where the elements have a key
    std::string host = {};              // of an address, in lower case
    std::vector<Fault> faults = {};
    std::string_view edition = ai_table_edition; // of the table that judged

    bool valid() const { return faults.empty(); }
};

/// Reads whatever a person types or a scanner gives: a Digital Link, an address …/t/CODE, bracketed text, FNC1 or scan
/// data with or without symbology identifier, the digits under a barcode, an EPC URI, our twelve characters.
/// Keys besides those of the readers: "code.empty", "code.too_long" {bytes max}, "code.unknown" {text},
/// "code.other_link" {host}.
Code read_code(std::string_view text);

} // namespace nguon::gs1
