#!/usr/bin/python3
"""kill -9 of server and practice portal at random moments under mixed load: nothing is lost, doubled or torn.

    kill_server_test.py [--engine sqlite|postgres] [--kills N] [--seed N]

At the end the same comparison runs over planted losses and must find each: a check that cannot turn red is worth
nothing. TESTS_NIGHTLY=1 kills ten times as often.
"""

import argparse
import copy
import faulthandler
import os
import pathlib
import random
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import load  # noqa: E402
import nguon  # noqa: E402
import oracle  # noqa: E402
import records  # noqa: E402

KILLS = {"sqlite": 50, "postgres": 10}
NIGHTLY_FACTOR = 10
FIRMS = 4
CLIENTS = 12
UPTIME_SECONDS = (0.02, 1.0)  # from ready, or from the last kill, to the next kill
DRAIN_SECONDS = 120
ORPHAN_SECONDS = 10
KILL_SECONDS_MAX = 6  # on the average; a run that takes longer than its kills allow is ended with a traceback


class PortalKiller(threading.Thread):
    """Kills the portal so many times, at moments of its own."""

    def __init__(self, installation, kills, seed):
        super().__init__(name="portal-killer")
        self.installation = installation
        self.left = kills
        self.random = random.Random(f"{seed}/portal")
        self.fault = ""

    def run(self):
        while self.left > 0:
            time.sleep(self.random.uniform(0.1, 2.0))
            if not self.installation.portal.is_running():
                self.fault = "the portal ended by itself"
                return
            self.installation.portal.kill()
            self.installation.start_portal()
            self.left -= 1


def kill_server(installation, kills, chance):
    """Returns the seconds that each start took; one that takes longer than READY_SECONDS_MAX fails."""
    starts = []
    for number in range(kills):
        time.sleep(chance.uniform(*UPTIME_SECONDS))
        workers = installation.server.children()
        assert installation.server.is_running(), "the server ended by itself"
        installation.server.kill()
        starts.append(installation.start_server())
        gone = lambda: not any(is_worker(pid, installation) for pid in workers)  # noqa: E731
        nguon.until(f"the workers of kill {number} to end", gone, ORPHAN_SECONDS)
    return starts


def is_worker(pid, installation):
    """Whether a worker of the killed server still runs; the pid may belong to somebody else by now."""
    if installation.server and pid in installation.server.children():
        return False
    try:
        return b"file-worker" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def drain(installation, operator_key):
    """Both sides are up for good: everything arrives, and the server's own account of it is right."""
    installation.server.stop()  # its breaker may be waiting for a portal that it saw dead
    installation.start_server()
    operator = installation.client(operator_key)

    def settled():
        target = operator.expect(200, "GET", "/api/v1/province/sync")["targets"][0]
        counts = target["counts"]
        assert target["conserved"], f"conservation does not hold: {target}"
        return not any(counts.get(state) for state in ("pending", "in_flight")) and target

    begun = time.monotonic()
    last = nguon.until("every record to arrive at the portal", settled, DRAIN_SECONDS)
    operator.close()
    assert installation.server.stop() == 0, "the server did not stop cleanly"
    return time.monotonic() - begun, last["counts"]


