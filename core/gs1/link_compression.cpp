#include "core/gs1/link_compression.hpp"

#include "core/gs1/link_formats.hpp"
#include "core/gs1/link_reader.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

using namespace packing;

constexpr unsigned digits_in_word = 19; // 64 bits hold so many

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Collects bits, the highest first, as base64url.
class BitWriter {
public:
    explicit BitWriter(std::string& out) : out_{out} {}

    void put(std::uint64_t value, unsigned bits)
    {
        if (bits > 32) {
            put(value >> 32, bits - 32);
            value &= 0xFFFFFFFFU;
            bits = 32;
        }
        held_ = held_ << bits | value;
        count_ += bits;
        while (count_ >= 6) {
            count_ -= 6;
            out_ += alphabet[held_ >> count_ & 63U];
        }
        held_ &= (std::uint64_t{1} << count_) - 1;
    }

    /// Fills the last character with zeros.
    void finish()
    {
        if (count_ > 0) put(0, 6 - count_);
    }

private:
    std::string& out_;
    std::uint64_t held_ = 0;
    unsigned count_ = 0;
};

/// A number of more than 64 bits: nine digits at a time become words of 32 bits.
void put_long_digits(std::string_view digits, BitWriter& bits)
{
    std::array<std::uint64_t, 14> words{}; // the lowest first
    for (char const c : digits) {
        auto carry = static_cast<std::uint64_t>(c - '0');
        for (auto& word : words) {
            auto const value = word * 10 + carry;
            word = value & 0xFFFFFFFFU;
            carry = value >> 32;
        }
    }
    auto const count = value_bits(static_cast<unsigned>(digits.size()));
    auto const whole = count / 32;
    if (count % 32 > 0) bits.put(words[whole], count % 32);
    for (auto word = whole; word > 0; --word) bits.put(words[word - 1], 32);
}

void put_digits(std::string_view digits, BitWriter& bits)
{
    if (digits.size() > digits_in_word) return put_long_digits(digits, bits);
    std::uint64_t number = 0;
    for (char const c : digits) number = number * 10 + static_cast<std::uint64_t>(c - '0');
    bits.put(number, value_bits(static_cast<unsigned>(digits.size())));
}

/// The narrowest encoding that holds every character.
Encoding encoding_of(std::string_view text)
{
    bool digits = !text.empty();
    bool lower = digits;
    bool upper = digits;
    bool safe = digits;
    for (char const c : text) {
        bool const digit = is_digit(c);
        digits = digits && digit;
        lower = lower && (digit || (c >= 'a' && c <= 'f'));
        upper = upper && (digit || (c >= 'A' && c <= 'F'));
        safe = safe && sextets[static_cast<unsigned char>(c)] != 0xFF;
    }
    if (digits) return Encoding::digits;
    if (upper) return Encoding::upper_hex;
    if (lower) return Encoding::lower_hex;
    return safe ? Encoding::base64url : Encoding::ascii;
}

unsigned hex_value(char c) { return static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10); }

/// The encoding, the length and the characters.
void put_text(std::string_view text, unsigned bits_of_length, BitWriter& bits)
{
    auto const encoding = encoding_of(text);
    bits.put(static_cast<unsigned>(encoding), 3);
    bits.put(text.size(), bits_of_length);
    switch (encoding) {
    case Encoding::digits:
        return put_digits(text, bits);
    case Encoding::lower_hex:
    case Encoding::upper_hex:
        for (char const c : text) bits.put(hex_value(c), 4);
        return;
    case Encoding::base64url:
        for (char const c : text) bits.put(sextets[static_cast<unsigned char>(c)], 6);
        return;
    case Encoding::ascii:
        for (char const c : text) bits.put(static_cast<unsigned char>(c), 7);
        return;
    }
}

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }
bool all_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
}

/// True when the format of the AI has room for the value.
bool fits(Format format, std::string_view value)
{
    if (!format.exists() || value.size() < format.digits) return false;
    auto const more = value.substr(format.digits);
    if (!all_digits(value.substr(0, format.digits)) || more.size() >> length_bits(format.more) != 0) return false;
    return format.text ? all_ascii(more) : all_digits(more);
}

void put_value(Element const& element, BitWriter& bits)
{
    auto const format = formats[row_of(*element.entry)];
    if (format.digits > 0) put_digits(element.value.substr(0, format.digits), bits);
    if (format.more == 0) return;
    auto const more = element.value.substr(format.digits);
    if (format.text) return put_text(more, length_bits(format.more), bits);
    bits.put(more.size(), length_bits(format.more));
    put_digits(more, bits);
}

/// An AI as a number, to compare quickly.
using Slot = std::uint16_t;

struct ShortcutSlots {
    std::array<Slot, 4> slots = {};
    std::size_t count = 0;
    std::size_t digits = 0; // of its AIs together
};

constexpr auto shortcut_slots = [] {
    std::array<ShortcutSlots, std::size(shortcuts)> made{};
    for (std::size_t i = 0; i < made.size(); ++i) {
        for (std::size_t j = 0; j < shortcuts[i].ais.size() && !shortcuts[i].ais[j].empty(); ++j) {
            std::string_view const ai = shortcuts[i].ais[j];
            made[i].slots[made[i].count++] = static_cast<Slot>(rows::slot_of(ai));
            made[i].digits += ai.size();
        }
    }
    return made;
}();

