#include "core/model/certificate.hpp"
#include "core/model/organization.hpp"
#include "core/model/place.hpp"
#include "core/model/product.hpp"
#include "server/api/description.hpp"
#include "server/api/schemas_province.hpp"
#include "server/app/units.hpp"

#include <array>

namespace nguon::server::api {
namespace {

constexpr std::array<std::string_view, 3> organization_decisions{"approve", "return", "suspend"};
constexpr std::array<std::string_view, 3> product_decisions{"publish", "return", "pause"};
constexpr std::array<std::string_view, 2> label_kinds{"batch", "unit"};
constexpr std::array<std::string_view, 4> printer_formats{"pdf", "zpl", "tspl", "epl"};
constexpr std::array<std::string_view, 3> label_purposes{"print", "test", "reprint"};
constexpr std::array<std::string_view, 6> label_states{"held", "queued", "running", "done", "failed", "cancelled"};
constexpr std::array<std::string_view, 3> marks{"self_declared", "evidenced", "confirmed"};
constexpr std::array<std::string_view, 5> certificate_states{"valid", "expiring", "expired", "not_yet", "revoked"};
constexpr std::array<std::string_view, 8> delivery_states{"held",    "pending", "in_flight",  "delivered",
                                                          "refused", "parked",  "superseded", "excluded"};

// Requests. Members of a change are those of the record and `reason`.

constexpr Member organization_members[] = {{"kind", "text", true, organization_kinds},
                                           {"name", "text", true, {}, 200},
                                           {"tax_code", "text", true, {}, 20},
                                           {"address_line"},
                                           {"commune_code", "text", false, {}, 10},
                                           {"commune_text"},
                                           {"former_address"},
                                           {"gs1_prefix", "text", false, {}, 12},
                                           {"gs1_certificate", "text", false, {}, 60},
                                           {"gs1_valid_to", "date"},
                                           {"website", "text", false, {}, 200},
                                           {"conformity_number", "text", false, {}, 60},
                                           {"conformity_date", "date"},
                                           {"conformity_standard", "text", false, {}, 100},
                                           {"phone", "text", false, {}, 20},
                                           {"phone_public", "boolean"}};
constexpr Member place_members[] = {{"kind", "text", true, place_kinds},
                                    {"name", "text", true, {}, 200},
                                    {"code", "text", false, {}, 20},
                                    {"gln", "text", false, {}, 20},
                                    {"address_line"},
                                    {"commune_code", "text", false, {}, 10},
                                    {"commune_text"},
                                    {"former_address"},
                                    {"growing_area_code", "text", false, {}, 40},
                                    {"area_ha", "decimal"},
                                    {"latitude", "number"},
                                    {"longitude", "number"}};
constexpr Member product_members[] = {{"name", "text", true, {}, 120},
                                      {"brand", "text", false, {}, 80},
                                      {"description", "text", false, {}, 1000},
                                      {"group_code", "text", true, {}, 20},
                                      {"code", "text", false, {}, 20},
                                      {"gtin", "text", false, {}, 20},
                                      {"origin", "text", false, {}, 120},
                                      {"net_weight", "decimal"},
                                      {"weight_unit", "text", false, weight_units},
                                      {"applied_standards", "texts", false, {}, 20},
                                      {"hs_code", "text", false, {}, 14},
                                      {"risk_level", "text", false, risk_levels},
                                      {"mandatory", "boolean"},
                                      {"shelf_life_days", "integer"},
                                      {"ocop_stars", "integer"},
                                      {"ocop_decision", "text", false, {}, 60},
                                      {"ocop_valid_to", "date"},
                                      {"target_market", "text", false, {}, 40}};
constexpr Member batch_members[] = {{"lot", "text", true, {}, 20},   {"made_on", "date"},
                                    {"expires_on", "date"},          {"quantity", "decimal"},
                                    {"unit", "text", false, {}, 20}, {"note", "text", false, {}, 500}};
constexpr Member certificate_members[] = {{"kind", "text", true, certificate_kinds},
                                          {"name", "text", false, {}, 120},
                                          {"number", "text", true, {}, 60},
                                          {"issuer", "text", true, {}, 200},
                                          {"scope", "text", false, {}, 300},
                                          {"valid_from", "date"},
                                          {"valid_to", "date"}};

constexpr Member link_members[] = {{"type", "text", true, {}, 100},
                                   {"href", "text", true, {}, 2000},
                                   {"title", "text", false, {}, 120},
                                   {"language", "text", false, {}, 5},
                                   {"media_type", "text", false, {}, 100},
                                   {"context", "text", false, {}, 100},
                                   {"is_default", "boolean"},
                                   {"fwqs", "boolean"}};

/// A list of members with some more behind it.
template <std::size_t Size, std::size_t More>
constexpr std::array<Member, Size + More> with(Member const (&members)[Size], Member const (&more)[More])
{
    std::array<Member, Size + More> out{};
    for (std::size_t i = 0; i < Size; ++i) out[i] = members[i];
    for (std::size_t i = 0; i < More; ++i) out[Size + i] = more[i];
    return out;
}

constexpr Member reason[] = {{"reason", "text", true, {}, 300}};
constexpr Member product_id[] = {{"product_id", "text", true}};
constexpr Member paper_extras[] = {{"product_id"}, {"files", "texts", false, {}, 5}};
constexpr auto organization_change = with(organization_members, reason);
constexpr auto place_change = with(place_members, reason);
constexpr auto product_change = with(product_members, reason);
constexpr auto batch_change = with(batch_members, reason);
constexpr auto new_batch = with(batch_members, product_id);
constexpr auto new_certificate = with(certificate_members, paper_extras);
constexpr Member link_anchor[] = {{"anchor", "text", true, {}, 2000}};
constexpr auto new_link = with(link_members, link_anchor);
constexpr Member new_event[] = {{"template", "text", true}, {"values", "object", true}};
constexpr Member error_declaration[] = {{"reason", "text", true, {}, 300}, {"corrective_event_id"}};
constexpr Member new_label_job[] = {
    {"kind", "text", false, label_kinds}, {"stock", "text", true},   {"printer"},          {"count", "integer", true},
    {"first_position", "integer"},        {"test_first", "boolean"}, {"keyed", "boolean"}, {"design"}};
constexpr Member new_reprint[] = {{"reason", "text", true, {}, 300},
                                  {"first_label", "integer"},
                                  {"last_label", "integer"},
                                  {"first_position", "integer"}};
constexpr Member label_printer_members[] = {{"name", "text", true, {}, 80},
                                            {"format", "text", true, printer_formats},
                                            {"dpi", "integer"},
                                            {"offset_x", "decimal"},
                                            {"offset_y", "decimal"},
                                            {"scale_x_percent", "decimal"},
                                            {"scale_y_percent", "decimal"},
                                            {"darkness", "integer"},
                                            {"speed", "integer"}};
constexpr Member label_stock_members[] = {{"name", "text", true, {}, 80},   {"roll", "boolean"},
                                          {"columns", "integer"},           {"rows", "integer"},
                                          {"label_width", "decimal", true}, {"label_height", "decimal", true},
                                          {"margin_left", "decimal"},       {"margin_top", "decimal"},
                                          {"pitch_x", "decimal"},           {"pitch_y", "decimal"},
                                          {"page_width", "decimal"},        {"page_height", "decimal"}};
constexpr Member unit_change[] = {{"first", "text", true, {}, 300},
                                  {"last", "text", false, {}, 300},
                                  {"to", "text", true, app::settable_unit_states},
                                  {"reason", "text", false, {}, 300}};
constexpr Member organization_decision[] = {{"decision", "text", true, organization_decisions},
                                            {"version", "integer", true},
                                            {"reason", "text", false, {}, 300}};
constexpr Member product_decision[] = {
    {"decision", "text", true, product_decisions}, {"version", "integer", true}, {"reason", "text", false, {}, 300}};
constexpr Member code_text[] = {{"text", "text", true}};

// Answers.

constexpr Member organization[] = {{"id", "text", true},
                                   {"version", "integer", true},
                                   {"public_version", "integer"},
                                   {"status", "text", true},
                                   {"status_reason"},
                                   {"illustrative", "boolean", true},
                                   {"commune_name"},
                                   {"masked_identity"},
                                   {"created_at", "instant", true},
                                   {"submitted_at", "instant", true},
                                   {"decided_at", "instant"},
                                   {"fields", "object", true}};
constexpr Member organization_line[] = {{"id", "text", true},
                                        {"name", "text", true},
                                        {"kind"},
                                        {"status", "text", true},
                                        {"tax_code"},
                                        {"commune_code"},
                                        {"products", "integer"},
                                        {"batches", "integer", true}};
constexpr Member place[] = {{"id", "text", true},     {"organization_id", "text", true}, {"version", "integer", true},
                            {"status", "text", true}, {"created_at", "instant", true},   {"fields", "object", true}};
constexpr Member place_line[] = {{"id", "text", true},
                                 {"organization_id", "text", true},
                                 {"version", "integer", true},
                                 {"status", "text", true},
                                 {"kind", "text", true},
                                 {"name", "text", true},
                                 {"code"},
                                 {"gln"},
                                 {"commune_code"},
                                 {"created_at", "instant", true}};
constexpr Member image[] = {{"sha256", "text", true}, {"url", "text", true}, {"thumbnail_url", "text", true}};
constexpr Member product[] = {{"id", "text", true},
                              {"organization_id", "text", true},
                              {"version", "integer", true},
                              {"public_version", "integer"},
                              {"status", "text", true},
                              {"status_reason"},
                              {"created_at", "instant", true},
                              {"submitted_at", "instant", true},
                              {"missing", "texts", true},
                              {"images", "Image[]", true},
                              {"fields", "object", true}};
constexpr Member product_line[] = {{"id", "text", true},
                                   {"organization_id", "text", true},
                                   {"version", "integer", true},
                                   {"public_version", "integer"},
                                   {"status", "text", true},
                                   {"status_reason"},
                                   {"name", "text", true},
                                   {"code"},
                                   {"gtin"},
                                   {"group_code"},
                                   {"created_at", "instant", true},
                                   {"submitted_at", "instant", true}};
constexpr Member batch[] = {{"id", "text", true},
                            {"organization_id", "text", true},
                            {"product_id", "text", true},
                            {"product_name"},
                            {"gtin"},
                            {"version", "integer", true},
                            {"status", "text", true},
                            {"status_reason"},
                            {"code", "text", true},
                            {"page", "text", true},
                            {"printed_at", "instant"},
                            {"created_at", "instant", true},
                            {"fields", "object", true}};
constexpr Member batch_line[] = {{"id", "text", true},
                                 {"organization_id", "text", true},
                                 {"product_id", "text", true},
                                 {"product_name"},
                                 {"version", "integer", true},
                                 {"status", "text", true},
                                 {"status_reason"},
                                 {"lot", "text", true},
                                 {"code", "text", true},
                                 {"made_on", "date"},
                                 {"expires_on", "date"},
                                 {"printed_at", "instant"},
                                 {"created_at", "instant", true}};
constexpr Member file[] = {{"sha256", "text", true}, {"url", "text", true}};
constexpr Member certificate[] = {{"id", "text", true},
                                  {"organization_id", "text", true},
                                  {"product_id"},
                                  {"version", "integer", true},
                                  {"status", "text", true},
                                  {"state", "text", true, certificate_states},
                                  {"mark", "text", true, marks},
                                  {"confirmed_by"},
                                  {"created_at", "instant", true},
                                  {"files", "File[]", true},
                                  {"fields", "object", true}};
constexpr Member code_link[] = {
    {"id", "text", true},      {"organization_id", "text", true}, {"version", "integer", true},
    {"anchor", "text", true},  {"created_at", "instant", true},   {"changed_at", "instant", true},
    {"fields", "object", true}};
constexpr Member event[] = {{"id", "text", true},
                            {"seq", "integer", true},
                            {"organization_id", "text", true},
                            {"capture_id", "text", true},
                            {"event_id"},
                            {"type", "text", true},
                            {"event_time", "instant", true},
                            {"record_time", "instant", true},
                            {"template"},
                            {"mark", "text", true, marks},
                            {"error_declared_at", "instant"},
                            {"declared_wrong", "boolean"},
                            {"hash", "text", true},
                            {"event", "object"},
                            {"title", "Words"},
                            {"fields", "Field[]"}};
constexpr Member words[] = {{"vi", "text", true}, {"en", "text", true}};
constexpr Member shown_field[] = {{"name", "text", true}, {"label", "Words", true}, {"value", "Words", true}};
constexpr Member template_field[] = {
    {"name", "text", true},        {"kind", "text", true}, {"label", "Words", true}, {"required", "boolean", true},
    {"repeated", "boolean", true}, {"choices", "texts"},   {"units", "texts"}};
constexpr Member template_step[] = {
    {"template", "text", true}, {"title", "Words", true}, {"fields", "TemplateField[]", true}};
constexpr Member template_group[] = {
    {"group", "text", true}, {"title", "Words", true}, {"steps", "TemplateStep[]", true}};
constexpr Member label_job[] = {{"id", "text", true},
                                {"batch_id", "text", true},
                                {"kind", "text", true, label_kinds},
                                {"purpose", "text", true, label_purposes},
                                {"source_id"},
                                {"reason"},
                                {"stock", "text", true},
                                {"design", "text", true},
                                {"keyed", "boolean", true},
                                {"count", "integer", true},
                                {"first_label", "integer", true},
                                {"first_position", "integer", true},
                                {"specimen", "boolean", true},
                                {"state", "text", true, label_states},
                                {"fault"},
                                {"labels_done", "integer", true},
                                {"sha256"},
                                {"file_size", "integer", true},
                                {"file_until", "instant"},
                                {"finished_at", "instant"},
                                {"created_at", "instant", true},
                                {"file", "text", true},
                                {"pdf"}};
constexpr Member kept[] = {{"id", "text", true}, {"version", "integer", true}, {"created_at", "instant", true}};
constexpr Member printer_fields[] = {{"fields", "LabelPrinterFields", true}};
constexpr Member stock_fields[] = {{"fields", "LabelStockFields", true}};
constexpr auto label_printer = with(kept, printer_fields);
constexpr auto label_stock = with(kept, stock_fields);
constexpr Member unit[] = {{"code", "text", true},
                           {"batch_id", "text", true},
                           {"job_id", "text", true},
                           {"state", "text", true, db::printed_codes::unit_states},
                           {"reason"},
                           {"printed_at", "instant", true},
                           {"changed_at", "instant"}};
constexpr Member units_changed[] = {{"job_id", "text", true},
                                    {"first", "text", true},
                                    {"last", "text", true},
                                    {"changed", "integer", true},
                                    {"counts", "object", true}};
constexpr Member receipt[] = {
    {"portal_id"}, {"accepted_at", "instant", true}, {"received_at", "instant", true}, {"payload_sha256"}, {"key_id"},
    {"signature"}, {"peer_certificate_sha256"}};
constexpr Member delivery[] = {{"target", "text", true},
                               {"seq", "integer", true},
                               {"organization_id", "text", true},
                               {"type", "text", true},
                               {"id", "text", true},
                               {"record_version", "integer", true},
                               {"op", "text", true},
                               {"state", "text", true, delivery_states},
                               {"hold"},
                               {"attempts", "integer", true},
                               {"error_class"},
                               {"error_code"},
                               {"error_text"},
                               {"payload_sha256", "text", true},
                               {"created_at", "instant", true},
                               {"changed_at", "instant", true},
                               {"receipt", "Receipt"}};
constexpr Member delivery_proof[] = {{"format", "text", true},     {"record", "text", true}, {"sent", "text", true},
                                     {"receipt", "text", true},    {"entry", "text", true},  {"index", "integer", true},
                                     {"checkpoint", "text", true}, {"proof", "texts", true}};
constexpr Member delivery_log[] = {
    {"log_key", "text", true}, {"size", "integer", true}, {"checkpoint"}, {"consistency", "texts"}};
constexpr Member approval[] = {{"kind", "text", true},
                               {"id", "text", true},
                               {"organization_id", "text", true},
                               {"name", "text", true},
                               {"organization_name"},
                               {"commune_code"},
                               {"submitted_at", "instant", true},
                               {"is_change", "boolean", true},
                               {"missing"}};
constexpr Member counts[] = {{"held", "integer", true},       {"pending", "integer", true},
                             {"in_flight", "integer", true},  {"delivered", "integer", true},
                             {"refused", "integer", true},    {"parked", "integer", true},
                             {"superseded", "integer", true}, {"excluded", "integer", true}};
constexpr Member sync_target[] = {{"target", "text", true},       {"state", "text", true},
                                  {"created", "integer", true},   {"counts", "Counts", true},
                                  {"conserved", "boolean", true}, {"oldest_waiting_at", "instant"},
                                  {"skew_seconds", "integer"}};
constexpr Member sync_organization[] = {{"organization_id", "text", true},
                                        {"name"},
                                        {"counts", "Counts", true},
                                        {"oldest_waiting_at", "instant"},
                                        {"last_success_at", "instant"}};
constexpr Member sync[] = {{"paused", "boolean", true},
                           {"state", "text", true},
                           {"targets", "SyncTarget[]", true},
                           {"organizations", "SyncOrganization[]"}};
constexpr std::string_view check_kinds[] = {"handshake", "handshake_next", "sign_in", "catalogues", "dry_run"};
constexpr std::string_view check_states[] = {"asked", "running", "done"};
constexpr Member new_connection_check[] = {{"kind", "text", true, check_kinds}};
constexpr Member connection_check[] = {{"id", "integer", true},
                                       {"kind", "text", true, check_kinds},
                                       {"state", "text", true, check_states},
                                       {"good", "boolean", true},
                                       {"stale", "boolean", true},
                                       {"asked_at", "instant", true},
                                       {"done_at", "instant"},
                                       {"outcome", "object"}};
constexpr Member connection_certificate[] = {{"slot", "text", true},
                                             {"subject"},
                                             {"issuer"},
                                             {"sha256"},
                                             {"valid_from", "instant"},
                                             {"valid_to", "instant"},
                                             {"checked_at", "instant"},
                                             {"good", "boolean", true}};
constexpr Member connection_step[] = {{"name", "text", true}, {"done", "boolean", true}};
constexpr Member portal_catalogue[] = {
    {"name", "text", true},       {"version", "integer", true},    {"absent", "boolean", true},
    {"entries", "integer", true}, {"added", "integer", true},      {"changed", "integer", true},
    {"removed", "integer", true}, {"changed_at", "instant", true}, {"checked_at", "instant", true}};
constexpr Member portal_catalogues[] = {{"asked_at", "instant"},
                                        {"synced_at", "instant"},
                                        {"fault"},
                                        {"values_unmatched", "integer", true},
                                        {"list", "PortalCatalogue[]", true}};
constexpr Member connection[] = {{"target", "text", true},
                                 {"title"},
                                 {"adapter", "text", true},
                                 {"configured", "boolean", true},
                                 {"stage", "text", true},
                                 {"url"},
                                 {"problem"},
                                 {"live_since", "instant"},
                                 {"steps", "ConnectionStep[]", true},
                                 {"certificates", "ConnectionCertificate[]", true},
                                 {"pins", "texts"},
                                 {"catalogues", "PortalCatalogues"},
                                 {"checks", "ConnectionCheck[]", true}};
constexpr std::string_view severities[] = {"warn", "high", "critical"};
constexpr Member alarm[] = {{"id", "text", true},
                            {"kind", "text", true},
                            {"subject"},
                            {"severity", "text", true, severities},
                            {"title", "text", true},
                            {"text", "text", true},
                            {"who", "text", true},
                            {"since", "instant", true},
                            {"cleared_at", "instant"},
                            {"acknowledged_at", "instant"},
                            {"acknowledged_reason"}};
constexpr Member legal_item[] = {{"name", "text", true}, {"present", "boolean", true}};
constexpr Member step[] = {{"title", "Words", true},
                           {"template"},
                           {"time", "instant", true},
                           {"recorded_at", "instant", true},
                           {"lag_hours", "integer", true},
                           {"organization_name"},
                           {"place_name"},
                           {"commune_name"},
                           {"mark", "text", true, marks},
                           {"on_behalf", "boolean", true},
                           {"wrong", "boolean", true},
                           {"repeats", "integer", true},
                           {"total_kilograms"},
                           {"fields", "Field[]", true}};
constexpr Member origin[] = {
    {"verdict", "text", true},    {"illustrative", "boolean"},  {"awaiting_approval", "boolean"},
    {"product", "object"},        {"batch", "object"},          {"organization", "object"},
    {"items", "LegalItem[]"},     {"items_present", "integer"}, {"steps", "Step[]"},
    {"certificates", "object[]"}, {"scans", "object"}};
constexpr Member link[] = {{"path", "text", true}, {"url", "text", true}};
constexpr Member capture_job[] = {{"captureID", "text", true},  {"createdAt", "instant", true},
                                  {"finishedAt", "instant"},    {"running", "boolean", true},
                                  {"success", "boolean", true}, {"captureErrorBehaviour", "text", true},
                                  {"errors", "object[]", true}, {"eventCount", "integer", true}};
constexpr Member epcis_collection[] = {{"@context", "text", true}, {"type", "text", true}, {"member", "texts", true}};
constexpr Member problem_error[] = {{"pointer", "text", true}, {"key", "text", true}, {"title"}, {"detail"}};
constexpr Member problem_members[] = {
    {"type", "text", true},      {"title", "text", true},      {"status", "integer", true}, {"detail", "text", true},
    {"requestId", "text", true}, {"errors", "ProblemError[]"}, {"problem", "text"}};

constexpr Schema table[] = {
    {"NewOrganization", organization_members, true,
     R"({"kind": "cooperative", "name": "Hợp tác xã Chè Tam Đường", "tax_code": "6200123458",
         "address_line": "Bản Cò Lá", "commune_text": "xã Bản Bo, Lai Châu", "phone": "02133700123",
         "phone_public": true})"},
    {"OrganizationChange", organization_change, true,
     R"({"kind": "cooperative", "name": "Hợp tác xã Chè Tam Đường", "tax_code": "6200123458",
         "address_line": "Bản Cò Lá", "commune_text": "xã Bản Bo, Lai Châu", "reason": "Chuyển trụ sở"})"},
    {"NewPlace", place_members, true,
     R"({"kind": "growing_area", "name": "Đồi chè Cò Lá", "growing_area_code": "VN-LCOR-0001", "area_ha": "12.5",
         "latitude": 22.352, "longitude": 103.561})"},
    {"PlaceChange", place_change, true,
     R"({"kind": "growing_area", "name": "Đồi chè Cò Lá", "area_ha": "13.2", "reason": "Đo lại diện tích"})"},
    {"NewProduct", product_members, true,
     R"({"name": "Trà Shan tuyết cổ thụ", "group_code": "tea", "origin": "Lai Châu, Việt Nam", "net_weight": "200",
         "weight_unit": "g", "applied_standards": ["TCVN 9740:2013"], "shelf_life_days": 540})"},
    {"ProductChange", product_change, true,
     R"({"name": "Trà Shan tuyết cổ thụ", "group_code": "tea", "origin": "Lai Châu, Việt Nam", "net_weight": "250",
         "weight_unit": "g", "reason": "Đổi quy cách hộp"})"},
    {"NewBatch", new_batch, true,
     R"({"product_id": "0199e1c4-52a0-7c11-9b0e-5f2d1c8a4e33", "lot": "L261121", "made_on": "2026-11-21",
         "expires_on": "2028-05-14", "quantity": "320", "unit": "hộp"})"},
    {"BatchChange", batch_change, true,
     R"({"lot": "L261121", "made_on": "2026-11-21", "expires_on": "2028-05-14", "quantity": "318", "unit": "hộp",
         "reason": "Hai hộp lấy mẫu kiểm nghiệm"})"},
    {"NewCodeLink", new_link, true,
     R"({"anchor": "/01/08938505974019/10/L261120", "type": "instructions", "language": "vi",
        "href": "https://chebanbo.example.vn/huong-dan-pha-tra", "title": "Cách pha trà Shan tuyết"})"},
    {"CodeLinkChange", link_members, true,
     R"({"type": "instructions", "language": "vi", "href": "https://chebanbo.example.vn/cach-pha",
        "title": "Cách pha trà Shan tuyết"})"},
    {"NewEvent", new_event, true,
     R"({"template": "tea.harvest", "values": {"time": "2026-11-20T07:30", "quantity": 182.5, "quantity_unit": "kg"}})"},
    {"ErrorDeclaration", error_declaration, true, R"({"reason": "Ghi nhầm số cân"})"},
    {"NewLabelJob", new_label_job, true, R"({"kind": "unit", "stock": "a4-65", "count": 130})"},
    {"NewReprint", new_reprint, true, R"({"reason": "Tờ thứ hai kẹt giấy, tem bị nhăn", "first_label": 2})"},
    {"LabelPrinterFields", label_printer_members, true,
     R"({"name": "Máy in tem ở kho", "format": "zpl", "dpi": 203, "offset_x": "-0.5", "darkness": 8})"},
    {"LabelStockFields", label_stock_members, true,
     R"({"name": "Cuộn tem", "roll": true, "label_width": "50", "label_height": "30", "pitch_y": "32"})"},
    {"UnitChange", unit_change, true, R"({"first": "0QV4-7TJ2-9KXB", "to": "activated"})"},
    {"NewCertificate", new_certificate, true,
     R"({"kind": "vietgap", "number": "VietGAP-TT-12-26-0031", "issuer": "Trung tâm Chứng nhận Chất lượng",
         "valid_from": "2026-03-02", "valid_to": "2029-03-01"})"},
    {"OrganizationDecision", organization_decision, true, R"({"decision": "approve", "version": 1})"},
    {"ProductDecision", product_decision, true,
     R"({"decision": "return", "version": 1, "reason": "Ảnh sản phẩm chưa rõ nhãn"})"},
    {"NewConnectionCheck", new_connection_check, true, R"({"kind": "handshake"})"},
    {"Acknowledgement", reason, true, R"({"reason": "Đã gọi đơn vị vận hành cổng, họ đang sửa"})"},
    {"NewReconciliation", new_reconciliation, true, R"({"target": "most"})"},
    {"CodeText", code_text, true, R"({"text": "(01)08938505974019(10)L261121"})"},
    {"EpcisDocument",
     {},
     false,
     R"({"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", "type": "EPCISDocument",
         "schemaVersion": "2.0", "creationDate": "2026-11-21T08:00:00+07:00", "epcisBody": {"eventList": [
         {"type": "ObjectEvent", "eventTime": "2026-11-20T16:00:00+07:00", "eventTimeZoneOffset": "+07:00",
          "epcList": ["urn:uuid:4c8f0b36-9d1e-4b07-8f63-0c1b6d8a2e55"], "action": "OBSERVE", "bizStep": "storing",
          "disposition": "active", "readPoint": {"id": "urn:uuid:7b3d9a52-63cf-4c6e-9a41-2f0e8d5c7b18"},
          "bizLocation": {"id": "urn:uuid:7b3d9a52-63cf-4c6e-9a41-2f0e8d5c7b18"}}]}})"},
    {"EpcisEvent",
     {},
     false,
     R"({"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", "type": "ObjectEvent",
         "eventTime": "2026-11-20T16:00:00+07:00", "eventTimeZoneOffset": "+07:00",
         "epcList": ["urn:uuid:4c8f0b36-9d1e-4b07-8f63-0c1b6d8a2e55"], "action": "OBSERVE", "bizStep": "storing"})"},
    {"EpcisQueryDocument",
     {},
     false,
     R"({"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", "type": "EPCISQueryDocument",
         "schemaVersion": "2.0", "creationDate": "2026-11-21T08:00:00+07:00", "epcisBody": {"queryResults":
         {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": [
         {"type": "ObjectEvent", "eventID": "urn:uuid:0199e1c4-52a0-7c11-9b0e-5f2d1c8a4e34",
          "eventTime": "2026-11-20T16:00:00+07:00", "eventTimeZoneOffset": "+07:00",
          "recordTime": "2026-11-20T16:05:00+07:00", "epcList": ["urn:uuid:4c8f0b36-9d1e-4b07-8f63-0c1b6d8a2e55"],
          "action": "OBSERVE", "bizStep": "storing"}]}}}})"},
    {"Organization", organization},
    {"OrganizationLine", organization_line},
    {"Place", place},
    {"PlaceLine", place_line},
    {"Image", image},
    {"Product", product},
    {"ProductLine", product_line},
    {"Batch", batch},
    {"BatchLine", batch_line},
    {"File", file},
    {"Certificate", certificate},
    {"CodeLink", code_link},
    {"Event", event},
    {"Words", words},
    {"Field", shown_field},
    {"TemplateField", template_field},
    {"TemplateStep", template_step},
    {"TemplateGroup", template_group},
    {"LabelJob", label_job},
    {"LabelPrinter", label_printer},
    {"LabelStock", label_stock},
    {"Unit", unit},
    {"UnitsChanged", units_changed},
    {"Receipt", receipt},
    {"Delivery", delivery},
    {"DeliveryProof", delivery_proof},
    {"DeliveryLog", delivery_log},
    {"Approval", approval},
    {"Counts", counts},
    {"SyncTarget", sync_target},
    {"SyncOrganization", sync_organization},
    {"Sync", sync},
    {"ProgrammeEvidence", programme_evidence},
    {"ProgrammeFigure", programme_figure},
    {"ProgrammeFigures", programme_figures},
    {"ReconciliationRun", reconciliation_run},
    {"ReconciliationFinding", reconciliation_finding},
    {"Reconciliation", reconciliation},
    {"ConnectionStep", connection_step},
    {"PortalCatalogue", portal_catalogue},
    {"PortalCatalogues", portal_catalogues},
    {"ConnectionCertificate", connection_certificate},
    {"ConnectionCheck", connection_check},
    {"Connection", connection},
    {"Alarm", alarm},
    {"LegalItem", legal_item},
    {"Step", step},
    {"Origin", origin},
    {"Link", link},
    {"CaptureJob", capture_job},
    {"EpcisCollection", epcis_collection},
    {"ProblemError", problem_error},
    {"Problem", problem_members},
};

} // namespace

std::span<Schema const> record_schemas() { return table; }

} // namespace nguon::server::api
