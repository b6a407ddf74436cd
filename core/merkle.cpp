#include "core/merkle.hpp"

#include "core/bytes.hpp"

#include <bit>
#include <cassert>

namespace nguon::merkle {
namespace {

/// The hash of the `size` entries from `begin` on; `begin` is where such a subtree can begin.
std::string subtree(std::uint64_t begin, std::uint64_t size, Stored const& stored)
{
    if (std::has_single_bit(size)) {
        auto const level = static_cast<unsigned>(std::countr_zero(size));
        return stored({level, begin >> level});
    }
    auto const left = std::bit_floor(size);
    return node_hash(subtree(begin, left, stored), subtree(begin + left, size - left, stored));
}

/// The largest power of two below `size`.
std::uint64_t split(std::uint64_t size) { return std::bit_floor(size - 1); }

void add_inclusion(std::vector<std::string>& proof, std::uint64_t index, std::uint64_t begin, std::uint64_t size,
                   Stored const& stored)
{
    if (size == 1) return;
    auto const left = split(size);
    if (index < left) {
        add_inclusion(proof, index, begin, left, stored);
        proof.push_back(subtree(begin + left, size - left, stored));
    } else {
        add_inclusion(proof, index - left, begin + left, size - left, stored);
        proof.push_back(subtree(begin, left, stored));
    }
}

void add_consistency(std::vector<std::string>& proof, std::uint64_t old_size, std::uint64_t begin, std::uint64_t size,
                     bool is_known, Stored const& stored)
{
    if (old_size == size) {
        if (!is_known) proof.push_back(subtree(begin, size, stored));
        return;
    }
    auto const left = split(size);
    if (old_size <= left) {
        add_consistency(proof, old_size, begin, left, is_known, stored);
        proof.push_back(subtree(begin + left, size - left, stored));
    } else {
        add_consistency(proof, old_size - left, begin + left, size - left, false, stored);
        proof.push_back(subtree(begin, left, stored));
    }
}

} // namespace

std::string leaf_hash(std::string_view entry)
{
    std::string bytes(1, '\0');
    return sha256(bytes += entry);
}

std::string node_hash(std::string_view left, std::string_view right)
{
    std::string bytes(1, '\1');
    return sha256(bytes.append(left).append(right));
}

std::string subtree_hash(std::vector<std::string> leaves)
{
    assert(std::has_single_bit(leaves.size()));
    for (; leaves.size() > 1; leaves.resize(leaves.size() / 2))
        for (std::size_t i = 0; i < leaves.size() / 2; ++i) leaves[i] = node_hash(leaves[2 * i], leaves[2 * i + 1]);
    return std::move(leaves.front());
}

std::vector<std::pair<Place, std::string>> append(std::uint64_t size, std::string leaf, Stored const& stored)
{
    std::vector<std::pair<Place, std::string>> grown{{Place{0, size}, std::move(leaf)}};
    for (auto index = size; (index & 1U) == 1; index >>= 1U) {
        auto const [place, hash] = grown.back();
        auto const left = stored({place.level, place.index - 1});
        grown.emplace_back(Place{place.level + 1, place.index >> 1U}, node_hash(left, hash));
    }
    return grown;
}

std::string root(std::uint64_t size, Stored const& stored) { return size == 0 ? sha256("") : subtree(0, size, stored); }

std::vector<std::string> inclusion_proof(std::uint64_t index, std::uint64_t size, Stored const& stored)
{
    assert(index < size);
    std::vector<std::string> proof;
    add_inclusion(proof, index, 0, size, stored);
    return proof;
}

std::optional<std::string> root_of_inclusion(std::string_view leaf, std::uint64_t index, std::uint64_t size,
                                             std::vector<std::string> const& proof)
{
    if (index >= size) return std::nullopt;
    auto last = size - 1;
    std::string hash{leaf};
    for (auto const& sibling : proof) {
        if (last == 0) return std::nullopt;
        if ((index & 1U) == 1 || index == last) {
            hash = node_hash(sibling, hash);
            while ((index & 1U) == 0 && index != 0) {
                index >>= 1U;
                last >>= 1U;
            }
        } else {
            hash = node_hash(hash, sibling);
        }
        index >>= 1U;
        last >>= 1U;
    }
    if (last != 0) return std::nullopt;
    return hash;
}

bool verify_inclusion(std::string_view leaf, std::uint64_t index, std::uint64_t size,
                      std::vector<std::string> const& proof, std::string_view root)
{
    return root_of_inclusion(leaf, index, size, proof) == root;
}

std::vector<std::string> consistency_proof(std::uint64_t old_size, std::uint64_t size, Stored const& stored)
{
    assert(old_size <= size);
    std::vector<std::string> proof;
    if (old_size > 0) add_consistency(proof, old_size, 0, size, true, stored);
    return proof;
}

bool verify_consistency(std::uint64_t old_size, std::uint64_t size, std::string_view old_root, std::string_view root,
                        std::vector<std::string> const& proof)
{
    if (old_size > size) return false;
    if (old_size == size) return proof.empty() && old_root == root;
    if (old_size == 0) return proof.empty() && old_root == sha256("");
    auto next = proof.begin();
    if (!std::has_single_bit(old_size) && next == proof.end()) return false;
    auto index = old_size - 1;
    auto last = size - 1;
    while ((index & 1U) == 1) {
        index >>= 1U;
        last >>= 1U;
    }
    // A power of two is a subtree that both trees have, and its hash is known.
    std::string old_hash = std::has_single_bit(old_size) ? std::string{old_root} : *next++;
    auto hash = old_hash;
    for (; next != proof.end(); ++next) {
        if (last == 0) return false;
        if ((index & 1U) == 1 || index == last) {
            old_hash = node_hash(*next, old_hash);
            hash = node_hash(*next, hash);
            while ((index & 1U) == 0 && index != 0) {
                index >>= 1U;
                last >>= 1U;
            }
        } else {
            hash = node_hash(hash, *next);
        }
        index >>= 1U;
        last >>= 1U;
    }
    return last == 0 && old_hash == old_root && hash == root;
}

} // namespace nguon::merkle
