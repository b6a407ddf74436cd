#include "core/gs1/linters.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/gs1/code_lists.hpp"
#include "core/gs1/coupon.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace nguon::gs1 {
namespace {

struct RuleText {
    Rule rule;
    std::string_view name;
    std::string_view key;
};

constexpr RuleText rule_texts[] = {
    {Rule::none, "", "internal"},
    {Rule::too_short, "format", "gs1.too_short"},
    {Rule::too_long, "format", "gs1.too_long"},
    {Rule::characters, "format", "gs1.characters"},
    {Rule::empty, "format", "gs1.empty"},
    {Rule::check_digit, "csum", "gs1.check_digit"},
    {Rule::check_pair, "csumalpha", "gs1.check_pair"},
    {Rule::prefix_at_1, "gcppos1", "gs1.company_prefix"},
    {Rule::prefix_at_2, "gcppos2", "gs1.company_prefix"},
    {Rule::date, "yymmdd", "gs1.date"},
    {Rule::date_day_zero, "yymmd0", "gs1.date"},
    {Rule::date_long, "yyyymmdd", "gs1.date_long"},
    {Rule::hour_minute, "hhmi", "gs1.time"},
    {Rule::hour, "hh", "gs1.time"},
    {Rule::minute, "mi", "gs1.time"},
    {Rule::second, "ss", "gs1.time"},
    {Rule::not_zero, "nonzero", "gs1.not_zero"},
    {Rule::zero, "zero", "gs1.zero"},
    {Rule::no_leading_zero, "nozeroprefix", "gs1.leading_zero"},
    {Rule::has_letter, "hasnondigit", "gs1.has_letter"},
    {Rule::yes_no, "yesno", "gs1.yes_no"},
    {Rule::sex, "iso5218", "gs1.sex"},
    {Rule::latitude, "latitude", "gs1.latitude"},
    {Rule::longitude, "longitude", "gs1.longitude"},
    {Rule::minus, "hyphen", "gs1.minus"},
    {Rule::winding, "winding", "gs1.winding"},
    {Rule::piece_of_total, "pieceoftotal", "gs1.piece_of_total"},
    {Rule::place_in_sequence, "posinseqslash", "gs1.sequence"},
    {Rule::percent_escapes, "pcenc", "gs1.percent_escapes"},
    {Rule::importer_index, "importeridx", "gs1.importer_index"},
    {Rule::media_type, "mediatype", "gs1.media_type"},
    {Rule::country, "iso3166", "gs1.country"},
    {Rule::country_or_999, "iso3166999", "gs1.country"},
    {Rule::country_letters, "iso3166alpha2", "gs1.country"},
    {Rule::currency, "iso4217", "gs1.currency"},
    {Rule::bank_account, "iban", "gs1.bank_account"},
    {Rule::package_type, "packagetype", "gs1.package_type"},
    {Rule::coupon, "couponcode", "gs1.coupon"},
    {Rule::coupon_offer, "couponposoffer", "gs1.coupon"},
    {Rule::padding, "format", "gs1.padding"},
    {Rule::syntax, "syntax", "gs1.syntax"},
    {Rule::no_data, "syntax", "gs1.no_data"},
    {Rule::code_too_long, "syntax", "code.too_long"},
    {Rule::too_many, "syntax", "gs1.too_many"},
    {Rule::ai_unknown, "ai", "gs1.ai_unknown"},
    {Rule::repeated, "repeated", "gs1.repeated"},
    {Rule::needs, "req", "gs1.needs"},
    {Rule::excludes, "ex", "gs1.excludes"},
    {Rule::serial_missing, "serial", "gs1.serial_missing"},
    {Rule::no_start, "syntax", "gs1.no_start"},
    {Rule::unknown_form, "syntax", "code.unknown"},
    {Rule::symbology_plain, "symbology", "gs1.symbology_plain"},
    {Rule::symbology_unknown, "symbology", "gs1.symbology_unknown"},
    {Rule::symbol_digits, "symbology", "gs1.symbol_digits"},
    {Rule::gtin_digits, "format", "gtin.digits"},
    {Rule::gtin_length, "format", "gtin.length"},
    {Rule::gtin_check, "csum", "gtin.check_digit"},
    {Rule::link_scheme, "link", "link.scheme"},
    {Rule::link_host, "link", "link.host"},
    {Rule::link_no_key, "link", "link.no_key"},
    {Rule::link_escape, "link", "link.escape"},
    {Rule::link_path, "link", "link.path"},
    {Rule::link_slash, "link", "link.slash"},
    {Rule::link_order, "link", "link.qualifier_order"},
    {Rule::link_belongs_in_path, "link", "link.belongs_in_path"},
    {Rule::link_not_in_query, "link", "link.not_in_query"},
    {Rule::link_query_ai, "link", "link.query_ai"},
    {Rule::link_repeated, "link", "link.repeated"},
    {Rule::link_too_long, "link", "link.too_long"},
};

constexpr bool follows_enum()
{
    for (std::size_t i = 0; i < std::size(rule_texts); ++i) {
        if (static_cast<std::size_t>(rule_texts[i].rule) != i) return false;
    }
    return true;
}
static_assert(follows_enum());

RuleText const& text_of(Rule rule) { return rule_texts[static_cast<std::size_t>(rule)]; }

/// CSET 82 in the order of its check character values (General Specifications, table of CSET 82).
constexpr std::string_view cset82 =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
static_assert(cset82.size() == 82);

using Bits = std::array<std::uint8_t, 256>; // one bit a charset

constexpr void mark(Bits& bits, std::string_view chars, Charset charset)
{
    for (char const c : chars) {
        bits[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(charset));
    }
}

constexpr Bits members = [] {
    Bits bits{};
    mark(bits, "0123456789", Charset::digits);
    mark(bits, cset82, Charset::cset82);
    mark(bits, "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", Charset::cset39);
    mark(bits, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz", Charset::base64url);
    return bits;
}();

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }

int number(std::string_view digits)
{
    int value = 0;
    for (char const c : digits) value = value * 10 + (c - '0');
    return value;
}

bool all_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

int days_in(int month, bool leap)
{
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap ? 29 : days[month - 1];
}

bool is_day(int month, int day, bool leap, bool zero_allowed)
{
    if (month < 1 || month > 12) return false;
    if (day == 0) return zero_allowed;
    return day <= days_in(month, leap);
}

bool is_short_date(std::string_view text, bool zero_allowed)
{
    // Two digits of a year mean 1972 to 2071, where every fourth year is a leap year, 2000 included.
    bool const leap = number(text.substr(0, 2)) % 4 == 0;
    return is_day(number(text.substr(2, 2)), number(text.substr(4, 2)), leap, zero_allowed);
}

bool is_long_date(std::string_view text)
{
    int const year = number(text.substr(0, 4));
    bool const leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return is_day(number(text.substr(4, 2)), number(text.substr(6, 2)), leap, false);
}

bool has_prefix(std::string_view text, std::size_t from)
{
    constexpr std::size_t digits_min = 4;
    if (text.size() < from + digits_min) return false;
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from),
                       text.begin() + static_cast<std::ptrdiff_t>(from + digits_min), is_digit);
}

