#include "core/model/product.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/model/identifiers.hpp"

#include <nlohmann/json.hpp>

namespace nguon {
namespace {

template <std::size_t Count>
std::vector<Choice<std::string_view>> choices_of(std::array<std::string_view, Count> const& words)
{
    std::vector<Choice<std::string_view>> out;
    for (auto const word : words) out.push_back({word, word});
    return out;
}

void read_weight(JsonReader& in, Product& out)
{
    out.net_weight = in.optional_decimal("net_weight", {.digits_max = 9, .decimals_max = 3}).value_or("");
    auto const units = choices_of(weight_units);
    out.weight_unit = in.optional_choice<std::string_view>("weight_unit", units).value_or("");
    if (out.net_weight.find_first_of("123456789") == std::string::npos) {
        if (!out.net_weight.empty()) in.fault("net_weight", "product.weight_zero");
        out.weight_unit.clear();
    } else if (out.weight_unit.empty()) {
        in.fault("weight_unit", "product.weight_without_unit");
    }
}

void read_ocop(JsonReader& in, Product& out)
{
    if (auto const stars = in.optional_integer("ocop_stars", 0, 9); stars && *stars != 0)
        out.ocop_stars = in.take("ocop_stars", read_ocop_stars(std::to_string(*stars)));
    out.ocop_decision = in.optional_text("ocop_decision", 60).value_or("");
    if (auto const date = in.optional_date("ocop_valid_to")) out.ocop_valid_to = to_iso(*date);
    bool const decided = !out.ocop_decision.empty() || !out.ocop_valid_to.empty();
    if (out.ocop_stars == 0 && decided && in.clean()) in.fault("ocop_stars", "field.required");
}

} // namespace

Product read_product(JsonReader& in)
{
    Product out;
    out.name = in.text("name", 120);
    out.brand = in.optional_text("brand", 80).value_or("");
    out.description = in.optional_text("description", 1000, Lines::many).value_or("");
    out.group_code = in.text("group_code", 20);
    out.code = in.optional_text("code", 20).value_or("");
    if (auto const gtin = in.optional_text("gtin", 20)) out.gtin = in.take("gtin", gs1::read_gtin(*gtin));
    out.origin = in.optional_text("origin", 120).value_or("");
    read_weight(in, out);
    out.applied_standards = in.texts("applied_standards", 20, 100);
    if (auto const code = in.optional_text("hs_code", 14)) out.hs_code = in.take("hs_code", read_hs_code(*code));
    auto const risks = choices_of(risk_levels);
    out.risk_level = in.optional_choice<std::string_view>("risk_level", risks).value_or("low");
    out.mandatory = in.flag("mandatory");
    out.shelf_life_days = static_cast<int>(in.optional_integer("shelf_life_days", 0, 36'500).value_or(0));
    read_ocop(in, out);
    out.target_market = in.optional_text("target_market", 40).value_or("VN");
    return out;
}

nlohmann::json to_json(Product const& product)
{
    return {{"name", product.name},
            {"brand", product.brand},
            {"description", product.description},
            {"group_code", product.group_code},
            {"code", product.code},
            {"gtin", product.gtin},
            {"origin", product.origin},
            {"net_weight", product.net_weight},
            {"weight_unit", product.weight_unit},
            {"applied_standards", product.applied_standards},
            {"images", product.images},
            {"thumbnails", product.thumbnails},
            {"jpegs", product.jpegs},
            {"hs_code", product.hs_code},
            {"risk_level", product.risk_level},
            {"mandatory", product.mandatory},
            {"shelf_life_days", product.shelf_life_days},
            {"ocop_stars", product.ocop_stars},
            {"ocop_decision", product.ocop_decision},
            {"ocop_valid_to", product.ocop_valid_to},
            {"target_market", product.target_market}};
}

Product product_from_json(nlohmann::json const& json)
{
    using Texts = std::vector<std::string>;
    Product out;
    out.name = json.value("name", "");
    out.brand = json.value("brand", "");
    out.description = json.value("description", "");
    out.group_code = json.value("group_code", "");
    out.code = json.value("code", "");
    out.gtin = json.value("gtin", "");
    out.origin = json.value("origin", "");
    out.net_weight = json.value("net_weight", "");
    out.weight_unit = json.value("weight_unit", "");
    out.applied_standards = json.value("applied_standards", Texts{});
    out.images = json.value("images", Texts{});
    out.thumbnails = json.value("thumbnails", Texts{});
    out.jpegs = json.value("jpegs", Texts{});
    out.hs_code = json.value("hs_code", "");
    out.risk_level = json.value("risk_level", "low");
    out.mandatory = json.value("mandatory", false);
    out.shelf_life_days = json.value("shelf_life_days", 0);
    out.ocop_stars = json.value("ocop_stars", 0);
    out.ocop_decision = json.value("ocop_decision", "");
    out.ocop_valid_to = json.value("ocop_valid_to", "");
    out.target_market = json.value("target_market", "VN");
    return out;
}

std::vector<std::string> missing_for_portal(Product const& product)
{
    std::vector<std::string> missing;
    if (product.gtin.empty()) missing.emplace_back("gtin");
    if (product.jpegs.empty()) missing.emplace_back("images");
    if (product.net_weight.empty()) missing.emplace_back("net_weight");
    return missing;
}

} // namespace nguon
