#include "core/office/word_document.hpp"

#include "core/office/archive_writer.hpp"
#include "core/office/word_parts.hpp"
#include "core/office/xml_writer.hpp"

#include <cmath>
#include <string>

#include <fmt/format.h>

namespace nguon::office {
namespace {

// Twentieths of a point, the unit of DOCX. A4 less 30 mm at the left and 20 mm at the right.
constexpr int page_width = 11906;
constexpr int page_height = 16838;
constexpr int margin = 1134;
constexpr int margin_left = 1701;
constexpr int text_width = page_width - margin_left - margin;
// The head is a little wider than the text, as every office has it: else the nation's name would not fit on one line.
constexpr int head_left = 4150;
constexpr int head_right = 5850;
constexpr int motto_side = 1350; // beside the line below the motto

char const* to_word(Align align)
{
    switch (align) {
    case Align::center:
        return "center";
    case Align::right:
        return "right";
    case Align::justified:
        return "both";
    case Align::left:
        break;
    }
    return "left";
}

char const* style_of(ParagraphStyle style)
{
    switch (style) {
    case ParagraphStyle::heading:
        return "Heading1";
    case ParagraphStyle::item:
        return "Item";
    case ParagraphStyle::note:
        return "Note";
    case ParagraphStyle::centered:
        return "Centered";
    case ParagraphStyle::body:
        break;
    }
    return "Body";
}

/// Writes word/document.xml.
class DocumentWriter {
public:
    std::string write(WordDocument const& document);

private:
    void run(Run const& run);
    void line(char const* style, Run const& content, Align const* align = nullptr);
    void rule(int indent_left, int indent_right);
    void open_table(std::vector<int> const& widths, bool bordered, int indent = 0);
    void open_cell(int width);
    void close_cell_and_open(int width);
    void row(std::vector<Column> const& columns, std::vector<int> const& widths, TableRow const& row, bool header);
    void head(OfficialHead const& head);
    void title(WordDocument const& document);
    void foot(WordDocument const& document);
    void signature(Signature const& signature);
    void block(Paragraph const& paragraph);
    void block(Table const& table);
    void block(PageBreak const&);
    void block(Signatures const& signatures);
    void blocks(std::vector<Block> const& blocks);
    void section();

