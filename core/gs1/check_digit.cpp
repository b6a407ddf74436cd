#include "core/gs1/check_digit.hpp"

#include "core/fold.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

constexpr std::size_t chars_read_max = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

/// The text without the spaces and dashes that people print between groups of digits.
std::string without_gaps(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        if (c != ' ' && c != '-') out += c;
    }
    return out;
}

Result<std::string> read_number(std::string_view text, std::string_view kind, bool (*length_fits)(std::size_t))
{
    auto const key = [kind](char const* fault) { return std::string{kind} + fault; };
    auto digits = without_gaps(text.substr(0, chars_read_max));
    if (text.size() > chars_read_max || !all_digits(digits)) return invalid(key(".digits"), {excerpt(text)});
    if (!length_fits(digits.size())) return invalid(key(".length"), {digits, std::to_string(digits.size())});
    char const right = check_digit(std::string_view{digits}.substr(0, digits.size() - 1));
    if (digits.back() != right) return invalid(key(".check_digit"), {digits, std::string(1, right)});
    return digits;
}

} // namespace

char check_digit(std::string_view digits)
{
    int sum = 0;
    int weight = 3;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, weight = 4 - weight) sum += (*at - '0') * weight;
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool has_check_digit(std::string_view digits)
{
    if (digits.size() < 2 || !all_digits(digits)) return false;
    return check_digit(digits.substr(0, digits.size() - 1)) == digits.back();
}

Result<std::string> read_gtin(std::string_view text)
{
    auto digits = read_number(text, "gtin", [](std::size_t n) { return n == 8 || (n >= 12 && n <= 14); });
    if (digits) digits->insert(0, 14 - digits->size(), '0');
    return digits;
}

Result<std::string> read_gln(std::string_view text)
{
    return read_number(text, "gln", [](std::size_t n) { return n == 13; });
}

Result<std::string> read_sscc(std::string_view text)
{
    return read_number(text, "sscc", [](std::size_t n) { return n == 18; });
}

std::string_view short_gtin(std::string_view gtin14)
{
    if (gtin14.size() != 14 || gtin14[0] != '0') return gtin14;
    if (gtin14.starts_with("000000")) return gtin14.substr(6);
    if (gtin14.starts_with("00")) return gtin14.substr(2);
    return gtin14.substr(1);
}

std::string upc_e_to_upc_a(std::string_view digits)
{
    if (digits.size() != 8 || !all_digits(digits) || digits[0] > '1') return {};
    auto const d = [digits](std::size_t from, std::size_t count) { return std::string{digits.substr(from, count)}; };
    std::string out = d(0, 1);
    // The last of the six digits says where the zeros were (General Specifications, UPC-E).
    switch (digits[6]) {
    case '0':
    case '1':
    case '2':
        out += d(1, 2) + d(6, 1) + "0000" + d(3, 3);
        break;
    case '3':
        out += d(1, 3) + "00000" + d(4, 2);
        break;
    case '4':
        out += d(1, 4) + "00000" + d(5, 1);
        break;
    default:
        out += d(1, 5) + "0000" + d(6, 1);
        break;
    }
    return out + d(7, 1);
}

} // namespace nguon::gs1
