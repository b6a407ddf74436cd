#include "core/limits/cases.hpp"
#include "server/api/description.hpp"
#include "server/app/complaints.hpp"
#include "server/app/inspections.hpp"

#include <array>

/// Complaints, inspections and sanctions.
namespace nguon::server::api {
namespace {

constexpr std::array<std::string_view, 5> states{"received", "verifying", "handled", "answered", "closed"};
constexpr std::array<std::string_view, 4> inspection_states{"planned", "open", "finished", "settled"};
constexpr std::array<std::string_view, 2> sanction_kinds{"suspend", "withdraw"};
constexpr std::array<std::string_view, 2> sanction_subjects{"organization", "product"};

constexpr Member complaint_move[] = {{"status", "text", true, states},
                                     {"note", "text", false, {}, limits::case_text_chars_max},
                                     {"answer", "text", false, {}, limits::case_text_chars_max},
                                     {"outcome", "text", false, app::complaint_outcomes},
                                     {"on_product", "boolean"}};
constexpr Member complaint_question[] = {{"question", "text", true, {}, limits::case_text_chars_max}};
constexpr Member explanation[] = {{"text", "text", true, {}, limits::case_text_chars_max}};
constexpr Member new_inspection[] = {{"organization_id", "text", true},
                                     {"product_id"},
                                     {"batch_id"},
                                     {"planned_on", "date", true},
                                     {"inspector_id", "text", true},
                                     {"basis", "text", true, {}, 300},
                                     {"purpose", "text", false, {}, 300},
                                     {"checklist_id", "text", true}};

constexpr Member complaint[] = {{"code", "text", true},
                                {"organization_id"},
                                {"organization_name"},
                                {"product_id"},
                                {"batch_id"},
                                {"topic", "text", true, app::complaint_topics},
                                {"status", "text", true, states},
                                {"outcome", "text", false, app::complaint_outcomes},
                                {"answer"},
                                {"on_product", "boolean", true},
                                {"joined_to"},
                                {"question"},
                                {"received_at", "instant", true},
                                {"changed_at", "instant", true},
                                {"due_at", "instant"},
                                {"settled_at", "instant"},
                                {"explain_due_at", "instant"},
                                {"explained_at", "instant"}};
constexpr Member complaint_figures[] = {{"topic", "text", true, app::complaint_topics},
                                        {"received", "integer", true},
                                        {"settled", "integer", true},
                                        {"upheld", "integer", true},
                                        {"taken_up_in_time", "integer", true},
                                        {"settled_in_time", "integer", true}};
constexpr Member inspection_action[] = {
    {"number", "integer", true}, {"text", "text", true}, {"due_on", "date", true}, {"done_at", "instant"}, {"note"}};
constexpr Member inspection_answer[] = {
    {"code", "text", true}, {"criterion", "text", true}, {"result", "text", true, app::inspection_results}, {"note"}};
constexpr Member inspection[] = {{"id", "text", true},
                                 {"organization_id", "text", true},
                                 {"organization_name"},
                                 {"product_id"},
                                 {"batch_id"},
                                 {"status", "text", true, inspection_states},
                                 {"planned_on", "date", true},
                                 {"basis", "text", true},
                                 {"record_number"},
                                 {"conclusion", "text", false, app::inspection_conclusions},
                                 {"finding"},
                                 {"finished_at", "instant"},
                                 {"actions_open", "integer"},
                                 {"answers", "InspectionAnswer[]"},
                                 {"actions", "InspectionAction[]"}};
constexpr Member sanction[] = {{"id", "text", true},
                               {"kind", "text", true, sanction_kinds},
                               {"subject_kind", "text", true, sanction_subjects},
                               {"subject_id", "text", true},
                               {"subject_name"},
                               {"organization_id", "text", true},
                               {"reason"},
                               {"imposed_at", "instant", true},
                               {"explain_due_at", "instant", true},
                               {"explanation"},
                               {"explained_at", "instant"},
                               {"lifted_at", "instant"}};

constexpr Schema table[] = {
    {"ComplaintMove", complaint_move, true, R"({"status": "verifying", "note": "Đã gọi cho cơ sở"})"},
    {"ComplaintQuestion", complaint_question, true, R"({"question": "Vì sao hạn dùng trên bao khác trên trang?"})"},
    {"Explanation", explanation, true, R"({"text": "In nhầm lô tem, đã in lại."})"},
    {"NewInspection", new_inspection, true,
     R"({"organization_id": "0199e1c4-52a0-7c11-9b0e-5f2d1c8a4e31", "planned_on": "2026-12-03",)"
     R"( "inspector_id": "0199e1c4-52a0-7c11-9b0e-5f2d1c8a4e32", "basis": "Kế hoạch 27/KH-SKHCN",)"
     R"( "checklist_id": "0199e1c4-52a0-7c11-9b0e-5f2d1c8a4e34"})"},
    {"Complaint", complaint},
    {"ComplaintFigures", complaint_figures},
    {"InspectionAction", inspection_action},
    {"InspectionAnswer", inspection_answer},
    {"Inspection", inspection},
    {"Sanction", sanction},
};

} // namespace

std::span<Schema const> case_schemas() { return table; }

} // namespace nguon::server::api
