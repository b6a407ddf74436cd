#include "core/gs1/link_compression.hpp"
#include "core/gs1/link_formats.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

using namespace packing;

constexpr unsigned digits_in_word = 19; // 64 bits hold so many

/// Reads bits from base64url characters, the highest first.
class BitReader {
public:
    explicit BitReader(std::string_view text) : text_{text}, left_{text.size() * 6} {}

    std::size_t left() const { return left_; }
    bool good() const { return good_; }

    /// Up to 64 bits; 0, and no longer good, when there are fewer.
    std::uint64_t take(unsigned bits)
    {
        if (bits > left_) {
            good_ = false;
            left_ = 0;
            return 0;
        }
        left_ -= bits;
        std::uint64_t value = 0;
        while (bits > 0) {
            auto const here = std::min(bits, unread_);
            unread_ -= here;
            bits -= here;
            value = value << here | (current_ >> unread_ & ((1U << here) - 1U));
            if (bits > 0) {
                current_ = sextets[static_cast<unsigned char>(text_[at_++])];
                unread_ = 6;
            }
        }
        return value;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t left_;
    unsigned current_ = 0;
    unsigned unread_ = 0;
    bool good_ = true;
};

/// Writes the digits of a number that fills `out`; false when it is larger.
bool write_digits(std::uint64_t number, std::span<char> out)
{
    for (auto at = out.size(); at > 0; --at) {
        out[at - 1] = static_cast<char>('0' + number % 10);
        number /= 10;
    }
    return number == 0;
}

/// The same for a number of more than 64 bits, in steps of nine digits.
bool take_long_digits(BitReader& bits, std::span<char> out)
{
    constexpr std::uint64_t base = 1'000'000'000;
    constexpr std::size_t digits_a_step = 9;
    std::array<std::uint64_t, 16> steps{};
    for (auto rest = value_bits(static_cast<unsigned>(out.size())); rest > 0;) {
        auto const now = std::min(rest, 29U);
        auto carry = bits.take(now);
        for (auto& step : steps) {
            auto const value = (step << now) + carry;
            step = value % base;
            carry = value / base;
        }
        rest -= now;
    }
    auto left = out.size();
    for (auto const step : steps) {
        auto const digits = std::min(left, digits_a_step);
        if (!write_digits(step, out.subspan(left - digits, digits))) return false;
        left -= digits;
    }
    return left == 0;
}

bool take_digits(BitReader& bits, std::span<char> out)
{
    auto const count = static_cast<unsigned>(out.size());
    if (count > digits_in_word) return take_long_digits(bits, out);
    return write_digits(bits.take(value_bits(count)), out);
}

bool take_characters(BitReader& bits, Encoding encoding, std::span<char> out)
{
    switch (encoding) {
    case Encoding::digits:
        return take_digits(bits, out);
    case Encoding::lower_hex:
    case Encoding::upper_hex:
        for (auto& c : out)
            c = (encoding == Encoding::lower_hex ? "0123456789abcdef" : "0123456789ABCDEF")[bits.take(4)];
        return true;
    case Encoding::base64url:
        for (auto& c : out) c = alphabet[bits.take(6)];
        return true;
    case Encoding::ascii:
        for (auto& c : out) c = static_cast<char>(bits.take(7));
        return true;
    }
    return false;
}

class Unpacker {
public:
    Unpacker(std::string_view segment, std::size_t at, Verdict& verdict, ElementList& out)
        : bits_{segment}, at_{static_cast<std::uint16_t>(at)}, verdict_{verdict}, out_{out}
    {
    }

    /// Reads everything; `as_prototype` takes the AIs of a shortcut in the prototype's order.
    bool read(bool as_prototype)
    {
        constexpr std::size_t padding_bits_max = 8;
        while (bits_.left() > padding_bits_max) {
            auto const high = static_cast<unsigned>(bits_.take(4));
            bool const taken = high == 0xF ? take_parameter() : take_group(high, as_prototype);
            if (!taken || !bits_.good()) return false;
        }
        auto const rest = static_cast<unsigned>(bits_.left());
        return bits_.take(rest) == 0;
    }

