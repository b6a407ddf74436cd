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
    // Every second digit from the right counts three times.
    unsigned threefold = 0;
    unsigned once = 0;
    auto at = digits.size();
    for (; at >= 2; at -= 2) {
        threefold += static_cast<unsigned>(digits[at - 1] - '0');
        once += static_cast<unsigned>(digits[at - 2] - '0');
    }
    if (at == 1) threefold += static_cast<unsigned>(digits[0] - '0');
    return static_cast<char>('0' + (10 - (3 * threefold + once) % 10) % 10);
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

bool expand_upc_e(std::string_view digits, char* upc_a)
{
    if (digits.size() != 8 || !all_digits(digits) || digits[0] > '1') return false;
    std::fill_n(upc_a, 12, '0');
    auto const put = [digits, upc_a](std::size_t from, std::size_t count, std::size_t at) {
        std::copy_n(digits.begin() + static_cast<std::ptrdiff_t>(from), count, upc_a + at);
    };
    put(0, 1, 0);
    put(7, 1, 11);
    // The last of the six digits says where the zeros were (General Specifications, UPC-E).
    switch (digits[6]) {
    case '0':
    case '1':
    case '2':
        put(1, 2, 1);
        put(6, 1, 3);
        put(3, 3, 8);
        break;
    case '3':
        put(1, 3, 1);
        put(4, 2, 9);
        break;
    case '4':
        put(1, 4, 1);
        put(5, 1, 10);
        break;
    default:
        put(1, 5, 1);
        put(6, 1, 10);
        break;
    }
    return true;
}

std::string upc_e_to_upc_a(std::string_view digits)
{
    char upc_a[12];
    return expand_upc_e(digits, upc_a) ? std::string{upc_a, sizeof upc_a} : std::string{};
}

} // namespace nguon::gs1
