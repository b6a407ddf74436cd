"""The real program for tests in Python: installations in temporary folders, processes by pid, a small HTTP client."""

import csv
import errno
import http.client
import io
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TESTS_PROGRAM", str(ROOT / "build/release/nguon"))
READY_SECONDS_MAX = 5.0
STOP_SECONDS_MAX = 20.0


def clean_environment():
    """Settings of whoever runs the tests stay outside: the program takes unknown NGUON_* variables for faults."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NGUON_")}


def free_port():
    """One that was free a moment ago, below those that the system gives to connections of others meanwhile."""
    while True:
        port = random.randrange(16_000, 32_000)
        with socket.socket() as taken:
            try:
                taken.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def run(*arguments, text="", status=0, seconds=120):
    """Runs `nguon ARGUMENTS` to its end; another exit status than `status` (None: any) fails, with what it said."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], input=text, capture_output=True, text=True, encoding="utf-8",
        env=clean_environment(), timeout=seconds, check=False,
    )
    assert status in (None, done.returncode), f"nguon {' '.join(map(str, arguments))} ended with {done.returncode}: " \
                                      f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done


def one_sentence(test, stderr):
    """Vietnamese, English, at most details behind; no key of ours."""
    lines = stderr.splitlines()
    test.assertGreaterEqual(len(lines), 2, stderr)
    test.assertTrue(lines[0].startswith("nguon: ") and lines[1].startswith("nguon: "), stderr)
    test.assertNotEqual(lines[0], lines[1])
    for line in lines[:2]:
        test.assertNotRegex(line, r"^nguon: [a-z_]+(\.[a-z_]+)+$")


class SmallDisk:
    """A disk of its own in memory, which can be filled to the last byte; skips the test where nobody may mount one."""

    def __init__(self, megabytes):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="nguon-disk-"))
        self.filler = self.path / "filler"
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", self.path],
                                 capture_output=True, text=True, check=False)
        if mounted.returncode:
            self.path.rmdir()
            raise unittest.SkipTest(f"a small disk needs root and mount: {mounted.stderr.strip()}")

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        subprocess.run(["umount", "--lazy", self.path], check=False)
        self.path.rmdir()

    def fill(self):
        with open(self.filler, "ab", buffering=0) as file:
            for size in (1024 * 1024, 4096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError as error:
                    assert error.errno == errno.ENOSPC, error

    def free(self):
        self.filler.unlink()


def until(what, attempt, seconds=30):
    """Tries `attempt` until it gives something true; returns that."""
    end = time.monotonic() + seconds
    while not (found := attempt()):
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.01)
    return found


class Process:
    """One started program, stopped by its pid."""

    def __init__(self, arguments, log):
        with open(log, "ab") as output:
            self.child = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=clean_environment()
            )

    @property
    def pid(self):
        return self.child.pid

    def is_running(self):
        return self.child.poll() is None

    def children(self):
        """Pids of the processes it has started."""
        found = []
        for task in pathlib.Path(f"/proc/{self.pid}/task").glob("*/children"):
            try:
                found += [int(pid) for pid in task.read_text().split()]
            except OSError:
                pass
        return found

    def kill(self):
        """As a power cut would, as far as processes go."""
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()

    def terminate(self):
        if self.is_running():
            self.child.send_signal(signal.SIGTERM)

    def stop(self):
        """SIGTERM; the exit status. A process that does not end is killed and fails the test."""
        self.terminate()
        try:
            return self.child.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"process {self.pid} did not stop within {STOP_SECONDS_MAX} s") from None


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)


class Client:
    """One connection, kept alive, never repeating a request by itself."""

    def __init__(self, port, key=None, seconds=30):
        self.key = key
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)

    def ask(self, method, path, body=None, headers=None):
        """Raises OSError or http.client.HTTPException when no whole answer came."""
        fields = dict(headers or {})
        if self.key:
            fields["Authorization"] = f"Bearer {self.key}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
            fields.setdefault("Content-Type", "application/json")
        try:
            self.connection.request(method, path, body, fields)
            answer = self.connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise

    def expect(self, status, method, path, body=None, headers=None):
        answer = self.ask(method, path, body, headers)
        assert answer.status == status, f"{method} {path}: {answer.status} {answer.body[:2000].decode()}"
        return answer.json() if answer.body else None

    def close(self):
        self.connection.close()

    def __del__(self):
        self.close()


