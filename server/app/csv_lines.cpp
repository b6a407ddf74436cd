#include "server/app/csv_lines.hpp"

#include "core/fold.hpp"
#include "server/web/embedded.hpp"

#include <cstdlib>

namespace nguon::server::app {
namespace {

constexpr std::size_t cell_chars_max = 200;

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> out;
    for (std::size_t from = 0; from <= text.size();) {
        auto const to = std::min(text.find(separator, from), text.size());
        out.emplace_back(text.substr(from, to - from));
        from = to + 1;
    }
    return out;
}

} // namespace

Result<std::vector<CsvLine>> read_csv_lines(std::string_view csv)
{
    std::vector<CsvLine> out;
    std::vector<FieldError> faults;
    std::vector<std::string> header;
    std::size_t number = 0;
    if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
    char const separator = csv.substr(0, csv.find('\n')).find(';') == std::string_view::npos ? ',' : ';';
    for (auto text : split(csv, '\n')) {
        ++number;
        if (text.ends_with('\r')) text.pop_back();
        if (text.empty()) continue;
        auto cells = split(text, separator);
        if (header.empty()) {
            header = std::move(cells);
            continue;
        }
        CsvLine line;
        for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) {
            auto cleaned = clean_text(cells[i], cell_chars_max);
            if (cleaned)
                line[header[i]] = *std::move(cleaned);
            else
                faults.push_back({"/" + std::to_string(number), cleaned.error().key, cleaned.error().values});
        }
        if (cells.size() != header.size())
            faults.push_back({"/" + std::to_string(number), "catalogue.columns", {std::to_string(header.size())}});
        out.push_back(std::move(line));
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return out;
}

std::string_view shipped_catalogue(std::string_view name)
{
    for (auto const& file : embedded::catalogues())
        if (file.path == name) return file.bytes;
    std::abort(); // part of the program: a test loads it
}

} // namespace nguon::server::app
