#pragma once

#include "db/connection.hpp"

/// Files, by their digest. Written before the row that cites them; the citing record decides who may read.
namespace nguon::db::blobs {

struct File {
    std::string media_type = {};
    std::string bytes = {};
};

/// Writes the file unless it is there; returns its SHA-256 in hexadecimal. Errors: "file.too_large".
Result<std::string> insert(Connection& c, std::string_view media_type, std::string const& bytes, bool personal,
                           Instant at);

/// Notes that a record cites the file. `visibility`: public, authority, private.
void cite(Connection& c, std::string_view sha256, OrganizationId const& org, std::string_view kind,
          std::string_view entity_id, std::string_view visibility);

/// A file that some record shows to the public. Errors: "file.unknown".
Result<File> find_public(Connection& c, std::string_view sha256);

/// A file that a record of `org` cites. Errors: "file.unknown".
Result<File> find(Connection& c, OrganizationId const& org, std::string_view sha256);

/// Serves the province: any file that is not erased. Errors: "file.unknown".
Result<File> find_any(Connection& c, std::string_view sha256);

/// Removes the bytes of a file that no record cites; the digest stays. The caller has taken it from whatever held it.
void erase_uncited(Connection& c, std::string_view sha256, Instant at);

} // namespace nguon::db::blobs
