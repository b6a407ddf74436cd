"""The connector's part of the benchmark: what it delivers beside a bare client, how late, and what it does to a backlog."""

import concurrent.futures
import json
import pathlib
import sqlite3
import subprocess
import threading
import time
import uuid

import nguon
import records

FIRMS = 4
EVENTS_PER_CAPTURE = 500
STEADY_RATE = 100  # records a second
INTAKE_RATE = 100  # captures a second, of one event each
BARE_MAX = 100_000  # records that the bare client posts: more of them change its rate no more
FRESH_SECONDS = 0.1  # between two records while a backlog is drained
BATCH_MAX = 200
CONNECTIONS = 8  # of the bare client: as many conversations as the connector has
DISTANCE = 20  # milliseconds that a distant portal takes longer for each answer
BASE_PATH = "/gwdev/tochuc/v5"
PATHS = {"organization": "/ToChuc_HoSo", "place": "/DiaDiem", "product": "/ToChuc_SanPham", "batch": "/ChuoiSanXuat",
         "certificate": "/ChungNhan", "event": "/SuKien"}
OFF = "[connector]\nenabled = false\n"


class Bench:
    def __init__(self, installation):
        self.installation = installation
        self.settings = installation.config.read_text(encoding="utf-8")
        self.number = 0

    def serve(self, delivers, age_seconds=0):
        """Starts anew, with the connector or without; what waits is older by then."""
        if self.installation.server:
            self.installation.server.stop()
        if age_seconds:
            self.age(age_seconds)
        self.installation.config.write_text(("" if delivers else OFF) + self.settings, encoding="utf-8")
        self.installation.start_server(30)

    def age(self, seconds):
        """Records are fresh for five minutes; a backlog is older than that."""
        with sqlite3.connect(self.installation.data / "nguon.db") as connection:
            for table in ("outbox", "delivery"):
                connection.execute(f"UPDATE {table} SET created_at = created_at - ?", (seconds * 1_000_000,))

    def query(self, sql, *values):
        file = f"file:{self.installation.data / 'nguon.db'}?mode=ro"
        with sqlite3.connect(file, uri=True, timeout=30) as connection:
            return connection.execute(sql, values).fetchall()

    def capture(self, client, count):
        self.number += 1
        ids = [f"urn:uuid:{uuid.uuid4()}" for _ in range(count)]
        places = {event: place for place, event in enumerate(ids)}
        prefix = self.number
        client.expect(202, "POST", "/epcis/capture", records.epcis_document(
            ids, lambda event: [f"urn:epc:id:sgtin:8938501.000001.{prefix:07}{places[event]:04}"]))

    def fill(self, firms, count):
        """So many records that nobody delivers yet."""
        def fill_one(firm):
            client = self.installation.client(firm.key, 120)
            left = count // len(firms)
            while left > 0:
                self.capture(client, min(left, EVENTS_PER_CAPTURE))
                left -= EVENTS_PER_CAPTURE
            client.close()

        with concurrent.futures.ThreadPoolExecutor(len(firms)) as pool:
            list(pool.map(fill_one, firms))

    def waiting(self, last_seq=2**62):
        return self.query("SELECT COUNT(*) FROM delivery WHERE state IN ('held', 'pending', 'in_flight')"
                          " AND outbox_seq <= ?", last_seq)[0][0]

    def wait_for_all(self, seconds, look_seconds=0.5):
        end = time.monotonic() + seconds
        while left := self.waiting():
            assert time.monotonic() < end, f"{left} records were not delivered in {seconds} s"
            time.sleep(look_seconds)

    def lateness(self, since):
        """Seconds from commit to receipt of what was written since, as a sorted list."""
        return [row[0] / 1e6 for row in self.query(
            "SELECT r.received_at - o.created_at FROM receipt r JOIN outbox o ON o.seq = r.outbox_seq"
            " WHERE o.created_at >= ? ORDER BY 1", since)]


def micros():
    return int(time.time() * 1e6)


def late_part(values, part):
    return values[min(len(values) - 1, int(len(values) * part))]


def keep_writing(bench, firms, stopping):
    client = bench.installation.client(firms[0].key)
    while not stopping.wait(FRESH_SECONDS):
        bench.capture(client, 1)
    client.close()


def ledger_of(installation):
    return installation.folder / "portal/ledger.jsonl"


def drain(bench, firms, count):
    """(records a second, p95 in seconds of what is written meanwhile, bytes of the portal's ledger before it)"""
    bench.serve(delivers=False)
    begun = time.monotonic()
    bench.fill(firms, count)
    print(f"a backlog of {count} records was written in {time.monotonic() - begun:.0f} s", flush=True)
    last_seq = bench.query("SELECT MAX(seq) FROM outbox")[0][0]
    backlog = bench.waiting()
    known = ledger_of(bench.installation).stat().st_size
    bench.serve(delivers=True, age_seconds=3600)
    begun = micros()
    stopping = threading.Event()
    writer = threading.Thread(target=keep_writing, args=(bench, firms, stopping))
    writer.start()
    try:
        while left := bench.waiting(last_seq):
            assert micros() - begun < count * 20_000 + 60_000_000, f"{left} of {backlog} are left"
            time.sleep(1)
    finally:
        stopping.set()
        writer.join()
    bench.wait_for_all(60)
    ended = bench.query("SELECT MAX(received_at) FROM receipt WHERE outbox_seq <= ?", last_seq)[0][0]
    fresh = bench.lateness(begun)
    return backlog / ((ended - begun) / 1e6), late_part(fresh, 0.95), known


