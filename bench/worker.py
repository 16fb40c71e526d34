#!/usr/bin/env python3
"""usage: bench/worker.py [PART...] [--events N] [--users N] [--worker PATH] [--rounds N] [--done N] [--dir DIR] [--site DIR] [--check]

Measures gatepost-worker: a backlog of Stripe events of some users, pushed to a stand-in for WordPress on 127.0.0.1 that
answers at once, or to a real one. The store is made by the worker itself and filled by Python, so that no ingest is needed. Prints
events a second from start to exit, CPU an event, and the most memory. An event that is not processed is a failure.

  drain      into the stand-in
  wordpress  into a real WordPress; before that, some events one by one over as many connections, as a simple gateway would post them
  backlog    ten times as many events, and large ones: the most memory
  done       with events in the store that are processed already, in turn with none: they must cost nothing
  wake       one event at a time: from the worker's start until WordPress has it

All of them where none is named.

  --events N      events that wait (100000)
  --users N       persons they are of (5000)
  --worker PATH   program to measure (.build/release/gatepost-worker)
  --rounds N      each with a store of its own (3)
  --done N        events that are processed already (10000000: 5 GB and some minutes)
  --dir DIR       where the store lies: a real disk, not tmpfs (/var/tmp)
  --site DIR      a WordPress that scripts/wordpress-site has brought up (made under .build where not given, and ended again)
  --check         fail under 20,000 events/s into the stand-in, under 20 times one request an event into WordPress, over 64 MB, or where
                  done events cost more than a tenth

Exit status: 0 done, 1 an event was left or --check found a figure short, 2 cannot run.
"""
import argparse
import base64
import contextlib
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import random
import shutil
import socketserver
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
TENANT = "bench"
# In the store, of an event that is done, with its job and its indexes.
BYTES_DONE = 500


