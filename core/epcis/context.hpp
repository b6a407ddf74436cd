#pragma once

#include "core/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace nguon::epcis {

/// The context document of EPCIS 2.0; it is never fetched, its meaning is built in.
inline constexpr std::string_view standard_context = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// The namespace of our own fields; its prefix is "nguon".
inline constexpr std::string_view own_namespace = "urn:nguon:epcis:";

/// A name with its namespace: "https://ns.example.com/epcis/" and "myField".
struct ExpandedName {
    std::string name_space = {};
    std::string local = {};

    bool operator==(ExpandedName const&) const = default;
};

/// What the prefixes and terms of a JSON-LD @context stand for. Addresses of context documents are kept and not
/// fetched; the standard's own prefixes (epcis, cbv, cbvmda, gs1, rdfs …) are known without being named. A document may
/// redefine prefixes, also protected ones, as published examples do; the standard's field names keep their meaning.
class Context {
public:
    /// The standard context alone.
    Context();

    /// Adds a @context value: an address, an object, or an array of both. Later definitions win. Faults:
    /// "epcis.context_form" for every part that is neither, "epcis.context_size" {max}.
    void add(nlohmann::json const& value, std::string_view pointer, std::vector<FieldError>& faults);

    /// What a member name stands for: a defined prefix with local name, a defined term, or a full IRI. Nothing for
    /// names the context does not explain.
    std::optional<ExpandedName> expand(std::string_view name) const;

    /// The namespace of a prefix; nothing when it is not defined.
    std::optional<std::string_view> find_prefix(std::string_view prefix) const;

    /// As it is written in events: an address, an object, or an array of them.
    nlohmann::json to_json() const;

private:
    void define(std::string const& term, nlohmann::json const& definition);
    std::string resolve(std::string_view iri) const;

    std::map<std::string, std::string, std::less<>> terms_; // prefix or term -> IRI
    std::string vocabulary_;                                // @vocab
    nlohmann::json parts_ = nlohmann::json::array();        // as they came, without repeats
};

} // namespace nguon::epcis