/// What is left to pack, ordered by AI.
class Packer {
public:
    Packer(std::span<Element const> elements, BitWriter& bits) : bits_{bits}
    {
        for (auto const& element : elements) insert({&element, static_cast<Slot>(rows::slot_of(element.ai))});
    }

    void put_shortcuts()
    {
        while (auto const* const best = best_shortcut()) {
            auto const index = static_cast<std::size_t>(best - shortcut_slots.data());
            bits_.put(shortcuts[index].code, 8);
            for (std::size_t i = 0; i < best->count; ++i) {
                auto const at = find(best->slots[i]);
                put_value(*items_[at].element, bits_);
                remove(at);
            }
        }
    }

    void put_rest()
    {
        for (std::size_t i = 0; i < count_; ++i) {
            for (char const c : items_[i].element->ai) bits_.put(static_cast<unsigned>(c - '0'), 4);
            put_value(*items_[i].element, bits_);
        }
    }

private:
    struct Item {
        Element const* element;
        Slot slot;
    };

    void insert(Item item)
    {
        auto at = count_++;
        for (; at > 0 && item.element->ai < items_[at - 1].element->ai; --at) items_[at] = items_[at - 1];
        items_[at] = item;
    }

    void remove(std::size_t at)
    {
        std::copy(items_.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                  items_.begin() + static_cast<std::ptrdiff_t>(count_),
                  items_.begin() + static_cast<std::ptrdiff_t>(at));
        --count_;
    }

    std::size_t find(Slot slot) const
    {
        std::size_t at = 0;
        while (at < count_ && items_[at].slot != slot) ++at;
        return at;
    }

    /// The shortcut that saves most digits of AIs, of equal ones the first; nullptr when none fits.
    ShortcutSlots const* best_shortcut() const
    {
        ShortcutSlots const* best = nullptr;
        Slot absent = 0; // 00 is in no shortcut, so 0 is free to mean none
        for (auto const& one : shortcut_slots) {
            if (one.slots[0] == absent || (best != nullptr && one.digits <= best->digits)) continue;
            std::size_t found = 0;
            while (found < one.count && find(one.slots[found]) < count_) ++found;
            if (found == one.count) best = &one;
            if (found == 0) absent = one.slots[0];
        }
        return best;
    }

    BitWriter& bits_;
    std::array<Item, code_elements_max> items_;
    std::size_t count_ = 0;
};

bool is_packable(std::pair<std::string, std::string> const& parameter)
{
    auto const& [name, value] = parameter;
    auto const in_alphabet = [](char c) { return sextets[static_cast<unsigned char>(c)] != 0xFF; };
    return !all_digits(name) && name.size() <= parameter_chars_max && value.size() <= parameter_chars_max &&
           std::all_of(name.begin(), name.end(), in_alphabet) && all_ascii(value);
}

void put_parameter(std::pair<std::string, std::string> const& parameter, BitWriter& bits)
{
    bits.put(0xF, 4);
    bits.put(parameter.first.size(), 7);
    for (char const c : parameter.first) bits.put(sextets[static_cast<unsigned char>(c)], 6);
    put_text(parameter.second, 7, bits);
}

Status check_packable(std::span<Element const> elements, bool keep_key)
{
    // A value that is itself the AI of a key would be taken for the start of the link.
    auto const* const like_key = keep_key ? find_ai(elements[0].value) : nullptr;
    if (like_key != nullptr && like_key->link_key) {
        return invalid("link.not_compressible", {std::string{elements[0].ai}});
    }
    for (std::size_t i = keep_key ? 1 : 0; i < elements.size(); ++i) {
        auto const& element = elements[i];
        // Packed AIs have no order, so a second key could not be told from the first.
        bool const second_key = !keep_key && i > 0 && element.entry->link_key;
        if (second_key || !fits(formats[row_of(*element.entry)], element.value)) {
            return invalid("link.not_compressible", {std::string{element.ai}});
        }
    }
    return Done{};
}

} // namespace

Result<std::string> to_compressed_link(std::span<AiValue const> elements, std::string_view base,
                                       CompressOptions const& options, Parameters parameters)
{
    ElementList ordered;
    if (auto const path = order_link(elements, ordered); !path) return path.error();
    auto const list = ordered.list();
    bool const keep_key = options.keep_key && list.size() > 1;
    if (auto const packable = check_packable(list, keep_key); !packable) return packable.error();

    while (base.ends_with('/')) base.remove_suffix(1);
    std::string out;
    out.reserve(base.size() + 64);
    out.append(base).append("/");
    if (keep_key) out.append(list[0].ai).append("/").append(percent_encode(list[0].value)).append("/");
    BitWriter bits{out};
    Packer packer{list.subspan(keep_key ? 1 : 0), bits};
    if (options.shortcuts) packer.put_shortcuts();
    packer.put_rest();
    auto const packs = [&](auto const& parameter) { return options.compress_parameters && is_packable(parameter); };
    for (auto const& parameter : parameters) {
        if (packs(parameter)) put_parameter(parameter, bits);
    }
    bits.finish();
    char separator = '?';
    for (auto const& parameter : parameters) {
        if (packs(parameter)) continue;
        (out += separator).append(percent_encode(parameter.first)).append("=").append(percent_encode(parameter.second));
        separator = '&';
    }
    return out;
}

} // namespace nguon::gs1
