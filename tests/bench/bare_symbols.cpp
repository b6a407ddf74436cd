#include "scanner/symbol_file.hpp"

#include <fmt/format.h>
#include <qrencode.h>
#include <zint.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

/// Symbols a second: ours beside libzint and libqrencode called directly, for the same data. One line a measurement:
/// what, whose, number. Usage: bare_symbols SECONDS
namespace {

using namespace nguon::scanner;

/// Runs `work` for about `seconds` and says how often a second.
template <typename Work>
double rate(double seconds, Work work)
{
    using Clock = std::chrono::steady_clock;
    constexpr int between_looks = 16;
    auto const start = Clock::now();
    auto count = 0;
    for (;;) {
        for (int i = 0; i < between_looks; ++i) work();
        count += between_looks;
        auto const elapsed = std::chrono::duration<double>(Clock::now() - start).count();
        if (elapsed >= seconds) return count / elapsed;
    }
}

void check(bool good)
{
    if (!good) std::abort();
}

void zint_encode(int kind, std::string const& input, int mode, int option_1, int option_3)
{
    auto* symbol = ZBarcode_Create();
    symbol->symbology = kind;
    symbol->input_mode = mode;
    symbol->option_1 = option_1;
    symbol->option_3 = option_3;
    auto const* const bytes = reinterpret_cast<unsigned char const*>(input.data());
    check(ZBarcode_Encode(symbol, bytes, static_cast<int>(input.size())) < ZINT_ERROR);
    ZBarcode_Delete(symbol);
}

void qrencode(std::string const& text)
{
    std::unique_ptr<QRcode, decltype(&QRcode_free)> const code{
        QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free};
    check(code != nullptr);
}

struct Subject {
    Symbology symbology;
    char const* code;
    int zint_kind;
    char const* zint_input;
    int zint_mode;
    int option_1 = -1;
    int option_3 = 0;
};

constexpr auto link_text = "https://nguon.laichau.gov.vn/01/08938501234568/21/AB7KCDEFGH12";
constexpr auto element_text = "(01)08938501234568(17)271231(10)LO-7(21)AB7KCDEFGH12";
constexpr auto zint_elements = "[01]08938501234568[17]271231[10]LO-7[21]AB7KCDEFGH12";
constexpr int gs1 = GS1_MODE | GS1NOCHECK_MODE;

constexpr Subject subjects[] = {
    {Symbology::qr, link_text, BARCODE_QRCODE, link_text, UNICODE_MODE, 2},
    {Symbology::gs1_qr, element_text, BARCODE_QRCODE, zint_elements, gs1, 2},
    {Symbology::gs1_datamatrix, element_text, BARCODE_DATAMATRIX, zint_elements, gs1, -1, DM_SQUARE},
    {Symbology::gs1_128, element_text, BARCODE_GS1_128, zint_elements, gs1},
    {Symbology::ean_13, "8938501234568", BARCODE_EANX, "8938501234568", DATA_MODE},
    {Symbology::databar_expanded, element_text, BARCODE_DBAR_EXP, zint_elements, gs1},
};

void say(std::string_view what, std::string_view whose, double number)
{
    fmt::print("{} {} {:.0f}\n", what, whose, number);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv)
{
    auto const seconds = argc > 1 ? std::atof(argv[1]) : 1.0;
    for (auto const& subject : subjects) {
        auto const data = *read_symbol_data(subject.symbology, subject.code);
        auto const name = to_name(subject.symbology);
        std::string const input = subject.zint_input;
        say(name, "nguon", rate(seconds, [&] { check(draw_symbol(data).ok()); }));
        say(name, "zint", rate(seconds, [&] {
                zint_encode(subject.zint_kind, input, subject.zint_mode, subject.option_1, subject.option_3);
            }));
        if (subject.symbology == Symbology::qr) say(name, "qrencode", rate(seconds, [&] { qrencode(data.text); }));
    }
    say("qr-proven", "nguon", rate(seconds, [&] { check(draw_qr(link_text).ok()); }));
    return 0;
}
