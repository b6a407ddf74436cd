#include "tests/scanner/support.hpp"

#include "tests/support/temp_dir.hpp"

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <numbers>
#include <random>
#include <stdexcept>
#include <sys/wait.h>

namespace nguon::scanner::testing {

using nguon::testing::TempDir;

ToolRun run_tool(std::string const& command)
{
    ToolRun run;
    auto* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return run;
    char buffer[4096];
    for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
        run.output.append(buffer, count);
    auto const status = ::pclose(pipe);
    run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return run;
}

void write_file(std::filesystem::path const& path, std::string_view bytes)
{
    std::ofstream{path, std::ios::binary}.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string read_file(std::filesystem::path const& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

Picture read_pgm(std::string_view bytes)
{
    int width = 0;
    int height = 0;
    int most = 0;
    int header = 0;
    if (std::sscanf(std::string{bytes.substr(0, 64)}.c_str(), "P5 %d %d %d%n", &width, &height, &most, &header) != 3)
        throw std::runtime_error{"not a PGM"};
    auto picture = blank_picture(width, height, Colors::grey);
    std::copy_n(bytes.begin() + header + 1, picture.samples.size(), picture.samples.begin());
    return picture;
}

std::string write_pgm(Picture const& picture)
{
    auto bytes = fmt::format("P5\n{} {}\n255\n", picture.width, picture.height);
    bytes.append(reinterpret_cast<char const*>(picture.samples.data()), picture.samples.size());
    return bytes;
}

std::vector<Picture> rasterize(std::string const& pdf, int dpi)
{
    TempDir const dir;
    write_file(dir.path() / "in.pdf", pdf);
    auto const run =
        run_tool(fmt::format("pdftoppm -gray -r {} {}/in.pdf {}/page", dpi, dir.path().string(), dir.path().string()));
    if (run.status != 0) throw std::runtime_error{"pdftoppm failed"};
    std::vector<std::filesystem::path> files;
    for (auto const& entry : std::filesystem::directory_iterator{dir.path()})
        if (entry.path().extension() == ".pgm") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<Picture> pages;
    for (auto const& file : files) pages.push_back(read_pgm(read_file(file)));
    return pages;
}

std::vector<std::string> read_with_zbar(std::vector<Picture> const& pictures, std::string_view symbology)
{
    TempDir const dir;
    auto command = fmt::format("zbarimg --quiet --raw -Sdisable -S{}.enable", symbology);
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        auto const path = dir.path() / fmt::format("{:05}.pgm", i);
        write_file(path, write_pgm(pictures[i]));
        command += " " + path.string();
    }
    auto const run = run_tool(command + " 2>/dev/null");
    if (run.status != 0 && run.status != 4)
        throw std::runtime_error{"zbarimg failed"}; // 4: some picture without a code
    std::vector<std::string> lines;
    for (std::size_t from = 0; from < run.output.size();) {
        auto const end = std::min(run.output.find('\n', from), run.output.size());
        lines.push_back(run.output.substr(from, end - from));
        from = end + 1;
    }
    return lines;
}

std::string read_with_dmtx(Picture const& picture)
{
    TempDir const dir;
    auto const path = dir.path() / "in.pgm";
    write_file(path, write_pgm(picture));
    return run_tool(fmt::format("dmtxread --gs1=126 --stop-after=1 --milliseconds=20000 {}", path.string())).output;
}

SymbolProver const& a_prover()
{
    static WorkerPool pool{[] {
        WorkerPoolOptions options;
        options.arguments = {"file-worker"};
        options.processes = 1;
        return options;
    }()};
    static SymbolProver const prover{pool};
    return prover;
}

Picture paint(Modules const& modules, int scale)
{
    constexpr int quiet = 4;
    auto picture =
        blank_picture((modules.width + 2 * quiet) * scale, (modules.height + 2 * quiet) * scale, Colors::grey, 255);
    for (int y = 0; y < modules.height * scale; ++y)
        for (int x = 0; x < modules.width * scale; ++x)
            if (modules.dark(x / scale, y / scale)) picture.row(y + quiet * scale)[x + quiet * scale] = 0;
    return picture;
}

Picture paint_linear(Linear format, std::wstring const& text, int scale, int height)
{
    auto const zxing = format == Linear::ean13     ? ZXing::BarcodeFormat::EAN13
                       : format == Linear::code128 ? ZXing::BarcodeFormat::Code128
                                                   : ZXing::BarcodeFormat::ITF;
    ZXing::MultiFormatWriter writer{zxing};
    writer.setMargin(0);
    auto const bits = writer.encode(text, 0, 1);
    constexpr int quiet = 12;
    auto picture = blank_picture((bits.width() + 2 * quiet) * scale, height + 2 * quiet * scale, Colors::grey, 255);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < bits.width() * scale; ++x)
            if (bits.get(x / scale, 0)) picture.row(y + quiet * scale)[x + quiet * scale] = 0;
    return picture;
}

Picture on_ground(Picture const& picture, int width, int height, std::uint8_t grey)
{
    auto ground = blank_picture(width, height, Colors::grey, grey);
    auto const left = (width - picture.width) / 2;
    auto const top = (height - picture.height) / 2;
    for (int y = 0; y < picture.height; ++y) std::copy_n(picture.row(y), picture.width, ground.row(top + y) + left);
    return ground;
}

Picture rotate(Picture const& picture, double degrees)
{
    auto turned = blank_picture(picture.width, picture.height, Colors::grey, 200);
    auto const angle = degrees * std::numbers::pi / 180;
    auto const middle_x = picture.width / 2.0;
    auto const middle_y = picture.height / 2.0;
    for (int y = 0; y < turned.height; ++y)
        for (int x = 0; x < turned.width; ++x) {
            auto const from_x = static_cast<int>(
                std::floor(middle_x + (x - middle_x) * std::cos(angle) + (y - middle_y) * std::sin(angle)));
            auto const from_y = static_cast<int>(
                std::floor(middle_y - (x - middle_x) * std::sin(angle) + (y - middle_y) * std::cos(angle)));
            if (from_x >= 0 && from_x < picture.width && from_y >= 0 && from_y < picture.height)
                turned.row(y)[x] = picture.row(from_y)[from_x];
        }
    return turned;
}

Picture add_noise(Picture picture, int strength)
{
    std::mt19937 chance{20261121};
    for (auto& sample : picture.samples) {
        auto const change = static_cast<int>(chance() % static_cast<unsigned>(2 * strength + 1)) - strength;
        sample = static_cast<std::uint8_t>(std::clamp(sample + change, 0, 255));
    }
    return picture;
}

LabelSample a_label_job(std::string const& stock, int count)
{
    LabelSample sample;
    auto& job = sample.job;
    job.id = "LB-2026-000123";
    job.stock = *find_stock(stock);
    job.product_name = "Chè Ô Long Bản Bo – hái tay";
    job.lot = "BB-2026-11-07";
    job.made_on = Date{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{7}};
    job.use_by = Date{std::chrono::year{2028}, std::chrono::month{11}, std::chrono::day{6}};
    job.organization = "HTX Chè Bản Bo";
    job.gtin = "8938501234568";
    job.created = from_micros(1'795'000'000'000'000);
    for (int i = 0; i < count; ++i) {
        auto const code = fmt::format("AB7K{:08}", i * 7919);
        sample.codes.push_back({"https://nguon.laichau.gov.vn/01/08938501234568/21/" + code, code});
    }
    return sample;
}

Picture label_of(Picture const& page, Stock const& stock, int place, int dpi)
{
    auto to_pixels = [dpi](double mm) { return static_cast<int>(std::lround(mm / 25.4 * dpi)); };
    auto const left = std::max(0, to_pixels(stock.label_left(place)));
    auto const top = to_pixels(stock.label_top(place));
    return crop(page, left, top, std::min(to_pixels(stock.label_width), page.width - left),
                std::min(to_pixels(stock.label_height), page.height - top));
}

std::vector<std::string> keys(std::vector<FieldError> const& fields)
{
    std::vector<std::string> found;
    for (auto const& field : fields) found.push_back(field.pointer + " " + field.key);
    return found;
}

Picture to_picture(Bitmap const& bitmap)
{
    auto picture = blank_picture(bitmap.width, bitmap.height, Colors::grey, 255);
    for (int y = 0; y < bitmap.height; ++y)
        for (int x = 0; x < bitmap.width; ++x)
            if (bitmap.dark(x, y)) picture.row(y)[x] = 0;
    return picture;
}

Result<std::string> draw(LabelSample const& sample, LabelOutput const& output)
{
    ListedCodes codes{sample.codes};
    return draw_labels(sample.job, codes, output);
}

Preflight check(LabelSample const& sample, LabelOutput const& output, PreflightFacts const& facts)
{
    ListedCodes codes{sample.codes};
    return preflight(sample.job, codes, output, facts);
}

} // namespace nguon::scanner::testing
