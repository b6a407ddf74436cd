#include "connector/delivery_log.hpp"

#include "connector/outbox_store.hpp"
#include "core/bytes.hpp"
#include "core/json.hpp"
#include "core/merkle.hpp"
#include "db/leases.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

namespace nguon::connector {
namespace {

using nlohmann::json;

constexpr std::string_view proof_format = "nguon-delivery-proof-1";
constexpr std::int64_t entries_at_once = 1000;
constexpr std::int64_t entries_added_at_once = 500;

/// The whole tree again from its entries, as far as it was read.
class Recomputed {
public:
    void add(std::string_view entry)
    {
        for (auto& [place, hash] : merkle::append(size_, merkle::leaf_hash(entry), stored()))
            nodes_[{place.level, place.index}] = std::move(hash);
        ++size_;
    }
    std::uint64_t size() const { return size_; }
    std::string root() const { return merkle::root(size_, stored()); }

private:
    merkle::Stored stored() const
    {
        return [this](merkle::Place place) { return nodes_.at({place.level, place.index}); };
    }

    std::uint64_t size_ = 0;
    std::map<std::pair<unsigned, std::uint64_t>, std::string> nodes_;
};

Status verify_inclusion(json const& proof, std::string const& entry, CheckpointText const& checkpoint)
{
    auto const& index = proof.value("index", json{});
    auto const& path = proof.value("proof", json{});
    if (!index.is_number_unsigned()) return invalid("proof.format", {"index"});
    if (!path.is_array()) return invalid("proof.format", {"proof"});
    std::vector<std::string> hashes;
    for (auto const& step : path) {
        auto const hash = step.is_string() ? from_base64(step.get<std::string>()) : invalid("proof.format", {"proof"});
        if (!hash) return invalid("proof.format", {"proof"});
        hashes.push_back(*hash);
    }
    bool const holds = merkle::verify_inclusion(merkle::leaf_hash(entry), index.get<std::uint64_t>(), checkpoint.size,
                                                hashes, checkpoint.root);
    if (!holds) return invalid("proof.inclusion");
    return Done{};
}

} // namespace

std::string log_origin(std::string const& installation_id) { return "nguon/" + installation_id + "/delivery-log"; }

boost::asio::awaitable<Status> complete_log(db::Database& database, std::int64_t epoch)
{
    while (true) {
        auto work = [](db::Connection& c) -> Result<std::int64_t> {
            return db::delivery_log::append_missing(c, entries_added_at_once);
        };
        auto fenced = db::leases::under(std::string{lease_name}, epoch, std::move(work));
        auto const added = co_await database.write_unseen(std::move(fenced));
        if (!added) co_return added.error();
        if (*added == 0) co_return Done{};
    }
}

bool sign_checkpoint(db::Connection& c, NoteSigner const& signer, Instant now)
{
    auto const size = db::delivery_log::size(c);
    auto const newest = db::delivery_log::newest_checkpoint(c);
    if (size == 0 || (newest && newest->size >= size)) return false;
    db::delivery_log::Checkpoint checkpoint{size, db::delivery_log::root(c, size), {}, now};
    checkpoint.note = signer.sign(nguon::to_text(CheckpointText{signer.verifier().name(), size, checkpoint.root, now}));
    db::delivery_log::put(c, checkpoint);
    return true;
}

namespace {

/// The text of a note that one of the keys signed.
Result<std::string> open_note(std::string_view note, std::span<NoteVerifier const> log_keys)
{
    Result<std::string> text = invalid("note.unsigned", {""});
    for (auto const& key : log_keys) {
        text = key.open(note);
        if (text) break;
    }
    return text;
}

Result<CheckpointText> open_checkpoint(std::string_view note, std::span<NoteVerifier const> log_keys)
{
    auto const text = open_note(note, log_keys);
    if (!text) return text.error();
    auto checkpoint = read_checkpoint(*text);
    bool const is_theirs =
        checkpoint && std::ranges::any_of(log_keys, [&](auto const& key) { return key.name() == checkpoint->origin; });
    if (checkpoint && !is_theirs) return invalid("proof.log", {checkpoint->origin});
    return checkpoint;
}

} // namespace

Status verify_proof(json const& proof, std::span<NoteVerifier const> log_keys, ReceiptKeys const& portal_keys)
{
    if (text_at(proof, "format") != proof_format) return invalid("proof.format", {"format"});
    auto const entry_text = text_at(proof, "entry");
    auto const entry = parse_json(entry_text);
    if (!entry) return invalid("proof.format", {"entry"});
    for (std::string const part : {"record", "sent", "receipt"})
        if (sha256_hex(text_at(proof, part)) != text_at(*entry, part + "_sha256"))
            return invalid("proof.digest", {part});
    auto const checkpoint = open_checkpoint(text_at(proof, "checkpoint"), log_keys);
    if (!checkpoint) return checkpoint.error();
    if (auto const included = verify_inclusion(proof, entry_text, *checkpoint); !included) return included;
    if (portal_keys.empty()) return Done{};
    auto const receipt = parse_json(text_at(proof, "receipt"));
    if (!receipt) return invalid("proof.format", {"receipt"});
    auto const verified = portal_keys.verify(*receipt, text_at(*entry, "key"), text_at(*entry, "sent_sha256"));
    if (!verified) return verified.error();
    return Done{};
}

namespace {

/// Roots that were signed, by size.
using SignedRoots = std::map<std::uint64_t, std::string>;

SignedRoots read_signed_roots(db::Connection& c, std::span<NoteVerifier const> log_keys, std::string_view kept,
                              Finding const& finding)
{
    SignedRoots roots;
    auto const take = [&](std::string_view note, char const* what, std::uint64_t size) {
        auto const checkpoint = open_checkpoint(note, log_keys);
        if (!checkpoint) return finding(what, size);
        auto const [at, is_new] = roots.try_emplace(checkpoint->size, checkpoint->root);
        if (!is_new && at->second != checkpoint->root) finding(what, checkpoint->size);
    };
    for (auto const& checkpoint : db::delivery_log::checkpoints(c)) take(checkpoint.note, "signature", checkpoint.size);
    if (!kept.empty()) take(kept, "kept_checkpoint", 0);
    return roots;
}

/// Size of the newest checkpoint that one of the witnesses signed for.
std::uint64_t newest_witnessed(db::Connection& c, std::span<NoteVerifier const> witness_keys)
{
    std::uint64_t size = 0;
    for (auto const& checkpoint : db::delivery_log::checkpoints(c))
        if (std::ranges::any_of(witness_keys, [&](auto const& key) { return key.open(checkpoint.note).ok(); }))
            size = std::max(size, checkpoint.size);
    return size;
}

} // namespace

LogSummary verify_log(db::Connection& c, std::span<NoteVerifier const> log_keys,
                      std::span<NoteVerifier const> witness_keys, std::string_view kept, Finding const& finding)
{
    auto const roots = read_signed_roots(c, log_keys, kept, finding);
    Recomputed tree;
    while (true) {
        auto const entries = db::delivery_log::list(c, tree.size(), entries_at_once);
        if (entries.empty()) break;
        for (auto const& entry : entries) {
            if (entry.index != tree.size()) finding("numbering", entry.index);
            if (db::delivery_log::entry_by_records(c, entry.target, entry.outbox_seq) != entry.text)
                finding("record_changed", entry.index);
            tree.add(entry.text);
            auto const signed_root = roots.find(tree.size());
            if (signed_root != roots.end() && signed_root->second != tree.root()) finding("root", tree.size());
        }
    }
    auto const covered = roots.empty() ? 0 : roots.rbegin()->first;
    if (covered > tree.size()) finding("shrunk", tree.size());
    auto const witnessed = newest_witnessed(c, witness_keys);
    if (!witness_keys.empty() && witnessed == 0) finding("unwitnessed", tree.size());
    return {tree.size(), roots.size(), covered, tree.root(), witnessed};
}

} // namespace nguon::connector
