#include "core/gs1/check_digit.hpp"
#include "core/gs1/element_string.hpp"
#include "scanner/databar_expanded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nguon::scanner {

namespace {

constexpr char fnc1 = gs1::group_separator;
constexpr std::string_view alphanumeric_signs = "*,-./";
constexpr std::string_view text_signs = "!\"%&'()*+,-./:;<=>?_ ";

/// Takes numbers from a text of "0" and "1"; what is missing fails.
class Bits {
public:
    explicit Bits(std::string_view bits) : bits_{bits} {}

    std::size_t left() const { return bits_.size(); }
    bool starts_with(std::string_view prefix) const { return bits_.starts_with(prefix); }

    /// The next bits without taking them; nothing when there are fewer.
    std::optional<int> peek(std::size_t count) const
    {
        if (left() < count) return {};
        auto value = 0;
        for (auto const bit : bits_.substr(0, count)) value = value * 2 + (bit == '1' ? 1 : 0);
        return value;
    }
    std::optional<int> take(std::size_t count)
    {
        auto const value = peek(count);
        if (value) skip(count);
        return value;
    }
    void skip(std::size_t count) { bits_.remove_prefix(std::min(count, bits_.size())); }

private:
    std::string_view bits_;
};

/// The general-purpose data field (§7.2.5.5): numeric, alphanumeric and ISO/IEC 646 by turns.
class GeneralField {
public:
    explicit GeneralField(Bits bits) : bits_{bits} {}

    std::optional<std::string> read()
    {
        while (bits_.left() > 0 && !ended_)
            if (!(mode_ == Mode::numeric ? read_numeric() : read_character())) return {};
        if (text_.ends_with(fnc1)) text_.pop_back(); // it only filled the last pair
        return std::move(text_);
    }

private:
    enum class Mode {
        numeric,
        alphanumeric,
        iso646,
    };

    bool latch(std::string_view prefix, Mode mode)
    {
        if (!bits_.starts_with(prefix)) return false;
        bits_.skip(prefix.size());
        mode_ = mode;
        return true;
    }

    bool read_numeric()
    {
        if (bits_.left() < 4) return finish();
        if (latch("0000", Mode::alphanumeric)) return true;
        if (bits_.left() < 7) { // one digit at the very end
            auto const digit = *bits_.take(4) - 1;
            if (digit > 9) return digit == 10 && finish(); // FNC1 fills
            text_ += static_cast<char>('0' + digit);
            return finish();
        }
        auto const pair = *bits_.take(7) - 8;
        add_digit(pair / 11);
        add_digit(pair % 11);
        return true;
    }

    void add_digit(int digit) { text_ += digit == 10 ? fnc1 : static_cast<char>('0' + digit); }

    /// A character of the other two modes, which share digits, FNC1 and the latches.
    bool read_character()
    {
        if (latch("000", Mode::numeric)) return true;
        if (bits_.left() < 5) return finish();
        if (latch("00100", mode_ == Mode::alphanumeric ? Mode::iso646 : Mode::alphanumeric)) return true;
        auto const five = *bits_.peek(5);
        if (five >= 5 && five < 15) {
            bits_.skip(5);
            text_ += static_cast<char>('0' + five - 5);
            return true;
        }
        if (five == 15) { // FNC1, after which the field is numeric again
            bits_.skip(5);
            text_ += fnc1;
            mode_ = Mode::numeric;
            return true;
        }
        return mode_ == Mode::alphanumeric ? read_alphanumeric() : read_iso646();
    }

    bool read_alphanumeric()
    {
        auto const six = bits_.take(6);
        if (!six) return finish();
        if (*six >= 32 && *six < 58) {
            text_ += static_cast<char>('A' + *six - 32);
            return true;
        }
        auto const sign = static_cast<std::size_t>(*six - 58);
        if (*six < 58 || sign >= alphanumeric_signs.size()) return false;
        text_ += alphanumeric_signs[sign];
        return true;
    }

