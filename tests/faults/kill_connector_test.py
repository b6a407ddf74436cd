#!/usr/bin/python3
"""kill -9 of the connector at twelve named points, against a real practice portal: `nguon serve` on SQLite, `nguon
sync` on PostgreSQL. No record has a second effect, no attempt is charged, nothing is lost, and the log verifies.

    kill_connector_test.py [--engine sqlite|postgres] [--rounds N] [--point NAME]

The points are seen from outside: by a gate before the portal, by the store, and by a trigger that holds a transaction.
TESTS_NIGHTLY=1 goes ten rounds.
"""

import argparse
import faulthandler
import json
import os
import pathlib
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import gate  # noqa: E402
import nguon  # noqa: E402
import oracle  # noqa: E402
import records  # noqa: E402
import store_hold  # noqa: E402

NIGHTLY_ROUNDS = 10
EVENTS = 4  # in one transaction, so that they go out as one batch
START_SECONDS = 30
REACH_SECONDS = 20
DRAIN_SECONDS = 30
POINT_SECONDS_MAX = 60  # on the average; then the test ends with a traceback
RESOURCES = {"events": "/SuKien", "version": "/ChuoiSanXuat"}


class Subject:
    """The installation, the process that is killed, and what enterprises write meanwhile."""

    def __init__(self, installation):
        self.installation = installation
        gate_port = installation.portal_port  # as the settings name it
        installation.portal_port = nguon.free_port()
        installation.start_portal()
        self.gate = gate.Gate(gate_port, installation.portal_port, installation.certs)
        self.hold = (store_hold.PostgresHold if installation.database else store_hold.SqliteHold)(installation)
        self.sync = None
        installation.start_server(START_SECONDS)
        self.operator_key = installation.add_key("province-operator")
        self.firm = records.Firm(installation, self.operator_key)
        if installation.database:
            self.start()
        client = installation.client(self.firm.key)
        self.batch = client.expect(201, "POST", "/api/v1/batches", {
            "product_id": self.firm.product, "lot": "LO-1", "quantity": "1", "unit": "kg"})["id"]
        client.close()
        self.written = 0
        self.drain()

    def start(self):
        """Until the connector leads."""
        before = self.epoch()
        self.launch()
        nguon.until("the connector to lead", lambda: self.epoch() > before, START_SECONDS)
        nguon.until("the server to be ready", self.installation.is_ready, START_SECONDS)

    def launch(self):
        """The process with the connector; `serve` on PostgreSQL has none."""
        if self.installation.database:
            command = [nguon.PROGRAM, "sync", *self.installation.options()]
            self.sync = nguon.Process(list(map(str, command)), self.installation.log)
        else:
            self.installation.server = nguon.Process(self.installation.serve_command(), self.installation.log)

    @property
    def process(self):
        return self.sync if self.installation.database else self.installation.server

    def kill(self):
        assert self.process.is_running(), "it ended by itself"
        self.process.kill()
        self.hold.killed()

    def stop(self):
        for process in (self.sync, self.installation.server):
            if process:
                assert process.stop() == 0, "it did not stop cleanly"

    def one(self, sql):
        return self.installation.rows(sql)[0]

    def epoch(self):
        return int(self.one("SELECT COALESCE(MAX(epoch), 0) FROM lease WHERE name = 'connector'")[0])

    def write(self, kind):
        """Something new for the portal: events of one transaction, or a version of a batch."""
        self.written += 1
        client = self.installation.client(self.firm.key)
        if kind == "events":
            ids = [f"urn:uuid:{uuid.uuid4()}" for _ in range(EVENTS)]
            things = lambda event: [f"urn:epc:id:sgtin:8938501.000001.{self.written:06}{ids.index(event)}"]  # noqa: E731
            client.expect(202, "POST", "/epcis/capture", records.epcis_document(ids, things))
        else:
            change = {"lot": "LO-1", "quantity": str(self.written + 1), "unit": "kg", "reason": f"r{self.written}"}
            client.expect(200, "PUT", f"/api/v1/batches/{self.batch}", change, {"If-Match": "*"})
        client.close()

    def waiting(self):
        """Deliveries that have not ended."""
        return int(self.one("SELECT COUNT(*) FROM delivery WHERE state NOT IN ('delivered', 'superseded', 'excluded')")[0])

    def in_flight(self, condition):
        return int(self.one(f"SELECT COUNT(*) FROM delivery WHERE state = 'in_flight' AND {condition}")[0]) > 0

    def drain(self):
        nguon.until("everything to arrive", lambda: self.waiting() == 0, DRAIN_SECONDS)

    def reach(self, what, found):
        nguon.until(what, found, REACH_SECONDS)


