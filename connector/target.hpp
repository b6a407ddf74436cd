#pragma once

#include "connector/answers.hpp"
#include "core/http/message.hpp"
#include "db/deliveries.hpp"
#include "db/portal_catalogues.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// One portal, as far as the engine must know it: how a claimed batch becomes requests, and what answers mean. No I/O;
/// everything here is values and may run in a simulator.
namespace nguon::connector {

using Record = db::deliveries::Claimed;

/// What goes over the wire.
struct Request {
    std::string base_url = {}; // "https://host:port"
    http::Method method = http::Method::get;
    std::string path = {}; // with query
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    std::string file = {};       // SHA-256 of a stored file whose bytes follow the body when it is sent
    std::string after_file = {}; // what follows them
};

/// What must be stored before anything else is sent: wire bytes, numbers of records and pictures that the portal has,
/// and catalogues that had to be asked for.
struct Freeze {
    std::vector<db::deliveries::Frozen> wires = {};
    std::vector<db::deliveries::PortalId> links = {};
    std::vector<db::portal_catalogues::Fetched> catalogues = {};
};

/// Why a record is held, as `delivery.hold` keeps it. Each has its sentences in the catalogues of the pages.
inline constexpr std::string_view hold_incomplete = "product.incomplete";
inline constexpr std::string_view hold_picture_refused = "product.picture_refused";
inline constexpr std::string_view hold_picture_too_large = "product.picture_too_large";
inline constexpr std::string_view hold_catalogue = "catalogue.value"; // no entry of the portal's catalogue

/// What the portal, or a check before sending, said of one record.
enum class Verdict {
    delivered,  // with a verified receipt
    refused,    // for what it says
    retry,      // not now, and because of the record
    conflict,   // another digest under its key, or another order than ours: a person decides
    held,       // lacks something the target needs
    superseded, // a later version makes it unnecessary
    later,      // with the next batch: its turn did not come
    undecided,  // whatever the whole exchange came to
};

struct RecordOutcome {
    std::int64_t seq = 0;
    Verdict verdict = Verdict::undecided;
    std::string code = {}; // the portal's word, or ours for held: "product.incomplete"
    std::string text = {};
    std::optional<db::receipts::Receipt> receipt = {};
    std::string portal_id = {};
    std::optional<db::deliveries::Lack> lack = {}; // held for want of entries in the portal's catalogues
};

/// The end of a conversation: one outcome for each record, and the class of the exchange that ended it.
struct Conclusion {
    bool exchanged = true; // false: nothing was sent, so nothing is known of the portal
    Reading reading = {};
    std::vector<RecordOutcome> records = {};
};

using Step = std::variant<Request, Freeze, Conclusion>;

/// The exchanges for one batch of one organization and one record type.
class Conversation {
public:
    virtual ~Conversation() = default;

    /// What to do next. After a `Request` comes `take`; after a `Freeze` comes `next` once it is stored; a `Conclusion`
    /// is the end.
    virtual Step next(Instant now) = 0;
    virtual void take(Answer const& answer, Instant now) = 0;
};

class Reconciliation;
class Catalogues;
class CatalogueFetch;

/// What is compared: records that the portal accepted from `from` on and before `to`.
struct ReconcileRange {
    Instant from = {};
    Instant to = {};
};

/// How far back the comparisons of every five minutes and of every night look; zero: there is none.
struct ReconcileReach {
    Duration fast{0};
    Duration daily{0};
};

class Target {
public:
    virtual ~Target() = default;

    virtual std::string const& name() const = 0;
    /// Where the handshake-only probe goes.
    virtual std::string probe_url() const = 0;
    /// At most so many records in one request.
    virtual std::size_t records_max() const = 0;
    virtual std::unique_ptr<Conversation> begin(std::vector<Record> records) = 0;
    /// Compares what the portal has with what it accepted; null when it cannot be asked.
    virtual std::unique_ptr<Reconciliation> reconcile(ReconcileRange range);
    virtual ReconcileReach reach() const { return {}; }
    /// What is known of the portal's catalogues; null when it has none.
    virtual Catalogues* catalogues() { return nullptr; }
    /// Fetches them; null when it has none.
    virtual std::unique_ptr<CatalogueFetch> fetch_catalogues();
};

} // namespace nguon::connector
