#pragma once

#include "core/result.hpp"

#include <span>
#include <string>
#include <string_view>

/// The link types of the GS1 Web Vocabulary.
namespace nguon::server::app {

inline constexpr std::string_view vocabulary = "https://gs1.org/voc/";

/// The edition of the vocabulary that the table states.
inline constexpr std::string_view vocabulary_edition = "1.16";

struct LinkType {
    std::string_view name;
    std::string_view label; // the vocabulary's English one
};

/// The types that a link may have, in the order of their names. "defaultLink" and "defaultLinkMulti" are not among
/// them: which link is the default is said of a link, not by its type.
std::span<LinkType const> link_types();

/// The type of that name, or nullptr.
LinkType const* find_link_type(std::string_view name);

/// What `?linkType=` asks for, without the vocabulary's prefix: "https://gs1.org/voc/pip", "gs1:pip" and "pip" are
/// "pip"; "all" is "linkset". Types of other vocabularies stay as they are. Errors: invalid "resolver.link_type" {text}
/// for what cannot be a type's name.
Result<std::string> read_link_type(std::string_view text);

} // namespace nguon::server::app
