#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// How a worker's task answers: '+' and what it found, or '-' and the key of a refusal. The child has read a stranger's
/// file, so the parent reads its answer with the same care.
namespace nguon::worker_answer {

/// Numbers are four bytes, least significant first; a text is its size and its bytes.
class Writer {
public:
    Writer() : bytes_(1, '+') {}

    void number(std::uint32_t value);
    void text(std::string_view value);
    std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

/// The answer that refuses a file.
std::string refuse(std::string_view key);

/// Whether the answer holds what was asked for.
bool is_good(std::string_view answer);

/// Key of a refusal; empty when the answer is none.
std::string refusal(std::string_view answer);

/// Reads what follows the '+'. Once something is missing or too long, everything that follows is empty and `good` is
/// false.
class Reader {
public:
    explicit Reader(std::string_view answer) : bytes_{answer.substr(answer.empty() ? 0 : 1)} {}

    std::uint32_t number();
    std::string text(std::size_t bytes_max);
    /// The same; a text that is not UTF-8 is a fault.
    std::string utf8(std::size_t bytes_max);
    bool good() const { return good_; }
    bool finished() const { return good_ && bytes_.empty(); }

private:
    std::string_view take(std::size_t count);

    std::string_view bytes_;
    bool good_ = true;
};

} // namespace nguon::worker_answer