    /// True when a shortcut was read whose order is not the same everywhere.
    bool has_two_orders() const { return two_orders_; }

private:
    bool take_group(unsigned high, bool as_prototype)
    {
        auto const low = static_cast<unsigned>(bits_.take(4));
        if (high <= 9 && low <= 9) return take_element(high, low);
        auto const code = high * 16 + low;
        if (shortcut_index[code] == 0) return false;
        auto const* const shortcut = &shortcuts[shortcut_index[code] - 1U];
        bool const differs = !shortcut->sorted[0].empty();
        two_orders_ = two_orders_ || differs;
        for (auto const ai : as_prototype&& differs ? shortcut->sorted : shortcut->ais) {
            if (!ai.empty() && !take_value(ai)) return false;
        }
        return true;
    }

    /// An AI digit by digit, and its value.
    bool take_element(unsigned first, unsigned second)
    {
        char digits[4] = {static_cast<char>('0' + first), static_cast<char>('0' + second), '0', '0'};
        auto const length = ai_length({digits, sizeof digits});
        for (std::size_t i = 2; i < length; ++i) {
            auto const digit = static_cast<unsigned>(bits_.take(4));
            if (digit > 9) return false;
            digits[i] = static_cast<char>('0' + digit);
        }
        auto const room = verdict_.scratch(length);
        if (room.empty()) return false;
        std::copy_n(digits, length, room.data());
        return take_value({room.data(), length});
    }

    bool take_value(std::string_view ai)
    {
        auto const* const entry = find_ai(ai);
        if (entry == nullptr) return false;
        auto const format = formats[row_of(*entry)];
        if (!format.exists()) return false;
        auto const room = verdict_.scratch(format.digits + std::size_t{1} + format.more * 2);
        if (room.empty()) return false;
        if (format.digits > 0 && !take_digits(bits_, room.first(format.digits))) return false;
        std::size_t more = 0;
        if (format.more > 0) {
            auto const encoding = format.text ? bits_.take(3) : 0;
            more = bits_.take(length_bits(format.more));
            if (format.digits + more > room.size() || encoding > 4) return false;
            if (!take_characters(bits_, static_cast<Encoding>(encoding), room.subspan(format.digits, more)))
                return false;
        }
        auto const used = format.digits + more;
        verdict_.shrink_scratch(room.size() - used);
        return bits_.good() && out_.add({ai, {room.data(), used}, entry, at_, at_, 0});
    }

    /// "F", the length of a name, the name, the encoding of its value, its length, the value.
    bool take_parameter()
    {
        auto const name_chars = bits_.take(7);
        auto const name = verdict_.scratch(name_chars + parameter_chars_max);
        if (name.empty() || !take_characters(bits_, Encoding::base64url, name.first(name_chars))) return false;
        auto const encoding = bits_.take(3);
        auto const chars = bits_.take(7);
        if (encoding > 4) return false;
        auto const value = name.subspan(name_chars, chars);
        if (!take_characters(bits_, static_cast<Encoding>(encoding), value)) return false;
        verdict_.shrink_scratch(parameter_chars_max - chars);
        // A name of digits would be an AI.
        auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
        if (std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(name_chars), is_digit)) return false;
        if (bits_.good()) verdict_.add_parameter({{name.data(), name_chars}, {value.data(), chars}, false});
        return bits_.good();
    }

    BitReader bits_;
    std::uint16_t at_;
    Verdict& verdict_;
    ElementList& out_;
    bool two_orders_ = false;
};

bool are_valid(std::span<Element const> elements)
{
    return std::all_of(elements.begin(), elements.end(),
                       [](auto const& element) { return check_value(*element.entry, element.value).empty(); });
}

} // namespace

bool unpack(std::string_view segment, std::size_t at, Verdict& verdict, ElementList& unpacked)
{
    auto const in_alphabet = [](char c) { return sextets[static_cast<unsigned char>(c)] != 0xFF; };
    if (segment.empty() || !std::all_of(segment.begin(), segment.end(), in_alphabet)) return false;
    auto const before = unpacked.list().size();
    auto const parameters = verdict.parameters().size();
    // Many a word reads as bits of something, so only valid values make a compressed link.
    auto const read = [&](bool as_prototype, bool& two_orders) {
        unpacked.truncate(before);
        verdict.drop_parameters(parameters);
        Unpacker unpacker{segment, at, verdict, unpacked};
        bool const good = unpacker.read(as_prototype);
        two_orders = unpacker.has_two_orders();
        auto const elements = unpacked.list().subspan(before);
        return good && !elements.empty() && are_valid(elements);
    };
    bool two_orders = false;
    if (read(false, two_orders) || (two_orders && read(true, two_orders))) return true;
    verdict.drop_parameters(parameters);
    return false;
}

} // namespace nguon::gs1
