"""Reads of damaged pictures beside other programs, for tests/bench/run."""

import collections
import pathlib
import statistics
import subprocess

import nguon

READERS = ("nguon", "zxing", "zbarimg")

Reading = collections.namedtuple("Reading", "there right wrong micros")


def readings(options):
    """{(damage, symbology, number): {reader: Reading}}; micros -1: the reader's process died."""
    program = pathlib.Path(nguon.PROGRAM).parent / "tests/bare_pictures"
    said = subprocess.run([program, "0", str(options.rounds)], capture_output=True, text=True, check=True).stdout
    shots = collections.defaultdict(dict)
    for line in said.splitlines():
        damage, symbology, number, reader, *numbers = line.split()
        shots[damage, symbology, number][reader] = Reading(*map(int, numbers))
    return shots


def print_reads(title, groups):
    """One line a group: codes there, and of each reader codes read, codes that are not there, processes that died."""
    print(f"\n{title:26}{'codes':>6}" + "".join(f"{reader:>9}{'false':>6}{'died':>5}" for reader in READERS))
    for name, shots in groups.items():
        there = sum(shot["nguon"].there for shot in shots)
        columns = ""
        for reader in READERS:
            of_reader = [shot[reader] for shot in shots]
            columns += (f"{sum(one.right for one in of_reader):>9}{sum(one.wrong for one in of_reader):>6}"
                        f"{sum(one.micros < 0 for one in of_reader):>5}")
        print(f"{name:26}{there:>6}{columns}")


def measure(options, table):
    shots = readings(options)
    for title, part in (("damage", 0), ("symbol", 1)):
        groups = collections.defaultdict(list)
        for key, shot in shots.items():
            groups[key[part]].append(shot)
        if part == 1:
            groups["all"] = list(shots.values())
        print_reads(title, groups)

    misses = {reader: sum(shot[reader].there - shot[reader].right for shot in shots.values()) for reader in READERS}
    beaten = [key for key, shot in shots.items()
              if shot["nguon"].right < max(shot[reader].right for reader in READERS[1:])]
    print(f"\nmissed: {misses}; aim: at most half of {min(misses['zxing'], misses['zbarimg'])}")
    print(f"pictures where another reader read more: {[' '.join(key) for key in beaten]}")

    lived = [shot for shot in shots.values() if shot["zxing"].micros >= 0]
    alike = [shot for shot in lived if shot["zxing"].right == shot["zxing"].there]
    for name, group in (("search, all it survived", lived), ("search, what it read", alike)):
        times = {reader: [shot[reader].micros / 1000 for shot in group] for reader in ("nguon", "zxing")}
        table.add(name, times["nguon"], times["zxing"], "zxing", "ms")
