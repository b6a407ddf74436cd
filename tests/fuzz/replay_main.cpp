// Runs a fuzz target over every file of a folder, and over what is close to it: each beginning, and each byte replaced
// by the bytes that most often break readers. Files in a folder below (grown/: what libFuzzer found to reach further)
// are taken as they are.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

constexpr std::size_t variants_bytes_max = 400; // longer files are replayed as they are

void run(std::string const& input)
{
    // A copy of the exact size, so that a sanitizer sees one byte too far.
    std::string const exact{input.data(), input.size()};
    LLVMFuzzerTestOneInput(reinterpret_cast<std::uint8_t const*>(exact.data()), exact.size());
}

void run_variants(std::string const& input)
{
    for (std::size_t length = 0; length < input.size(); ++length) run(input.substr(0, length));
    for (std::size_t at = 0; at < input.size(); ++at) {
        for (char const byte : {'\0', '\x1d', '%', '(', '/', '"', '\\', '9', '\x7f', '\x80', '\xf4', '\xff'}) {
            auto changed = input;
            changed[at] = byte;
            run(changed);
        }
    }
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 2) {
        std::fputs("usage: fuzz_NAME CORPUS\n", stderr);
        return 2;
    }
    std::size_t files = 0;
    std::filesystem::recursive_directory_iterator entries{arguments[1]};
    for (auto const& entry : entries) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file{entry.path(), std::ios::binary};
        std::string const input{std::istreambuf_iterator<char>{file}, {}};
        run(input);
        if (entries.depth() == 0 && input.size() <= variants_bytes_max) run_variants(input);
        ++files;
    }
    std::printf("%zu files\n", files);
    return files > 0 ? 0 : 1;
}
