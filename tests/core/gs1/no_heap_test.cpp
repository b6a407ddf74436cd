// Counts what is allocated while codes are checked: nothing.

#include "core/gs1/check_code.hpp"
#include "tests/core/gs1/samples.hpp"

#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/link_compression.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <new>

namespace {

thread_local std::size_t allocations = 0;

void* allocate(std::size_t bytes, std::size_t alignment)
{
    ++allocations;
    auto* const memory = alignment == 0
                             ? std::malloc(bytes)
                             : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}

} // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, 0); }
void* operator new[](std::size_t bytes) { return allocate(bytes, 0); }
void* operator new(std::size_t bytes, std::align_val_t alignment)
{
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment)
{
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace nguon::gs1 {
namespace {

std::size_t allocated_by(std::string const& text, CheckOptions const& options)
{
    Verdict verdict;
    auto const before = allocations;
    check_code(text, options, verdict);
    return allocations - before;
}

TEST(NoHeap, TheCounterCounts)
{
    auto const before = allocations;
    auto const kept = std::make_unique<std::string>(100, 'x');
    EXPECT_EQ(allocations - before, 2U);
}

TEST(NoHeap, CheckingAllocatesNothing)
{
    for (std::uint32_t seed = 1; seed <= 500; ++seed) {
        std::mt19937 random{seed};
        auto const elements = samples::random_link_elements(random, seed % 2 == 0);
        std::vector<std::string> texts = {to_bracketed(elements), to_element_string(elements),
                                          *to_canonical_link(elements),
                                          "]Q3" + to_element_string(elements, group_separator)};
        if (auto const link = to_compressed_link(elements, "https://x.vn")) texts.push_back(*link);
        for (auto const& text : texts) {
            auto broken = text;
            broken[random() % broken.size()] = static_cast<char>(random() % 256);
            for (bool const lenient : {false, true}) {
                EXPECT_EQ(allocated_by(text, {.lenient = lenient}), 0U) << text;
                EXPECT_EQ(allocated_by(broken, {.lenient = lenient}), 0U) << broken;
            }
        }
    }
}

TEST(NoHeap, LookingAnAiUpAllocatesNothingAndNothingIsMadeAtTheStart)
{
    auto const before = allocations;
    for (auto const* ai : {"01", "3105", "8030", "99", "05"}) {
        auto const* const entry = find_ai(ai);
        if (entry != nullptr) static_cast<void>(check_value(*entry, "ABC"));
    }
    EXPECT_EQ(allocations, before);
}

} // namespace
} // namespace nguon::gs1
