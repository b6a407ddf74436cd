#pragma once

#include "core/gs1/digital_link.hpp"
#include "core/gs1/verdict.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>

/// The compressed form of Digital Links (GS1 Digital Link: Compression): the AIs as bits, written as one base64url
/// segment of the path.
namespace nguon::gs1 {

/// Reads a compressed segment that stands at `at` of the verdict's text and adds its elements, whose values lie in the
/// verdict's room, and its parameters. False when the segment is nothing of the kind or holds a wrong value.
bool unpack(std::string_view segment, std::size_t at, Verdict& verdict, ElementList& unpacked);

struct CompressOptions {
    bool keep_key = false;            // only what follows the primary key is compressed: /01/08939999000017/…
    bool shortcuts = true;            // one byte for usual combinations of AIs
    bool compress_parameters = false; // else they stay in the query
};

using Parameters = std::span<std::pair<std::string, std::string> const>;

/// The compressed URI below `base`. The values must be valid. Leading zeros survive.
/// Errors: those of `to_digital_link`; "link.not_compressible" {ai} for an AI that the standard's table of formats
/// lacks, for a value that it cannot hold, and for a second primary key unless the first is kept outside.
Result<std::string> to_compressed_link(std::span<AiValue const> elements, std::string_view base,
                                       CompressOptions const& options = {}, Parameters parameters = {});

} // namespace nguon::gs1
