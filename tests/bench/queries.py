"""EPCIS queries of one enterprise: the history of one thing, and the first page of queries with one parameter, beside a tenth
of the events."""

import pathlib
import random
import tempfile
import time

import nguon
import records

DOCUMENT_EVENTS = 100
EVENT_THINGS = 10
STEPS = ("receiving", "shipping", "storing", "packing")
SINGLE = {
    "bizStep": "EQ_bizStep=receiving",
    "rare bizStep": "EQ_bizStep=destroying",
    "readPoint": "EQ_readPoint=https://id.gs1.org/414/8938505974016",
    "eventTime": "GE_eventTime=2026-02-10T00:00:00Z",
    "class pattern": "MATCH_epc=urn:epc:idpat:sgtin:8938501.000001.*",
    "quantity": "GT_quantity=7",
}


def thing(number):
    return f"urn:epc:id:sgtin:8938501.000001.{number:010}"


def document(first, count):
    """Events from number `first` on, in any order of time; one in a thousand is of a rare step."""
    whole = records.epcis_document([], None)
    chance = random.Random(first)
    for number in range(first, first + count):
        whole["epcisBody"]["eventList"].append({
            "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "destroying" if number % 1000 == 7 else STEPS[number % 4],
            "disposition": "in_progress", "readPoint": {"id": f"https://id.gs1.org/414/893850597{number % 7}016"},
            "eventTime": f"2026-02-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}:00:00.000+07:00",
            "eventTimeZoneOffset": "+07:00",
            "epcList": [thing(number * EVENT_THINGS + place) for place in range(EVENT_THINGS)]})
    return whole


def capture(client, first, last):
    for start in range(first, last, DOCUMENT_EVENTS):
        client.expect(202, "POST", "/epcis/capture", document(start, min(DOCUMENT_EVENTS, last - start)))


def ask(installation, options, key, wrk, paths):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        return wrk(installation.http_port, options.seconds, "pages.lua", file.name, "-", key)


def slowest(client, path):
    """The 99th percentile of a hundred first pages, one after another, in ms."""
    times = []
    for _ in range(100):
        begun = time.monotonic()
        client.expect(200, "GET", path)
        times.append((time.monotonic() - begun) * 1000)
    return sorted(times)[98]


def measure(options, table, wrk):
    histories, single = {"tenth": [], "all": []}, {}
    with nguon.Installation(target=False) as installation:
        installation.start_server(30)
        firm = records.Firm(installation, installation.add_key("province-operator"))
        client = installation.client(firm.key)
        done = 0
        for size, events in (("tenth", options.events // 10), ("all", options.events)):
            capture(client, done, events)
            done = events
            chance = random.Random(events)
            paths = [f"/epcis/events?MATCH_anyEPC={thing(chance.randrange(events * EVENT_THINGS))}" for _ in range(5000)]
            for _ in range(options.rounds):
                histories[size].append(ask(installation, options, firm.key, wrk, paths))
        for name, query in SINGLE.items():
            single[name] = [slowest(client, f"/epcis/events?{query}") for _ in range(options.rounds)]
    rates = {size: [rate for rate, _ in found] for size, found in histories.items()}
    table.add("history of a thing", rates["all"], rates["tenth"], "a tenth", "queries/s (aim 1,000)")
    table.add("  99th percentile", [late for _, late in histories["all"]], [], "", "ms (32 at once)")
    for name, found in single.items():
        table.add(f"page by {name}", found, [], "", "ms, 99th percentile (aim 50)")
