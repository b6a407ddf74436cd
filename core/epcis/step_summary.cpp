#include "core/epcis/step_summary.hpp"

#include "core/epcis/vocabulary.hpp"
#include "core/fold.hpp"
#include "core/gs1/digital_link.hpp"

#include <algorithm>
#include <array>

namespace nguon::epcis {
namespace {

using nlohmann::json;

/// Business steps of others in plain words.
struct PlainStep {
    std::string_view word;
    PortalStage stage;
    Bilingual verb;
};

constexpr std::array plain_steps{
    PlainStep{"accepting", PortalStage::dealer, {"Nhận hàng", "Accepting"}},
    PlainStep{"arriving", PortalStage::transport, {"Hàng đến", "Arriving"}},
    PlainStep{"assembling", PortalStage::processing, {"Lắp ráp", "Assembling"}},
    PlainStep{"commissioning", PortalStage::processing, {"Tạo ra", "Made"}},
    PlainStep{"creating_class_instance", PortalStage::processing, {"Tạo ra", "Made"}},
    PlainStep{"departing", PortalStage::transport, {"Hàng đi", "Departing"}},
    PlainStep{"destroying", PortalStage::none, {"Tiêu hủy", "Destroyed"}},
    PlainStep{"dispensing", PortalStage::shop, {"Bán lẻ", "Retail"}},
    PlainStep{"holding", PortalStage::none, {"Tạm giữ", "On hold"}},
    PlainStep{"inspecting", PortalStage::certification, {"Kiểm tra", "Inspection"}},
    PlainStep{"loading", PortalStage::transport, {"Bốc hàng", "Loading"}},
    PlainStep{"packing", PortalStage::processing, {"Đóng gói", "Packing"}},
    PlainStep{"picking", PortalStage::warehouse, {"Lấy hàng", "Picking from store"}},
    PlainStep{"receiving", PortalStage::dealer, {"Nhận hàng", "Receiving"}},
    PlainStep{"repackaging", PortalStage::processing, {"Đóng gói lại", "Repacking"}},
    PlainStep{"retail_selling", PortalStage::shop, {"Bán lẻ", "Retail"}},
    PlainStep{"sampling", PortalStage::certification, {"Lấy mẫu", "Sampling"}},
    PlainStep{"sensor_reporting", PortalStage::none, {"Đo đạc", "Measurement"}},
    PlainStep{"shipping", PortalStage::transport, {"Giao hàng", "Shipping"}},
    PlainStep{"staging_outbound", PortalStage::warehouse, {"Chờ xuất kho", "Ready to leave the store"}},
    PlainStep{"stocking", PortalStage::shop, {"Lên kệ", "On the shelf"}},
    PlainStep{"storing", PortalStage::warehouse, {"Lưu kho", "Storage"}},
    PlainStep{"transporting", PortalStage::transport, {"Vận chuyển", "Transport"}},
    PlainStep{"unloading", PortalStage::transport, {"Dỡ hàng", "Unloading"}},
    PlainStep{"unpacking", PortalStage::dealer, {"Mở kiện", "Unpacking"}},
};
constexpr PlainStep unknown_step{"", PortalStage::none, {"Ghi nhận", "Recorded"}};

PlainStep const& plain_step(Event const& event)
{
    auto const word = recognise(Vocabulary::biz_step, event.biz_step);
    if (!word) return unknown_step;
    auto const at = std::ranges::find(plain_steps, word->bare, &PlainStep::word);
    return at == plain_steps.end() ? unknown_step : *at;
}

ShownText shown(Bilingual const& text) { return {std::string{text.vi}, std::string{text.en}}; }

std::string text_of(json const& value) { return value.is_string() ? value.get<std::string>() : std::string{}; }

/// The text of an own member, which stands in the ILMD or beside the standard's.
std::string detail(Event const& event, std::string_view name)
{
    for (auto const* object : {&event.ilmd, &event.extensions}) {
        auto const found = object->find(name);
        if (found != object->end()) return text_of(*found);
    }
    return {};
}

Template const* template_of(Event const& event) { return find_template(detail(event, "nguon:template")); }

struct CodeLabel {
    std::string_view uom;
    Bilingual label;
};

constexpr std::array uom_labels{
    CodeLabel{"KGM", {"kg", "kg"}},      CodeLabel{"GRM", {"g", "g"}},
    CodeLabel{"TNE", {"tấn", "tonnes"}}, CodeLabel{"DTN", {"tạ", "quintals (100 kg)"}},
    CodeLabel{"LTR", {"lít", "litres"}}, CodeLabel{"MLT", {"ml", "ml"}},
    CodeLabel{"H87", {"cái", "pieces"}},
};

ShownText with_unit(std::string_view number, ShownText const& unit)
{
    auto const join = [](std::string text, std::string const& label) {
        return label.empty() ? text : std::move(text) + " " + label;
    };
    return {join(vietnamese_number(number), unit.vi), join(std::string{number}, unit.en)};
}

/// The unit that the form gave to pieces, by its word.
ShownText piece_unit(Event const& event, Template const* form, QuantityRole role)
{
    if (form == nullptr) return {};
    std::string_view const name = role == QuantityRole::used ? "input" : "quantity";
    auto const word = detail(event, "nguon:" + std::string{name} + "_unit");
    for (auto const& field : form->own_fields) {
        if (field.name != name) continue;
        auto const unit = std::ranges::find(field.units, word, &Unit::word);
        if (unit != field.units.end()) return shown(unit->label);
    }
    return {};
}

void add_quantities(StepSummary& summary, Event const& event, Template const* form, QuantityRole role,
                    std::vector<Quantity> const& list)
{
    for (auto const& quantity : list) {
        ShownQuantity item{role, quantity.epc_class, {}};
        if (quantity.quantity) {
            auto const known = std::ranges::find(uom_labels, quantity.uom, &CodeLabel::uom);
            auto const unit = known != uom_labels.end() ? shown(known->label)
                              : quantity.uom.empty()    ? piece_unit(event, form, role)
                                                        : ShownText{quantity.uom, quantity.uom};
            item.amount = with_unit(quantity.quantity->text, unit);
        }
        summary.quantities.push_back(std::move(item));
    }
}

/// The number of a document of ours, decoded; other identifiers as they are.
std::string document_number(std::string_view id)
{
    constexpr std::string_view own_start = "urn:nguon:bt:";
    if (!id.starts_with(own_start)) return std::string{id};
    id.remove_prefix(own_start.size());
    auto const decoded = gs1::percent_decode(id);
    return decoded && is_utf8(*decoded) ? *decoded : std::string{id};
}

std::string find_typed(std::vector<TypedId> const& list, std::string_view type)
{
    auto const found = std::ranges::find(list, type, &TypedId::type);
    return found == list.end() ? std::string{} : found->id;
}

ShownText shown_value(TemplateField const& field, std::string const& text)
{
    if (field.kind == FieldKind::choice) {
        auto const chosen = std::ranges::find(field.choices, text, &FieldChoice::word);
        return chosen == field.choices.end() ? ShownText{text, text} : shown(chosen->label);
    }
    if (field.kind == FieldKind::decimal) return with_unit(text, shown(field.unit));
    if (field.kind == FieldKind::date) {
        if (auto const day = parse_date(text)) return {to_vietnamese(*day), to_iso(*day)};
    }
    return {text, text};
}

/// What the field says in this event, or nothing.
std::string field_text(Event const& event, TemplateField const& field)
{
    switch (field.target) {
    case FieldTarget::detail:
        if (field.word == "disposition") return event.disposition;
        return detail(event, field.word.empty() ? "nguon:" + std::string{field.name} : std::string{field.word});
    case FieldTarget::transaction:
        return document_number(find_typed(event.biz_transaction_list, field.word));
    case FieldTarget::source:
        return find_typed(event.source_list, field.word);
    case FieldTarget::destination:
        return find_typed(event.destination_list, field.word);
    default:
        return {}; // time, place, quantities, certificates and photographs stand in the summary itself
    }
}

void add_fields(StepSummary& summary, Event const& event, Template const& form, Visibility visibility)
{
    for (auto const* field : fields_of(form)) {
        if (field->visibility > visibility) continue;
        auto const text = field_text(event, *field);
        if (text.empty()) continue;
        summary.fields.push_back({std::string{field->name}, shown(field->label), shown_value(*field, text)});
    }
}

} // namespace

std::string vietnamese_number(std::string_view text)
{
    auto const sign = text.starts_with('-') ? std::string{"-"} : std::string{};
    text.remove_prefix(sign.size());
    auto const point = text.find('.');
    auto const whole = text.substr(0, point);
    auto const decimals = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    auto const all_digits = [](std::string_view part) {
        return std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    };
    if (whole.empty() || !all_digits(whole) || !all_digits(decimals)) return sign + std::string{text};
    std::string out = sign;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i > 0 && (whole.size() - i) % 3 == 0) out += '.';
        out += whole[i];
    }
    if (!decimals.empty()) out.append(",").append(decimals);
    return out;
}

