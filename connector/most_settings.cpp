#include "connector/most_settings.hpp"

#include "core/json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

MostResource organization_resource()
{
    return {"/ToChuc_HoSo",
            "idToChuc",
            "MST",
            "/tax_code",
            {{"/name", "tenToChuc", FieldKind::text},
             {"/tax_code", "MST", FieldKind::text},
             {"/kind", "loaiHinh", FieldKind::text},
             {"/address", "diaChiText", FieldKind::place},
             {"/address/commune_code", "idXaPhuong", FieldKind::text, "xaPhuong"},
             {"/address/former", "diaChiCu", FieldKind::text},
             {"/gs1_prefix", "maDoanhNghiepGS1", FieldKind::text},
             {"/website", "website", FieldKind::text}},
            {}};
}

MostResource place_resource()
{
    return {"/DiaDiem",
            "idDiaDiem",
            "",
            "",
            {{"/name", "ten", FieldKind::text},
             {"/kind", "loaiDiaDiem", FieldKind::text},
             {"/code", "maNoiBo", FieldKind::text},
             {"/gln", "glnCode", FieldKind::text},
             {"/growing_area_code", "maVungTrong", FieldKind::text},
             {"/area_ha", "dienTichHa", FieldKind::number},
             {"/address", "diaChiText", FieldKind::place},
             {"/address/commune_code", "idXaPhuong", FieldKind::text, "xaPhuong"},
             {"/latitude", "lat", FieldKind::number},
             {"/longitude", "lng", FieldKind::number}},
            {}};
}

MostResource product_resource()
{
    return {"/ToChuc_SanPham",
            "idSanPham",
            "gtinCode",
            "/gtin",
            {{"/name", "ten", FieldKind::text},
             {"/gtin", "gtinCode", FieldKind::text},
             {"/code", "maNoiBo", FieldKind::text},
             {"/brand", "thuongHieu", FieldKind::text},
             {"/description", "moTa", FieldKind::text},
             {"/group_code", "idNhomSanPham", FieldKind::text, "nhomSanPham"},
             {"/hs_code", "maHS", FieldKind::text},
             {"/origin", "xuatXu", FieldKind::text},
             {"/net_weight", "netWeight", FieldKind::number},
             {"/weight_unit", "weightUnit", FieldKind::text, "donViTinh"},
             {"/applied_standards", "tieuChuanApDung", FieldKind::text},
             {"/jpegs", "hinhAnh", FieldKind::images}},
            {}};
}

MostResource batch_resource()
{
    return {"/ChuoiSanXuat",
            "idChuoiSanXuat",
            "",
            "",
            {{"/lot", "soLo", FieldKind::text},
             {"/made_on", "ngaySanXuat", FieldKind::text},
             {"/expires_on", "hanSuDung", FieldKind::text},
             {"/quantity", "soLuong", FieldKind::number},
             {"/unit", "donViTinh", FieldKind::text, "donViTinh"},
             {"/note", "ghiChu", FieldKind::text}},
            {}};
}

MostResource certificate_resource()
{
    return {"/ChungNhan",
            "idChungNhan",
            "",
            "",
            {{"/kind", "loaiChungNhan", FieldKind::text},
             {"/name", "ten", FieldKind::text},
             {"/number", "soChungNhan", FieldKind::text},
             {"/issuer", "donViCap", FieldKind::text},
             {"/scope", "phamVi", FieldKind::text},
             {"/valid_from", "ngayCap", FieldKind::text},
             {"/valid_to", "ngayHetHan", FieldKind::text}},
            {{"loaiSuKien", "CHUNG_NHAN"}}};
}

MostResource event_resource()
{
    return {"/SuKien",
            "idSuKien",
            "",
            "",
            {{"/eventID", "maSuKien", FieldKind::text},
             {"/eventTime", "thoiGian", FieldKind::text},
             {"/eventTimeZoneOffset", "muiGio", FieldKind::text},
             {"/bizStep", "congViec", FieldKind::step, "congViec"},
             {"/readPoint/id", "noiThucHien", FieldKind::text},
             {"/bizLocation/id", "diaDiem", FieldKind::text}},
            {}};
}

