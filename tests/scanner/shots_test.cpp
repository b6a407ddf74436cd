#include "tests/scanner/shots.hpp"

#include "scanner/picture_workers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <set>

namespace nguon::scanner::testing {
namespace {

/// A sample of what tests/bench measures in full: of every kind of symbol one kind of damage, which take
/// turns. Read in worker processes, as the service does.
TEST(Shots, OfEverySymbolAreReadAndNothingElse)
{
    WorkerPoolOptions options;
    options.arguments = {"file-worker"};
    options.processes = 2;
    WorkerPool pool{options};
    PictureWorkers workers{pool};
    // Small in 12 megapixels has a test of its own.
    constexpr std::array sampled{Damage::rotation, Damage::perspective, Damage::blur,
                                 Damage::noise,    Damage::jpeg,        Damage::low_contrast,
                                 Damage::inverted, Damage::partial,     Damage::curved};
    auto shots = 0U;
    auto read_whole = 0U;
    for (auto const& kind : symbologies()) {
        auto const damage = sampled[shots++ % sampled.size()];
        auto const shot = take_shot(kind.symbology, damage, 0);
        std::set<std::string> read;
        if (auto const codes = workers.decode_now(*encode_png(shot.picture)))
            for (auto const& code : *codes) read.insert(plain_code(code.text));
        auto const right = std::count_if(shot.codes.begin(), shot.codes.end(),
                                         [&](std::string const& code) { return read.erase(code) > 0; });
        EXPECT_TRUE(read.empty()) << to_name(kind.symbology) << ", " << to_name(damage) << ": " << *read.begin();
        if (right == std::ssize(shot.codes))
            ++read_whole;
        else
            std::cout << "not read: " << to_name(kind.symbology) << ", " << to_name(damage) << "\n";
    }
    EXPECT_GE(read_whole, shots - 2) << "of " << shots;
    EXPECT_EQ(pool.counters().died, 0U);
}

TEST(Shots, AreTheSameEveryTime)
{
    auto const once = take_shot(Symbology::gs1_128, Damage::partial, 2);
    EXPECT_EQ(once.picture.samples, take_shot(Symbology::gs1_128, Damage::partial, 2).picture.samples);
    EXPECT_NE(once.picture.samples, take_shot(Symbology::gs1_128, Damage::partial, 5).picture.samples);
}

TEST(Shots, CompareReadersOfDifferentHabits)
{
    EXPECT_EQ(plain_code("(01)08938501234568(10)A"), plain_code("\x1D"
                                                                "010893850123456810A"));
    EXPECT_EQ(plain_code("8938501234568"), plain_code("0108938501234568"));
    EXPECT_EQ(plain_code("012345678905"), plain_code("0012345678905"));
}

} // namespace
} // namespace nguon::scanner::testing