    XmlWriter xml_;
};

void DocumentWriter::run(Run const& run)
{
    xml_.open("w:r");
    if (run.bold || run.italic) {
        xml_.open("w:rPr");
        if (run.bold) xml_.empty("w:b");
        if (run.italic) xml_.empty("w:i");
        xml_.close();
    }
    std::string_view rest = run.text;
    while (true) {
        auto const end = rest.find('\n');
        xml_.open("w:t", {{"xml:space", "preserve"}});
        xml_.text(rest.substr(0, end));
        xml_.close();
        if (end == std::string_view::npos) break;
        xml_.empty("w:br");
        rest.remove_prefix(end + 1);
    }
    xml_.close();
}

void DocumentWriter::line(char const* style, Run const& content, Align const* align)
{
    xml_.open("w:p");
    xml_.open("w:pPr");
    xml_.empty("w:pStyle", {{"w:val", style}});
    if (align != nullptr) xml_.empty("w:jc", {{"w:val", to_word(*align)}});
    xml_.close();
    if (!content.text.empty()) run(content);
    xml_.close();
}

/// A drawn line: the lower border of a paragraph of 2 points.
void DocumentWriter::rule(int indent_left, int indent_right)
{
    xml_.open("w:p");
    xml_.open("w:pPr");
    xml_.raw(R"(<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>)"
             R"(<w:spacing w:line="40" w:lineRule="exact"/>)");
    xml_.empty("w:ind", {{"w:left", std::to_string(indent_left)}, {"w:right", std::to_string(indent_right)}});
    xml_.raw(R"(<w:rPr><w:sz w:val="4"/></w:rPr>)");
    xml_.close();
    xml_.close();
}

void DocumentWriter::open_table(std::vector<int> const& widths, bool bordered, int indent)
{
    xml_.open("w:tbl");
    xml_.open("w:tblPr");
    int whole = 0;
    for (auto const width : widths) whole += width;
    xml_.empty("w:tblW", {{"w:w", std::to_string(whole)}, {"w:type", "dxa"}});
    if (indent != 0) xml_.empty("w:tblInd", {{"w:w", std::to_string(indent)}, {"w:type", "dxa"}});
    if (bordered)
        xml_.raw(
            R"(<w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/>)"
            R"(<w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders>)");
    xml_.raw(R"(<w:tblLayout w:type="fixed"/>)");
    auto const side = std::to_string(bordered ? 70 : 0);
    xml_.open("w:tblCellMar");
    xml_.empty("w:left", {{"w:w", side}, {"w:type", "dxa"}});
    xml_.empty("w:right", {{"w:w", side}, {"w:type", "dxa"}});
    xml_.close();
    xml_.close();
    xml_.open("w:tblGrid");
    for (auto const width : widths) xml_.empty("w:gridCol", {{"w:w", std::to_string(width)}});
    xml_.close();
}

void DocumentWriter::open_cell(int width)
{
    xml_.open("w:tc");
    xml_.open("w:tcPr");
    xml_.empty("w:tcW", {{"w:w", std::to_string(width)}, {"w:type", "dxa"}});
    xml_.close();
}

void DocumentWriter::close_cell_and_open(int width)
{
    xml_.close();
    open_cell(width);
}

void DocumentWriter::row(std::vector<Column> const& columns, std::vector<int> const& widths, TableRow const& row,
                         bool header)
{
    xml_.open("w:tr");
    xml_.open("w:trPr");
    xml_.empty("w:cantSplit");
    if (header) xml_.empty("w:tblHeader");
    xml_.close();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        open_cell(widths[i]);
        auto const align = header ? Align::center : columns[i].align;
        line("Cell", {i < row.cells.size() ? row.cells[i] : std::string{}, header || row.bold}, &align);
        xml_.close();
    }
    xml_.close();
}

/// Agency and number at the left, the nation and the day at the right; lines as long as Annex I demands: a third of the
/// left column, the whole motto.
void DocumentWriter::head(OfficialHead const& head)
{
    open_table({head_left, head_right}, false, (text_width - head_left - head_right) / 2);
    xml_.open("w:tr");
    open_cell(head_left);
    if (!head.superior.empty()) line("HeadName", {head.superior});
    line("HeadName", {head.agency, true});
    rule(head_left / 3, head_left / 3);
    line("Head", {head.number});
    close_cell_and_open(head_right);
    line("HeadName", {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", true});
    line("Head", {"Độc lập - Tự do - Hạnh phúc", true});
    rule(motto_side, motto_side);
    line("Head", {head.place_and_date, false, true});
    xml_.close();
    xml_.close();
    xml_.close();
}

void DocumentWriter::title(WordDocument const& document)
{
    if (document.kind.empty() && document.subject.empty()) return;
    line("Normal", {});
    line("Centered", {document.kind, true});
    if (!document.subject.empty()) line("Centered", {document.subject, true});
    rule(text_width * 2 / 5, text_width * 2 / 5);
}

void DocumentWriter::signature(Signature const& signature)
{
    line("Head", {signature.title, true});
    if (!signature.note.empty()) line("Head", {signature.note, false, true});
    for (int i = 0; i < 4; ++i) line("Head", {}); // room for seal and hand
    line("Head", {signature.name, true});
}

void DocumentWriter::foot(WordDocument const& document)
{
    if (document.recipients.empty() && !document.signature) return;
    line("Normal", {});
    int const half = text_width / 2;
    open_table({half, text_width - half}, false);
    xml_.open("w:tr");
    xml_.raw("<w:trPr><w:cantSplit/></w:trPr>");
    open_cell(half);
    if (!document.recipients.empty()) line("Small", {"Nơi nhận:", true, true});
    for (std::size_t i = 0; i < document.recipients.size(); ++i)
        line("Small", {"- " + document.recipients[i] + (i + 1 == document.recipients.size() ? "." : ";")});
    if (document.recipients.empty()) line("Small", {});
    close_cell_and_open(text_width - half);
    if (document.signature)
        signature(*document.signature);
    else
        line("Head", {});
    xml_.close();
    xml_.close();
    xml_.close();
}

void DocumentWriter::block(Paragraph const& paragraph)
{
    xml_.open("w:p");
    xml_.open("w:pPr");
    xml_.empty("w:pStyle", {{"w:val", style_of(paragraph.style)}});
    xml_.close();
    if (paragraph.style == ParagraphStyle::item) run({"- "});
    for (auto const& part : paragraph.runs) run(part);
    xml_.close();
}

void DocumentWriter::block(Table const& table)
{
    if (table.columns.empty()) return;
    double shares = 0;
    for (auto const& column : table.columns) shares += column.width;
    std::vector<int> widths;
    for (auto const& column : table.columns)
        widths.push_back(static_cast<int>(std::lround(text_width * column.width / shares)));
    open_table(widths, true);
    TableRow header;
    for (auto const& column : table.columns) header.cells.push_back(column.header);
    row(table.columns, widths, header, true);
    for (auto const& each : table.rows) row(table.columns, widths, each, false);
    xml_.close();
    line("Small", {}); // two tables in a row would grow together
}

void DocumentWriter::block(PageBreak const&) { xml_.raw(R"(<w:p><w:r><w:br w:type="page"/></w:r></w:p>)"); }

void DocumentWriter::block(Signatures const& signatures)
{
    if (signatures.places.empty()) return;
    auto const count = static_cast<int>(signatures.places.size());
    std::vector<int> const widths(signatures.places.size(), text_width / count);
    line("Normal", {});
    open_table(widths, false);
    xml_.open("w:tr");
    xml_.raw("<w:trPr><w:cantSplit/></w:trPr>");
    for (auto const& place : signatures.places) {
        open_cell(text_width / count);
        signature(place);
        xml_.close();
    }
    xml_.close();
    xml_.close();
    line("Small", {});
}

void DocumentWriter::blocks(std::vector<Block> const& blocks)
{
    for (auto const& each : blocks) std::visit([this](auto const& content) { block(content); }, each);
}

void DocumentWriter::section()
{
    xml_.raw(fmt::format(
        R"(<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:headerReference w:type="first" r:id="rId3"/>)"
        R"(<w:pgSz w:w="{}" w:h="{}"/><w:pgMar w:top="{}" w:right="{}" w:bottom="{}" w:left="{}" w:header="567" )"
        R"(w:footer="567" w:gutter="0"/><w:titlePg/></w:sectPr>)",
        page_width, page_height, margin, margin, margin, margin_left));
}

std::string DocumentWriter::write(WordDocument const& document)
{
    xml_.open("w:document", {{"xmlns:w", word_namespace}, {"xmlns:r", relation_namespace}});
    xml_.open("w:body");
    if (document.head) head(*document.head);
    title(document);
    blocks(document.body);
    foot(document);
    if (!document.annex.empty()) {
        block(PageBreak{});
        blocks(document.annex);
    } else {
        line("Small", {}); // a table must not be the last thing of a document
    }
    section();
    xml_.close();
    xml_.close();
    return xml_.finish();
}

Paragraph plain(std::string text, ParagraphStyle style) { return {{Run{std::move(text)}}, style}; }

} // namespace

Paragraph body(std::string text) { return plain(std::move(text), ParagraphStyle::body); }
Paragraph heading(std::string text) { return plain(std::move(text), ParagraphStyle::heading); }
Paragraph item(std::string text) { return plain(std::move(text), ParagraphStyle::item); }
Paragraph note(std::string text) { return plain(std::move(text), ParagraphStyle::note); }
Paragraph centered(std::string text) { return plain(std::move(text), ParagraphStyle::centered); }

std::string place_and_date(std::string_view place, Date day)
{
    auto const month = static_cast<unsigned>(day.month());
    return fmt::format("{}, ngày {:02} tháng {} năm {}", place, static_cast<unsigned>(day.day()),
                       month < 3 ? fmt::format("{:02}", month) : std::to_string(month), static_cast<int>(day.year()));
}

std::string place_and_month(std::string_view place, Date day)
{
    auto const whole = place_and_date(place, day);
    auto const at = place.size() + std::string_view{", ngày "}.size();
    return whole.substr(0, at) + "    " + whole.substr(at + 2);
}

std::string to_docx(WordDocument const& document)
{
    auto const title = document.subject.empty() ? document.kind : document.kind + " " + document.subject;
    return write_archive({{"[Content_Types].xml", content_types_part()},
                          {"_rels/.rels", package_relations_part()},
                          {"docProps/core.xml", properties_part(title)},
                          {"word/document.xml", DocumentWriter{}.write(document)},
                          {"word/_rels/document.xml.rels", document_relations_part()},
                          {"word/styles.xml", styles_part()},
                          {"word/header1.xml", header_part(true, document.watermark)},
                          {"word/header2.xml", header_part(false, document.watermark)}});
}

} // namespace nguon::office
