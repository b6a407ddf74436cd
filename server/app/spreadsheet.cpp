#include "server/app/spreadsheet.hpp"

#include "core/limits.hpp"
#include "core/time.hpp"
#include "server/app/zip_archive.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <libxml/xmlreader.h>

namespace nguon::server::app {
namespace {

// So many shared texts fill every cell with one of its own.
constexpr std::size_t shared_texts_max = limits::sheet_rows_max * limits::sheet_columns_max;

// ---- reading XML forwards ----

struct ReaderFree {
    void operator()(xmlTextReaderPtr reader) const { xmlFreeTextReader(reader); }
};
struct XmlFree {
    void operator()(xmlChar* text) const { xmlFree(text); }
};

/// One pass over a part of the archive, which is unpacked as it is read. Nothing is fetched, no entity is replaced, and
/// a document type ends the reading.
class XmlPart {
public:
    explicit XmlPart(std::unique_ptr<ZipPart> part)
        : part_{std::move(part)}, reader_{xmlReaderForIO(&XmlPart::read, nullptr, part_.get(), nullptr, nullptr,
                                                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                                             XML_PARSE_COMPACT)}
    {
    }

    /// True on the next start tag, end tag or text; false at the end or at the first fault.
    bool next()
    {
        while (reader_ && xmlTextReaderRead(reader_.get()) == 1) {
            auto const type = xmlTextReaderNodeType(reader_.get());
            if (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE) {
                faulty_ = true;
                return false;
            }
            bool const text = type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
                              type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE || type == XML_READER_TYPE_WHITESPACE;
            if (!text && type != XML_READER_TYPE_ELEMENT && type != XML_READER_TYPE_END_ELEMENT) continue;
            type_ = type;
            is_text_ = text;
            return true;
        }
        faulty_ = faulty_ || !reader_ || xmlTextReaderReadState(reader_.get()) != XML_TEXTREADER_MODE_EOF;
        return false;
    }

    bool begins(std::string_view name) const { return type_ == XML_READER_TYPE_ELEMENT && local_name() == name; }
    bool ends(std::string_view name) const
    {
        bool const empty = type_ == XML_READER_TYPE_ELEMENT && xmlTextReaderIsEmptyElement(reader_.get()) == 1;
        return (type_ == XML_READER_TYPE_END_ELEMENT || empty) && local_name() == name;
    }
    bool is_text() const { return is_text_; }
    std::string_view text() const { return view(xmlTextReaderConstValue(reader_.get())); }

    std::string attribute(char const* name) const
    {
        std::unique_ptr<xmlChar, XmlFree> const value{
            xmlTextReaderGetAttribute(reader_.get(), reinterpret_cast<xmlChar const*>(name))};
        return std::string{view(value.get())};
    }

    /// Whether `next` ended at a fault, and which.
    bool faulty() const { return faulty_ || !part_->good(); }
    Error fault() const { return part_->good() ? not_a_sheet() : part_->fault(); }

private:
    static int read(void* part, char* out, int size) { return static_cast<ZipPart*>(part)->read(out, size); }
    static std::string_view view(xmlChar const* text)
    {
        return text == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<char const*>(text)};
    }
    std::string_view local_name() const { return view(xmlTextReaderConstLocalName(reader_.get())); }