std::map<std::string, std::string> default_event_kinds()
{
    return {{"", "CHE_BIEN"},
            {"commissioning", "VUNG_TRONG"},
            {"creating_class_instance", "VUNG_TRONG"},
            {"collecting", "VUNG_TRONG"},
            {"shipping", "VAN_CHUYEN"},
            {"departing", "VAN_CHUYEN"},
            {"transporting", "VAN_CHUYEN"},
            {"arriving", "VAN_CHUYEN"},
            {"loading", "VAN_CHUYEN"},
            {"unloading", "VAN_CHUYEN"},
            {"receiving", "KHO_TONG"},
            {"storing", "KHO_TONG"},
            {"stocking", "KHO_TONG"},
            {"retail_selling", "CUA_HANG"},
            {"inspecting", "CHUNG_NHAN"},
            {"sampling", "CHUNG_NHAN"}};
}

/// Copies the texts of `object` into `map`; false when one is no text.
bool merge_texts(nlohmann::json const& object, std::map<std::string, std::string>& map)
{
    if (!object.is_object()) return false;
    for (auto const& [name, value] : object.items()) {
        if (!value.is_string()) return false;
        map[name] = value.get<std::string>();
    }
    return true;
}

bool rename_fields(nlohmann::json const& names, MostResource& resource)
{
    std::map<std::string, std::string> wanted;
    if (!merge_texts(names, wanted)) return false;
    for (auto& rule : resource.fields)
        if (auto const name = wanted.find(rule.to); name != wanted.end()) rule.to = name->second;
    return true;
}

/// Which catalogue each field of the portal is of; an empty name takes it out of one.
bool apply_field_catalogues(nlohmann::json const& names, MostResource& resource)
{
    std::map<std::string, std::string> wanted;
    if (!merge_texts(names, wanted)) return false;
    for (auto const& [field, catalogue] : wanted) {
        auto const rule = std::ranges::find(resource.fields, field, &FieldRule::to);
        if (rule == resource.fields.end()) return false;
        rule->catalogue = catalogue;
    }
    return true;
}

bool apply_catalogue(nlohmann::json const& wanted, MostCatalogue& catalogue)
{
    std::map<std::string, std::string*> const texts{{"path", &catalogue.path},
                                                    {"codeField", &catalogue.code_field},
                                                    {"nameField", &catalogue.name_field},
                                                    {"parentField", &catalogue.parent_field}};
    if (!wanted.is_object()) return false;
    for (auto const& [name, value] : wanted.items()) {
        auto const text = texts.find(name);
        if (text == texts.end() || !value.is_string()) return false;
        *text->second = value.get<std::string>();
    }
    return true;
}

bool apply_resource(nlohmann::json const& wanted, MostResource& resource)
{
    if (!wanted.is_object()) return false;
    for (auto const& [name, value] : wanted.items()) {
        if (name == "fields") {
            if (!rename_fields(value, resource)) return false;
        } else if (name == "fieldCatalogues") {
            if (!apply_field_catalogues(value, resource)) return false;
        } else if (!value.is_string()) {
            return false;
        } else if (name == "path") {
            resource.path = value.get<std::string>();
        } else if (name == "idField") {
            resource.id_field = value.get<std::string>();
        } else if (name == "lookupParameter") {
            resource.lookup_parameter = value.get<std::string>();
        } else {
            return false;
        }
    }
    return true;
}

bool apply_pictures(nlohmann::json const& wanted, MostPictures& pictures)
{
    std::map<std::string, std::string*> const texts{{"path", &pictures.path},
                                                    {"fileField", &pictures.file_field},
                                                    {"digestField", &pictures.digest_field},
                                                    {"answerField", &pictures.answer_field}};
    if (!wanted.is_object()) return false;
    for (auto const& [name, value] : wanted.items()) {
        if (auto const text = texts.find(name); text != texts.end()) {
            if (!value.is_string()) return false;
            *text->second = value.get<std::string>();
        } else if (name == "bytesMax" && value.is_number_unsigned()) {
            pictures.bytes_max = std::min(value.get<std::size_t>(), limits::portal_picture_bytes_max);
        } else {
            return false;
        }
    }
    // What stands in the form must not end it.
    auto const plain = [](std::string const& text) { return text.find_first_of("\"\r\n") == std::string::npos; };
    return plain(pictures.file_field) && plain(pictures.digest_field) && !pictures.answer_field.empty();
}

} // namespace

