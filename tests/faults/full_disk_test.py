#!/usr/bin/python3
"""The disk fills up while serving: writes are refused with a sentence, nothing acknowledged is lost, and the service
goes on by itself when there is room again. SQLite only: PostgreSQL's disk is its own matter."""

import os
import pathlib
import shutil
import sys
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402
import records  # noqa: E402

DISK_MEGABYTES = 48
TRIES_MAX = 2000
START_SECONDS_MAX = 30


class FullDisk(unittest.TestCase):
    SETTINGS = ""
    REFUSALS = ("disk.full", "storage.full")

    def setUp(self):
        self.disk = self.enterContext(nguon.SmallDisk(DISK_MEGABYTES))
        self.installation = self.enterContext(nguon.Installation(settings=self.SETTINGS, target=False))
        # Records and the files of large bodies lie on the small disk.
        data = self.disk.path / "data"
        shutil.copytree(self.installation.data, data)
        data.chmod(0o700)
        self.installation.data = data
        self.enterContext(unittest.mock.patch.dict(os.environ, {"TMPDIR": str(self.disk.path)}))
        self.installation.start_server(START_SECONDS_MAX)
        self.firm = records.Firm(self.installation, self.installation.add_key("province-operator"))
        self.client = self.installation.client(self.firm.key)
        self.lots = {201: [], 503: []}

    def add_batch(self):
        """The status; the lot is noted under it."""
        lot = f"LO-{sum(map(len, self.lots.values()))}"
        answer = self.client.ask("POST", "/api/v1/batches", {
            "product_id": self.firm.product, "lot": lot, "quantity": "1", "unit": "kg"})
        self.assertIn(answer.status, self.lots, answer.body)
        self.lots[answer.status].append(lot)
        if answer.status == 503:
            self.assertIn("Ổ đĩa", answer.json()["detail"])
            self.assertIn(answer.json()["type"].rsplit(":", 1)[1], self.REFUSALS)
            self.assertTrue(answer.headers["Retry-After"])
        return answer.status

    def fill_until_refused(self):
        self.disk.fill()
        for _ in range(TRIES_MAX):
            if self.add_batch() == 503:
                return
            self.disk.fill()  # the log was emptied into the file meanwhile
        self.fail("the disk is full and everything is still stored")

    def check_records(self):
        """What was acknowledged is there, what was refused is not."""
        self.assertEqual(self.installation.server.stop(), 0)
        stored = {row[0] for row in self.installation.rows("SELECT lot FROM batch")}
        self.assertEqual(stored, set(self.lots[201]))
        self.assertEqual(self.installation.rows("PRAGMA integrity_check"), [["ok"]])

    def test_writes_are_refused_and_taken_again_when_there_is_room(self):
        for _ in range(20):
            self.assertEqual(self.add_batch(), 201)
        for _ in range(2):
            self.fill_until_refused()
            for _ in range(5):
                self.assertEqual(self.add_batch(), 503)
            lot = self.lots[201][0]
            reader = self.installation.client()
            self.assertEqual(reader.ask("GET", f"/trace/01/{self.firm.gtin}/10/{lot}").status, 200)
            self.assertEqual(reader.ask("GET", "/healthz").status, 200)
            photo = self.client.ask("POST", f"/api/v1/products/{self.firm.product}/images", bytes(200_000),
                                    {"Content-Type": "image/png"})
            self.assertEqual(photo.status, 503, photo.body)
            self.client.close()  # a body that cannot be taken ends its connection
            self.client = self.installation.client(self.firm.key)
            self.assertTrue(self.installation.server.is_running())

            self.disk.free()
            self.assertEqual(self.add_batch(), 201)
        self.check_records()

    def test_a_server_killed_on_a_full_disk_starts_again_when_there_is_room(self):
        self.fill_until_refused()
        self.installation.server.kill()
        self.disk.fill()
        command = [str(part) for part in self.installation.serve_command()]
        again = nguon.Process(command, self.installation.folder / "again.log")
        try:
            nguon.until("a sentence or an answer", lambda: not again.is_running() or self.installation.is_ready())
        finally:
            said = (self.installation.folder / "again.log").read_text(encoding="utf-8")
            still_served = again.is_running()
            again.stop()
        if not still_served:
            self.assertIn("nguon: Ổ đĩa", said)
            self.assertIn("nguon: The server's disk is full", said)
        self.disk.free()
        self.installation.start_server(START_SECONDS_MAX)
        self.client = self.installation.client(self.firm.key)
        self.assertEqual(self.add_batch(), 201)
        self.check_records()


class FullDiskThatNobodyWatches(FullDisk):
    """The database meets the last byte itself."""

    SETTINGS = "[disk]\nwatch = false\n"
    REFUSALS = ("storage.full",)


if __name__ == "__main__":
    unittest.main()
