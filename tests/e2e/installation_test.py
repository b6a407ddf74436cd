#!/usr/bin/python3
"""An installation from outside: commands beside a running server, settings, ports, draining, refused messages."""

import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402
import records  # noqa: E402

PASSWORD = "một mật khẩu đủ dài 42"
ANSWER_SECONDS = 15


class Raw:
    """A connection on which every byte is ours."""

    def __init__(self, port, seconds=ANSWER_SECONDS):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)

    def __del__(self):
        self.socket.close()

    def send(self, content):
        try:
            self.socket.sendall(content)
        except OSError:
            pass  # refused before it was sent whole; the answer tells

    def read_all(self):
        """What comes until the other side closes; a side that does not close is a fault."""
        found = b""
        while True:
            try:
                part = self.socket.recv(65536)
            except ConnectionResetError:
                return found
            if not part:
                return found
            found += part


class Commands(unittest.TestCase):
    def test_users_and_keys_are_added_to_a_stopped_and_to_a_served_installation(self):
        with nguon.Installation(target=False) as installation:
            self.add_both(installation, "stopped")
            installation.start_server(30)
            self.assertTrue((installation.data / "control.sock").is_socket())
            self.assertEqual((installation.data / "control.sock").stat().st_mode & 0o777, 0o600)
            self.add_both(installation, "served")
            key = installation.add_key("province-auditor")
            sync = installation.client(key).expect(200, "GET", "/api/v1/province/sync")
            self.assertEqual(sync["targets"], [])
            self.assertEqual(installation.server.stop(), 0)

    def add_both(self, installation, name):
        said = installation.run("user", "add", "--login", f"can-bo-{name}", "--role", "province-operator",
                                text=PASSWORD + "\n")
        self.assertEqual(json.loads(said.stdout)["login"], f"can-bo-{name}")
        more = installation.run("user", "grant", "--login", f"can-bo-{name}", "--role", "department-officer")
        self.assertEqual(json.loads(more.stdout)["person"], json.loads(said.stdout)["person"])
        for wrong in (["--login", "khong-co", "--role", "province-auditor"],
                      ["--login", f"can-bo-{name}", "--role", "province-auditor"],
                      ["--login", f"can-bo-{name}", "--role", "enterprise-owner"],
                      ["--login", f"can-bo-{name}", "--role", "enterprise-owner", "--organization", "x"]):
            nguon.one_sentence(self, installation.run("user", "grant", *wrong, status=1).stderr)
        again = installation.run("user", "add", "--login", f"can-bo-{name}", "--role", "province-operator",
                                 text=PASSWORD + "\n", status=1)
        nguon.one_sentence(self, again.stderr)
        weak = installation.run("user", "add", "--login", "yeu", "--role", "province-operator", text="123\n", status=1)
        self.assertTrue(weak.stderr)
        self.assertRegex(installation.add_key("province-operator"), r"^\S{20,}$")
        for wrong in (["--role", "king"], ["--role", "enterprise-owner"]):
            nguon.one_sentence(self, installation.run("key", "add", *wrong, status=1).stderr)

    def test_one_directory_is_served_once(self):
        with nguon.Installation(target=False) as installation:
            installation.start_server(30)
            second = nguon.run("serve", "--data", installation.data, "--http", f"127.0.0.1:{nguon.free_port()}",
                               status=1)
            nguon.one_sentence(self, second.stderr)
            nguon.one_sentence(self, installation.run("seed", status=1).stderr)
            self.assertTrue(installation.is_ready())

    def test_a_taken_port_is_told_in_one_sentence(self):
        with nguon.Installation(target=False) as installation, socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            said = nguon.run("serve", "--data", installation.data, "--http", address, status=1).stderr
            nguon.one_sentence(self, said)
            self.assertIn(address, said)

    def test_faulty_settings_are_all_told_at_once_and_nothing_starts(self):
        text = '[serve]\npublic_url = "ftp://x"\n[fly]\nhigh = 1\n[database]\nreaders = 0\n'
        with nguon.Installation(settings=text, target=False) as installation:
            said = nguon.run("serve", "--data", installation.data, status=1).stderr
            for name in ("public_url", "fly", "readers"):
                self.assertIn(name, said)
            self.assertFalse((installation.data / "nguon.db").exists())

    def test_a_bad_public_url_is_refused_on_the_command_line_too(self):
        with nguon.Installation(target=False) as installation:
            for url in ("nguon.example.vn", "ftp://nguon.example.vn", "http://", "http://a b/", "http://x/?a=b"):
                with self.subTest(url=url):
                    server = nguon.Process([nguon.PROGRAM, "serve", "--data", str(installation.data), "--http",
                                            f"127.0.0.1:{installation.http_port}", "--public-url", url],
                                           installation.log)
                    try:
                        status = server.child.wait(10)
                    except subprocess.TimeoutExpired:
                        server.kill()
                        self.fail(f"serves with --public-url {url}")
                    self.assertIn(status, (1, 2))

    def test_an_unknown_variable_of_ours_is_a_fault(self):
        with nguon.Installation(target=False) as installation:
            done = subprocess.run([nguon.PROGRAM, "doctor", "--data", installation.data], capture_output=True,
                                  text=True, env={**nguon.clean_environment(), "NGUON_SERVE_HTPT": "x"}, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("NGUON_SERVE_HTPT", done.stderr)


class Served(unittest.TestCase):
    """Looks at one installation that is being served."""

    @classmethod
    def setUpClass(cls):
        cls.installation = nguon.Installation(target=False, settings="[limits]\ndrain_time = 5\n")
        cls.addClassCleanup(cls.installation.__exit__, None, None, None)
        first = cls.installation.start_server(30)
        cls.installation.server.stop()
        again = cls.installation.start_server()
        status = pathlib.Path(f"/proc/{cls.installation.server.pid}/status").read_text(encoding="utf-8")
        kilobytes = int(re.search(r"VmRSS:\s+(\d+)", status).group(1))
        print(f"ready after {again:.2f} s ({first:.2f} s when new), {kilobytes / 1024:.0f} MiB resident", flush=True)

    def test_every_message_of_the_corpus_is_refused_and_the_connection_closed(self):
        corpus = os.environ.get("TESTS_FRAMING_CORPUS")
        self.assertTrue(corpus, "TESTS_FRAMING_CORPUS names no program; run this through ctest")
        messages = subprocess.run([corpus], capture_output=True, text=True, check=True).stdout.splitlines()
        self.assertGreater(len(messages), 60)
        for line in messages:
            message = json.loads(line)
            with self.subTest(message=message["name"]):
                connection = Raw(self.installation.http_port)
                # The corpus is written for a server that has /echo; ours takes forms at /check.
                connection.send(bytes.fromhex(message["hex"]).replace(b" /echo ", b" /check "))
                answer = connection.read_all()
                heads = re.findall(rb"HTTP/1\.1 (\d\d\d)", answer)
                self.assertLessEqual(len(heads), 1, "more than one answer: somebody smuggled a request")
                if heads:
                    self.assertEqual(int(heads[0]), message["status"])
                    self.assertIn(b"connection: close", answer.lower())
                else:
                    self.assertGreater(len(message["hex"]), 2 * 64 * 1024, "closed without an answer")
        self.assertTrue(self.installation.is_ready())

    def test_metrics_need_a_key_of_the_province(self):
        client = self.installation.client()
        self.assertEqual(client.ask("GET", "/metrics").status, 401)
        with_key = self.installation.client(self.installation.add_key("province-security"))
        answer = with_key.ask("GET", "/metrics")
        self.assertEqual(answer.status, 200)
        self.assertIn(b"# TYPE", answer.body)
        wrong = self.installation.client("nobody-gave-me-this-key")
        self.assertEqual(wrong.ask("GET", "/metrics").status, 401)

    def test_health_needs_nothing_and_unknown_pages_are_honest(self):
        client = self.installation.client()
        self.assertEqual(client.ask("GET", "/healthz").status, 200)
        self.assertEqual(client.ask("GET", "/readyz").status, 200)
        self.assertEqual(client.ask("GET", "/no/such/page").status, 404)
        self.assertEqual(client.ask("GET", "/01/08938500000010/10/NONE").status, 404)

    def test_faults_of_the_api_are_problems_in_vietnamese(self):
        client = self.installation.client(self.installation.add_key("province-operator"))
        answer = client.ask("POST", "/api/v1/organizations", {"kind": "cooperative", "name": "", "tax_code": "1"})
        self.assertEqual(answer.status, 422 if answer.status == 422 else 400)
        self.assertTrue(answer.headers["Content-Type"].startswith("application/problem+json"))
        problem = answer.json()
        self.assertTrue(problem["type"] and problem["title"] and problem["detail"])


class Draining(unittest.TestCase):
    def test_an_open_request_is_finished_and_readiness_turns_first(self):
        with nguon.Installation(target=False) as installation:
            installation.start_server(30)
            operator = installation.add_key("province-operator")
            body = json.dumps({"kind": "cooperative", "name": "Hợp tác xã chậm", "tax_code": records.tax_code(7),
                               "address_line": "Bản 7", "commune_code": records.COMMUNE}).encode()
            slow = Raw(installation.http_port)
            slow.send(b"POST /api/v1/organizations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                      + f"Authorization: Bearer {operator}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:20])
            asking = Raw(installation.http_port)
            asking.send(b"GET /readyz HTTP/1.1\r\nHost: a\r\n")
            time.sleep(0.2)  # both have been begun

            installation.server.terminate()
            nguon.until("the listener to close", lambda: not accepts(installation.http_port), 5)
            asking.send(b"\r\n")
            self.assertTrue(asking.read_all().startswith(b"HTTP/1.1 503"))
            slow.send(body[20:])
            self.assertTrue(slow.read_all().startswith(b"HTTP/1.1 201"))
            self.assertEqual(installation.server.stop(), 0)

            installation.start_server()
            found = installation.client(operator).expect(200, "GET", "/api/v1/organizations")
            self.assertEqual([item["name"] for item in found["items"]], ["Hợp tác xã chậm"])

    def test_a_request_that_never_ends_is_cut_off(self):
        with nguon.Installation(target=False, settings="[limits]\ndrain_time = 1\n") as installation:
            installation.start_server(30)
            slow = Raw(installation.http_port)
            slow.send(b"POST /check HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n"
                      b"Content-Type: application/x-www-form-urlencoded\r\n\r\na=")
            time.sleep(0.2)
            begun = time.monotonic()
            self.assertEqual(installation.server.stop(), 0)
            self.assertLess(time.monotonic() - begun, 8)


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except (OSError, http.client.HTTPException):
        return False


if __name__ == "__main__":
    unittest.main()
