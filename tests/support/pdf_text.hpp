#pragma once

#include "tests/support/temp_dir.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <string>

namespace nguon::testing {

/// What a program prints.
inline std::string output_of(std::string const& command)
{
    std::string out;
    auto* const pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return out;
    std::array<char, 4096> piece{};
    while (auto const got = std::fread(piece.data(), 1, piece.size(), pipe)) out.append(piece.data(), got);
    ::pclose(pipe);
    return out;
}

/// The text of a PDF, as poppler reads it; `tool` may be "pdffonts" or "pdfinfo".
inline std::string pdf_text(std::string const& pdf, std::string const& tool = "pdftotext -layout")
{
    TempDir const folder;
    auto const file = (folder.path() / "document.pdf").string();
    std::ofstream{file, std::ios::binary} << pdf;
    return output_of(tool + " " + file + (tool.starts_with("pdftotext") ? " -" : ""));
}

} // namespace nguon::testing
