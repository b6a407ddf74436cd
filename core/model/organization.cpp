#include "core/model/organization.hpp"

#include "core/model/identifiers.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

namespace nguon {
namespace {

constexpr std::size_t name_chars_max = 200;
constexpr std::size_t line_chars_max = 200;

std::vector<Choice<std::string_view>> kind_choices()
{
    std::vector<Choice<std::string_view>> out;
    for (auto const kind : organization_kinds) out.push_back({kind, kind});
    return out;
}

/// Decree 37/2026 Art. 31: 7, 8, 9, 10 or 12 digits.
Result<std::string> read_company_prefix(std::string const& text)
{
    bool const digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    bool const length = (text.size() >= 7 && text.size() <= 10) || text.size() == 12;
    if (!digits || !length) return invalid("gs1_prefix.length", {text});
    return text;
}

std::string iso_or_empty(std::optional<Date> const& date) { return date ? to_iso(*date) : std::string{}; }

void read_tax_number(JsonReader& in, OrganizationInput& out)
{
    auto const given = in.text("tax_code", 20);
    if (given.empty()) return;
    auto tax_code = in.take("tax_code", read_tax_code(given));
    if (!is_personal_tax_code(tax_code)) {
        out.organization.tax_code = std::move(tax_code);
        return;
    }
    if (out.organization.kind != "household") in.fault("tax_code", "organization.household_identity");
    out.tax_identity_number = std::move(tax_code);
}

} // namespace

Address read_address(JsonReader& in)
{
    Address address;
    address.line = in.optional_text("address_line", line_chars_max).value_or("");
    address.commune_code = in.optional_text("commune_code", 10).value_or("");
    address.commune_text = in.optional_text("commune_text", line_chars_max).value_or("");
    address.former = in.optional_text("former_address", line_chars_max).value_or("");
    return address;
}

OrganizationInput read_organization(JsonReader& in)
{
    auto const kinds = kind_choices();
    OrganizationInput out;
    auto& organization = out.organization;
    organization.kind = in.choice<std::string_view>("kind", kinds);
    organization.name = in.text("name", name_chars_max);
    read_tax_number(in, out);
    organization.address = read_address(in);
    if (auto const prefix = in.optional_text("gs1_prefix", 12))
        organization.gs1_prefix = in.take("gs1_prefix", read_company_prefix(*prefix));
    organization.gs1_certificate = in.optional_text("gs1_certificate", 60).value_or("");
    organization.gs1_valid_to = iso_or_empty(in.optional_date("gs1_valid_to"));
    if (auto const website = in.optional_text("website", 200))
        organization.website = in.take("website", read_web_address(*website));
    organization.conformity_number = in.optional_text("conformity_number", 60).value_or("");
    organization.conformity_date = iso_or_empty(in.optional_date("conformity_date"));
    organization.conformity_standard = in.optional_text("conformity_standard", 100).value_or("");
    if (auto const phone = in.optional_text("phone", 20)) out.phone = in.take("phone", read_phone(*phone));
    out.phone_public = in.flag("phone_public");
    return out;
}

nlohmann::json to_json(Address const& address)
{
    return {{"line", address.line},
            {"commune_code", address.commune_code},
            {"commune_text", address.commune_text},
            {"former", address.former}};
}

Address address_from_json(nlohmann::json const& json)
{
    return {json.value("line", ""), json.value("commune_code", ""), json.value("commune_text", ""),
            json.value("former", "")};
}

nlohmann::json to_json(Organization const& organization)
{
    return {{"kind", organization.kind},
            {"name", organization.name},
            {"tax_code", organization.tax_code},
            {"address", to_json(organization.address)},
            {"gs1_prefix", organization.gs1_prefix},
            {"gs1_certificate", organization.gs1_certificate},
            {"gs1_valid_to", organization.gs1_valid_to},
            {"website", organization.website},
            {"conformity_number", organization.conformity_number},
            {"conformity_date", organization.conformity_date},
            {"conformity_standard", organization.conformity_standard}};
}

Organization organization_from_json(nlohmann::json const& json)
{
    Organization out;
    out.kind = json.value("kind", "");
    out.name = json.value("name", "");
    out.tax_code = json.value("tax_code", "");
    out.address = address_from_json(json.value("address", nlohmann::json::object()));
    out.gs1_prefix = json.value("gs1_prefix", "");
    out.gs1_certificate = json.value("gs1_certificate", "");
    out.gs1_valid_to = json.value("gs1_valid_to", "");
    out.website = json.value("website", "");
    out.conformity_number = json.value("conformity_number", "");
    out.conformity_date = json.value("conformity_date", "");
    out.conformity_standard = json.value("conformity_standard", "");
    return out;
}

} // namespace nguon
