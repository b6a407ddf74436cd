#pragma once

#include "connector/receipt_keys.hpp"
#include "core/checkpoint.hpp"
#include "core/signed_note.hpp"
#include "db/database.hpp"
#include "db/delivery_log.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json_fwd.hpp>

/// Signed roots of the delivery log, and how anybody checks them.
namespace nguon::connector {

/// The log's name in the world: it never changes, whatever host it is served from.
std::string log_origin(std::string const& installation_id);

/// Signs the present root when the log has grown since the last checkpoint. True when it signed.
bool sign_checkpoint(db::Connection& c, NoteSigner const& signer, Instant now);

/// Entries for deliveries of before there was a log, a few at a time. Errors: "sync.fenced" when the lease has gone,
/// those of the database.
boost::asio::awaitable<Status> complete_log(db::Database& database, std::int64_t epoch);

/// Checks a proof of one delivery (app::make_proof) without us. With `portal_keys` the portal's signature, too. Errors:
/// "proof.format" {member}, "proof.digest" {member}, "proof.inclusion", "proof.log" when the checkpoint is of another
/// log, those of NoteVerifier::open, read_checkpoint and ReceiptKeys::verify.
Status verify_proof(nlohmann::json const& proof, std::span<NoteVerifier const> log_keys,
                    ReceiptKeys const& portal_keys);

/// One thing that does not add up.
using Finding = std::function<void(std::string const& what, std::uint64_t index)>;

struct LogSummary {
    std::uint64_t entries = 0;
    std::uint64_t checkpoints = 0;
    std::uint64_t covered = 0;   // entries before the newest checkpoint
    std::string root = {};       // of all entries, raw
    std::uint64_t witnessed = 0; // of `covered`, under a checkpoint that a witness signed for
};

/// Reads the whole log: every entry against the records it stands for, every checkpoint against the entries. `kept` is
/// a checkpoint that was kept elsewhere, "" for none: it shows a history that was written anew, log key and all.
/// Findings: "numbering", "record_changed", "root", "signature", "shrunk", "kept_checkpoint", and with
/// `witness_keys` "unwitnessed" when none of these has signed for any checkpoint.
LogSummary verify_log(db::Connection& c, std::span<NoteVerifier const> log_keys,
                      std::span<NoteVerifier const> witness_keys, std::string_view kept, Finding const& finding);

} // namespace nguon::connector
