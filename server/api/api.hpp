#pragma once

#include "server/http/router.hpp"

/// The service's own API. A record comes as {"id", "version", "status", …, "fields"}, where "fields" are what POST and
/// PUT take. An enterprise sees its own records; an authority names whose by `?organization=ID`, within its area.
/// Records of others answer exactly like ones that do not exist.
namespace nguon::server::api {

/// For routes about one's own organization: whoever acts for none is told so ("api.no_organization").
template <RouteHandler handler>
net::awaitable<http::Response> for_organization(Services& services, Request const& request);
http::Response refuse_strangers(Services& services, Request const& request);

template <RouteHandler handler>
net::awaitable<http::Response> for_organization(Services& services, Request const& request)
{
    if (request.who.org.empty()) co_return refuse_strangers(services, request);
    co_return co_await handler(services, request);
}

// organizations.cpp
net::awaitable<http::Response> show_own_organization(Services& services, Request const& request);
net::awaitable<http::Response> change_own_organization(Services& services, Request const& request);
net::awaitable<http::Response> list_organizations(Services& services, Request const& request);
net::awaitable<http::Response> create_organization(Services& services, Request const& request);
net::awaitable<http::Response> show_organization(Services& services, Request const& request);

// places.cpp
net::awaitable<http::Response> list_places(Services& services, Request const& request);
net::awaitable<http::Response> create_place(Services& services, Request const& request);
net::awaitable<http::Response> show_place(Services& services, Request const& request);
net::awaitable<http::Response> change_place(Services& services, Request const& request);

// products.cpp
net::awaitable<http::Response> list_products(Services& services, Request const& request);
net::awaitable<http::Response> create_product(Services& services, Request const& request);
net::awaitable<http::Response> show_product(Services& services, Request const& request);
net::awaitable<http::Response> change_product(Services& services, Request const& request);
net::awaitable<http::Response> add_product_image(Services& services, Request const& request);

// batches.cpp
net::awaitable<http::Response> list_batches(Services& services, Request const& request);
net::awaitable<http::Response> create_batch(Services& services, Request const& request);
net::awaitable<http::Response> show_batch(Services& services, Request const& request);
net::awaitable<http::Response> change_batch(Services& services, Request const& request);

// labels.cpp
net::awaitable<http::Response> create_label_job(Services& services, Request const& request);
net::awaitable<http::Response> list_label_jobs(Services& services, Request const& request);
/// {job} is the id of a label job; with ".pdf" behind it the sheets themselves.
net::awaitable<http::Response> show_label_job(Services& services, Request const& request);
net::awaitable<http::Response> release_label_job(Services& services, Request const& request);
net::awaitable<http::Response> cancel_label_job(Services& services, Request const& request);
net::awaitable<http::Response> redraw_label_job(Services& services, Request const& request);
net::awaitable<http::Response> reprint_labels(Services& services, Request const& request);
net::awaitable<http::Response> list_units(Services& services, Request const& request);
net::awaitable<http::Response> show_unit(Services& services, Request const& request);
net::awaitable<http::Response> change_units(Services& services, Request const& request);

// label_printers.cpp
net::awaitable<http::Response> list_printers(Services& services, Request const& request);
net::awaitable<http::Response> create_printer(Services& services, Request const& request);
net::awaitable<http::Response> show_printer(Services& services, Request const& request);
net::awaitable<http::Response> change_printer(Services& services, Request const& request);
net::awaitable<http::Response> remove_printer(Services& services, Request const& request);
net::awaitable<http::Response> list_stocks(Services& services, Request const& request);
net::awaitable<http::Response> create_stock(Services& services, Request const& request);
net::awaitable<http::Response> show_stock(Services& services, Request const& request);
net::awaitable<http::Response> change_stock(Services& services, Request const& request);
net::awaitable<http::Response> remove_stock(Services& services, Request const& request);
net::awaitable<http::Response> list_designs(Services& services, Request const& request);
net::awaitable<http::Response> create_design(Services& services, Request const& request);
net::awaitable<http::Response> show_design(Services& services, Request const& request);
net::awaitable<http::Response> change_design(Services& services, Request const& request);
net::awaitable<http::Response> remove_design(Services& services, Request const& request);

// events.cpp
net::awaitable<http::Response> list_event_templates(Services& services, Request const& request);
net::awaitable<http::Response> list_batch_events(Services& services, Request const& request);
net::awaitable<http::Response> create_event(Services& services, Request const& request);
net::awaitable<http::Response> list_events(Services& services, Request const& request);
net::awaitable<http::Response> show_event(Services& services, Request const& request);
net::awaitable<http::Response> declare_event_error(Services& services, Request const& request);

// programme.cpp
net::awaitable<http::Response> show_indicators(Services& services, Request const& request);

// certificates.cpp
net::awaitable<http::Response> list_certificates(Services& services, Request const& request);
net::awaitable<http::Response> create_certificate(Services& services, Request const& request);
net::awaitable<http::Response> show_certificate(Services& services, Request const& request);

// links.cpp
net::awaitable<http::Response> list_links(Services& services, Request const& request);
net::awaitable<http::Response> create_link(Services& services, Request const& request);
net::awaitable<http::Response> show_link(Services& services, Request const& request);
net::awaitable<http::Response> change_link(Services& services, Request const& request);
net::awaitable<http::Response> remove_link(Services& services, Request const& request);

// deliveries.cpp
net::awaitable<http::Response> list_deliveries(Services& services, Request const& request);
net::awaitable<http::Response> show_delivery_proof(Services& services, Request const& request);
net::awaitable<http::Response> show_delivery_log(Services& services, Request const& request);

// province.cpp
net::awaitable<http::Response> list_approvals(Services& services, Request const& request);
net::awaitable<http::Response> decide_organization(Services& services, Request const& request);
net::awaitable<http::Response> decide_product(Services& services, Request const& request);
net::awaitable<http::Response> show_sync(Services& services, Request const& request);

// connections.cpp
net::awaitable<http::Response> list_connections(Services& services, Request const& request);
net::awaitable<http::Response> show_connection(Services& services, Request const& request);
net::awaitable<http::Response> ask_connection_check(Services& services, Request const& request);

// reconciliations.cpp
net::awaitable<http::Response> list_reconciliations(Services& services, Request const& request);
net::awaitable<http::Response> ask_reconciliation(Services& services, Request const& request);

// alarms.cpp
net::awaitable<http::Response> list_alarms(Services& services, Request const& request);
net::awaitable<http::Response> acknowledge_alarm(Services& services, Request const& request);

// trace.cpp: for everybody
net::awaitable<http::Response> trace(Services& services, Request const& request);
net::awaitable<http::Response> look_up(Services& services, Request const& request);
// and for members and officers
net::awaitable<http::Response> show_trace(Services& services, Request const& request);
net::awaitable<http::Response> check_code(Services& services, Request const& request);

// recalls.cpp
net::awaitable<http::Response> list_recalls(Services& services, Request const& request);
net::awaitable<http::Response> create_recall(Services& services, Request const& request);
net::awaitable<http::Response> show_recall(Services& services, Request const& request);
net::awaitable<http::Response> publish_recall(Services& services, Request const& request);
net::awaitable<http::Response> end_recall_lot(Services& services, Request const& request);
net::awaitable<http::Response> close_recall(Services& services, Request const& request);
net::awaitable<http::Response> list_own_recalls(Services& services, Request const& request);
net::awaitable<http::Response> acknowledge_recall(Services& services, Request const& request);

// resolver.cpp: for everybody
net::awaitable<http::Response> describe_resolver(Services& services, Request const& request);

// capture.cpp: EPCIS 2.0 §8.2.7
net::awaitable<http::Response> capture(Services& services, Request const& request);
net::awaitable<http::Response> show_capture(Services& services, Request const& request);
net::awaitable<http::Response> list_captures(Services& services, Request const& request);
net::awaitable<http::Response> capture_event(Services& services, Request const& request);

// epcis_events.cpp: EPCIS 2.0 §8.2.5
net::awaitable<http::Response> show_epcis_event(Services& services, Request const& request);
net::awaitable<http::Response> list_epcis_events(Services& services, Request const& request);
/// Of /epcis/{resource}/{value}, whichever resource it is.
net::awaitable<http::Response> show_resource(Services& services, Request const& request);
net::awaitable<http::Response> list_resource_events(Services& services, Request const& request);

// epcis_resources.cpp: EPCIS 2.0 §8.2.9
net::awaitable<http::Response> list_epcis_resources(Services& services, Request const& request);
net::awaitable<http::Response> list_event_types(Services& services, Request const& request);
net::awaitable<http::Response> list_event_values(Services& services, Request const& request);
net::awaitable<http::Response> list_epcs(Services& services, Request const& request);

// description.cpp
net::awaitable<http::Response> show_description(Services& services, Request const& request);
net::awaitable<http::Response> show_docs(Services& services, Request const& request);

// cases.cpp
net::awaitable<http::Response> list_complaints(Services& services, Request const& request);
net::awaitable<http::Response> show_complaint(Services& services, Request const& request);
net::awaitable<http::Response> move_complaint(Services& services, Request const& request);
net::awaitable<http::Response> ask_complaint_firm(Services& services, Request const& request);
net::awaitable<http::Response> list_complaint_figures(Services& services, Request const& request);
net::awaitable<http::Response> list_own_complaints(Services& services, Request const& request);
net::awaitable<http::Response> explain_complaint(Services& services, Request const& request);
net::awaitable<http::Response> list_inspections(Services& services, Request const& request);
net::awaitable<http::Response> create_inspection(Services& services, Request const& request);
net::awaitable<http::Response> show_inspection(Services& services, Request const& request);
net::awaitable<http::Response> list_sanctions(Services& services, Request const& request);

} // namespace nguon::server::api
