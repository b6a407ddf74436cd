#pragma once

#include "core/epcis/step_summary.hpp"
#include "core/gs1/ai_value.hpp"
#include "core/model/batch.hpp"
#include "core/model/certificate.hpp"
#include "core/model/mark.hpp"
#include "core/model/organization.hpp"
#include "core/model/product.hpp"
#include "db/batches.hpp"
#include "db/products.hpp"
#include "db/recalls.hpp"
#include "db/scans.hpp"
#include "server/app/label_checks.hpp"

#include <span>

namespace nguon::server::app {

/// What the first line of the origin page says. Whether a serial was scanned before is told by `scans`.
enum class Verdict {
    unit,          // the code of one pack
    lot,           // the code of a whole lot: a single pack is not authenticated
    product_only,  // no lot given: asks for the one printed on the pack
    unknown_lot,   // the product exists, the lot does not
    unknown_unit,  // the lot or product exists, the serial does not
    unknown,       // nothing of the kind in this province's system
    void_code,     // the label was cancelled
    not_activated, // the label was printed, but nobody said yet that it is on a pack
    sold,          // the enterprise recorded the pack as sold
    withdrawn,     // batch or product taken back by the enterprise
    recalled,
    suspended, // enterprise or product display paused by the province
    expired,   // use-by date passed
};

std::string_view to_text(Verdict verdict);

/// The thing that a code names, as far as it is known here.
struct Subject {
    Verdict verdict = Verdict::unknown;
    std::optional<db::products::Head> product = {};
    std::optional<db::batches::Head> batch = {};
    std::string unit_code = {};          // AI 21 of a unit of ours
    std::optional<Instant> sold_at = {}; // of such a unit
    std::string scan_subject = {};       // what a scan of it is counted under; "" when nothing is counted
};

/// Finds what the AI values name: GTIN with lot and serial in any combination. Serves the public.
Subject find_subject(db::Connection& c, std::span<gs1::AiValue const> elements, Date today);
/// The same for a printed code (/t/CODE).
Subject find_subject(db::Connection& c, std::string const& printed_code, Date today);

/// The same for the path of a page of ours: "/01/…/10/…", "/t/CODE"; anything else names nothing.
Subject find_subject_of_page(db::Connection& c, std::string_view path, Date today);

/// Who took the goods back or paused them, and why.
struct Intervention {
    std::string reason = {};
    std::string by = {};            // the authority's or the firm's name
    std::optional<Instant> at = {}; // as far as it is known
    bool withdrawn = false;         // the confirmation of display, not only the display for a time
    std::string number = {};        // of the province's recall
    std::string notice = {};        // what buyers should do
};

/// One step of the journey.
struct OriginStep {
    epcis::StepSummary summary = {};
    std::string organization = {};
    bool by_another = false; // not the firm whose product it is
    std::string place = {};  // name, for the public at commune level
    std::string commune = {};
    Instant recorded_at = {};
    std::int64_t lag_hours = 0; // declared after it happened
    std::string mark = {};
    bool on_behalf = false;
    bool wrong = false;       // an error declaration says so
    std::int64_t repeats = 1; // so many households on the same day are one step
    std::string total = {};   // decimal text of their amounts in kilograms
};

/// A certificate as the page shows it.
struct OriginCertificate {
    Certificate certificate = {};
    CertificateState state = CertificateState::valid; // as of today
    Mark mark = {};
};

/// One of the nine items of Decree 37/2026 Art. 23.5 and whether it is there.
struct LegalItem {
    std::string key = {}; // product_name, product_images, organization_name, organization_address, origin, cte_events,
                          // lot_or_serial, expiry_date, applied_standards
    bool present = false;
};

/// What became of a report that proved right, where the office tells it to everybody.
struct OriginFinding {
    std::string answer = {};
    Instant at = {};
};

/// Everything the origin page shows.
struct Origin {
    Subject subject = {};
    Product product = {};
    Batch batch = {};
    Organization organization = {};
    std::string organization_status = {};
    std::optional<Instant> organization_approved_at = {};
    std::string organization_commune = {};
    std::string organization_phone = {}; // only with consent
    bool illustrative = false;
    bool awaiting_approval = false;                      // firm or product: "chờ Sở phê duyệt"
    std::optional<Intervention> decision = {};           // behind recalled, withdrawn and suspended
    std::optional<db::recalls::Ended> recall_ended = {}; // of a lot that may be sold again
    std::vector<OriginStep> steps = {};
    std::vector<OriginCertificate> certificates = {};
    std::vector<OriginFinding> findings = {};
    std::vector<LegalItem> items = {};
    std::int64_t items_present = 0;
    std::optional<db::scans::Total> scans = {};
    LabelCheck label_check = LabelCheck::none; // of the address that was asked for
};

/// Gathers the page. `subject.product` must be there. Serves the public.
Result<Origin> trace_code(db::Connection& c, Subject const& subject, Instant now);

} // namespace nguon::server::app