class StandIn(http.server.BaseHTTPRequestHandler):
    """Answers a batch as the plugin would: every item applied."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):  # noqa: N802 - the library's name
        items = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["items"]
        results = [{"idempotency_key": item["idempotency_key"], "status": 200, "outcome": "applied", "error": None} for item in items]
        body = json.dumps({"results": results}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


def body_of(number, user, note=400):
    customer = {
        "id": f"cus_{user}", "object": "customer", "email": f"user{user}@example.com", "name": f"User {user}", "balance": number,
        "address": {"city": "Leipzig", "country": "DE", "line1": "Karl-Liebknecht-Straße 1", "postal_code": "04107"},
        "metadata": {"note": "x" * note},
    }
    event = {
        "id": f"evt_{number}", "object": "event", "api_version": "2025-01-01", "created": 1795456800, "type": "customer.updated",
        "livemode": True, "data": {"object": customer, "previous_attributes": {"balance": number - 1}},
    }
    return json.dumps(event, ensure_ascii=False).encode()


EVENT = """
    INSERT INTO webhook_event (seq, id, source, tenant, event_type, received_at, status, signature_valid, idempotency_key, route, lane,
        created_by, request_id, occurred_at, headers, raw_body)
    VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, 'user-sync', ?, 'bench', lower(hex(randomblob(16))), 1795456800000, ?, ?)"""
JOB = """
    INSERT INTO job_execution (event_seq, id, event_id, task_name, tenant, lane, status, due_at, finished_at)
    VALUES (?, ?, ?, 'user-sync', ?, ?, ?, ?, ?)"""
TALLY = """
    INSERT INTO event_tally (tenant, source, status, events) VALUES (?, 'stripe', ?, ?)
    ON CONFLICT DO UPDATE SET events = events + excluded.events"""
NUMBERS = "WITH RECURSIVE n (i) AS (SELECT :start UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :end) "
DONE_EVENTS = NUMBERS + """
    INSERT INTO webhook_event (seq, id, source, tenant, event_type, received_at, status, attempts, signature_valid, idempotency_key,
        route, lane, created_by, request_id, headers, raw_body, settled_at)
    SELECT :first + i, printf('%s-0000-7000-8000-%012d', :prefix, i), 'stripe', :tenant, 'customer.updated', :now, 'processed', 1, 1,
        printf('stripe:%s:old_%012d', :tenant, i), 'user-sync', printf('stripe:cus_%d', i * 2654435761 % :users), 'bench', 'r', :headers,
        :body, :now
    FROM n"""
DONE_JOBS = NUMBERS + """
    INSERT INTO job_execution (event_seq, id, event_id, task_name, tenant, lane, status, attempts, due_at, push_key, started_at,
        finished_at, http_status)
    SELECT :first + i, printf('job-%012d', i), printf('%s-0000-7000-8000-%012d', :prefix, i), 'user-sync', :tenant,
        printf('stripe:cus_%d', i * 2654435761 % :users), 'done', 1, :now,
        printf('%s-0000-7000-8000-%012d', :prefix, i), :now, :now, 200
    FROM n"""


def fill_done(database, done, values):
    """Events that were processed long ago, made by SQLite itself: ten million in some minutes."""
    for start in range(0, done, 250_000):
        end = min(start + 250_000, done)
        with database:
            for statement in (DONE_EVENTS, DONE_JOBS):
                database.execute(statement, {**values, "start": start, "end": end, "tenant": TENANT})
    with database:
        database.execute(TALLY, (TENANT, "processed", done))


def fill(path, count, users, done, random_source, note=400):
    """Rows as ingest writes them; those that are done come first."""
    now = int(time.time() * 1000)
    first, prefix = (now - 3_600_000) << 15, f"{now & 0xFFFFFFFF:08x}"
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute("PRAGMA synchronous = OFF")
    headers = '{"content-type":"application/json"}'
    if done:
        fill_done(database, done, {
            "now": now, "first": first, "prefix": prefix, "users": users, "headers": headers, "body": b"{}",
        })
    at_once = 10_000 if note < 10_000 else 50
    for start in range(done, done + count, at_once):
        events, jobs = [], []
        for number in range(start, min(start + at_once, done + count)):
            user, seq = random_source.randrange(users), first + number
            event_id = f"{prefix}-0000-7000-8000-{number:012d}"
            events.append((seq, event_id, "stripe", TENANT, "customer.updated", now, "queued", f"stripe:{TENANT}:{prefix}_{number}",
                           f"stripe:cus_{user}", headers, body_of(number, user, note)))
            jobs.append((seq, f"job-{prefix}-{number}", event_id, TENANT, f"stripe:cus_{user}", "waiting", now, None))
        with database:
            database.executemany(EVENT, events)
            database.executemany(JOB, jobs)
    with database:
        database.execute(TALLY, (TENANT, "queued", count))
        database.execute("UPDATE lane_cursor SET seq = ?", (first + done - 1,))
        database.execute("UPDATE tally_mark SET seq = (SELECT max(seq) FROM webhook_event)")
    database.close()
    # As ingest leaves them, on disk: or the worker's first checkpoint would wait until all of it is written.
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def one_by_one(site, count, run):
    """Events a second, each a request of its own to user-sync, over two connections that are kept."""
    address = urllib.parse.urlsplit(site["WORDPRESS_BASE_URL"])
    basic = base64.b64encode(f"{site['WORDPRESS_USER']}:{site['WORDPRESS_APP_PASSWORD']}".encode()).decode()
    refused = []

    def post(numbers):
        connection = http.client.HTTPConnection(address.hostname, address.port)
        for number in numbers:
            user = f"{run}_{number % (count // 20)}"
            payload = {
                "tenant_id": TENANT, "source": "stripe", "event_ids": [f"{run}-{number}"], "event_type": "customer.updated",
                "actor": {"id": user, "email": f"{user}@example.com", "name": f"User {number}"},
                "data": json.loads(body_of(number, number))["data"]["object"], "occurred_at": "2026-11-23T18:00:00Z",
            }
            body = json.dumps(payload).encode()
            signature = hmac.new(site["HMAC_SHARED_SECRET"].encode(), body, hashlib.sha256).hexdigest()
            connection.request("POST", "/wp-json/ai-guy/v1/user-sync", body, {
                "Content-Type": "application/json", "Authorization": f"Basic {basic}", "X-Signature": signature,
                "Idempotency-Key": f"{run}-{number}",
            })
            answer = connection.getresponse()
            answer.read()
            if not 200 <= answer.status < 300:
                refused.append(answer.status)

    threads = [threading.Thread(target=post, args=(range(first, count, 2),)) for first in (0, 1)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        sys.exit(f"worker.py: WordPress refused {len(refused)} single events: {sorted(set(refused))}")
    return count / (time.monotonic() - begun)


def site_of(folder):
    """The settings that scripts/wordpress-site has written."""
    return dict(line.split("=", 1) for line in pathlib.Path(folder, "env").read_text().splitlines() if "=" in line)


class Figures:
    """Of one run of the worker."""

    def __init__(self, events, seconds, cpu, megabytes):
        self.rate, self.cpu, self.megabytes = events / seconds, cpu / events * 1e6, megabytes

    def __str__(self):
        return f"{self.rate:>9.0f}  {self.cpu:>12.1f}  {self.megabytes:>6.1f}"


class Peak(threading.Thread):
    """The most memory that a program has held. Not getrusage's ru_maxrss: that begins with what its parent, this one, has held before
    (exec_mmap in Linux's fs/exec.c). What grows in a program's last hundredth of a second is missed."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.status, self.kilobytes, self.ended = pathlib.Path(f"/proc/{pid}/status"), 0, threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.01):
            with contextlib.suppress(OSError):
                for line in self.status.read_text().splitlines():
                    if line.startswith("VmHWM:"):
                        self.kilobytes = int(line.split()[1])

    def megabytes(self):
        self.ended.set()
        self.join()
        return self.kilobytes / 1024


class Bench:
    """What the parts share, and what they found short."""

    def __init__(self, options):
        self.options, self.random, self.short, self.left = options, random.Random(7), [], 0

    def room(self, url, credentials):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="gatepost-bench-", dir=self.options.dir))
        (folder / "gatepost.yaml").write_text("")
        (folder / "secrets.env").write_text("")
        environment = {
            "PATH": os.environ["PATH"], "GATEPOST_DB": str(folder / "gatepost.db"), "GATEPOST_CONFIG": str(folder / "gatepost.yaml"),
            "GATEPOST_SECRETS": str(folder / "secrets.env"), "PROVIDER_SECRETS_STRIPE": f"{TENANT}:whsec_bench",
            "WORDPRESS_BASE_URL": url, **credentials,
        }
        subprocess.run([self.options.worker, "--once"], env=environment, check=True)
        return folder, environment

    def run(self, folder, environment):
        with open(folder / "log", "wb") as log:
            begun = time.monotonic()
            worker = subprocess.Popen([self.options.worker, "--once"], env=environment, stderr=log)
            peak = Peak(worker.pid)
            _, status, usage = os.wait4(worker.pid, 0)
            took = time.monotonic() - begun
        if status != 0:
            sys.exit(f"worker.py: the worker ended with {status}: {(folder / 'log').read_text()[-500:]}")
        return took, usage.ru_utime + usage.ru_stime, peak.megabytes()

    def measure(self, target, **more):
        """In a store of its own."""
        folder, environment = self.room(*target)
        try:
            return self.measure_in(folder, environment, **more)
        finally:
            shutil.rmtree(folder)

    def measure_in(self, folder, environment, events=None, users=None, done=0, note=400):
        store, events = folder / "gatepost.db", events or self.options.events
        fill(store, events, users or self.options.users, done, self.random, note)
        took, cpu, megabytes = self.run(folder, environment)
        database = sqlite3.connect(store)
        left = database.execute("SELECT count(*) FROM job_execution WHERE status <> 'done'").fetchone()[0]
        database.close()
        self.left += left
        return Figures(events, took, cpu, megabytes)

    def rounds(self, name, target, **more):
        print(f"{name}\n{'round':>7}  {'events/s':>9}  {'CPU us/event':>12}  {'MB':>6}")
        figures = []
        for number in range(self.options.rounds):
            figures.append(self.measure(target, **more))
            print(f"{number + 1:>7}  {figures[-1]}", flush=True)
        return figures

    def want(self, what, found, most=None, least=None):
        if (most is not None and found > most) or (least is not None and found < least):
            self.short.append(f"{what}: {found:,.1f}, wanted {'at most' if least is None else 'at least'} {most if least is None else least:,}")


