#pragma once

#include "connector/target.hpp"
#include "db/portal_catalogues.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// A portal's own words for values of ours: what was fetched from it, and what people matched. Pure.
namespace nguon::connector {

class Catalogues {
public:
    /// What the store knows; replaces everything.
    void load(db::portal_catalogues::Known known);
    /// One that has just come from the portal.
    void take(db::portal_catalogues::Fetched const& fetched);

    std::int64_t revision() const { return revision_; }
    /// Whether the portal was asked for it, with or without entries to show for it.
    bool is_known(std::string const& catalogue) const { return codes_.contains(catalogue); }
    /// The portal's code for a value: the entry that a person matched, or the one with that very code. A catalogue that
    /// is unknown, absent or empty has nothing to say, and the value goes as it stands. Nothing: there is no entry.
    std::optional<std::string> code_of(std::string const& catalogue, std::string const& value) const;

private:
    using Texts = std::map<std::string, std::string, std::less<>>;

    std::int64_t revision_ = 0;
    std::map<std::string, Texts> codes_;                                // catalogue → code → name
    std::map<std::string, std::map<std::string, std::string>> matches_; // catalogue → value → code
};

/// Fetching all catalogues of a portal. Like a conversation, but nothing of it changes anything there. No I/O.
class CatalogueFetch {
public:
    /// `fault` is empty when every catalogue was fetched, or the portal said that it has none of that name.
    struct End {
        std::string fault = {};
        std::vector<db::portal_catalogues::Fetched> catalogues = {};
    };
    using Step = std::variant<Request, End>;

    virtual ~CatalogueFetch() = default;
    /// After a `Request` comes `take`; an `End` is the end.
    virtual Step next(Instant now) = 0;
    virtual void take(Answer const& answer, Instant now) = 0;
};

} // namespace nguon::connector
