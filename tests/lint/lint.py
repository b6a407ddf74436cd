"""What the checks share: the files of the tree, comments and literals blanked out, self-tests, the exit status."""

import argparse
import os
import pathlib
import re
import sys
import tempfile

SKIPPED_FOLDERS = {".git", "build", "data", "node_modules", "__pycache__"}
CODE_FOLDERS = ("core", "db", "scanner", "connector", "server", "cli", "tests")


def files(root, *suffixes, under=("",)):
    """Every file below the folders `under` whose name ends in one of `suffixes` (all without), sorted."""
    found = []
    for start in under:
        for folder, names, entries in os.walk(pathlib.Path(root) / start):
            names[:] = [name for name in names if name not in SKIPPED_FOLDERS]
            found += [pathlib.Path(folder) / entry for entry in entries if entry.endswith(suffixes or ("",))]
    return sorted(found)


def code_files(root, under=CODE_FOLDERS):
    return files(root, ".cpp", ".hpp", under=under)


TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])\'(?:\\.|[^\'\\\n])+\'', re.S
)


def blank(text, strings=True):
    """`text` with comments, and string literals if wished, turned to blanks; offsets and lines stay as they are."""

    def spaces(match):
        token = match.group(0)
        if not strings and not token.startswith(("//", "/*")):
            return token
        inner = re.sub(r"[^\n]", " ", token)
        return inner if token.startswith(("//", "/*")) else '"' + inner[1:-1] + '"'

    return TOKEN.sub(spaces, text)


def literals(text):
    """(offset, content) of every string literal outside comments; neighbours that the compiler joins are joined."""
    found = []
    end = None
    for match in TOKEN.finditer(text):
        token = match.group(0)
        if token.startswith(("//", "/*")) or token.startswith("'"):
            continue
        content = token[token.index("(") + 1 : token.rindex(")")] if token.startswith("R") else token[1:-1]
        if found and not blank(text[end : match.start()]).strip():
            found[-1] = (found[-1][0], found[-1][1] + content)
        else:
            found.append((match.start(), content))
        end = match.end()
    return found


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def run(check, faults, sound):
    """Command line of a check: `check(root)` yields findings, each a line of text.

    `--self-test` writes the tree `sound` ({path: text}), which must pass, and then each of `faults`
    ({name: {path: text}}) over it, which must each be found: a check that cannot turn red is worth nothing.
    """
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("root", nargs="?", default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if not options.self_test:
        findings = list(check(pathlib.Path(options.root)))
        print("\n".join(findings) if findings else "clean")
        return sys.exit(1 if findings else 0)

    missed = [] if not (seen := check_tree(check, sound)) else [f"finds a fault where there is none: {seen}"]
    missed += [f"misses: {name}" for name, fault in faults.items() if not check_tree(check, {**sound, **fault})]
    print("\n".join(missed) if missed else f"finds all {len(faults)} planted faults")
    sys.exit(1 if missed else 0)


def check_tree(check, tree):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in tree.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755 if text.startswith("#!") else 0o644)
        return list(check(pathlib.Path(folder)))
