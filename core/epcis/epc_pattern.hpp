#pragma once

#include "core/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::epcis {

/// What a MATCH_ parameter asks for (EPCIS 2.0 §8.2.7.1.1): one thing in any of its spellings, or an EPC pattern.
class EpcPattern {
public:
    /// Takes a URI, an EPC URN or Digital Link (one thing); "urn:epc:idpat:sgtin:0614141.107346.*" with stars for the
    /// last parts; a Digital Link whose last value is a star. Stars elsewhere are part of a name.
    /// Errors: "epcis.query.pattern" {text}.
    static Result<EpcPattern> read(std::string_view text);

    /// `uri` as the event spells it, `canonical` of `canonical_identifier`.
    bool matches(std::string_view uri, std::string_view canonical) const;

    /// The canonical identifier when the pattern asks for one thing.
    std::optional<std::string> const& exact() const { return exact_; }

    /// The `pattern_key` that every match has; empty when there is none, as for "urn:epc:idpat:sgtin:0614141.*.*".
    std::string const& key() const { return key_; }

private:
    bool matches_urn(std::string_view uri) const;
    bool matches_link(std::string_view canonical) const;

    std::optional<std::string> exact_ = {};
    std::string class_link_ = {};         // "https://id.gs1.org/01/…": the class itself and what is below it
    std::string scheme_ = {};             // "sgtin"
    std::vector<std::string> parts_ = {}; // in front of the stars
    std::string key_ = {};
};

/// Under which key a thing is found by patterns: its class; "" for things without one.
std::string pattern_key(std::string_view canonical);

} // namespace nguon::epcis
