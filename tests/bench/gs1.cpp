// Reading, checking and compressing GS1 codes, beside zint drawing GS1-128 in the same run, by whose rate figures of
// other machines and other days are scaled. A program to look at, not a test: it never fails for being slow.

#include "core/gs1/check_code.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/link_compression.hpp"

#include <zint.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

namespace {

using namespace nguon::gs1;

constexpr int rounds = 25;
constexpr auto slice = std::chrono::milliseconds{20};

/// zint's time for one symbol on the quiet machine where the other programs were measured (0.53 M/s).
constexpr double zint_there = 1e9 / 0.53e6;

/// Nanoseconds a call during one slice of time.
template <typename Work>
double nanoseconds(Work const& work)
{
    using clock = std::chrono::steady_clock;
    auto const start = clock::now();
    std::size_t calls = 0;
    auto now = start;
    while (now - start < slice) {
        for (int i = 0; i < 32; ++i) work();
        calls += 32;
        now = clock::now();
    }
    return std::chrono::duration<double, std::nano>(now - start).count() / static_cast<double>(calls);
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void must(bool holds, char const* what)
{
    if (holds) return;
    std::fprintf(stderr, "gs1 benchmark: %s\n", what);
    std::exit(1);
}

/// zint drawing one GS1-128 symbol.
class Zint {
public:
    explicit Zint(std::vector<AiValue> const& elements)
    {
        for (auto const& [ai, value] : elements) data_.append("[").append(ai).append("]").append(value);
    }

    void operator()() const
    {
        auto* const symbol = ZBarcode_Create();
        symbol->symbology = BARCODE_GS1_128;
        symbol->input_mode = GS1_MODE;
        auto const* const bytes = reinterpret_cast<unsigned char const*>(data_.data());
        must(ZBarcode_Encode(symbol, bytes, static_cast<int>(data_.size())) < ZINT_ERROR, symbol->errtxt);
        ZBarcode_Delete(symbol);
    }

private:
    std::string data_;
};

class Report {
public:
    explicit Report(Zint zint) : zint_{std::move(zint)}
    {
        auto const now = nanoseconds(zint_);
        std::printf("zint GS1-128: %.0f ns, %.2f M/s\n\n%-34s %9s %9s %9s %9s %8s\n", now, 1e3 / now, "", "ns",
                    "scaled", "aim", "theirs", "ratio");
    }

    /// Measures slices of `work` and of zint by turns; "scaled" is the time where zint makes 0.53 M/s. `aim` and
    /// `theirs` in nanoseconds there; 0 where there is none.
    template <typename Work>
    void add(char const* name, Work const& work, double aim, double theirs) const
    {
        std::vector<double> times;
        std::vector<double> scaled;
        for (int round = 0; round < rounds; ++round) {
            auto const zint = nanoseconds(zint_);
            times.push_back(nanoseconds(work));
            scaled.push_back(times.back() / zint * zint_there);
        }
        auto const here = median(scaled);
        std::printf("%-34s %9.0f %9.0f", name, median(times), here);
        if (aim > 0) std::printf(" %9.0f %9.0f %7.1fx", aim, theirs, theirs / here);
        std::printf("\n");
    }

private:
    Zint zint_;
};

void add_check(Report const& report, char const* name, std::string const& text, double aim, double theirs)
{
    auto const verdict = std::make_unique<Verdict>();
    check_code(text, {}, *verdict);
    must(verdict->valid(), text.c_str());
    report.add(
        name, [&] { check_code(text, {}, *verdict); }, aim, theirs);
}

/// Every reader with one thing's spellings.
void add_checks(Report const& report, char const* kind, std::vector<AiValue> const& elements, double const (&aims)[3],
                double const (&theirs)[3])
{
    auto const name = [kind](char const* form) { return std::string{kind} + ", " + form; };
    add_check(report, name("element string").c_str(), to_element_string(elements), aims[0], theirs[0]);
    add_check(report, name("bracketed").c_str(), to_bracketed(elements), aims[1], theirs[1]);
    add_check(report, name("Digital Link").c_str(), *to_digital_link(elements, "https://example.com"), aims[2],
              theirs[2]);
}

void add_compression(Report const& report, std::vector<AiValue> const& elements)
{
    auto const link = *to_compressed_link(elements, canonical_base);
    constexpr double there[] = {64'000, 60'000}; // the prototype; the aim is a fiftieth
    report.add(
        "compress", [&] { must(to_compressed_link(elements, canonical_base).ok(), "compress"); }, there[0] / 50,
        there[0]);
    auto const verdict = std::make_unique<Verdict>();
    auto const decompress = [&] {
        check_digital_link(link, {}, *verdict);
        must(verdict->valid() && verdict->form() == Form::compressed_link, "decompress");
    };
    report.add("decompress and check", decompress, there[1] / 50, there[1]);
    auto const rewrite = [&] {
        check_digital_link(link, {}, *verdict);
        must(!write_canonical_link(*verdict).empty(), "rewrite");
    };
    report.add("decompress into a link", rewrite, there[1] / 50, there[1]);
}

} // namespace

int main()
{
    std::vector<AiValue> const typical = {
        {"01", "09520123456788"}, {"17", "271231"}, {"10", "ABC123"}, {"21", "12345XYZ"}};
    std::vector<AiValue> const longer = {{"01", "09520123456788"},
                                         {"11", "270101"},
                                         {"17", "271231"},
                                         {"3103", "000195"},
                                         {"3922", "0299"},
                                         {"10", "LOT-2027-000123456A"},
                                         {"21", "SERIAL/0000000001+Z"},
                                         {"240", "ADDITIONAL-ID-0123456789"},
                                         {"91", "INTERNAL(DATA)WITH:MANY;CHARACTERS"}};
    Report const report{Zint{typical}};
    add_checks(report, "typical", typical, {260, 330, 500}, {1294, 1657, 2474});
    add_checks(report, "nine AIs", longer, {}, {});
    add_compression(report, typical);
    add_check(report, "compressed link, short", "https://id.gs1.org/ARHKVAdpQg", 0, 0);
    return 0;
}
