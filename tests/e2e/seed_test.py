#!/usr/bin/python3
"""`nguon seed`: the first administrator with the province's own organization, and an address that is checked."""

import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402

SEED_SECONDS = 120


class Seed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="nguon-seed-")
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name) / "data"
        password = pathlib.Path(folder.name) / "password"
        password.write_text("Nui-Cao-7-tang!\n", encoding="utf-8")
        os.chmod(password, 0o600)
        self.environment = {"NGUON_ADMIN_LOGIN": "quan.tri", "NGUON_ADMIN_PASSWORD_FILE": str(password)}

    def seed(self, *arguments):
        return subprocess.run([nguon.PROGRAM, "seed", "--data", self.data, *arguments], capture_output=True, text=True,
                              encoding="utf-8", check=False, timeout=SEED_SECONDS,
                              env={**nguon.clean_environment(), **self.environment})

    def authority(self):
        with sqlite3.connect(self.data / "nguon.db") as database:
            return database.execute("SELECT name, status FROM organization WHERE kind = 'authority'").fetchall()

    def test_an_empty_installation_has_its_authority(self):
        done = self.seed("--no-demo")
        self.assertEqual(done.returncode, 0, done.stderr)
        name = "Sở Khoa học và Công nghệ tỉnh Lai Châu"
        self.assertEqual(json.loads(done.stdout), {"administrator": "quan.tri", "authority": name, "organizations": 1})
        self.assertEqual(self.authority(), [(name, "approved")])

    def test_the_authority_can_be_named(self):
        done = self.seed("--no-demo", "--authority", "Sở Công Thương tỉnh Lai Châu")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.authority(), [("Sở Công Thương tỉnh Lai Châu", "approved")])

    def test_an_address_that_is_none_is_refused_before_anything_is_written(self):
        for url in ("ftp://x", "truyxuat.example", "http://"):
            with self.subTest(url=url):
                done = self.seed("--public-url", url)
                self.assertEqual(done.returncode, 1, done.stdout)
                nguon.one_sentence(self, done.stderr)
                self.assertIn("--public-url", done.stderr)
                self.assertFalse((self.data / "nguon.db").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
