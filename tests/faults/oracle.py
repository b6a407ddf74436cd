"""Compares what clients were told with what system and portal hold afterwards. Pure: all of it comes as values."""

import collections
import dataclasses


@dataclasses.dataclass
class Snapshot:
    """What the store and the portal hold, as lists of texts."""

    batches: list  # lot, id
    events: list  # seq, id, event_id, body
    versions: list  # record id, version, reason
    operations: list  # key
    outbox: list  # seq, type, id, version, idempotency key
    deliveries: list  # outbox seq, state, hold
    receipts: list  # outbox seq, payload sha256
    indexed: set  # seq of every event that the index knows
    counters: dict  # name -> value
    integrity: list  # what the engine's own check says
    portal: dict  # the portal's /ledger


def read_snapshot(installation):
    """Of an installation that nobody serves and a portal that answers."""
    rows = installation.rows
    return Snapshot(
        batches=rows("SELECT lot, id FROM batch"),
        events=rows("SELECT seq, id, event_id, body FROM event ORDER BY seq"),
        versions=rows("SELECT record_id, version, reason FROM record_version"),
        operations=[row[0] for row in rows("SELECT key FROM operation")],
        outbox=rows("SELECT seq, aggregate_type, aggregate_id, version, idempotency_key FROM outbox ORDER BY seq"),
        deliveries=rows("SELECT outbox_seq, state, hold FROM delivery"),
        receipts=rows("SELECT outbox_seq, payload_sha256 FROM receipt"),
        indexed={row[0] for row in rows("SELECT DISTINCT event_seq FROM event_identifier")},
        counters=dict(rows("SELECT name, value FROM counter")),
        integrity=[] if installation.database else [
            row[0] for row in rows("PRAGMA integrity_check") if row[0] != "ok"
        ] + [f"foreign key: {row}" for row in rows("PRAGMA foreign_key_check")],
        portal=installation.portal_ledger(),
    )


def compare(ledger, snapshot):
    """Every fault, as a line of text; none when nothing was lost, doubled, torn or invented."""
    faults = [f"integrity: {line}" for line in snapshot.integrity]
    faults += writes(ledger, snapshot)
    faults += numbers(snapshot)
    faults += whole_transactions(snapshot)
    faults += deliveries(snapshot)
    return faults


def writes(ledger, snapshot):
    """Acknowledged: there once, with the id that was told. Unknown: there once or not at all. Refused: not there."""
    lots = collections.defaultdict(list)
    for lot, batch in snapshot.batches:
        lots[lot].append(batch)
    notes = collections.defaultdict(list)
    event_ids = collections.Counter()
    for _, event, event_id, body in snapshot.events:
        event_ids[event_id] += 1
        mark = body.find('"nguon:note":"')
        if mark >= 0:
            notes[body[mark + 14 : body.index('"', mark + 14)]].append(event)
    reasons = collections.Counter(reason for _, _, reason in snapshot.versions if reason)
    done = {key.removeprefix("api ") for key in snapshot.operations}

    for key, operation in ledger.items():
        kind = operation["kind"]
        if kind == "import":
            counts = [event_ids[event] for event in operation["events"]]
            found = 1 if all(count == 1 for count in counts) else 0 if not any(counts) else sum(counts)
            ids = [operation["id"]] * found
        elif kind == "change":
            found = reasons[key]
            ids = [operation["id"]] * found
        else:
            ids = (lots if kind == "batch" else notes)[key]
            found = len(ids)
        outcome = operation["outcome"]
        if outcome == "acknowledged" and (found != 1 or ids[0] != operation["id"]):
            yield f"{kind} {key} was acknowledged as {operation['id'] or 'done'}, but there is {found}: {ids}"
        if outcome == "unknown" and found > 1:
            yield f"{kind} {key} has an unknown outcome, but there are {found}: {ids}"
        if outcome == "refused" and found:
            yield f"{kind} {key} was refused, but there is {found}: {ids}"
        if kind != "change" and (key in done) != (found > 0):
            yield f"{kind} {key}: its operation is {'kept' if key in done else 'missing'}, but there is {found}"

    for what, known in (("batch", set(lots)), ("event", set(notes)), ("change", set(reasons))):
        kinds = {key for key, operation in ledger.items() if operation["kind"] == what}
        for key in known - kinds:
            if key.startswith("c") and "n" in key:
                yield f"{what} {key} is there, but nobody asked for it"


