#include "core/signed_note.hpp"

#include "core/bytes.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

namespace nguon {
namespace {

constexpr char ed25519 = 1; // the algorithm's number in key ids and key texts
constexpr std::size_t id_bytes = 4;
constexpr std::size_t public_key_bytes = 32;
constexpr std::string_view dash = "— "; // U+2014 and a space begin a signature

using Key = std::shared_ptr<EVP_PKEY>;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

std::string key_bytes(std::string_view public_key) { return std::string(1, ed25519).append(public_key); }

std::string id_of(std::string const& name, std::string_view public_key)
{
    return sha256(name + "\n" + key_bytes(public_key)).substr(0, id_bytes);
}

std::string public_bytes(EVP_PKEY* key)
{
    std::string out(public_key_bytes, '\0');
    std::size_t size = out.size();
    if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(out.data()), &size) != 1)
        throw std::runtime_error{"no public key"};
    return out;
}

Key read_key(std::filesystem::path const& file)
{
    File const in{std::fopen(file.c_str(), "re"), &std::fclose};
    if (!in) return nullptr;
    Key key{PEM_read_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
    return key && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_ED25519 ? key : nullptr;
}

/// Whole and synced under its name, or not there.
bool make_key(std::filesystem::path const& file)
{
    Key const key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free};
    auto const unfinished = file.string() + ".new";
    constexpr mode_t owner_only = 0600;
    int const descriptor = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, owner_only);
    if (descriptor < 0) return false;
    File const out{::fdopen(descriptor, "w"), &std::fclose};
    return key && out && PEM_write_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
           std::fflush(out.get()) == 0 && ::fsync(descriptor) == 0 &&
           std::rename(unfinished.c_str(), file.c_str()) == 0;
}

/// Text and signature lines; nothing when the note is none.
struct Parts {
    std::string_view text = {};
    std::vector<std::string_view> signatures = {};
};

std::optional<Parts> parts_of(std::string_view note)
{
    auto const gap = note.rfind("\n\n");
    if (gap == std::string_view::npos || !note.ends_with('\n')) return std::nullopt;
    Parts parts{note.substr(0, gap + 1), {}};
    for (auto rest = note.substr(gap + 2); !rest.empty();) {
        auto const end = rest.find('\n');
        parts.signatures.push_back(rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
    bool const formed = std::ranges::all_of(parts.signatures, [](auto line) { return line.starts_with(dash); });
    if (parts.signatures.empty() || !formed) return std::nullopt;
    return parts;
}

} // namespace

NoteVerifier::NoteVerifier(std::string name, std::string public_key)
    : name_{std::move(name)}, public_key_{std::move(public_key)}, id_{id_of(name_, public_key_)}
{
}

Result<NoteVerifier> NoteVerifier::read(std::string_view text)
{
    auto const first = text.find('+');
    auto const second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos || first == 0) return invalid("note.key");
    auto const id = from_hex(text.substr(first + 1, second - first - 1));
    auto const key = from_base64(text.substr(second + 1));
    if (!id || !key || key->size() != public_key_bytes + 1 || key->front() != ed25519) return invalid("note.key");
    NoteVerifier verifier{std::string{text.substr(0, first)}, key->substr(1)};
    if (verifier.id_ != *id) return invalid("note.key");
    return verifier;
}

std::string NoteVerifier::text() const { return name_ + "+" + to_hex(id_) + "+" + to_base64(key_bytes(public_key_)); }

Result<std::string> NoteVerifier::open(std::string_view note) const
{
    auto const parts = parts_of(note);
    if (!parts) return invalid("note.format");
    auto const beginning = std::string{dash} + name_ + " ";
    Key const key{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key_), public_key_.size()),
                  &EVP_PKEY_free};
    for (auto const line : parts->signatures) {
        if (!line.starts_with(beginning)) continue;
        auto const signature = from_base64(line.substr(beginning.size()));
        if (!signature || !signature->starts_with(id_)) continue; // another key of the same name
        auto const bytes = std::string_view{*signature}.substr(id_bytes);
        std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
        bool const valid =
            key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
            EVP_DigestVerify(context.get(), bytes_of(bytes), bytes.size(), bytes_of(parts->text), parts->text.size()) ==
                1;
        if (!valid) return invalid("note.signature", {name_});
        return std::string{parts->text};
    }
    return invalid("note.unsigned", {name_});
}

Result<NoteSigner> NoteSigner::open(std::filesystem::path const& key_file, std::string name)
{
    assert(!name.empty() && name.find_first_of(" +\n") == std::string::npos);
    auto const refuse = [&key_file] { return invalid("note.key_file", {key_file.string()}); };
    if (!std::filesystem::exists(key_file) && !make_key(key_file)) return refuse();
    auto key = read_key(key_file);
    if (!key) return refuse();
    NoteVerifier verifier{std::move(name), public_bytes(key.get())};
    return NoteSigner{std::move(key), std::move(verifier)};
}

std::string NoteSigner::signature_line(std::string_view text) const
{
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    std::array<unsigned char, 64> signature{};
    std::size_t size = signature.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, bytes_of(text), text.size()) != 1)
        throw std::runtime_error{"Ed25519 cannot sign"};
    std::string const bytes{reinterpret_cast<char const*>(signature.data()), size};
    return std::string{dash} + verifier_.name_ + " " + to_base64(verifier_.id_ + bytes) + "\n";
}

std::string NoteSigner::sign(std::string_view text) const
{
    assert(text.ends_with('\n'));
    return std::string{text} + "\n" + signature_line(text);
}

} // namespace nguon
