#pragma once

#include "connector/practice_portal/effect.hpp"
#include "connector/practice_portal/event_book.hpp"
#include "connector/practice_portal/file_book.hpp"
#include "connector/practice_portal/wire.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon::practice_portal {

/// What the portal knows, kept as an append-only file of JSON lines. A line counts once it is synced; nothing is
/// answered before. Not safe for several threads.
class Ledger {
public:
    /// Replays the file. A torn last line (the power went while it was written) was never answered and is cut off.
    /// Errors: "portal.ledger_unreadable" {file}, "portal.ledger_damaged" {file, line}, conflict "portal.ledger_locked"
    /// {file} while another process has it.
    static Result<Ledger> open(std::filesystem::path const& file);
    ~Ledger();
    Ledger(Ledger&& other) noexcept;
    Ledger& operator=(Ledger&&) = delete;

    /// What became of a line: the state "CREATED" or "CONFIRMED" with the number, or an error word.
    struct Outcome {
        std::string state = {};
        std::string id = {};
        bool duplicate = false;
        std::string error = {};
        std::string text = {};
        std::string accepted_at = {}; // of a filed record
    };

    /// Applies one line, once per key: repeated with the same digest it answers as before, with another it is refused.
    Outcome apply(Line const& line, Instant now);

    struct Confirmed {
        std::string digest = {};
        std::string id = {};
        std::string accepted_at = {};
    };
    /// Errors: "ERR_KEY_UNKNOWN".
    Result<Confirmed> confirm(std::string const& key, Instant now);

    /// Numbers of the records with this GTIN or tax code.
    std::vector<std::string> look_up(std::string const& type, std::string const& value) const;

    /// A confirmed line.
    struct Held {
        std::string key = {};
        std::string digest = {};
        std::string type = {};
        std::string record = {};
        std::int64_t version = 0;
        std::string id = {};
        Instant at = {}; // accepted
    };
    /// Those accepted from `from` on and before `to`, in the order of their keys.
    std::vector<Held> held(Instant from, Instant to) const;

    /// A record that somebody entered at the portal itself; its number.
    std::string enter_by_hand(std::string const& type, std::string const& value, Instant now);

    /// The number of a picture that was sent before, by its SHA-256; empty: there is none.
    std::string picture_number(std::string const& sha256) const;
    /// A picture is there from now on; its number.
    std::string keep_picture(std::string const& sha256, std::size_t bytes, Instant now);

    /// Loses the newest confirmed record, as a portal restored from an old copy would.
    void forget_newest(Instant now);
    /// Changes what it holds under a key, as somebody with the portal's database in hand could; false when it has none.
    bool alter(std::string const& key, Instant now);

    /// Writes down a capture, with its events when there are no errors; the number of its job.
    std::string capture(std::vector<CapturedEvent> const& events, nlohmann::json const& errors, Instant now);
    EventBook const& events() const { return events_; }
    void forget_newest_event(Instant now);

    /// Applies one record of a bundle, by the same rules as a line.
    Outcome file(FiledRecord const& record, Instant now);
    void forget_newest_file(Instant now);

    /// Makes what was appended durable. A failing sync stops the program: what it would have answered cannot be
    /// trusted.
    void sync();

    /// For checks from outside: {"records":[{"key","sha256","type","record","version","id","confirmed","effects"}],
    /// "events":[…],"files":[…],"pictures":[{"sha256","id",
    /// "bytes"}],"violations":[…]}.
    nlohmann::json describe() const;

private:
    struct Written : Effect {
        std::string lookup = {};
        bool confirmed = false;
    };
    struct Head {
        std::string id = {};
        std::int64_t version = 0;
    };

    explicit Ledger(int file) : file_{file} {}
    Status replay(std::string const& text, std::filesystem::path const& file);
    bool take(nlohmann::json const& entry);
    void take_created(nlohmann::json const& entry);
    void take_forgotten(std::string const& key);
    void append(nlohmann::json const& entry);
    Outcome refuse_or_apply(Line const& line, Instant now);

    int file_ = -1;
    bool unsynced_ = false;
    std::int64_t next_number_ = 1;
    std::map<std::string, Written> effects_;                                          // by key
    std::map<std::pair<std::string, std::string>, Head> heads_;                       // by type and record
    std::map<std::string, std::string> types_;                                        // number → type
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> lookups_; // type, value → numbers
    std::vector<std::string> confirmed_;                                              // keys in order
    EventBook events_;
    FileBook files_;
    struct Picture {
        std::string id = {};
        std::size_t bytes = 0;
    };
    std::map<std::string, Picture> pictures_; // by SHA-256
    std::vector<std::string> violations_;
};

} // namespace nguon::practice_portal
