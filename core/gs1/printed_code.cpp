#include "core/gs1/printed_code.hpp"

#include "core/bytes.hpp"
#include "core/fold.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

constexpr int base = 32;

int value_of(char c)
{
    auto const at = printed_code_alphabet.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

char folded(char c)
{
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') return '0';
    if (c == 'I' || c == 'L') return '1';
    return c;
}

bool has_letter(std::string_view code)
{
    return std::any_of(code.begin(), code.end(), [](char c) { return c >= 'A'; });
}

} // namespace

std::string new_printed_code()
{
    std::string code;
    do {
        code.clear();
        // 256 is a multiple of 32: the low five bits of a byte are even.
        for (char const byte : random_bytes(printed_code_chars - 1)) {
            code += printed_code_alphabet[static_cast<unsigned char>(byte) % base];
        }
    } while (!has_letter(code));
    code += printed_code_check(code);
    return code;
}

char printed_code_check(std::string_view text)
{
    int sum = 0;
    int factor = 2;
    for (auto at = text.rbegin(); at != text.rend(); ++at, factor = 3 - factor) {
        int const product = std::max(value_of(*at), 0) * factor;
        sum += product / base + product % base;
    }
    return printed_code_alphabet[static_cast<std::size_t>((base - sum % base) % base)];
}

Result<std::string> read_printed_code(std::string_view text)
{
    constexpr std::size_t bytes_max = 64;
    if (text.size() > bytes_max) return invalid("code.length", {std::to_string(count_chars(text)), "12"});
    std::string code;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ' ' || text[i] == '-') continue;
        char const c = folded(text[i]);
        if (value_of(c) < 0) {
            auto const place = count_chars(text.substr(0, i)) + 1;
            return invalid("code.character", {excerpt(first_char(text.substr(i))), std::to_string(place)});
        }
        code += c;
    }
    if (code.size() != printed_code_chars) return invalid("code.length", {std::to_string(code.size()), "12"});
    if (printed_code_check(std::string_view{code}.substr(0, printed_code_chars - 1)) != code.back()) {
        return invalid("code.check", {to_grouped_code(code)});
    }
    return code;
}

std::string to_grouped_code(std::string_view code)
{
    std::string out;
    for (std::size_t i = 0; i < code.size(); i += 4) {
        if (i > 0) out += '-';
        out += code.substr(i, 4);
    }
    return out;
}

} // namespace nguon::gs1
