#include "core/signed_note.hpp"

#include "core/bytes.hpp"
#include "core/files.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <optional>
#include <vector>

namespace nguon {
namespace {

constexpr std::size_t id_bytes = 4;
constexpr std::size_t public_key_bytes = 32;
constexpr std::size_t time_bytes = 8;
constexpr std::string_view dash = "— "; // U+2014 and a space begin a signature

std::string key_bytes(std::string_view public_key, NoteKind kind)
{
    return std::string(1, static_cast<char>(kind)).append(public_key);
}

std::string id_of(std::string const& name, std::string_view public_key, NoteKind kind)
{
    return sha256(name + "\n" + key_bytes(public_key, kind)).substr(0, id_bytes);
}

std::string big_endian(std::uint64_t number)
{
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xFF);
    return bytes;
}

/// What a cosigner signs: the time, and the whole text.
std::string cosigned(std::uint64_t seconds, std::string_view text)
{
    return ("cosignature/v1\ntime " + std::to_string(seconds) + "\n").append(text);
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

NoteVerifier::NoteVerifier(std::string name, std::string public_key, NoteKind kind)
    : name_{std::move(name)}, public_key_{std::move(public_key)}, kind_{kind}, id_{id_of(name_, public_key_, kind)}
{
}

Result<NoteVerifier> NoteVerifier::read(std::string_view text)
{
    auto const first = text.find('+');
    auto const second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos || first == 0) return invalid("note.key");
    auto const id = from_hex(text.substr(first + 1, second - first - 1));
    auto const key = from_base64(text.substr(second + 1));
    if (!id || !key || key->size() != public_key_bytes + 1) return invalid("note.key");
    auto const kind = static_cast<NoteKind>(key->front());
    if (kind != NoteKind::signature && kind != NoteKind::cosignature) return invalid("note.key");
    NoteVerifier verifier{std::string{text.substr(0, first)}, key->substr(1), kind};
    if (verifier.id_ != *id) return invalid("note.key");
    return verifier;
}

std::string NoteVerifier::text() const
{
    return name_ + "+" + to_hex(id_) + "+" + to_base64(key_bytes(public_key_, kind_));
}

Result<std::string> NoteVerifier::open(std::string_view note) const
{
    auto const line = own_line(note);
    if (!line) return line.error();
    return std::string{parts_of(note)->text};
}

Result<std::string> NoteVerifier::own_line(std::string_view note) const
{
    auto const parts = parts_of(note);
    if (!parts) return invalid("note.format");
    auto const beginning = std::string{dash} + name_ + " ";
    for (auto const line : parts->signatures) {
        if (!line.starts_with(beginning)) continue;
        auto const signature = from_base64(line.substr(beginning.size()));
        if (!signature || !signature->starts_with(id_)) continue; // another key of the same name
        if (!verify(parts->text, std::string_view{*signature}.substr(id_bytes)))
            return invalid("note.signature", {name_});
        return std::string{line} + "\n";
    }
    return invalid("note.unsigned", {name_});
}

bool NoteVerifier::verify(std::string_view text, std::string_view signature) const
{
    auto const key = ed25519::PublicKey::from_raw(public_key_);
    if (!key) return false;
    if (kind_ == NoteKind::signature) return key->verify(text, signature);
    if (signature.size() <= time_bytes) return false;
    std::uint64_t seconds = 0;
    for (auto const byte : signature.substr(0, time_bytes)) seconds = seconds << 8 | static_cast<unsigned char>(byte);
    return key->verify(cosigned(seconds, text), signature.substr(time_bytes));
}

Result<NoteSigner> NoteSigner::open(std::filesystem::path const& key_file, std::string name, NoteKind kind)
{
    assert(!name.empty() && name.find_first_of(" +\n") == std::string::npos);
    auto const refuse = [&key_file] { return invalid("note.key_file", {key_file.string()}); };
    if (!std::filesystem::exists(key_file)) {
        auto const made = write_file_once(key_file, ed25519::PrivateKey::generate().pem(), owner_only);
        if (!made) return refuse();
    }
    auto key = ed25519::PrivateKey::read_pem(key_file);
    if (!key) return refuse();
    NoteVerifier verifier{std::move(name), key->public_key().raw(), kind};
    return NoteSigner{*std::move(key), std::move(verifier)};
}

std::string NoteSigner::signature_line(std::string_view text) const
{
    return std::string{dash} + verifier_.name_ + " " + to_base64(verifier_.id_ + key_.sign(text)) + "\n";
}

std::string NoteSigner::cosignature_line(std::string_view text, Instant now) const
{
    assert(verifier_.kind_ == NoteKind::cosignature);
    auto const seconds =
        static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    auto const signature = big_endian(seconds) + key_.sign(cosigned(seconds, text));
    return std::string{dash} + verifier_.name_ + " " + to_base64(verifier_.id_ + signature) + "\n";
}

std::string NoteSigner::sign(std::string_view text) const
{
    assert(text.ends_with('\n'));
    return std::string{text} + "\n" + signature_line(text);
}

} // namespace nguon
