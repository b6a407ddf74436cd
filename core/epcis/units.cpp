#include "core/epcis/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nguon::epcis {
namespace {

struct Unit {
    std::string_view code;
    std::string_view kind;
    double scale; // base = value * scale + offset
    double offset = 0;
};

constexpr double pi = 3.14159265358979323846;
constexpr double inch = 0.0254;
constexpr double foot = 0.3048;
constexpr double mile = 1609.344;
constexpr double pound = 0.45359237;
constexpr double standard_gravity = 9.80665;
constexpr double us_gallon = 0.003785411784;
constexpr double uk_gallon = 0.00454609;
constexpr double fahrenheit = 5.0 / 9.0;

/// Percentages and numbers without a unit stand alone: P1 equals P1 only.
constexpr std::array units{
    Unit{"KEL", "temperature", 1},
    Unit{"CEL", "temperature", 1, 273.15},
    Unit{"FAH", "temperature", fahrenheit, 459.67 * fahrenheit},
    Unit{"A48", "temperature", fahrenheit}, // Rankine
    Unit{"MTR", "length", 1},
    Unit{"KMT", "length", 1000},
    Unit{"DMT", "length", 0.1},
    Unit{"CMT", "length", 0.01},
    Unit{"MMT", "length", 0.001},
    Unit{"4H", "length", 1e-6},
    Unit{"C45", "length", 1e-9},
    Unit{"INH", "length", inch},
    Unit{"FOT", "length", foot},
    Unit{"YRD", "length", 3 * foot},
    Unit{"SMI", "length", mile},
    Unit{"NMI", "length", 1852},
    Unit{"MTK", "area", 1},
    Unit{"KMK", "area", 1e6},
    Unit{"DMK", "area", 0.01},
    Unit{"CMK", "area", 1e-4},
    Unit{"MMK", "area", 1e-6},
    Unit{"HAR", "area", 10000},
    Unit{"ARE", "area", 100},
    Unit{"ACR", "area", 4046.8564224},
    Unit{"INK", "area", inch* inch},
    Unit{"FTK", "area", foot* foot},
    Unit{"MTQ", "volume", 1},
    Unit{"LTR", "volume", 0.001},
    Unit{"DMQ", "volume", 0.001},
    Unit{"HLT", "volume", 0.1},
    Unit{"DLT", "volume", 1e-4},
    Unit{"CLT", "volume", 1e-5},
    Unit{"MLT", "volume", 1e-6},
    Unit{"CMQ", "volume", 1e-6},
    Unit{"MMQ", "volume", 1e-9},
    Unit{"4G", "volume", 1e-9},
    Unit{"INQ", "volume", inch* inch* inch},
    Unit{"FTQ", "volume", foot* foot* foot},
    Unit{"GLL", "volume", us_gallon},
    Unit{"GLI", "volume", uk_gallon},
    Unit{"OZA", "volume", us_gallon / 128},
    Unit{"OZI", "volume", uk_gallon / 160},
    Unit{"KGM", "mass", 1},
    Unit{"TNE", "mass", 1000},
    Unit{"DTN", "mass", 100},
    Unit{"HGM", "mass", 0.1},
    Unit{"DJ", "mass", 0.01},
    Unit{"GRM", "mass", 0.001},
    Unit{"CGM", "mass", 1e-5},
    Unit{"MGM", "mass", 1e-6},
    Unit{"MC", "mass", 1e-9},
    Unit{"LBR", "mass", pound},
    Unit{"ONZ", "mass", pound / 16},
    Unit{"STN", "mass", 2000 * pound},
    Unit{"LTN", "mass", 2240 * pound},
    Unit{"SEC", "time", 1},
    Unit{"C26", "time", 0.001},
    Unit{"B98", "time", 1e-6},
    Unit{"MIN", "time", 60},
    Unit{"HUR", "time", 3600},
    Unit{"DAY", "time", 86400},
    Unit{"WEE", "time", 604800},
    Unit{"PAL", "pressure", 1},
    Unit{"A97", "pressure", 100},
    Unit{"KPA", "pressure", 1000},
    Unit{"MPA", "pressure", 1e6},
    Unit{"MBR", "pressure", 100},
    Unit{"BAR", "pressure", 1e5},
    Unit{"ATM", "pressure", 101325},
    Unit{"HN", "pressure", 133.322387415},
    Unit{"PS", "pressure", pound* standard_gravity / (inch * inch)},
    Unit{"MTS", "speed", 1},
    Unit{"KMH", "speed", 1 / 3.6},
    Unit{"HM", "speed", mile / 3600},
    Unit{"KNT", "speed", 1852.0 / 3600},
    Unit{"FS", "speed", foot},
    Unit{"2M", "speed", 0.01},
    Unit{"MSK", "acceleration", 1},
    Unit{"K40", "acceleration", standard_gravity},
    Unit{"A76", "acceleration", 0.01},
    Unit{"A73", "acceleration", foot},
    Unit{"NEW", "force", 1},
    Unit{"B47", "force", 1000},
    Unit{"C78", "force", standard_gravity* pound},
    Unit{"B37", "force", standard_gravity},
    Unit{"JOU", "energy", 1},
    Unit{"KJO", "energy", 1000},
    Unit{"3B", "energy", 1e6},
    Unit{"WHR", "energy", 3600},
    Unit{"KWH", "energy", 3.6e6},
    Unit{"MWH", "energy", 3.6e9},
    Unit{"WTT", "power", 1},
    Unit{"C31", "power", 0.001},
    Unit{"KWT", "power", 1000},
    Unit{"MAW", "power", 1e6},
    Unit{"VLT", "voltage", 1},
    Unit{"2Z", "voltage", 0.001},
    Unit{"KVT", "voltage", 1000},
    Unit{"AMP", "current", 1},
    Unit{"4K", "current", 0.001},
    Unit{"B84", "current", 1e-6},
    Unit{"OHM", "resistance", 1},
    Unit{"B49", "resistance", 1000},
    Unit{"B75", "resistance", 1e6},
    Unit{"COU", "charge", 1},
    Unit{"AMH", "charge", 3600},
    Unit{"E09", "charge", 3.6},
    Unit{"FAR", "capacitance", 1},
    Unit{"4O", "capacitance", 1e-6},
    Unit{"C41", "capacitance", 1e-9},
    Unit{"4T", "capacitance", 1e-12},
    Unit{"HTZ", "frequency", 1},
    Unit{"KHZ", "frequency", 1000},
    Unit{"MHZ", "frequency", 1e6},
    Unit{"A86", "frequency", 1e9},
    Unit{"RPM", "frequency", 1.0 / 60},
    Unit{"C81", "angle", 1},
    Unit{"DD", "angle", pi / 180},
    Unit{"D61", "angle", pi / 180 / 60},
    Unit{"D62", "angle", pi / 180 / 3600},
    Unit{"2A", "angular velocity", 1},
    Unit{"E96", "angular velocity", pi / 180},
    Unit{"LUX", "illuminance", 1},
    Unit{"KLX", "illuminance", 1000},
    Unit{"P25", "illuminance", 1 / (foot * foot)},
    Unit{"KMQ", "density", 1},
    Unit{"23", "density", 1000},
    Unit{"GL", "density", 1},
    Unit{"M1", "density", 0.001},
    Unit{"GP", "density", 1e-6},
    Unit{"GQ", "density", 1e-9},
    Unit{"C34", "amount", 1},
    Unit{"C18", "amount", 0.001},
    Unit{"B45", "amount", 1000},
    Unit{"C38", "molar concentration", 1000},
    Unit{"C36", "molar concentration", 1},
    Unit{"M33", "molar concentration", 1},
    Unit{"BQL", "radioactivity", 1},
    Unit{"2Q", "radioactivity", 1000},
    Unit{"4N", "radioactivity", 1e6},
    Unit{"CUR", "radioactivity", 3.7e10},
    Unit{"D13", "dose equivalent", 1},
    Unit{"C28", "dose equivalent", 0.001},
    Unit{"A95", "absorbed dose", 1},
    Unit{"C13", "absorbed dose", 0.001},
    Unit{"MQH", "volume flow", 1.0 / 3600},
    Unit{"MQS", "volume flow", 1},
    Unit{"L2", "volume flow", 0.001 / 60},
    Unit{"G51", "volume flow", 0.001},
    Unit{"KGS", "mass flow", 1},
    Unit{"E93", "mass flow", 1.0 / 3600},
    Unit{"F31", "mass flow", 1.0 / 60},
    Unit{"AD", "memory", 8},
    Unit{"A99", "memory", 1},
    Unit{"2P", "memory", 8000},
    Unit{"4L", "memory", 8e6},
    Unit{"E34", "memory", 8e9},
};

Unit const* find(std::string_view code)
{
    auto const* const found = std::ranges::find(units, code, &Unit::code);
    return found == units.end() ? nullptr : found;
}

} // namespace

std::optional<BaseValue> to_base(double value, std::string_view uom)
{
    auto const* const unit = find(uom);
    if (unit == nullptr) return std::nullopt;
    return BaseValue{unit->kind, value * unit->scale + unit->offset};
}

std::optional<BaseValue> spread_to_base(double value, std::string_view uom)
{
    auto const* const unit = find(uom);
    if (unit == nullptr) return std::nullopt;
    return BaseValue{unit->kind, value * unit->scale};
}

std::optional<double> convert(double value, std::string_view from, std::string_view to, bool spread)
{
    if (from == to) return value;
    auto const* const target = find(to);
    auto const base = spread ? spread_to_base(value, from) : to_base(value, from);
    if (!base || target == nullptr || target->kind != base->kind) return std::nullopt;
    return (base->value - (spread ? 0 : target->offset)) / target->scale;
}

bool same_number(double a, double b)
{
    constexpr double tolerance = 1e-9;
    return std::abs(a - b) <= tolerance * std::max({1.0, std::abs(a), std::abs(b)});
}

} // namespace nguon::epcis
