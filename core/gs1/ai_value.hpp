#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::gs1 {

/// One piece of a GS1 code: the application identifier without brackets and its value as plain text (no escapes).
struct AiValue {
    std::string ai = {};
    std::string value = {};

    bool operator==(AiValue const&) const = default;
};

/// One thing that is wrong with a code.
struct Fault {
    std::string key = {};     // "gs1.check_digit": sentence in the catalogues
    std::string ai = {};      // the application identifier concerned; empty when the fault is not about one
    std::size_t position = 0; // byte in the text that was read, counted from 0
    std::string rule = {};    // "csum", "yymmd0", "format", "syntax" …: the component rule that was broken
    std::vector<std::string> values = {};

    bool operator==(Fault const&) const = default;
};

/// What was read and everything that is wrong with it. With faults the elements are what could be recognised.
struct Reading {
    std::vector<AiValue> elements = {};
    std::vector<Fault> faults = {};
    std::string_view edition = {}; // of the table that judged, "2026-01-27"

    bool valid() const { return faults.empty(); }
};

/// The faults as an `Error`: the first fault gives key and values, all stand in `fields` under their AI, "(10)".
/// `faults` must not be empty.
Error to_error(std::vector<Fault> const& faults);

/// The value of `ai`, or nullptr.
std::string const* find_value(std::span<AiValue const> elements, std::string_view ai);

} // namespace nguon::gs1
