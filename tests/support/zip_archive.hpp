#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <zip.h>

namespace nguon::testing {

using Parts = std::vector<std::pair<std::string, std::string>>;

/// A zip archive of these parts.
inline std::string archive_of(Parts const& parts)
{
    zip_error_t error;
    zip_error_init(&error);
    auto* source = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(source);
    auto* archive = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    for (auto const& [name, bytes] : parts)
        zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
    if (zip_close(archive) != 0) throw std::runtime_error{"the archive was not written"};
    zip_stat_t stat;
    zip_source_stat(source, &stat);
    std::string out(stat.size, '\0');
    zip_source_open(source);
    zip_source_read(source, out.data(), out.size());
    zip_source_close(source);
    zip_source_free(source);
    zip_error_fini(&error);
    return out;
}

/// The parts of a workbook whose first sheet holds these rows (XML).
inline Parts sheet_parts(std::string const& rows)
{
    constexpr char const* workbook =
        R"(<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">)"
        R"(<sheets><sheet name="A" sheetId="1" r:id="rId7"/><sheet name="B" sheetId="2" r:id="rId8"/></sheets>)"
        R"(</workbook>)";
    constexpr char const* relations = R"(<Relationships><Relationship Id="rId8" Target="worksheets/b.xml"/>)"
                                      R"(<Relationship Id="rId7" Target="worksheets/a.xml"/></Relationships>)";
    return {{"xl/workbook.xml", workbook},
            {"xl/_rels/workbook.xml.rels", relations},
            {"xl/worksheets/a.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}};
}

/// The parts of an archive by name, in full.
inline std::map<std::string, std::string> read_zip(std::string const& bytes)
{
    zip_error_t error;
    zip_error_init(&error);
    auto* archive =
        zip_open_from_source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error), ZIP_RDONLY, &error);
    if (archive == nullptr) throw std::runtime_error{"this is no archive"};
    std::map<std::string, std::string> out;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
        zip_stat_t stat;
        zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat);
        auto& part = out[stat.name];
        part.resize(stat.size);
        auto* file = zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
        zip_fread(file, part.data(), part.size());
        zip_fclose(file);
    }
    zip_discard(archive);
    zip_error_fini(&error);
    return out;
}

} // namespace nguon::testing
