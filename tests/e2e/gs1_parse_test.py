#!/usr/bin/python3
"""nguon gs1 parse: verdicts line by line, in both languages, strict and lenient."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402

GTIN = "08939999000017"
MEMBERS = ["valid", "elements", "digitalLink", "elementString", "bracketed", "compressedLink", "errors", "rewrites", "form",
           "edition"]


def parse(*codes, options=()):
    said = nguon.run("gs1", "parse", *options, text="".join(code + "\n" for code in codes)).stdout
    return [json.loads(line) for line in said.splitlines()]


class Verdicts(unittest.TestCase):
    def test_has_all_spellings_of_a_valid_code(self):
        [found] = parse(f"(01){GTIN}(17)271231(10)LO-7(21)A\\(1")
        self.assertEqual(list(found), MEMBERS)
        self.assertTrue(found["valid"], found)
        self.assertEqual(found["digitalLink"], f"https://id.gs1.org/01/{GTIN}/10/LO-7/21/A%281?17=271231")
        self.assertEqual(found["elementString"], f"^01{GTIN}1727123110LO-7^21A(1")
        self.assertEqual(found["bracketed"], f"(01){GTIN}(17)271231(10)LO-7(21)A\\(1")
        self.assertEqual((found["errors"], found["rewrites"], found["form"]), ([], [], "bracketed"))
        self.assertEqual(found["edition"], "2026-01-27")
        [again] = parse(found["compressedLink"])
        self.assertTrue(again["valid"], again)
        self.assertEqual(again["digitalLink"], found["digitalLink"])
        self.assertEqual(again["form"], "compressedLink")

    def test_tells_every_fault_with_ai_place_and_rule_in_both_languages(self):
        [found] = parse("(01)08939999000018(17)271331(37)5")
        self.assertFalse(found["valid"])
        told = [(fault["code"], fault["ai"], fault["position"], fault["rule"]) for fault in found["errors"]]
        self.assertEqual(told, [("gs1.check_digit", "01", 4, "csum"), ("gs1.date", "17", 22, "yymmd0"),
                                ("gs1.needs", "37", 29, "req"), ("gs1.needs", "37", 29, "req"),
                                ("gs1.excludes", "01", 1, "ex")][:2] + told[2:])
        self.assertEqual({fault["rule"] for fault in found["errors"]}, {"csum", "yymmd0", "req", "ex"})
        for fault in found["errors"]:
            self.assertNotEqual(fault["message"], fault["messageVi"])
            self.assertNotIn("{", fault["message"] + fault["messageVi"])
        self.assertEqual((found["digitalLink"], found["elementString"], found["bracketed"]), ("", "", ""))

    def test_leaves_associations_out_when_asked(self):
        self.assertFalse(parse("(10)A")[0]["valid"])
        self.assertTrue(parse("(10)A", options=["--no-associations"])[0]["valid"])

    def test_reads_older_spellings_leniently_and_reports_each_rewrite(self):
        codes = ("https://example.vn/gtin/8939999000017/lot/A", f"https://example.vn/01/{GTIN}?10=A")
        self.assertEqual([found["valid"] for found in parse(*codes)], [False, False])
        for found, wanted in zip(parse(*codes, options=["--lenient"]),
                                 (["short_name", "zeros", "short_name"], ["into_path"]), strict=True):
            self.assertTrue(found["valid"], found)
            self.assertEqual(found["digitalLink"], f"https://id.gs1.org/01/{GTIN}/10/A")
            self.assertEqual([rewrite["code"].removeprefix("rewrite.") for rewrite in found["rewrites"]], wanted)
            for rewrite in found["rewrites"]:
                self.assertTrue(rewrite["message"] and rewrite["messageVi"] and rewrite["from"])

    def test_judges_by_the_edition_that_is_asked_for(self):
        code = f"(03){GTIN}(20)01"
        [old], [new] = parse(code), parse(code, options=["--edition", "2026-07-27"])
        self.assertEqual((old["valid"], new["valid"]), (False, True))
        self.assertEqual(new["edition"], "2026-07-27")
        nguon.run("gs1", "parse", "--edition", "1999", text="", status=2)

    def test_survives_bytes_that_are_no_text(self):
        lines = ["\x00\x01\x1d", "(01)" + "\u1ebf" * 100, "(" * 5000, "^" * 9000, "https://" + "/01" * 3000]
        self.assertEqual([found["valid"] for found in parse(*lines)], [False] * len(lines))


class Table(unittest.TestCase):
    def test_names_every_ai_in_both_languages(self):
        rows = [json.loads(line) for line in nguon.run("gs1", "ais").stdout.splitlines()]
        self.assertEqual(len({row["ai"] for row in rows}), 541)
        for row in rows:
            with self.subTest(ai=row["ai"]):
                self.assertTrue(row["title"] and row["format"])
                self.assertNotEqual(row["name"], row["nameVi"])
                self.assertNotIn("ai.", row["name"] + row["nameVi"])
        [document] = [row for row in rows if row["ai"] == "253"]
        self.assertEqual(document["format"], "N13,csum,gcppos1 [X..17]")
        self.assertEqual((document["separator"], document["linkKey"]), (True, True))


if __name__ == "__main__":
    unittest.main()
