#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"
#include "db/receipts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Everything that was delivered, as a Merkle log: who has once seen a signed root notices any later change of what
/// stood before it. Entries hold digests and the portal's numbers, no personal data and no content.
namespace nguon::db::delivery_log {

/// What was delivered, as its entry names it.
struct Delivered {
    std::string type = {};
    std::string id = {};
    std::int64_t version = 0;
    std::string key = {};
    std::string record_sha256 = {};
    std::string sent_sha256 = {};
};
/// Canonical JSON: record, version, digests, the portal's number and times.
std::string entry_text(std::string const& target, Delivered const& delivered, receipts::Receipt const& receipt);

struct NewEntry {
    std::string target = {};
    std::int64_t outbox_seq = 0;
    std::string text = {};
};
/// Puts deliveries behind the others, in this order; called where their receipts are stored, in that transaction.
void append(Connection& c, std::vector<NewEntry> const& entries);
/// The same for one whose receipt is stored.
void append(Connection& c, std::string const& target, std::int64_t outbox_seq);

/// The same for receipts of before there was a log, oldest first; how many were put in, at most `count`.
std::int64_t append_missing(Connection& c, std::int64_t count);

std::uint64_t size(Connection& c);
/// The root of the first `size` entries.
std::string root(Connection& c, std::uint64_t size);

/// Since when the oldest entry waits that no checkpoint covers.
std::optional<Instant> unsigned_since(Connection& c);

struct Entry {
    std::uint64_t index = 0;
    std::string target = {};
    std::int64_t outbox_seq = 0;
    std::string text = {};
};

/// Nothing when it was not delivered.
std::optional<Entry> find(Connection& c, std::string const& target, std::int64_t outbox_seq);
/// `count` entries from `index` on.
std::vector<Entry> list(Connection& c, std::uint64_t index, std::int64_t count);
/// What the entry of a delivery must say by the records as they are now; "" when there is no such delivery.
std::string entry_by_records(Connection& c, std::string const& target, std::int64_t outbox_seq);

/// merkle::inclusion_proof and merkle::consistency_proof over the stored log.
std::vector<std::string> inclusion_proof(Connection& c, std::uint64_t index, std::uint64_t size);
std::vector<std::string> consistency_proof(Connection& c, std::uint64_t old_size, std::uint64_t size);

struct Checkpoint {
    std::uint64_t size = 0;
    std::string root = {};
    std::string note = {};
    Instant signed_at = {};
};

/// Adds one, or replaces the note of the same size when a witness has signed it too.
void put(Connection& c, Checkpoint const& checkpoint);
/// The same note with a cosignature beneath. Errors: not_found "checkpoint.format" when there is none of this size.
Status cosign(Connection& c, std::uint64_t size, std::string const& note);
/// Since when new checkpoints bear no second signature any more, while an earlier one bears one.
std::optional<Instant> unwitnessed_since(Connection& c);
std::optional<Checkpoint> newest_checkpoint(Connection& c);
/// The first one that covers entry `index`.
std::optional<Checkpoint> checkpoint_of(Connection& c, std::uint64_t index);
/// All, oldest first.
std::vector<Checkpoint> checkpoints(Connection& c);

} // namespace nguon::db::delivery_log
