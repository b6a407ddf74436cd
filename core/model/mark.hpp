#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon {

/// Who vouches for a fact.
enum class MarkKind {
    self_declared, // the enterprise says so
    evidenced,     // a document is attached
    confirmed,     // an authority or a certifying body says so
};

struct Mark {
    MarkKind kind = MarkKind::self_declared;
    std::string confirmed_by = {};          // name of the body, when confirmed
    std::string at = {};                    // ISO time, when evidenced or confirmed
    std::vector<std::string> evidence = {}; // SHA-256 of the files

    bool operator==(Mark const&) const = default;
};

/// Field name → mark. A field that is not named is self-declared.
using Marks = std::map<std::string, Mark>;

std::string_view to_text(MarkKind kind);
MarkKind read_mark_kind(std::string_view text); // unknown words are self-declared
nlohmann::json to_json(Marks const& marks);
Marks read_marks(nlohmann::json const& json);

} // namespace nguon
