#!/usr/bin/python3
"""A portal is connected in the browser while the connector runs as a process of its own, on another machine's directory."""

import pathlib
import re
import subprocess
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402

PASSWORD = "Ket-Noi-Cong-2026!"
URL = "/province/sync/connect/quoc-gia"


class Administrator:
    """A browser without scripts, signed in."""

    def __init__(self, installation):
        installation.run("user", "add", "--login", "quan.tri", "--role", "province-operator", text=PASSWORD + "\n")
        self.client = installation.client()
        self.cookies = {}
        self.send("/console/sign-in", {"login": "quan.tri", "password": PASSWORD})

    def ask(self, method, path, body=None, headers=None):
        fields = {"Accept": "text/html", **(headers or {})}
        if self.cookies:
            fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.client.ask(method, path, body, fields)
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def page(self, path):
        return self.ask("GET", path).body.decode()

    def send(self, path, fields, files=None):
        token = re.search(r'name="csrf" value="([^"]*)"', self.page(path)).group(1)
        fields = {**fields, "csrf": token}
        if files is None:
            body = urllib.parse.urlencode(fields).encode()
            kind = "application/x-www-form-urlencoded"
        else:
            parts = [f'name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
            parts += [f'name="{name}"; filename="f.pem"\r\n\r\n{file.read_text()}' for name, file in files.items()]
            body = "".join(f"--z\r\nContent-Disposition: form-data; {part}\r\n" for part in parts).encode() + b"--z--\r\n"
            kind = "multipart/form-data; boundary=z"
        answer = self.ask("POST", path, body, {"Content-Type": kind})
        assert answer.status == 303, f"{fields}: {answer.status} {answer.body.decode()}"

    def act(self, act, fields=None, files=None):
        self.send(URL, {"act": act, "password": PASSWORD, **(fields or {})}, files)


class SeparateConnector(unittest.TestCase):
    def test_a_connection_is_made_through_a_connector_that_runs_apart(self):
        with nguon.PostgresDatabase() as database, \
                nguon.Installation(database, "[connector]\nenabled = false\n", target=False) as installation:
            self.walk(installation)

    def prepare(self, installation, administrator):
        certs, folder = installation.certs, installation.folder
        administrator.send("/province/sync/connect", {
            "act": "create", "target": "quoc-gia", "adapter": "most",
            "url": f"https://127.0.0.1:{installation.portal_port}"})
        administrator.act("declare", {"number": "12/CB", "date": "2026-11-01", "standard": "TCVN 12850:2019"})
        administrator.act("settings", {"url": f"https://127.0.0.1:{installation.portal_port}"},
                          {"receipt_key": certs / "receipt.pub", "authority": certs / "ca.pem"})
        administrator.act("key", {"kind": "rsa-3072", "organization": "Sở"})
        (folder / "own.csr").write_text(administrator.page(URL + "/csr"))
        subprocess.run([nguon.ROOT / "certs/certify.sh", certs, folder / "own.csr", folder / "own.pem"], check=True)
        administrator.act("chain", {"slot": "current"}, {"file": folder / "own.pem"})

    def walk(self, installation):
        installation.start_portal()
        installation.start_server(30)
        self.assertEqual((installation.data / "sealing.key").stat().st_mode & 0o777, 0o600)
        program = installation.client(installation.add_key("province-operator"))
        administrator = Administrator(installation)
        self.prepare(installation, administrator)
        path = "/api/v1/province/connections/quoc-gia"

        def tried(kind):
            program.expect(202, "POST", path + "/checks", {"kind": kind})

            def newest():
                check = program.expect(200, "GET", path)["checks"][0]
                return check["state"] == "done" and check

            return nguon.until(kind, newest)

        # Its own directory, on another machine: without the key it says so, and makes none of its own.
        other = installation.folder / "other"
        other.mkdir()
        command = [nguon.PROGRAM, "sync", "--data", str(other), "--database", installation.database]
        connector = nguon.Process(command, installation.folder / "sync.log")
        try:
            refused = tried("handshake")
            self.assertFalse(refused["good"])
            self.assertEqual(refused["outcome"]["error"]["key"], "sealed.no_key")
            self.assertFalse((other / "sealing.key").exists())
            self.assertEqual(connector.stop(), 0)
            (other / "sealing.key").write_bytes((installation.data / "sealing.key").read_bytes())
            connector = nguon.Process(command, installation.folder / "sync.log")
            for kind in ("handshake", "sign_in", "catalogues", "dry_run"):
                check = tried(kind)
                self.assertTrue(check["good"], check)
            self.assertEqual(program.expect(200, "GET", "/api/v1/province/sync")["targets"], [], "no backlog, no alarm")
            administrator.act("review")
            administrator.act("live")

            def working():
                targets = program.expect(200, "GET", "/api/v1/province/sync")["targets"]
                return targets and targets[0]["state"] == "working"

            nguon.until("the portal to be served", working)
            self.assertEqual(connector.stop(), 0)
        finally:
            connector.stop()


if __name__ == "__main__":
    unittest.main()
