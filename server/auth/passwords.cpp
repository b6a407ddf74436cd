#include "server/auth/passwords.hpp"

#include "core/fold.hpp"
#include "core/runtime/cpu_pool.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include <sodium.h>

namespace nguon::server {
namespace {

constexpr std::size_t chars_min = 8;
constexpr std::size_t bytes_max = 200;

/// What people try first, folded and without what they add at the end.
constexpr std::array<std::string_view, 30> well_known{
    "password", "passw0rd", "p@ssw0rd", "p@ssword", "matkhau",  "mat khau", "qwerty",  "qwertyuiop",
    "abcd",     "abc",      "admin",    "adm1n",    "iloveyou", "letmein",  "welcome", "vietnam",
    "viet nam", "laichau",  "lai chau", "nguon",    "test",     "demo",     "user",    "dragon",
    "monkey",   "master",   "hello",    "xinchao",  "anhyeuem", "emyeuanh"};

/// "Matkhau@2026" -> "matkhau": the word without the digits and signs around it.
std::string core_word(std::string_view password)
{
    auto folded = fold(password);
    auto const is_letter = [](unsigned char c) { return std::isalpha(c) != 0 || c >= 0x80; };
    while (!folded.empty() && !is_letter(static_cast<unsigned char>(folded.back()))) folded.pop_back();
    auto const first = std::ranges::find_if(folded, [&](char c) { return is_letter(static_cast<unsigned char>(c)); });
    folded.erase(folded.begin(), first);
    return folded;
}

bool any(std::string_view text, int (*is)(int))
{
    return std::ranges::any_of(text, [&](char c) { return is(static_cast<unsigned char>(c)) != 0; });
}

void start_sodium()
{
    static bool const ready = sodium_init() >= 0;
    if (!ready) throw std::runtime_error{"libsodium does not start"};
}

} // namespace

std::vector<FieldError> check_new_password(std::string_view login, std::string_view password, std::string_view field)
{
    std::vector<FieldError> faults;
    auto const add = [&](std::string key, std::vector<std::string> values = {}) {
        faults.push_back(FieldError{std::string{field}, std::move(key), std::move(values)});
    };
    if (password.empty()) {
        add("field.required");
        return faults;
    }
    auto const is_foreign = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    bool const letter = any(password, std::isalpha) || std::ranges::any_of(password, is_foreign);
    if (count_chars(password) < chars_min) add("password.too_short", {std::to_string(chars_min)});
    if (password.size() > bytes_max || !is_utf8(password)) add("password.too_long", {std::to_string(bytes_max)});
    if (!letter) add("password.needs_letter");
    if (!any(password, std::isdigit)) add("password.needs_digit");
    if (!any(password, std::ispunct) && password.find(' ') == std::string_view::npos) add("password.needs_sign");
    if (!login.empty() && (fold(password) == fold(login) || core_word(password) == fold(login)))
        add("password.is_login");
    if (std::ranges::find(well_known, core_word(password)) != well_known.end()) add("password.common");
    return faults;
}

std::string hash_password_now(std::string const& password, PasswordCost cost)
{
    start_sodium();
    bool const least = cost == PasswordCost::least;
    std::array<char, crypto_pwhash_STRBYTES> text{};
    int const failed =
        crypto_pwhash_str_alg(text.data(), password.data(), password.size(),
                              least ? crypto_pwhash_argon2id_OPSLIMIT_MIN : crypto_pwhash_argon2id_OPSLIMIT_MODERATE,
                              least ? crypto_pwhash_argon2id_MEMLIMIT_MIN : crypto_pwhash_argon2id_MEMLIMIT_MODERATE,
                              crypto_pwhash_ALG_ARGON2ID13);
    if (failed != 0) throw std::bad_alloc{};
    return text.data();
}

bool verify_password_now(std::string const& hash, std::string const& password)
{
    start_sodium();
    if (hash.size() >= crypto_pwhash_STRBYTES) return false;
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

net::awaitable<Result<std::string>> hash_password(CpuPool& pool, std::string password)
{
    auto work = [password = std::move(password)] { return hash_password_now(password); };
    co_return co_await pool.run(std::move(work));
}

net::awaitable<Result<bool>> verify_password(CpuPool& pool, std::string hash, std::string password)
{
    auto work = [hash = std::move(hash), password = std::move(password)] {
        return verify_password_now(hash, password);
    };
    co_return co_await pool.run(std::move(work));
}

std::string const& nobodys_hash()
{
    // Made once with the moderate cost from random bytes that were thrown away.
    static std::string const hash =
        "$argon2id$v=19$m=262144,t=3,p=1$5u4CuUuTYq2JNbuGmhbUNA$n2mqozuod9DXIMKDia1cPAmMozk1PyU4NFelmQ3VHwo";
    return hash;
}

} // namespace nguon::server
