#pragma once

#include "core/json.hpp"
#include "db/label_designs.hpp"
#include "server/app/labels.hpp"

/// Labels that an enterprise draws up itself, beside the shipped ones.
namespace nguon::server::app {

/// What somebody says of a design. Faults: those of scanner::design_faults, and of every member.
struct DesignInput {
    std::string name = {};
    scanner::OwnDesign design = {};
};
/// {"name", "symbols", "lines": [{"field", "size"}], "text"}
DesignInput read_design(JsonReader& in);
/// The fields of a form: name, symbols, text, and for each line "line1" (a field, or empty) with "size1".
DesignInput read_design_form(JsonReader& in);
std::string line_field(std::size_t line);
std::string size_field(std::size_t line);

/// Returns the id. Errors: rate_limited "label_design.too_many" {max}.
Result<std::string> add_design(db::Connection& c, Actor const& actor, DesignInput const& input);
/// Errors: "label_design.unknown".
Status change_design(db::Connection& c, Actor const& actor, std::string const& id, DesignInput const& input);
/// Jobs that were printed from it keep it. Errors: "label_design.unknown".
Status remove_design(db::Connection& c, Actor const& actor, std::string const& id);

nlohmann::json to_json(scanner::OwnDesign const& design);
/// Of our own making.
scanner::OwnDesign design_from(nlohmann::json const& design);

/// A shipped design by its name, or the organization's own by its id. Errors: "label_design.unknown".
Result<scanner::OwnDesign> find_any_design(db::Connection& c, OrganizationId const& org, std::string const& id);

/// A design as a label of the organization's newest batch, or of one made up where there is none yet.
/// Errors: "label.stock_unknown".
Result<LabelPrint> draft_of_design(db::Connection& c, OrganizationId const& org, scanner::OwnDesign const& design,
                                   std::string const& stock, PrintAddress const& address);

} // namespace nguon::server::app
