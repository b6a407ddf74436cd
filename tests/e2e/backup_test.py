#!/usr/bin/python3
"""A backup taken while serving, restored elsewhere, holds everything, on both engines; damaged ones are refused."""

import hashlib
import json
import pathlib
import shutil
import sys
import threading
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402
import records  # noqa: E402

COUNTED = ("organization", "product", "batch", "event", "event_identifier", "outbox", "delivery", "record_version",
           "blob", "audit", "identifier", "operation", "printed_code")


def fill(installation, batches=5):
    """A firm with batches and events; returns it with the addresses of its pages and pictures."""
    operator = installation.add_key("province-operator")
    firm = records.Firm(installation, operator)
    client = installation.client(firm.key)
    for number in range(batches):
        batch = client.expect(201, "POST", "/api/v1/batches",
                              {"product_id": firm.product, "lot": f"LO-{number}", "quantity": "3", "unit": "kg"})
        client.expect(201, "POST", f"/api/v1/batches/{batch['id']}/events", records.harvest(f"n{number}"))
    images = client.expect(200, "GET", f"/api/v1/products/{firm.product}")["images"]
    return firm, [image["url"] for image in images]


class Writer(threading.Thread):
    """Goes on writing while the backup is taken."""

    def __init__(self, installation, firm):
        super().__init__()
        self.client = installation.client(firm.key)
        self.firm = firm
        self.stopping = threading.Event()
        self.written = 0

    def run(self):
        while not self.stopping.is_set():
            self.client.expect(201, "POST", "/api/v1/batches", {
                "product_id": self.firm.product, "lot": f"SAU-{self.written}", "quantity": "1", "unit": "kg"})
            self.written += 1


def counts(installation):
    return {table: int(installation.rows(f"SELECT count(*) FROM {table}")[0][0]) for table in COUNTED}


def back_up_while_writing(installation, firm):
    """The backup file and its manifest, taken while somebody writes; and who wrote."""
    writer = Writer(installation, firm)
    writer.start()
    file = installation.folder / "backup.nguon"
    try:
        nguon.until("a few writes", lambda: writer.written > 3)
        manifest = json.loads(installation.run("backup", "-o", file).stdout)
        seen = writer.written
        nguon.until("writes after the backup", lambda: writer.written > seen)
    finally:
        writer.stopping.set()
        writer.join()
    return file, manifest, writer


def with_counts(backup, **changes):
    """The bytes of a backup whose manifest counts otherwise."""
    magic, _, rest = backup.read_bytes().partition(b"{")
    line, _, packed = rest.partition(b"\n")
    manifest = json.loads(b"{" + line)
    manifest.update({name: manifest[name] + by for name, by in changes.items()})
    return magic + json.dumps(manifest).encode() + b"\n" + packed


def page_digest(installation, path):
    answer = installation.client().ask("GET", path, headers={"Accept": "image/webp"})
    assert answer.status == 200, f"{path}: {answer.status}"
    return hashlib.sha256(answer.body).hexdigest()


