#include "core/office/xml_writer.hpp"

#include <stdexcept>

namespace nguon::office {
namespace {

xmlChar const* to_xml(char const* text) { return reinterpret_cast<xmlChar const*>(text); }

void check(int written)
{
    if (written < 0) throw std::runtime_error{"an office document could not be written"};
}

/// XML 1.0 §2.2 has no control characters but tab and line ends.
std::string allowed(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (char const c : text)
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n') out += c;
    return out;
}

} // namespace

XmlWriter::XmlWriter() : buffer_{xmlBufferCreate()}
{
    if (buffer_) writer_.reset(xmlNewTextWriterMemory(buffer_.get(), 0));
    if (!writer_) throw std::bad_alloc{};
    check(xmlTextWriterStartDocument(writer_.get(), "1.0", "UTF-8", "yes"));
}

XmlWriter::~XmlWriter() = default;

void XmlWriter::open(char const* name, Attributes attributes)
{
    check(xmlTextWriterStartElement(writer_.get(), to_xml(name)));
    for (auto const& [attribute, value] : attributes)
        check(xmlTextWriterWriteAttribute(writer_.get(), to_xml(attribute), to_xml(allowed(value).c_str())));
}

void XmlWriter::close() { check(xmlTextWriterEndElement(writer_.get())); }

void XmlWriter::empty(char const* name, Attributes attributes)
{
    open(name, attributes);
    close();
}

void XmlWriter::text(std::string_view text)
{
    check(xmlTextWriterWriteString(writer_.get(), to_xml(allowed(text).c_str())));
}

void XmlWriter::raw(std::string_view markup)
{
    check(xmlTextWriterWriteRaw(writer_.get(), to_xml(std::string{markup}.c_str())));
}

std::string XmlWriter::finish()
{
    check(xmlTextWriterEndDocument(writer_.get()));
    writer_.reset(); // writes out what it still holds
    return {reinterpret_cast<char const*>(xmlBufferContent(buffer_.get())),
            static_cast<std::size_t>(xmlBufferLength(buffer_.get()))};
}

} // namespace nguon::office