def at_gate(*stops, store=None, refuses=False):
    """A point that the gate sees, and the store confirms. "*" stands for the resource."""
    def point(subject, kind):
        resource = RESOURCES[kind]
        subject.gate.stop_at(*((station, path.replace("*", resource)) for station, path in stops), refuses=refuses)
        subject.write(kind)
        subject.reach(f"the gate to hold at {stops}", subject.gate.reached.is_set)
        if store:
            assert subject.in_flight(store), f"nothing is in flight where {store}"
    return point


def connecting(subject, kind):
    with gate.ClosedDoor(subject.gate) as door:
        subject.write(kind)
        subject.reach("a SYN without an answer", door.callers)
        assert subject.in_flight("wire IS NULL")
        subject.kill()


def answer_read(subject, kind):
    """The receipts are written, their transaction is not at its end."""
    subject.hold.arm("receipt", subject.epoch())
    subject.write(kind)
    subject.reach("the store to be held while it settles", subject.hold.is_reached)


def settled(subject, kind):
    subject.write(kind)
    subject.reach("the receipts to be there", lambda: subject.waiting() == 0)


def signing(subject, kind):
    """The log is signed when a lifetime begins; what the last one delivered is still unsigned."""
    subject.write(kind)
    subject.drain()
    subject.hold.arm("delivery_log_checkpoint", subject.epoch() + 1)
    subject.kill()
    subject.launch()
    subject.reach("the store to be held while the log is signed", subject.hold.is_reached)


POINTS = {
    "claimed": at_gate(("accepted", ""), store="wire IS NULL"),
    "connecting": connecting,
    "tls_done": at_gate(("shaken", ""), store="wire IS NULL"),
    "frozen": at_gate(("answered", "/sso/token"), ("accepted", ""), store="wire IS NOT NULL"),
    "request_half_sent": at_gate(("half_sent", "*"), store="wire IS NOT NULL"),
    "request_sent": at_gate(("sent", "*"), store="wire IS NOT NULL"),
    "between_create_and_confirm": at_gate(("answered", "*"), ("accepted", ""), store="wire IS NOT NULL"),
    "answer_half_read": at_gate(("half_answered", "*/XacNhan"), store="wire IS NOT NULL"),
    "answer_read": answer_read,
    "settled": settled,
    "mid_bisect": at_gate(("refused", "*"), ("half_sent", "*"), refuses=True, store="wire IS NOT NULL"),
    "signing": signing,
}


def kill_at(subject, name, kind):
    begun = time.monotonic()
    subject.kill()  # a point begins with a connector that has not signed in yet
    subject.start()
    POINTS[name](subject, kind)
    if subject.process.is_running():
        subject.kill()
    subject.gate.release()
    subject.start()
    subject.drain()
    charged = subject.one("SELECT COALESCE(SUM(attempts), 0) FROM delivery")[0]
    assert charged == "0", f"{charged} attempts were charged"
    print(f"{name} ({kind}): {time.monotonic() - begun:.1f} s", flush=True)


def verify(subject):
    """What the portal, the store and the log say once nobody works any more."""
    subject.hold.disarm()
    subject.stop()
    snapshot = oracle.read_snapshot(subject.installation)
    found = [*oracle.numbers(snapshot), *oracle.whole_transactions(snapshot), *oracle.deliveries(snapshot)]
    found += [f"integrity: {line}" for line in snapshot.integrity]
    assert not found, "\n".join(found[:50])
    summary = json.loads(subject.installation.run("verify").stdout.splitlines()[-1])
    delivered = sum(1 for delivery in snapshot.deliveries if delivery[1] == "delivered")
    print(f"{delivered} records delivered, {summary['checkpoints']} checkpoints", flush=True)
    assert summary["findings"] == 0 and summary["entries"] == summary["covered"] == delivered, summary
    snapshot.portal["records"][0]["effects"] = 2
    assert list(oracle.deliveries(snapshot)), "a second effect would not be noticed"


def check(installation, options):
    subject = Subject(installation)
    names = [options.point] if options.point else list(POINTS)
    for round_number in range(options.rounds):
        for number, name in enumerate(names):
            # A batch that is refused as a whole has several records.
            odd = (number + round_number) % 2 == 1 and name != "mid_bisect"
            kill_at(subject, name, "version" if odd else "events")
    verify(subject)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=NIGHTLY_ROUNDS if os.environ.get("TESTS_NIGHTLY") else 1)
    parser.add_argument("--point", choices=POINTS)
    options = parser.parse_args()
    faulthandler.dump_traceback_later(POINT_SECONDS_MAX * len(POINTS) * options.rounds, exit=True)
    if options.engine == "sqlite":
        with nguon.Installation() as installation:
            check(installation, options)
        return
    alone = "[connector]\nenabled = false\n"
    with nguon.PostgresDatabase() as database, nguon.Installation(database, alone) as installation:
        check(installation, options)


if __name__ == "__main__":
    main()
