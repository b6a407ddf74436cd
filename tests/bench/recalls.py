"""Recall of a lot with ten thousand units in a hundred cartons: closure, banner on the public page, file for inspectors."""

import pathlib
import shutil
import subprocess
import tempfile
import time

import nguon
import records

UNITS = 10_000
CARTON_UNITS = 100
LOT = "L000001"


def units_of(firm):
    return [f"https://id.gs1.org/01/{firm.gtin}/21/U{number:06}" for number in range(UNITS)]


def carton(number):
    digits = f"8939999{number:010d}"
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(digits))
    return f"https://id.gs1.org/00/{digits}{-total % 10}"


def story(firm):
    """The lot's units come into being, are packed, and the cartons are shipped."""
    document = records.epcis_document([], None)
    events = document["epcisBody"]["eventList"]
    every = {"eventTimeZoneOffset": "+07:00", "readPoint": {"id": f"urn:uuid:{firm.place}"}}
    units = units_of(firm)
    for start in range(0, UNITS, 1000):
        events.append({**every, "type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning",
                       "eventTime": "2026-02-01T08:00:00.000+07:00", "epcList": units[start : start + 1000],
                       "ilmd": {"cbvmda:lotNumber": LOT}})
    for number in range(UNITS // CARTON_UNITS):
        inside = units[number * CARTON_UNITS : (number + 1) * CARTON_UNITS]
        events.append({**every, "type": "AggregationEvent", "action": "ADD", "bizStep": "packing",
                       "eventTime": "2026-02-02T08:00:00.000+07:00", "parentID": carton(number), "childEPCs": inside})
        events.append({**every, "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping",
                       "eventTime": "2026-02-03T08:00:00.000+07:00", "epcList": [carton(number)]})
    return document


def timed(work):
    begun = time.monotonic()
    found = work()
    return time.monotonic() - begun, found


def measure(options, table):
    measure_closure(options)
    closures, openings, banners, files = [], [], [], []
    for _ in range(options.rounds):
        with nguon.Installation(target=False) as installation:
            installation.start_server(30)
            first, second = installation.add_key("province-operator"), installation.add_key("province-operator")
            firm = records.Firm(installation, first)
            client = installation.client(firm.key)
            client.expect(201, "POST", "/api/v1/batches", {"product_id": firm.product, "lot": LOT})
            client.expect(202, "POST", "/epcis/capture", story(firm))
            page = f"/01/{firm.gtin}/10/{LOT}"
            wish = {"kind": "real", "scope": "batch", "subject": f"https://id.gs1.org{page}",
                    "reason": "Độ ẩm vượt mức cho phép", "notice": "Trả hàng về nơi mua."}
            officer, other = installation.client(first), installation.client(second)
            seconds, case = timed(lambda: officer.expect(201, "POST", "/api/v1/province/recalls", wish))
            assert case["units"] == UNITS, case["units"]
            openings.append(seconds)
            path = f"/api/v1/province/recalls/{case['id']}"
            begun = time.monotonic()
            other.expect(200, "POST", f"{path}/publish")
            stranger = installation.client()
            nguon.until("the banner", lambda: b"THU H" in stranger.ask("GET", page, headers={"Accept": "text/html"}).body)
            banners.append(time.monotonic() - begun)
            seconds, sheet = timed(lambda: other.ask("GET", f"/province/recalls/{case['id']}/lots.xlsx"))
            assert sheet.status == 200 and sheet.body[:2] == b"PK"
            whole, trace = timed(lambda: other.ask("GET", f"/province/trace?code={page}&format=xlsx"))
            assert trace.status == 200 and trace.body[:2] == b"PK", trace.status
            files.append(seconds + whole)
            installation.server.stop()
            closures.append(int(installation.rows("SELECT trace_micros FROM recall_case")[0][0]) / 1e6)
    table.add("recall: closure", closures, [], "", "s (aim 1)")
    table.add("  opened within", openings, [], "", "s")
    table.add("  banner", banners, [], "", "s (aim 5)")
    table.add("  files", files, [], "", "s (aim 10)")


def measure_closure(options):
    """Forty thousand things among five million links, beside SQLite alone."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nguon-closure-"))
    try:
        program = pathlib.Path(nguon.PROGRAM).parent / "tests/bench_genealogy"
        command = [program, folder, "40000", str(options.links), str(options.rounds)]
        print(subprocess.run(command, capture_output=True, text=True, check=True).stdout, end="", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
