#pragma once

#include "connector/practice_portal/faults.hpp"
#include "connector/practice_portal/ledger.hpp"
#include "connector/practice_portal/receipt_signer.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace nguon::practice_portal {

/// Takes signed bundles from DIRECTORY/outgoing and leaves signed receipts in DIRECTORY/incoming. A bundle goes away
/// once its receipts lie there; until then it is read again, and its records answer as before.
class DropDesk {
public:
    /// `sender_key`: PEM of the Ed25519 key that bundles are signed with. Errors: "portal.data_dir" {directory},
    /// "receipt.key_unreadable" {file}.
    static Result<DropDesk> open(std::filesystem::path directory, std::filesystem::path const& sender_key);

    /// Looks once. Faults of the plan are asked for with "/drop/NAME".
    void serve(Ledger& ledger, ReceiptSigner const& signer, FaultPlan& faults, Instant now);

private:
    DropDesk(std::filesystem::path directory, ed25519::PublicKey sender_key)
        : directory_{std::move(directory)}, sender_key_{std::move(sender_key)}
    {
    }

    void take_bundle(std::string const& name, Ledger& ledger, ReceiptSigner const& signer, PlannedFault const& fault,
                     Instant now);

    std::filesystem::path directory_;
    ed25519::PublicKey sender_key_;
    std::set<std::string> rejected_; // names whose signature or digest was wrong, told once
};

} // namespace nguon::practice_portal
