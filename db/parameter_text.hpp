#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace nguon::db {

/// "$2, $3, $4": so many parameters of a statement about many things at once, spelt when the program is compiled.
template <std::size_t first, std::size_t count>
class ParameterText {
public:
    constexpr ParameterText()
    {
        for (std::size_t number = first; number < first + count; ++number) {
            if (number > first) add(", ");
            add("$");
            add_number(number);
        }
    }
    constexpr std::string_view view() const { return {text_.data(), size_}; }

private:
    static constexpr std::size_t chars_each = 7; // "$1000, "

    constexpr void add(std::string_view text)
    {
        for (char const c : text) text_[size_++] = c;
    }
    constexpr void add_number(std::size_t number)
    {
        if (number >= 10) add_number(number / 10);
        text_[size_++] = static_cast<char>('0' + number % 10);
    }

    std::array<char, count * chars_each> text_{};
    std::size_t size_ = 0;
};

template <std::size_t first, std::size_t count>
inline constexpr ParameterText<first, count> parameter_text{};

} // namespace nguon::db
