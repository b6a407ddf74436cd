#include "server/api/description.hpp"
#include "server/app/recall_cases.hpp"

#include <array>

/// Tracing, completeness, recalls and drills.
namespace nguon::server::api {
namespace {

constexpr std::array<std::string_view, 2> kinds{"real", "drill"};
constexpr std::array<std::string_view, 4> states{"draft", "published", "closed", "cancelled"};
constexpr std::array<std::string_view, 4> thing_kinds{"lot", "unit", "box", "thing"};
constexpr std::array<std::string_view, 4> link_kinds{"used", "made", "packed", "of_lot"};
constexpr std::array<std::string_view, 3> gaps{"origin_unknown", "not_received", "no_forward"};

constexpr Member checked_code[] = {{"code", "text", true, {}, 2000}};
constexpr Member new_recall[] = {{"kind", "text", true, kinds},
                                 {"scope", "text", true, app::recall_scopes},
                                 {"subject", "text", true, {}, 300},
                                 {"from", "date"},
                                 {"to", "date"},
                                 {"reason", "text", true, {}, limits::recall_reason_chars_max},
                                 {"notice", "text", true, {}, limits::recall_text_chars_max}};
constexpr Member recall_figures[] = {{"made", "decimal", true},
                                     {"sold", "decimal", true},
                                     {"in_stock", "decimal", true},
                                     {"returned", "decimal", true},
                                     {"destroyed", "decimal", true},
                                     {"unit", "text", false, {}, 20},
                                     {"note", "text", false, {}, limits::recall_reason_chars_max}};
constexpr Member recall_end[] = {{"reason", "text", true, {}, 300}};
constexpr Member recall_conclusion[] = {{"conclusion", "text", true, {}, limits::recall_text_chars_max}};

constexpr Member traced_thing[] = {{"id", "integer", true},
                                   {"kind", "text", true, thing_kinds},
                                   {"identifier", "text", true},
                                   {"depth", "integer", true},
                                   {"carrier", "boolean"},
                                   {"product_name"},
                                   {"lot"},
                                   {"code"},
                                   {"status"},
                                   {"batch_id"},
                                   {"organization_id"},
                                   {"organization_name"},
                                   {"missing", "text", false, gaps}};
constexpr Member traced_step[] = {{"id", "integer", true},
                                  {"event_id", "text", true},
                                  {"title", "Words", true},
                                  {"time", "instant", true},
                                  {"organization_name", "text", true}};
constexpr Member traced_link[] = {{"kind", "text", true, link_kinds},
                                  {"thing", "integer", true},
                                  {"step", "integer"},
                                  {"inside", "integer"},
                                  {"lot", "integer"},
                                  {"quantity", "number"},
                                  {"uom"},
                                  {"from", "instant"},
                                  {"until", "instant"}};
constexpr Member missing_link[] = {{"thing", "integer", true}, {"what", "text", true, gaps}};
constexpr Member trace[] = {{"id", "integer", true},
                            {"things", "TracedThing[]", true},
                            {"steps", "TracedStep[]", true},
                            {"links", "TracedLink[]", true},
                            {"missing", "MissingLink[]", true},
                            {"hidden", "integer", true},
                            {"complete", "boolean", true},
                            {"cut_by"},
                            {"units", "object"}};
constexpr Member lack[] = {{"key", "text", true}, {"text", "Words", true}, {"todo", "Words", true}};
constexpr Member completeness[] = {
    {"batch_id", "text", true},     {"product_name", "text", true},  {"lot", "text", true},
    {"score", "integer", true},     {"complete", "boolean", true},   {"items_present", "integer", true},
    {"items", "LegalItem[]", true}, {"back_known", "boolean", true}, {"forward_known", "boolean", true},
    {"evidence", "integer", true},  {"findings", "Lack[]", true}};

constexpr Member figures[] = {{"made", "number"},     {"sold", "number"},      {"in_stock", "number"},
                              {"returned", "number"}, {"destroyed", "number"}, {"difference", "number"}};
constexpr Member recall_lot[] = {{"batch_id", "text", true},
                                 {"organization_id", "text", true},
                                 {"organization_name", "text", true},
                                 {"product_name", "text", true},
                                 {"lot", "text", true},
                                 {"code", "text", true},
                                 {"depth", "integer", true},
                                 {"included", "boolean", true},
                                 {"unit", "text", true},
                                 {"figures", "Figures", true},
                                 {"published_at", "instant"},
                                 {"acknowledged_at", "instant"},
                                 {"note"},
                                 {"ended_at", "instant"},
                                 {"ended_reason"}};
constexpr Member recall_line[] = {{"id", "text", true},
                                  {"number", "text", true},
                                  {"kind", "text", true, kinds},
                                  {"state", "text", true, states},
                                  {"scope", "text", true, app::recall_scopes},
                                  {"subject", "text", true},
                                  {"title", "text", true},
                                  {"reason", "text", true},
                                  {"notice", "text", true},
                                  {"score", "integer", true},
                                  {"automatic", "boolean", true},
                                  {"created_at", "instant", true},
                                  {"published_at", "instant"},
                                  {"closed_at", "instant"},
                                  {"conclusion"},
                                  {"lots", "integer", true},
                                  {"acknowledged", "integer", true}};
constexpr Member more_of_own[] = {{"affected", "RecallLot[]", true}};
constexpr Member more_of_case[] = {{"affected", "RecallLot[]", true},    {"firms", "integer", true},
                                   {"units", "integer", true},           {"missing", "object[]", true},
                                   {"balance", "RecallBalance[]", true}, {"steps", "RecallStep[]", true}};
constexpr Member recall_balance[] = {{"unit", "text", true}, {"lots", "integer", true}, {"figures", "Figures", true}};
constexpr Member recall_step[] = {{"what", "text", true}, {"at", "instant", true}};

template <std::size_t Size, std::size_t More>
constexpr std::array<Member, Size + More> with(Member const (&members)[Size], Member const (&more)[More])
{
    std::array<Member, Size + More> out{};
    for (std::size_t i = 0; i < Size; ++i) out[i] = members[i];
    for (std::size_t i = 0; i < More; ++i) out[Size + i] = more[i];
    return out;
}
constexpr auto own_recall = with(recall_line, more_of_own);
constexpr auto recall = with(recall_line, more_of_case);

constexpr Schema table[] = {
    {"CheckedCode", checked_code, true, R"({"code": "https://id.gs1.org/01/08938505974019/10/L261120"})"},
    {"NewRecall", new_recall, true,
     R"({"kind": "drill", "scope": "batch", "subject": "https://id.gs1.org/01/08938505974019/10/L261120",
         "reason": "Độ ẩm vượt mức cho phép", "notice": "Không dùng lô này; trả lại nơi mua để được hoàn tiền."})"},
    {"RecallFigures", recall_figures, true,
     R"({"made": "120", "sold": "80", "in_stock": "20.5", "returned": "19.5", "destroyed": "0", "unit": "kg"})"},
    {"RecallEnd", recall_end, true, R"({"reason": "Kết quả kiểm nghiệm lại đạt, phiếu HL-31990"})"},
    {"RecallConclusion", recall_conclusion, true,
     R"({"conclusion": "Đã thu đủ hàng còn ở cửa hàng; phần đã bán được thông báo tại nơi bán."})"},
    {"TracedThing", traced_thing},
    {"TracedStep", traced_step},
    {"TracedLink", traced_link},
    {"MissingLink", missing_link},
    {"Trace", trace},
    {"Lack", lack},
    {"Completeness", completeness},
    {"Figures", figures},
    {"RecallLot", recall_lot},
    {"RecallLine", recall_line},
    {"OwnRecall", own_recall},
    {"RecallBalance", recall_balance},
    {"RecallStep", recall_step},
    {"Recall", recall},
};

} // namespace

std::span<Schema const> recall_schemas() { return table; }

} // namespace nguon::server::api
