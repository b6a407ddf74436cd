#include "core/limits/labels.hpp"
#include "scanner/label_design.hpp"
#include "server/api/description.hpp"

/// Schemas of what an enterprise draws up for its labels.
namespace nguon::server::api {
namespace {

constexpr std::string_view symbols[] = {"qr", "datamatrix", "qr-ean13"};
constexpr Member design_line[] = {{"field", "text", true, scanner::label_field_names},
                                  {"size", "text", false, scanner::line_size_names}};
constexpr Member design_fields[] = {{"name", "text", true, {}, 80},
                                    {"symbols", "text", true, symbols},
                                    {"lines", "LabelDesignLine[]", true, {}, scanner::label_lines_max},
                                    {"text", "text", false, {}, limits::label_text_chars_max}};
constexpr Member design[] = {{"id", "text", true},
                             {"version", "integer", true},
                             {"created_at", "instant", true},
                             {"fields", "LabelDesignFields", true}};

constexpr Schema table[] = {
    {"LabelDesignLine", design_line, true, R"({"field": "lot", "size": "large"})"},
    {"LabelDesignFields", design_fields, true,
     R"({"name": "Tem hộp quà", "symbols": "qr", "lines": [{"field": "name", "size": "large"}, {"field": "lot"},)"
     R"( {"field": "text", "size": "small"}], "text": "Bảo quản nơi khô mát"})"},
    {"LabelDesign", design},
};

} // namespace

std::span<Schema const> label_schemas() { return table; }

} // namespace nguon::server::api
