#!/usr/bin/python3
"""`nguon trace` and `nguon check` on a served installation: every form of the answer, wrong codes, exit statuses."""

import io
import json
import pathlib
import sys
import unittest
import xml.etree.ElementTree
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402
import records  # noqa: E402

NOWHERE = "https://id.gs1.org/01/08938505974026/10/KHONG-CO"


class Trace(records.ServedFirm):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = "LO-TRUY"
        cls.batch = cls.new_batch(cls.lot)
        cls.owner.expect(201, "POST", f"/api/v1/batches/{cls.batch}/events", records.harvest("truy vết"))
        cls.link = f"https://id.gs1.org/01/{cls.firm.gtin}/10/{cls.lot}"
        cls.new_batch("LO-TRONG")
        cls.empty = f"https://id.gs1.org/01/{cls.firm.gtin}/10/LO-TRONG"

    def call(self, command, *arguments, status=0):
        return nguon.run(command, "--data", self.installation.data, *arguments, status=status)

    def test_the_list_is_the_answer_without_options(self):
        said = self.call("trace", self.link).stdout
        self.assertIn(self.lot, said)
        self.assertIn("Đã đi đến", said)
        self.assertNotIn("Đã đi đến", self.call("trace", self.link, "--direction", "back").stdout)
        self.assertNotIn("Đã đi đến", self.call("trace", self.link, "--language", "en").stdout)
        bracketed = f"(01){self.firm.gtin}(10){self.lot}"
        self.assertEqual(self.call("trace", bracketed).stdout, said)

    def test_json_names_the_lot_and_its_gaps(self):
        found = json.loads(self.call("trace", self.link, "--format", "json").stdout)
        self.assertIn(self.lot, json.dumps(found, ensure_ascii=False))
        empty = json.loads(self.call("trace", self.empty, "--format", "json").stdout)
        self.assertIn("origin_unknown", json.dumps(empty))
        self.assertNotIn("origin_unknown", json.dumps(found))

    def test_a_picture_and_a_sheet_are_written(self):
        picture = self.installation.folder / "truy-vet.svg"
        self.assertEqual(self.call("trace", self.link, "--format", "svg", "-o", picture).stdout, "")
        self.assertTrue(xml.etree.ElementTree.parse(picture).getroot().tag.endswith("svg"))
        sheet = self.installation.folder / "truy-vet.xlsx"
        self.call("trace", self.link, "--format", "xlsx", "-o", sheet)
        with zipfile.ZipFile(io.BytesIO(sheet.read_bytes())) as parts:
            self.assertIn(self.lot, "".join(parts.read(name).decode() for name in parts.namelist()))

    def test_a_check_says_what_is_there_and_what_to_do(self):
        said = self.call("check", self.link).stdout
        self.assertRegex(said, r"\b\d+/100 · \d/9 ")
        self.assertIn(self.lot, said)
        found = json.loads(self.call("check", self.link, "--json").stdout)
        self.assertEqual(found["lot"], self.lot)
        self.assertEqual(len(found["items"]), 9)
        self.assertTrue(found["back_known"])
        self.assertFalse(found["forward_known"])
        self.assertFalse(found["complete"])
        for finding in found["findings"]:
            self.assertTrue(finding["text"]["vi"] and finding["todo"]["en"], finding)
        keys = {finding["key"] for finding in json.loads(self.call("check", self.empty, "--json").stdout)["findings"]}
        self.assertTrue({"back", "forward", "evidence"} <= keys, keys)

    def test_wrong_codes_end_with_1_and_a_sentence(self):
        for command in ("trace", "check"):
            for code in (NOWHERE, "(01)08938505974011(10)A", "xin chào"):
                with self.subTest(command=command, code=code):
                    answer = self.call(command, code, status=1)
                    self.assertEqual(answer.stdout, "")
                    nguon.one_sentence(self, answer.stderr)
        self.call("check", f"https://id.gs1.org/01/{self.firm.gtin}", status=1)

    def test_wrong_options_end_with_2(self):
        self.call("trace", status=2)
        self.call("check", status=2)
        self.call("trace", self.link, "--format", "bmp", status=2)
        self.call("trace", self.link, "--direction", "up", status=2)
        unwritable = self.installation.folder / "none" / "x.svg"
        self.call("trace", self.link, "--format", "svg", "-o", unwritable, status=1)


if __name__ == "__main__":
    unittest.main()
