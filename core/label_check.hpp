#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// The keyed check in a label's address (`k=`). A code can be guessed or made up; who has not the key cannot make up an
/// address that passes. Against labels that were copied whole it does not help.
namespace nguon {

class LabelCheckKey {
public:
    static constexpr std::size_t check_chars = 14;
    /// Names of keys, one character each, in the order in which they are given.
    static std::string_view ids();
    /// 32 random bytes.
    static std::string new_secret();

    LabelCheckKey(char id, std::string secret);

    char id() const { return id_; }
    /// The key's name and 64 bits of HMAC-SHA-256 over the printed code, in its own alphabet. It covers the code and
    /// not the address, because an address may gain a GTIN or another host and the label stays as it is.
    std::string check_of(std::string_view code) const;

private:
    char id_;
    std::string secret_;
};

} // namespace nguon
