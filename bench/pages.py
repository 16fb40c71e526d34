#!/usr/bin/env python3
"""usage: bench/pages.py [--programs DIR] [--dir DIR] [--rows N] [--check]

Measures what a page and the metrics cost over a store of N events (10,000,000) of which some wait and some are dead letters, through nginx.
Filling it takes minutes and some GB.

  --programs DIR  gatepost-admin and gatepost-ingest (.build/release)
  --dir DIR       where the store lies (/var/tmp)
  --check         fail where a page's median is over 100 ms, or that of the metrics over 50

Needs nginx. Exit status: 0 done, 1 a page failed or was too slow for --check, 2 cannot run.
"""
import argparse
import contextlib
import http.client
import os
import pathlib
import random
import sqlite3
import statistics
import sys
import tempfile
import time

import run as bench
import worker
from subject import REPOSITORY, SECRET, CannotRun, Subject, cpu_seconds

WAITING, DEAD = 5_000, 20_000
MOST_MS, MOST_MS_OF_METRICS = 100, 50


def fill(path, rows):
    start = time.monotonic()
    worker.fill(path, WAITING, 100_000, rows, random.Random(1))
    with contextlib.closing(sqlite3.connect(path)) as database:
        # The dead letters died long ago; what came since went well.
        first = database.execute("SELECT min(seq) FROM webhook_event").fetchone()[0]
        with database:
            database.execute("UPDATE webhook_event SET status = 'failed', error = 'refused: no such product' WHERE seq < ?", (first + DEAD,))
            database.execute(
                "UPDATE job_execution SET status = 'dead', cause = 'refused', error = 'no such product', http_status = 422 WHERE event_seq < ?",
                (first + DEAD,))
            database.execute("UPDATE event_tally SET events = events - ? WHERE status = 'processed'", (DEAD,))
            database.execute(worker.TALLY, (worker.TENANT, "failed", DEAD))
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"{rows + WAITING:,} events in {time.monotonic() - start:.0f} s, {path.stat().st_size / 1e9:.1f} GB")


def places(path):
    """Ids at the newest end, in the midst and at the oldest end."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        low, high = database.execute("SELECT min(seq), max(seq) FROM webhook_event").fetchone()
        rows = [database.execute("SELECT max(seq) FROM webhook_event WHERE seq <= ?", (seq,)).fetchone()[0]
                for seq in (high, (low + high) // 2, low + 100)]
        ids = [event_id(seq) for seq in rows]
        with database:
            database.executemany("UPDATE webhook_event SET id = ? WHERE seq = ?", zip(ids, rows))
            database.executemany("UPDATE job_execution SET event_id = ? WHERE event_seq = ?", zip(ids, rows))
        return ids


def event_id(sequence):
    """As the gateway makes them: the row's number is the first 63 bits but for version and variant."""
    milliseconds, low = sequence >> 15, sequence & 0x7FFF
    return f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7{low >> 3:03x}-{0x8000 | (low & 7) << 11:04x}-000000000000"


def pages(path):
    # The ids that worker.fill makes say nothing of their place: pages go by the row's number.
    newest, middle, oldest = places(path)
    return [
        ("overview", "/admin/"), ("events", "/admin/events"), ("events, in the midst", f"/admin/events?before={middle}"),
        ("events, the last page", f"/admin/events?before={oldest}"), ("events, back from there", f"/admin/events?after={oldest}"),
        ("events that wait", "/admin/events?status=queued"), ("events that are dead letters", "/admin/events?status=failed"),
        ("an event", f"/admin/events/{newest}"), ("an event, the oldest", f"/admin/events/{oldest}"),
        ("found by the provider's id", "/admin/events?text=old_000000000042"), ("found by a text", "/admin/events?text=user7"),
        ("a person", f"/admin/people?event={newest}"), ("dead letters", "/admin/dead-letters"), ("of a cause", "/admin/dead-letters?cause=refused"),
        ("confirm all", "/admin/confirm/retry?all=1&cause=refused"), ("rejected", "/admin/rejected"), ("alerts", "/admin/alerts"),
        ("secrets", "/admin/secrets"), ("settings", "/admin/settings"), ("audit", "/admin/audit"), ("metrics", "/metrics"),
        ("a text that is nowhere", "/admin/events?text=there+is+no+such+text"),
    ]


def measure(subject, path, count=20):
    connection, took, size = http.client.HTTPConnection("127.0.0.1", subject.port, timeout=60), [], 0
    for number in range(count):
        if number == 1:
            before = cpu_seconds(subject.admin.pid)
        start = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        size = len(answer.read())
        took.append((time.perf_counter() - start) * 1000)
        if answer.status != 200:
            raise CannotRun(f"{path} answered {answer.status}")
    cpu = (cpu_seconds(subject.admin.pid) - before) / (count - 1) * 1000
    return took[0], statistics.median(took), max(took[1:]), cpu, size


def main():
    parser = argparse.ArgumentParser(usage=__doc__.partition("\n")[0].removeprefix("usage: "), add_help=False)
    parser.add_argument("--help", action="store_true")
    parser.add_argument("--programs", type=pathlib.Path, default=REPOSITORY / ".build/release")
    parser.add_argument("--dir", type=pathlib.Path, default=pathlib.Path("/var/tmp"))
    parser.add_argument("--rows", type=bench.whole_number(DEAD + 1000, 100_000_000), default=10_000_000)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        return 0
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    programs = options.programs.resolve()
    slow = []
    with tempfile.TemporaryDirectory(prefix="gatepost-bench-", dir=options.dir) as folder:
        room = pathlib.Path(folder)
        variables = {"PATH": os.environ["PATH"], "GATEPOST_DB": str(room / "store.db"),
                     "PROVIDER_SECRETS_STRIPE": f"{worker.TENANT}:{SECRET}"}

        def start(name):
            return Subject(
                name, room, lambda path: [programs / "gatepost-ingest", "--socket", path], variables, programs / "gatepost-admin")

        try:
            start("empty").stop()
            fill(room / "store.db", options.rows)
            subject = start("filled")
        except (OSError, CannotRun) as reason:
            print(f"bench: {reason}", file=sys.stderr)
            return 2
        try:
            print(f"load before: {os.getloadavg()[0]:.1f}\n{'':32}{'first':>9}{'median':>9}{'most':>9}{'CPU':>9} ms{'size':>10}")
            for name, path in pages(room / "store.db"):
                first, median, most, cpu, size = measure(subject, path)
                print(f"{name:32}{first:9.1f}{median:9.1f}{most:9.1f}{cpu:9.1f}   {size / 1024:8.1f} KiB")
                limit = MOST_MS_OF_METRICS if path == "/metrics" else MOST_MS
                # The last one looks on for a second, for it has found nothing.
                if median > limit and "nowhere" not in name:
                    slow.append(f"{name}: {median:.1f} ms, wanted {limit}")
        except CannotRun as reason:
            print(f"bench: {reason}\n{subject.last_words()}", file=sys.stderr)
            return 1
        finally:
            subject.stop()
    print("\n".join(slow))
    return 1 if slow and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
