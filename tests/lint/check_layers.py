#!/usr/bin/python3
"""Includes follow the layers: core -> nothing; runtime -> core; http, db, scanner -> runtime; and so on upwards."""

import re

import lint

# Each layer and all it may include, itself left out.
LAYERS = {
    "core": set(),
    "runtime": {"core"},
    "http": {"runtime", "core"},
    "office": {"runtime", "core"},
    "db": {"runtime", "core"},
    "scanner": {"runtime", "core"},
    "connector": {"db", "http", "runtime", "core"},
    "practice_portal": {"http", "runtime", "core"},
    "witness": {"http", "runtime", "core"},
    "server": {"db", "scanner", "office", "http", "runtime", "core"},
    "cli": {"server", "connector", "practice_portal", "witness", "scanner", "office", "db", "http", "runtime",
            "core"},
}
NESTED = {
    "core/runtime/": "runtime",
    "core/http/": "http",
    "core/office/": "office",
    "connector/practice_portal/": "practice_portal",
    "connector/witness/": "witness",
}
# Libraries that one layer keeps to itself, so that the others stay quick to compile and free of them.
ONLY_IN = {
    r"boost/beast": {"core/http/", "core/runtime/asio_impl.cpp"},
    r"sqlite3\.h": {"db/sqlite_connection.cpp"},
    r"curl/": {"core/runtime/mail.cpp"},
    r"xlsxwriter": {"core/office/"},
    r"libpq-fe\.h": {"db/postgres_connection.cpp"},
    r"ZXing/": {"scanner/"},
    r"cairo|pango/": {"scanner/", "server/", "cli/"},
}
OWN_BARE_INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.M)


def layer_of(path):
    for prefix, layer in NESTED.items():
        if path.startswith(prefix):
            return layer
    return path.split("/", 1)[0] if "/" in path else None


def check(root):
    for file in lint.code_files(root):
        path = file.relative_to(root).as_posix()
        here = layer_of(path)
        text = lint.blank(file.read_text(encoding="utf-8"), strings=False)
        for match in OWN_BARE_INCLUDE.finditer(text):
            place = f"{path}:{lint.line_of(text, match.start(2))}"
            quoted, target = match.group(1) == '"', match.group(2)
            there = layer_of(target)
            if quoted and there not in LAYERS and there != "tests":
                yield f"{place}: own includes are written from the root, not {target}"
            elif quoted and here != "tests" and there == "tests":
                yield f"{place}: only tests may include {target}"
            elif quoted and here != "tests" and there != here and there not in LAYERS[here]:
                yield f"{place}: {here} may not include {target}"
            for library, homes in ONLY_IN.items():
                if re.match(library, target) and here != "tests" and not any(path.startswith(home) for home in homes):
                    yield f"{place}: {target} is included only in {', '.join(sorted(homes))}"


SOUND = {
    "core/result.hpp": "#pragma once\n#include <string>\n",
    "core/http/client.cpp": '#include "core/runtime/tls.hpp"\n#include <boost/beast/http.hpp>\n',
    "server/app/a.cpp": '#include "db/batches.hpp"\n// #include "cli/application.hpp"\n',
    "tests/server/a_test.cpp": '#include "server/app/a.hpp"\n#include "tests/support/temp_dir.hpp"\n',
}
FAULTS = {
    "core includes runtime": {"core/gs1/x.cpp": '#include "core/runtime/clock.hpp"\n'},
    "runtime includes http": {"core/runtime/x.hpp": '#include "core/http/message.hpp"\n'},
    "connector includes server": {"connector/x.cpp": '#include "server/services.hpp"\n'},
    "portal includes connector": {"connector/practice_portal/x.cpp": '#include "connector/engine.hpp"\n'},
    "witness includes db": {"connector/witness/x.cpp": '#include "db/database.hpp"\n'},
    "scanner includes db": {"scanner/x.cpp": '#include "db/database.hpp"\n'},
    "include beside itself": {"db/x.cpp": '#include "batches.hpp"\n'},
    "office includes db": {"core/office/x.cpp": '#include "db/database.hpp"\n'},
    "Beast outside http": {"server/x.cpp": "#include <boost/beast/core.hpp>\n"},
    "sqlite3.h in a repository": {"db/batches.cpp": "#include <sqlite3.h>\n"},
    "program includes tests": {"cli/x.cpp": '#include "tests/support/temp_dir.hpp"\n'},
}

if __name__ == "__main__":
    lint.run(check, FAULTS, SOUND)
