#include "scanner/decode.hpp"
#include "scanner/zxing_result.hpp"
#include "tests/scanner/shots.hpp"
#include "tests/scanner/support.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

/// Reads damaged pictures of all our symbols: ours beside ZXing-cpp as it comes, both in a process of their own because
/// it may abort, and zbarimg. Only the search is timed, not the reading of files. One line a picture and reader:
/// damage, symbology, number, reader, codes there, codes read, codes that are not there, microseconds (-1: it died).
/// Usage: bare_pictures FIRST COUNT [DAMAGE]: pictures FIRST … FIRST + COUNT - 1 of each symbol and damage
namespace {

using namespace nguon::scanner;
using namespace nguon::scanner::testing;

struct Reading {
    std::vector<std::string> codes = {};
    long micros = -1;
};

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<std::string> read_with_ours(Picture const& picture)
{
    std::vector<std::string> texts;
    for (auto const& code : find_codes(picture).codes) texts.push_back(code.text);
    return texts;
}

std::vector<std::string> read_with_zxing(Picture const& picture)
{
    ZXing::DecodeHints hints;
    hints.setFormats(ZXing::BarcodeFormat::QRCode | ZXing::BarcodeFormat::DataMatrix | ZXing::BarcodeFormat::EAN13 |
                     ZXing::BarcodeFormat::EAN8 | ZXing::BarcodeFormat::UPCA | ZXing::BarcodeFormat::UPCE |
                     ZXing::BarcodeFormat::Code128 | ZXing::BarcodeFormat::ITF | ZXing::BarcodeFormat::DataBar |
                     ZXing::BarcodeFormat::DataBarExpanded);
    std::vector<std::string> texts;
    for (auto const& read :
         ZXing::ReadBarcodes({picture.samples.data(), picture.width, picture.height, ZXing::ImageFormat::Lum}, hints))
        texts.push_back(read.text());
    return texts;
}

/// Runs a reader in a process of its own; no codes and no time when that dies.
Reading read_apart(std::function<std::vector<std::string>(Picture const&)> const& reader, Picture const& picture)
{
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    std::fflush(stdout);
    auto const child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        std::freopen("/dev/null", "w", stderr); // an assertion's last words
        auto const start = std::chrono::steady_clock::now();
        auto const texts = reader(picture);
        auto const time = std::chrono::steady_clock::now() - start;
        auto said = fmt::format("{}\n", std::chrono::duration_cast<std::chrono::microseconds>(time).count());
        for (auto const& text : texts) said += plain_code(text) + "\n";
        auto const written = ::write(ends[1], said.data(), said.size());
        ::_exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
    }
    ::close(ends[1]);
    std::string said;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        said.append(buffer, static_cast<std::size_t>(count));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (status != 0) return {};
    auto lines = lines_of(said);
    Reading reading;
    reading.micros = std::atol(lines.front().c_str());
    reading.codes.assign(lines.begin() + 1, lines.end());
    return reading;
}

Reading read_with_zbarimg(Picture const& picture, std::filesystem::path const& folder)
{
    auto const path = folder / "picture.pgm";
    write_file(path, write_pgm(picture));
    std::string command = "zbarimg --quiet --raw -Sdisable";
    for (auto const* kind : {"qrcode", "ean13", "ean8", "upce", "code128", "i25", "databar", "databar-exp"})
        command += fmt::format(" -S{}.enable", kind);
    auto const start = std::chrono::steady_clock::now();
    auto const run = run_tool(command + " " + path.string() + " 2>/dev/null");
    auto const time = std::chrono::steady_clock::now() - start;
    if (run.status != 0 && run.status != 4) std::abort(); // 4: nothing found
    Reading reading;
    reading.micros = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    for (auto const& line : lines_of(run.output)) reading.codes.push_back(plain_code(line));
    return reading;
}

void say(Damage damage, Symbology symbology, unsigned number, std::string_view reader, Shot const& shot,
         Reading reading)
{
    auto const is_there = [&](std::string const& code) {
        return std::find(shot.codes.begin(), shot.codes.end(), code) != shot.codes.end();
    };
    std::sort(reading.codes.begin(), reading.codes.end());
    reading.codes.erase(std::unique(reading.codes.begin(), reading.codes.end()), reading.codes.end());
    auto const right = std::count_if(reading.codes.begin(), reading.codes.end(), is_there);
    auto const wrong = static_cast<std::ptrdiff_t>(reading.codes.size()) - right;
    fmt::print("{} {} {} {} {} {} {} {}\n", to_name(damage), to_name(symbology), number, reader, shot.codes.size(),
               right, wrong, reading.micros);
    if (wrong == 0) return;
    for (auto const& code : reading.codes)
        if (!is_there(code))
            fmt::print(stderr, "{} {} {} {}: not there: {}\n", to_name(damage), to_name(symbology), number, reader,
                       code);
}

} // namespace

int main(int argc, char** argv)
{
    auto const first = argc > 1 ? std::atoi(argv[1]) : 0;
    auto const count = argc > 2 ? std::atoi(argv[2]) : 1;
    std::string_view const only = argc > 3 ? argv[3] : "";
    nguon::testing::TempDir const folder;
    for (auto number = first; number < first + count; ++number)
        for (auto const damage : damages())
            for (auto const& kind : symbologies()) {
                if (!only.empty() && only != to_name(damage)) continue;
                auto const shot = take_shot(kind.symbology, damage, static_cast<unsigned>(number));
                auto const each = [&](std::string_view reader, Reading reading) {
                    say(damage, kind.symbology, static_cast<unsigned>(number), reader, shot, std::move(reading));
                };
                each("nguon", read_apart(read_with_ours, shot.picture));
                each("zxing", read_apart(read_with_zxing, shot.picture));
                each("zbarimg", read_with_zbarimg(shot.picture, folder.path()));
                std::fflush(stdout);
            }
    return 0;
}