bool has_whole_escapes(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') continue;
        if (text.size() - i < 3 || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
        i += 2;
    }
    return true;
}

bool is_sequence(std::string_view text)
{
    if (!is_digit(text[0]) || text[1] != '/' || !is_digit(text[2])) return false;
    return text[0] != '0' && text[0] <= text[2];
}

bool is_piece_of_total(std::string_view text)
{
    auto const piece = text.substr(0, text.size() / 2);
    auto const total = text.substr(text.size() / 2);
    return !all_zero(piece) && !all_zero(total) && piece <= total;
}

bool is_country(std::string_view digits)
{
    return std::binary_search(std::begin(lists::countries), std::end(lists::countries), number(digits));
}

bool is_country_letters(std::string_view letters)
{
    for (std::size_t i = 0; i < lists::country_letters.size(); i += 2) {
        if (lists::country_letters.substr(i, 2) == letters) return true;
    }
    return false;
}

bool is_media_type(int value) { return (value >= 1 && value <= 10) || value >= 80; }

/// ISO 13616: country, two check digits, account; the whole modulo 97 is 1 once the first four are moved to the end.
bool is_bank_account(std::string_view text)
{
    if (text.size() < 5 || !is_country_letters(text.substr(0, 2))) return false;
    int rest = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[(i + 4) % text.size()];
        if (is_digit(c))
            rest = (rest * 10 + (c - '0')) % 97;
        else if (c >= 'A' && c <= 'Z')
            rest = (rest * 100 + (c - 'A' + 10)) % 97;
        else
            return false;
    }
    return rest == 1;
}

constexpr std::string_view pair_alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr int primes[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83};

