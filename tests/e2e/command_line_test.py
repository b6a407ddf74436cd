#!/usr/bin/python3
"""Commands that need no installation: help, exit statuses, codes, symbols, event hashes."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402

COMMANDS = (["serve"], ["sync"], ["portal"], ["user"], ["user", "add"], ["user", "grant"], ["key"], ["key", "add"], ["seed"], ["gs1"],
            ["gs1", "parse"], ["encode"], ["decode"], ["label"], ["epcis"], ["epcis", "hash"], ["backup"], ["restore"], ["doctor"])
LINK = "https://nguon.example.vn/01/08938500000010/10/LO-7/21/7K3M9PQ2XY4R"


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]


class Help(unittest.TestCase):
    def test_every_command_has_help(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                self.assertIn("--help", nguon.run(*command, "--help").stdout)

    def test_the_program_names_its_version(self):
        self.assertRegex(nguon.run("--version").stdout, r"^nguon \d+\.\d+")


class ExitStatus(unittest.TestCase):
    def test_wrong_calls_end_with_2_and_a_sentence(self):
        for call in ([], ["fly"], ["serve", "--fly"], ["encode", "--symbology", "qr"], ["user", "add"], ["key"],
                     ["encode", "--symbology", "qr", "--data", "A", "--format", "bmp", "-o", "x"]):
            with self.subTest(call=call):
                self.assertTrue(nguon.run(*call, status=2).stderr.strip())

    def test_work_that_cannot_be_done_ends_with_1_in_both_languages(self):
        with tempfile.TemporaryDirectory() as folder:
            for call in (["decode", f"{folder}/none.png"], ["restore", "--data", f"{folder}/d", f"{folder}/none"],
                         ["encode", "--symbology", "runes", "--data", "A", "-o", f"{folder}/x"],
                         ["encode", "--symbology", "qr", "--data", "A", "-o", f"{folder}/no/such/x.svg"]):
                with self.subTest(call=call):
                    said = nguon.run(*call, status=1).stderr.splitlines()
                    self.assertGreaterEqual(len(said), 2)
                    self.assertTrue(all(line.startswith("nguon: ") for line in said[:2]), said)
                    self.assertNotRegex(said[1], r"^nguon: [a-z_]+\.[a-z_.]+$")


class Gs1Parse(unittest.TestCase):
    def parse(self, *codes):
        return json_lines(nguon.run("gs1", "parse", text="".join(code + "\n" for code in codes)).stdout)

    def test_reads_every_form_of_one_code(self):
        forms = ("(01)08938500000010(10)LO-7(21)7K3M9PQ2XY4R", "010893850000001010LO-7^217K3M9PQ2XY4R",
                 "]Q3010893850000001010LO-7\x1d217K3M9PQ2XY4R", LINK)
        elements = [{"ai": "01", "value": "08938500000010"}, {"ai": "10", "value": "LO-7"},
                    {"ai": "21", "value": "7K3M9PQ2XY4R"}]
        for form, found in zip(forms, self.parse(*forms), strict=True):
            with self.subTest(form=form):
                self.assertTrue(found["valid"], found)
                self.assertEqual(found["elements"], elements)
                self.assertTrue(found["digitalLink"].endswith("/01/08938500000010/10/LO-7/21/7K3M9PQ2XY4R"))
                self.assertEqual(found["bracketed"], forms[0])
                self.assertEqual(found["errors"], [])

    def test_says_what_is_wrong_and_where_in_both_languages(self):
        [found] = self.parse("(01)08938500000011")
        self.assertFalse(found["valid"])
        fault = found["errors"][0]
        self.assertEqual(fault["ai"], "01")
        self.assertTrue(fault["message"] and fault["messageVi"] and fault["rule"])
        self.assertNotEqual(fault["message"], fault["messageVi"])

    def test_answers_every_line_in_order_whatever_it_holds(self):
        lines = ["(01)08938500000010", "", "\u1ebf", "(99)" + "x" * 91, "(01)08938500000010"]
        self.assertEqual([found["valid"] for found in self.parse(*lines)], [True, False, False, False, True])


class EpcisHash(unittest.TestCase):
    def test_agrees_with_the_reference_vectors(self):
        vectors = json.loads((nguon.ROOT / "tests/fixtures/epcis/hash_vectors.json").read_text(encoding="utf-8"))
        checked = 0
        for vector in vectors:
            if vector["version"] != "2.0":
                continue
            event = {"@context": vector["context"], **vector["event"]}
            with self.subTest(vector=vector["name"]):
                said = nguon.run("epcis", "hash", text=json.dumps(event)).stdout.split()
                self.assertEqual(said, [f"ni:///sha-256;{vector['hash']}?ver=CBV2.0"])
            checked += 1
        self.assertGreaterEqual(checked, 5)

    def test_prints_what_is_hashed(self):
        event = {"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", "type": "ObjectEvent",
                 "action": "OBSERVE", "eventTime": "2026-04-01T14:00:00Z", "eventTimeZoneOffset": "+07:00",
                 "epcList": ["urn:epc:id:sgtin:8938500.000001.9"], "bizStep": "packing"}
        said = nguon.run("epcis", "hash", "--pre-hash", text=json.dumps(event)).stdout
        self.assertTrue(said.startswith("eventType=ObjectEvent"), said)

    def test_refuses_what_is_no_event(self):
        for text in ("", "{", "[]", '{"type": "Sandwich"}'):
            with self.subTest(text=text):
                nguon.run("epcis", "hash", text=text, status=1)


class Symbols(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def encode(self, name, data=LINK):
        file = self.folder / name
        nguon.run("encode", "--symbology", "qr", "--data", data, "--format", file.suffix[1:], "-o", file)
        return file

    def zbar(self, file):
        return subprocess.run(["zbarimg", "--quiet", "--raw", file], capture_output=True, text=True,
                              check=True).stdout.rstrip("\n")

    def test_what_was_encoded_is_decoded_by_us_and_by_others(self):
        file = self.encode("code.png")
        [found] = json_lines(nguon.run("decode", file).stdout)
        [code] = found["codes"]
        self.assertEqual(code["text"], LINK)
        self.assertEqual(code["symbologyIdentifier"], "]Q1")
        self.assertEqual(code["elements"][0], {"ai": "01", "value": "08938500000010"})
        self.assertEqual(len(code["corners"]), 4)
        self.assertEqual(self.zbar(file), LINK)

    def test_the_pdf_is_decoded_after_it_was_rendered(self):
        file = self.encode("code.pdf")
        page = self.folder / "page"
        subprocess.run(["pdftoppm", "-r", "300", "-singlefile", "-png", file, page], check=True)
        self.assertEqual(self.zbar(f"{page}.png"), LINK)

    def test_the_svg_is_well_formed_and_sized_in_millimetres(self):
        text = self.encode("code.svg").read_text(encoding="utf-8")
        self.assertTrue(re.search(r'<svg[^>]*width="[\d.]+mm"', text), text[:300])

    def test_every_symbology_is_written_in_every_format(self):
        element = "(01)08938500000010(10)LO-7"
        kinds = {"qr": LINK, "datamatrix": LINK, "code-128": "LO-7", "ean-8": "12345670", "upc-a": "012345678905",
                 "upc-e": "04252614"}
        kinds |= dict.fromkeys(("gs1-qr", "gs1-datamatrix", "gs1-datamatrix-rect", "gs1-128", "databar-expanded",
                                "databar-expanded-stacked"), element)
        kinds |= dict.fromkeys(("itf-14", "ean-13", "databar-omni", "databar-stacked", "databar-stacked-omni",
                                "databar-limited"), "8938500000010")
        begins = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "zpl": b"^XA"}
        for symbology, data in kinds.items():
            for form, start in begins.items():
                with self.subTest(symbology=symbology, form=form):
                    file = self.folder / f"{symbology}.{form}"
                    plain = ["--no-text"] if form == "png" else []
                    nguon.run("encode", "--symbology", symbology, "--data", data, "--format", form, "-o", file, *plain)
                    self.assertTrue(file.read_bytes().startswith(start))
            if symbology.startswith("databar"):
                continue  # found in pictures by the next part
            [found] = json_lines(nguon.run("decode", self.folder / f"{symbology}.png").stdout)
            [code] = found["codes"]
            self.assertEqual(code["symbology"], symbology.removesuffix("-rect"))
            if data == element:
                self.assertEqual(code["elements"], [{"ai": "01", "value": "08938500000010"}, {"ai": "10", "value": "LO-7"}])

    def test_sizes_beyond_the_standard_are_refused_with_the_range(self):
        call = ["encode", "--symbology", "ean-13", "--data", "8938500000010", "-o", self.folder / "x.svg"]
        said = nguon.run(*call, "--module-mm", "0.2", status=1).stderr
        self.assertIn("0,264", said)
        self.assertIn("0,66", said)
        self.assertFalse((self.folder / "x.svg").exists())
        said = nguon.run(*call, "--height-mm", "10", status=1).stderr
        self.assertIn("22,85", said)
        self.assertIn("distribution", nguon.run(*call, "--use", "space", status=1).stderr)
        nguon.run(*call, "--module-mm", "0.5", "--use", "distribution")

    def test_a_terminal_shows_matrix_symbols_only(self):
        shown = nguon.run("encode", "--symbology", "qr", "--data", LINK, "--format", "text", "-o", "-").stdout
        self.assertGreater(len(shown.splitlines()), 15)
        refused = nguon.run("encode", "--symbology", "ean-13", "--data", "8938500000010", "--format", "text", "-o", "-",
                            status=1)
        self.assertIn("ean-13", refused.stderr)

    def test_a_printers_whole_dots_are_said(self):
        said = nguon.run("encode", "--symbology", "ean-13", "--data", "8938500000010", "--format", "zpl",
                         "--module-mm", "0.33", "-o", self.folder / "x.zpl").stderr
        self.assertIn("0,375", said)

    def test_pictures_without_a_code_are_no_fault_and_broken_ones_are(self):
        empty = self.folder / "empty.png"
        empty.write_bytes(bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63680000008200817"
            "7cd72b60000000049454e44ae426082"))
        [found] = json_lines(nguon.run("decode", empty).stdout)
        self.assertEqual(found["codes"], [])
        broken = self.folder / "broken.png"
        broken.write_bytes(self.encode("code.png").read_bytes()[:200])
        self.assertIn("nguon: ", nguon.run("decode", broken, status=1).stderr)


if __name__ == "__main__":
    unittest.main()
