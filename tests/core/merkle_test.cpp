#include "core/merkle.hpp"

#include "core/bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>

namespace nguon::merkle {
namespace {

class Tree {
public:
    void add(std::string_view entry)
    {
        for (auto& [place, hash] : append(size, leaf_hash(entry), stored()))
            nodes[{place.level, place.index}] = std::move(hash);
        ++size;
    }
    Stored stored() const
    {
        return [this](Place place) { return nodes.at({place.level, place.index}); };
    }
    std::string root_of(std::uint64_t count) const { return root(count, stored()); }

    std::uint64_t size = 0;
    std::map<std::pair<unsigned, std::uint64_t>, std::string> nodes;
};

/// Entries and roots that the programs of Certificate Transparency test themselves with.
struct Known {
    char const* entry;
    char const* root;
};
constexpr std::array known{
    Known{"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    Known{"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    Known{"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
    Known{"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    Known{"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
    Known{"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
    Known{"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
    Known{"606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};

TEST(Merkle, HasTheRootsOfTheStandardsTestEntries)
{
    Tree tree;
    EXPECT_EQ(to_hex(tree.root_of(0)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (auto const& [entry, root] : known) {
        tree.add(*from_hex(entry));
        EXPECT_EQ(to_hex(tree.root_of(tree.size)), root);
    }
}

TEST(Merkle, ProvesEveryEntryInEveryTreeAndNothingElse)
{
    Tree tree;
    for (std::uint64_t size = 1; size <= 33; ++size) {
        tree.add("entry " + std::to_string(size - 1));
        for (std::uint64_t index = 0; index < size; ++index) {
            auto const leaf = leaf_hash("entry " + std::to_string(index));
            auto proof = inclusion_proof(index, size, tree.stored());
            auto const root = tree.root_of(size);
            EXPECT_TRUE(verify_inclusion(leaf, index, size, proof, root));
            EXPECT_FALSE(verify_inclusion(leaf_hash("other"), index, size, proof, root));
            EXPECT_FALSE(verify_inclusion(leaf, index + 1, size, proof, root));
            EXPECT_FALSE(verify_inclusion(leaf, index, size, proof, leaf_hash("root")));
            proof.push_back(root);
            EXPECT_FALSE(verify_inclusion(leaf, index, size, proof, root));
        }
    }
}

TEST(Merkle, LeadsFromAnyLeafToTheRoot)
{
    Tree tree;
    for (std::uint64_t size = 1; size <= 33; ++size) {
        tree.add("entry " + std::to_string(size - 1));
        for (std::uint64_t index = 0; index < size; ++index) {
            auto const leaf = leaf_hash("entry " + std::to_string(index));
            auto path = inclusion_proof(index, size, tree.stored());
            EXPECT_EQ(root_of_inclusion(leaf, index, size, path), tree.root_of(size));
            path.push_back(leaf);
            EXPECT_FALSE(root_of_inclusion(leaf, index, size, path)) << "too long";
            path.resize(path.size() - std::min<std::size_t>(2, path.size()));
            if (size > 1) {
                EXPECT_NE(root_of_inclusion(leaf, index, size, path), tree.root_of(size)) << "too short";
            }
        }
        EXPECT_FALSE(root_of_inclusion(leaf_hash(""), size, size, {}));
    }
}

TEST(Merkle, HashesACompleteSubtreeFromItsLeaves)
{
    Tree tree;
    std::vector<std::string> leaves;
    for (std::uint64_t size = 1; size <= 64; ++size) {
        tree.add("entry " + std::to_string(size));
        leaves.push_back(leaf_hash("entry " + std::to_string(size)));
        if (!std::has_single_bit(size)) continue;
        EXPECT_EQ(subtree_hash(leaves), tree.root_of(size));
    }
}

TEST(Merkle, ProvesThatTheListOnlyGrew)
{
    Tree tree;
    for (std::uint64_t size = 1; size <= 33; ++size) {
        tree.add("entry " + std::to_string(size - 1));
        for (std::uint64_t before = 0; before <= size; ++before) {
            auto proof = consistency_proof(before, size, tree.stored());
            auto const old_root = tree.root_of(before);
            auto const root = tree.root_of(size);
            EXPECT_TRUE(verify_consistency(before, size, old_root, root, proof)) << before << " of " << size;
            EXPECT_FALSE(verify_consistency(before, size, leaf_hash("x"), root, proof));
            if (before > 0) {
                EXPECT_FALSE(verify_consistency(before, size, old_root, leaf_hash("x"), proof));
            }
            proof.push_back(root);
            EXPECT_FALSE(verify_consistency(before, size, old_root, root, proof));
        }
    }
}

TEST(Merkle, NoticesAnEntryThatWasChangedLater)
{
    Tree honest;
    Tree forged;
    for (int i = 0; i < 20; ++i) {
        honest.add("entry " + std::to_string(i));
        forged.add(i == 3 ? "something else" : "entry " + std::to_string(i));
    }
    auto const proof = consistency_proof(10, 20, forged.stored());
    EXPECT_FALSE(verify_consistency(10, 20, honest.root_of(10), forged.root_of(20), proof));
}

} // namespace
} // namespace nguon::merkle
