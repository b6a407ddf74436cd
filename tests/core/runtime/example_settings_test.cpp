#include "core/runtime/config.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace nguon {
namespace {

/// NGUON_WRITE=1 writes the file anew instead.
TEST(ExampleSettings, FileOfTheDeploymentIsWhatTheProgramKnows)
{
    std::filesystem::path const file = NGUON_SOURCE_DIR "/deploy/config.example.toml";
    if (std::getenv("NGUON_WRITE") != nullptr) std::ofstream{file} << example_settings();
    std::ifstream stream{file};
    std::string const kept{std::istreambuf_iterator<char>{stream}, {}};
    ASSERT_FALSE(kept.empty()) << file;
    EXPECT_EQ(kept, example_settings()) << "write it anew with NGUON_WRITE=1";
}

} // namespace
} // namespace nguon
