#!/usr/bin/env python3
"""usage: bench/conditions.py [--ingest PATH] [--switchable PATH] [--dir DIR] [--rows N] [--requests N] [--rounds N] [CONDITION...]

Measures gatepost-ingest, beside the floor where that says more, under conditions that scripts/bench leaves out. Without a name: all but `store`,
`busy`, `purge`, `million` and `watched`.

  light    answers' median at 10 requests/s
  half     answers' p99 at half of the load that it can bear, 64 connections
  flood    what honest senders get beside a flood of forged requests
  memory   resident memory: 64 connections with 2 KB bodies, then with bodies of 512 KiB
  cgi      plain CGI: from exec to exit for an accepted event
  store    the rate with N rows (10,000,000) in the store, in turn with an empty one; takes some GB and minutes
  busy     the same while a worker drains each of the two stores, and removes what is older than its `retention`
  purge    honest senders at half load while `gatepost purge` takes N rows, at most a million, out of the same store
  million  resident memory over N requests (1,000,000)
  watched  what logs and metrics cost, traces as well, and who looks at them as well: a program that is switched to and fro while it runs, and
           started anew --rounds times (6, a minute each), since each start makes some per cent of its own. It has to be built first:
           swift build -c release --static-swift-stdlib --scratch-path .build/switchable -Xswiftc -DSWITCHABLE --product gatepost-ingest

Needs what scripts/bench needs. Exit status: 0 done, 1 an answer was not what it should be, 2 cannot run.
"""
import argparse
import concurrent.futures
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import run as bench
import worker as worker_bench
from subject import HERE, INGEST_PATH, REPOSITORY, SECRET, CannotRun, Subject, memory_mb, unit_environment

CONDITIONS = ("light", "half", "flood", "memory", "cgi", "store", "busy", "purge", "million", "watched")


def load(subject, name, seconds, connections=64, delay_ms=0, forged=False):
    """One run of wrk; with `delay_ms` each connection waits so long before each request."""
    os.environ.update(BENCH_DELAY_MS=str(delay_ms), BENCH_FORGED="1" if forged else "")
    return subject.measure(name, seconds, connections)


