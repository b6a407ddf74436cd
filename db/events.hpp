#pragma once

#include "core/epcis/event.hpp"
#include "db/connection.hpp"
#include "db/event_index.hpp"
#include "db/event_terms.hpp"

/// The append-only event store: documents as they came, events as canonical JSON, and the index rows of queries.
namespace nguon::db::events {

/// One document with one or more events.
struct Capture {
    CaptureId id = {};
    OrganizationId org = {};
    std::string declared_by = {}; // opaque id of a person or key
    Instant received_at = {};
    std::string media_type = "application/ld+json";
    std::string document = {}; // as it came
    std::string error_behaviour = "rollback";
    std::int64_t events = 0;   // that were taken, repeats included
    std::string errors = "[]"; // JSON, of events that were not
};

/// A document as it is stored.
struct Packed {
    std::string bytes = {}; // zstd
    std::string sha256 = {};
};
/// Needs no database, so it is done outside the writer where there is much to pack.
Packed pack(std::string const& document);

void insert_capture(Connection& c, Capture const& capture);
/// The same with the document packed already; `capture.document` is not looked at.
void insert_capture(Connection& c, Capture const& capture, Packed const& document);
/// The document as it came. Errors: "capture.unknown".
Result<Capture> find_capture(Connection& c, OrganizationId const& org, CaptureId const& id);
/// What became of it, without the document. Errors: "capture.unknown".
Result<Capture> find_capture_job(Connection& c, OrganizationId const& org, CaptureId const& id);
/// Those of the organization behind (`received_at`, `id`), newest first; also without the documents.
std::vector<Capture> capture_jobs(Connection& c, OrganizationId const& org, std::optional<Capture> const& behind,
                                  std::int64_t count);
/// What became of it.
void finish_capture(Connection& c, Capture const& capture);

/// What the store adds to an event.
struct Facts {
    OrganizationId org = {};
    CaptureId capture = {};
    std::int64_t ordinal = 0; // place in the document
    std::string declared_by = {};
    Instant record_time = {};
    std::string template_key = {};      // of core/epcis/templates, when a form made it
    std::string mark = "self_declared"; // who vouches
};

struct Appended {
    std::int64_t seq = 0;
    std::string id = {};   // opaque
    bool repeated = false; // the very same event was there: nothing was written
};

/// What appending needs of an event and can be had without the database, outside the writer.
struct Prepared {
    std::string hash = {};
    std::string body = {}; // canonical JSON with its context
    event_index::Mentions mentions = {};
    event_terms::Terms terms = {};
};
Prepared prepare(epcis::Event const& event);

/// Appends one event with its index rows and its outbox message. A repeat is the same organization, hash, eventID and
/// error declaration. Errors: "epcis.event_id_taken" {eventID} when the eventID exists with other content and this is
/// no error declaration.
Result<Appended> append(Connection& c, epcis::Event const& event, Facts const& facts);
Result<Appended> append(Connection& c, epcis::Event const& event, Prepared const& prepared, Facts const& facts);

struct Stored {
    std::int64_t seq = 0;
    std::string id = {};
    OrganizationId org = {};
    CaptureId capture = {};
    std::string event_id = {};
    std::string type = {};
    OffsetTime event_time = {};
    Instant record_time = {};
    std::string declared_by = {};
    std::string template_key = {};
    std::string mark = {};
    std::optional<Instant> error_declared_at = {};
    std::string hash = {};
    std::string body = {}; // canonical JSON with its context
};

/// The journey of a batch: its own events and those of everything it was made from, oldest first; of shared inputs
/// only what led here. Serves the public.
std::vector<Stored> journey(Connection& c, BatchId const& batch, std::size_t count);

/// Events that mention the batch itself, newest first. Serves its organization.
std::vector<Stored> of_batch(Connection& c, OrganizationId const& org, BatchId const& batch, std::size_t count);

/// Newest first, one organization's own.
std::vector<Stored> of_organization(Connection& c, OrganizationId const& org, std::int64_t before, std::size_t count);

/// Errors: "event.unknown", also for an event of another organization.
Result<Stored> find(Connection& c, OrganizationId const& org, std::string_view id);

/// Whoever recorded it: the caller decides what the reader may see. nullopt: there is no such number.
std::optional<Stored> find_by_number(Connection& c, std::int64_t seq);

/// The events of these numbers in any order; with an organization only its own. `seqs` may hold 64 at most.
std::vector<Stored> of_numbers(Connection& c, std::span<std::int64_t const> seqs,
                               std::optional<OrganizationId> const& org);
inline constexpr std::size_t numbers_max = 64;

/// The latest event of that template by the organization, for "như hôm qua".
std::optional<Stored> latest_of_template(Connection& c, OrganizationId const& org, std::string_view template_key);
/// All events of one capture in order.
std::vector<Stored> of_capture(Connection& c, OrganizationId const& org, CaptureId const& capture);

/// Every event of this eventID, whoever recorded it, oldest first: the event itself and the declarations that it was
/// wrong. The caller decides which of them the reader may see.
std::vector<Stored> of_event_id(Connection& c, std::string_view event_id);

/// Whether the organization's events of this eventID were declared wrong. Only its own word counts, and that of the
/// province's organization.
bool is_declared_wrong(Connection& c, OrganizationId const& org, std::string_view event_id);

/// Whether the organization itself recorded an event of this eventID.
bool has_own(Connection& c, OrganizationId const& org, std::string_view event_id);

/// How many events there are; equals the greatest number.
std::int64_t count(Connection& c);

} // namespace nguon::db::events
