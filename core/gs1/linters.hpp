#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nguon::gs1 {

/// The character sets of the General Specifications §7.11: digits, 82 characters, 39 characters, base64url.
enum class Charset : std::uint8_t { digits, cset82, cset39, base64url };

/// What a code can break. First the rules on one component, whose names are those of the GS1 syntax dictionary, then
/// those on the code as a whole.
enum class Rule : std::uint8_t {
    none,
    too_short, // the first four are about the form and come from `check_value` itself
    too_long,
    characters,
    empty,
    check_digit,       // csum
    check_pair,        // csumalpha
    prefix_at_1,       // gcppos1: at least four digits of a company prefix at the front
    prefix_at_2,       // gcppos2: the same behind one digit
    date,              // yymmdd
    date_day_zero,     // yymmd0: day 00 stands for the end of the month
    date_long,         // yyyymmdd
    hour_minute,       // hhmi
    hour,              // hh
    minute,            // mi
    second,            // ss
    not_zero,          // nonzero
    zero,              // zero
    no_leading_zero,   // nozeroprefix
    has_letter,        // hasnondigit
    yes_no,            // yesno
    sex,               // iso5218
    latitude,          // latitude
    longitude,         // longitude
    minus,             // hyphen
    winding,           // winding
    piece_of_total,    // pieceoftotal
    place_in_sequence, // posinseqslash
    percent_escapes,   // pcenc
    importer_index,    // importeridx
    media_type,        // mediatype
    country,           // iso3166: three digits
    country_or_999,    // iso3166999
    country_letters,   // iso3166alpha2
    currency,          // iso4217: three digits
    bank_account,      // iban
    package_type,      // packagetype
    coupon,            // couponcode
    coupon_offer,      // couponposoffer
    padding,           // "=" behind base64url

    syntax, // from here on about the code: verdict.hpp says what each finding carries
    no_data,
    code_too_long,
    too_many,
    ai_unknown,
    repeated,
    needs,
    excludes,
    serial_missing,
    no_start,
    unknown_form,
    symbology_plain,
    symbology_unknown,
    symbol_digits,
    gtin_digits,
    gtin_length,
    gtin_check,
    link_scheme,
    link_host,
    link_no_key,
    link_escape,
    link_path,
    link_slash,
    link_order,
    link_belongs_in_path,
    link_not_in_query,
    link_query_ai,
    link_repeated,
    link_too_long,
};

/// The dictionary's name of a rule: "csum", "yymmd0", "req", "ex" …; "format" for length and characters, "syntax",
/// "symbology" and "link" for what the dictionary does not speak of.
std::string_view rule_name(Rule rule);

/// The catalogue key of the sentence for a broken rule: "gs1.check_digit" …
std::string_view rule_key(Rule rule);

/// npos when every character belongs to the set, else the place of the first that does not.
std::size_t find_outside(Charset charset, std::string_view text);

/// True when `text`, which has the right characters and length, keeps the rule.
bool keeps(Rule rule, std::string_view text);

/// The two check characters of a GMN (8013) or MUDI (8014) for the text before them; CSET 82, at most 23 characters.
std::string check_pair(std::string_view text);

} // namespace nguon::gs1
