#!/usr/bin/python3
"""The tree is tidy: nothing unfinished or generated, no machine's paths, mirrors or secrets, short files, known entries."""

import json
import os
import re
import subprocess

import lint

TOP = {
    ".ci", ".clang-format", ".clang-tidy", ".gitignore", ".npmrc", "CHANGELOG.md", "CMakeLists.txt", "CMakePresets.json",
    "DESIGN.md", "LICENSE", "README.md", "package.json", "package-lock.json", "certs", "cli", "cmake", "connector", "core",
    "db", "deploy", "scanner", "server", "tests",
}
LINES_MAX = 600
BYTES_MAX = 1_000_000
CODE = (".cpp", ".hpp", ".py", ".sh", ".mjs", ".js", ".ts", ".css", ".mustache", ".cmake", ".sql", "CMakeLists.txt")
BINARY = (".png", ".jpg", ".jpeg", ".webp", ".ico", ".pdf", ".xlsx", ".zip", ".woff2", ".zst", ".gz", ".bin")
# Inputs kept byte for byte: they may be broken on purpose.
RAW = ("tests/fixtures/", "tests/fuzz/")
# Written in halves so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.:)}\]$*-])/(?:home|root|Users|work" r"space|work)/[\w.]|\.\./sha" r"red/")
MIRROR = re.compile(
    r"//[\w.:-]*(?:mir" r"ror|artifac" r"tory|nex" r"us|verdac" r"cio|pro" r"xy)[\w.-]*[:/]"
    r"|(?:deb|snapshot)\.deb" r"ian\.org|registry\.npm" r"js\.org|registry\s*=|index-u" r"rl",
    re.I,
)
SECRET = re.compile(
    r"\b(?:AK" r"IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{10,}|npm_[A-Za-z0-9]{36}"
    r"|ngk_[A-Za-z0-9_-]{43}|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,})|_auth(?:Token)?\s*="
    r"|[a-z]+://[^\s/:@$<{\"']+:[^\s/:@$<{\"']+@[a-z0-9]"
)
# What builds, servers and editors leave behind. Certificates are made anew where they are needed.
GENERATED = re.compile(
    r"\.(?:o|a|so|gch|pch|d|log|pyc|profraw|gcda|gcno|db|db-wal|db-shm|sqlite3?|sock|pid|key|pem|crt|csr|p12|srl|orig|rej"
    r"|bak|swp|tmp|core)$|~$|(?:^|/)(?:CMakeCache\.txt|CMakeFiles|compile_commands\.json|crash-|leak-|oom-|timeout-)"
)
CORPUS_BYTES_MAX = 300_000  # of one fuzz target
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIV" r"ATE KEY-----\s*\n\s*[A-Za-z0-9+/]{16}")


def check_text(path, text):
    if text and not text.endswith("\n"):
        yield f"{path}: does not end with a newline"
    if PRIVATE_KEY.search(text):
        yield f"{path}: holds a private key"
    if path != "LICENSE" and not path.endswith("package-lock.json"):
        for number, line in enumerate(text.split("\n"), 1):
            if found := UNFINISHED.search(line) or MACHINE_PATH.search(line) or MIRROR.search(line):
                yield f"{path}:{number}: {found.group(0)} does not belong here"
            if SECRET.search(line):
                yield f"{path}:{number}: holds what looks like a secret"
            if line != line.rstrip() and not path.endswith(".md"):
                yield f"{path}:{number}: ends in white space"
    if path.endswith(CODE) and text.count("\n") > LINES_MAX:
        yield f"{path}: {text.count(chr(10))} lines, at most {LINES_MAX}"


def check_lock(root):
    lock = root / "package-lock.json"
    if not lock.exists():
        return
    for name, package in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if "resolved" in package:
            yield f"package-lock.json: {name} names the mirror it came from (\"resolved\")"
        if package.get("hasInstallScript"):
            yield f"package-lock.json: {name} has an install script"
        if name and "integrity" not in package:
            yield f"package-lock.json: {name} has no digest"


