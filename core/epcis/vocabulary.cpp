#include "core/epcis/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace nguon::epcis {
namespace {

using namespace std::string_view_literals;

/// The words of a text, which are separated by one space each and must be `count`.
template <std::size_t count>
consteval std::array<std::string_view, count> split(std::string_view text)
{
    std::array<std::string_view, count> words;
    for (auto& word : words) {
        word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    if (!text.empty() || words.back().empty()) throw "the number of words is wrong";
    return words;
}

constexpr auto biz_steps = split<41>(
    "accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting "
    "decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting "
    "installing killing loading other packing picking receiving removing repackaging repairing replacing "
    "reserving retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing "
    "transporting unloading unpacking void_shipping");

constexpr auto dispositions = split<33>(
    "active available completeness_inferred completeness_verified conformant container_closed container_open "
    "damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class "
    "mismatch_instance mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other "
    "partially_dispensed recalled reserved retail_sold returned sellable_accessible sellable_not_accessible "
    "stolen unavailable unknown");

constexpr auto transaction_types =
    split<13>("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt");

constexpr auto source_destination_types = split<3>("location owning_party possessing_party");

constexpr auto error_reasons = split<2>("did_not_occur incorrect_data");

constexpr auto components =
    split<14>("altitude axial_distance azimuth easting elevation_angle height latitude longitude northing polar_angle "
              "spherical_radius x y z");

constexpr auto measurements = split<72>(
    "AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance "
    "AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance "
    "Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity "
    "ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency "
    "Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux "
    "LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration "
    "MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power "
    "Pressure RadiantFlux RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity SolidAngle "
    "SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume VolumeFlowRate "
    "VolumeFraction VolumetricFlux Wavenumber");

constexpr auto sensor_alerts = split<2>("ALARM_CONDITION ERROR_CONDITION");

struct Table {
    std::span<std::string_view const> words;
    std::string_view urn_name; // between "urn:epcglobal:cbv:" and the word; empty when there is no URN
    std::string_view web_name; // between the namespace and the word
};

/// In the order of `Vocabulary`.
constexpr std::array tables{
    Table{biz_steps, "bizstep", "BizStep-"},
    Table{dispositions, "disp", "Disp-"},
    Table{transaction_types, "btt", "BTT-"},
    Table{source_destination_types, "sdt", "SDT-"},
    Table{error_reasons, "er", "ER-"},
    Table{components, "comp", "Comp-"},
    Table{measurements, "", ""},
    Table{sensor_alerts, "", ""},
};

constexpr std::string_view urn_start = "urn:epcglobal:cbv:";
constexpr std::string_view cbv_namespace = "https://ref.gs1.org/cbv/";
constexpr std::string_view gs1_namespace = "https://ref.gs1.org/voc/";

constexpr std::array cbv_starts{cbv_namespace, "http://ref.gs1.org/cbv/"sv, "https://ns.gs1.org/cbv/"sv,
                                "http://ns.gs1.org/cbv/"sv, "cbv:"sv};
constexpr std::array gs1_starts{gs1_namespace,
                                "http://ref.gs1.org/voc/"sv,
                                "https://gs1.org/voc/"sv,
                                "http://gs1.org/voc/"sv,
                                "https://www.gs1.org/voc/"sv,
                                "http://www.gs1.org/voc/"sv,
                                "gs1:"sv};

Table const& table_of(Vocabulary vocabulary) { return tables[static_cast<std::size_t>(vocabulary)]; }

std::optional<std::string_view> find_word(Table const& table, std::string_view bare)
{
    auto const at = std::lower_bound(table.words.begin(), table.words.end(), bare);
    if (at == table.words.end() || *at != bare) return std::nullopt;
    return *at;
}

/// What stands behind the first of the starts that fits, then behind `name`.
std::optional<std::string_view> behind(std::span<std::string_view const> starts, std::string_view name,
                                       std::string_view text)
{
    for (auto const start : starts) {
        if (text.starts_with(start) && text.substr(start.size()).starts_with(name))
            return text.substr(start.size() + name.size());
    }
    return std::nullopt;
}

} // namespace

std::span<std::string_view const> words_of(Vocabulary vocabulary) { return table_of(vocabulary).words; }

std::optional<Word> recognise(Vocabulary vocabulary, std::string_view text)
{
    auto const& table = table_of(vocabulary);
    if (text.find(':') == std::string_view::npos) {
        auto const word = find_word(table, text);
        return word ? std::optional{Word{*word, Spelling::bare}} : std::nullopt;
    }
    if (!table.urn_name.empty() && text.starts_with(urn_start)) {
        auto rest = text.substr(urn_start.size());
        if (!rest.starts_with(table.urn_name)) return std::nullopt;
        rest.remove_prefix(table.urn_name.size());
        if (!rest.starts_with(':')) return std::nullopt;
        auto const word = find_word(table, rest.substr(1));
        return word ? std::optional{Word{*word, Spelling::urn}} : std::nullopt;
    }
    auto const starts = table.urn_name.empty() ? std::span<std::string_view const>{gs1_starts} : cbv_starts;
    auto const rest = behind(starts, table.web_name, text);
    auto const word = rest ? find_word(table, *rest) : std::nullopt;
    return word ? std::optional{Word{*word, Spelling::web_uri}} : std::nullopt;
}

std::string spell(Vocabulary vocabulary, std::string_view bare, Spelling spelling)
{
    auto const& table = table_of(vocabulary);
    std::string out;
    if (spelling == Spelling::urn)
        out = table.urn_name.empty() ? std::string{"gs1:"} : std::string{urn_start}.append(table.urn_name).append(":");
    else if (spelling == Spelling::web_uri)
        out = std::string{table.urn_name.empty() ? gs1_namespace : cbv_namespace}.append(table.web_name);
    return out.append(bare);
}

bool same_word(Vocabulary vocabulary, std::string_view a, std::string_view b)
{
    if (a == b) return true;
    auto const left = recognise(vocabulary, a);
    auto const right = recognise(vocabulary, b);
    return left && right && left->bare == right->bare;
}

std::optional<std::string> web_uri_of_urn(std::string_view text)
{
    if (!text.starts_with(urn_start)) return std::nullopt;
    auto const rest = text.substr(urn_start.size());
    auto const colon = rest.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    for (auto const& table : tables) {
        if (!table.urn_name.empty() && rest.substr(0, colon) == table.urn_name)
            return std::string{cbv_namespace}.append(table.web_name).append(rest.substr(colon + 1));
    }
    return std::nullopt;
}

} // namespace nguon::epcis