    std::unique_ptr<ZipPart> part_;
    std::unique_ptr<xmlTextReader, ReaderFree> reader_;
    int type_ = 0;
    bool is_text_ = false;
    bool faulty_ = false;
};

// ---- the parts of a workbook ----

/// The first text that `take` finds in a part.
template <typename Take>
Result<std::string> find_in_part(ZipArchive& archive, std::string const& name, Take const& take)
{
    auto opened = archive.part(name);
    if (!opened) return opened.error();
    XmlPart part{*std::move(opened)};
    std::string found;
    while (found.empty() && part.next()) found = take(part);
    if (found.empty()) return part.fault();
    return found;
}

/// The part of the first worksheet: workbook.xml names its relation, the relations name the file.
Result<std::string> first_sheet_name(ZipArchive& archive)
{
    auto const relation = find_in_part(archive, "xl/workbook.xml", [](XmlPart const& part) {
        return part.begins("sheet") ? part.attribute("r:id") : std::string{};
    });
    if (!relation) return relation.error();
    auto const target = find_in_part(archive, "xl/_rels/workbook.xml.rels", [&](XmlPart const& part) {
        bool const meant = part.begins("Relationship") && part.attribute("Id") == *relation;
        return meant ? part.attribute("Target") : std::string{};
    });
    if (!target) return target.error();
    return target->starts_with('/') ? target->substr(1) : "xl/" + *target;
}

/// The texts that cells share. Phonetic hints (rPh) are no part of them.
Result<std::vector<std::string>> read_shared_strings(ZipArchive& archive)
{
    std::vector<std::string> out;
    if (!archive.has("xl/sharedStrings.xml")) return out;
    auto opened = archive.part("xl/sharedStrings.xml");
    if (!opened) return opened.error();
    XmlPart part{*std::move(opened)};
    bool in_text = false;
    bool in_phonetic = false;
    std::size_t bytes = 0;
    while (part.next()) {
        if (part.begins("si")) out.emplace_back();
        if (out.size() > shared_texts_max) return sheet_too_large();
        if (part.begins("rPh")) in_phonetic = true;
        if (part.begins("t")) in_text = true;
        if (part.ends("t")) in_text = false;
        if (part.ends("rPh")) in_phonetic = false;
        if (!part.is_text() || !in_text || in_phonetic || out.empty()) continue;
        out.back() += part.text();
        bytes += part.text().size();
        if (out.back().size() > limits::sheet_cell_bytes_max || bytes > limits::sheet_text_bytes_max)
            return sheet_too_large();
    }
    if (part.faulty()) return part.fault();
    return out;
}

/// True for a number format that shows a day: y, m or d outside quotes, brackets and escapes (ISO/IEC 29500-1
/// §18.8.31).
bool is_date_format(std::string_view code)
{
    bool quoted = false;
    bool bracketed = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        char const c = code[i];
        if (c == '\\') {
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == '[' || c == ']') {
            bracketed = c == '[';
        } else if (!quoted && !bracketed && (c == 'y' || c == 'Y' || c == 'd' || c == 'D')) {
            return true;
        }
    }
    return false;
}

