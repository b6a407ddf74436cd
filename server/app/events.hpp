#pragma once

#include "core/epcis/templates.hpp"
#include "db/events.hpp"
#include "scanner/picture.hpp"
#include "server/app/actor.hpp"

namespace nguon::server::app {

/// A filled form of one step for one batch.
struct NewEvent {
    BatchId batch = {};
    std::string template_key = {};
    epcis::FormValues values = {}; // batches by id or printed code, places and certificates by id, people by name or id
    std::vector<scanner::Photos> photos = {};
    PersonId on_behalf_of = {}; // entered for this person by somebody else
};

/// Records one step. Names of people are replaced by opaque ids before the event is made. Returns the event's id.
/// Errors: "batch.unknown", "event.template_unknown" {key}, and those of build_event with the form field as pointer.
Result<std::string> record_event(db::Connection& c, Actor const& actor, NewEvent const& wanted);

/// Says that an earlier event was wrong and, if given, which one replaces it: an EPCIS error declaration.
/// Errors: "event.unknown", "decision.reason_missing", "event.already_declared_wrong".
Status declare_error(db::Connection& c, Actor const& actor, std::string const& event_id, std::string const& reason,
                     std::string const& corrective_event_id);

/// One line of the purchase ledger (sổ thu mua): household × plot × kilograms × grade.
struct LedgerRow {
    std::string plot = {};
    std::string kilograms = {}; // as typed; an empty row is skipped
    std::string grade = {};
};

struct LedgerDay {
    BatchId batch = {}; // the lot of fresh leaf that the goods go into
    std::string template_key = {};
    std::string time = {};  // as typed
    std::string place = {}; // id of the collection point
    std::vector<LedgerRow> rows = {};
};

/// Saves the day as that many receiving events in one document, entered on behalf of the households. All or nothing.
/// Errors: "ledger.empty", "batch.unknown", and those of build_event with pointers "/rows/3/kilograms".
Result<std::size_t> record_ledger(db::Connection& c, Actor const& actor, LedgerDay const& day);

/// What was bought on the latest day, as "như hôm qua" fills it in: plots and grades with their weights.
std::vector<LedgerRow> latest_ledger(db::Connection& c, OrganizationId const& org, std::string const& template_key);

} // namespace nguon::server::app
