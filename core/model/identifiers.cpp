#include "core/model/identifiers.hpp"

#include "core/fold.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace nguon {
namespace {

constexpr std::size_t bytes_max = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

/// The text without the signs that people put between digits.
std::string without(std::string_view text, std::string_view signs)
{
    std::string out;
    for (char const c : text.substr(0, bytes_max)) {
        if (signs.find(c) == std::string_view::npos) out += c;
    }
    return out;
}

/// The tenth digit of a tax code for its first nine; -1 when there is none.
int tax_check_digit(std::string_view digits)
{
    constexpr int weights[] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    int sum = 0;
    for (std::size_t i = 0; i < std::size(weights); ++i) sum += (digits[i] - '0') * weights[i];
    int const rest = sum % 11;
    return rest == 0 ? -1 : 10 - rest;
}

bool is_host(std::string_view host)
{
    if (host.size() < 4 || host.size() > 253 || host.find('.') == std::string_view::npos) return false;
    char before = '.';
    for (char const c : host) {
        bool const fits = is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
        if (!fits || (c == '.' && before == '.')) return false;
        before = c;
    }
    return before != '.' && before != '-';
}

std::string lower(std::string_view text)
{
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

bool is_printable(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace

Result<std::string> read_tax_code(std::string_view text)
{
    auto const digits = without(text, " .-");
    if (text.size() > bytes_max || !all_digits(digits)) return invalid("mst.digits", {excerpt(text)});
    if (digits.size() == 12) return digits;
    if (digits.size() != 10 && digits.size() != 13) {
        return invalid("mst.length", {digits, std::to_string(digits.size())});
    }
    int const right = tax_check_digit(digits);
    auto const head = digits.substr(0, 10);
    if (right < 0) return invalid("mst.invalid", {head});
    if (digits[9] - '0' != right) return invalid("mst.check_digit", {head, std::to_string(right)});
    if (digits.size() == 10) return head;
    auto const branch = digits.substr(10);
    if (branch == "000") return invalid("mst.branch", {head + "-" + branch});
    return head + "-" + branch;
}

Result<std::string> read_personal_id(std::string_view text)
{
    auto const digits = without(text, " .-");
    if (text.size() > bytes_max || !all_digits(digits)) return invalid("personal_id.digits");
    if (digits.size() != 12) return invalid("personal_id.length", {std::to_string(digits.size())});
    return digits;
}

std::string mask_personal_id(std::string_view number)
{
    constexpr std::size_t shown = 4;
    constexpr std::size_t full_length = 12;
    auto const hidden = number.size() < full_length ? number.size() : number.size() - shown;
    return std::string(hidden, '*') + std::string{number.substr(hidden)};
}

Result<std::string> read_phone(std::string_view text)
{
    auto digits = without(text, " .-()");
    if (digits.starts_with('+')) digits.erase(0, 1);
    if (text.size() > bytes_max || digits.empty() || !all_digits(digits)) {
        return invalid("phone.digits", {excerpt(text)});
    }
    if (digits.starts_with("84") && digits.size() >= 11) digits.replace(0, 2, digits[2] == '0' ? "" : "0");
    bool const hotline =
        (digits.starts_with("1800") || digits.starts_with("1900")) && (digits.size() == 8 || digits.size() == 10);
    bool const mobile =
        digits.size() == 10 && digits[0] == '0' && std::string_view{"35789"}.find(digits[1]) != std::string_view::npos;
    bool const landline = digits.size() == 11 && digits.starts_with("02");
    if (!hotline && !mobile && !landline) return invalid("phone.format", {excerpt(text)});
    return digits;
}

std::string to_international_phone(std::string_view phone)
{
    return phone.starts_with('0') ? "+84" + std::string{phone.substr(1)} : std::string{phone};
}

Result<std::string> read_growing_area_code(std::string_view text)
{
    std::string code;
    for (char c : text.substr(0, bytes_max)) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == '.' || c == '/' || c == ' ' || c == '_') c = '-';
        bool const second_dash = c == '-' && (code.empty() || code.back() == '-');
        if (!second_dash) code += c;
    }
    if (code.ends_with('-')) code.pop_back();
    auto const parts = std::count(code.begin(), code.end(), '-') + 1;
    bool const characters_fit =
        std::all_of(code.begin(), code.end(), [](char c) { return is_digit(c) || is_capital(c) || c == '-'; });
    constexpr std::size_t chars_max = 40;
    bool const fits = text.size() <= bytes_max && code.size() >= 4 && code.size() <= chars_max && parts >= 2 &&
                      parts <= 6 && characters_fit && std::any_of(code.begin(), code.end(), is_digit);
    if (!fits) return invalid("growing_area.format", {excerpt(text)});
    return code;
}

Result<std::string> read_hs_code(std::string_view text)
{
    auto const digits = without(text, " .");
    if (text.size() > bytes_max || !all_digits(digits)) return invalid("hs_code.digits", {excerpt(text)});
    if (digits.size() < 2 || digits.size() > 10 || digits.size() % 2 != 0) {
        return invalid("hs_code.length", {digits, std::to_string(digits.size())});
    }
    auto const chapter = digits.substr(0, 2);
    // Chapter 77 is kept free; 98 and 99 are national.
    if (chapter == "00" || chapter == "77" || chapter == "99") return invalid("hs_code.chapter", {digits});
    return digits;
}

Result<int> read_ocop_stars(std::string_view text)
{
    if (text == "3" || text == "4" || text == "5") return text[0] - '0';
    return invalid("ocop.stars", {excerpt(text)});
}

Result<int> ocop_stars_for(int points)
{
    if (points < 0 || points > 100) return invalid("ocop.points", {std::to_string(points)});
    if (points >= 90) return 5;
    if (points >= 70) return 4;
    return points >= 50 ? 3 : 0;
}

Result<std::string> read_web_address(std::string_view text)
{
    constexpr std::size_t address_bytes_max = 500;
    auto const error = [text] { return invalid("web_address.format", {excerpt(text)}); };
    if (text.size() > address_bytes_max || !is_printable(text)) return error();
    auto const colon = text.find("://");
    auto const scheme = colon == std::string_view::npos ? std::string{"https"} : lower(text.substr(0, colon));
    auto const rest = colon == std::string_view::npos ? text : text.substr(colon + 3);
    auto const end = std::min(rest.find_first_of("/?#"), rest.size());
    auto const host = lower(rest.substr(0, end));
    auto const bare = std::string_view{host}.substr(0, host.find(':'));
    auto const port = std::string_view{host}.substr(bare.size());
    bool const port_fits = port.empty() || (port.size() > 1 && port.size() <= 6 && all_digits(port.substr(1)));
    if ((scheme != "http" && scheme != "https") || !is_host(bare) || !port_fits) return error();
    return scheme + "://" + host + std::string{rest.substr(end)};
}

Result<std::string> read_email(std::string_view text)
{
    constexpr std::size_t email_bytes_max = 254;
    auto const at = text.find('@');
    bool const one_at = at != std::string_view::npos && text.find('@', at + 1) == std::string_view::npos;
    if (!one_at || at == 0 || at > 64 || text.size() > email_bytes_max || !is_printable(text)) {
        return invalid("email.format", {excerpt(text)});
    }
    auto const host = lower(text.substr(at + 1));
    if (!is_host(host) || text.find_first_of("<>\"(),;:\\") != std::string_view::npos) {
        return invalid("email.format", {excerpt(text)});
    }
    return std::string{text.substr(0, at + 1)} + host;
}

} // namespace nguon