def median(figures, name):
    return statistics.median(getattr(one, name) for one in figures)


def stand_in(handler=StandIn):
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, (f"http://127.0.0.1:{server.server_address[1]}", {"HMAC_SHARED_SECRET": "shared"})


def drain(bench):
    options = bench.options
    figures = bench.rounds(f"drain: {options.events:,} events of {options.users:,} users into a stand-in", stand_in()[1])
    print(f"median {median(figures, 'rate'):,.0f} events/s")
    bench.want("drain: events/s", median(figures, "rate"), least=20_000)
    bench.want("drain: MB", max(one.megabytes for one in figures), most=64)


def wordpress(bench):
    own = None if bench.options.site else REPOSITORY / ".build/bench-site"
    try:
        if own:
            subprocess.run([REPOSITORY / "scripts/wordpress-site", "up", own], check=True, stderr=subprocess.DEVNULL)
        site = site_of(bench.options.site or own)
        credentials = {name: site[name] for name in ("WORDPRESS_USER", "WORDPRESS_APP_PASSWORD", "HMAC_SHARED_SECRET")}
        single = one_by_one(site, 400, f"bench{int(time.time())}")
        target = (site["WORDPRESS_BASE_URL"], credentials)
        figures = bench.rounds(f"wordpress: {bench.options.events:,} events of {bench.options.users:,} users into WordPress", target)
        times = median(figures, "rate") / single
        print(f"median {median(figures, 'rate'):,.0f} events/s; one request an event: {single:.0f}; {times:.0f} times as many")
        bench.want("wordpress: times one request an event", times, least=20)
        bench.want("wordpress: MB", max(one.megabytes for one in figures), most=64)
    finally:
        if own:
            subprocess.run([REPOSITORY / "scripts/wordpress-site", "down", own], check=False, stderr=subprocess.DEVNULL)