def planted_losses(ledger, snapshot):
    """(name, ledger, snapshot), each with one fault that must be found."""
    def changed(change):
        other = copy.deepcopy(snapshot)
        change(other)
        return other

    told = next(o for o in ledger.values() if o["kind"] == "event" and o["outcome"] == "acknowledged")
    lot = next(k for k, o in ledger.items() if o["kind"] == "batch" and o["outcome"] == "acknowledged")
    event = next(row for row in snapshot.events if row[1] == told["id"])
    seq = next(row for row in snapshot.outbox if row[2] == told["id"])[0]

    def without(rows, *row):
        return [other for other in rows if other not in row]

    def lose_event(s):
        s.events = without(s.events, event)

    def lose_event_without_trace(s):
        """Everything of the newest acknowledged event, as if its commit had never been synced."""
        newest = next(row for row in reversed(s.events) if '"nguon:note"' in row[3] and is_told(row[1]))
        s.events = without(s.events, newest)
        s.operations = without(s.operations, "api " + next(k for k, o in ledger.items() if o["id"] == newest[1]))
        s.outbox = [row for row in s.outbox if row[2] != newest[1]]

    def is_told(identifier):
        return any(o["id"] == identifier and o["outcome"] == "acknowledged" for o in ledger.values())

    def lose_batch(s):
        s.batches = [row for row in s.batches if row[0] != lot]

    def double_batch(s):
        s.batches = s.batches + [[lot, "another"]]

    def lose_outbox(s):
        s.outbox = [row for row in s.outbox if row[0] != seq]

    def lose_delivery(s):
        s.deliveries = [row for row in s.deliveries if row[0] != seq]

    def lose_receipt(s):
        s.receipts = [row for row in s.receipts if row[0] != seq]

    def portal_forgets(s):
        s.portal["records"] = s.portal["records"][1:]

    def portal_doubles(s):
        s.portal["records"][0]["effects"] = 2

    def stays_pending(s):
        s.deliveries[0] = [s.deliveries[0][0], "pending", ""]

    def lose_index(s):
        s.indexed = s.indexed - {event[0]}

    for change in (lose_event, lose_event_without_trace, lose_batch, double_batch, lose_outbox, lose_delivery,
                   lose_receipt, portal_forgets, portal_doubles, stays_pending, lose_index):
        yield change.__name__, ledger, changed(change)
    invented = {key: operation for key, operation in ledger.items() if key != lot}
    yield "nobody_asked", invented, snapshot


def check(installation, options):
    installation.start_portal()
    installation.start_server(30)  # the first start makes the database
    operator_key = installation.add_key("province-operator")
    firms = [records.Firm(installation, operator_key, number) for number in range(1, FIRMS + 1)]
    ledger_file = installation.folder / "clients.jsonl"
    clients = load.Load(firms, CLIENTS, options.seed, ledger_file)
    portal_killer = PortalKiller(installation, options.kills, options.seed)
    portal_killer.start()
    try:
        starts = kill_server(installation, options.kills, random.Random(options.seed))
        portal_killer.join()
    finally:
        portal_killer.left = 0
        portal_killer.join()
        faults = clients.stop()
    drained, counts = drain(installation, operator_key)

    ledger = load.read_ledger(ledger_file)
    snapshot = oracle.read_snapshot(installation)
    found = faults.found + list(oracle.compare(ledger, snapshot))
    found += [portal_killer.fault] if portal_killer.fault else []
    outcomes = [operation["outcome"] for operation in ledger.values()]
    print(f"{options.engine}: {options.kills} kills of each; {len(ledger)} writes attempted, "
          f"{outcomes.count('acknowledged')} acknowledged, {outcomes.count('unknown')} unknown; {faults.scans} scans; "
          f"{len(snapshot.events)} events, {len(snapshot.outbox)} outbox rows, deliveries {counts}; "
          f"start at most {max(starts):.2f} s; drained in {drained:.1f} s")
    assert outcomes.count("acknowledged") >= options.kills, "too little load to mean anything"
    assert not found, "\n".join(found[:50])
    missed = [name for name, told, held in planted_losses(ledger, snapshot) if not list(oracle.compare(told, held))]
    assert not missed, f"planted losses that were not found: {missed}"
    print("every planted loss was found")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    if not options.kills:
        options.kills = KILLS[options.engine] * (NIGHTLY_FACTOR if os.environ.get("TESTS_NIGHTLY") else 1)
    faulthandler.dump_traceback_later(KILL_SECONDS_MAX * options.kills + DRAIN_SECONDS, exit=True)
    print(f"seed {options.seed}", flush=True)
    if options.engine == "sqlite":
        with nguon.Installation() as installation:
            check(installation, options)
        return
    with nguon.PostgresDatabase() as database, nguon.Installation(database) as installation:
        check(installation, options)


if __name__ == "__main__":
    main()