def rss_mb(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def environment(room):
    clean = {key: value for key, value in os.environ.items()
             if not key.startswith(("GATEPOST_", "PROVIDER_SECRETS_", "WORDPRESS_"))}
    return {**clean, **unit_environment(), "PROVIDER_SECRETS_STRIPE": f"{bench.TENANT}:{SECRET}", "GATEPOST_DB": str(room / "store.db")}


def gatepost(room, options, name="gatepost"):
    return Subject(name, room, lambda path: [options.ingest, "--socket", path], environment(room / name))


def floor(room):
    program = bench.compile_floor(room)
    return Subject("floor", room, lambda path: [program, "--threads", "144", path])


def with_subjects(make, body):
    subjects = []
    try:
        for one in make:
            subjects.append(one())
        return body(*subjects)
    finally:
        for subject in reversed(subjects):
            subject.stop()


def light(room, options):
    def times(subject, count=100):
        connection = http.client.HTTPConnection("127.0.0.1", subject.port, timeout=20)
        took = []
        for number in range(count):
            body, headers = bench.signed_event(f"evt_light{time.time_ns():x}{number}")
            start = time.perf_counter()
            connection.request("POST", subject.path, body, headers)
            answer = connection.getresponse()
            answer.read()
            took.append((time.perf_counter() - start) * 1000)
            if answer.status != 202:
                raise CannotRun(f"{subject.name} answered {answer.status}")
            time.sleep(max(0, 0.1 - (time.perf_counter() - start)))
        return statistics.median(took)

    def body(floor, gatepost):
        sync = bench.fdatasync_ms(room)["median"]
        theirs, ours = times(floor), times(gatepost)
        print(f"light: p50 at 10 requests/s {ours:.2f} ms, the floor's {theirs:.2f} ms; one fdatasync {sync:.2f} ms")
    with_subjects([lambda: floor(room), lambda: gatepost(room, options)], body)


def half(room, options):
    def body(subject):
        load(subject, "warm", 2)
        full = load(subject, "full", 5)["requests_per_second"]
        # Each of 64 connections: its wait and an answer of some 2 ms.
        delay = max(1, round(64 / (full / 2) * 1000) - 2)
        seen = load(subject, "half", 10, delay_ms=delay)
        print(f"half: {seen['requests_per_second']:,.0f} of {full:,.0f} requests/s, p50 {seen['p50_us'] / 1000:.1f} ms, "
              f"p99 {seen['p99_us'] / 1000:.1f} ms")
    with_subjects([lambda: gatepost(room, options)], body)


def flood(room, options):
    def body(subject):
        load(subject, "warm", 2)
        forged = load(subject, "forged", 5, forged=True)
        honest = load(subject, "honest", 5)
        print(f"flood: a forged request {forged['program_us']:.1f} µs of CPU, an honest one {honest['program_us']:.1f} µs")
        alone = load(subject, "alone", 8, connections=16, delay_ms=15)
        environment = {**os.environ, "BENCH_PATH": subject.path, "BENCH_SECRET": SECRET, "BENCH_RUN": "flood",
                       "BENCH_FORGED": "1", "BENCH_DELAY_MS": "0"}
        attack = subprocess.Popen(
            ["wrk", "-t1", "-c32", "-d12s", "-s", HERE / "stripe.lua", f"http://127.0.0.1:{subject.port}"],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(2)
        beside = load(subject, "beside", 8, connections=16, delay_ms=15)
        attack.wait()
        share = beside["requests_per_second"] / alone["requests_per_second"]
        print(f"flood: honest {alone['requests_per_second']:,.0f}/s alone, {beside['requests_per_second']:,.0f}/s beside it "
              f"({share:.2f}), p99 {alone['p99_us'] / 1000:.1f} and {beside['p99_us'] / 1000:.1f} ms")
    with_subjects([lambda: gatepost(room, options)], body)


def large_event(number, size=510 * 1024):
    body, _ = bench.signed_event(f"evt_large{time.time_ns():x}{number}")
    body = body[:-1] + b',"note":"' + b"x" * (size - len(body) - 11) + b'"}'
    now = int(time.time())
    signature = hmac.new(SECRET.encode(), b"%d.%s" % (now, body), hashlib.sha256).hexdigest()
    return body, {"Content-Type": "application/json", "Stripe-Signature": f"t={now},v1={signature}"}


def memory(room, options):
    def post(subject, client, count=8):
        connection = http.client.HTTPConnection("127.0.0.1", subject.port, timeout=60)
        statuses = []
        for number in range(count):
            connection.request("POST", subject.path, *large_event(client * 1000 + number))
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        return statuses

    def body(subject):
        load(subject, "memory", 8)
        small = memory_mb(subject.program.pid)
        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            statuses = [one for many in pool.map(lambda client: post(subject, client), range(64)) for one in many]
        if set(statuses) != {202}:
            raise CannotRun(f"answers {sorted(set(statuses))}")
        print(f"memory: at most {small:.0f} MB with 2 KB bodies at 64 connections, {memory_mb(subject.program.pid):.0f} MB with "
              f"512 KiB ones (64 of them are 32 MB), {rss_mb(subject.program.pid):.0f} MB afterwards")
    with_subjects([lambda: gatepost(room, options)], body)


def cgi(room, options):
    took = []
    for number in range(60):
        body, headers = bench.signed_event(f"evt_cgi{time.time_ns():x}{number}")
        meta = {"GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "POST", "REQUEST_URI": INGEST_PATH, "PATH_INFO": INGEST_PATH,
                "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "127.0.0.1",
                "HTTP_STRIPE_SIGNATURE": headers["Stripe-Signature"]}
        start = time.perf_counter()
        done = subprocess.run([options.ingest], input=body, env={**environment(room), **meta}, capture_output=True)
        took.append((time.perf_counter() - start) * 1000)
        if b"Status: 202" not in done.stdout:
            raise CannotRun(f"CGI answered {done.stdout[:100]} {done.stderr[:300]}")
    print(f"cgi: from exec to exit {statistics.median(took):.1f} ms median, {max(took[1:]):.1f} ms at most, of {len(took)}")


FILL = """
    INSERT INTO webhook_event (seq, id, source, tenant, event_type, received_at, status, signature_valid, idempotency_key, route, lane,
        created_by, request_id, headers, raw_body, settled_at)
    WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
    SELECT i << 15, printf('00000000-%04x-7000-8000-%012x', i >> 16, i), 'stripe', 'bench', 'invoice.paid', ?3 + i, 'processed', 1,
        'stripe:bench:evt_' || lower(hex(randomblob(12))), 'order-event', 'stripe:cus_' || (i % 100000), 'bench', printf('%032x', i),
        '{"content-type":"application/json"}', zeroblob(200), ?3 + i FROM n
"""


def fill(store, rows, first=1, since=0):
    """Straight into the tables, without their keys' checks for each; ids are random, as those of most providers. `since`: ms since 1970."""
    database = sqlite3.connect(store, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -1000000")
    start = time.monotonic()
    last = first + rows - 1
    for start_at in range(first, last + 1, 500_000):
        database.execute(FILL, (start_at, min(last, start_at + 499_999), since))
    database.execute("UPDATE tally_mark SET seq = (SELECT max(seq) FROM webhook_event)")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    os.sync()  # or what is written back later costs those that are measured
    print(f"store: {rows:,} rows in {time.monotonic() - start:.0f} s, {store.stat().st_size / 1e9:.1f} GB")


class Beside:
    """A program that runs again and again until the block ends, and is told to end then."""

    def __init__(self, variables, command):
        self.variables, self.command, self.ended = variables, command, threading.Event()

    def again(self):
        while not self.ended.is_set():
            with subprocess.Popen(self.command, env=self.variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
                while program.poll() is None and not self.ended.wait(0.05):
                    pass
                if program.poll() is None:
                    program.terminate()
                elif program.returncode != 0:
                    raise CannotRun(f"{self.command[0].name} ended with {program.returncode}")
            self.ended.wait(0.2)

    def __enter__(self):
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.runs = self.pool.submit(self.again)
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.runs.result()
        self.pool.shutdown()


def statuses(path):
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return dict(database.execute("SELECT status, sum(events) FROM event_count GROUP BY status").fetchall())


def busy(room, options):
    """Both stores have as much that is to be removed, and more than there is time for; the rest of the filled one is to stay."""
    store(room, options, beside=True)


def store(room, options, beside=False):
    old = 1_000_000 if beside else 0
    for name in ("empty", "filled"):
        gatepost(room, options, name).stop()
        if old:
            fill(room / name / "store.db", old)
    fill(room / "filled/store.db", options.rows, first=old + 1, since=int(time.time() * 1000) - options.rows - old)

    def again(name):
        return Subject(f"again-{name}", room, lambda path: [options.ingest, "--socket", path], environment(room / name))

    url, credentials = worker_bench.stand_in()[1]
    settings = room / "gatepost.yaml"
    settings.write_text("retention: 90d\n")

    def once(subject, folder, number):
        name = f"{int(time.time()):x}s{number}"
        if not beside:
            return load(subject, name, 5)
        variables = {**environment(room / folder), "WORDPRESS_BASE_URL": url, **credentials, "GATEPOST_CONFIG": str(settings)}
        with Beside(variables, [options.ingest.parent / "gatepost-worker", "--once"]):
            return load(subject, name, 5)

    def body(empty, filled):
        ratios, cpu = [], []
        before = {folder: statuses(room / folder / "store.db") for folder in ("empty", "filled")} if beside else {}
        for number in range(6):
            one, other = once(empty, "empty", number), once(filled, "filled", number)
            if number:
                ratios.append(other["requests_per_second"] / one["requests_per_second"])
                cpu.append(other["program_us"] / one["program_us"])
        for folder, was in before.items():
            now = statuses(room / folder / "store.db")
            print(f"busy: {folder}: " + ", ".join(f"{status} {was.get(status, 0):,} -> {count:,}" for status, count in sorted(now.items())))
        print(f"{'busy' if beside else 'store'}: with {options.rows:,} rows to none: requests/s {bench.show(bench.spread(ratios), 2)}, CPU {bench.show(bench.spread(cpu), 2)}")
    with_subjects([lambda: again("empty"), lambda: again("filled")], body)


def purge(room, options):
    filled = gatepost(room, options, "filled")
    filled.stop()
    store = room / "filled/store.db"
    fill(store, min(options.rows, 1_000_000))
    before = store.stat().st_size

    def again():
        (room / "again").mkdir()
        return Subject("again-filled", room, lambda path: [options.ingest, "--socket", path], environment(room / "filled"))

    def body(subject):
        load(subject, f"{int(time.time()):x}warm", 2)
        full = load(subject, f"{int(time.time()):x}full", 5)["requests_per_second"]
        delay = max(1, round(64 / (full / 2) * 1000) - 2)
        alone = load(subject, f"{int(time.time()):x}alone", 8, delay_ms=delay)
        removal = subprocess.Popen(
            [options.ingest.parent / "gatepost", "purge", "--older-than", "90d", "--status", "processed", "--vacuum"],
            env=environment(room / "filled"), stdout=subprocess.DEVNULL)
        beside = load(subject, f"{int(time.time()):x}beside", 8, delay_ms=delay)
        went_on = removal.poll() is None
        if removal.wait() != 0:
            raise CannotRun("gatepost purge failed")
        print(f"purge: half load {alone['requests_per_second']:,.0f}/s alone, {beside['requests_per_second']:,.0f}/s beside it, "
              f"p99 {alone['p99_us'] / 1000:.1f} and {beside['p99_us'] / 1000:.1f} ms{'' if went_on else '; it ended before: more --rows'}; "
              f"store {before / 1e6:,.0f} MB, then {store.stat().st_size / 1e6:,.0f}")
    with_subjects([again], body)


def million(room, options):
    def body(subject):
        sent, seen, round_ = 0, [], 0
        while sent < options.requests:
            sent += load(subject, f"{int(time.time()):x}m{round_}", 10)["requests"]
            round_ += 1
            seen.append(rss_mb(subject.program.pid))
        print(f"million: {sent:,} requests, resident {seen[0]:.0f} MB after the first {sent // round_:,}, {seen[-1]:.0f} MB at the end, "
              f"at most {memory_mb(subject.program.pid):.0f} MB")
    with_subjects([lambda: gatepost(room, options)], body)


class Watcher(threading.Thread):
    """What goes on beside a program that is watched: the worker takes its traces away, Prometheus and a browser look at it. Where nothing is
    traced the worker writes as often: each write of another program makes ingest read anew what it has in memory of the store."""

    def __init__(self, subject, store, traces, looks):
        super().__init__(daemon=True)
        self.subject, self.store, self.traces, self.looks = subject, store, traces, looks
        self.ended = threading.Event()

    def run(self):
        number = 0
        # Also what was left from the last time.
        self.work()
        while not self.ended.wait(1):
            number += 1
            for path in ["/metrics"] + (["/admin/"] if number % 3 == 0 else []) if self.looks else []:
                connection = http.client.HTTPConnection("127.0.0.1", self.subject.port, timeout=20)
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    print(f"watched: {path} answered {answer.status}", file=sys.stderr)
            self.work()

    def work(self):
        with contextlib.closing(sqlite3.connect(self.store, timeout=20, isolation_level=None)) as database:
            database.execute("DELETE FROM ingest_timing" if self.traces else "UPDATE pulse SET at = at")


def watched(room, options):
    program = options.switchable.resolve()
    if not program.exists():
        raise CannotRun(f"{program} is missing; bench/conditions.py --help says how it is built")
    # What each has the program do: the level that `Watching` counts.
    kinds = {
        "": 0, "logs and metrics": 1, "logs, metrics and traces": 2,
        "the same, and each second somebody reads /metrics, each third /admin/": 2,
    }
    ratios = {kind: ([], [], []) for kind in kinds}

    def start(place):
        variables = {**environment(place / "gatepost"), "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
        return Subject(
            "gatepost", place, lambda path: [program, "--socket", path], variables, options.ingest.with_name("gatepost-admin"))

    def body(subject):
        level, rounds = 2, []

        def once(kind, name):
            nonlocal level
            while level != kinds[kind]:
                subject.program.send_signal(signal.SIGUSR1)
                level = (level + 1) % 3
                time.sleep(0.05)
            watcher = Watcher(subject, subject.room / "store.db", level == 2, kind.startswith("the same"))
            watcher.start()
            try:
                load(subject, name + "a", 1)
                return load(subject, name + "b", 2)
            finally:
                watcher.ended.set()
                watcher.join()

        for number in range(5):
            rounds.append({kind: once(kind, f"{int(time.time()):x}w{number}") for kind in random.sample(list(kinds), len(kinds))})
        for kind in kinds:
            def median(of):
                return statistics.median(of(seen[kind]) / of(seen[""]) for seen in rounds[1:])
            ratios[kind][0].append(median(lambda seen: seen["requests_per_second"]))
            ratios[kind][1].append(median(lambda seen: seen["program_us"]))
            # Who takes longer has more to read next time, and is woken less often: what one saves the other may pay.
            ratios[kind][2].append(median(lambda seen: seen["program_us"] + seen["nginx_us"]))

    for number in range(options.rounds):
        place = room / str(number)
        place.mkdir()
        with_subjects([lambda: start(place)], body)
        shutil.rmtree(place)
    for kind in list(kinds)[1:]:
        rate, alone, both = (bench.show(bench.spread(each), 2) for each in ratios[kind])
        print(f"watched: {kind}: requests/s {rate} of those without, CPU of ingest {alone}, with nginx's {both}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.partition("\n")[0].removeprefix("usage: "), add_help=False)
    parser.add_argument("--help", action="store_true")
    parser.add_argument("--ingest", type=pathlib.Path, default=REPOSITORY / ".build/release/gatepost-ingest")
    parser.add_argument("--switchable", type=pathlib.Path, default=REPOSITORY / ".build/switchable/release/gatepost-ingest")
    parser.add_argument("--rounds", type=bench.whole_number(1, 100), default=6)
    parser.add_argument("--dir", type=pathlib.Path, default=pathlib.Path("/var/tmp"))
    parser.add_argument("--rows", type=bench.whole_number(1, 100_000_000), default=10_000_000)
    parser.add_argument("--requests", type=bench.whole_number(1, 100_000_000), default=1_000_000)
    parser.add_argument("conditions", nargs="*")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        return 0
    unknown = set(options.conditions) - set(CONDITIONS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(CONDITIONS)}")
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    options.ingest, options.stand_in = options.ingest.resolve(), False
    try:
        bench.check_machine(options)
        print(f"load before: {os.getloadavg()[0]:.1f}")
        for name in options.conditions or CONDITIONS[:5]:
            with tempfile.TemporaryDirectory(prefix="gatepost-bench-", dir=options.dir) as room:
                globals()[name](pathlib.Path(room).resolve(), options)
    except CannotRun as reason:
        print(f"bench: {reason}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
