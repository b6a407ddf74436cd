#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// The portal as an EPCIS 2.0 repository: what it knows of events and capture jobs.
namespace nguon::practice_portal {

/// One event of a capture, as the portal reads it.
struct CapturedEvent {
    std::string id = {};
    bool declares_error = false;
    std::string digest = {}; // SHA-256 of its canonical JSON, hexadecimal
    std::string body = {};
};

/// A capture as it came: its events, and what is wrong with them as a list of problems.
struct CaptureRequest {
    std::vector<CapturedEvent> events = {};
    std::vector<std::string> faults = {}; // "eventID: what"
};

/// Nothing when the text is no EPCIS document of schema version 2.0 with events in it.
std::optional<CaptureRequest> read_capture(std::string_view text);

/// Part of the ledger; its entries are written there.
class EventBook {
public:
    /// An entry of the ledger takes effect: {"what":"captured","job","at","errors","events":[{"event","declaresError",
    /// "sha256","body"}]}.
    void take(nlohmann::json const& entry, std::vector<std::string>& violations);
    /// Loses an event with all that declares it wrong.
    void forget(std::string const& id);

    /// The same eventID twice is a duplicate, unless the later event declares the earlier one wrong.
    bool has(CapturedEvent const& event) const;
    std::size_t jobs() const { return jobs_.size(); }
    /// What GET /capture/{job} answers.
    std::optional<nlohmann::json> job(std::string const& id) const;
    /// Bodies of the event and of the declarations about it.
    std::vector<std::string> find(std::string const& id) const;
    std::string newest() const;

    /// [{"event","sha256","effects"}]
    nlohmann::json describe() const;

private:
    struct Effect {
        std::string digest = {};
        std::string body = {};
        int effects = 0;
    };

    static std::string key_of(std::string const& id, bool declares_error, std::string const& digest);

    std::map<std::string, std::map<std::string, Effect>> events_; // by id, then by key
    std::map<std::string, nlohmann::json> jobs_;
    std::vector<std::string> order_;
};

} // namespace nguon::practice_portal