def backlog(bench):
    target, options = stand_in()[1], bench.options
    print(f"backlog: the most memory\n{'':>7}  {'events/s':>9}  {'CPU us/event':>12}  {'MB':>6}")
    for what, more in (
        (f"{options.events * 10:,} events of {options.users:,} users", {"events": options.events * 10}),
        (f"{options.events:,} events of one user", {"users": 1}),
        ("400 events of 400 users, 500 KB each", {"events": 400, "users": 400, "note": 500_000}),
        ("400 events of one user, 500 KB each", {"events": 400, "users": 1, "note": 500_000}),
    ):
        figures = bench.measure(target, **more)
        print(f"{'':>7}  {figures}  {what}", flush=True)
        bench.want(f"backlog: MB with {what}", figures.megabytes, most=64)


def done(bench):
    target, options = stand_in()[1], bench.options
    free, taken = shutil.disk_usage(options.dir).free, options.done * BYTES_DONE
    if free < taken * 1.2:
        print(f"done: left out: {options.dir} has {free / 1e9:.0f} GB free, {options.done:,} events take {taken / 1e9:.0f}; see --done")
        return
    folder, environment = bench.room(*target)
    try:
        begun = time.monotonic()
        fill(folder / "gatepost.db", 0, options.users, options.done, bench.random)
        size = (folder / "gatepost.db").stat().st_size
        print(f"done: with {options.done:,} processed events in the store ({size / 1e9:.1f} GB, made in {time.monotonic() - begun:.0f} s), and with none")
        print(f"{'':>7}  {'events/s':>9}  {'CPU us/event':>12}  {'MB':>6}")
        pairs = []
        for _ in range(options.rounds):
            pairs.append((bench.measure(target), bench.measure_in(folder, environment)))
            for name, figures in zip(("none", "many"), pairs[-1]):
                print(f"{name:>7}  {figures}", flush=True)
    finally:
        shutil.rmtree(folder)
    rate = statistics.median(many.rate / none.rate for none, many in pairs)
    cpu = statistics.median(many.cpu / none.cpu for none, many in pairs)
    print(f"many to none: {rate:.2f} of the events/s, {cpu:.2f} of the CPU")
    bench.want("done: CPU to that with none", cpu, most=1.1)
    bench.want("done: MB", max(many.megabytes for _, many in pairs), most=64)


