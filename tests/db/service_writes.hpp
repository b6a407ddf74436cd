#pragma once

#include "db/deliveries.hpp"
#include "db/operations.hpp"
#include "tests/db/crash_disk.hpp"

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The writes of the service, each in one transaction, and the memory of the clients who asked for them.
namespace nguon::testing {

/// What is wrong on purpose; the checks must notice each.
enum class Defect { none, sync_normal, sync_off, sync_lies, early_answer, outbox_apart };

using Work = std::function<Result<db::OperationAnswer>(db::Connection&)>;

inline constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

/// One write as its client remembers it.
struct LedgerEntry {
    db::Operation operation = {};
    Work work = {};
    bool asks_again = true;                 // the connector does not: it looks at the tables anew
    db::OperationAnswer answer = {};        // what the work said; the client knows it from `answered_at` on
    std::vector<std::string> messages = {}; // that it wrote for the portals: "batch ID 2"
    std::int64_t delivered = 0;             // deliveries that it settled
    std::size_t answered_at = never;        // how many things the disk had been asked to do by then
    std::string error = {};                 // the key of the error that the client got instead

    /// From the answer's body, where the work noted them.
    void note(db::OperationAnswer const& given);
    bool succeeded_by(std::size_t operations) const { return error.empty() && answered_at <= operations; }
};
using Ledger = std::vector<LedgerEntry>;

/// The targets of the installation.
inline constexpr char const* portals[] = {"most", "file"};

/// An installation's ground: two targets, three organizations with a product each, all of them announced.
void add_ground(db::Connection& c);
inline constexpr std::int64_t ground_messages = 6;

/// Makes up writes: batches, their changes, events, photographs, deliveries, and some that are refused.
class ServiceWrites {
public:
    explicit ServiceWrites(Defect defect = Defect::none) : defect_{defect} {}

    LedgerEntry next(Chance& chance);
    LedgerEntry batch(Chance& chance, bool is_refused = false);
    LedgerEntry change(Chance& chance);
    LedgerEntry event(Chance& chance);
    LedgerEntry photo(Chance& chance);
    LedgerEntry claim();
    LedgerEntry settle();

    /// After a start: the connector forgets what it had claimed and gets a new epoch.
    void restart();

    /// Work that the defect left out of its transaction, to be done in the next one.
    std::vector<Work> take_apart() { return std::exchange(*apart_, {}); }

private:
    struct Connector {
        std::int64_t epoch = 0;
        std::vector<db::deliveries::Claimed> claimed = {};
    };

    LedgerEntry asked(Work work);

    Defect defect_;
    int number_ = 0;
    std::int64_t epoch_ = 0;
    std::shared_ptr<Connector> connector_ = std::make_shared<Connector>();
    std::shared_ptr<std::vector<Work>> apart_ = std::make_shared<std::vector<Work>>();
};

/// Lets the numbers that every process draws anew, those of `new_uuid` and of SQLite's log, come from the seed. The
/// tests are linked so that this works (tests/CMakeLists.txt).
void repeat_from(std::uint64_t seed);

} // namespace nguon::testing
