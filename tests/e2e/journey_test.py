#!/usr/bin/python3
"""From a product to the portal over the API alone: batch, label read by a foreign program, page, events, receipts."""

import gzip
import pathlib
import subprocess
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402
import records  # noqa: E402

LABELS = 3


class Journey(records.ServedFirm):
    def page(self, path, **headers):
        answer = self.anyone.ask("GET", path, headers={"Accept": "text/html", **headers})
        self.assertEqual(answer.status, 200, path)
        return answer

    def test_labels_are_read_by_a_foreign_program_and_lead_to_their_page(self):
        batch = self.new_batch("TEM-1")
        job = self.owner.expect(201, "POST", f"/api/v1/batches/{batch}/label-jobs",
                                {"kind": "unit", "stock": "a4-24", "count": LABELS})
        pdf = self.installation.folder / "labels.pdf"
        pdf.write_bytes(self.owner.ask("GET", job["pdf"]).body)
        picture = self.installation.folder / "labels"
        subprocess.run(["pdftoppm", "-r", "300", "-f", "1", "-l", "1", "-singlefile", "-png", pdf, picture],
                       check=True)
        links = records.zbar(f"{picture}.png").split()
        self.assertEqual(len(links), LABELS)
        self.assertEqual(len(set(links)), LABELS)
        for link in links:
            url = urllib.parse.urlsplit(link)
            self.assertEqual(f"{url.scheme}://{url.netloc}", self.installation.url)
            self.assertTrue(url.path.startswith(f"/01/{self.firm.gtin}/21/"), link)
            self.assertIn("TEM-1", self.page(url.path).body.decode())
            short = self.anyone.ask("GET", "/t/" + url.path.rsplit("/", 1)[1])
            self.assertEqual((short.status, short.headers["Location"]), (307, url.path))

    def test_what_was_acknowledged_stands_on_the_page_at_once(self):
        batch = self.new_batch("LO-TRANG")
        path = f"/01/{self.firm.gtin}/10/LO-TRANG"
        before = self.page(path).body.decode()
        self.assertEqual(self.page(path).body.decode(), before)
        self.assertNotIn("Thu hái", before)
        for number in range(1, 4):
            self.owner.expect(201, "POST", f"/api/v1/batches/{batch}/events", {
                "template": "tea.harvest", "values": {
                    "time": records.vietnam_time(number), "quantity": str(100 + number), "quantity_unit": "kg"}})
            self.assertIn(str(100 + number), self.page(path).body.decode())
        self.assertIn("Thu hái", self.page(path).body.decode())
        self.assertNotIn("Thu hái", self.page(path, **{"Accept-Language": "en"}).body.decode())

    def test_a_page_is_the_same_in_every_encoding_and_for_head(self):
        self.new_batch("LO-NEN")
        path = f"/01/{self.firm.gtin}/10/LO-NEN"
        plain = self.page(path)
        self.assertIsNone(plain.headers["Content-Encoding"])
        for _ in range(2):  # drawn anew, and kept
            packed = self.page(path, **{"Accept-Encoding": "gzip"})
            self.assertEqual(packed.headers["Content-Encoding"], "gzip")
            self.assertEqual(gzip.decompress(packed.body), plain.body)
            self.assertEqual(self.page(path, **{"Accept-Encoding": "br"}).headers["Content-Encoding"], "br")
            self.assertEqual(self.page(path).body, plain.body)
            self.assertEqual(self.anyone.ask("HEAD", path).body, b"")
        self.assertLess(len(packed.body), 14 * 1024)
        self.assertIn("Content-Security-Policy", packed.headers)

    def test_records_arrive_at_the_portal_with_receipts(self):
        batch = self.new_batch("LO-CONG")
        event = self.owner.expect(201, "POST", f"/api/v1/batches/{batch}/events", records.harvest("cổng"))

        def receipts():
            items = self.owner.expect(200, "GET", "/api/v1/deliveries?limit=100")["items"]
            states = {item["id"]: item for item in items if item["id"] in (batch, event["id"])}
            return len(states) == 2 and all(item["state"] == "delivered" for item in states.values()) and states

        found = nguon.until("both records to be delivered", receipts, 60)
        self.assertTrue(all(item.get("receipt") for item in found.values()), found)
        ledger = self.installation.portal_ledger()
        self.assertEqual(ledger["violations"], [])
        held = {record["record"]: record for record in ledger["records"]}
        for identifier in (batch, event["id"]):
            self.assertEqual((held[identifier]["effects"], held[identifier]["confirmed"]), (1, True))


if __name__ == "__main__":
    unittest.main()
