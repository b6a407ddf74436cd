#!/usr/bin/python3
"""SQL stands in db/ only, is written in what SQLite and PostgreSQL share, and is never built from values."""

import re

import lint

SQL = re.compile(
    r"^\s*(?:SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|WITH\s+(?:RECURSIVE\s+)?\w+[^.]*\sAS\s*\("
    r"|(?:CREATE|DROP)\s+(?:UNIQUE\s+)?(?:TABLE|INDEX|TRIGGER|VIEW)\s|ALTER\s+TABLE\s|PRAGMA\s|SAVEPOINT\s)"
)
FRAGMENT = re.compile(r"^\s*(?:(?:AND|OR|WHERE|FROM|JOIN|LEFT JOIN|ORDER BY|GROUP BY|LIMIT|UNION ALL|UNION|SET|VALUES)\b)")
FORBIDDEN = {
    r"\bI?LIKE\b": "LIKE (search goes through folded columns)",
    r"\bstring_agg\b|\bgroup_concat\b|\barray_agg\b": "aggregation to text",
    r"\bnow\s*\(|\bCURRENT_(?:TIME|DATE)|\bdatetime\s*\(|\bstrftime\s*\(": "the database's clock",
    r"->|#>|@>|\bjsonb?_\w+\s*\(": "JSON operators",
    r"\bTRUE\b|\bFALSE\b|\bBOOLEAN\b": "booleans (flags are 0/1)",
    r"SELECT\s+(?:\w+\.)?\*": "SELECT * (columns are listed)",
    r"(?<!\?)\?(?!\?)": "? parameters (they are $1, $2)",
    r"\bAUTOINCREMENT\b|\b(?:BIG)?SERIAL\b": "an engine's own counter (use {{sequence_pk}})",
    r"\bRANDOM\s*\(": "the database's chance",
}
# Where the engines' own words belong: each says why beside them.
ENGINE_FILES = {"db/sqlite_connection.cpp", "db/postgres_connection.cpp", "db/migrator.cpp"}
CONSTANT = re.compile(r"\b(?:constexpr|constinit)\b[^;={]*?\b(\w+)\s*(?:\[\s*\])?\s*[={]|^\s*#\s*define\s+(\w+)", re.M)
HARMLESS = re.compile(r'^(?:std::string(?:_view)?\s*[({]\s*)?(?:"\s*"\s*)+[)}]?$|^(?:std::)?to_string\(.*\)$', re.S)


def operands(text, position):
    """The operands of the + chain around `position` in `text` (strings blanked), each stripped."""
    if wrapper := re.search(r"\bstd::string(?:_view)?\s*[({]\s*$", text[:position]):
        position = wrapper.start()
    text = text.replace("::", "__")
    first = last = position
    depth = 0
    while first > 0 and not (depth == 0 and text[first - 1] in "(,;{}=?:"):
        depth += {")": 1, "]": 1, "}": 1, "(": -1, "[": -1, "{": -1}.get(text[first - 1], 0)
        first -= 1
    depth = 0
    while last < len(text) and not (depth == 0 and text[last] in "),;}?:"):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text[last], 0)
        last += 1
    chain = re.sub(r'"[^"]*"', '""', text[first:last])
    parts, depth = [""], 0
    for char in chain:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(char, 0)
        if char == "+" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [re.sub(r"^(?:return|co_return)\b", "", part.strip()).strip().replace("__", "::") for part in parts]


def built_from(text, offset, constants):
    """The operand that makes the SQL at `offset` a string built from values, or None."""
    blanked = lint.blank(text)
    before = blanked[:offset].rstrip()
    if re.search(r"\b(?:fmt|std)::(?:v?format|print)(?:_to)?\s*\($", before):
        return "format"
    chain = operands(blanked, offset)
    for operand in chain if len(chain) > 1 else []:
        if not HARMLESS.match(operand) and operand.split("::")[-1] not in constants and not re.match(
                r"^std::string(?:_view)?\s*[({]\s*(?:\w+::)*(\w+)\s*[)}]$", operand):
            return operand
    return None


def check_words(place, sql):
    stripped = re.sub(r"'[^']*'", "''", sql)
    for pattern, what in FORBIDDEN.items():
        if re.search(pattern, stripped, re.I):
            yield f"{place}: {what} is not shared by both engines or not ours to use: {' '.join(sql.split())[:60]}"


