#include "connector/most_wire.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/json.hpp"

#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

using nlohmann::json;

/// What we wrote ourselves is always readable; an empty object only stands in for bytes somebody damaged.
json content_of(Record const& record)
{
    auto payload = parse_json(record.payload);
    if (!payload || !payload->is_object()) return json::object();
    auto const content = payload->find(record.type == "event" ? "event" : "fields");
    return content == payload->end() ? json::object() : std::move(*content);
}

json const* at_pointer(json const& object, std::string const& pointer)
{
    json::json_pointer const place{pointer};
    return object.contains(place) ? &object.at(place) : nullptr;
}

std::string text_of(json const& value)
{
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return {};
    if (!value.is_array()) return canonical_json(value);
    std::string joined;
    for (auto const& item : value) joined += (joined.empty() ? "" : "; ") + text_of(item);
    return joined;
}

/// A number, or nothing when the text is none.
json number_of(json const& value)
{
    if (value.is_number()) return value;
    auto const text = text_of(value);
    double number = 0;
    auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) return {};
    return number;
}

json images_of(json const& value, std::string const& public_url)
{
    auto addresses = json::array();
    if (value.is_array())
        for (auto const& sha256 : value) addresses.push_back(public_url + "/f/" + text_of(sha256));
    return addresses;
}

std::string place_text(json const& address)
{
    if (!address.is_object()) return text_of(address);
    std::string text;
    for (auto const* const name : {"line", "commune_text"})
        if (auto const part = address.value(name, std::string{}); !part.empty())
            text += (text.empty() ? "" : ", ") + part;
    return text;
}

/// "https://ref.gs1.org/cbv/BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping", "shipping" → "shipping"
std::string bare_word(std::string const& step)
{
    auto const cut = step.find_last_of(":-/");
    return cut == std::string::npos ? step : step.substr(cut + 1);
}

void add_parents(json& data, MostSettings const& settings, Record const& record)
{
    for (auto const& parent : record.parents) {
        auto const name = settings.parent_fields.find(parent.type);
        if (name == settings.parent_fields.end() || parent.portal_id.empty()) continue;
        auto& field = data[name->second];
        if (field.is_null()) {
            field = parent.portal_id;
        } else {
            if (!field.is_array()) field = json::array({field});
            field.push_back(parent.portal_id);
        }
    }
}

json data_of(MostSettings const& settings, MostResource const& resource, Record const& record)
{
    auto const content = content_of(record);
    json data = json::object();
    for (auto const& rule : resource.fields) {
        auto const* const value = at_pointer(content, rule.from);
        if (value == nullptr || value->is_null()) continue;
        switch (rule.kind) {
        case FieldKind::text:
            data[rule.to] = text_of(*value);
            break;
        case FieldKind::number:
            if (auto number = number_of(*value); !number.is_null()) data[rule.to] = std::move(number);
            break;
        case FieldKind::images:
            data[rule.to] = images_of(*value, settings.public_url);
            break;
        case FieldKind::place:
            data[rule.to] = place_text(*value);
            break;
        }
    }
    for (auto const& [name, value] : resource.constants) data[name] = value;
    if (record.type == "event") {
        auto const kind = settings.event_kinds.find(bare_word(content.value("bizStep", std::string{})));
        auto const other = settings.event_kinds.find("");
        if (kind != settings.event_kinds.end())
            data["loaiSuKien"] = kind->second;
        else if (other != settings.event_kinds.end())
            data["loaiSuKien"] = other->second;
    }
    data["trangThai"] = record.op == "withdraw" ? 0 : 1;
    return data;
}

} // namespace

std::optional<std::string> missing_for_most(Record const& record)
{
    if (record.type != "product") return std::nullopt;
    auto const content = content_of(record);
    auto const text = [&content](char const* name) {
        auto const found = content.find(name);
        return found == content.end() ? std::string{} : text_of(*found);
    };
    if (text("name").empty()) return "name";
    if (auto const gtin = text("gtin"); gtin.empty() || !gs1::read_gtin(gtin)) return "gtin";
    if (text("jpegs").empty()) return "images";
    auto const weight = number_of(content.value("net_weight", json{}));
    if (!weight.is_number() || weight.get<double>() <= 0) return "net_weight";
    if (text("weight_unit").empty()) return "weight_unit";
    return std::nullopt;
}

std::string lookup_value(MostSettings const& settings, Record const& record)
{
    auto const resource = settings.resources.find(record.type);
    if (resource == settings.resources.end() || resource->second.lookup_parameter.empty()) return {};
    auto const content = content_of(record);
    auto const* const value = at_pointer(content, resource->second.lookup_from);
    return value == nullptr ? std::string{} : text_of(*value);
}

std::string make_wire(MostSettings const& settings, Record const& record, std::string const& portal_id)
{
    auto const& resource = settings.resources.at(record.type);
    auto data = data_of(settings, resource, record);
    add_parents(data, settings, record);
    if (!portal_id.empty()) data[resource.id_field] = portal_id;
    return canonical_json({{"duLieu", std::move(data)},
                           {"khoa", record.key},
                           {"loai", record.type},
                           {"maBam", record.sha256},
                           {"maBanGhi", record.id},
                           {"phienBan", record.version},
                           {"phienBanTruoc", record.delivered_version},
                           {"thaoTac", portal_id.empty() ? "TAO" : "CAP_NHAT"}});
}

bool is_create(std::string const& wire)
{
    auto const line = json::parse(wire, nullptr, false);
    return line.is_object() && line.value("thaoTac", "") == "TAO";
}

} // namespace nguon::connector
