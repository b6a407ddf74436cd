#include "connector/practice_portal/wire.hpp"

#include "core/bytes.hpp"
#include "core/json.hpp"

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

namespace {

using nlohmann::json;

/// GTIN-14 with the right last digit.
bool is_gtin(std::string_view digits)
{
    if (digits.size() != 14 || digits.find_first_not_of("0123456789") != std::string_view::npos) return false;
    int sum = 0;
    for (std::size_t i = 0; i < 13; ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 3 : 1);
    return (10 - sum % 10) % 10 == digits[13] - '0';
}

void refuse(Line& line, std::string word, std::string text)
{
    if (!line.fault.empty()) return;
    line.fault = std::move(word);
    line.fault_text = std::move(text);
}

/// What the portal demands of a product before it takes it.
void check_product(Line& line, json const& data)
{
    if (text_at(data, "ten").empty()) refuse(line, "ERR_VALIDATE_TEN", "Thiếu tên sản phẩm");
    if (!is_gtin(line.gtin)) refuse(line, "ERR_GTIN_INVALID", "Mã GTIN không hợp lệ");
    auto const images = data.find("hinhAnh");
    if (images == data.end() || !images->is_array() || images->empty())
        refuse(line, "ERR_VALIDATE_HINHANH", "Thiếu hình ảnh sản phẩm");
    else
        for (auto const& image : *images) line.pictures.push_back(image.is_string() ? image.get<std::string>() : "");
    auto const weight = data.find("netWeight");
    if (weight == data.end() || !weight->is_number() || weight->get<double>() <= 0)
        refuse(line, "ERR_VALIDATE_NETWEIGHT", "Khối lượng tịnh phải lớn hơn 0");
    if (text_at(data, "weightUnit").empty()) refuse(line, "ERR_VALIDATE_WEIGHTUNIT", "Thiếu đơn vị khối lượng");
}

/// A place with coordinates lies in Viet Nam; a lost digit or a swapped pair does not.
void check_place(Line& line, json const& data)
{
    auto const outside = [&data](char const* name, double low, double high) {
        auto const found = data.find(name);
        return found != data.end() && found->is_number() && (found->get<double>() < low || found->get<double>() > high);
    };
    if (outside("lat", 6, 24) || outside("lng", 102, 118))
        refuse(line, "ERR_VALIDATE_TOADO", "Tọa độ nằm ngoài Việt Nam");
}

void read_numbers(Line& line, json const& data, ResourceName const& resource)
{
    for (auto const& name : resource_names()) {
        auto const found = data.find(name.id_field);
        if (found == data.end() || name.id_field == resource.id_field) continue;
        for (auto const& id : found->is_array() ? *found : json::array({*found}))
            if (id.is_string()) line.numbers[id.get<std::string>()] = name.type;
    }
}

} // namespace

std::vector<ResourceName> const& resource_names()
{
    static std::vector<ResourceName> const names{
        {"/ToChuc_HoSo", "organization", "idToChuc", "TC"}, {"/DiaDiem", "place", "idDiaDiem", "DD"},
        {"/ToChuc_SanPham", "product", "idSanPham", "SP"},  {"/ChuoiSanXuat", "batch", "idChuoiSanXuat", "CS"},
        {"/ChungNhan", "certificate", "idChungNhan", "CN"}, {"/SuKien", "event", "idSuKien", "SK"}};
    return names;
}

ResourceName const* resource_at(std::string_view path)
{
    for (auto const& name : resource_names())
        if (name.path == path) return &name;
    return nullptr;
}

Result<Line> read_line(std::string_view bytes, ResourceName const& resource)
{
    auto const parsed = parse_json(bytes, 16);
    if (!parsed || !parsed->is_object()) return invalid("ERR_DATA_FORMAT");
    Line line;
    line.bytes = bytes;
    line.digest = sha256_hex(bytes);
    line.key = text_at(*parsed, "khoa");
    line.type = text_at(*parsed, "loai");
    line.record_id = text_at(*parsed, "maBanGhi");
    line.version = number_at(*parsed, "phienBan");
    line.version_before = number_at(*parsed, "phienBanTruoc");
    line.is_create = text_at(*parsed, "thaoTac") == "TAO";
    auto const data = parsed->find("duLieu");
    if (line.key.empty() || line.record_id.empty() || line.version < 1 || line.version_before < 0 ||
        line.type != resource.type || data == parsed->end() || !data->is_object())
        return invalid("ERR_DATA_FORMAT");
    line.link = text_at(*data, resource.id_field);
    line.tax_code = text_at(*data, "MST");
    line.gtin = text_at(*data, "gtinCode");
    read_numbers(line, *data, resource);
    if (line.type == "product") check_product(line, *data);
    if (line.type == "place") check_place(line, *data);
    return line;
}

http::Response json_answer(unsigned status, std::string body)
{
    http::Response response;
    response.status = status;
    response.headers.set("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

std::string data_answer(json data) { return canonical_json({{"data", std::move(data)}, {"error", nullptr}}); }

std::string error_answer(std::string_view word, std::string_view text)
{
    return canonical_json({{"data", nullptr}, {"debugMessage", text}, {"error", word}});
}

} // namespace nguon::practice_portal
