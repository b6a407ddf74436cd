#pragma once

#include "connector/target.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Records as files for portals that take no requests. Pure.
namespace nguon::connector {

enum class BundleFormat {
    ndjson, // one record a line, every record type
    epcis,  // one EPCIS document, events only
};

/// The bytes of one record that are frozen: a line {"key","payload_sha256","previous","record","seq"} without its line
/// feed, or the event. Nothing when the payload cannot be read.
std::optional<std::string> make_file_wire(BundleFormat format, Record const& record);

/// Files that travel together: NAME.ndjson or NAME.epcis.json, and NAME.manifest.json, whose signature covers both.
struct Bundle {
    std::string name = {}; // TARGET-TIME-FIRST SEQ-DIGEST: sorts in the order of making
    std::string file = {}; // of the content
    std::string content = {};
    std::string manifest = {};
};

/// A bundle of records with their wires, in the order of their numbers. The manifest: {"count","file","first_seq",
/// "format","last_seq","records":[{"id","key","seq","sha256","type","version"}],"sha256","target"}.
Bundle make_bundle(std::string const& target, BundleFormat format, std::vector<Record const*> records, Instant now);

/// A bundle as one text, and back; nothing when it is none.
std::string to_text(Bundle const& bundle);
std::optional<Bundle> read_bundle(std::string_view text);

/// The keys of a bundle's records, as its manifest says.
std::vector<std::string> record_keys(Bundle const& bundle);

} // namespace nguon::connector
