#include "server/web/form_view.hpp"

#include "core/json.hpp"
#include "server/http/problem.hpp"
#include "server/services.hpp"
#include "server/web/locale.hpp"
#include "server/web/page.hpp"

namespace nguon::server {
namespace {

std::string_view seen_by_key(SeenBy seen_by)
{
    switch (seen_by) {
    case SeenBy::everyone:
        return "form.seen_by.everyone";
    case SeenBy::authority:
        return "form.seen_by.authority";
    case SeenBy::only_me:
        return "form.seen_by.only_me";
    case SeenBy::nobody_says:
        break;
    }
    return {};
}

/// Which part of the partial draws the field.
std::string_view shape_of(std::string_view type)
{
    for (auto const shape : {"textarea", "select", "checkbox", "file", "hidden"}) {
        if (type == shape) return type;
    }
    return "input";
}

} // namespace

FormView::FormView(Services& services, Request const& request, std::string prefix, nlohmann::json values,
                   Error const* error)
    : services_{services}, request_{request}, prefix_{std::move(prefix)}, values_(std::move(values))
{
    if (error != nullptr) errors_ = form_errors(services, request, *error);
}

FormView& FormView::add(FieldSpec const& spec)
{
    std::string const name{spec.name};
    auto const key = prefix_ + "." + name;
    nlohmann::json field{{"name", name},
                         {"id", "f-" + name},
                         {"type", spec.type},
                         {"is_" + std::string{shape_of(spec.type)}, true},
                         {"label", text(services_, request_, key)},
                         {"required", spec.required},
                         {"autocomplete", spec.autocomplete},
                         {"input_mode", spec.input_mode},
                         {"accept", spec.accept},
                         {"hint", ""},
                         {"seen_by", ""},
                         {"chars_max", ""},
                         {"value", ""},
                         {"error", ""}}; // all of them, so that none is taken from the page around the form
    if (auto const* hint = services_.locale.find(request_.language, key + ".hint")) field["hint"] = *hint;
    if (auto const seen = seen_by_key(spec.seen_by); !seen.empty()) field["seen_by"] = text(services_, request_, seen);
    if (spec.chars_max > 0) field["chars_max"] = spec.chars_max;

    auto const value = text_at(values_, name);
    if (spec.type != "password" && spec.type != "file") field["value"] = value;
    if (spec.type == "checkbox") field["checked"] = !value.empty() && value != "0";
    if (spec.type == "select") {
        auto& options = field["options"] = nlohmann::json::array();
        for (auto const& [word, shown] : spec.options) {
            options.push_back({{"value", word}, {"text", shown}, {"selected", word == value}});
        }
    }
    if (errors_.is_object() && errors_["by_field"].contains(name)) field["error"] = errors_["by_field"][name];
    list_.push_back(std::move(field));
    return *this;
}

void FormView::put_into(nlohmann::json& view) const
{
    view["fields"] = list_;
    auto& by_name = view["field"] = nlohmann::json::object();
    for (auto const& field : list_) by_name[field["name"].get<std::string>()] = field;
    if (!errors_.is_object()) return;
    auto errors = errors_;
    for (auto& item : errors["list"]) {
        auto const name = item["field"].get<std::string>();
        item["id"] = "f-" + name;
        item["label"] = by_name.contains(name) ? by_name[name]["label"] : nlohmann::json{name};
    }
    view["errors"] = std::move(errors);
}

} // namespace nguon::server
