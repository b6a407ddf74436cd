#include "core/fold.hpp"

#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <unicode/coll.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace nguon {
namespace {

constexpr int marks_max = 4; // ệ has two after decomposition; more than four are drawn over other lines

/// ICU's data is part of its library: a failure to open it is a broken installation.
void require(UErrorCode status)
{
    if (U_FAILURE(status)) std::abort();
}

icu::Normalizer2 const& composed()
{
    static icu::Normalizer2 const& normalizer = []() -> icu::Normalizer2 const& {
        UErrorCode status = U_ZERO_ERROR;
        auto const* const made = icu::Normalizer2::getNFCInstance(status);
        require(status);
        return *made;
    }();
    return normalizer;
}

icu::Normalizer2 const& decomposed()
{
    static icu::Normalizer2 const& normalizer = []() -> icu::Normalizer2 const& {
        UErrorCode status = U_ZERO_ERROR;
        auto const* const made = icu::Normalizer2::getNFKDInstance(status);
        require(status);
        return *made;
    }();
    return normalizer;
}

/// Removes the character at the front of `text`, which is not empty; false when it is broken, then one byte goes.
bool take_char(std::string_view& text)
{
    auto const byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const lead = byte(0);
    std::size_t const length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    bool whole = length > 0 && length <= text.size();
    for (std::size_t i = 1; whole && i < length; ++i) whole = (byte(i) & 0xC0U) == 0x80;
    if (whole && length > 2) {
        // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
        auto const second = byte(1);
        whole = !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second >= 0xA0) &&
                !(lead == 0xF0 && second < 0x90) && !(lead == 0xF4 && second >= 0x90);
    }
    text.remove_prefix(whole ? length : 1);
    return whole;
}

icu::UnicodeString to_unicode(std::string_view text)
{
    return icu::UnicodeString::fromUTF8(icu::StringPiece{text.data(), static_cast<int32_t>(text.size())});
}

std::string to_utf8(icu::UnicodeString const& text)
{
    std::string out;
    text.toUTF8String(out);
    return out;
}

icu::UnicodeString normalized(icu::Normalizer2 const& normalizer, icu::UnicodeString const& text)
{
    UErrorCode status = U_ZERO_ERROR;
    auto out = normalizer.normalize(text, status);
    return U_SUCCESS(status) ? out : icu::UnicodeString{};
}

bool is_mark(UChar32 c) { return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0; }

bool is_line_end(UChar32 c) { return c == '\n' || c == '\r'; }

/// Characters that are not seen and change how others are seen: format signs, controls, halves of pairs, private ones.
bool is_hidden(UChar32 c)
{
    constexpr UChar32 hangul_fillers[] = {0x115F, 0x1160, 0x3164, 0xFFA0};
    for (UChar32 const filler : hangul_fillers) {
        if (c == filler) return true;
    }
    auto const refused = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_CO_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
    return (U_GET_GC_MASK(c) & refused) != 0 || U_IS_UNICODE_NONCHAR(c);
}

/// Calls `f(code point, place from 1)`; stops when it returns false.
template <typename F>
void for_each_char(icu::UnicodeString const& text, F f)
{
    std::size_t place = 1;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1), ++place) {
        if (!f(text.char32At(i), place)) return;
    }
}

/// Line ends become "\n" or, on one line, a space at the very end of the text is all that is left of them.
icu::UnicodeString with_plain_spaces(icu::UnicodeString const& text, Lines lines)
{
    icu::UnicodeString out;
    UChar32 before = 0;
    for_each_char(text, [&](UChar32 c, std::size_t) {
        bool const second_half = c == '\n' && before == '\r';
        before = c;
        if (second_half) return true;
        if (is_line_end(c) && lines == Lines::many)
            out.append(UChar32{'\n'});
        else if (u_charType(c) == U_SPACE_SEPARATOR)
            out.append(UChar32{' '});
        else
            out.append(c);
        return true;
    });
    return out.trim();
}

