#pragma once

#include "core/gs1/ai_table.hpp"
#include "core/gs1/ai_value.hpp"

#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

/// Right and wrong values for every AI, made from what its format says.
namespace nguon::gs1::samples {

/// How long the last part of a value is.
enum class Size { shortest, longest };

/// A value that keeps every rule.
std::string good_value(AiEntry const& entry, Size size);

/// The same with varied characters.
std::string random_value(AiEntry const& entry, std::mt19937& random);

/// A value of right form that breaks `rule` of one of the components; nothing when the AI has no such rule.
std::optional<std::string> bad_value(AiEntry const& entry, Rule rule);

/// Every rule on content, in the order of the enumeration.
std::vector<Rule> content_rules();

/// Every AI of the table: "3100", "3101" ….
std::vector<std::string> all_ais();

/// Elements that a Digital Link can carry: a key, some of its qualifiers, attributes.
std::vector<AiValue> random_link_elements(std::mt19937& random, bool compressible);

} // namespace nguon::gs1::samples
