#pragma once

#include <string>
#include <string_view>

/// The parts of a DOCX that are the same in every document, or nearly.
namespace nguon::office {

/// xmlns attributes of a part's first element.
inline constexpr char word_namespace[] = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
inline constexpr char relation_namespace[] = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

std::string content_types_part();
std::string package_relations_part();
std::string document_relations_part();
/// Times New Roman 14 and the paragraph styles Body, Heading1, Item, Note, Centered, Cell, Small, Header.
std::string styles_part();
/// The title stands in the programs' windows and in the PDF.
std::string properties_part(std::string_view title);
/// The top of a page: its number when `numbered`, and the watermark across the page when there is one.
std::string header_part(bool numbered, std::string_view watermark);

} // namespace nguon::office