def check_migration(path, text):
    # A statement under `-- only: ENGINE` may use that engine's words.
    shared = re.sub(r"--\s*only:\s*\w+[^;]*;", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)
    shared = re.sub(r"--[^\n]*", lambda m: " " * len(m.group(0)), shared)
    for number, line in enumerate(shared.split("\n"), 1):
        yield from check_words(f"{path}:{number}", line)


def constants_of(text):
    return {name for pair in CONSTANT.findall(lint.blank(text)) for name in pair if name}


def delivery_classes(root):
    """Words of delivery.error_class, which have sentences."""
    header = root / "db/deliveries.hpp"
    found = re.search(r"\berror_classes\b[^;]*;", header.read_text(encoding="utf-8")) if header.exists() else None
    return set(re.findall(r'"(\w+)"', found.group(0))) if found else set()


def check(root):
    shared = set()
    classes = delivery_classes(root)
    for header in lint.code_files(root, under=("db",)):
        if header.suffix == ".hpp":
            shared |= constants_of(header.read_text(encoding="utf-8"))
    for file in lint.code_files(root, under=("core", "db", "scanner", "connector", "server", "cli")):
        path = file.relative_to(root).as_posix()
        text = file.read_text(encoding="utf-8")
        constants = shared | constants_of(text)
        for offset, literal in lint.literals(text):
            inside = path.startswith("db/")
            if not SQL.match(literal) and not (inside and FRAGMENT.match(literal)):
                continue
            place = f"{path}:{lint.line_of(text, offset)}"
            if not inside:
                yield f"{place}: SQL outside db/: {' '.join(literal.split())[:60]}"
            elif path not in ENGINE_FILES:
                yield from check_words(place, literal)
                for word in set(re.findall(r"\berror_class = '(\w+)'", literal)) - classes:
                    yield f"{place}: {word} is none of db::deliveries::error_classes and has no sentence"
                if operand := built_from(text, offset, constants):
                    yield f"{place}: SQL is built from a value ({operand[:40]}); bind it as a parameter"
    for file in lint.files(root, ".sql", under=("db",)):
        yield from check_migration(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))


SOUND = {
    "db/batches.cpp": """
constexpr auto columns = "id, org_id";
auto a = c.query("SELECT id FROM batch WHERE id = $1 AND note = 'like'", {batch.id});
auto b = c.query(std::string{"SELECT "} + columns + " FROM batch WHERE at > $1", {at});
sql += " AND fold >= $" + std::to_string(n);
// "SELECT * FROM batch"
""",
    "db/migrations/0001_parties.sql": "-- now() is not used\nCREATE TABLE a (id {{sequence_pk}});\n"
    "-- only: postgres\nCREATE INDEX b ON a USING gin (c jsonb_path_ops) WHERE d @> '{}';\n",
    "server/a.cpp": 'auto text = "Select a batch from the list";\nauto other = "UPDATE";\n',
}


def in_db(statement):
    return {"db/x.cpp": statement + "\n"}


FAULTS = {
    "SQL in a handler": {"server/b.cpp": 'c.query("SELECT id FROM batch");\n'},
    "SQL in the connector": {"connector/b.cpp": 'c.query("UPDATE delivery SET state = $1");\n'},
    "a class of deliveries without sentence": in_db('c.query("UPDATE delivery SET error_class = \'tired\'");'),
    "LIKE": in_db('c.query("SELECT id FROM a WHERE b LIKE $1");'),
    "second line": in_db('c.query("SELECT id FROM a"\n " WHERE b ILIKE $1");'),
    "string_agg": in_db('c.query("SELECT string_agg(b) FROM a");'),
    "clock": in_db('c.query("INSERT INTO a (at) VALUES (now())");'),
    "JSON operator": in_db('''c.query("SELECT body->>'x' FROM a");'''),
    "star": in_db('c.query("SELECT * FROM a");'),
    "question mark": in_db('c.query("SELECT id FROM a WHERE b = ?");'),
    "joined with a value": in_db('c.query("SELECT id FROM a WHERE b = \'" + name + "\'");'),
    "wrapped and joined": in_db('c.query(std::string{"SELECT id FROM a WHERE b = "} + name);'),
    "appended value": in_db('sql += " AND b = " + value;'),
    "formatted": in_db('c.query(fmt::format("SELECT id FROM {}", table));'),
    "clock in a migration": {"db/migrations/0002_x.sql": "CREATE TABLE b (at BIGINT DEFAULT now());\n"},
    "serial in a migration": {"db/migrations/0002_x.sql": "CREATE TABLE b (id BIGSERIAL);\n"},
}

if __name__ == "__main__":
    lint.run(check, FAULTS, SOUND)
