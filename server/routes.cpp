#include "server/api/api.hpp"
#include "server/http/router.hpp"
#include "server/pages/account.hpp"
#include "server/pages/check.hpp"
#include "server/pages/console/console.hpp"
#include "server/pages/help.hpp"
#include "server/pages/operations.hpp"
#include "server/pages/origin.hpp"
#include "server/pages/province/province.hpp"
#include "server/pages/resolver.hpp"

#include <span>

/// Every address of the service: who may call it and what answers.
namespace nguon::server {
namespace {

using enum http::Method;

constexpr Route operation_routes[] = {
    {get, "/healthz", access::anyone, &pages::show_health},
    {get, "/readyz", access::anyone, &pages::show_readiness},
    {get, "/metrics", access::scope("metrics:read"), &pages::show_metrics},
    {get, "/static/{hash}/{name...}", access::anyone, &pages::show_static},
    {get, "/favicon.ico", access::anyone, &pages::show_icon},
    {get, "/robots.txt", access::anyone, &pages::show_robots},
};

constexpr Route account_routes[] = {
    {get, "/console/sign-in", access::anyone, &pages::show_sign_in},
    {post, "/console/sign-in", access::anyone, &pages::sign_in, body::form},
    {post, "/console/sign-out", access::signed_in_or_login, &pages::sign_out, body::form},
    {post, "/console/language", access::signed_in_or_login, &pages::choose_language, body::form},
    {get, "/console/slip", access::anyone, &pages::show_slip},
    {post, "/console/slip", access::anyone, &pages::use_slip, body::form},
    {get, "/console/password", access::signed_in_or_login, &pages::show_password},
    {post, "/console/password", access::signed_in_or_login, &pages::change_password, body::form},
    {get, "/console/acting", access::signed_in_or_login, &pages::show_acting},
    {post, "/console/acting", access::signed_in_or_login, &pages::act_for, body::form},
};

constexpr Route public_routes[] = {
    {get, "/", access::anyone, &pages::show_check},
    {get, "/check", access::anyone, &pages::show_check},
    {post, "/check", access::anyone, &pages::check, body::open_photo_form},
    {get, "/t/{code}", access::anyone, &pages::show_printed_code},
    {get, "/f/{sha256}", access::anyone, &pages::show_file},
    {get, "/report", access::anyone, &pages::show_report},
    {post, "/report", access::anyone, &pages::report, body::form},
    {get, "/case/{code}", access::anyone, &pages::show_case},
    {get, "/help", access::anyone, &pages::show_guides},
    {get, "/help/{guide}", access::anyone, &pages::show_guide},
    {get, "/help/pictures/{name}", access::anyone, &pages::show_guide_picture},
};

/// Every primary key of GS1 stands at the root; the pages that most of them lead to below /trace.
constexpr Route resolver_routes[] = {
    {get, "/00/{rest...}", access::anyone, &pages::resolve},
    {get, "/01/{rest...}", access::anyone, &pages::resolve},
    {get, "/253/{rest...}", access::anyone, &pages::resolve},
    {get, "/255/{rest...}", access::anyone, &pages::resolve},
    {get, "/401/{rest...}", access::anyone, &pages::resolve},
    {get, "/402/{rest...}", access::anyone, &pages::resolve},
    {get, "/414/{rest...}", access::anyone, &pages::resolve},
    {get, "/415/{rest...}", access::anyone, &pages::resolve},
    {get, "/417/{rest...}", access::anyone, &pages::resolve},
    {get, "/8003/{rest...}", access::anyone, &pages::resolve},
    {get, "/8004/{rest...}", access::anyone, &pages::resolve},
    {get, "/8006/{rest...}", access::anyone, &pages::resolve},
    {get, "/8010/{rest...}", access::anyone, &pages::resolve},
    {get, "/8013/{rest...}", access::anyone, &pages::resolve},
    {get, "/8017/{rest...}", access::anyone, &pages::resolve},
    {get, "/8018/{rest...}", access::anyone, &pages::resolve},
    {get, "/trace/{rest...}", access::anyone, &pages::show_origin},
    {get, "/{compressed}", access::anyone, &pages::resolve_compressed},
};

namespace console = pages::console;
using console::member;

constexpr Route console_routes[] = {
    {get, "/console/sign-up", access::anyone, &console::show_sign_up},
    {post, "/console/sign-up", access::anyone, &console::sign_up, body::form},
    {get, "/console", access::own_or_login("organization:read"), &member<&console::show_home>},
    {get, "/console/organization", access::own_or_login("organization:read"), &member<&console::show_organization>},
    {get, "/console/organization/edit", access::own_or_login("organization:write"),
     &member<&console::edit_organization>},
    {post, "/console/organization/edit", access::own_or_login("organization:write"),
     &member<&console::save_organization>, body::form},
    {get, "/console/places", access::own_or_login("place:read"), &member<&console::show_places>},
    {get, "/console/places/new", access::own_or_login("place:write"), &member<&console::new_place>},
    {post, "/console/places/new", access::own_or_login("place:write"), &member<&console::save_place>, body::form},
    {get, "/console/places/{id}", access::own_or_login("place:write"), &member<&console::edit_place>},
    {post, "/console/places/{id}", access::own_or_login("place:write"), &member<&console::change_place>, body::form},
    {get, "/console/products", access::own_or_login("product:read"), &member<&console::show_products>},
    {get, "/console/products/new", access::own_or_login("product:write"), &member<&console::new_product>},
    {post, "/console/products/new", access::own_or_login("product:write"), &member<&console::save_product>,
     body::photo_form},
    {get, "/console/products/{id}", access::own_or_login("product:read"), &member<&console::show_product>},
    {get, "/console/products/{id}/edit", access::own_or_login("product:write"), &member<&console::edit_product>},
    {post, "/console/products/{id}/edit", access::own_or_login("product:write"), &member<&console::change_product>,
     body::photo_form},
    {get, "/console/products/{id}/links", access::own_or_login("product:read"), &member<&console::show_product_links>},
    {post, "/console/products/{id}/links", access::own_or_login("product:write"), &member<&console::save_product_link>,
     body::form},
    {get, "/console/links", access::own_or_login("product:read"), &member<&console::show_links>},
    {post, "/console/links", access::own_or_login("product:write"), &member<&console::save_link>, body::form},
    {get, "/console/links/{id}", access::own_or_login("product:write"), &member<&console::edit_link>},
    {post, "/console/links/{id}", access::own_or_login("product:write"), &member<&console::change_link>, body::form},
    {get, "/console/batches", access::own_or_login("batch:read"), &member<&console::show_batches>},
    {get, "/console/batches/new", access::own_or_login("batch:write"), &member<&console::new_batch>},
    {post, "/console/batches/new", access::own_or_login("batch:write"), &member<&console::save_batch>, body::form},
    {get, "/console/batches/{id}", access::own_or_login("batch:read"), &member<&console::show_batch>},
    {get, "/console/batches/{id}/edit", access::own_or_login("batch:write"), &member<&console::edit_batch>},
    {post, "/console/batches/{id}/edit", access::own_or_login("batch:write"), &member<&console::change_batch>,
     body::form},
    {get, "/console/batches/{id}/events/new", access::own_or_login("event:write"), &member<&console::new_event>},
    {post, "/console/batches/{id}/events/new", access::own_or_login("event:write"), &member<&console::save_event>,
     body::photo_form},
    {get, "/console/batches/{id}/labels", access::own_or_login("label:print"), &member<&console::choose_labels>},
    {post, "/console/batches/{id}/labels", access::own_or_login("label:print"), &member<&console::create_labels>,
     body::form},
    {get, "/console/labels/{job}", access::own_or_login("label:print"), &member<&console::show_labels>},
    {get, "/console/events", access::own_or_login("event:read"), &member<&console::show_events>},
    {get, "/console/events/{id}", access::own_or_login("event:read"), &member<&console::show_event>},
    {post, "/console/events/{id}/wrong", access::own_or_login("event:write"), &member<&console::declare_event_wrong>,
     body::form},
    {get, "/console/ledger", access::own_or_login("event:write"), &member<&console::show_ledger>},
    {post, "/console/ledger", access::own_or_login("event:write"), &member<&console::save_ledger>, body::large_form},
    {get, "/console/people", access::own_or_login("person:read"), &member<&console::show_households>},
    {post, "/console/people", access::own_or_login("person:write"), &member<&console::save_household>, body::form},
    {post, "/console/people/import", access::own_or_login("person:write"), &member<&console::import_households>,
     body::import_form},
    {get, "/console/people/sheet.xlsx", access::own_or_login("person:read"),
     &member<&console::download_household_sheet>},
    {get, "/console/certificates", access::own_or_login("organization:read"), &member<&console::show_certificates>},
    {get, "/console/certificates/new", access::own_or_login("certificate:write"), &member<&console::new_certificate>},
    {post, "/console/certificates/new", access::own_or_login("certificate:write"), &member<&console::save_certificate>,
     body::photo_form},
    {get, "/console/files/{sha256}", access::own_or_login("organization:read"), &member<&console::show_file>},
    {get, "/console/members", access::own_or_login("member:write"), &member<&console::show_users>},
    {post, "/console/members/slips", access::own_or_login("member:write"), &member<&console::issue_user_slip>,
     body::form},
    {get, "/console/members/{id}", access::own_or_login("member:write"), &member<&console::show_user>},
    {post, "/console/members/{id}", access::own_or_login("member:write"), &member<&console::change_user>, body::form},
};

/// The service's own API. `for_organization`: who acts for no enterprise is told so.
constexpr Route api_routes[] = {
    {get, "/api/v1/organization", access::own("organization:read"),
     &api::for_organization<&api::show_own_organization>},
    {put, "/api/v1/organization", access::own("organization:write"),
     &api::for_organization<&api::change_own_organization>, body::json},
    {get, "/api/v1/organizations", access::desk("province:read"), &api::list_organizations},
    {post, "/api/v1/organizations", access::desk("slip:write"), &api::create_organization, body::json},
    {get, "/api/v1/organizations/{organization}", access::scope("organization:read"), &api::show_organization},
    {get, "/api/v1/places", access::scope("place:read"), &api::list_places},
    {post, "/api/v1/places", access::own("place:write"), &api::for_organization<&api::create_place>, body::json},
    {get, "/api/v1/places/{place}", access::scope("place:read"), &api::show_place},
    {put, "/api/v1/places/{place}", access::own("place:write"), &api::for_organization<&api::change_place>, body::json},
    {get, "/api/v1/products", access::scope("product:read"), &api::list_products},
    {post, "/api/v1/products", access::own("product:write"), &api::for_organization<&api::create_product>, body::json},
    {get, "/api/v1/products/{product}", access::scope("product:read"), &api::show_product},
    {put, "/api/v1/products/{product}", access::own("product:write"), &api::for_organization<&api::change_product>,
     body::json},
    {post, "/api/v1/products/{product}/images", access::own("product:write"),
     &api::for_organization<&api::add_product_image>, body::file},
    {get, "/api/v1/batches", access::scope("batch:read"), &api::list_batches},
    {post, "/api/v1/batches", access::own("batch:write"), &api::for_organization<&api::create_batch>, body::json},
    {get, "/api/v1/batches/{batch}", access::scope("batch:read"), &api::show_batch},
    {put, "/api/v1/batches/{batch}", access::own("batch:write"), &api::for_organization<&api::change_batch>,
     body::json},
    {get, "/api/v1/batches/{batch}/events", access::scope("event:read"), &api::list_batch_events},
    {post, "/api/v1/batches/{batch}/events", access::own("event:write"), &api::for_organization<&api::create_event>,
     body::json},
    {post, "/api/v1/batches/{batch}/label-jobs", access::own("label:print"),
     &api::for_organization<&api::create_label_job>, body::json},
    {get, "/api/v1/label-jobs/{job}", access::own("label:print"), &api::for_organization<&api::show_label_job>},
    {get, "/api/v1/event-templates", access::anyone, &api::list_event_templates},
    {get, "/api/v1/events", access::scope("event:read"), &api::list_events},
    {get, "/api/v1/events/{event}", access::scope("event:read"), &api::show_event},
    {post, "/api/v1/events/{event}/error-declarations", access::own("event:write"),
     &api::for_organization<&api::declare_event_error>, body::json},
    {get, "/api/v1/certificates", access::scope("product:read"), &api::list_certificates},
    {post, "/api/v1/certificates", access::own("certificate:write"), &api::for_organization<&api::create_certificate>,
     body::bulk_json},
    {get, "/api/v1/certificates/{certificate}", access::scope("product:read"), &api::show_certificate},
    {get, "/api/v1/links", access::scope("product:read"), &api::list_links},
    {post, "/api/v1/links", access::own("product:write"), &api::for_organization<&api::create_link>, body::json},
    {get, "/api/v1/links/{link}", access::scope("product:read"), &api::show_link},
    {put, "/api/v1/links/{link}", access::own("product:write"), &api::for_organization<&api::change_link>, body::json},
    {delete_, "/api/v1/links/{link}", access::own("product:write"), &api::for_organization<&api::remove_link>},
    {get, "/api/v1/deliveries", access::scope("organization:read"), &api::list_deliveries},
    {get, "/api/v1/deliveries/{target}/{seq}/proof", access::scope("organization:read"), &api::show_delivery_proof},
    {get, "/api/v1/delivery-log", access::anyone, &api::show_delivery_log},
    {get, "/api/v1/province/approvals", access::desk("province:read"), &api::list_approvals},
    {post, "/api/v1/province/approvals/organizations/{organization}", access::desk("approval:write"),
     &api::decide_organization, body::json},
    {post, "/api/v1/province/approvals/products/{product}", access::desk("approval:write"), &api::decide_product,
     body::json},
    {get, "/api/v1/province/sync", access::desk("sync:read"), &api::show_sync},
    {get, "/api/v1/province/connections", access::desk("sync:read"), &api::list_connections},
    {get, "/api/v1/province/connections/{connection}", access::desk("sync:read"), &api::show_connection},
    {post, "/api/v1/province/connections/{connection}/checks", access::desk("sync:write"), &api::ask_connection_check,
     body::json},
    {get, "/api/v1/province/reconciliations", access::desk("sync:read"), &api::list_reconciliations},
    {post, "/api/v1/province/reconciliations", access::desk("sync:write"), &api::ask_reconciliation, body::json},
    {get, "/api/v1/alarms", access::desk("sync:read"), &api::list_alarms},
    {post, "/api/v1/alarms/{alarm}/acknowledge", access::desk("sync:write"), &api::acknowledge_alarm, body::json},
    {get, "/api/v1/trace/{code}", access::anyone, &api::trace},
    {post, "/api/v1/look-up", access::anyone, &api::look_up, body::json},
    {get, "/api/openapi.json", access::anyone, &api::show_description},
    {get, "/api/docs", access::anyone, &api::show_docs},
    {get, "/.well-known/gs1resolver", access::anyone, &api::describe_resolver},
};

constexpr Route epcis_routes[] = {
    {post, "/epcis/capture", access::own("epcis:write"), &api::capture, body::bulk_json},
    {get, "/epcis/capture/{capture}", access::own("epcis:write"), &api::show_capture},
    {get, "/epcis/events/{eventID}", access::own("epcis:read"), &api::show_epcis_event},
};

constexpr Route province_routes[] = {
    {get, "/province", access::desk_or_login("province:read"), &pages::province::show_home},
    {get, "/province/approvals", access::desk_or_login("province:read"), &pages::province::show_approvals},
    {get, "/province/organizations", access::desk_or_login("province:read"), &pages::province::show_organizations},
    {get, "/province/organizations/{id}", access::desk_or_login("province:read"), &pages::province::show_organization},
    {post, "/province/organizations/{id}/decision", access::desk_or_login("approval:write"),
     &pages::province::decide_organization, body::form},
    {get, "/province/organizations/{id}/records", access::desk_or_login("province:read"),
     &pages::province::show_organization_records},
    {get, "/province/products/{id}", access::desk_or_login("province:read"), &pages::province::show_product},
    {post, "/province/products/{id}/decision", access::desk_or_login("approval:write"),
     &pages::province::decide_product, body::form},
    {get, "/province/sync", access::desk_or_login("sync:read"), &pages::province::show_sync},
    {get, "/province/sync/live", access::desk_or_login("sync:read"), &pages::province::stream_sync},
    {post, "/province/sync/pause", access::desk_or_login("sync:write"), &pages::province::pause_sync, body::form},
    {post, "/province/sync/retry", access::desk_or_login("sync:write"), &pages::province::retry_refused, body::form},
    {get, "/province/sync/reconcile", access::desk_or_login("sync:read"), &pages::province::show_reconcile},
    {post, "/province/sync/reconcile", access::desk_or_login("sync:write"), &pages::province::ask_reconcile,
     body::form},
    {post, "/province/sync/reconcile/close", access::desk_or_login("sync:write"),
     &pages::province::close_reconcile_finding, body::form},
    {get, "/province/sync/connect", access::desk_or_login("sync:read"), &pages::province::show_connections},
    {post, "/province/sync/connect", access::desk_or_login("sync:write"), &pages::province::create_connection,
     body::form},
    {get, "/province/sync/connect/{connection}", access::desk_or_login("sync:read"), &pages::province::show_connection},
    {post, "/province/sync/connect/{connection}", access::desk_or_login("sync:write"),
     &pages::province::change_connection, body::large_form},
    {get, "/province/sync/connect/{connection}/csr", access::desk_or_login("sync:read"),
     &pages::province::download_request},
    {get, "/province/sync/connect/{connection}/catalogues", access::desk_or_login("sync:read"),
     &pages::province::show_catalogues},
    {post, "/province/sync/connect/{connection}/catalogues", access::desk_or_login("sync:write"),
     &pages::province::change_catalogues, body::form},
    {get, "/province/sync/where", access::desk_or_login("sync:read"), &pages::province::show_where},
    {get, "/province/sync/records", access::desk_or_login("sync:read"), &pages::province::show_sync_records},
    {get, "/province/sync/records/{target}/{seq}", access::desk_or_login("sync:read"),
     &pages::province::show_sync_record},
    {get, "/province/sync/records/{target}/{seq}/proof", access::desk_or_login("sync:read"),
     &pages::province::download_proof},
    {post, "/province/sync/records/{target}/{seq}/retry", access::desk_or_login("sync:write"),
     &pages::province::retry_sync_record, body::form},
    {get, "/province/alarms", access::desk_or_login("sync:read"), &pages::province::show_alarms},
    {post, "/province/alarms/test", access::desk_or_login("sync:write"), &pages::province::send_alarm_trial,
     body::form},
    {post, "/province/alarms/{id}/acknowledge", access::desk_or_login("sync:write"),
     &pages::province::acknowledge_alarm, body::form},
    {get, "/province/complaints", access::desk_or_login("complaint:read"), &pages::province::show_complaints},
    {get, "/province/complaints/{code}", access::desk_or_login("complaint:read"), &pages::province::show_complaint},
    {post, "/province/complaints/{code}", access::desk_or_login("complaint:write"), &pages::province::answer_complaint,
     body::form},
    {get, "/province/certificates", access::desk_or_login("province:read"), &pages::province::show_certificates},
    {post, "/province/certificates/{id}/confirm", access::desk_or_login("approval:write"),
     &pages::province::confirm_certificate, body::form},
    {get, "/province/audit", access::desk_or_login("audit:read"), &pages::province::show_audit},
    {get, "/province/audit.csv", access::desk_or_login("audit:read"), &pages::province::export_audit},
    {get, "/province/accounts", access::desk_or_login("slip:write"), &pages::province::show_accounts},
    {get, "/province/accounts/{id}", access::desk_or_login("slip:write"), &pages::province::show_account},
    {post, "/province/accounts/{id}", access::desk_or_login("slip:write"), &pages::province::change_account,
     body::form},
    {get, "/province/slips", access::desk_or_login("slip:write"), &pages::province::show_slips},
    {post, "/province/slips", access::desk_or_login("slip:write"), &pages::province::issue_slip, body::form},
};

constexpr std::span<Route const> groups[] = {api_routes,       epcis_routes,   public_routes,  resolver_routes,
                                             operation_routes, account_routes, console_routes, province_routes};

} // namespace

std::vector<Route> all_routes()
{
    std::vector<Route> out;
    for (auto const group : groups) out.insert(out.end(), group.begin(), group.end());
    return out;
}

} // namespace nguon::server
