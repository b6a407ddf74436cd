#pragma once

#include "core/result.hpp"
#include "server/http/request.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace nguon::server {

struct Services;

/// Who will see what is typed; shown under the field.
enum class SeenBy { nobody_says, everyone, authority, only_me };

/// One field of a form. Its sentences are `prefix` + "." + name (label) and, where the catalogue has it, + ".hint".
struct FieldSpec {
    std::string_view name;
    std::string_view type = "text"; // text, password, number, date, tel, textarea, select, checkbox, file, hidden
    bool required = false;
    SeenBy seen_by = SeenBy::nobody_says;
    std::string_view autocomplete = {};
    std::string_view input_mode = {};                              // "decimal", "numeric"
    std::size_t chars_max = 0;                                     // 0: no limit shown
    std::string_view accept = {};                                  // of a file field: "image/jpeg,image/png"
    std::vector<std::pair<std::string, std::string>> options = {}; // of a select: value, text
};

/// Builds the view of a form: each field with label, hint, value and the sentence of its error, for
/// `{{#fields}}{{> partials/field}}{{/fields}}` or, one by one, `{{#field.login}}{{> partials/field}}{{/field.login}}`.
class FormView {
public:
    /// `values` {"name": "typed text"} are shown in the fields; `error` may be nullptr.
    FormView(Services& services, Request const& request, std::string prefix, nlohmann::json values = {},
             Error const* error = nullptr);

    FormView& add(FieldSpec const& spec);

    /// Adds "fields", "field" and, with an error, "errors" to the page's view. Passwords are never shown again.
    void put_into(nlohmann::json& view) const;

private:
    Services& services_;
    Request const& request_;
    std::string prefix_;
    nlohmann::json values_;
    nlohmann::json errors_;
    nlohmann::json list_ = nlohmann::json::array();
};

} // namespace nguon::server
