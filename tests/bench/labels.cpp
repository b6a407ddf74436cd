#include "scanner/label_file.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>

/// Label jobs of units, every symbol proved: seconds of one processor, bytes, and what ten times as many labels need in
/// further memory. One line a measurement: what|number|unit.
namespace {

using namespace nguon;
using namespace nguon::scanner;

/// Codes that are made when they are asked for, so that the memory measured is the drawing's.
class Units : public LabelCodeSource {
public:
    explicit Units(std::size_t count) : count_{count} {}

    std::size_t count() const override { return count_; }

    Result<std::vector<LabelCode>> read(std::size_t first, std::size_t count) override
    {
        std::vector<LabelCode> codes;
        for (auto i = first; i < first + count; ++i) {
            auto const code = fmt::format("AB7K{:08}", i * 7919 % 100'000'000);
            codes.push_back({std::string{base} + code, code});
        }
        return codes;
    }

    std::string dearest_url() const override { return scanner::dearest_url(base, 12, true); }

private:
    static constexpr std::string_view base = "https://nguon.laichau.gov.vn/01/08938501234568/21/";
    std::size_t count_;
};

LabelJob job_on(std::string_view stock)
{
    LabelJob job;
    job.id = "LB-2026-000123";
    job.stock = *find_stock(stock);
    job.product_name = "Chè Ô Long Bản Bo – hái tay";
    job.lot = "BB-2026-11-07";
    job.organization = "HTX Chè Bản Bo";
    return job;
}

double resident_mib()
{
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
    return 0;
}

struct Written {
    LabelFacts facts = {};
    double seconds = 0;  // of this processor
    double most_mib = 0; // while it was written
};

Written write(std::string_view stock, LabelFormat format, std::size_t count)
{
    Units units{count};
    LabelOutput output;
    output.format = format;
    Written written;
    auto const start = std::clock();
    auto facts = write_labels(
        job_on(stock), units, output, [](std::string_view) { return true; },
        [&](std::size_t, std::size_t) {
            written.most_mib = std::max(written.most_mib, resident_mib());
            return true;
        });
    written.seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    if (!facts) {
        fmt::print(stderr, "{} {}\n", facts.error().key, facts.error().log_text);
        std::exit(1);
    }
    written.facts = *std::move(facts);
    return written;
}

void say(std::string const& what, double number, std::string_view unit)
{
    fmt::print("{}|{:.3f}|{}\n", what, number, unit);
    std::fflush(stdout);
}

} // namespace

int main()
{
    constexpr double megabyte = 1e6;
    write("a4-65", LabelFormat::pdf, 1); // fonts are found once in a process
    say("sheet of 65 labels", write("a4-65", LabelFormat::pdf, 65).seconds, "s");
    for (auto const& [stock, format] : {std::pair{"a4-65", LabelFormat::pdf},
                                        {"roll-50x30", LabelFormat::zpl},
                                        {"roll-50x30", LabelFormat::tspl},
                                        {"roll-50x30", LabelFormat::epl}}) {
        auto const few = write(stock, format, 10'000);
        auto const name = std::string{to_name(format)};
        say("10,000 labels, " + name, few.seconds, "s");
        say("  file, " + name, static_cast<double>(few.facts.bytes) / megabyte, "MB");
        if (format != LabelFormat::pdf && format != LabelFormat::zpl) continue;
        auto const many = write(stock, format, 100'000);
        say("100,000 labels, " + name, many.seconds, "s");
        say("  further memory, " + name, many.most_mib - few.most_mib, "MiB");
    }
    return 0;
}
