#include "core/model/place.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/model/identifiers.hpp"

#include <cstdlib>
#include <vector>

#include <nlohmann/json.hpp>

namespace nguon {
namespace {

/// Degrees within ±`limit`; both coordinates or none.
std::optional<double> read_degrees(JsonReader& in, std::string_view name, double limit)
{
    auto const text = in.optional_decimal(name, {.digits_max = 3, .decimals_max = 12, .negative = true});
    if (!text) return std::nullopt;
    double const degrees = std::strtod(text->c_str(), nullptr);
    if (degrees >= -limit && degrees <= limit) return degrees;
    in.fault(name, "place.coordinates", {*text});
    return std::nullopt;
}

} // namespace

Place read_place(JsonReader& in)
{
    std::vector<Choice<std::string_view>> kinds;
    for (auto const kind : place_kinds) kinds.push_back({kind, kind});

    Place out;
    out.kind = in.choice<std::string_view>("kind", kinds);
    out.name = in.text("name", 200);
    out.code = in.optional_text("code", 20).value_or("");
    if (auto const gln = in.optional_text("gln", 20)) out.gln = in.take("gln", gs1::read_gln(*gln));
    out.address = read_address(in);
    if (auto const code = in.optional_text("growing_area_code", 40))
        out.growing_area_code = in.take("growing_area_code", read_growing_area_code(*code));
    out.area_ha = in.optional_decimal("area_ha", {.digits_max = 6, .decimals_max = 4}).value_or("");
    out.latitude = read_degrees(in, "latitude", 90);
    out.longitude = read_degrees(in, "longitude", 180);
    if (out.latitude.has_value() != out.longitude.has_value() && in.clean())
        in.fault(out.latitude ? "longitude" : "latitude", "field.required");
    return out;
}

nlohmann::json to_json(Place const& place)
{
    nlohmann::json json{{"kind", place.kind},
                        {"name", place.name},
                        {"code", place.code},
                        {"gln", place.gln},
                        {"address", to_json(place.address)},
                        {"growing_area_code", place.growing_area_code},
                        {"area_ha", place.area_ha}};
    if (place.latitude) json["latitude"] = *place.latitude;
    if (place.longitude) json["longitude"] = *place.longitude;
    return json;
}

Place place_from_json(nlohmann::json const& json)
{
    Place out;
    out.kind = json.value("kind", "");
    out.name = json.value("name", "");
    out.code = json.value("code", "");
    out.gln = json.value("gln", "");
    out.address = address_from_json(json.value("address", nlohmann::json::object()));
    out.growing_area_code = json.value("growing_area_code", "");
    out.area_ha = json.value("area_ha", "");
    if (json.contains("latitude")) out.latitude = json["latitude"].get<double>();
    if (json.contains("longitude")) out.longitude = json["longitude"].get<double>();
    return out;
}

} // namespace nguon
