#pragma once

#include "core/json.hpp"
#include "server/app/programme_plans.hpp"

/// What organizations ask of the programme for a year, and the officer's choice.
namespace nguon::server::app {

struct NeedInput {
    std::int64_t year = 0;
    std::string item = {};
    std::string detail = {};
    std::int64_t estimate = 0; // VND
    std::string tax_code = {}; // when a department or association registers it for somebody
    std::string org_name = {};
    std::string commune_code = {};
};
NeedInput read_need(JsonReader& in);

/// Registers a need of the organization that acts, or of the one that the input names. Errors: faults at their fields,
/// conflict "programme.need_exists", "programme.too_many_needs".
Result<std::string> register_need(db::Connection& c, Actor const& actor, programme::Plan const& plan,
                                  NeedInput const& input);

/// The officer selects or declines (with a reason). Errors: "programme.need_unknown", conflict "programme.once_only"
/// when the organization has had that item, "field.required" at "reason", "programme.state" for another word.
Status decide_need(db::Connection& c, Actor const& actor, programme::Plan const& plan, std::string const& id,
                   std::string const& state, std::string const& reason);

/// Of one year: small firms and makers of OCOP products first where the plan says so, then in order of registration.
struct NeedLine {
    db::programme::Need need = {};
    std::string item_name = {};
    bool first = false;           // small, or with an OCOP product
    std::string refusal_day = {}; // once-only: when it was supported on that item
};
std::vector<NeedLine> list_needs(db::Connection& c, programme::Plan const& plan, std::int64_t year, Instant now,
                                 OrganizationId const& org = {});

} // namespace nguon::server::app
