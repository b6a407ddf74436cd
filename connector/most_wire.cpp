#include "connector/most_wire.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

using nlohmann::json;

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

/// What the portal calls the pictures that it has; our own addresses when it takes none.
json images_of(json const& value, MostSettings const& settings, Record const& record)
{
    auto images = json::array();
    if (!value.is_array()) return images;
    for (auto const& named : value) {
        auto const sha256 = text_of(named);
        auto const known = std::ranges::find(record.pictures, sha256, &db::deliveries::Picture::sha256);
        if (settings.pictures.path.empty())
            images.push_back(settings.public_url + "/f/" + sha256);
        else if (known != record.pictures.end() && !known->portal_id.empty())
            images.push_back(known->portal_id);
    }
    return images;
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

std::string catalogued_text(FieldRule const& rule, json const& value)
{
    return rule.kind == FieldKind::step ? bare_word(text_of(value)) : text_of(value);
}

json data_of(MostSettings const& settings, MostResource const& resource, Record const& record, json const& content,
             Catalogues const& catalogues)
{
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
            data[rule.to] = images_of(*value, settings, record);
            break;
        case FieldKind::place:
            data[rule.to] = place_text(*value);
            break;
        case FieldKind::step:
            data[rule.to] = bare_word(text_of(*value));
            break;
        }
    }
    for (auto const& one : catalogued(settings, record.type, content))
        data[one.rule.to] = catalogues.code_of(one.rule.catalogue, one.value).value_or(one.value);
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

// What we wrote ourselves is always readable; an empty object only stands in for bytes somebody damaged.
json content_of(Record const& record)
{
    auto payload = parse_json(record.payload);
    if (!payload || !payload->is_object()) return json::object();
    auto const content = payload->find(record.type == "event" ? "event" : "fields");
    return content == payload->end() ? json::object() : std::move(*content);
}

std::optional<std::string> missing_for_most(std::string_view type, json const& content)
{
    if (type != "product") return std::nullopt;
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

std::string lookup_value(MostSettings const& settings, std::string const& type, json const& content)
{
    auto const resource = settings.resources.find(type);
    if (resource == settings.resources.end() || resource->second.lookup_parameter.empty()) return {};
    auto const* const value = at_pointer(content, resource->second.lookup_from);
    return value == nullptr ? std::string{} : text_of(*value);
}

std::vector<Catalogued> catalogued(MostSettings const& settings, std::string const& type, json const& content)
{
    std::vector<Catalogued> out;
    auto const resource = settings.resources.find(type);
    if (resource == settings.resources.end()) return out;
    for (auto const& rule : resource->second.fields) {
        if (!settings.catalogues.contains(rule.catalogue)) continue;
        auto const* const value = at_pointer(content, rule.from);
        if (value == nullptr) continue;
        if (auto text = catalogued_text(rule, *value); !text.empty()) out.push_back({rule, std::move(text)});
    }
    return out;
}

std::vector<db::portal_catalogues::Gap> gaps_of(std::vector<Catalogued> const& values, Catalogues const& catalogues)
{
    std::vector<db::portal_catalogues::Gap> gaps;
    for (auto const& one : values)
        if (!catalogues.code_of(one.rule.catalogue, one.value)) gaps.push_back({one.rule.catalogue, one.value, {}});
    return gaps;
}

std::string make_wire(MostSettings const& settings, Record const& record, json const& content,
                      std::string const& portal_id, Catalogues const& catalogues)
{
    auto const& resource = settings.resources.at(record.type);
    auto data = data_of(settings, resource, record, content, catalogues);
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

PictureForm make_picture_form(MostPictures const& settings, std::string const& sha256)
{
    // A picture cannot hold its own digest, so the digest divides the parts.
    auto const boundary = "nguon-" + sha256;
    auto const part = [&](std::string const& field, std::string const& more) {
        return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field + "\"" + more + "\r\n\r\n";
    };
    PictureForm form;
    form.before = part(settings.digest_field, "") + sha256 + "\r\n" +
                  part(settings.file_field, "; filename=\"" + sha256 + ".jpg\"\r\nContent-Type: image/jpeg");
    form.after = "\r\n--" + boundary + "--\r\n";
    form.media_type = "multipart/form-data; boundary=" + boundary;
    return form;
}

bool is_create(std::string const& wire)
{
    auto const line = json::parse(wire, nullptr, false);
    return line.is_object() && line.value("thaoTac", "") == "TAO";
}

} // namespace nguon::connector
