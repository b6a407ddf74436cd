#pragma once

#include "db/sqlite_connection.hpp"
#include "tests/connector/sim_network.hpp"
#include "tests/support/outbox_rows.hpp"

#include <map>
#include <set>

namespace nguon::connector::testing {

/// What enterprises write while the simulation runs, and the list of it that is kept outside the system.
class SimRecords {
public:
    SimRecords(db::SqliteConnection& c, SimPortal& portal, SeededRandom& random)
        : c_{c}, portal_{portal}, random_{random}
    {
    }

    bool drops_when_full = false; // a mutant
    bool calm = false;            // nothing is wrong with any record but the poisoned ones
    std::size_t poisoned = 0;     // so many events of those to come are refused for ever

    /// `firms` firms, some when 0, with a product and a place each; some the portal knows already, some products lack a
    /// picture.
    void begin(std::size_t firms, Instant at);
    /// A batch with events, a single event, or a new version of something.
    void add_some(Instant at);
    /// Somebody adds the picture that a product lacked.
    void complete_products(Instant at);
    /// Refused and parked records go again, after somebody looked at them.
    void requeue_stopped(Instant at);
    /// The portal works on some records.
    void make_busy();

    /// Whether the portal ever said that it does not take this record.
    bool may_be_refused(std::int64_t seq);
    /// Keys of the events that are refused for ever.
    std::set<std::string> const& never_taken() const { return never_taken_; }
    /// What was acknowledged to an enterprise and is not in the outbox in its last version.
    std::vector<std::string> missing_in_outbox() const;
    /// What was acknowledged to an enterprise and is not at the portal in its last version, or is in spite of a
    /// refusal.
    std::vector<std::string> missing_at_portal() const;

private:
    struct Firm {
        std::string org = {};
        bool lacks_picture = false;
        int batches = 0;
        int events = 0;
    };

    void add(Firm const& firm, std::string const& type, std::string const& id, std::vector<db::outbox::Parent> parents,
             nlohmann::json const& content, Instant at);
    void add_product(Firm const& firm, Instant at);
    void add_batch(Firm& firm, Instant at);
    void add_event(Firm& firm, Instant at);
    std::string key_of(std::string const& type, std::string const& id, std::int64_t version);
    void spoil(std::string const& type, std::string const& id, std::int64_t version);
    void poison_for_ever(std::string const& type, std::string const& id);

    db::SqliteConnection& c_;
    SimPortal& portal_;
    SeededRandom& random_;
    std::vector<Firm> firms_;
    std::map<std::pair<std::string, std::string>, std::int64_t> versions_; // acknowledged, by type and id
    std::set<std::string> spoilt_;                                         // keys
    std::set<std::string> never_taken_;                                    // keys
    std::set<std::pair<std::string, std::string>> poisoned_;               // type, id
};

} // namespace nguon::connector::testing
