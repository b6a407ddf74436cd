#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Fields by which a client says what it would rather have (RFC 9110 §12.5).
namespace nguon::server {

struct WeightedWord {
    std::string word = {}; // lower case
    int weight = 1000;     // of 1000
};

/// The items of an Accept field of any kind, at most thirty-two.
std::vector<WeightedWord> read_weighted(std::string_view header);

/// The quality (0 … 1000) that Accept gives to this very type; -1 when it does not name it: "*/*" names nothing.
int named_quality(std::string_view accept, std::string_view media_type);

/// How much `media_type` ("text/html") is wanted by an Accept header, 0 to 1000; -1 when the header is empty.
int accept_quality(std::string_view accept, std::string_view media_type);

/// The quality (0 … 1000) that Accept-Language gives to a language (RFC 4647 §3.4): "vi-VN" fits "vi" and the other way
/// round; "*" asks for what any other language gets.
int language_quality(std::string_view accept_language, std::string_view language);

/// True when Accept-Encoding takes `coding` ("br", "gzip") with a quality above 0.
bool accepts_encoding(std::string_view accept_encoding, std::string_view coding);

/// "vi" or "en": `?lang=`, else what the account chose, else the first of the two in Accept-Language, else "vi".
std::string choose_language(std::string_view asked, std::string_view of_account, std::string_view accept_language);

} // namespace nguon::server
