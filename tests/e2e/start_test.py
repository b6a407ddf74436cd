#!/usr/bin/python3
"""What keeps an installation from starting is told in one sentence, in Vietnamese and English, that says what to do."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402

SCRIPT_SECONDS = 60
NOBODY = "nobody"
PRIVILEGED_PORT = 81


def as_nobody(test, *command):
    """The command for a user who is not root; tests that run as somebody else already need no change of user."""
    if os.geteuid() != 0:
        return list(map(str, command))
    wrapped = ["runuser", "-u", NOBODY, "--"]
    if subprocess.run([*wrapped, "test", "-x", command[0]], check=False, capture_output=True).returncode:
        test.skipTest(f"{NOBODY} may not run {command[0]}")
    return [*wrapped, *map(str, command)]


def folder_of_nobody(mode=0o700):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nguon-nobody-"))
    if os.geteuid() == 0:
        shutil.chown(folder, NOBODY)
    folder.chmod(mode)
    return folder


def run(command, **more):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, encoding="utf-8", check=False,
                          timeout=SCRIPT_SECONDS, stdin=subprocess.DEVNULL,
                          env={**nguon.clean_environment(), **more})


class Program(unittest.TestCase):
    """`nguon serve` and `nguon doctor`."""

    def refused(self, command, *words):
        done = run(command)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        nguon.one_sentence(self, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def serve(self, data, port=0):
        return [nguon.PROGRAM, "serve", "--data", data, "--http", f"127.0.0.1:{port}"]

    def test_a_port_below_1024_needs_root(self):
        first = int(pathlib.Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text(encoding="ascii"))
        if first <= PRIVILEGED_PORT:
            self.skipTest(f"everybody may open port {PRIVILEGED_PORT} here")
        data = folder_of_nobody()
        self.addCleanup(shutil.rmtree, data)
        self.refused(as_nobody(self, *self.serve(data, PRIVILEGED_PORT)), f"127.0.0.1:{PRIVILEGED_PORT}", "root")

    def test_a_data_folder_that_is_not_ours_or_cannot_be_written(self):
        protected = folder_of_nobody(0o500)
        self.addCleanup(shutil.rmtree, protected)
        foreign = ["/usr/share"] if os.geteuid() == 0 else []
        for data in (protected, protected / "below", *foreign):
            with self.subTest(data=data):
                self.refused(as_nobody(self, *self.serve(data)), "--data", "quyền")

    def test_a_data_folder_whose_path_is_too_long(self):
        folder = folder_of_nobody()
        self.addCleanup(shutil.rmtree, folder)
        self.refused(self.serve(folder / ("a" * 100)), "107", "ngắn hơn")

    def test_a_database_file_that_cannot_be_written(self):
        data = folder_of_nobody()
        self.addCleanup(shutil.rmtree, data)
        (data / "nguon.db").write_bytes(b"")
        (data / "nguon.db").chmod(0o400)
        self.refused(as_nobody(self, *self.serve(data)), "--data", "quyền")

    def test_a_disk_without_room(self):
        with nguon.SmallDisk(1) as disk:
            disk.fill()
            self.refused(self.serve(disk.path / "data"), "Ổ đĩa", "disk is full")

    def test_a_folder_without_an_installation(self):
        with tempfile.TemporaryDirectory() as folder:
            self.refused([nguon.PROGRAM, "backup", "--data", folder, "-o", f"{folder}/b"], folder, "nguon seed")
            self.assertEqual(list(pathlib.Path(folder).iterdir()), [])

    def faults(self, command):
        """{what: advice} of the faults that doctor finds."""
        done = run([*command, "--json"])
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {line["what"]: line["advice"] for line in lines if not line["ok"]}

    def test_doctor_says_what_to_do_about_each_fault(self):
        with socket.socket() as taken, nguon.SmallDisk(4) as disk:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            data = disk.path / "data"
            data.mkdir(mode=0o700)
            (data / "nguon.toml").write_text(f'[serve]\nhttp = ["{address}"]\n', encoding="utf-8")
            disk.fill()
            doctor = [nguon.PROGRAM, "doctor", "--data", data]
            found = self.faults(doctor)
            self.assertEqual(found.keys(), {"disk", "address", "database"})
            self.assertIn("sắp đầy", found["disk"]["vi"])
            self.assertIn(address, found["address"]["vi"])
            self.assertIn("nguon seed", found["database"]["vi"])
            for advice in found.values():
                self.assertNotEqual(advice["vi"], advice["en"])
            text = run(doctor).stdout
            self.assertIn(found["address"]["vi"], text)
            self.assertIn(found["address"]["en"], text)

    def test_doctor_sees_a_folder_that_cannot_be_written(self):
        data = folder_of_nobody(0o500)
        self.addCleanup(shutil.rmtree, data)
        found = self.faults(as_nobody(self, nguon.PROGRAM, "doctor", "--data", data))
        self.assertIn(str(data), found["data directory"]["vi"])

    def test_doctor_is_content_with_a_served_installation(self):
        with nguon.Installation(target=False) as installation:
            http = f'[serve]\nhttp = ["127.0.0.1:{installation.http_port}"]\n'
            installation.config.write_text(http, encoding="utf-8")
            installation.start_server(30)
            said = [json.loads(line) for line in installation.run("doctor", "--json").stdout.splitlines()]
            self.assertTrue(all(line["ok"] for line in said), said)
            installation.server.stop()
            self.assertIn("is free", installation.run("doctor").stdout)


class Scripts(unittest.TestCase):
    """deploy/run and what it calls, in a copy that nobody else uses."""

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="nguon-scripts-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.root.chmod(0o755)
        shutil.copytree(nguon.ROOT / "deploy", self.root / "deploy", ignore=shutil.ignore_patterns("screens"))
        self.data = self.root / "data"

    def refused(self, command, *words, **more):
        done = run(command, **more)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 2, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        return done

    def start(self, *options):
        ports = [text for name in ("http", "https", "portal") for text in (f"--{name}-port", nguon.free_port())]
        return [self.root / "deploy/run", "--data", self.data, *ports, *options]

    def test_a_taken_port_is_told_before_anything_is_built(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            for option in ("--http-port", "--https-port", "--portal-port"):
                with self.subTest(option=option):
                    self.refused(self.start(option, port), f"Cổng {port} đang có", option)
        self.assertFalse(self.data.exists())
        self.assertFalse((self.root / "build").exists())

    def test_a_port_below_1024_needs_root(self):
        least = int(pathlib.Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text(encoding="ascii"))
        if least <= PRIVILEGED_PORT:
            self.skipTest(f"everybody may open port {PRIVILEGED_PORT} here")
        self.refused(as_nobody(self, *self.start("--http-port", PRIVILEGED_PORT)), "quyền root", "--http-port")

    def test_a_data_folder_that_cannot_be_written(self):
        self.data.mkdir()
        self.data.chmod(0o555)
        self.refused(as_nobody(self, *self.start()), str(self.data), "--data")

    def test_a_disk_without_room(self):
        with nguon.SmallDisk(10) as disk:
            self.refused(self.start("--data", disk.path / "data"), "Ổ đĩa sắp đầy", str(disk.path))

    def lacking_packages(self, source):
        """An environment in which nothing is installed and packages come from `source`; the system's own lists of
        packages stay untouched."""
        folder = self.root / "apt"
        for part in ("state/lists/partial", "cache/archives/partial", "empty"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "sources.list").write_text(f"deb [trusted=yes] {source} bookworm main\n", encoding="ascii")
        settings = {"Dir::State": folder / "state", "Dir::Cache": folder / "cache", "Dir::Etc::sourceparts": "-",
                    "Dir::Etc::sourcelist": folder / "sources.list", "Acquire::Retries": "0", "APT::Sandbox::User": "root",
                    "Acquire::http::Proxy": "DIRECT", "Acquire::http::Timeout": "5"}
        (folder / "apt.conf").write_text("".join(f'{name} "{value}";\n' for name, value in settings.items()),
                                         encoding="utf-8")
        return {"APT_CONFIG": str(folder / "apt.conf"), "DPKG_ADMINDIR": str(folder / "empty")}

    def test_packages_that_cannot_be_fetched(self):
        if os.geteuid() != 0:
            self.skipTest("installing packages needs root")
        install = [self.root / "deploy/install_packages.sh", "run"]
        refusing = self.lacking_packages(f"http://127.0.0.1:{nguon.free_port()}/debian")
        self.refused(install, "máy không ra được mạng", "proxy", **refusing)
        without_network = ["unshare", "--net", *install]
        if subprocess.run(["unshare", "--net", "true"], check=False, capture_output=True).returncode == 0:
            self.refused(without_network, "máy không ra được mạng", **self.lacking_packages("http://debian.invalid/debian"))
        self.assertTrue((self.root / "build/install.log").read_text(encoding="utf-8"))

    def test_packages_are_installed_by_root_only(self):
        # A PATH with all that the script needs, and without sudo.
        tools = self.root / "bin"
        tools.mkdir()
        for name in ("bash", "apt-get", "dpkg-query", "sed", "tr", "id", "dirname", "env", "mkdir"):
            (tools / name).symlink_to(shutil.which(name))
        lacking = self.lacking_packages("http://127.0.0.1:9/debian")
        install = as_nobody(self, tools / "env", f"PATH={tools}", self.root / "deploy/install_packages.sh", "run")
        self.refused(install, "quyền root", "sudo", **lacking)

    def test_browser_parts_that_cannot_be_fetched(self):
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(nguon.ROOT / name, self.root)
        fetch = 'root=$1; . "$1/deploy/common.sh"; fetch_npm'
        nowhere = f"http://127.0.0.1:{nguon.free_port()}/"
        npm = {"registry": nowhere, "fetch_retries": "0", "cache": str(self.root / "cache"), "proxy": "",
               "https_proxy": "", "replace_registry_host": "always"}
        without_proxy = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "")
        done = run(["bash", "-c", fetch, "fetch", self.root], **without_proxy,
                   **{f"npm_config_{name}": value for name, value in npm.items()})
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("kiểm tra kết nối mạng", done.stderr)
        self.assertIn("check the network", done.stderr)


if __name__ == "__main__":
    unittest.main()