def numbers(snapshot):
    """Numbers of events and of the outbox have no gaps, and their counters agree."""
    for name, rows in (("event", snapshot.events), ("outbox", snapshot.outbox)):
        taken = [int(row[0]) for row in rows]
        if sorted(taken) != list(range(1, len(taken) + 1)):
            missing = sorted(set(range(1, max(taken, default=0) + 1)) - set(taken))
            yield f"{name}: numbers have gaps: {missing[:20]}"
        if int(snapshot.counters.get(name, 0)) != max(taken, default=0):
            yield f"{name}: the counter says {snapshot.counters.get(name)}, the newest is {max(taken, default=0)}"


def whole_transactions(snapshot):
    """Every version and every event stands in the outbox, once, with its index rows and deliveries."""
    sent = collections.Counter((kind, entity, version) for _, kind, entity, version, _ in snapshot.outbox)
    for seq, event, _, _ in snapshot.events:
        if sent[("event", event, "1")] != 1:
            yield f"event {event} stands {sent[('event', event, '1')]} times in the outbox"
        if seq not in snapshot.indexed:
            yield f"event {event} has no index row"
    versions = collections.Counter((entity, version) for _, entity, version in
                                   ((kind, entity, version) for _, kind, entity, version, _ in snapshot.outbox))
    for record, version, _ in snapshot.versions:
        if versions[(record, version)] != 1:
            yield f"version {version} of {record} stands {versions[(record, version)]} times in the outbox"
    delivering = collections.Counter(seq for seq, _, _ in snapshot.deliveries)
    for seq, kind, entity, version, _ in snapshot.outbox:
        if delivering[seq] != 1:
            yield f"outbox {seq} ({kind} {entity} {version}) has {delivering[seq]} deliveries"


def deliveries(snapshot):
    """Conservation, and every delivered record once at the portal with the receipt we keep."""
    states = collections.Counter(state for _, state, _ in snapshot.deliveries)
    known = {"held", "pending", "in_flight", "delivered", "refused", "parked", "superseded", "excluded"}
    if sum(states.values()) != len(snapshot.outbox) or set(states) - known:
        yield f"conservation: {len(snapshot.outbox)} were created, deliveries are {dict(states)}"
    for state in ("pending", "in_flight", "refused", "parked", "held"):
        if states[state]:
            yield f"{states[state]} deliveries are {state} after everything was repaired"

    receipts = dict(snapshot.receipts)
    keys = {seq: key for seq, _, _, _, key in snapshot.outbox}
    state_of = {seq: state for seq, state, _ in snapshot.deliveries}
    at_portal = collections.Counter(record["key"] for record in snapshot.portal["records"])
    record_of = {record["key"]: record for record in snapshot.portal["records"]}
    for violation in snapshot.portal["violations"]:
        yield f"the portal says: {violation}"
    for seq, state in state_of.items():
        key = keys.get(seq)
        if state == "delivered" and seq not in receipts:
            yield f"outbox {seq} is delivered without a receipt"
        if state == "delivered" and at_portal[key] != 1:
            yield f"outbox {seq} is delivered, but stands {at_portal[key]} times at the portal"
        elif state == "delivered" and (record_of[key]["effects"] != 1 or not record_of[key]["confirmed"]):
            yield f"outbox {seq} is delivered, but the portal has it as {record_of[key]}"
        elif state == "delivered" and receipts.get(seq) not in (None, record_of[key]["sha256"]):
            yield f"outbox {seq}: the receipt is about other bytes than the portal holds"
        if state != "delivered" and seq in receipts:
            yield f"outbox {seq} has a receipt, but is {state}"
    for key in set(at_portal) - set(keys.values()):
        yield f"the portal holds {key}, which was never sent from here"
