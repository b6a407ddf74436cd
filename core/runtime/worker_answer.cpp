#include "core/runtime/worker_answer.hpp"

#include "core/fold.hpp"

namespace nguon::worker_answer {
namespace {

constexpr char good = '+';
constexpr char refused = '-';
constexpr std::size_t key_bytes_max = 64;

} // namespace

void Writer::number(std::uint32_t value)
{
    for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(value >> shift & 0xFF);
}

void Writer::text(std::string_view value)
{
    number(static_cast<std::uint32_t>(value.size()));
    bytes_ += value;
}

std::string refuse(std::string_view key) { return refused + std::string{key}; }

bool is_good(std::string_view answer) { return answer.starts_with(good); }

std::string refusal(std::string_view answer)
{
    if (!answer.starts_with(refused) || answer.size() > key_bytes_max) return {};
    return std::string{answer.substr(1)};
}

std::uint32_t Reader::number()
{
    auto const raw = take(4);
    std::uint32_t value = 0;
    for (std::size_t i = raw.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(raw[i]);
    return value;
}

std::string Reader::text(std::size_t bytes_max)
{
    auto const size = number();
    if (size > bytes_max) good_ = false;
    return std::string{take(size)};
}

std::string Reader::utf8(std::size_t bytes_max)
{
    auto value = text(bytes_max);
    if (!is_utf8(value)) good_ = false;
    return value;
}

std::string_view Reader::take(std::size_t count)
{
    if (!good_ || bytes_.size() < count) {
        good_ = false;
        return {};
    }
    auto const taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
}

} // namespace nguon::worker_answer