def tracked(root):
    """Paths that git keeps, or all files where there is no git, without what the top's .gitignore leaves out."""
    if (root / ".git").exists():
        listed = subprocess.run(["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z"], capture_output=True, text=True, check=True)
        yield from filter(None, listed.stdout.split("\0"))
        return
    for folder, names, entries in os.walk(root):
        if lint.pathlib.Path(folder) == root:
            names[:] = [name for name in names if name not in lint.SKIPPED_FOLDERS]
        yield from ((lint.pathlib.Path(folder) / entry).relative_to(root).as_posix() for entry in entries)


def check_generated(root):
    corpus = {}
    for path in tracked(root):
        if GENERATED.search(path) or lint.SKIPPED_FOLDERS & set(path.split("/")[:-1]):
            yield f"{path}: is generated, or made on the spot"
        if path.startswith("tests/fuzz/corpus/") and (root / path).exists():
            target = path.split("/")[3]
            corpus[target] = corpus.get(target, 0) + (root / path).stat().st_size
    for target, size in corpus.items():
        if size > CORPUS_BYTES_MAX:
            yield f"tests/fuzz/corpus/{target}: {size} bytes, at most {CORPUS_BYTES_MAX}"


def check(root):
    for entry in sorted(root.iterdir()):
        if entry.name not in TOP | lint.SKIPPED_FOLDERS:
            yield f"{entry.name}: not an entry of the top folder; see tests/lint/check_tree.py"
    yield from check_lock(root)
    yield from check_generated(root)
    for file in lint.files(root):
        path = file.relative_to(root).as_posix()
        if file.is_symlink():
            yield f"{path}: is a symbolic link"
            continue
        content = file.read_bytes()
        if len(content) > BYTES_MAX:
            yield f"{path}: {len(content)} bytes, at most {BYTES_MAX}"
        if path.startswith(RAW) or path.endswith(BINARY):
            continue
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            yield f"{path}: is not UTF-8"
            continue
        yield from check_text(path, text)


SOUND = {
    "core/a.cpp": "int a;\n" * LINES_MAX,
    "LICENSE": "text\n",
    "README.md": "see https://example.com/ho" "me/x and DATA/ro" "ot/y\n",
    "deploy/run": "mktemp -d ./x.XXXX" "XX\n",
    "package-lock.json": '{"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x"}}}\n',
    "tests/fixtures/broken.txt": "no newline",
}
FAULTS = {
    "unfinished work": {"core/b.cpp": "// TO" "DO: later\n"},
    "fix me": {"deploy/x.sh": "# FIX" "ME\n"},
    "machine path": {"deploy/x.conf": "root /ho" "me/me/www;\n"},
    "workplace path": {"README.md": "see ../sha" "red/x\n"},
    "mirror": {"package-lock.json": '{"packages": {"a": {"resolved": "https://x", "integrity": "y"}}}\n'},
    "install script": {"package-lock.json": '{"packages": {"a": {"hasInstallScript": true, "integrity": "y"}}}\n'},
    "long file": {"core/a.cpp": "int a;\n" * (LINES_MAX + 1)},
    "no newline": {"core/b.cpp": "int a;"},
    "white space": {"core/b.cpp": "int a; \n"},
    "top entry": {"notes.txt": "x\n"},
    "private key": {"tests/x.pem": "-----BEGIN PRIV" "ATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqG\n"},
    "private key file": {"certs/ca.key": "x\n"},
    "database": {"server/nguon.db": "x"},
    "object file in a build folder": {"server/build/a.txt": "x\n"},
    "crash of a fuzzer": {"tests/fuzz/corpus/gs1/crash-1f3a": "x"},
    "large corpus": {f"tests/fuzz/corpus/gs1/{n}": "x" * 100_000 for n in range(4)},
    "mirror in a script": {"deploy/x.sh": "curl https://deb.deb" "ian.org/debian\n"},
    "registry": {".npmrc": "registry" "=https://x\n"},
    "address with a password": {"deploy/x.conf": "postgres://nguon:sec" "ret@db/nguon\n"},
    "own key": {"tests/x.py": "KEY = 'ng" "k_" + "aB3_" * 10 + "aB3'\n"},
    "web token": {"tests/x.py": "eyJhbGciOiJI" "UzI1.eyJzdWIiOiIx" "MjM0\n"},
    "too big": {"server/web/static/a.webp": "x" * (BYTES_MAX + 1)},
}

if __name__ == "__main__":
    lint.run(check, FAULTS, SOUND)
