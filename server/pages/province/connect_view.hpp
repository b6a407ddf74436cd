#pragma once

#include "server/app/connections.hpp"
#include "server/pages/province/desk.hpp"

/// The page of one connection as data: parts with facts, faults, records and forms, which the template only shows.
namespace nguon::server::pages::province {

/// Who may act: somebody of the province without limit of area, in person.
bool may_connect(Request const& request);

/// {"tone", "icon", "text"} of a connection's stage, or that it cannot be used.
json stage_chip(Services const& services, Request const& request, app::ConnectionView const& view);

/// The whole page. `error` is that of the form `act` that was sent, or nullptr.
json connection_page_view(Services& services, Request const& request, app::ConnectionView const& view,
                          Error const* error);

/// {"act", "button", "fields", "hidden", "multipart", "danger"} of a form.
json form_of(Services& services, Request const& request, std::string const& act, std::vector<FieldSpec> const& fields,
             json values, Error const* error);

/// "/province/sync/connect/NAME"
std::string connection_url(std::string_view target);

/// What people call one of a portal's catalogues; its own name when it is a stranger.
std::string catalogue_name(Services const& services, Request const& request, std::string const& catalogue);
/// {"name", "entries", "version", …} of one catalogue.
json catalogue_view(Services const& services, Request const& request, db::portal_catalogues::State const& state);

} // namespace nguon::server::pages::province
