#include "core/epcis/templates.hpp"

#include <array>

/// The steps and their fields. Stages and data elements follow TCVN 13993:2024 (tea), TCVN 13843:2023 (honey) and TCVN
/// 12850:2019 (all others).
namespace nguon::epcis {
namespace {

constexpr Visibility everyone = Visibility::everyone;
constexpr Visibility authority = Visibility::authority;

constexpr std::array mass_units{
    Unit{"kg", "KGM", {"kg", "kg"}},
    Unit{"ta", "DTN", {"tạ", "quintals (100 kg)"}},
    Unit{"tan", "TNE", {"tấn", "tonnes"}},
    Unit{"g", "GRM", {"g", "g"}},
};
constexpr std::array all_units{
    Unit{"kg", "KGM", {"kg", "kg"}},       Unit{"lit", "LTR", {"lít", "litres"}},
    Unit{"cai", "", {"cái", "pieces"}},    Unit{"ta", "DTN", {"tạ", "quintals (100 kg)"}},
    Unit{"tan", "TNE", {"tấn", "tonnes"}}, Unit{"g", "GRM", {"g", "g"}},
};
constexpr std::array package_units{
    Unit{"goi", "", {"gói", "packs"}},     Unit{"hop", "", {"hộp", "boxes"}},  Unit{"tui", "", {"túi", "bags"}},
    Unit{"chai", "", {"chai", "bottles"}}, Unit{"cai", "", {"cái", "pieces"}},
};

constexpr std::array care_work{
    FieldChoice{"fertilizing", {"Bón phân", "Fertilizing"}},
    FieldChoice{"crop_protection", {"Phun thuốc bảo vệ thực vật", "Crop protection"}},
    FieldChoice{"watering", {"Tưới nước", "Watering"}},
    FieldChoice{"weeding", {"Làm cỏ", "Weeding"}},
    FieldChoice{"pruning", {"Đốn, tỉa cành", "Pruning"}},
    FieldChoice{"other", {"Việc khác", "Other work"}},
};
constexpr std::array hive_work{
    FieldChoice{"feeding", {"Cho ong ăn", "Feeding"}},
    FieldChoice{"medicine", {"Dùng thuốc thú y", "Veterinary medicine"}},
    FieldChoice{"cleaning", {"Vệ sinh thùng ong", "Cleaning hives"}},
    FieldChoice{"other", {"Việc khác", "Other work"}},
};
constexpr std::array leaf_grades{
    FieldChoice{"1_1", {"1 tôm 1 lá", "Bud and one leaf"}},
    FieldChoice{"1_2", {"1 tôm 2 lá", "Bud and two leaves"}},
    FieldChoice{"1_3", {"1 tôm 3 lá", "Bud and three leaves"}},
    FieldChoice{"mixed", {"Lẫn lá già", "With older leaves"}},
};
constexpr std::array conditions{
    FieldChoice{"good", {"Đạt", "Good"}},
    FieldChoice{"partly", {"Đạt một phần", "Partly good"}},
    FieldChoice{"bad", {"Không đạt", "Not accepted"}},
};
constexpr std::array test_results{
    FieldChoice{"conformant", {"Đạt", "Passed"}},
    FieldChoice{"non_conformant", {"Không đạt", "Failed"}},
};
constexpr std::array storage_directions{
    FieldChoice{"in", {"Nhập kho", "Into store"}},
    FieldChoice{"out", {"Xuất kho", "Out of store"}},
};
constexpr std::array recall_levels{
    FieldChoice{"voluntary", {"Tự nguyện", "Voluntary"}},
    FieldChoice{"ordered", {"Theo yêu cầu của cơ quan nhà nước", "Ordered by an authority"}},
};

constexpr TemplateField text(std::string_view name, Bilingual label, Bilingual hint, Visibility visibility = everyone)
{
    return {.name = name, .label = label, .hint = hint, .visibility = visibility};
}

constexpr TemplateField number(std::string_view name, Bilingual label, Bilingual unit, Bilingual hint,
                               Visibility visibility = everyone)
{
    return {
        .name = name, .kind = FieldKind::decimal, .label = label, .hint = hint, .visibility = visibility, .unit = unit};
}

constexpr TemplateField signed_number(std::string_view name, Bilingual label, Bilingual unit, Bilingual hint,
                                      Visibility visibility = everyone)
{
    auto field = number(name, label, unit, hint, visibility);
    field.negative = true;
    return field;
}

constexpr TemplateField day(std::string_view name, Bilingual label, std::string_view word = {})
{
    return {.name = name,
            .kind = FieldKind::date,
            .label = label,
            .hint = {"Ví dụ: 21/11/2026", "For example: 21/11/2026"},
            .word = word};
}

constexpr TemplateField choice(std::string_view name, Bilingual label, std::span<FieldChoice const> choices,
                               bool required = false)
{
    return {.name = name,
            .kind = FieldKind::choice,
            .label = label,
            .hint = {"Chọn một dòng", "Choose one"},
            .required = required,
            .choices = choices};
}

constexpr TemplateField amount(Bilingual label, std::span<Unit const> units, bool required = true)
{
    return {.name = "quantity",
            .kind = FieldKind::decimal,
            .target = FieldTarget::quantity,
            .label = label,
            .hint = {"Ví dụ: 1250 hoặc 12,5", "For example: 1250 or 12.5"},
            .required = required,
            .units = units};
}

constexpr TemplateField inputs(Bilingual label)
{
    return {.name = "input",
            .kind = FieldKind::batch,
            .target = FieldTarget::input,
            .label = label,
            .hint = {"Chọn từng lô và nhập lượng đã dùng", "Choose each batch and type how much was used"},
            .required = true,
            .repeated = true,
            .units = mass_units};
}

constexpr TemplateField document(std::string_view name, Bilingual label, std::string_view type,
                                 Visibility visibility = authority)
{
    return {.name = name,
            .target = FieldTarget::transaction,
            .label = label,
            .hint = {"Ví dụ: PN-2026/015", "For example: PN-2026/015"},
            .visibility = visibility,
            .word = type};
}

constexpr TemplateField other_place(std::string_view name, Bilingual label, FieldTarget target, bool required)
{
    return {.name = name,
            .kind = FieldKind::place,
            .target = target,
            .label = label,
            .hint = {"Chọn trong danh sách địa điểm", "Choose from the list of places"},
            .required = required,
            .word = "location"};
}

constexpr TemplateField person(std::string_view name, Bilingual label, FieldTarget target = FieldTarget::detail)
{
    return {.name = name,
            .kind = FieldKind::person,
            .target = target,
            .label = label,
            .hint = {"Không hiện công khai", "Never shown in public"},
            .visibility = Visibility::declarer};
}

constexpr TemplateField certificate{
    .name = "certificate",
    .kind = FieldKind::certificate,
    .target = FieldTarget::certification,
    .label = {"Giấy chứng nhận", "Certificate"},
    .hint = {"Chọn giấy đã lưu trong hệ thống", "Choose one that is already stored"},
    .repeated = true,
};
constexpr auto person_in_charge = person("performed_by", {"Người thực hiện", "Done by"});
constexpr auto variety =
    text("variety", {"Giống", "Variety"}, {"Ví dụ: Kim Tuyên, Séng Cù", "For example: Kim Tuyen, Seng Cu"});
constexpr auto temperature =
    signed_number("temperature_celsius", {"Nhiệt độ", "Temperature"}, {"°C", "°C"}, {"Ví dụ: 25", "For example: 25"});
constexpr auto humidity =
    number("humidity_percent", {"Độ ẩm không khí", "Air humidity"}, {"%", "%"}, {"Ví dụ: 65", "For example: 65"});
constexpr auto moisture =
    number("moisture_percent", {"Độ ẩm sản phẩm", "Moisture"}, {"%", "%"}, {"Ví dụ: 6,5", "For example: 6.5"});
constexpr auto line = text("production_line", {"Dây chuyền, thiết bị", "Line, machine"},
                           {"Ví dụ: dây chuyền số 2", "For example: line 2"}, authority);
constexpr auto additives = text("additives", {"Phụ gia, nguyên liệu thêm", "Additives"},
                                {"Ghi “không” nếu không dùng", "Write “none” when none were used"});
constexpr auto vehicle = text("vehicle", {"Phương tiện, biển số", "Vehicle"},
                              {"Ví dụ: xe tải 25C-012.34", "For example: truck 25C-012.34"}, authority);
constexpr auto condition = choice("condition", {"Tình trạng hàng", "Condition"}, conditions);

constexpr std::array first_fields{
    TemplateField{.name = "time",
                  .kind = FieldKind::date_time,
                  .target = FieldTarget::event_time,
                  .label = {"Làm lúc nào", "When it happened"},
                  .hint = {"Ví dụ: 21/11/2026 08:00", "For example: 21/11/2026 08:00"},
                  .required = true},
    TemplateField{.name = "place",
                  .kind = FieldKind::place,
                  .target = FieldTarget::read_point,
                  .label = {"Làm ở đâu", "Where it happened"},
                  .hint = {"Chọn trong danh sách địa điểm", "Choose from the list of places"}},
};
constexpr std::array last_fields{
    text("note", {"Ghi chú", "Note"}, {"Điều cần nói thêm với cơ quan quản lý", "Anything else for the authorities"},
         authority),
    TemplateField{.name = "photos",
                  .kind = FieldKind::photo,
                  .target = FieldTarget::evidence,
                  .label = {"Ảnh chụp", "Photographs"},
                  .hint = {"Chụp tại chỗ, thấy rõ việc đang làm", "Taken on the spot, showing the work"},
                  .repeated = true},
};

constexpr std::array site_fields{
    text("growing_area_code", {"Mã số vùng trồng", "Growing-area code"},
         {"Ghi trên giấy cấp mã số, nếu có", "As on the code certificate, if any"}),
    number("area_ha", {"Diện tích", "Area"}, {"ha", "ha"}, {"Ví dụ: 1,2", "For example: 1.2"}),
    variety,
    text("seed_source", {"Nguồn giống", "Source of the plants"}, {"Nơi mua hoặc vườn ươm", "Where they came from"},
         authority),
    day("planted_on", {"Ngày trồng", "Planted on"}),
    certificate,
};
constexpr std::array care_fields{
    choice("work", {"Việc đã làm", "Work done"}, care_work, true),
    text("material", {"Phân bón, thuốc đã dùng", "Material"}, {"Tên ghi trên bao bì", "Name on the package"}),
    text("active_ingredient", {"Hoạt chất", "Active ingredient"}, {"Ghi trên bao bì", "As on the package"}, authority),
    text("registration_number", {"Số đăng ký của phân, thuốc", "Registration number"},
         {"Ghi trên bao bì", "As on the package"}, authority),
    text("dose", {"Liều lượng", "Dose"}, {"Ví dụ: 2 kg cho 100 lít nước", "For example: 2 kg in 100 litres of water"}),
    number("treated_ha", {"Diện tích đã làm", "Area treated"}, {"ha", "ha"}, {"Ví dụ: 0,5", "For example: 0.5"}),
    text("work_reason", {"Lý do", "Reason"},
         {"Vì sao phải làm; ví dụ: có rầy xanh", "Why it was needed; for example: leafhoppers"}, authority),
    number("waiting_days", {"Thời gian cách ly", "Waiting period before harvest"}, {"ngày", "days"},
           {"Ghi trên bao bì thuốc", "As on the package"}),
    person_in_charge,
};
constexpr std::array tea_harvest_fields{
    amount({"Lượng thu hái", "Amount picked"}, mass_units),
    choice("grade", {"Phẩm cấp búp", "Leaf grade"}, leaf_grades),
    variety,
    text("harvest_conditions", {"Điều kiện thu hái", "Conditions"}, {"Ví dụ: trời khô", "For example: dry weather"},
         authority),
    person_in_charge,
};
constexpr std::array harvest_fields{
    amount({"Sản lượng", "Amount harvested"}, mass_units),
    variety,
    text("grade", {"Phẩm cấp", "Grade"}, {"Ví dụ: loại 1", "For example: grade 1"}),
    text("season", {"Mùa vụ", "Season"}, {"Ví dụ: vụ mùa 2026", "For example: autumn crop 2026"}),
    text("harvest_conditions", {"Điều kiện thu hoạch", "Conditions"}, {"Ví dụ: trời khô", "For example: dry weather"},
         authority),
    person_in_charge,
};
constexpr std::array receiving_fields{
    amount({"Khối lượng nhận", "Amount received"}, mass_units),
    person("supplier", {"Hộ giao hàng", "Household that delivered"}, FieldTarget::on_behalf_of),
    other_place("from_place", {"Thửa, vườn của hàng", "Plot the goods came from"}, FieldTarget::source, false),
    TemplateField{
        .name = "source_batch",
        .kind = FieldKind::batch,
        .label = {"Lô của bên giao", "Batch of the supplier"},
        .hint = {"Chọn nếu bên giao đã tạo lô trong hệ thống", "Choose it when the supplier has registered the batch"},
        .visibility = authority},
    text("grade", {"Phẩm cấp", "Grade"}, {"Ví dụ: 1 tôm 2 lá", "For example: bud and two leaves"}),
    condition,
    document("document", {"Số phiếu nhận hàng", "Receipt number"}, "recadv"),
};
constexpr std::array tea_processing_fields{
    inputs({"Các lô búp tươi đã dùng", "Batches of fresh leaf used"}),
    amount({"Lượng chè làm ra", "Tea made"}, mass_units),
    number("withering_hours", {"Làm héo", "Withering"}, {"giờ", "hours"}, {"Ví dụ: 8", "For example: 8"}),
    number("fixing_celsius", {"Nhiệt độ diệt men", "Fixing temperature"}, {"°C", "°C"},
           {"Ví dụ: 260", "For example: 260"}, authority),
    number("fermenting_hours", {"Lên men", "Fermenting"}, {"giờ", "hours"}, {"Ví dụ: 6", "For example: 6"}),
    number("drying_celsius", {"Nhiệt độ sấy", "Drying temperature"}, {"°C", "°C"}, {"Ví dụ: 110", "For example: 110"},
           authority),
    moisture,
    additives,
    line,
};
constexpr std::array drying_fields{
    amount({"Lượng thóc sau khi phơi, sấy", "Paddy after drying"}, mass_units, false),
    number("drying_hours", {"Thời gian phơi, sấy", "Drying time"}, {"giờ", "hours"}, {"Ví dụ: 20", "For example: 20"}),
    temperature,
    moisture,
    line,
};
constexpr std::array milling_fields{
    inputs({"Các lô thóc đã dùng", "Batches of paddy used"}),
    amount({"Lượng gạo làm ra", "Rice made"}, mass_units),
    number("yield_percent", {"Tỷ lệ thu hồi gạo", "Milling yield"}, {"%", "%"},
           {"100 kg thóc ra bao nhiêu kg gạo; ví dụ: 66", "Kilograms of rice from 100 kg of paddy; for example: 66"}),
    moisture,
    line,
};
constexpr std::array apiary_fields{
    number("colonies", {"Số đàn ong", "Colonies"}, {"đàn", "colonies"}, {"Ví dụ: 40", "For example: 40"}),
    text("nectar_source", {"Nguồn hoa", "Nectar source"}, {"Ví dụ: hoa rừng", "For example: forest flowers"}),
    certificate,
};
constexpr std::array apiary_move_fields{
    other_place("to_place", {"Nơi đặt mới", "New site"}, FieldTarget::destination, true),
    number("colonies", {"Số đàn chuyển", "Colonies moved"}, {"đàn", "colonies"}, {"Ví dụ: 40", "For example: 40"}),
    text("nectar_source", {"Nguồn hoa nơi mới", "Nectar source there"}, {"Ví dụ: hoa nhãn", "For example: longan"}),
    vehicle,
};
constexpr std::array hive_care_fields{
    choice("work", {"Việc đã làm", "Work done"}, hive_work, true),
    text("material", {"Tên thuốc hoặc thức ăn", "Medicine or feed"}, {"Ghi trên bao bì", "As on the package"}),
    text("dose", {"Liều lượng", "Dose"}, {"Ví dụ: 1 g mỗi đàn", "For example: 1 g a colony"}),
    number("waiting_days", {"Thời gian ngừng thuốc", "Withdrawal period"}, {"ngày", "days"},
           {"Ghi trên bao bì thuốc", "As on the package"}),
    person_in_charge,
};
constexpr std::array honey_harvest_fields{
    amount({"Lượng mật quay được", "Honey extracted"}, mass_units),
    text("nectar_source", {"Nguồn hoa", "Nectar source"}, {"Ví dụ: hoa rừng", "For example: forest flowers"}),
    text("drum_numbers", {"Số phuy, thùng chứa", "Drum numbers"}, {"Ví dụ: P01, P02", "For example: P01, P02"},
         authority),
    moisture,
    person_in_charge,
};
constexpr std::array blending_fields{
    inputs({"Các lô mật đã dùng", "Batches of honey used"}),
    amount({"Lượng mật thành phẩm", "Honey made"}, mass_units),
    moisture,
    temperature,
    additives,
    line,
};
constexpr std::array processing_fields{
    inputs({"Các lô nguyên liệu đã dùng", "Batches used"}),
    amount({"Lượng làm ra", "Amount made"}, all_units),
    temperature,
    moisture,
    additives,
    line,
};
constexpr std::array test_fields{
    TemplateField{.name = "result",
                  .kind = FieldKind::choice,
                  .label = {"Kết quả", "Result"},
                  .hint = {"Chọn một dòng", "Choose one"},
                  .required = true,
                  .word = "disposition",
                  .choices = test_results},
    TemplateField{.name = "laboratory",
                  .label = {"Phòng thử nghiệm, tổ chức chứng nhận", "Laboratory or certification body"},
                  .hint = {"Tên ghi trên phiếu", "As on the report"},
                  .required = true},
    document("report_number", {"Số phiếu", "Report number"}, "testres", everyone),
    text("criteria", {"Chỉ tiêu đã kiểm", "What was tested"},
         {"Ví dụ: dư lượng thuốc bảo vệ thực vật", "For example: pesticide residues"}),
    day("valid_until", {"Có giá trị đến", "Valid until"}),
    certificate,
};
constexpr std::array honey_test_fields{
    test_fields[0],
    test_fields[1],
    test_fields[2],
    test_fields[3],
    moisture,
    number("hmf_mg_per_kg", {"Hàm lượng HMF", "HMF content"}, {"mg/kg", "mg/kg"},
           {"Chép từ phiếu kiểm nghiệm; ví dụ: 20", "From the test report; for example: 20"}),
    test_fields[4],
    test_fields[5],
};
constexpr std::array packing_fields{
    amount({"Số gói, hộp, chai đã đóng", "Units packed"}, package_units),
    text("package_size", {"Mỗi gói, hộp, chai", "Package size"}, {"Ví dụ: hộp 200 g", "For example: box of 200 g"}),
    day("production_date", {"Ngày sản xuất", "Production date"}),
    day("best_before", {"Hạn sử dụng", "Best before"}, "cbvmda:bestBeforeDate"),
    text("label_range", {"Tem đã dán", "Labels used"}, {"Từ tem nào đến tem nào", "From which label to which"},
         authority),
    text("carton_code", {"Mã thùng vận chuyển", "Carton code"},
         {"18 chữ số dưới mã vạch của thùng, nếu có", "18 digits under the barcode of the carton, if any"}, authority),
    line,
};
constexpr std::array storage_fields{
    choice("direction", {"Nhập hay xuất", "In or out"}, storage_directions, true),
    amount({"Số lượng", "Amount"}, all_units, false),
    text("store_position", {"Vị trí trong kho", "Position in the store"}, {"Ví dụ: kệ A3", "For example: shelf A3"},
         authority),
    temperature,
    humidity,
};
constexpr std::array shipping_fields{
    other_place("to_place", {"Nơi giao đến", "Where it goes"}, FieldTarget::destination, true),
    amount({"Số lượng giao", "Amount shipped"}, all_units),
    text("carrier", {"Bên vận chuyển", "Carrier"}, {"Tên đơn vị hoặc tự chở", "Name, or own transport"}, authority),
    vehicle,
    document("document", {"Số phiếu giao hàng", "Delivery-note number"}, "desadv"),
    temperature,
};
constexpr std::array distribution_fields{
    other_place("from_place", {"Nhận từ", "Received from"}, FieldTarget::source, false),
    amount({"Số lượng nhận", "Amount received"}, all_units),
    signed_number("difference", {"Chênh lệch so với phiếu", "Difference from the note"}, {"", ""},
                  {"Ghi 0 nếu đủ", "0 when complete"}, authority),
    condition,
    document("document", {"Số phiếu nhận hàng", "Receipt number"}, "recadv"),
};
constexpr std::array retail_fields{
    amount({"Số lượng lên kệ", "Amount on the shelf"}, all_units, false),
    day("shelf_on", {"Ngày lên kệ", "On the shelf since"}),
    condition,
};
constexpr std::array recall_fields{
    TemplateField{.name = "recall_reason",
                  .label = {"Lý do thu hồi", "Reason of the recall"},
                  .hint = {"Viết ngắn gọn cho người mua hiểu", "In short words that buyers understand"},
                  .required = true},
    choice("recall_level", {"Hình thức", "Kind"}, recall_levels, true),
    amount({"Số lượng thu hồi", "Amount recalled"}, all_units, false),
    text("decision_number", {"Số quyết định", "Decision number"}, {"Nếu có", "If any"}),
    text("recall_outcome", {"Kết quả", "Outcome"}, {"Điền khi xong", "Fill in when finished"}, authority),
};
constexpr std::array disposal_fields{
    amount({"Số lượng tiêu hủy", "Amount destroyed"}, all_units),
    TemplateField{.name = "disposal_reason",
                  .label = {"Lý do", "Reason"},
                  .hint = {"Ví dụ: hết hạn", "For example: expired"},
                  .required = true},
    text("disposal_method", {"Cách tiêu hủy", "Method"}, {"Ví dụ: chôn lấp", "For example: burying"}, authority),
    text("decision_number", {"Số quyết định", "Decision number"}, {"Nếu có", "If any"}),
};

// Work on the land has no word in the vocabulary of business steps; a URI of our own is allowed.
constexpr std::string_view site_step = "urn:nguon:epcis:bizstep:site_preparation";
constexpr std::string_view care_step = "urn:nguon:epcis:bizstep:care";
constexpr std::string_view move_step = "urn:nguon:epcis:bizstep:apiary_move";
constexpr std::string_view drying_step = "urn:nguon:epcis:bizstep:drying";

struct Shape {
    PortalStage stage;
    EventType type;
    Action action;
    std::string_view biz_step;
    std::string_view disposition;
};

constexpr EventType things = EventType::object;
constexpr EventType making = EventType::transformation;
constexpr Shape site{PortalStage::growing, things, Action::observe, site_step, "active"};
constexpr Shape care{PortalStage::growing, things, Action::observe, care_step, "active"};
constexpr Shape apiary_move{PortalStage::growing, things, Action::observe, move_step, "active"};
constexpr Shape harvest{PortalStage::growing, things, Action::add, "commissioning", "active"};
constexpr Shape receiving{PortalStage::transport, things, Action::observe, "receiving", "in_progress"};
constexpr Shape drying{PortalStage::processing, things, Action::observe, drying_step, "in_progress"};
constexpr Shape processing{PortalStage::processing, making, Action::none, "commissioning", "active"};
constexpr Shape test{PortalStage::certification, things, Action::observe, "inspecting", "conformant"};
constexpr Shape packing{PortalStage::processing, things, Action::observe, "packing", "in_progress"};
constexpr Shape storage{PortalStage::warehouse, things, Action::observe, "storing", "in_progress"};
constexpr Shape shipping{PortalStage::transport, things, Action::observe, "shipping", "in_transit"};
constexpr Shape distribution{PortalStage::dealer, things, Action::observe, "receiving", "in_progress"};
constexpr Shape retail{PortalStage::shop, things, Action::observe, "stocking", "sellable_accessible"};
constexpr Shape recall{PortalStage::none, things, Action::observe, "holding", "recalled"};
constexpr Shape disposal{PortalStage::none, things, Action::remove, "destroying", "destroyed"};

constexpr Template step(std::string_view key, Bilingual title, Bilingual verb, Shape const& shape,
                        std::span<TemplateField const> fields)
{
    return {key, title, verb, shape.stage, shape.type, shape.action, shape.biz_step, shape.disposition, fields};
}

constexpr std::array tea_steps{
    step("tea.site", {"Vườn chè, chuẩn bị đất", "Tea garden"}, {"Trồng", "Planting"}, site, site_fields),
    step("tea.care", {"Chăm sóc vườn chè", "Garden care"}, {"Chăm sóc", "Care"}, care, care_fields),
    step("tea.harvest", {"Thu hái", "Picking"}, {"Thu hái", "Picking"}, harvest, tea_harvest_fields),
    step("tea.receiving", {"Nhận búp tươi", "Receiving fresh leaf"}, {"Thu mua", "Collection"}, receiving,
         receiving_fields),
    step("tea.processing", {"Chế biến chè", "Processing"}, {"Chế biến", "Processing"}, processing,
         tea_processing_fields),
    step("tea.test", {"Kiểm nghiệm, chứng nhận", "Test, certification"}, {"Kiểm nghiệm", "Testing"}, test, test_fields),
    step("tea.packing", {"Đóng gói, dán tem", "Packing, labelling"}, {"Đóng gói", "Packing"}, packing, packing_fields),
    step("tea.storage", {"Lưu kho", "Storage"}, {"Lưu kho", "Storage"}, storage, storage_fields),
    step("tea.shipping", {"Vận chuyển, giao hàng", "Shipping"}, {"Vận chuyển", "Shipping"}, shipping, shipping_fields),
    step("tea.distribution", {"Đại lý nhận hàng", "Dealer receives"}, {"Phân phối", "Distribution"}, distribution,
         distribution_fields),
    step("tea.retail", {"Bán lẻ", "Retail"}, {"Bày bán", "On sale"}, retail, retail_fields),
    step("tea.recall", {"Thu hồi", "Recall"}, {"Thu hồi", "Recall"}, recall, recall_fields),
    step("tea.disposal", {"Tiêu hủy", "Disposal"}, {"Tiêu hủy", "Disposal"}, disposal, disposal_fields),
};

constexpr std::array rice_steps{
    step("rice.site", {"Cánh đồng, giống lúa", "Field and seed"}, {"Gieo trồng", "Sowing"}, site, site_fields),
    step("rice.care", {"Chăm sóc lúa", "Crop care"}, {"Chăm sóc", "Care"}, care, care_fields),
    step("rice.harvest", {"Gặt lúa", "Harvest"}, {"Thu hoạch", "Harvest"}, harvest, harvest_fields),
    step("rice.receiving", {"Nhận thóc", "Receiving paddy"}, {"Thu mua", "Collection"}, receiving, receiving_fields),
    step("rice.drying", {"Phơi, sấy thóc", "Drying"}, {"Phơi sấy", "Drying"}, drying, drying_fields),
    step("rice.milling", {"Xay xát", "Milling"}, {"Xay xát", "Milling"}, processing, milling_fields),
    step("rice.test", {"Kiểm nghiệm, chứng nhận", "Test, certification"}, {"Kiểm nghiệm", "Testing"}, test,
         test_fields),
    step("rice.packing", {"Đóng bao, dán tem", "Packing, labelling"}, {"Đóng gói", "Packing"}, packing, packing_fields),
    step("rice.storage", {"Lưu kho", "Storage"}, {"Lưu kho", "Storage"}, storage, storage_fields),
    step("rice.shipping", {"Vận chuyển, giao hàng", "Shipping"}, {"Vận chuyển", "Shipping"}, shipping, shipping_fields),
    step("rice.distribution", {"Đại lý nhận hàng", "Dealer receives"}, {"Phân phối", "Distribution"}, distribution,
         distribution_fields),
    step("rice.retail", {"Bán lẻ", "Retail"}, {"Bày bán", "On sale"}, retail, retail_fields),
    step("rice.recall", {"Thu hồi", "Recall"}, {"Thu hồi", "Recall"}, recall, recall_fields),
    step("rice.disposal", {"Tiêu hủy", "Disposal"}, {"Tiêu hủy", "Disposal"}, disposal, disposal_fields),
};

constexpr std::array honey_steps{
    step("honey.site", {"Nơi nuôi ong", "Apiary"}, {"Nuôi ong", "Beekeeping"}, site, apiary_fields),
    step("honey.move", {"Chuyển đàn ong", "Moving the hives"}, {"Chuyển đàn", "Moving hives"}, apiary_move,
         apiary_move_fields),
    step("honey.care", {"Chăm sóc đàn ong", "Hive care"}, {"Chăm sóc", "Care"}, care, hive_care_fields),
    step("honey.harvest", {"Quay mật", "Extraction"}, {"Quay mật", "Extraction"}, harvest, honey_harvest_fields),
    step("honey.receiving", {"Nhận mật", "Receiving honey"}, {"Thu mua", "Collection"}, receiving, receiving_fields),
    step("honey.processing", {"Lọc, phối trộn mật", "Filtering, blending"}, {"Chế biến", "Processing"}, processing,
         blending_fields),
    step("honey.test", {"Kiểm nghiệm, chứng nhận", "Test, certification"}, {"Kiểm nghiệm", "Testing"}, test,
         honey_test_fields),
    step("honey.packing", {"Đóng chai, dán tem", "Bottling, labelling"}, {"Đóng chai", "Bottling"}, packing,
         packing_fields),
    step("honey.storage", {"Lưu kho", "Storage"}, {"Lưu kho", "Storage"}, storage, storage_fields),
    step("honey.shipping", {"Vận chuyển, giao hàng", "Shipping"}, {"Vận chuyển", "Shipping"}, shipping,
         shipping_fields),
    step("honey.distribution", {"Đại lý nhận hàng", "Dealer receives"}, {"Phân phối", "Distribution"}, distribution,
         distribution_fields),
    step("honey.retail", {"Bán lẻ", "Retail"}, {"Bày bán", "On sale"}, retail, retail_fields),
    step("honey.recall", {"Thu hồi", "Recall"}, {"Thu hồi", "Recall"}, recall, recall_fields),
    step("honey.disposal", {"Tiêu hủy", "Disposal"}, {"Tiêu hủy", "Disposal"}, disposal, disposal_fields),
};

constexpr std::array general_steps{
    step("general.site", {"Vùng trồng, chuẩn bị", "Site preparation"}, {"Gieo trồng", "Planting"}, site, site_fields),
    step("general.care", {"Chăm sóc, bón phân", "Growing inputs"}, {"Chăm sóc", "Care"}, care, care_fields),
    step("general.harvest", {"Thu hoạch", "Harvest"}, {"Thu hoạch", "Harvest"}, harvest, harvest_fields),
    step("general.receiving", {"Thu mua, tiếp nhận", "Receiving"}, {"Thu mua", "Collection"}, receiving,
         receiving_fields),
    step("general.processing", {"Sơ chế, chế biến", "Processing"}, {"Chế biến", "Processing"}, processing,
         processing_fields),
    step("general.test", {"Kiểm nghiệm, chứng nhận", "Test, certification"}, {"Kiểm nghiệm", "Testing"}, test,
         test_fields),
    step("general.packing", {"Đóng gói, dán tem", "Packing, labelling"}, {"Đóng gói", "Packing"}, packing,
         packing_fields),
    step("general.storage", {"Lưu kho", "Storage"}, {"Lưu kho", "Storage"}, storage, storage_fields),
    step("general.shipping", {"Vận chuyển, giao hàng", "Shipping"}, {"Vận chuyển", "Shipping"}, shipping,
         shipping_fields),
    step("general.distribution", {"Đại lý nhận hàng", "Dealer receives"}, {"Phân phối", "Distribution"}, distribution,
         distribution_fields),
    step("general.retail", {"Bán lẻ", "Retail"}, {"Bày bán", "On sale"}, retail, retail_fields),
    step("general.recall", {"Thu hồi", "Recall"}, {"Thu hồi", "Recall"}, recall, recall_fields),
    step("general.disposal", {"Tiêu hủy", "Disposal"}, {"Tiêu hủy", "Disposal"}, disposal, disposal_fields),
};

constexpr std::array groups{
    TemplateGroup{"tea", {"Chè", "Tea"}, tea_steps},
    TemplateGroup{"rice", {"Gạo", "Rice"}, rice_steps},
    TemplateGroup{"honey", {"Mật ong", "Honey"}, honey_steps},
    TemplateGroup{"general", {"Sản phẩm khác", "Other products"}, general_steps},
};

} // namespace

std::span<TemplateGroup const> template_groups() { return groups; }

Template const* find_template(std::string_view key)
{
    for (auto const& group : groups) {
        for (auto const& form : group.steps) {
            if (form.key == key) return &form;
        }
    }
    return nullptr;
}

std::vector<TemplateField const*> fields_of(Template const& form)
{
    std::vector<TemplateField const*> all;
    for (auto const& field : first_fields) all.push_back(&field);
    for (auto const& field : form.own_fields) all.push_back(&field);
    for (auto const& field : last_fields) all.push_back(&field);
    return all;
}

} // namespace nguon::epcis
