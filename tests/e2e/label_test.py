#!/usr/bin/python3
"""The command that makes label files: every format read back by programs that are not ours, stocks, printers, refusals."""

import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402

BASE = "https://nguon.example.vn/t/"
CODES = [f"AB7K{number:08}" for number in range(7)]
JOB = ["label", "--product", "Chè Ô Long Bản Bo", "--lot", "LO-7", "--made-on", "07/11/2026", "--use-by", "2028-11-06",
       "--organization", "HTX Chè Bản Bo", "--job", "J-1", "--created", "2026-11-22T00:00:00Z", "--url-base", BASE]


def zbar(*pictures):
    said = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", *map(str, pictures)],
                          capture_output=True, text=True, check=True).stdout
    return said.split()


class Labels(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        self.codes = self.path / "codes"
        self.codes.write_text("\r\n".join(CODES) + "\r\n", encoding="utf-8")

    def write(self, name, *options):
        file = self.path / name
        said = nguon.run(*JOB, "--codes", self.codes, "-o", file, *options).stderr
        facts = json.loads(said.splitlines()[-1])
        data = file.read_bytes()
        self.assertEqual(facts["bytes"], len(data))
        self.assertEqual(facts["sha256"], hashlib.sha256(data).hexdigest())
        return file, facts

    def test_a_pdf_is_read_by_another_program_at_both_resolutions(self):
        file, facts = self.write("labels.pdf", "--stock", "a4-24", "--start", "20")
        self.assertEqual((facts["labels"], facts["sheets"], facts["symbolsProved"]), (7, 2, 7))
        self.assertEqual(facts["sheetsReplayed"], [1, 2])
        for dpi in ("203", "300"):
            subprocess.run(["pdftoppm", "-gray", "-r", dpi, file, self.path / dpi], check=True)
            pages = sorted(self.path.glob(f"{dpi}*.pgm"))
            self.assertEqual(sorted(zbar(*pages)), sorted(BASE + code for code in CODES))

    def test_prints_the_lines_that_somebody_chose(self):
        file, _ = self.write("own.pdf", "--stock", "a4-8", "--lines", "lot:large,name,text:small", "--text", "Giữ khô")
        text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
        self.assertRegex(text, r"(?s)Lô LO-7.*Chè Ô Long Bản Bo.*Giữ khô")
        self.assertNotIn("NSX", text)
        subprocess.run(["pdftoppm", "-gray", "-r", "203", file, self.path / "own"], check=True)
        self.assertEqual(sorted(zbar(*self.path.glob("own*.pgm"))), sorted(BASE + code for code in CODES))
        for lines, key in (("price", "price"), ("lot,lot", "/lines/1/field"), ("text", "/text")):
            said = nguon.run(*JOB, "--code", CODES[0], "-o", file, "--lines", lines, status=1).stderr
            self.assertIn(key, said)

    def test_pictures_and_codes_with_addresses(self):
        self.codes.write_text("".join(f"{code} https://other.example/{code.lower()}\n" for code in CODES),
                              encoding="utf-8")
        file, _ = self.write("sheet.png", "--format", "png", "--dpi", "300", "--stock", "a5-10")
        self.assertEqual(sorted(zbar(file)), sorted(f"https://other.example/{code.lower()}" for code in CODES))
        svg, _ = self.write("sheet.svg", "--format", "svg", "--stock", "a5-10")
        subprocess.run(["rsvg-convert", "-d", "300", "-p", "300", svg, "-o", self.path / "svg.png"], check=True)
        self.assertEqual(sorted(zbar(self.path / "svg.png")), sorted(zbar(file)))

    def test_printers_get_their_language_with_its_settings(self):
        for name, begins in (("zpl", b"~SD20\n^XA\n^MNY^PW400"), ("tspl", b"SIZE 50.00 mm,30.00 mm\r\nGAP 2.00 mm"),
                             ("epl", b"\nN\nq400\nQ240,16\n")):
            file, facts = self.write(name, "--format", name, "--stock", "roll-50x30", "--darkness", "10")
            self.assertTrue(file.read_bytes().startswith(begins), file.read_bytes()[:80])
            self.assertEqual(facts["sheets"], 7)

    def test_the_same_job_gives_the_same_file(self):
        first, _ = self.write("a.pdf")
        second, _ = self.write("b.pdf")
        self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_one_code_for_a_whole_lot(self):
        said = nguon.run(*JOB, "--code", CODES[0], "--copies", "40", "--format", "zpl", "--stock", "roll-30x20", "-o",
                         "-")
        self.assertIn("^PQ40", said.stdout)

    def test_own_grids_and_their_faults(self):
        grid = ["--page-width", "210", "--page-height", "297", "--columns", "2", "--rows", "5", "--label-width", "90",
                "--label-height", "50", "--margin-left", "10", "--margin-top", "12", "--pitch-x", "100", "--pitch-y", "52"]
        file, _ = self.write("own.pdf", *grid)
        subprocess.run(["pdftoppm", "-gray", "-r", "203", file, self.path / "own"], check=True)
        self.assertEqual(len(zbar(*self.path.glob("own*.pgm"))), 7)
        grid[-1] = "49"
        said = nguon.run(*JOB, "--codes", self.codes, "-o", self.path / "x", *grid, status=1).stderr
        self.assertIn("/pitch_y", said)
        self.assertFalse((self.path / "x").exists())

    def test_a_calibration_sheet_and_what_is_read_off_it(self):
        nguon.run("label", "--calibration", "--stock", "a4-65", "-o", self.path / "c.pdf")
        text = subprocess.run(["pdftotext", self.path / "c.pdf", "-"], capture_output=True, text=True, check=True).stdout
        self.assertIn("Tờ căn chỉnh máy in", text)
        said = nguon.run("label", "--stock", "a4-65", "--read-x", "21", "--read-y", "19.5", "--read-ruler-x", "148.5")
        number = r"(-?\d+\.\d+)"
        found = re.fullmatch(f"--offset-x {number} --offset-y {number} --scale-x {number} --scale-y {number}\n",
                             said.stdout)
        self.assertAlmostEqual(float(found[1]), -1.212, places=2)
        self.assertAlmostEqual(float(found[2]), 0.5)
        self.assertAlmostEqual(float(found[3]), 1.0101, places=4)
        self.assertEqual(found[4], "1.00000")
        nguon.run("label", "--stock", "a4-65", "--read-x", "21", status=2)

    def test_what_is_wrong_with_a_job_is_said_in_both_languages(self):
        said = nguon.run(*JOB, "--codes", self.codes, "--check", "--stock", "a4-65", "--start", "66", "--offset-x",
                         "30", status=1).stderr
        self.assertIn("/printer/offset_x", said)
        said = nguon.run(*JOB, "--codes", self.codes, "--check", "--start", "66", status=1).stderr.splitlines()
        self.assertEqual([line for line in said if "/start" in line],
                         ["nguon: lỗi /start: Vị trí tem đầu tiên phải từ 1 đến 65.",
                          "nguon: fault /start: The first label must be at a place from 1 to 65."])
        for wrong in (["--stock", "a4-7"], ["--design", "round"], ["--format", "bmp"], ["--format", "zpl"]):
            nguon.run(*JOB, "--codes", self.codes, "-o", self.path / "x", *wrong, status=1)
        nguon.run(*JOB, "--codes", self.path / "none", "-o", self.path / "x", status=1)
        nguon.run(*JOB, "--codes", self.codes, status=1)
        nguon.run(*JOB, "--codes", self.codes, "-o", self.path / "no/such/file", status=1)

    def test_stocks_are_listed(self):
        said = nguon.run("label", "--list-stocks").stdout
        for stock in ("a4-12", "a4-24-round", "a5-10", "roll-30x20", "roll-35x22-3", "roll-100x150"):
            self.assertRegex(said, rf"(?m)^{stock} ")


if __name__ == "__main__":
    unittest.main()
