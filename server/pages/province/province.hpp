#pragma once

#include "server/http/router.hpp"

/// The province's desk. What lies outside a grant's area answers exactly like what does not exist.
namespace nguon::server::pages::province {

// home.cpp
net::awaitable<http::Response> show_home(Services& services, Request const& request);

// approvals.cpp
net::awaitable<http::Response> show_approvals(Services& services, Request const& request);
net::awaitable<http::Response> approve_harmless(Services& services, Request const& request);
net::awaitable<http::Response> show_organization(Services& services, Request const& request);
net::awaitable<http::Response> decide_organization(Services& services, Request const& request);
net::awaitable<http::Response> show_product(Services& services, Request const& request);
net::awaitable<http::Response> decide_product(Services& services, Request const& request);

// organizations.cpp
net::awaitable<http::Response> show_organizations(Services& services, Request const& request);
/// The records of a firm as it sees them itself; read-only.
net::awaitable<http::Response> show_organization_records(Services& services, Request const& request);

// organization_import.cpp
net::awaitable<http::Response> show_organization_import(Services& services, Request const& request);
net::awaitable<http::Response> import_organizations(Services& services, Request const& request);
net::awaitable<http::Response> download_organization_sheet(Services& services, Request const& request);

// sync.cpp
net::awaitable<http::Response> show_sync(Services& services, Request const& request);
net::awaitable<http::Response> pause_sync(Services& services, Request const& request);
net::awaitable<http::Response> retry_refused(Services& services, Request const& request);
net::awaitable<http::Response> show_where(Services& services, Request const& request);

// connect.cpp
net::awaitable<http::Response> show_connections(Services& services, Request const& request);
net::awaitable<http::Response> create_connection(Services& services, Request const& request);
net::awaitable<http::Response> show_connection(Services& services, Request const& request);
net::awaitable<http::Response> change_connection(Services& services, Request const& request);
net::awaitable<http::Response> download_request(Services& services, Request const& request);

// sync_live.cpp
net::awaitable<http::Response> stream_sync(Services& services, Request const& request);

// sync_records.cpp
net::awaitable<http::Response> show_sync_records(Services& services, Request const& request);
net::awaitable<http::Response> show_sync_record(Services& services, Request const& request);
net::awaitable<http::Response> download_proof(Services& services, Request const& request);
net::awaitable<http::Response> retry_sync_record(Services& services, Request const& request);
net::awaitable<http::Response> discard_sync_record(Services& services, Request const& request);

// alarms.cpp
net::awaitable<http::Response> show_alarms(Services& services, Request const& request);
net::awaitable<http::Response> acknowledge_alarm(Services& services, Request const& request);
net::awaitable<http::Response> send_alarm_trial(Services& services, Request const& request);

// complaints.cpp
net::awaitable<http::Response> show_complaints(Services& services, Request const& request);
net::awaitable<http::Response> show_complaint(Services& services, Request const& request);
net::awaitable<http::Response> answer_complaint(Services& services, Request const& request);
net::awaitable<http::Response> ask_complaint_firm(Services& services, Request const& request);
net::awaitable<http::Response> join_complaint(Services& services, Request const& request);
net::awaitable<http::Response> add_complaint_evidence(Services& services, Request const& request);
net::awaitable<http::Response> show_complaint_figures(Services& services, Request const& request);

// inspections.cpp
net::awaitable<http::Response> show_inspections(Services& services, Request const& request);
net::awaitable<http::Response> new_inspection(Services& services, Request const& request);
net::awaitable<http::Response> plan_inspection(Services& services, Request const& request);

// inspection.cpp
net::awaitable<http::Response> show_inspection(Services& services, Request const& request);
net::awaitable<http::Response> save_inspection(Services& services, Request const& request);
net::awaitable<http::Response> finish_inspection_action(Services& services, Request const& request);
net::awaitable<http::Response> download_inspection_record(Services& services, Request const& request);

// inspect.cpp
net::awaitable<http::Response> show_inspected(Services& services, Request const& request);

// inspection_report.cpp
net::awaitable<http::Response> show_inspection_report(Services& services, Request const& request);

// checklists.cpp
net::awaitable<http::Response> show_checklists(Services& services, Request const& request);
net::awaitable<http::Response> change_checklists(Services& services, Request const& request);

// sanctions.cpp
net::awaitable<http::Response> show_sanctions(Services& services, Request const& request);
net::awaitable<http::Response> new_sanction(Services& services, Request const& request);
net::awaitable<http::Response> impose_sanction(Services& services, Request const& request);
net::awaitable<http::Response> lift_sanction(Services& services, Request const& request);

// requests.cpp
net::awaitable<http::Response> show_personal_requests(Services& services, Request const& request);
net::awaitable<http::Response> show_desk_personal_request(Services& services, Request const& request);
net::awaitable<http::Response> answer_personal_request(Services& services, Request const& request);
net::awaitable<http::Response> show_data_requests(Services& services, Request const& request);
net::awaitable<http::Response> open_data_request(Services& services, Request const& request);
net::awaitable<http::Response> download_lot_file(Services& services, Request const& request);

// deadlines.cpp
net::awaitable<http::Response> show_deadlines(Services& services, Request const& request);
net::awaitable<http::Response> change_deadlines(Services& services, Request const& request);

// recalls.cpp
net::awaitable<http::Response> show_trace(Services& services, Request const& request);
net::awaitable<http::Response> show_recalls(Services& services, Request const& request);
net::awaitable<http::Response> new_recall(Services& services, Request const& request);
net::awaitable<http::Response> open_recall(Services& services, Request const& request);

// recall.cpp
net::awaitable<http::Response> show_recall(Services& services, Request const& request);
/// Field "action": draft, publish, close, cancel, end_lot.
net::awaitable<http::Response> change_recall(Services& services, Request const& request);
net::awaitable<http::Response> download_recall_lots(Services& services, Request const& request);
net::awaitable<http::Response> download_recall_report(Services& services, Request const& request);

// reconcile.cpp
net::awaitable<http::Response> show_reconcile(Services& services, Request const& request);
net::awaitable<http::Response> ask_reconcile(Services& services, Request const& request);
net::awaitable<http::Response> close_reconcile_finding(Services& services, Request const& request);

// catalogues.cpp
net::awaitable<http::Response> show_catalogues(Services& services, Request const& request);
net::awaitable<http::Response> change_catalogues(Services& services, Request const& request);

// certificates.cpp
net::awaitable<http::Response> show_certificates(Services& services, Request const& request);
net::awaitable<http::Response> confirm_certificate(Services& services, Request const& request);

// programme.cpp
net::awaitable<http::Response> show_programme(Services& services, Request const& request);
net::awaitable<http::Response> load_programme(Services& services, Request const& request);
net::awaitable<http::Response> show_plan(Services& services, Request const& request);
net::awaitable<http::Response> show_indicator(Services& services, Request const& request);
net::awaitable<http::Response> download_report(Services& services, Request const& request);
net::awaitable<http::Response> freeze_figures(Services& services, Request const& request);
net::awaitable<http::Response> change_task(Services& services, Request const& request);

// programme_records.cpp
net::awaitable<http::Response> new_record(Services& services, Request const& request);
net::awaitable<http::Response> save_record(Services& services, Request const& request);
net::awaitable<http::Response> show_record(Services& services, Request const& request);
net::awaitable<http::Response> withdraw_record(Services& services, Request const& request);
net::awaitable<http::Response> show_programme_file(Services& services, Request const& request);

// programme_needs.cpp
net::awaitable<http::Response> show_needs(Services& services, Request const& request);
net::awaitable<http::Response> save_need(Services& services, Request const& request);
net::awaitable<http::Response> decide_need(Services& services, Request const& request);
net::awaitable<http::Response> download_needs(Services& services, Request const& request);

// audit.cpp
net::awaitable<http::Response> show_audit(Services& services, Request const& request);
net::awaitable<http::Response> export_audit(Services& services, Request const& request);

// accounts.cpp
net::awaitable<http::Response> show_accounts(Services& services, Request const& request);
net::awaitable<http::Response> show_account(Services& services, Request const& request);
net::awaitable<http::Response> change_account(Services& services, Request const& request);

// slips.cpp
net::awaitable<http::Response> show_slips(Services& services, Request const& request);
net::awaitable<http::Response> issue_slip(Services& services, Request const& request);

} // namespace nguon::server::pages::province
