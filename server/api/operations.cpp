#include "server/api/description.hpp"

namespace nguon::server::api {
namespace {

using enum http::Method;

constexpr std::string_view page = "organization limit offset";
constexpr std::string_view one = "organization";

constexpr Operation table[] = {
    {get, "/api/v1/organization", "show_own_organization", {}, "Organization"},
    {put, "/api/v1/organization", "change_own_organization", "OrganizationChange", "Organization", 200, {}, true},
    {get, "/api/v1/organizations", "list_organizations", {}, "OrganizationLine[]", 200, "status limit offset"},
    {post, "/api/v1/organizations", "create_organization", "NewOrganization", "Organization", 201},
    {get, "/api/v1/organizations/{organization}", "show_organization", {}, "Organization"},
    {get, "/api/v1/places", "list_places", {}, "PlaceLine[]", 200, page},
    {post, "/api/v1/places", "create_place", "NewPlace", "Place", 201},
    {get, "/api/v1/places/{place}", "show_place", {}, "Place", 200, one},
    {put, "/api/v1/places/{place}", "change_place", "PlaceChange", "Place", 200, {}, true},
    {get, "/api/v1/products", "list_products", {}, "ProductLine[]", 200, page},
    {post, "/api/v1/products", "create_product", "NewProduct", "Product", 201},
    {get, "/api/v1/products/{product}", "show_product", {}, "Product", 200, one},
    {put, "/api/v1/products/{product}", "change_product", "ProductChange", "Product", 200, {}, true},
    {post, "/api/v1/products/{product}/images", "add_product_image", "image/*", "Product", 201, "reason"},
    {get, "/api/v1/batches", "list_batches", {}, "BatchLine[]", 200, "organization product limit offset"},
    {post, "/api/v1/batches", "create_batch", "NewBatch", "Batch", 201},
    {get, "/api/v1/batches/{batch}", "show_batch", {}, "Batch", 200, one},
    {put, "/api/v1/batches/{batch}", "change_batch", "BatchChange", "Batch", 200, {}, true},
    {get, "/api/v1/batches/{batch}/events", "list_batch_events", {}, "Event[]", 200, page},
    {post, "/api/v1/batches/{batch}/events", "create_event", "NewEvent", "Event", 201},
    {post, "/api/v1/batches/{batch}/label-jobs", "create_label_job", "NewLabelJob", "LabelJob", 201},
    {get, "/api/v1/label-jobs", "list_label_jobs", {}, "LabelJob[]", 200, "limit offset"},
    {get, "/api/v1/label-jobs/{job}", "show_label_job", {}, "LabelJob"},
    {post, "/api/v1/label-jobs/{job}/release", "release_label_job", {}, "LabelJob"},
    {post, "/api/v1/label-jobs/{job}/cancel", "cancel_label_job", {}, "LabelJob"},
    {post, "/api/v1/label-jobs/{job}/redraw", "redraw_label_job", {}, "LabelJob"},
    {post, "/api/v1/label-jobs/{job}/reprints", "reprint_labels", "NewReprint", "LabelJob", 201},
    {get, "/api/v1/label-jobs/{job}/units", "list_units", {}, "Unit[]", 200, "state limit offset"},
    {get, "/api/v1/units/{unit}", "show_unit", {}, "Unit"},
    {get, "/api/v1/label-printers", "list_printers", {}, "LabelPrinter[]", 200, "limit offset"},
    {post, "/api/v1/label-printers", "create_printer", "LabelPrinterFields", "LabelPrinter", 201},
    {get, "/api/v1/label-printers/{printer}", "show_printer", {}, "LabelPrinter"},
    {put, "/api/v1/label-printers/{printer}", "change_printer", "LabelPrinterFields", "LabelPrinter", 200, {}, true},
    {delete_, "/api/v1/label-printers/{printer}", "remove_printer", {}, {}, 204},
    {get, "/api/v1/label-stocks", "list_stocks", {}, "LabelStock[]", 200, "limit offset"},
    {post, "/api/v1/label-stocks", "create_stock", "LabelStockFields", "LabelStock", 201},
    {get, "/api/v1/label-stocks/{stock}", "show_stock", {}, "LabelStock"},
    {put, "/api/v1/label-stocks/{stock}", "change_stock", "LabelStockFields", "LabelStock", 200, {}, true},
    {delete_, "/api/v1/label-stocks/{stock}", "remove_stock", {}, {}, 204},
    {post, "/api/v1/unit-changes", "change_units", "UnitChange", "UnitsChanged"},
    {get, "/api/v1/event-templates", "list_event_templates", {}, "TemplateGroup[]"},
    {get, "/api/v1/events", "list_events", {}, "Event[]", 200, "organization limit before"},
    {get, "/api/v1/events/{event}", "show_event", {}, "Event", 200, one},
    {post, "/api/v1/events/{event}/error-declarations", "declare_event_error", "ErrorDeclaration", {}, 204},
    {get, "/api/v1/certificates", "list_certificates", {}, "Certificate[]", 200, page},
    {post, "/api/v1/certificates", "create_certificate", "NewCertificate", "Certificate", 201},
    {get, "/api/v1/certificates/{certificate}", "show_certificate", {}, "Certificate", 200, one},
    {get, "/api/v1/links", "list_links", {}, "CodeLink[]", 200, "organization anchor limit offset"},
    {post, "/api/v1/links", "create_link", "NewCodeLink", "CodeLink", 201},
    {get, "/api/v1/links/{link}", "show_link", {}, "CodeLink", 200, one},
    {put, "/api/v1/links/{link}", "change_link", "CodeLinkChange", "CodeLink", 200, {}, true},
    {delete_, "/api/v1/links/{link}", "remove_link", {}, {}, 204},
    {get,
     "/api/v1/deliveries",
     "list_deliveries",
     {},
     "Delivery[]",
     200,
     "organization target state type id limit before"},
    {get, "/api/v1/deliveries/{target}/{seq}/proof", "show_delivery_proof", {}, "DeliveryProof", 200, one},
    {get, "/api/v1/delivery-log", "show_delivery_log", {}, "DeliveryLog", 200, "since"},
    {get, "/api/v1/province/approvals", "list_approvals", {}, "Approval[]", 200, "kind limit offset"},
    {post, "/api/v1/province/approvals/organizations/{organization}", "decide_organization", "OrganizationDecision",
     "Organization"},
    {post, "/api/v1/province/approvals/products/{product}", "decide_product", "ProductDecision", "Product"},
    {get, "/api/v1/province/sync", "show_sync", {}, "Sync", 200, "target limit offset"},
    {get, "/api/v1/province/connections", "list_connections", {}, "Connection[]", 200, "limit offset"},
    {get, "/api/v1/province/connections/{connection}", "show_connection", {}, "Connection"},
    {post, "/api/v1/province/connections/{connection}/checks", "ask_connection_check", "NewConnectionCheck",
     "Connection", 202},
    {get, "/api/v1/province/reconciliations", "list_reconciliations", {}, "Reconciliation[]", 200, "limit offset"},
    {post, "/api/v1/province/reconciliations", "ask_reconciliation", "NewReconciliation", "Reconciliation", 202},
    {get, "/api/v1/programme/indicators", "show_indicators", {}, "ProgrammeFigures", 200, "plan from to"},
    {get, "/api/v1/alarms", "list_alarms", {}, "Alarm[]", 200, "state limit offset"},
    {post, "/api/v1/alarms/{alarm}/acknowledge", "acknowledge_alarm", "Acknowledgement", "Alarm"},
    {get, "/api/v1/trace/{code}", "trace", {}, "Origin"},
    {post, "/api/v1/look-up", "look_up", "CodeText", "Link"},
    {get, "/api/v1/trace", "show_trace", {}, "Trace", 200, "code direction"},
    {post, "/api/v1/check", "check_code", "CheckedCode", "Completeness"},
    {get, "/api/v1/province/recalls", "list_recalls", {}, "RecallLine[]", 200, "kind state limit offset"},
    {post, "/api/v1/province/recalls", "create_recall", "NewRecall", "Recall", 201},
    {get, "/api/v1/province/recalls/{recall}", "show_recall", {}, "Recall"},
    {post, "/api/v1/province/recalls/{recall}/publish", "publish_recall", {}, "Recall"},
    {get, "/api/v1/recalls", "list_own_recalls", {}, "OwnRecall[]", 200, "limit offset"},
    {post, "/api/v1/recalls/{recall}/lots/{batch}/acknowledgement", "acknowledge_recall", "RecallFigures", "RecallLot"},
    {post, "/api/v1/province/recalls/{recall}/lots/{batch}/end", "end_recall_lot", "RecallEnd", "Recall"},
    {post, "/api/v1/province/recalls/{recall}/close", "close_recall", "RecallConclusion", "Recall"},
    {post, "/epcis/capture", "capture", "EpcisDocument", "CaptureJob", 202},
    {get, "/epcis/capture/{capture}", "show_capture", {}, "CaptureJob"},
    {get, "/epcis/events/{eventID}", "show_epcis_event", {}, "EpcisQueryDocument"},
    {get, "/api/openapi.json", "show_description", {}, "application/json"},
    {get, "/api/docs", "show_docs", {}, "text/html"},
    {get, "/.well-known/gs1resolver", "describe_resolver", {}, "application/json"},
};

} // namespace

std::span<Operation const> operations() { return table; }

Operation const* find_operation(Method method, std::string_view pattern)
{
    for (auto const& operation : table)
        if (operation.method == method && operation.pattern == pattern) return &operation;
    return nullptr;
}

} // namespace nguon::server::api