/// Built-in formats that show a day (§18.8.30).
bool is_builtin_date(int id)
{
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

int number_of(std::string_view text, int otherwise)
{
    int number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Which cell styles show days, by their index.
Result<std::vector<bool>> read_date_styles(ZipArchive& archive)
{
    std::vector<bool> out;
    if (!archive.has("xl/styles.xml")) return out;
    auto opened = archive.part("xl/styles.xml");
    if (!opened) return opened.error();
    std::map<int, bool> formats;
    bool in_cells = false;
    XmlPart part{*std::move(opened)};
    while (part.next()) {
        if (part.begins("numFmt"))
            formats[number_of(part.attribute("numFmtId"), -1)] = is_date_format(part.attribute("formatCode"));
        if (part.begins("cellXfs")) in_cells = true;
        if (in_cells && part.begins("xf")) {
            auto const id = number_of(part.attribute("numFmtId"), 0);
            auto const own = formats.find(id);
            out.push_back(own != formats.end() ? own->second : is_builtin_date(id));
        }
        if (part.ends("cellXfs")) in_cells = false;
    }
    if (part.faulty()) return part.fault();
    return out;
}

/// Days since 30/12/1899, as spreadsheets count; their 29/02/1900, which never was, lies before what we take.
std::string day_text(double number)
{
    constexpr double first = 61;     // 01/03/1900
    constexpr double last = 2958465; // 31/12/9999
    if (!(number >= first && number <= last)) return {};
    auto const zero = std::chrono::sys_days{std::chrono::December / 30 / 1899};
    return to_vietnamese(Date{zero + std::chrono::days{static_cast<int>(std::floor(number))}});
}

/// "0.1", not the "0.10000000000000001" that files hold.
std::string number_text(std::string const& written)
{
    double number = 0;
    auto const [end, failed] = std::from_chars(written.data(), written.data() + written.size(), number);
    if (failed != std::errc{} || end != written.data() + written.size() || !std::isfinite(number)) return written;
    return fmt::format("{:.15g}", number);
}

/// Column of "AB12", counted from 0.
std::optional<std::size_t> column_of(std::string_view reference)
{
    std::size_t column = 0;
    std::size_t letters = 0;
    for (char const c : reference) {
        if (c < 'A' || c > 'Z') break;
        column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
        if (++letters > 3) return std::nullopt;
    }
    if (letters == 0) return std::nullopt;
    return column - 1;
}

/// Reads the rows of one worksheet.
class SheetReader {
public:
    SheetReader(std::vector<std::string> const& shared, std::vector<bool> const& dates) : shared_{shared}, dates_{dates}
    {
    }

    Result<SheetRows> run(std::unique_ptr<ZipPart> sheet)
    {
        XmlPart part{std::move(sheet)};
        bool seen = false;
        while (part.next()) {
            seen = seen || part.begins("sheetData");
            if (!take(part)) return std::move(error_);
        }
        if (part.faulty()) return part.fault();
        if (!seen) return not_a_sheet();
        return std::move(rows_);
    }

private:
    bool refuse(Error error)
    {
        error_ = std::move(error);
        return false;
    }

    bool take(XmlPart const& part)
    {
        if (part.begins("row") && !begin_row(part)) return false;
        if (part.begins("c") && !begin_cell(part)) return false;
        if (part.begins("v") || part.begins("t")) in_value_ = true;
        if (part.begins("rPh")) in_phonetic_ = true;
        if (part.is_text() && in_value_ && !in_phonetic_) {
            value_ += part.text();
            if (value_.size() > limits::sheet_cell_bytes_max) return refuse(sheet_too_large());
        }
        if (part.ends("v") || part.ends("t")) in_value_ = false;
        if (part.ends("rPh")) in_phonetic_ = false;
        if (part.ends("c") && in_cell_) return end_cell();
        return true;
    }

    /// Rows may be left out; their numbers tell.
    bool begin_row(XmlPart const& part)
    {
        auto const given = part.attribute("r");
        std::uint32_t number = row_ + 1;
        if (!given.empty()) {
            auto const [end, failed] = std::from_chars(given.data(), given.data() + given.size(), number);
            if (failed != std::errc{} || end != given.data() + given.size()) return refuse(not_a_sheet());
        }
        if (number <= row_) return refuse(not_a_sheet());
        row_ = number;
        next_column_ = 0;
        return true;
    }

    bool begin_cell(XmlPart const& part)
    {
        if (row_ == 0) return refuse(not_a_sheet());
        auto const reference = part.attribute("r");
        auto const column = reference.empty() ? std::optional{next_column_} : column_of(reference);
        if (!column) return refuse(not_a_sheet());
        column_ = *column;
        next_column_ = column_ + 1;
        type_ = part.attribute("t");
        style_ = number_of(part.attribute("s"), 0);
        value_.clear();
        in_cell_ = true;
        return true;
    }

    /// Rows and columns that were coloured and left empty are no part of the sheet.
    bool end_cell()
    {
        in_cell_ = false;
        auto text = value_text();
        if (!text) return refuse(not_a_sheet());
        if (text->empty()) return true;
        cells_bytes_ += text->size(); // one shared text may stand in every cell
        if (row_ > limits::sheet_rows_max || column_ >= limits::sheet_columns_max ||
            cells_bytes_ > limits::sheet_text_bytes_max)
            return refuse(sheet_too_large());
        rows_.resize(row_);
        auto& row = rows_.back();
        if (row.size() <= column_) row.resize(column_ + 1);
        row[column_] = *std::move(text);
        return true;
    }

    std::optional<std::string> value_text() const
    {
        if (type_ == "s") {
            if (value_.empty()) return std::string{};
            auto const index = number_of(value_, -1);
            if (index < 0 || static_cast<std::size_t>(index) >= shared_.size()) return std::nullopt;
            return shared_[static_cast<std::size_t>(index)];
        }
        if (type_ == "b") return value_ == "1" ? "1" : "0";
        if (!type_.empty() && type_ != "n") return value_; // inlineStr, str, d; e: "#REF!"
        if (value_.empty()) return std::string{};
        auto const style = static_cast<std::size_t>(std::max(style_, 0));
        if (style < dates_.size() && dates_[style])
            if (auto day = day_text(std::strtod(value_.c_str(), nullptr)); !day.empty()) return day;
        return number_text(value_);
    }

    std::vector<std::string> const& shared_;
    std::vector<bool> const& dates_;
    SheetRows rows_;
    Error error_;
    std::string type_;
    std::string value_;
    std::uint32_t row_ = 0; // counted from 1
    std::size_t column_ = 0;
    std::size_t next_column_ = 0; // of a cell that does not say where it is
    std::size_t cells_bytes_ = 0;
    int style_ = 0;
    bool in_cell_ = false;
    bool in_value_ = false;
    bool in_phonetic_ = false;
};

} // namespace

Result<SheetRows> read_sheet(std::string const& xlsx)
{
    auto archive = ZipArchive::open(xlsx);
    if (!archive) return archive.error();
    auto const name = first_sheet_name(*archive);
    if (!name) return name.error();
    auto const shared = read_shared_strings(*archive);
    if (!shared) return shared.error();
    auto const dates = read_date_styles(*archive);
    if (!dates) return dates.error();
    auto sheet = archive->part(*name);
    if (!sheet) return sheet.error();
    return SheetReader{*shared, *dates}.run(*std::move(sheet));
}

Error not_a_sheet() { return invalid("sheet.format"); }

Error sheet_too_large()
{
    return invalid("sheet.too_large",
                   {std::to_string(limits::sheet_rows_max), std::to_string(limits::sheet_columns_max)});
}

std::string cell_name(std::size_t column, std::size_t row)
{
    std::string letters;
    for (auto rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
    return letters + std::to_string(row + 1);
}

} // namespace nguon::server::app
