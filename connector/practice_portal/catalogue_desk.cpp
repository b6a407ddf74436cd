#include "connector/practice_portal/catalogue_desk.hpp"

#include "connector/practice_portal/wire.hpp"
#include "core/files.hpp"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

namespace {

using nlohmann::json;

/// "code=name" a line.
constexpr std::string_view product_groups = R"(NS=Nông sản
tea=Chè
rice=Lúa gạo
honey=Mật ong
vegetable=Rau, củ
fruit=Trái cây
macadamia=Hạt mắc ca
noodle=Miến, mì
herb=Dược liệu
meat=Thịt
fish=Thủy sản
spice=Gia vị
fish_sauce=Nước chấm
drink=Đồ uống
egg=Trứng
craft=Hàng thủ công
other=Khác)";

constexpr std::string_view units = R"(g=Gam
kg=Kilôgam
ta=Tạ
tan=Tấn
ml=Mililít
l=Lít
lit=Lít (dung tích)
cai=Cái
con=Con
qua=Quả
hop=Hộp
goi=Gói
chai=Chai
lo=Lọ
tui=Túi
bao=Bao
thung=Thùng)";

constexpr std::string_view steps = R"(accepting=Nghiệm thu
arriving=Đến nơi
assembling=Lắp ráp
collecting=Thu gom
commissioning=Khởi tạo
consigning=Ký gửi
creating_class_instance=Tạo lô
cycle_counting=Kiểm đếm
decommissioning=Hủy mã
departing=Rời đi
destroying=Tiêu hủy
disassembling=Tháo rời
dispensing=Cấp phát
encoding=Ghi mã
entering_exiting=Ra vào
holding=Giữ lại
inspecting=Kiểm tra
installing=Lắp đặt
killing=Hủy thẻ
loading=Xếp hàng
other=Việc khác
packing=Đóng gói
picking=Soạn hàng
receiving=Nhận hàng
removing=Lấy ra
repackaging=Đóng gói lại
repairing=Sửa chữa
replacing=Thay thế
reserving=Giữ chỗ
retail_selling=Bán lẻ
sampling=Lấy mẫu
sensor_reporting=Ghi cảm biến
shipping=Giao hàng
staging_outbound=Chờ giao
stock_taking=Kiểm kê
stocking=Nhập kho
storing=Lưu kho
transporting=Vận chuyển
unloading=Dỡ hàng
unpacking=Mở gói
void_shipping=Hủy giao hàng
site_preparation=Làm đất
care=Chăm sóc
drying=Sấy, phơi)";

constexpr std::string_view communes = R"(03388=Phường Đoàn Kết
03408=Phường Tân Phong
03390=Xã Bình Lư
03394=Xã Sin Suối Hồ
03405=Xã Tả Lèng
03424=Xã Bản Bo
03430=Xã Khun Há
03433=Xã Bum Tở
03434=Xã Nậm Hàng
03439=Xã Thu Lũm
03442=Xã Pa Ủ
03445=Xã Mường Tè
03451=Xã Mù Cả
03460=Xã Hua Bum
03463=Xã Tà Tổng
03466=Xã Bum Nưa
03472=Xã Mường Mô
03478=Xã Sìn Hồ
03487=Xã Lê Lợi
03503=Xã Pa Tần
03508=Xã Hồng Thu
03517=Xã Nậm Tăm
03529=Xã Tủa Sín Chải
03532=Xã Pu Sam Cáp
03538=Xã Nậm Mạ
03544=Xã Nậm Cuổi
03549=Xã Phong Thổ
03562=Xã Sì Lở Lầu
03571=Xã Dào San
03583=Xã Khổng Lào
03595=Xã Than Uyên
03598=Xã Tân Uyên
03601=Xã Mường Khoa
03613=Xã Nậm Sỏ
03616=Xã Pắc Ta
03618=Xã Mường Than
03637=Xã Mường Kim
03640=Xã Khoen On)";

/// `parent` is the code above all entries but itself; empty: there is none.
json entries_of(std::string_view lines, std::string_view parent)
{
    auto entries = json::array();
    while (!lines.empty()) {
        auto const end = std::min(lines.find('\n'), lines.size());
        auto const line = lines.substr(0, end);
        auto const cut = line.find('=');
        auto const code = line.substr(0, cut);
        entries.push_back({{"ma", code}, {"ten", line.substr(cut + 1)}, {"maCha", code == parent ? "" : parent}});
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return entries;
}

json sample()
{
    return {{"nhomSanPham", entries_of(product_groups, "NS")},
            {"donViTinh", entries_of(units, "")},
            {"xaPhuong", entries_of(communes, "12")},
            {"congViec", entries_of(steps, "")}};
}

} // namespace

http::Response answer_catalogue(std::filesystem::path const& file, std::string_view name)
{
    auto catalogues = sample();
    if (auto const text = read_file(file)) {
        auto const changed = json::parse(*text, nullptr, false);
        if (changed.is_object()) catalogues.update(changed);
    }
    auto const found = catalogues.find(name);
    if (found == catalogues.end()) return json_answer(404, error_answer("ERR_NOT_FOUND", "Không có danh mục này"));
    return json_answer(200, data_answer(*found));
}

} // namespace nguon::practice_portal
