#pragma once

#include "core/gs1/verdict.hpp"

#include <cstddef>
#include <span>
#include <string_view>

/// Reading Digital Links into a verdict; check_code.hpp has the functions for callers.
namespace nguon::gs1 {

/// True for "http://" and "https://" in any mixture of cases.
bool has_link_scheme(std::string_view text);

/// Reads the URI that starts at `at` of the verdict's text.
void read_link(std::size_t at, Verdict& verdict);

/// Brings the elements of a link into their order, key, qualifiers, attributes. Of alternative qualifier sequences the
/// first that leaves no element without a place is taken. Returns how many stand in the path; 0 when there is no key.
std::size_t order_link(std::span<Element> elements);

/// The same for values, each AI once; `ordered` refers to them. Errors: "link.no_key", "link.not_in_link" {ai} for an
/// AI that neither path nor query may carry.
Result<std::size_t> order_link(std::span<AiValue const> elements, ElementList& ordered);

} // namespace nguon::gs1
