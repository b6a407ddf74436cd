#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Documents that an office sends and files: DOCX in the layout of Decree 30/2020/NĐ-CP, XLSX, and PDF made of the
/// DOCX.
namespace nguon::office {

struct Run {
    std::string text = {};
    bool bold = false;
    bool italic = false;
};

enum class Align { left, center, right, justified };

/// body: first line indented; heading: bold, stays with what follows; item: "- …"; note: small, italic, for sources and
/// explanations below a table; centered: bold, for the title of an annex.
enum class ParagraphStyle { body, heading, item, note, centered };

struct Paragraph {
    std::vector<Run> runs = {};
    ParagraphStyle style = ParagraphStyle::body;
};

struct Column {
    std::string header = {};
    double width = 1; // share of the text's width, relative to the other columns
    Align align = Align::left;
};

struct TableRow {
    std::vector<std::string> cells = {}; // fewer than the columns: the rest is empty
    bool bold = false;
};

/// The header row is repeated on every page, a row is never cut by the end of a page.
struct Table {
    std::vector<Column> columns = {};
    std::vector<TableRow> rows = {};
};

struct PageBreak {};

/// Where somebody signs: "ĐẠI DIỆN CƠ SỞ" / "(Ký, ghi rõ họ tên)" / room / name.
struct Signature {
    std::string title = {}; // may have several lines ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC")
    std::string note = {};
    std::string name = {};
};

/// Places side by side, as under a record that several people sign.
struct Signatures {
    std::vector<Signature> places = {};
};

using Block = std::variant<Paragraph, Table, PageBreak, Signatures>;

/// Annex I of the decree, items 1 to 4; the national name and motto stand there by themselves.
struct OfficialHead {
    std::string superior = {};       // "UBND TỈNH LAI CHÂU"; may be empty
    std::string agency = {};         // "SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    std::string number = {};         // "Số:      /BC-SKHCN"
    std::string place_and_date = {}; // see below
};

struct WordDocument {
    std::optional<OfficialHead> head = {};
    std::string kind = {};    // "BÁO CÁO"
    std::string subject = {}; // what it is about, below the kind
    std::vector<Block> body = {};
    std::vector<std::string> recipients = {}; // "Nơi nhận", without dashes and signs at the end
    std::optional<Signature> signature = {};  // of the agency, at the right of the recipients
    std::vector<Block> annex = {};            // on a new page
    std::string watermark = {};               // "DIỄN TẬP": across every page
};

Paragraph body(std::string text);
Paragraph heading(std::string text);
Paragraph item(std::string text);
Paragraph note(std::string text);
Paragraph centered(std::string text);

/// "Lai Châu, ngày 05 tháng 02 năm 2026": days below ten and the months 1 and 2 get a zero.
std::string place_and_date(std::string_view place, Date day);
/// The same with room for the day that is written in by hand: "Lai Châu, ngày      tháng 11 năm 2026".
std::string place_and_month(std::string_view place, Date day);

/// The bytes of a DOCX (ISO/IEC 29500, transitional): A4, margins 20/20/30/20 mm, Times New Roman 14, page numbers
/// centred at the top from the second page. The same document gives the same bytes. Characters that XML forbids are
/// left out.
std::string to_docx(WordDocument const& document);

} // namespace nguon::office
