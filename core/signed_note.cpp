#include "core/signed_note.hpp"

#include "core/bytes.hpp"
#include "core/files.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <vector>

namespace nguon {
namespace {

constexpr char ed25519_algorithm = 1; // the algorithm's number in key ids and key texts
constexpr std::size_t id_bytes = 4;
constexpr std::size_t public_key_bytes = 32;
constexpr std::string_view dash = "— "; // U+2014 and a space begin a signature

std::string key_bytes(std::string_view public_key) { return std::string(1, ed25519_algorithm).append(public_key); }

std::string id_of(std::string const& name, std::string_view public_key)
{
    return sha256(name + "\n" + key_bytes(public_key)).substr(0, id_bytes);
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
    if (!id || !key || key->size() != public_key_bytes + 1 || key->front() != ed25519_algorithm)
        return invalid("note.key");
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
    auto const key = ed25519::PublicKey::from_raw(public_key_);
    for (auto const line : parts->signatures) {
        if (!line.starts_with(beginning)) continue;
        auto const signature = from_base64(line.substr(beginning.size()));
        if (!signature || !signature->starts_with(id_)) continue; // another key of the same name
        bool const valid = key && key->verify(parts->text, std::string_view{*signature}.substr(id_bytes));
        if (!valid) return invalid("note.signature", {name_});
        return std::string{parts->text};
    }
    return invalid("note.unsigned", {name_});
}

Result<NoteSigner> NoteSigner::open(std::filesystem::path const& key_file, std::string name)
{
    assert(!name.empty() && name.find_first_of(" +\n") == std::string::npos);
    auto const refuse = [&key_file] { return invalid("note.key_file", {key_file.string()}); };
    if (!std::filesystem::exists(key_file)) {
        auto const made = write_file_once(key_file, ed25519::PrivateKey::generate().pem(), owner_only);
        if (!made) return refuse();
    }
    auto key = ed25519::PrivateKey::read_pem(key_file);
    if (!key) return refuse();
    NoteVerifier verifier{std::move(name), key->public_key().raw()};
    return NoteSigner{*std::move(key), std::move(verifier)};
}

std::string NoteSigner::signature_line(std::string_view text) const
{
    return std::string{dash} + verifier_.name_ + " " + to_base64(verifier_.id_ + key_.sign(text)) + "\n";
}

std::string NoteSigner::sign(std::string_view text) const
{
    assert(text.ends_with('\n'));
    return std::string{text} + "\n" + signature_line(text);
}

} // namespace nguon
