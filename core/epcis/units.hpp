#pragma once

#include <optional>
#include <string_view>

/// Units of UN/ECE Recommendation 20 that measurements of events come in.
namespace nguon::epcis {

/// `value` in the base unit of what `uom` measures ("CEL" 10 -> 283.15 K), so that two values can be compared. Nothing
/// for a unit that is not in the table.
struct BaseValue {
    std::string_view kind; // "temperature"; values of different kinds cannot be compared
    double value;
};
std::optional<BaseValue> to_base(double value, std::string_view uom);

/// The same for a spread (standard deviation): by scale only, a difference of 1 °C is a difference of 1 K.
std::optional<BaseValue> spread_to_base(double value, std::string_view uom);

/// `value` of the unit `from` in the unit `to`; the same number for equal units, known or not. Nothing when the two
/// measure different things or one is unknown.
std::optional<double> convert(double value, std::string_view from, std::string_view to, bool spread = false);

/// Whether two measured numbers are the same for a reader: they may have gone through another unit.
bool same_number(double a, double b);

} // namespace nguon::epcis
