#include "core/ids.hpp"

#include "core/bytes.hpp"

#include <chrono>

namespace nguon {

std::string new_uuid()
{
    using namespace std::chrono;
    auto bytes = random_bytes(16);
    auto const millis =
        static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
    for (unsigned i = 0; i < 6; ++i) bytes[i] = static_cast<char>((millis >> (8 * (5 - i))) & 255U);
    bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | 0x70U);
    bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
    auto text = to_hex(bytes);
    for (std::size_t const at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
    return text;
}

bool is_uuid(std::string_view text)
{
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool const hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex) return false;
    }
    return true;
}

} // namespace nguon
