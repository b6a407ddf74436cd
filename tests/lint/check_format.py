#!/usr/bin/python3
"""Every C++ file has the form that clang-format gives it."""

import shutil
import subprocess

import lint

STYLE = (lint.pathlib.Path(__file__).resolve().parents[2] / ".clang-format").read_text(encoding="utf-8")


def check(root):
    if not shutil.which("clang-format"):
        yield "clang-format is missing; install it with deploy/install_packages.sh test"
        return
    paths = [str(file) for file in lint.code_files(root)]
    if paths:
        told = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths], capture_output=True, text=True, check=False)
        wrong = {}
        for line in told.stderr.splitlines():
            if "error:" in line:
                wrong.setdefault(line.split(":")[0].removeprefix(f"{root}/"), line.split(":")[1])
        for path, number in wrong.items():
            yield f"{path}:{number}: differs from clang-format; run clang-format -i {path}"
        if told.returncode and "error:" not in told.stderr:
            yield told.stderr.strip()


SOUND = {".clang-format": STYLE, "core/a.cpp": "int a() { return 1; }\n"}
FAULTS = {
    "indent": {"core/a.cpp": "int a()  { return 1; }\n"},
    "east const": {"tests/core/a_test.cpp": "const int& a();\n"},
}

if __name__ == "__main__":
    lint.run(check, FAULTS, SOUND)
