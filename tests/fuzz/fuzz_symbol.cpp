#include "core/gs1/check_digit.hpp"
#include "scanner/databar_expanded.hpp"
#include "scanner/databar_limited.hpp"
#include "scanner/symbol_data.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace nguon;
using namespace nguon::scanner;

void check(bool holds)
{
    if (!holds) std::abort();
}

/// Rows of modules: "#" is dark, a line end begins another row.
std::vector<std::vector<bool>> to_rows(std::string_view text)
{
    std::vector<std::vector<bool>> rows(1);
    for (auto const module : text) {
        if (module == '\n')
            rows.emplace_back();
        else
            rows.back().push_back(module == '#');
    }
    return rows;
}

} // namespace

/// Our own readers of DataBar, and what is read before a symbol is drawn.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const rows = to_rows(text);
    for (auto const& row : rows)
        if (auto const gtin = read_databar_limited(row)) check(gtin->size() == 14 && gs1::has_check_digit(*gtin));
    static_cast<void>(read_databar_expanded(rows));
    static_cast<void>(read_databar_expanded_bits(text));
    for (auto const& kind : symbologies()) {
        auto const read = read_symbol_data(kind.symbology, text);
        if (read)
            static_cast<void>(interpretation(*read));
        else
            check(!read.error().key.empty() && read.error().key != "internal");
    }
    return 0;
}
