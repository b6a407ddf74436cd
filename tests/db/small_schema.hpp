#pragma once

#include "core/embedded.hpp"

#include <span>

namespace nguon::testing {

/// Two migrations with tables just for the tests of the engine, so that they do not depend on the records' tables.
inline std::span<EmbeddedFile const> small_schema()
{
    static constexpr EmbeddedFile files[] = {
        {"0001_first.sql", "CREATE TABLE item (\n"
                           "    seq {{sequence_pk}},\n"
                           "    name {{key_text}} NOT NULL UNIQUE,\n"
                           "    amount BIGINT,\n"
                           "    weight DOUBLE PRECISION,\n"
                           "    picture {{bytes}}\n"
                           ");\n"},
        {"0002_second.sql", "CREATE TABLE note (item_seq BIGINT NOT NULL REFERENCES item (seq), text TEXT NOT NULL);\n"
                            "\n"
                            "CREATE TABLE operation (\n"
                            "    org_id {{key_text}} NOT NULL, key {{key_text}} NOT NULL,\n"
                            "    request_sha256 TEXT NOT NULL, status BIGINT NOT NULL, location TEXT NOT NULL,\n"
                            "    body TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (org_id, key)\n"
                            ");\n"},
    };
    return files;
}

} // namespace nguon::testing