Status check_signs(icu::UnicodeString const& text, Lines lines)
{
    Status status = Done{};
    int marks = 0;
    for_each_char(text, [&](UChar32 c, std::size_t place) {
        marks = is_mark(c) ? marks + 1 : 0;
        bool const line_end = c == '\n' && lines == Lines::many;
        if (is_hidden(c) && !line_end) {
            status = invalid("text.control", {fmt::format("U+{:04X}", c), std::to_string(place)});
        } else if (marks > marks_max) {
            status = invalid("text.marks", {std::to_string(place)});
        }
        return status.ok();
    });
    return status;
}

icu::UnicodeString lower_composed(std::string_view text)
{
    auto unicode = normalized(composed(), to_unicode(text));
    return normalized(composed(), unicode.toLower(icu::Locale::getRoot()));
}

icu::Collator const& vietnamese_collator()
{
    static auto const collator = [] {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<icu::Collator> made{icu::Collator::createInstance(icu::Locale{"vi"}, status)};
        require(status);
        return made;
    }();
    return *collator;
}

} // namespace

Result<std::string> clean_text(std::string_view text, std::size_t chars_max, Lines lines)
{
    // A text of 64 bytes for each character allowed cannot fit: refused before any work is done on it.
    if (text.size() / 64 > chars_max) {
        return invalid("text.too_long", {std::to_string(chars_max), std::to_string(count_chars(text))});
    }
    if (!is_utf8(text)) return invalid("text.utf8");
    auto const plain = with_plain_spaces(normalized(composed(), to_unicode(text)), lines);
    if (auto const status = check_signs(plain, lines); !status) return status.error();
    auto const chars = static_cast<std::size_t>(plain.countChar32());
    if (chars > chars_max) return invalid("text.too_long", {std::to_string(chars_max), std::to_string(chars)});
    return to_utf8(plain);
}

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        if (!take_char(text)) return false;
    }
    return true;
}

std::size_t count_chars(std::string_view text)
{
    std::size_t count = 0;
    for (; !text.empty(); ++count) take_char(text);
    return count;
}

std::string_view first_char(std::string_view text)
{
    auto rest = text;
    if (!rest.empty()) take_char(rest);
    return text.substr(0, text.size() - rest.size());
}

std::string excerpt(std::string_view text, std::size_t chars_max)
{
    // Four bytes a character at most, and one character more to see whether anything was cut.
    auto const front = text.substr(0, (chars_max + 1) * 4);
    icu::UnicodeString out;
    std::size_t kept = 0;
    for_each_char(to_unicode(front), [&](UChar32 c, std::size_t) {
        if (kept++ == chars_max) {
            out.append(UChar32{0x2026});
            return false;
        }
        out.append(is_hidden(c) ? UChar32{0xFFFD} : c);
        return true;
    });
    return to_utf8(out);
}

std::string fold(std::string_view text)
{
    auto const parts = normalized(decomposed(), to_unicode(text)).toLower(icu::Locale::getRoot());
    icu::UnicodeString out;
    for_each_char(parts, [&](UChar32 c, std::size_t) {
        constexpr UChar32 d_with_stroke = 0x111;
        constexpr UChar32 eth = 0xF0; // some fonts and old converters put Ð (eth) where Đ belongs
        if (!is_mark(c)) out.append(c == d_with_stroke || c == eth ? UChar32{'d'} : c);
        return true;
    });
    return to_utf8(out);
}

std::string exact_key(std::string_view text) { return to_utf8(lower_composed(text)); }

std::vector<std::string> words(std::string_view text)
{
    std::vector<std::string> found;
    icu::UnicodeString word;
    auto const finish = [&] {
        if (!word.isEmpty()) found.push_back(to_utf8(word));
        word.remove();
    };
    for_each_char(lower_composed(text), [&](UChar32 c, std::size_t) {
        if (u_isalnum(c) || is_mark(c))
            word.append(c);
        else
            finish();
        return true;
    });
    finish();
    return found;
}

std::string sort_key(std::string_view text)
{
    auto const unicode = to_unicode(text);
    auto const& collator = vietnamese_collator();
    std::string key(static_cast<std::size_t>(collator.getSortKey(unicode, nullptr, 0)), '\0');
    collator.getSortKey(unicode, reinterpret_cast<uint8_t*>(key.data()), static_cast<int32_t>(key.size()));
    if (!key.empty()) key.pop_back(); // ICU ends the key with a zero
    return key;
}

} // namespace nguon