class Installation:
    """A data directory with certificates and settings, served on free ports. Use it with `with`."""

    def __init__(self, database="", settings="", target=True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nguon-test-"))
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        self.certs = self.folder / "certs"
        self.config = self.data / "nguon.toml"
        self.log = self.folder / "serve.log"
        self.database = database
        self.http_port = free_port()
        self.portal_port = free_port()
        self.server = None
        self.portal = None
        subprocess.run([ROOT / "certs/make_dev_certs.sh", self.certs], check=True, capture_output=True)
        self.config.write_text(settings + (self.target_settings() if target else ""), encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for process in (self.server, self.portal):
            if process and process.is_running():
                process.kill()
        if kind and self.log.exists():
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
            told = [line for line in lines if '"level":"info"' not in line]
            print("\n".join(["---- what the server said", *told[-20:]]))
        shutil.rmtree(self.folder, ignore_errors=True)

    def target_settings(self):
        lines = ["[[target]]", 'name = "practice"', f'url = "https://127.0.0.1:{self.portal_port}"']
        for name, file in (("certificate", "connector.pem"), ("key", "connector.key"), ("authority", "ca.pem"),
                           ("receipt_key", "receipt.pub")):
            lines.append(f'{name} = "{self.certs / file}"')
        return "\n".join(lines) + "\n"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.http_port}"

    def options(self):
        return ["--data", self.data, *(["--database", self.database] if self.database else [])]

    def run(self, *command, **more):
        """A command on this installation: run("key", "add", "--role", …)."""
        return run(*command, *self.options(), **more)

    def serve_command(self):
        return list(map(str, [PROGRAM, "serve", *self.options(), "--http", f"127.0.0.1:{self.http_port}",
                              "--public-url", self.url]))

    def start_server(self, seconds=READY_SECONDS_MAX):
        """Returns the seconds until it was ready."""
        begun = time.monotonic()
        self.server = Process(self.serve_command(), self.log)

        def ready():
            assert self.server.is_running(), f"nguon serve ended: {self.log.read_text(encoding='utf-8')[-2000:]}"
            return self.is_ready()

        until("the server to be ready", ready, seconds)
        return time.monotonic() - begun

    def is_ready(self):
        try:
            return self.client(seconds=1).ask("GET", "/readyz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def start_portal(self, *options):
        command = [PROGRAM, "portal", "--data", self.folder / "portal", "--certs", self.certs, "--listen",
                   f"127.0.0.1:{self.portal_port}", *options]
        log = self.folder / "portal.log"
        self.portal = Process(list(map(str, command)), log)

        def listens():
            assert self.portal.is_running(), f"nguon portal ended: {log.read_text(encoding='utf-8')[-1000:]}"
            try:
                socket.create_connection(("127.0.0.1", self.portal_port), timeout=1).close()
            except OSError:
                return False
            return True

        until("the portal to listen", listens)

    def client(self, key=None, seconds=30):
        return Client(self.http_port, key, seconds)

    def add_key(self, role, organization=""):
        more = ["--organization", organization] if organization else []
        return json.loads(self.run("key", "add", "--role", role, *more).stdout)["key"]

    def portal_ledger(self):
        """What the portal says it holds, asked over mutual TLS."""
        context = ssl.create_default_context(cafile=self.certs / "ca.pem")
        context.load_cert_chain(self.certs / "connector.pem", self.certs / "connector.key")
        connection = http.client.HTTPSConnection("127.0.0.1", self.portal_port, timeout=30, context=context)

        def ask():
            try:
                connection.request("GET", "/ledger")
                return json.loads(connection.getresponse().read())
            except OSError:
                connection.close()
                return None

        ledger = until("the portal's ledger", ask)
        connection.close()
        return ledger

    def rows(self, sql):
        """Rows of the store, as lists of texts; only while nobody serves SQLite."""
        if self.database:
            return postgres_rows(self.database, sql)
        with sqlite3.connect(f"file:{self.data / 'nguon.db'}?mode=ro", uri=True) as connection:
            return [["" if value is None else str(value) for value in row] for row in connection.execute(sql)]


def postgres_rows(url, sql):
    done = subprocess.run(
        ["psql", "--no-psqlrc", "--csv", "--tuples-only", "--set", "ON_ERROR_STOP=1", "--command", sql, url],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(csv.reader(io.StringIO(done.stdout)))


class PostgresDatabase:
    """An empty database in the cluster that tests/support/with_postgres.sh has started."""

    def __init__(self):
        cluster = os.environ.get("NGUON_TEST_POSTGRES", "")
        assert cluster, "NGUON_TEST_POSTGRES is not set: start this through tests/support/with_postgres.sh"
        self.cluster = cluster
        self.name = f"test_{os.getpid()}_{time.monotonic_ns() % 1_000_000}"
        postgres_rows(cluster, f"CREATE DATABASE {self.name}")
        self.url = urllib.parse.urlsplit(cluster)._replace(path="/" + self.name).geturl()

    def __enter__(self):
        return self.url

    def __exit__(self, kind, error, trace):
        postgres_rows(self.cluster, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
