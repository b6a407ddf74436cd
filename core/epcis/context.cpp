#include "core/epcis/context.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <array>

namespace nguon::epcis {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view gs1_vocabulary = "https://ref.gs1.org/voc/";
constexpr std::array gs1_vocabulary_spellings{"https://gs1.org/voc/"sv, "http://gs1.org/voc/"sv,
                                              "https://www.gs1.org/voc/"sv, "http://www.gs1.org/voc/"sv};

/// A namespace and a local name cut out of a full IRI.
ExpandedName split_iri(std::string_view iri)
{
    auto const cut = iri.find_last_of("/#");
    auto const at = cut == std::string_view::npos ? iri.rfind(':') : cut;
    if (at == std::string_view::npos) return {{}, std::string{iri}};
    return {std::string{iri.substr(0, at + 1)}, std::string{iri.substr(at + 1)}};
}

bool is_full_iri(std::string_view name, std::size_t colon)
{
    return name.substr(colon + 1).starts_with("//") || name.starts_with("urn:");
}

} // namespace

Context::Context()
{
    // The event hash of the standard writes the attributes' namespace without a colon at its end.
    terms_ = {{"epcis", "https://ref.gs1.org/epcis/"},
              {"cbv", "https://ref.gs1.org/cbv/"},
              {"cbvmda", "urn:epcglobal:cbv:mda"},
              {"gs1", std::string{gs1_vocabulary}},
              {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
              {"owl", "http://www.w3.org/2002/07/owl#"},
              {"xsd", "http://www.w3.org/2001/XMLSchema#"},
              {"dcterms", "http://purl.org/dc/terms/"}};
}

void Context::add(nlohmann::json const& value, std::string_view pointer, std::vector<FieldError>& faults)
{
    if (value.is_array()) {
        std::size_t index = 0;
        for (auto const& part : value) {
            auto const place = std::string{pointer}.append("/").append(std::to_string(index++));
            if (part.is_array())
                faults.push_back({place, "epcis.context_form", {}});
            else
                add(part, place, faults);
        }
        return;
    }
    if (!value.is_string() && !value.is_object()) {
        faults.push_back({std::string{pointer}, "epcis.context_form", {}});
        return;
    }
    if (std::find(parts_.begin(), parts_.end(), value) == parts_.end()) parts_.push_back(value);
    if (value.is_string()) return;
    if (terms_.size() + value.size() > limits::epcis_context_terms_max) {
        faults.push_back(
            {std::string{pointer}, "epcis.context_size", {std::to_string(limits::epcis_context_terms_max)}});
        return;
    }
    for (auto const& [term, definition] : value.items()) {
        auto const* iri = &definition;
        if (definition.is_object() && definition.contains("@id")) iri = &definition.at("@id");
        if (iri->is_string())
            define(term, *iri);
        else if (!definition.is_object() && !definition.is_null() && !term.starts_with('@'))
            faults.push_back({std::string{pointer} + pointer_step(term), "epcis.context_form", {}});
    }
}

void Context::define(std::string const& term, nlohmann::json const& definition)
{
    auto iri = resolve(definition.get_ref<std::string const&>());
    if (term == "@vocab")
        vocabulary_ = std::move(iri);
    else if (!term.starts_with('@'))
        terms_.insert_or_assign(term, std::move(iri));
}

std::string Context::resolve(std::string_view iri) const
{
    auto const colon = iri.find(':');
    if (colon != std::string_view::npos && !is_full_iri(iri, colon)) {
        if (auto const prefix = find_prefix(iri.substr(0, colon)))
            return std::string{*prefix}.append(iri.substr(colon + 1));
    }
    for (auto const spelling : gs1_vocabulary_spellings) {
        if (iri.starts_with(spelling)) return std::string{gs1_vocabulary}.append(iri.substr(spelling.size()));
    }
    return std::string{iri};
}

std::optional<std::string_view> Context::find_prefix(std::string_view prefix) const
{
    auto const found = terms_.find(prefix);
    if (found == terms_.end()) return std::nullopt;
    return std::string_view{found->second};
}

std::optional<ExpandedName> Context::expand(std::string_view name) const
{
    auto const colon = name.find(':');
    if (colon == std::string_view::npos) {
        if (auto const iri = find_prefix(name)) return split_iri(*iri);
        if (vocabulary_.empty() || name.empty() || name.starts_with('@')) return std::nullopt;
        return ExpandedName{vocabulary_, std::string{name}};
    }
    if (is_full_iri(name, colon)) return split_iri(resolve(name));
    if (colon == 0 || colon + 1 == name.size()) return std::nullopt;
    auto const prefix = find_prefix(name.substr(0, colon));
    if (!prefix) return std::nullopt;
    return ExpandedName{std::string{*prefix}, std::string{name.substr(colon + 1)}};
}

nlohmann::json Context::to_json() const
{
    if (parts_.empty()) return standard_context;
    return parts_.size() == 1 ? parts_.front() : parts_;
}

} // namespace nguon::epcis
