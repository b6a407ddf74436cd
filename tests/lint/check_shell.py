#!/usr/bin/python3
"""Every shell script is understood by bash and clean under shellcheck."""

import shutil
import subprocess

import lint


def scripts(root):
    for file in lint.files(root):
        with file.open("rb") as content:
            first = content.readline(80)
        if first.startswith((b"#!/bin/bash", b"#!/bin/sh", b"# shellcheck shell=bash")):
            yield file


def check(root):
    if not shutil.which("shellcheck"):
        yield "shellcheck is missing; install it with deploy/install_packages.sh test"
        return
    for file in scripts(root):
        for command in (["bash", "-n"], ["shellcheck", "--external-sources", "--format=gcc"]):
            told = subprocess.run([*command, str(file)], cwd=root, capture_output=True, text=True, check=False)
            if told.returncode:
                yield from (line.removeprefix(f"{root}/") for line in (told.stdout + told.stderr).splitlines())
        if file.read_bytes().startswith(b"#!") and file.stat().st_mode & 0o111 == 0:
            yield f"{file.relative_to(root).as_posix()}: is not executable"


SOUND = {"deploy/run": '#!/bin/bash\necho "$1"\n', "README.md": "if [\n"}
FAULTS = {
    "syntax": {"deploy/run": "#!/bin/bash\nif true; then\n"},
    "unquoted": {"tests/run": "#!/bin/bash\nrm $1\n"},
    "common file": {"deploy/common.sh": "# shellcheck shell=bash\nrm $1\n"},
}

if __name__ == "__main__":
    lint.run(check, FAULTS, SOUND)