    bool read_iso646()
    {
        auto const seven = bits_.peek(7);
        if (!seven) return finish();
        if (*seven >= 64 && *seven < 116) {
            bits_.skip(7);
            text_ += static_cast<char>(*seven < 90 ? 'A' + *seven - 64 : 'a' + *seven - 90);
            return true;
        }
        auto const eight = bits_.take(8);
        if (!eight) return finish();
        auto const sign = static_cast<std::size_t>(*eight - 232);
        if (*eight < 232 || sign >= text_signs.size()) return false;
        text_ += text_signs[sign];
        return true;
    }

    bool finish()
    {
        ended_ = true;
        return true;
    }

    Bits bits_;
    Mode mode_ = Mode::numeric;
    bool ended_ = false;
    std::string text_ = {};
};

/// "01" and a GTIN of `digits` in groups of three, ten bits each, behind `first`.
std::optional<std::string> read_gtin(Bits& bits, std::string first)
{
    auto digits = std::move(first);
    while (digits.size() < 13) {
        auto const group = bits.take(10);
        if (!group || *group > 999) return {};
        digits += fmt::format("{:03}", *group);
    }
    return "01" + digits + gs1::check_digit(digits);
}

/// Behind the compressed part the general field may go on.
std::optional<std::string> with_general(std::optional<std::string> const& start, Bits bits)
{
    auto const rest = GeneralField{bits}.read();
    if (!start || !rest) return {};
    return *start + *rest;
}

/// Weight and price of variable measures: a GTIN that begins with 9, then (§7.2.5.4) 3103 or 320x.
std::optional<std::string> read_weight(Bits bits, bool pounds)
{
    auto text = read_gtin(bits, "9");
    auto const weight = bits.take(15);
    if (!text || !weight) return {};
    if (!pounds) return *text + fmt::format("3103{:06}", *weight);
    return *text + (*weight < 10'000 ? fmt::format("3202{:06}", *weight) : fmt::format("3203{:06}", *weight - 10'000));
}

std::optional<std::string> read_price(Bits bits, bool with_currency)
{
    bits.skip(2); // length of the symbol
    auto text = read_gtin(bits, "9");
    auto const decimals = bits.take(2);
    if (!text || !decimals) return {};
    *text += fmt::format("{}{}", with_currency ? "393" : "392", *decimals);
    if (with_currency) {
        auto const currency = bits.take(10);
        if (!currency || *currency > 999) return {};
        *text += fmt::format("{:03}", *currency);
    }
    return with_general(text, bits);
}

/// Weight with six places and perhaps a date: methods 0111000 … 0111111.
std::optional<std::string> read_weight_and_date(Bits bits, int method)
{
    constexpr std::array<std::string_view, 4> date_ais{{"11", "13", "15", "17"}};
    constexpr int no_date = 38'400;
    auto text = read_gtin(bits, "9");
    auto const weight = bits.take(20);
    auto const date = bits.take(16);
    if (!text || !weight || *weight > 999'999 || !date || *date > no_date) return {};
    *text += fmt::format("{}{}{:06}", method % 2 == 0 ? "310" : "320", *weight / 100'000, *weight % 100'000);
    if (*date == no_date) return text;
    auto const year = *date / 384;
    auto const month = *date / 32 % 12 + 1;
    return *text +
           fmt::format("{}{:02}{:02}{:02}", date_ais[static_cast<std::size_t>(method / 2)], year, month, *date % 32);
}

} // namespace

std::optional<std::string> read_databar_expanded_bits(std::string_view text)
{
    Bits bits{text};
    if (bits.take(1) != 0) return {}; // 1 announces a composite component
    if (bits.starts_with("1")) {
        bits.skip(3); // method and length of the symbol
        auto const first = bits.take(4);
        if (!first || *first > 9) return {};
        auto const gtin = read_gtin(bits, std::to_string(*first));
        return with_general(gtin, bits);
    }
    if (bits.starts_with("00")) {
        bits.skip(4);
        return with_general("", bits);
    }
    auto const method = bits.peek(7);
    if (!method) return {};
    if (bits.starts_with("010")) {
        bits.skip(4);
        return read_weight(bits, (*method >> 3 & 1) != 0);
    }
    if (bits.starts_with("0110")) {
        bits.skip(5);
        return read_price(bits, (*method >> 2 & 1) != 0);
    }
    bits.skip(7);
    return read_weight_and_date(bits, *method & 7);
}

} // namespace nguon::scanner
