#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The Merkle tree of RFC 9162 §2.1 over a list that only grows. Hashes are 32 raw bytes. Nothing is stored here: who
/// keeps the list keeps the hashes of its complete subtrees.
namespace nguon::merkle {

/// A complete subtree: of 2^level leaves, the index-th from the left. Leaves are level 0.
struct Place {
    unsigned level = 0;
    std::uint64_t index = 0;

    bool operator==(Place const&) const = default;
};

/// The hash of a complete subtree that was stored.
using Stored = std::function<std::string(Place)>;

std::string leaf_hash(std::string_view entry);
std::string node_hash(std::string_view left, std::string_view right);

/// The hash of a complete subtree from those of its leaves, as many as a power of two.
std::string subtree_hash(std::vector<std::string> leaves);

/// The subtrees that become complete when `leaf` is put behind `size` others, lowest first, to be stored.
std::vector<std::pair<Place, std::string>> append(std::uint64_t size, std::string leaf, Stored const& stored);

/// The root of the first `size` entries.
std::string root(std::uint64_t size, Stored const& stored);

/// That entry `index` is among the first `size` ones (RFC 9162 §2.1.3). `index` < `size`.
std::vector<std::string> inclusion_proof(std::uint64_t index, std::uint64_t size, Stored const& stored);
/// The root that the leaf and its path lead to; nothing when the path does not fit place and size.
std::optional<std::string> root_of_inclusion(std::string_view leaf, std::uint64_t index, std::uint64_t size,
                                             std::vector<std::string> const& proof);
bool verify_inclusion(std::string_view leaf, std::uint64_t index, std::uint64_t size,
                      std::vector<std::string> const& proof, std::string_view root);

/// That the first `old_size` of `size` entries are those of before (RFC 9162 §2.1.4). `old_size` <= `size`.
std::vector<std::string> consistency_proof(std::uint64_t old_size, std::uint64_t size, Stored const& stored);
bool verify_consistency(std::uint64_t old_size, std::uint64_t size, std::string_view old_root, std::string_view root,
                        std::vector<std::string> const& proof);

} // namespace nguon::merkle
