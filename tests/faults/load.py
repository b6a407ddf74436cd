"""Mixed load over HTTP by clients that write down, outside the system, what they asked and what was acknowledged."""

import http.client
import json
import os
import random
import threading
import time
import uuid

import records

IMPORT_EVENTS = 20
SENT_AGAIN = 0.6  # of the unknown outcomes; the others stay unknown and must be all or nothing
RETRY_SECONDS = 0.05


class Ledger:
    """An append-only file, synced before the next step is taken. Lines: attempted, acknowledged, unknown, refused."""

    def __init__(self, file):
        self.file = open(file, "a", encoding="utf-8")
        self.lock = threading.Lock()

    def note(self, what, key, **more):
        line = json.dumps({"what": what, "key": key, **more})
        with self.lock:
            self.file.write(line + "\n")
            self.file.flush()
            os.fsync(self.file.fileno())

    def close(self):
        self.file.close()


def read_ledger(file):
    """What the file says: {key: {"kind", "outcome", "id", …}}, the outcome being the last that was noted."""
    operations = {}
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["what"] == "attempted":
                operations.setdefault(entry["key"], {**entry, "outcome": "unknown", "id": ""})
            else:
                operations[entry["key"]].update(outcome=entry["what"], id=entry.get("id", ""))
    return operations


class Faults:
    """What clients saw that must never happen."""

    def __init__(self):
        self.found = []
        self.answers = 0
        self.scans = 0
        self.lock = threading.Lock()

    def note(self, text):
        with self.lock:
            self.found.append(text)

    def count(self, what):
        with self.lock:
            setattr(self, what, getattr(self, what) + 1)


class Worker(threading.Thread):
    """One client: registers batches, records and imports events, changes batches, scans."""

    def __init__(self, number, seed, firm, ledger, faults, stopping):
        super().__init__(name=f"client-{number}")
        self.random = random.Random(f"{seed}/{number}")
        self.number = number
        self.firm = firm
        self.client = firm.installation.client(firm.key)
        self.ledger = ledger
        self.faults = faults
        self.stopping = stopping
        self.count = 0
        self.batches = []  # (id, lot), acknowledged

    def run(self):
        try:
            while not self.stopping.is_set():
                self.step()
        except Exception as error:  # pylint: disable=broad-except
            self.faults.note(f"{self.name} stopped: {error!r}")
        self.client.close()

    def step(self):
        chance = self.random.random()
        if not self.batches or chance < 0.15:
            self.register_batch()
        elif chance < 0.55:
            self.record_event()
        elif chance < 0.65:
            self.change_batch()
        elif chance < 0.68:
            self.import_events()
        else:
            self.scan()

    def new_key(self):
        self.count += 1
        return f"c{self.number}n{self.count}"

    def register_batch(self):
        key = self.new_key()
        body = {"product_id": self.firm.product, "lot": key, "quantity": "12.5", "unit": "kg"}
        if answer := self.write("batch", key, "POST", "/api/v1/batches", body, 201):
            self.batches.append((answer["id"], key))

    def record_event(self):
        key = self.new_key()
        batch, _ = self.random.choice(self.batches)
        answer = self.write("event", key, "POST", f"/api/v1/batches/{batch}/events", records.harvest(key), 201)
        if answer and self.random.random() < 0.1:
            self.look("/api/v1/events/" + answer["id"])

    def change_batch(self):
        key = self.new_key()
        batch, lot = self.random.choice(self.batches)
        body = {"lot": lot, "quantity": str(self.random.randint(1, 999)), "unit": "kg", "reason": key}
        self.write("change", key, "PUT", f"/api/v1/batches/{batch}", body, 200)

    def import_events(self):
        key = self.new_key()
        ids = [f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{key}/{n}')}" for n in range(IMPORT_EVENTS)]
        prefix = f"{self.number:03}{self.count:06}"
        document = records.epcis_document(
            ids, lambda event: [f"urn:epc:id:sgtin:8938501.000001.{prefix}{ids.index(event):02}{n}" for n in range(3)])
        self.write("import", key, "POST", "/epcis/capture", document, 202, events=ids)

    def scan(self):
        _, lot = self.random.choice(self.batches)
        self.look(f"/01/{self.firm.gtin}/10/{lot}")
        self.faults.count("scans")

    def look(self, path):
        """What was acknowledged is there for everybody from then on."""
        try:
            answer = self.client.ask("GET", path, headers={"Accept": "text/html"})
        except (OSError, http.client.HTTPException):
            self.stopping.wait(RETRY_SECONDS)
            return
        if answer.status != 200 and answer.status != 503:
            self.faults.note(f"GET {path} answered {answer.status} although it was acknowledged")

    def write(self, kind, key, method, path, body, good, **more):
        """The answer, or None. Unknown outcomes are sent again with the same key, or left unknown, by chance."""
        self.ledger.note("attempted", key, kind=kind, **more)
        headers = {"Idempotency-Key": key} if method == "POST" else {"If-Match": "*"}
        while not self.stopping.is_set():
            answer = self.ask(method, path, body, headers)
            if answer and answer.status == good:
                self.faults.count("answers")
                found = answer.json()
                self.ledger.note("acknowledged", key, id=found.get("id", ""))
                return found
            if answer and answer.status not in (409, 429, 500, 502, 503, 504):
                self.ledger.note("refused", key, status=answer.status)
                self.faults.note(f"{method} {path} with {key} answered {answer.status}: {answer.body[:300]}")
                return None
            self.ledger.note("unknown", key)
            if method == "PUT" or self.random.random() > SENT_AGAIN:
                return None
            self.stopping.wait(RETRY_SECONDS)
        return None

    def ask(self, method, path, body, headers):
        """None when nobody knows what became of it. Where nobody listens nothing was sent: asked again until somebody
        does."""
        while not self.stopping.is_set():
            try:
                return self.client.ask(method, path, body, headers)
            except ConnectionRefusedError:
                self.stopping.wait(RETRY_SECONDS)
            except (OSError, http.client.HTTPException):
                return None
        return None


class Load:
    """Clients that work until `stop`."""

    def __init__(self, firms, clients, seed, ledger_file):
        self.ledger = Ledger(ledger_file)
        self.faults = Faults()
        self.stopping = threading.Event()
        self.workers = [
            Worker(number, seed, firms[number % len(firms)], self.ledger, self.faults, self.stopping)
            for number in range(clients)
        ]
        for worker in self.workers:
            worker.start()

    def stop(self):
        self.stopping.set()
        end = time.monotonic() + 60
        for worker in self.workers:
            worker.join(max(0.0, end - time.monotonic()))
            if worker.is_alive():
                self.faults.note(f"{worker.name} hangs")
        self.ledger.close()
        return self.faults
