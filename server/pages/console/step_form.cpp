#include "server/pages/console/step_form.hpp"

#include <algorithm>

namespace nguon::server::pages::console {
namespace {

using epcis::FieldKind;
using epcis::FieldTarget;
using epcis::TemplateField;

constexpr std::array usual_places{
    UsualPlace{epcis::PortalStage::growing, "growing", {"growing_area", "apiary"}},
    UsualPlace{epcis::PortalStage::processing, "processing", {"factory", "collection"}},
    UsualPlace{epcis::PortalStage::transport, "transport", {"collection", "factory"}},
    UsualPlace{epcis::PortalStage::warehouse, "warehouse", {"warehouse", "factory"}},
    UsualPlace{epcis::PortalStage::dealer, "shop", {"shop", "warehouse"}},
    UsualPlace{epcis::PortalStage::shop, "shop", {"shop", "warehouse"}},
    UsualPlace{epcis::PortalStage::certification, "certification", {"laboratory", "factory"}},
    UsualPlace{epcis::PortalStage::none, "any", {"factory", "warehouse"}},
};

std::string seen_by(Services const& services, Request const& request, epcis::Visibility visibility)
{
    switch (visibility) {
    case epcis::Visibility::everyone:
        return text(services, request, "form.seen_by.everyone");
    case epcis::Visibility::authority:
        return text(services, request, "form.seen_by.authority");
    case epcis::Visibility::declarer:
        break;
    }
    return text(services, request, "form.seen_by.only_me");
}

json to_options(Options const& options, std::string_view chosen)
{
    json out = json::array();
    for (auto const& [word, shown] : options)
        out.push_back({{"value", word}, {"text", shown}, {"selected", word == chosen}});
    return out;
}

Options with_empty(Services const& services, Request const& request, Options const& options)
{
    Options out{{"", text(services, request, "console.choose")}};
    out.insert(out.end(), options.begin(), options.end());
    return out;
}

Options units_of(Request const& request, TemplateField const& field)
{
    Options out;
    for (auto const& unit : field.units) out.emplace_back(unit.word, in_language(request, unit.label));
    return out;
}

Options choices_of(Request const& request, TemplateField const& field)
{
    Options out;
    for (auto const& choice : field.choices) out.emplace_back(choice.word, in_language(request, choice.label));
    return out;
}

/// Everything that partials/field looks at, so that nothing is taken from the page around it.
json plain_field(Services const& services, Request const& request, TemplateField const& field, std::string_view value,
                 std::string_view error)
{
    std::string label{in_language(request, field.label)};
    if (auto const unit = in_language(request, field.unit); !unit.empty()) label.append(" (").append(unit).append(")");
    std::string const name{field.name};
    return {{"name", name},
            {"id", "f-" + name},
            {"type", "text"},
            {"label", label},
            {"required", field.required},
            {"autocomplete", "off"},
            {"input_mode", ""},
            {"accept", ""},
            {"hint", in_language(request, field.hint)},
            {"seen_by", seen_by(services, request, field.visibility)},
            {"chars_max", ""},
            {"value", value},
            {"error", error},
            {"is_plain", true}};
}

json input_rows(Services const& services, Request const& request, TemplateField const& field,
                StepChoices const& choices, Form const& typed)
{
    std::string const name{field.name};
    auto const batches = typed.all(name);
    auto const amounts = typed.all(name + "_quantity");
    auto const units = typed.all(name + "_unit");
    auto const wanted = batches.size() + (typed.has("more") ? input_rows_more : 0);
    auto const rows = std::clamp(wanted, input_rows_first, limits::event_inputs_max);
    auto const options = with_empty(services, request, choices.batches);
    auto const unit_options = units_of(request, field);
    auto const at = [](std::vector<std::string> const& list, std::size_t i) {
        return i < list.size() ? std::string_view{list[i]} : std::string_view{};
    };
    json out = json::array();
    for (std::size_t i = 0; i < rows; ++i)
        out.push_back({{"number", i + 1},
                       {"options", to_options(options, at(batches, i))},
                       {"units", to_options(unit_options, at(units, i))},
                       {"amount", at(amounts, i)}});
    return out;
}

} // namespace

UsualPlace const& usual_place(epcis::PortalStage stage)
{
    auto const found = std::ranges::find(usual_places, stage, &UsualPlace::stage);
    return found == usual_places.end() ? usual_places.back() : *found;
}

std::string_view in_language(Request const& request, epcis::Bilingual const& text)
{
    return request.language == "en" ? text.en : text.vi;
}

json step_fields(Services& services, Request const& request, epcis::Template const& form, StepChoices const& choices,
                 Form const& typed, json const& errors)
{
    auto const error_of = [&](std::string const& name) {
        return errors.is_object() ? errors["by_field"].value(name, "") : std::string{};
    };
    json out = json::array();
    for (auto const* field : epcis::fields_of(form)) {
        std::string const name{field->name};
        auto view = plain_field(services, request, *field, typed.get(name), error_of(name));
        auto const offer = [&](Options const& options) {
            view["is_select"] = true;
            view["options"] = to_options(with_empty(services, request, options), typed.get(name));
        };
        if (field->target == FieldTarget::input) {
            view["is_plain"] = false;
            view["is_inputs"] = true;
            view["rows"] = input_rows(services, request, *field, choices, typed);
            auto const amount_error = error_of(name + "_quantity");
            if (view["error"].get<std::string>().empty()) view["error"] = amount_error;
        } else if (field->target == FieldTarget::quantity) {
            view["is_plain"] = false;
            view["is_amount"] = true;
            view["input_mode"] = "decimal";
            view["units"] = to_options(units_of(request, *field), typed.get(name + "_unit"));
        } else if (field->kind == FieldKind::place) {
            offer(choices.places);
            if (field->target == FieldTarget::read_point)
                view["hint"] =
                    text(services, request, "console.event.place.hint." + std::string{usual_place(form.stage).word});
        } else if (field->kind == FieldKind::batch) {
            offer(choices.batches);
        } else if (field->kind == FieldKind::certificate) {
            offer(choices.certificates);
        } else if (field->kind == FieldKind::choice) {
            offer(choices_of(request, *field));
        } else if (field->kind == FieldKind::photo) {
            view["is_plain"] = false;
            view["is_photos"] = true;
        } else {
            view["is_input"] = true;
            if (field->kind == FieldKind::date_time) view["type"] = "datetime-local";
            if (field->kind == FieldKind::date) view["type"] = "date";
            if (field->kind == FieldKind::decimal) view["input_mode"] = "decimal";
            if (field->kind == FieldKind::text || field->kind == FieldKind::person)
                view["chars_max"] = limits::event_text_chars_max;
            view["suggest"] = field->kind == FieldKind::person;
        }
        out.push_back(std::move(view));
    }
    return out;
}

epcis::FormValues step_values(epcis::Template const& form, Form const& typed)
{
    epcis::FormValues values;
    for (auto const* field : epcis::fields_of(form)) {
        if (field->kind == FieldKind::photo) continue; // come as files
        std::string const name{field->name};
        for (auto const& part : {name, name + "_quantity", name + "_unit"})
            if (typed.has(part)) values[part] = typed.all(part);
    }
    return values;
}

} // namespace nguon::server::pages::console