def wake(bench):
    """What systemd's path unit waits for once it has started the worker."""
    heard = []

    class Listening(StandIn):
        def do_POST(self):  # noqa: N802 - the library's name
            super().do_POST()
            heard.append(time.monotonic())

    server, target = stand_in(Listening)
    folder, environment = bench.room(*target)
    try:
        times = []
        for number in range(30):
            fill_more(folder / "gatepost.db", number)
            begun, before = time.monotonic(), len(heard)
            bench.run(folder, environment)
            if len(heard) != before + 1:
                sys.exit("worker.py: the stand-in did not hear of the event")
            times.append((heard[-1] - begun) * 1000)
        times.sort()
        print(f"wake: from the worker's start until WordPress has answered: median {statistics.median(times):.0f} ms, at most {times[-1]:.0f}")
        bench.want("wake: median ms", statistics.median(times), most=500)
    finally:
        server.shutdown()
        shutil.rmtree(folder)


def fill_more(path, number):
    """One event behind those that are there."""
    now = int(time.time() * 1000)
    seq, event_id = now << 15, f"{now & 0xFFFFFFFF:08x}-0000-7000-8000-{number:012d}"
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = OFF")
    with database:
        database.execute(EVENT, (seq, event_id, "stripe", TENANT, "customer.updated", now, "queued", f"stripe:{TENANT}:evt_{number}",
                                 f"stripe:cus_{number}", '{"content-type":"application/json"}', body_of(number, number)))
        database.execute(JOB, (seq, f"job-{number}", event_id, TENANT, f"stripe:cus_{number}", "waiting", now, None))
        database.execute(TALLY, (TENANT, "queued", 1))
    database.close()


PARTS = {part.__name__: part for part in (drain, wordpress, backlog, done, wake)}


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=5_000)
    parser.add_argument("--done", type=int, default=10_000_000)
    parser.add_argument("--worker", default=str(REPOSITORY / ".build/release/gatepost-worker"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dir", default="/var/tmp")
    parser.add_argument("--site")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(PARTS)}")
    if not os.access(options.worker, os.X_OK):
        print(f"worker.py: no program {options.worker}; build it with make release", file=sys.stderr)
        return 2
    print(f"gatepost-worker, load before {os.getloadavg()[0]:.1f}")
    bench = Bench(options)
    for name in options.parts or PARTS:
        PARTS[name](bench)
    if bench.left:
        print(f"worker.py: {bench.left} events were left", file=sys.stderr)
    for text in bench.short:
        print(f"short: {text}")
    return 1 if bench.left or options.check and bench.short else 0


if __name__ == "__main__":
    sys.exit(main())
