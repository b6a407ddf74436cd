#pragma once

#include "db/sanctions.hpp"
#include "server/app/actor.hpp"

/// Suspending and withdrawing the display of a firm or product, with the firm's right to explain.
namespace nguon::server::app {

struct NewSanction {
    std::string kind = {};         // suspend, withdraw
    std::string subject_kind = {}; // organization, product
    std::string subject_id = {};
    std::string reason = {};
    std::string inspection = {}; // the one that led to it, if any
};

/// Takes firm or product from display, says why on its public page, and starts the firm's clock. The caller has decided
/// who may. Errors: "sanction.kind", "organization.unknown", "product.unknown", "decision.reason_missing",
/// "sanction.stands" when it is under one of this kind or a harder one.
Result<std::string> impose_sanction(db::Connection& c, Actor const& actor, NewSanction const& wanted);

/// The firm explains; late is better than never. Errors: "sanction.unknown", "sanction.lifted",
/// "sanction.explanation_missing".
Status explain_sanction(db::Connection& c, Actor const& actor, std::string const& id, std::string const& text);

/// Ends a suspension: what was displayed is displayed again. What was withdrawn needs a new approval on the record's
/// own page. Errors: "sanction.unknown", "sanction.lifted", "sanction.withdrawn", "decision.reason_missing".
Status lift_sanction(db::Connection& c, Actor const& actor, std::string const& id, std::string const& reason);

/// Keeps the register of sanctions in step with a decision on a firm or product, however it was taken: "suspended" and
/// "paused" begin one, "approved" and "published" end it.
Status follow_decision(db::Connection& c, Actor const& actor, std::string const& subject_kind,
                       std::string const& subject_id, OrganizationId const& org, std::string const& status,
                       std::string const& reason);

} // namespace nguon::server::app