PortalStage portal_stage(Event const& event)
{
    auto const* form = template_of(event);
    return form != nullptr ? form->stage : plain_step(event).stage;
}

StepSummary summarise(Event const& event, Visibility visibility)
{
    auto const* form = template_of(event);
    StepSummary summary;
    summary.stage = portal_stage(event);
    summary.verb = shown(form != nullptr ? form->verb : plain_step(event).verb);
    summary.title = form != nullptr ? shown(form->title) : summary.verb;
    summary.time = {event.event_time.at, event.offset};
    summary.place = event.read_point.id.empty() ? event.biz_location.id : event.read_point.id;
    for (auto const* list : {&event.epc_list, &event.child_epcs, &event.input_epc_list, &event.output_epc_list})
        summary.items.insert(summary.items.end(), list->begin(), list->end());
    add_quantities(summary, event, form, QuantityRole::about, event.quantity_list);
    add_quantities(summary, event, form, QuantityRole::about, event.child_quantity_list);
    add_quantities(summary, event, form, QuantityRole::used, event.input_quantity_list);
    add_quantities(summary, event, form, QuantityRole::made, event.output_quantity_list);
    summary.certificates = event.certification_info;
    summary.withdrawn = event.error_declaration.has_value();
    if (form == nullptr) return summary;

    summary.template_key = form->key;
    summary.mark = detail(event, "nguon:mark");
    summary.on_behalf = event.extensions.contains("nguon:onBehalfOf");
    if (auto const found = event.extensions.find("nguon:evidence");
        found != event.extensions.end() && found->is_array()) {
        for (auto const& digest : *found) summary.evidence.push_back(text_of(digest));
    }
    add_fields(summary, event, *form, visibility);
    return summary;
}

} // namespace nguon::epcis