def steady(bench, firms, seconds):
    """p95 in seconds from commit to receipt while so many records a second are written."""
    client = bench.installation.client(firms[0].key)
    since = micros()
    begun = time.monotonic()
    for number in range(seconds * 10):
        time.sleep(max(0.0, begun + number / 10 - time.monotonic()))
        bench.capture(client, STEADY_RATE // 10)
    client.close()
    bench.wait_for_all(60)
    return late_part(bench.lateness(since), 0.95)


def captures_late(bench, firm, seconds):
    """Milliseconds that 99 of 100 captures took at a steady rate."""
    client = bench.installation.client(firm.key)
    took = []
    begun = time.monotonic()
    for number in range(seconds * INTAKE_RATE):
        time.sleep(max(0.0, begun + number / INTAKE_RATE - time.monotonic()))
        asked = time.monotonic()
        bench.capture(client, 1)
        took.append((time.monotonic() - asked) * 1000)
    client.close()
    return late_part(sorted(took), 0.99)


def intake(bench, firms, options):
    """(with the portal there, without it): what captures take, one after the other; what waited goes in between."""
    there, away = [], []
    for _ in range(options.rounds):
        there.append(captures_late(bench, firms[0], options.seconds * 5))
        bench.installation.portal.stop()
        away.append(captures_late(bench, firms[0], options.seconds * 5))
        bench.installation.start_portal()
        bench.wait_for_all(600)
    return there, away


def batches_of(ledger_file, known):
    """What the portal was sent after so many bytes, in its order: lists of what it created, as the ledger has them."""
    batch, kind = [], None
    with open(ledger_file, "rb") as lines:
        lines.seek(known)
        for line in lines:
            entry = json.loads(line)
            this = None
            if entry["what"] == "created":
                this = (entry["type"], json.loads(entry["line"])["thaoTac"])
            if batch and (this != kind or len(batch) == BATCH_MAX):
                yield kind, batch
                batch = []
            kind = this
            if this:
                batch.append(entry)


def write_requests(ledger_file, known, requests_file, least):
    """The same lines again, each batch created and confirmed, up to so many; their number."""
    count = 0
    with open(requests_file, "wb") as out:
        for (kind, operation), batch in batches_of(ledger_file, known):
            if count >= least:
                break
            path = BASE_PATH + PATHS[kind]
            lines = "".join(entry["line"] + "\n" for entry in batch).encode()
            keys = json.dumps({"banGhi": [{"khoa": entry["key"], "id": entry["id"]} for entry in batch]}).encode()
            out.write(f"{'POST' if operation == 'TAO' else 'PUT'} {path} {len(lines)}\n".encode() + lines)
            out.write(f"POST {path}/XacNhan {len(keys)}\n".encode() + keys)
            count += len(batch)
    return count


def bare(installation, number, known, least, *options):
    """Records a second that a client gets rid of that has nothing else to do: those of a backlog, in the same batches, at
    a portal of its own that begins with what ours knew before it."""
    requests = installation.folder / "requests"
    ledger_file = ledger_of(installation)
    count = write_requests(ledger_file, known, requests, min(least, BARE_MAX))
    port = nguon.free_port()
    folder = installation.folder / f"bare-portal-{number}"
    folder.mkdir()
    with open(ledger_file, "rb") as entries:
        (folder / "ledger.jsonl").write_bytes(entries.read(known))
    command = [nguon.PROGRAM, "portal", "--data", folder, "--certs", installation.certs, "--listen",
               f"127.0.0.1:{port}", *options]
    portal = nguon.Process(list(map(str, command)), installation.folder / "bare-portal.log")
    program = pathlib.Path(nguon.PROGRAM).parent / "tests/bare_posts"

    def post():
        said = subprocess.run([program, str(port), installation.certs, requests, str(CONNECTIONS)],
                              capture_output=True, text=True, check=False)
        assert not said.returncode or "refused" in said.stderr, said.stderr
        return said.stdout.split()

    try:
        _, seconds = nguon.until("the bare client", post, 30)
    finally:
        portal.stop()
    return count / float(seconds)


def measure(installation, options, table):
    bench = Bench(installation)
    installation.start_portal()
    bench.serve(delivers=True)
    operator_key = installation.add_key("province-operator")
    firms = [records.Firm(installation, operator_key, number) for number in range(1, FIRMS + 1)]
    bench.wait_for_all(60)
    late = [steady(bench, firms, options.seconds * 5) for _ in range(options.rounds)]
    table.add(f"p95 at {STEADY_RATE} records/s", late, [], "", "s")
    there, away = intake(bench, firms, options)
    table.add("99 of 100 captures", away, there, "portal", "ms")
    late_always = installation.folder / "late.json"
    late_always.write_text(json.dumps([{"after": 0, "times": 2**40, "fault": "delay", "milliseconds": DISTANCE}]))
    for where, portal in (("", []), (f" over {DISTANCE} ms", ["--script", late_always])):
        installation.portal.stop()
        installation.start_portal(*portal)
        ours, theirs, fresh = [], [], []
        for number in range(options.rounds):
            rate, late, known = drain(bench, firms, options.records)
            ours.append(rate)
            fresh.append(late)
            installation.server.stop()
            theirs.append(bare(installation, f"{number}{len(portal)}", known, options.records, *portal))
        table.add("records delivered" + where, ours, theirs, "bare", "records/s")
        table.add("  p95 of fresh ones", fresh, [], "", "s")
