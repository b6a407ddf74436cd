#pragma once

#include "server/app/programme_indicators.hpp"
#include "server/pages/province/desk.hpp"

/// What the programme's pages share.
namespace nguon::server::pages::province {

/// Errors: "programme.whole_province" for a viewer who is limited to an area: figures are the whole province's.
Status check_whole_province(Principal const& who, Scope scope);

/// "/province/programme/PLAN" + `rest`
std::string plan_url(std::string_view plan, std::string_view rest = {});

/// What headings and links call a plan; its title is a paragraph.
std::string plan_name(Services const& services, Request const& request, programme::Plan const& plan);

/// {"subject", "content", "date", "valid_to", "amount", "counted", "url", "has_files", "files", "kind"} of a line of
/// evidence.
json evidence_line(Services const& services, Request const& request, programme::Plan const& plan,
                   app::EvidenceLine const& line);

/// The plan's name for an item, else the certificate's kind, else the item itself.
std::string item_name(Services const& services, Request const& request, programme::Plan const& plan,
                      std::string const& item);

/// Options of the plan's items; `needs_only`: those that a need may name.
Options item_options(programme::Plan const& plan, bool needs_only);

/// Communes of the plan's area, with an empty first line.
Options plan_communes(db::Connection& c, Services const& services, Request const& request, programme::Plan const& plan);

} // namespace nguon::server::pages::province
