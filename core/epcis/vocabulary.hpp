#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The words of the Core Business Vocabulary 2.0 and of the GS1 web vocabulary that events use.
namespace nguon::epcis {

enum class Vocabulary {
    biz_step,
    disposition,
    transaction_type,
    source_destination_type,
    error_reason,
    component,
    measurement,  // what a sensor reports: "Temperature"
    sensor_alert, // "ALARM_CONDITION"
};

/// How one word can be written: "receiving", "urn:epcglobal:cbv:bizstep:receiving",
/// "https://ref.gs1.org/cbv/BizStep-receiving". Measurements and alerts have no URN; theirs is "gs1:Temperature".
enum class Spelling { bare, urn, web_uri };

struct Word {
    std::string_view bare = {}; // lives as long as the program
    Spelling spelling = Spelling::bare;

    bool operator==(Word const&) const = default;
};

/// All words of a vocabulary, bare, in alphabetical order.
std::span<std::string_view const> words_of(Vocabulary vocabulary);

/// The word that `text` spells in any of the three ways, or as the compact "cbv:BizStep-receiving"; http and https,
/// ref.gs1.org, ns.gs1.org, gs1.org and www.gs1.org are taken alike. Nothing for every other text.
std::optional<Word> recognise(Vocabulary vocabulary, std::string_view text);

/// Writes the bare word `bare` (known or not) in one spelling.
std::string spell(Vocabulary vocabulary, std::string_view bare, Spelling spelling);

/// Both texts spell the same word, or are the same text.
bool same_word(Vocabulary vocabulary, std::string_view a, std::string_view b);

/// The Web URI when `text` has the form of a CBV URN of any vocabulary, known word or not; otherwise nothing.
std::optional<std::string> web_uri_of_urn(std::string_view text);

} // namespace nguon::epcis
