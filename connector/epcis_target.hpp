#pragma once

#include "connector/target.hpp"
#include "core/limits.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace nguon::connector {

struct EpcisSettings {
    std::string name = "epcis";
    std::string base_url = {};                   // "https://host:port"
    std::string base_path = {};                  // in front of /capture and /events; empty or begins with "/"
    std::string secret_header = "Authorization"; // with `secret`
    std::string secret = {};                     // empty: the certificate is all that is shown
    std::size_t records_max = limits::delivery_batch_records_max;
};

/// Any repository with EPCIS 2.0's capture interface. Takes events; a capture is rolled back when one of its events is
/// at fault, and counts only when its job has ended well or the event can be read back. Nothing is captured a second
/// time as long as the repository keeps eventIDs unique: what may have arrived is asked for before it is sent again.
class EpcisTarget final : public Target {
public:
    explicit EpcisTarget(EpcisSettings settings);

    std::string const& name() const override { return settings_.name; }
    std::string probe_url() const override { return settings_.base_url; }
    std::size_t records_max() const override { return settings_.records_max; }
    std::unique_ptr<Conversation> begin(std::vector<Record> records) override;
    std::unique_ptr<Reconciliation> reconcile(ReconcileRange range) override;
    /// A question for each event is for nights only.
    ReconcileReach reach() const override { return {Duration{0}, std::chrono::hours{26}}; }

    /// With the secret. `path` is whole.
    Request request(http::Method method, std::string path) const;
    Request event_request(std::string const& event_id) const;

private:
    friend class EpcisConversation;

    EpcisSettings settings_;
    std::set<std::string> absent_; // keys that were refused for certain, so that halving a batch asks for none of them
};

} // namespace nguon::connector
