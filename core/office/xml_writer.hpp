#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <libxml/xmlwriter.h>

namespace nguon::office {

/// One XML part, written forwards by libxml2.
class XmlWriter {
public:
    using Attributes = std::initializer_list<std::pair<char const*, std::string_view>>;

    XmlWriter();
    ~XmlWriter();
    XmlWriter(XmlWriter const&) = delete;
    XmlWriter& operator=(XmlWriter const&) = delete;

    void open(char const* name, Attributes attributes = {});
    void close();
    void empty(char const* name, Attributes attributes = {});
    /// Characters that XML 1.0 forbids are left out.
    void text(std::string_view text);
    /// Markup of our own.
    void raw(std::string_view markup);

    /// The whole part; nothing may be written afterwards.
    std::string finish();

private:
    struct BufferFree {
        void operator()(xmlBufferPtr buffer) const { xmlBufferFree(buffer); }
    };
    struct WriterFree {
        void operator()(xmlTextWriterPtr writer) const { xmlFreeTextWriter(writer); }
    };

    std::unique_ptr<xmlBuffer, BufferFree> buffer_;
    std::unique_ptr<xmlTextWriter, WriterFree> writer_;
};

} // namespace nguon::office