class Sqlite(unittest.TestCase):
    def test_a_backup_while_serving_is_restored_whole_and_stays_paused(self):
        with nguon.Installation() as first, nguon.Installation() as second:
            first.start_portal()
            first.start_server(30)
            firm, pictures = fill(first)
            file, manifest, writer = back_up_while_writing(first, firm)
            before = {path: page_digest(first, path) for path in pictures}
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
            self.assertEqual(first.server.stop(), 0)

            said = json.loads(second.run("restore", file).stdout)
            self.assertEqual(said["synchronisation"], "paused")
            self.assertEqual({key: said[key] for key in manifest}, manifest)
            self.compare(first, second, writer, manifest)
            second.start_server()
            self.assertEqual({path: page_digest(second, path) for path in pictures}, before)
            self.assertEqual(second.client().ask("GET", f"/trace/01/{firm.gtin}/10/LO-0").status, 200)
            sync = second.client(second.add_key("province-auditor")).expect(200, "GET", "/api/v1/province/sync")
            self.assertTrue(sync["paused"])
            again = second.run("restore", file, status=1).stderr
            self.assertIn(str(second.data), again)

    def compare(self, first, second, writer, manifest):
        """What was there before the backup began is in it; what came meanwhile is in it whole or not at all."""
        held, all_of_it = counts(second), counts(first)
        self.assertEqual((held["event"], held["record_version"]), (manifest["events"], manifest["records"]))
        for table in COUNTED:
            self.assertLessEqual(held[table], all_of_it[table], table)
        lots = {row[0] for row in second.rows("SELECT lot FROM batch")}
        self.assertLessEqual({f"LO-{number}" for number in range(5)} | {"SAU-0", "SAU-1", "SAU-2"}, lots)
        later = sorted(int(lot[4:]) for lot in lots if lot.startswith("SAU-"))
        self.assertEqual(later, list(range(len(later))))
        self.assertLessEqual(len(later), writer.written)
        self.assertEqual(held["outbox"], held["delivery"])
        self.assertEqual(held["outbox"], held["record_version"] + held["event"])
        self.assertEqual(second.rows("PRAGMA integrity_check"), [["ok"]])

    def test_damaged_and_foreign_files_are_refused_and_leave_nothing(self):
        with nguon.Installation(target=False) as first:
            first.start_server(30)
            file = first.folder / "backup.nguon"
            first.run("backup", "-o", file)
            good = file.read_bytes()
            flipped = bytearray(good)
            flipped[len(good) // 2] ^= 1
            wrong = {"flipped": bytes(flipped), "short": good[:-10], "empty": b"", "foreign": b"PK\x03\x04" * 100,
                     "head only": good[: good.index(b"\n") + 1]}
            for name, content in wrong.items():
                with self.subTest(fault=name):
                    damaged = first.folder / "damaged.nguon"
                    damaged.write_bytes(content)
                    data = first.folder / "elsewhere"
                    said = nguon.run("restore", "--data", data, damaged, status=1).stderr
                    self.assertIn(str(damaged), said)
                    self.assertFalse((data / "nguon.db").exists())
                    shutil.rmtree(data, ignore_errors=True)
            first.run("backup", "-o", first.folder / "no/such/folder/x", status=1)

    def test_a_backup_that_holds_more_or_less_than_it_says_is_refused_and_leaves_nothing(self):
        with nguon.Installation(target=False) as first:
            first.start_server(30)
            fill(first, 1)
            file = first.folder / "backup.nguon"
            first.run("backup", "-o", file)
            for changes in ({"events": 1}, {"events": -1}, {"records": 1}, {"records": -1}):
                with self.subTest(changes=changes):
                    planted = first.folder / "planted.nguon"
                    planted.write_bytes(with_counts(file, **changes))
                    data = first.folder / "elsewhere"
                    said = nguon.run("restore", "--data", data, planted, status=1).stderr
                    self.assertIn(str(planted), said)
                    self.assertEqual(list(data.iterdir()), [])
                    shutil.rmtree(data)
            nguon.run("restore", "--data", first.folder / "elsewhere", file)


class Postgres(unittest.TestCase):
    def test_an_installation_on_postgresql_serves_backs_up_and_is_restored(self):
        with nguon.PostgresDatabase() as one, nguon.PostgresDatabase() as other:
            with nguon.Installation(one) as first, nguon.Installation(other) as second:
                first.start_portal()
                first.start_server(30)
                firm, pictures = fill(first)
                before = {path: page_digest(first, path) for path in pictures}
                file, manifest, writer = back_up_while_writing(first, firm)
                self.assertEqual(manifest["engine"], "postgres")
                self.assertEqual(first.server.stop(), 0)

                said = json.loads(second.run("restore", file).stdout)
                self.assertEqual((said["events"], said["records"]), (manifest["events"], manifest["records"]))
                held, all_of_it = counts(second), counts(first)
                self.assertEqual((held["event"], held["record_version"]), (manifest["events"], manifest["records"]))
                for table in ("event", "blob"):
                    self.assertEqual(held[table], all_of_it[table], table)
                later = held["batch"] - 5
                self.assertTrue(3 <= later < writer.written, (later, writer.written))
                self.assertEqual(held["outbox"], held["delivery"])
                self.assertEqual(held["outbox"], held["record_version"] + held["event"])
                second.start_server()
                self.assertEqual({path: page_digest(second, path) for path in pictures}, before)
                self.assertEqual(second.client().ask("GET", f"/trace/01/{firm.gtin}/10/LO-4").status, 200)
                data = first.folder / "sqlite"
                self.assertIn("postgres", nguon.run("restore", "--data", data, file, status=1).stderr)

    def test_the_password_may_stand_in_a_file(self):
        with nguon.PostgresDatabase() as url, nguon.PostgresDatabase() as other:
            password = urllib.parse.urlsplit(url).password
            one, two = (address.replace(f":{password}@", "@") for address in (url, other))
            with nguon.Installation(one, target=False) as first:
                file = first.folder / "password"
                first.config.write_text(f'[database]\npassword_file = "{file}"\n', encoding="utf-8")
                self.assertIn(str(file), first.run("backup", "-o", first.folder / "none", status=1).stderr)
                file.write_text(f"\n{password}\r\n", encoding="utf-8")
                first.start_server(30)
                backup = first.folder / "backup.nguon"
                manifest = json.loads(first.run("backup", "-o", backup).stdout)
                said = json.loads(nguon.run("restore", "--data", first.folder / "elsewhere", "--config", first.config,
                                            "--database", two, backup).stdout)
                self.assertEqual((said["events"], said["records"]), (manifest["events"], manifest["records"]))

    def test_a_backup_that_holds_more_or_less_than_it_says_is_refused(self):
        with nguon.PostgresDatabase() as one, nguon.Installation(one, target=False) as first:
            first.start_server(30)
            fill(first, 1)
            file = first.folder / "backup.nguon"
            first.run("backup", "-o", file)
            for changes in ({"events": -1}, {"records": 1}):
                with self.subTest(changes=changes), nguon.PostgresDatabase() as other:
                    planted = first.folder / "planted.nguon"
                    planted.write_bytes(with_counts(file, **changes))
                    said = nguon.run("restore", "--data", first.folder / "elsewhere", "--database", other, planted,
                                     status=1).stderr
                    self.assertIn(str(planted), said)
                    self.assertEqual(nguon.postgres_rows(other, "SELECT sync_paused FROM installation"), [["1"]])


if __name__ == "__main__":
    unittest.main()
