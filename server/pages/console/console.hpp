#pragma once

#include "server/http/router.hpp"

/// The enterprise's console. Every handler works on the records of `request.who.org` only: those of others answer
/// exactly like ones that do not exist.
namespace nguon::server::pages::console {

/// For people of an enterprise: anybody else is led to the page where he belongs.
template <RouteHandler handler>
net::awaitable<http::Response> member(Services& services, Request const& request);
net::awaitable<http::Response> lead_elsewhere(Services& services, Request const& request);

template <RouteHandler handler>
net::awaitable<http::Response> member(Services& services, Request const& request)
{
    if (request.who.org.empty()) return lead_elsewhere(services, request);
    return handler(services, request);
}

// sign_up.cpp
net::awaitable<http::Response> show_sign_up(Services& services, Request const& request);
net::awaitable<http::Response> sign_up(Services& services, Request const& request);

// home.cpp
net::awaitable<http::Response> show_home(Services& services, Request const& request);

// organization.cpp
net::awaitable<http::Response> show_organization(Services& services, Request const& request);
net::awaitable<http::Response> edit_organization(Services& services, Request const& request);
net::awaitable<http::Response> save_organization(Services& services, Request const& request);

// places.cpp
net::awaitable<http::Response> show_places(Services& services, Request const& request);
net::awaitable<http::Response> new_place(Services& services, Request const& request);
net::awaitable<http::Response> save_place(Services& services, Request const& request);
net::awaitable<http::Response> edit_place(Services& services, Request const& request);
net::awaitable<http::Response> change_place(Services& services, Request const& request);

// products.cpp
net::awaitable<http::Response> show_products(Services& services, Request const& request);
net::awaitable<http::Response> show_product(Services& services, Request const& request);
net::awaitable<http::Response> new_product(Services& services, Request const& request);
net::awaitable<http::Response> save_product(Services& services, Request const& request);
net::awaitable<http::Response> edit_product(Services& services, Request const& request);
net::awaitable<http::Response> change_product(Services& services, Request const& request);

// batches.cpp
net::awaitable<http::Response> show_batches(Services& services, Request const& request);
net::awaitable<http::Response> show_batch(Services& services, Request const& request);
net::awaitable<http::Response> new_batch(Services& services, Request const& request);
net::awaitable<http::Response> save_batch(Services& services, Request const& request);
net::awaitable<http::Response> edit_batch(Services& services, Request const& request);
net::awaitable<http::Response> change_batch(Services& services, Request const& request);

// event_entry.cpp
net::awaitable<http::Response> new_event(Services& services, Request const& request);
net::awaitable<http::Response> save_event(Services& services, Request const& request);

// diary.cpp
net::awaitable<http::Response> show_events(Services& services, Request const& request);
net::awaitable<http::Response> show_event(Services& services, Request const& request);
net::awaitable<http::Response> declare_event_wrong(Services& services, Request const& request);

// ledger.cpp
net::awaitable<http::Response> show_ledger(Services& services, Request const& request);
net::awaitable<http::Response> save_ledger(Services& services, Request const& request);

// product_import.cpp
net::awaitable<http::Response> show_product_import(Services& services, Request const& request);
net::awaitable<http::Response> import_products(Services& services, Request const& request);
net::awaitable<http::Response> download_product_sheet(Services& services, Request const& request);

// households.cpp
net::awaitable<http::Response> show_households(Services& services, Request const& request);
net::awaitable<http::Response> save_household(Services& services, Request const& request);
net::awaitable<http::Response> import_households(Services& services, Request const& request);
net::awaitable<http::Response> download_household_sheet(Services& services, Request const& request);

// needs.cpp
net::awaitable<http::Response> show_needs(Services& services, Request const& request);
net::awaitable<http::Response> save_need(Services& services, Request const& request);

// recalls.cpp
net::awaitable<http::Response> show_trace(Services& services, Request const& request);
net::awaitable<http::Response> show_recalls(Services& services, Request const& request);
net::awaitable<http::Response> show_recall(Services& services, Request const& request);
net::awaitable<http::Response> acknowledge_recall(Services& services, Request const& request);

// certificates.cpp
net::awaitable<http::Response> show_certificates(Services& services, Request const& request);
net::awaitable<http::Response> new_certificate(Services& services, Request const& request);
net::awaitable<http::Response> save_certificate(Services& services, Request const& request);
net::awaitable<http::Response> show_file(Services& services, Request const& request);

// labels.cpp
net::awaitable<http::Response> choose_labels(Services& services, Request const& request);
net::awaitable<http::Response> create_labels(Services& services, Request const& request);
/// One label as the fields of the form in the query would show it: a picture.
net::awaitable<http::Response> show_label_preview(Services& services, Request const& request);
/// The part of the form's page that shows that picture and what is to be said about it.
net::awaitable<http::Response> show_label_trial(Services& services, Request const& request);

// label_designs.cpp
net::awaitable<http::Response> new_design(Services& services, Request const& request);
net::awaitable<http::Response> save_design(Services& services, Request const& request);
net::awaitable<http::Response> edit_design(Services& services, Request const& request);
/// Changes or, with action=remove, removes it; with action=preview shows it on ?stock= and keeps nothing.
net::awaitable<http::Response> change_design(Services& services, Request const& request);
net::awaitable<http::Response> show_design_preview(Services& services, Request const& request);
net::awaitable<http::Response> show_design_trial(Services& services, Request const& request);

// label_jobs.cpp
net::awaitable<http::Response> list_labels(Services& services, Request const& request);
/// {job} is the id of a label job; with ".pdf" behind it the sheets themselves.
net::awaitable<http::Response> show_labels(Services& services, Request const& request);
/// Field "action": release, cancel, redraw, reprint.
net::awaitable<http::Response> act_on_labels(Services& services, Request const& request);

// printers.cpp
net::awaitable<http::Response> show_printers(Services& services, Request const& request);
net::awaitable<http::Response> new_printer(Services& services, Request const& request);
net::awaitable<http::Response> save_printer(Services& services, Request const& request);
/// With ?stock= the stock that the printer is calibrated on.
net::awaitable<http::Response> edit_printer(Services& services, Request const& request);
/// Changes or, with action=remove, removes it.
net::awaitable<http::Response> change_printer(Services& services, Request const& request);
/// The calibration sheet for ?stock=, as this printer takes it.
net::awaitable<http::Response> download_calibration(Services& services, Request const& request);
net::awaitable<http::Response> calibrate_printer(Services& services, Request const& request);

// measured_stocks.cpp
/// With ?roll=1 a roll, else a sheet.
net::awaitable<http::Response> new_stock(Services& services, Request const& request);
net::awaitable<http::Response> save_stock(Services& services, Request const& request);
net::awaitable<http::Response> edit_stock(Services& services, Request const& request);
/// Changes or, with action=remove, removes it.
net::awaitable<http::Response> change_stock(Services& services, Request const& request);

// units.cpp
net::awaitable<http::Response> show_units(Services& services, Request const& request);
net::awaitable<http::Response> change_units(Services& services, Request const& request);

// links.cpp
net::awaitable<http::Response> show_product_links(Services& services, Request const& request);
net::awaitable<http::Response> save_product_link(Services& services, Request const& request);
net::awaitable<http::Response> show_links(Services& services, Request const& request);
net::awaitable<http::Response> save_link(Services& services, Request const& request);
net::awaitable<http::Response> edit_link(Services& services, Request const& request);
/// Changes or, with action=remove, removes it.
net::awaitable<http::Response> change_link(Services& services, Request const& request);

// users.cpp
net::awaitable<http::Response> show_users(Services& services, Request const& request);
net::awaitable<http::Response> issue_user_slip(Services& services, Request const& request);
net::awaitable<http::Response> show_user(Services& services, Request const& request);
net::awaitable<http::Response> change_user(Services& services, Request const& request);

// complaints.cpp
net::awaitable<http::Response> show_complaints(Services& services, Request const& request);
net::awaitable<http::Response> show_complaint(Services& services, Request const& request);
net::awaitable<http::Response> explain_complaint(Services& services, Request const& request);

// sanctions.cpp
net::awaitable<http::Response> show_sanction(Services& services, Request const& request);
net::awaitable<http::Response> explain_sanction(Services& services, Request const& request);

} // namespace nguon::server::pages::console
