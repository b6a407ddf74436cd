#pragma once

#include "connector/most_settings.hpp"
#include "connector/practice_portal/receipt_signer.hpp"
#include "connector/target.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace nguon::connector::testing {

/// A portal in memory that speaks the wire of `most`. It counts what was done to it and writes down what should never
/// happen: two effects of one key, other bytes under a key, versions out of order, children before their parents.
class SimPortal {
public:
    SimPortal(MostSettings settings, practice_portal::ReceiptSigner signer)
        : settings_{std::move(settings)}, signer_{std::move(signer)}
    {
    }

    /// What it answers to a request that reaches it whole.
    Answer handle(Request const& request, Instant now);
    bool is_sign_in(Request const& request) const { return request.path == settings_.token_path; }
    bool is_catalogue(Request const& request) const;
    /// Sign-ins that it gave out are worth nothing any more.
    void forget_token() { token_.clear(); }
    /// Somebody entered a record at the portal itself, before we knew of it.
    void enter_by_hand(std::string const& type, std::string const& value);

    std::set<std::string> poison;        // keys that are refused for what they say
    std::set<std::string> breaking;      // keys that bring the portal down
    std::set<std::string> busy;          // keys whose record somebody is working on at present
    bool refuses_all = false;            // a release that takes nothing any more
    bool has_refused_all = false;        // it met a record; its answer may come when it is over
    std::vector<std::string> violations; // what should never happen
    std::uint64_t requests = 0;          // but for sign-ins

    struct Effect {
        std::string digest = {};
        std::string id = {};
        bool confirmed = false;
    };
    std::map<std::string, Effect> const& effects() const { return effects_; } // by key
    /// The version that the portal shows of a record, 0: none.
    std::int64_t version_of(std::string const& type, std::string const& id) const;

private:
    struct Head {
        std::string id = {};
        std::int64_t version = 0;
    };
    using Json = nlohmann::json;

    Answer take_picture(std::string const& sha256);
    Answer look_up(std::string const& type, MostResource const& resource, std::string const& value) const;
    Answer write(std::string const& type, MostResource const& resource, std::string const& body);
    Answer confirm(std::string const& body, Instant now);
    Json write_line(std::string const& type, MostResource const& resource, std::string const& line);
    Json apply(std::string const& type, MostResource const& resource, Json const& line, std::string const& digest);
    void check_parents(Json const& data, std::string const& own_field, std::string const& key);

    MostSettings settings_;
    practice_portal::ReceiptSigner signer_;
    std::string token_;
    int tokens_ = 0;
    int numbers_ = 0;
    std::map<std::string, Effect> effects_;
    std::map<std::pair<std::string, std::string>, Head> heads_;                       // type, our id
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> lookups_; // type, value → numbers
    std::set<std::string> known_;                                                     // numbers
};

} // namespace nguon::connector::testing