MostSettings default_most_settings()
{
    MostSettings settings;
    settings.resources = {{"organization", organization_resource()}, {"place", place_resource()},
                          {"product", product_resource()},           {"batch", batch_resource()},
                          {"certificate", certificate_resource()},   {"event", event_resource()}};
    settings.parent_fields = {{"organization", "idToChuc"}, {"place", "idDiaDiem"},     {"product", "idSanPham"},
                              {"batch", "idChuoiSanXuat"},  {"event", "idSuKienTruoc"}, {"certificate", "idChungNhan"}};
    settings.error_classes = {
        {"ERR_SYS", "transient"},         {"ERR_BUSY", "transient"},   {"ERR_TOKEN", "identity"},
        {"ERR_CLIENT", "identity"},       {"ERR_PARENT", "retry"},     {"ERR_LOCKED", "retry"},
        {"ERR_KEY_CONFLICT", "conflict"}, {"ERR_VERSION", "conflict"}, {"ERR_DATA", "refused"},
        {"ERR_VALIDATE", "refused"},      {"ERR_GTIN", "refused"},     {"ERR_DUPLICATE_GTIN", "refused"}};
    settings.event_kinds = default_event_kinds();
    settings.catalogues = {{"nhomSanPham", {"/DanhMuc/nhomSanPham"}},
                           {"donViTinh", {"/DanhMuc/donViTinh"}},
                           {"xaPhuong", {"/DanhMuc/xaPhuong"}},
                           {"congViec", {"/DanhMuc/congViec"}}};
    return settings;
}

Status apply_mapping(MostSettings& settings, std::string_view json_text)
{
    auto const mapping = parse_json(json_text);
    if (!mapping) return mapping.error();
    auto const refuse = [](std::string const& pointer) { return invalid("most.mapping", {pointer}); };
    if (!mapping->is_object()) return refuse("");
    std::map<std::string, std::string*> const texts{{"tokenPath", &settings.token_path},
                                                    {"basePath", &settings.base_path},
                                                    {"confirmSuffix", &settings.confirm_suffix},
                                                    {"reconcilePath", &settings.reconcile_path},
                                                    {"ssoUrl", &settings.sso_url},
                                                    {"clientId", &settings.client_id}};
    std::map<std::string, std::map<std::string, std::string>*> const maps{{"parentFields", &settings.parent_fields},
                                                                          {"errorClasses", &settings.error_classes},
                                                                          {"eventKinds", &settings.event_kinds}};
    for (auto const& [name, value] : mapping->items()) {
        if (auto const text = texts.find(name); text != texts.end()) {
            if (!value.is_string()) return refuse("/" + name);
            *text->second = value.get<std::string>();
        } else if (auto const map = maps.find(name); map != maps.end()) {
            if (!merge_texts(value, *map->second)) return refuse("/" + name);
        } else if (name == "recordsMax") {
            if (!value.is_number_unsigned() || value.get<std::size_t>() == 0) return refuse("/" + name);
            settings.records_max = std::min(value.get<std::size_t>(), limits::delivery_batch_records_max);
        } else if (name == "pictures") {
            if (!apply_pictures(value, settings.pictures)) return refuse("/" + name);
        } else if (name == "catalogues" && value.is_object() && value.size() <= limits::portal_catalogues_max) {
            for (auto const& [catalogue, wanted] : value.items())
                if (!apply_catalogue(wanted, settings.catalogues[catalogue])) return refuse("/catalogues/" + catalogue);
        } else if (name == "resources" && value.is_object()) {
            for (auto const& [type, wanted] : value.items()) {
                auto const resource = settings.resources.find(type);
                if (resource == settings.resources.end() || !apply_resource(wanted, resource->second))
                    return refuse("/resources/" + type);
            }
        } else {
            return refuse("/" + name);
        }
    }
    std::erase_if(settings.catalogues, [](auto const& catalogue) { return catalogue.second.path.empty(); });
    return Done{};
}

ErrorMeaning meaning_of(MostSettings const& settings, std::string_view error_word)
{
    std::string_view longest;
    std::string_view meaning;
    for (auto const& [beginning, name] : settings.error_classes) {
        if (!error_word.starts_with(beginning) || beginning.size() < longest.size()) continue;
        longest = beginning;
        meaning = name;
    }
    if (meaning == "transient") return ErrorMeaning::transient;
    if (meaning == "identity") return ErrorMeaning::identity;
    if (meaning == "refused") return ErrorMeaning::refused;
    if (meaning == "retry") return ErrorMeaning::retry;
    if (meaning == "conflict") return ErrorMeaning::conflict;
    return ErrorMeaning::unknown;
}

} // namespace nguon::connector