/// The value behind the two check characters, 0 to 1020; -1 when the text is too long or has other characters.
int pair_value(std::string_view text)
{
    if (text.size() > std::size(primes)) return -1;
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const value = cset82.find(text[text.size() - 1 - i]);
        if (value == std::string_view::npos) return -1;
        sum += static_cast<int>(value) * primes[i];
    }
    return sum % 1021;
}

bool has_check_pair(std::string_view text)
{
    if (text.size() < 3) return false;
    int const value = pair_value(text.substr(0, text.size() - 2));
    return value >= 0 && text[text.size() - 2] == pair_alphabet[static_cast<std::size_t>(value / 32)] &&
           text.back() == pair_alphabet[static_cast<std::size_t>(value % 32)];
}

bool is_currency(std::string_view digits)
{
    return std::binary_search(std::begin(lists::currencies), std::end(lists::currencies), number(digits));
}

bool is_package_type(std::string_view text)
{
    return std::binary_search(std::begin(lists::package_types), std::end(lists::package_types), text);
}

bool is_time(std::string_view text)
{
    return number(text.substr(0, 2)) < 24 && (text.size() < 4 || number(text.substr(2, 2)) < 60);
}

} // namespace

std::string_view rule_name(Rule rule) { return text_of(rule).name; }

std::string_view rule_key(Rule rule) { return text_of(rule).key; }

std::size_t find_outside(Charset charset, std::string_view text)
{
    auto const bit = 1U << static_cast<unsigned>(charset);
    // Nearly every text is right: one answer for all characters is faster than one for each.
    unsigned all = bit;
    for (char const c : text) all &= members[static_cast<unsigned char>(c)];
    if (all != 0) return std::string_view::npos;
    std::size_t at = 0;
    while ((members[static_cast<unsigned char>(text[at])] & bit) != 0) ++at;
    return at;
}

bool keeps(Rule rule, std::string_view text)
{
    switch (rule) {
    case Rule::check_digit:
        return text.size() > 1 && check_digit(text.substr(0, text.size() - 1)) == text.back();
    case Rule::check_pair:
        return has_check_pair(text);
    case Rule::prefix_at_1:
        return has_prefix(text, 0);
    case Rule::prefix_at_2:
        return has_prefix(text, 1);
    case Rule::date:
        return is_short_date(text, false);
    case Rule::date_day_zero:
        return is_short_date(text, true);
    case Rule::date_long:
        return is_long_date(text);
    case Rule::hour_minute:
    case Rule::hour:
        return is_time(text);
    case Rule::minute:
    case Rule::second:
        return number(text) < 60;
    case Rule::not_zero:
        return !all_zero(text);
    case Rule::zero:
        return all_zero(text);
    case Rule::no_leading_zero:
        // A zero alone is a number without a leading zero (EPC Tag Data Standard, CPI serial).
        return text.front() != '0' || text.size() == 1;
    case Rule::has_letter:
        return !std::all_of(text.begin(), text.end(), is_digit);
    case Rule::yes_no:
        return text == "0" || text == "1";
    case Rule::sex:
        return text == "0" || text == "1" || text == "2" || text == "9";
    case Rule::latitude:
        return text <= "1800000000";
    case Rule::longitude:
        return text <= "3600000000";
    case Rule::minus:
        return text == "-";
    case Rule::winding:
        return text == "0" || text == "1" || text == "9";
    case Rule::piece_of_total:
        return is_piece_of_total(text);
    case Rule::place_in_sequence:
        return is_sequence(text);
    case Rule::percent_escapes:
        return has_whole_escapes(text);
    case Rule::importer_index:
        return find_outside(Charset::base64url, text) == std::string_view::npos;
    case Rule::media_type:
        return is_media_type(number(text));
    case Rule::country:
        return is_country(text);
    case Rule::country_or_999:
        return text == "999" || is_country(text);
    case Rule::country_letters:
        return is_country_letters(text);
    case Rule::currency:
        return is_currency(text);
    case Rule::bank_account:
        return is_bank_account(text);
    case Rule::package_type:
        return is_package_type(text);
    case Rule::coupon:
        return is_coupon(text);
    case Rule::coupon_offer:
        return is_coupon_offer(text);
    default:
        return true; // not about the content of a component
    }
}

std::string check_pair(std::string_view text)
{
    int const value = pair_value(text);
    if (value < 0) return {};
    return {pair_alphabet[static_cast<std::size_t>(value / 32)], pair_alphabet[static_cast<std::size_t>(value % 32)]};
}

} // namespace nguon::gs1
