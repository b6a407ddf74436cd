#include "core/office/word_parts.hpp"

#include "core/office/xml_writer.hpp"

namespace nguon::office {
namespace {

constexpr std::string_view declaration = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";

/// One paragraph style. `layout` and `letters` are the inner markup of w:pPr and w:rPr.
void add_style(XmlWriter& xml, std::string_view id, std::string_view name, std::string_view layout,
               std::string_view letters)
{
    xml.open("w:style", {{"w:type", "paragraph"}, {"w:styleId", id}});
    xml.empty("w:name", {{"w:val", name}});
    xml.empty("w:basedOn", {{"w:val", "Normal"}});
    xml.open("w:pPr");
    xml.raw(layout);
    xml.close();
    xml.open("w:rPr");
    xml.raw(letters);
    xml.close();
    xml.close();
}

void add_page_number(XmlWriter& xml)
{
    xml.raw(
        R"(<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>)"
        R"(<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>)");
}

/// The way in which word processors keep a watermark: a drawn text in the header, behind the page's own.
void add_watermark(XmlWriter& xml, std::string_view text)
{
    xml.open("w:r");
    xml.open("w:pict");
    // Shape type 136 is "text along a straight line"; programs want to be told what it means.
    xml.raw(
        R"(<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">)"
        R"(<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>)"
        R"(<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>)"
        R"(<v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/>)"
        R"(<v:textpath on="t" fitshape="t"/></v:shapetype>)");
    xml.open("v:shape", {{"id", "PowerPlusWaterMarkObject1"},
                         {"o:spid", "_x0000_s2049"},
                         {"type", "#_x0000_t136"},
                         {"style", "position:absolute;margin-left:0;margin-top:0;width:420pt;height:105pt;rotation:315;"
                                   "z-index:-251658752;mso-position-horizontal:center;"
                                   "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
                                   "mso-position-vertical-relative:margin"},
                         {"o:allowincell", "f"},
                         {"fillcolor", "silver"},
                         {"stroked", "f"}});
    xml.raw(R"(<v:fill opacity=".5"/>)");
    xml.empty("v:textpath", {{"style", "font-family:'Times New Roman';font-size:1pt"}, {"string", text}});
    xml.close();
    xml.close();
    xml.close();
}

} // namespace

std::string content_types_part()
{
    return std::string{declaration} +
           R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
           R"(<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>)"
           R"(<Default Extension="xml" ContentType="application/xml"/>)"
           R"(<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>)"
           R"(<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>)"
           R"(<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>)"
           R"(<Override PartName="/word/header2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>)"
           R"(<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>)"
           R"(</Types>)";
}

std::string package_relations_part()
{
    return std::string{declaration} +
           R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
           R"(<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>)"
           R"(<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>)"
           R"(</Relationships>)";
}

std::string document_relations_part()
{
    return std::string{declaration} +
           R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
           R"(<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>)"
           R"(<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/>)"
           R"(<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header2.xml"/>)"
           R"(</Relationships>)";
}

std::string styles_part()
{
    XmlWriter xml;
    xml.open("w:styles", {{"xmlns:w", word_namespace}});
    xml.raw(
        R"(<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" )"
        R"(w:eastAsia="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="28"/><w:szCs w:val="28"/>)"
        R"(<w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0"/>)"
        R"(</w:pPr></w:pPrDefault></w:docDefaults>)"
        R"(<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>)");
    add_style(xml, "Body", "Body Text",
              R"(<w:spacing w:before="120" w:after="0"/><w:ind w:firstLine="720"/><w:jc w:val="both"/>)", "");
    add_style(
        xml, "Heading1", "heading 1",
        R"(<w:keepNext/><w:spacing w:before="180" w:after="60"/><w:ind w:firstLine="720"/><w:jc w:val="both"/><w:outlineLvl w:val="0"/>)",
        R"(<w:b/>)");
    add_style(xml, "Item", "List",
              R"(<w:spacing w:before="60" w:after="0"/><w:ind w:firstLine="720"/><w:jc w:val="both"/>)", "");
    add_style(xml, "Note", "Note", R"(<w:spacing w:before="60" w:after="60"/><w:jc w:val="both"/>)",
              R"(<w:i/><w:sz w:val="24"/><w:szCs w:val="24"/>)");
    add_style(xml, "Centered", "Centered",
              R"(<w:keepNext/><w:spacing w:before="120" w:after="60"/><w:jc w:val="center"/>)", R"(<w:b/>)");
    add_style(xml, "Cell", "Cell", R"(<w:spacing w:before="30" w:after="30"/>)",
              R"(<w:sz w:val="24"/><w:szCs w:val="24"/>)");
    add_style(xml, "Head", "Head", R"(<w:jc w:val="center"/>)", R"(<w:sz w:val="26"/><w:szCs w:val="26"/>)");
    add_style(xml, "HeadName", "Head Name", R"(<w:jc w:val="center"/>)",
              R"(<w:caps/><w:sz w:val="24"/><w:szCs w:val="24"/>)");
    add_style(xml, "Small", "Small", "", R"(<w:sz w:val="22"/><w:szCs w:val="22"/>)");
    add_style(xml, "Header", "header", R"(<w:jc w:val="center"/>)", R"(<w:sz w:val="26"/><w:szCs w:val="26"/>)");
    xml.close();
    return xml.finish();
}

std::string properties_part(std::string_view title)
{
    XmlWriter xml;
    xml.open("cp:coreProperties",
             {{"xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"},
              {"xmlns:dc", "http://purl.org/dc/elements/1.1/"}});
    xml.open("dc:title");
    xml.text(title);
    xml.close();
    xml.open("dc:language");
    xml.text("vi-VN");
    xml.close();
    xml.close();
    return xml.finish();
}

std::string header_part(bool numbered, std::string_view watermark)
{
    XmlWriter xml;
    xml.open("w:hdr", {{"xmlns:w", word_namespace},
                       {"xmlns:v", "urn:schemas-microsoft-com:vml"},
                       {"xmlns:o", "urn:schemas-microsoft-com:office:office"}});
    xml.open("w:p");
    xml.raw(R"(<w:pPr><w:pStyle w:val="Header"/></w:pPr>)");
    if (numbered) add_page_number(xml);
    if (!watermark.empty()) add_watermark(xml, watermark);
    xml.close();
    xml.close();
    return xml.finish();
}

} // namespace nguon::office
