#!/usr/bin/env python3
"""usage: bench/worker.py [--events N] [--users N] [--worker PATH] [--rounds N] [--done N] [--dir DIR] [--site DIR]

Measures gatepost-worker: a backlog of Stripe events of some users, pushed to a stand-in for WordPress on 127.0.0.1 that
answers at once. The store is made by the worker itself and filled by Python, so that no ingest is needed. Prints events
a second from start to exit, CPU an event, and the most memory. An event that is not processed is a failure.

  --events N      events that wait (100000)
  --users N       persons they are of (5000)
  --worker PATH   program to measure (.build/release/gatepost-worker)
  --rounds N      each with a store of its own (3)
  --done N        events that are processed already (0): they must cost nothing
  --dir DIR       where the store lies: a real disk, not tmpfs (/var/tmp)
  --site DIR      push into the WordPress that scripts/wordpress-site made there instead; before that, post some events one by
                  one as a simple gateway would, over as many connections, for the ratio

Exit status: 0 done, 1 an event was left, 2 cannot run.
"""
import argparse
import base64
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


def body_of(number, user):
    customer = {
        "id": f"cus_{user}", "object": "customer", "email": f"user{user}@example.com", "name": f"User {user}", "balance": number,
        "address": {"city": "Leipzig", "country": "DE", "line1": "Karl-Liebknecht-Straße 1", "postal_code": "04107"},
        "metadata": {"note": "x" * 400},
    }
    event = {
        "id": f"evt_{number}", "object": "event", "api_version": "2025-01-01", "created": 1795456800, "type": "customer.updated",
        "livemode": True, "data": {"object": customer, "previous_attributes": {"balance": number - 1}},
    }
    return json.dumps(event, ensure_ascii=False).encode()


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
        database.execute("INSERT INTO event_tally VALUES (?, 'stripe', 'processed', ?)", (TENANT, done))


def fill(path, count, users, done, random_source):
    """Rows as ingest writes them; those that are done come first."""
    now = int(time.time() * 1000)
    first, prefix = (now - 3_600_000) << 15, f"{now & 0xFFFFFFFF:08x}"
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute("PRAGMA synchronous = OFF")
    headers = '{"content-type":"application/json"}'
    if done:
        fill_done(database, done, {
            "now": now, "first": first, "prefix": prefix, "users": users, "headers": headers, "body": body_of(0, 0),
        })
    for start in range(done, done + count, 10_000):
        events, jobs = [], []
        for number in range(start, min(start + 10_000, done + count)):
            user, seq = random_source.randrange(users), first + number
            event_id = f"{prefix}-0000-7000-8000-{number:012d}"
            events.append((seq, event_id, "stripe", TENANT, "customer.updated", now, "queued", f"stripe:{TENANT}:evt_{number}",
                           f"stripe:cus_{user}", headers, body_of(number, user)))
            jobs.append((seq, f"job-{number}", event_id, TENANT, f"stripe:cus_{user}", "waiting", now, None))
        with database:
            database.executemany(
                "INSERT INTO webhook_event (seq, id, source, tenant, event_type, received_at, status, signature_valid, idempotency_key,"
                " route, lane, created_by, request_id, headers, raw_body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, 'user-sync', ?, 'bench', 'r', ?, ?)", events)
            database.executemany(
                "INSERT INTO job_execution (event_seq, id, event_id, task_name, tenant, lane, status, due_at, finished_at)"
                " VALUES (?, ?, ?, 'user-sync', ?, ?, ?, ?, ?)", jobs)
    with database:
        database.execute("INSERT INTO event_tally VALUES (?, 'stripe', 'queued', ?)", (TENANT, count))
        database.execute("UPDATE lane_cursor SET seq = ?", (first + done - 1,))
    database.close()


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


def measure(options, url, random_source, credentials):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gatepost-bench-", dir=options.dir))
    try:
        store = folder / "gatepost.db"
        environment = {
            "PATH": os.environ["PATH"], "GATEPOST_DB": str(store), "GATEPOST_CONFIG": str(folder / "gatepost.yaml"),
            "GATEPOST_SECRETS": str(folder / "secrets.env"), "PROVIDER_SECRETS_STRIPE": f"{TENANT}:whsec_bench",
            "WORDPRESS_BASE_URL": url, **credentials,
        }
        (folder / "gatepost.yaml").write_text("")
        (folder / "secrets.env").write_text("")
        subprocess.run([options.worker, "--once"], env=environment, check=True)
        fill(store, options.events, options.users, options.done, random_source)
        with open(folder / "log", "wb") as log:
            begun = time.monotonic()
            worker = subprocess.Popen([options.worker, "--once"], env=environment, stderr=log)
            _, status, usage = os.wait4(worker.pid, 0)
            took = time.monotonic() - begun
        if status != 0:
            sys.exit(f"worker.py: the worker ended with {status}: {(folder / 'log').read_text()[-500:]}")
        database = sqlite3.connect(store)
        left = database.execute("SELECT count(*) FROM webhook_event WHERE status <> 'processed'").fetchone()[0]
        database.close()
        return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, left
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=5_000)
    parser.add_argument("--done", type=int, default=0)
    parser.add_argument("--worker", default=str(REPOSITORY / ".build/release/gatepost-worker"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dir", default="/var/tmp")
    parser.add_argument("--site")
    options = parser.parse_args()
    if not os.access(options.worker, os.X_OK):
        print(f"worker.py: no program {options.worker}; build it with make release", file=sys.stderr)
        return 2
    credentials, single = {"HMAC_SHARED_SECRET": "shared"}, None
    if options.site:
        site = site_of(options.site)
        url = site["WORDPRESS_BASE_URL"]
        credentials = {name: site[name] for name in ("WORDPRESS_USER", "WORDPRESS_APP_PASSWORD", "HMAC_SHARED_SECRET")}
        single = one_by_one(site, 400, f"bench{int(time.time())}")
        print(f"one request an event: {single:.0f} events/s")
    else:
        server = Server(("127.0.0.1", 0), StandIn)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
    random_source = random.Random(7)
    rates, lost = [], 0
    print(f"{options.events} events of {options.users} users, {options.done} done before")
    print(f"{'round':>5}  {'events/s':>9}  {'CPU us/event':>12}  {'MB':>6}")
    for number in range(options.rounds):
        took, cpu, megabytes, left = measure(options, url, random_source, credentials)
        rates.append(options.events / took)
        lost += left
        print(f"{number + 1:>5}  {rates[-1]:>9.0f}  {cpu / options.events * 1e6:>12.1f}  {megabytes:>6.1f}", flush=True)
    median = statistics.median(rates)
    print(f"median {median:.0f} events/s" + (f", {median / single:.0f} times one request an event" if single else ""))
    if lost:
        print(f"worker.py: {lost} events were left", file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
