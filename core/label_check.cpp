#include "core/label_check.hpp"

#include "core/bytes.hpp"
#include "core/gs1/printed_code.hpp"

#include <cassert>
#include <cstdint>
#include <utility>

namespace nguon {
namespace {

constexpr std::size_t secret_bytes = 32;
constexpr unsigned bits_per_char = 5;

std::uint64_t first_eight_bytes(std::string_view bytes)
{
    std::uint64_t out = 0;
    for (auto const byte : bytes.substr(0, 8)) out = out << 8U | static_cast<unsigned char>(byte);
    return out;
}

} // namespace

std::string_view LabelCheckKey::ids() { return gs1::printed_code_alphabet; }

std::string LabelCheckKey::new_secret() { return random_bytes(secret_bytes); }

LabelCheckKey::LabelCheckKey(char id, std::string secret) : id_{id}, secret_{std::move(secret)}
{
    assert(ids().find(id) != std::string_view::npos && secret_.size() == secret_bytes);
}

std::string LabelCheckKey::check_of(std::string_view code) const
{
    auto bits = first_eight_bytes(hmac_sha256(secret_, code));
    std::string out(check_chars, id_);
    for (auto place = check_chars - 1; place > 0; --place, bits >>= bits_per_char)
        out[place] = ids()[bits & ((1U << bits_per_char) - 1)];
    return out;
}

} // namespace nguon
