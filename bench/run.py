#!/usr/bin/env python3
"""usage: scripts/bench [--rounds N] [--seconds S] [--connections C] [--ingest PATH] [--stand-in] [--encrypted] [--dir DIR] [--json FILE] [--check]

Measures gatepost-ingest behind nginx, in turn with the floor (a C program on libfcgi that only reads and answers)
and with nginx alone, all on 127.0.0.1, every request a Stripe event with an id and a signature of its own. Then
counts what was stored: an answer of 202 without its row is a failure.

  --rounds N       rounds of each program, in turn (5)
  --seconds S      length of a round (5)
  --connections C  at once (64)
  --ingest PATH    program to measure (.build/release/gatepost-ingest)
  --stand-in       a second floor instead of gatepost-ingest: tries the benchmark itself, stores nothing
  --encrypted      gatepost-ingest a second time, with a data key
  --dir DIR        where the store lies: a real disk, not tmpfs (/var/tmp)
  --json FILE      all figures for a program to read
  --check          fail where the median ratio to the floor falls short: under 0.80 of its requests/s, over 1.7 times its CPU

Needs nginx, wrk, cc and libfcgi-dev. Exit status: 0 done, 1 an event was lost or an answer was not 202, or a ratio fell short of
--check, 2 cannot run.
"""
import argparse
import base64
import concurrent.futures
import contextlib
import ctypes
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import platform
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from subject import HERE, INGEST_PATH, NGINX_KEEPALIVE, NGINX_WORKERS, REPOSITORY, SECRET, CannotRun, Subject, memory_mb, unit_environment

TENANT = "bench"
WARM_UP_SECONDS = 1
LEAST_RATE, MOST_CPU = 0.80, 1.7


# The machine ---------------------------------------------------------------------------------------------------------


def run_text(*command):
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        return (done.stdout + done.stderr).strip()
    return ""


def sqlite_version():
    """Of the system's library, which gatepost-ingest links; Python may have its own."""
    with contextlib.suppress(OSError):
        library = ctypes.CDLL("libsqlite3.so.0")
        library.sqlite3_libversion.restype = ctypes.c_char_p
        return library.sqlite3_libversion().decode()
    return f"{sqlite3.sqlite_version} (Python's)"


def describe_machine():
    models = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    commit = run_text("git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD").splitlines()
    changed = bool(run_text("git", "-C", str(REPOSITORY), "status", "--porcelain"))
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "nginx": run_text("nginx", "-v").rpartition("/")[2],
        "sqlite": sqlite_version(),
        "commit": (commit[0] if commit and " " not in commit[0] else "none") + (" and changes" if changed else ""),
        "load_before": os.getloadavg()[0],
    }


def file_system_of(path):
    best = ("", "?")
    for line in open("/proc/self/mountinfo"):
        mount, _, tail = line.partition(" - ")
        point = mount.split()[4]
        if (str(path) + "/").startswith(point.rstrip("/") + "/") and len(point) >= len(best[0]):
            best = (point, tail.split()[0])
    return best[1]


def fdatasync_ms(directory, tries=200):
    """Append 4 KiB and wait for the disk: what every commit pays at least once."""
    took = []
    path = directory / "fsync"
    fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    for _ in range(tries):
        start = time.perf_counter()
        os.write(fd, b"x" * 4096)
        os.fdatasync(fd)
        took.append((time.perf_counter() - start) * 1000)
    os.close(fd)
    path.unlink()
    return {"median": statistics.median(took), "p99": sorted(took)[int(tries * 0.99)]}


# What is measured ----------------------------------------------------------------------------------------------------


def compile_floor(room):
    floor = room / "floor.bin"
    done = subprocess.run(
        ["cc", "-O2", "-o", floor, HERE / "floor.c", "-lfcgi", "-lpthread"], capture_output=True, text=True)
    if done.returncode != 0:
        raise CannotRun(f"the floor does not compile (libfcgi-dev?):\n{done.stderr}")
    return floor


def start_all(room, options):
    floor = compile_floor(room)
    # Each connection that nginx keeps holds a thread, idle or not: more threads than it can ever have open.
    threads = str(options.connections + NGINX_WORKERS * NGINX_KEEPALIVE + 16)
    subjects = []
    try:
        subjects.append(Subject("nginx", room))
        subjects.append(Subject("floor", room, lambda path: [floor, "--threads", threads, path]))
        if options.stand_in:
            subjects.append(Subject("gatepost", room, lambda path: [floor, "--threads", threads, path]))
        else:
            clean = {key: value for key, value in os.environ.items()
                     if not key.startswith(("GATEPOST_", "PROVIDER_SECRETS_", "WORDPRESS_"))}
            clean.update(unit_environment(), PROVIDER_SECRETS_STRIPE=f"{TENANT}:{SECRET}", GATEPOST_DB=str(room / "store.db"))
            if options.encrypted:
                sealed = dict(clean, GATEPOST_DATA_KEY=base64.b64encode(os.urandom(32)).decode(), GATEPOST_DB=str(room / "sealed.db"))
                subjects.append(Subject("encrypted", room, lambda path: [options.ingest, "--socket", path], sealed))
            subjects.append(Subject("gatepost", room, lambda path: [options.ingest, "--socket", path], clean))
    except BaseException:
        for subject in subjects:
            subject.stop()
        raise
    return subjects


# Whether anything was lost -------------------------------------------------------------------------------------------


def signed_event(event_id):
    now = int(time.time())
    body = json.dumps({"id": event_id, "object": "event", "created": now, "livemode": True, "type": "charge.succeeded",
                       "data": {"object": {"id": "ch_1", "object": "charge", "amount": 100}}}).encode()
    signature = hmac.new(SECRET.encode(), b"%d.%s" % (now, body), hashlib.sha256).hexdigest()
    return body, {"Content-Type": "application/json", "Stripe-Signature": f"t={now},v1={signature}"}


def post_some(port, prefix, count):
    """Posts over one kept connection; the ids that were answered with 202."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    stored = []
    for number in range(count):
        event_id = f"{prefix}{number:05d}"
        body, headers = signed_event(event_id)
        connection.request("POST", INGEST_PATH, body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status == 202:
            stored.append(event_id)
    connection.close()
    return stored


def named_posts(port, clients=16, each=100):
    """wrk counts answers but does not say whose they are. These do."""
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        lists = pool.map(lambda client: post_some(port, f"evt_named{client:02d}", each), range(clients))
        return [event_id for ids in lists for event_id in ids]


def audit(store, answered, named, under_way):
    """What the store has against what was promised. `under_way`: requests that wrk dropped unanswered at most."""
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    rows = database.execute("SELECT count(*) FROM webhook_event").fetchone()[0]
    keys = (f"stripe:{TENANT}:{event_id}" for event_id in named)
    missing = sum(
        database.execute("SELECT 1 FROM webhook_event WHERE idempotency_key = ?", (key,)).fetchone() is None for key in keys)
    database.close()
    return {
        "answered_202": answered, "rows": rows, "under_way_at_most": under_way, "named_answered": len(named),
        "named_missing": missing, "lost": missing > 0 or not answered <= rows <= answered + under_way,
    }


# The report ----------------------------------------------------------------------------------------------------------


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def summarise(subjects):
    figures = {}
    for subject in subjects:
        pick = lambda key, rounds=subject.rounds: spread([one[key] for one in rounds])
        figures[subject.name] = {
            "requests_per_second": pick("requests_per_second"), "p50_us": pick("p50_us"), "p99_us": pick("p99_us"),
            "program_us": pick("program_us"), "nginx_us": pick("nginx_us"), "peak_rss_mb": subject.peak_mb,
            "not_202": sum(one["not_202"] for one in subject.rounds),
            "socket_errors": sum(one["socket_errors"] for one in subject.rounds),
        }
    floor, gatepost = (next(s.rounds for s in subjects if s.name == name) for name in ("floor", "gatepost"))
    # Round against the round beside it: a neighbour's load falls on both.
    ratio = lambda key: spread([mine[key] / max(theirs[key], 1e-9) for mine, theirs in zip(gatepost, floor)])
    return figures, {"requests_per_second": ratio("requests_per_second"), "program_us": ratio("program_us")}


def show(value, digits=0, scale=1.0):
    return "{:,.{d}f} ({:,.{d}f}–{:,.{d}f})".format(
        value["median"] * scale, value["min"] * scale, value["max"] * scale, d=digits)


def print_report(report):
    machine, options = report["machine"], report["options"]
    print(f"{machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}, load before {machine['load_before']:.1f}")
    print(f"nginx {machine['nginx']}, SQLite {machine['sqlite']}, commit {machine['commit']}")
    sync = report["fdatasync_ms"]
    print(f"disk {report['file_system']}: append 4 KiB and fdatasync {sync['median']:.2f} ms median, {sync['p99']:.2f} ms p99")
    print(f"{options['rounds']} rounds of {options['seconds']} s in turn, {options['connections']} connections, 2 KB bodies, "
          "load generator on the same cores; median (lowest–highest)\n")
    heads = ("", "requests/s", "p50 ms", "p99 ms", "CPU µs/request", "nginx's µs", "peak MB")
    rows = [heads]
    for name, figure in report["programs"].items():
        alone = name == "nginx"
        rows.append((
            {"nginx": "nginx, return 202", "floor": "floor (C, libfcgi)", "gatepost": report["label"], "encrypted": "the same, encrypting"}[name],
            show(figure["requests_per_second"]), show(figure["p50_us"], 1, 1e-3), show(figure["p99_us"], 1, 1e-3),
            "" if alone else show(figure["program_us"], 1), show(figure["nginx_us"], 1),
            "" if alone else f"{figure['peak_rss_mb']:.0f}"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    for row in rows:
        print("  ".join(cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths))))
    ratios = report["gatepost_to_floor"]
    print(f"\ngatepost to floor, round by round: requests/s {show(ratios['requests_per_second'], 2)}, "
          f"CPU a request {show(ratios['program_us'], 2)}")
    if report["audit"]:
        seen = report["audit"]
        print(f"stored: {seen['rows']:,} rows for {seen['answered_202']:,} answers of 202 (up to {seen['under_way_at_most']:,} more were "
              f"under way as rounds ended); of {seen['named_answered']:,} known by name {seen['named_missing']} missing")
    for problem in report["problems"]:
        print(f"FAILED: {problem}")


def shortfalls(ratios):
    rate, cpu = ratios["requests_per_second"]["median"], ratios["program_us"]["median"]
    if rate < LEAST_RATE:
        yield f"requests/s are {rate:.2f} of the floor's, under {LEAST_RATE:.2f}"
    if cpu > MOST_CPU:
        yield f"CPU a request is {cpu:.2f} times the floor's, over {MOST_CPU:.1f}"


def problems_of(report):
    found = list(shortfalls(report["gatepost_to_floor"])) if report["options"]["check"] else []
    for name, figure in report["programs"].items():
        if figure["not_202"]:
            found.append(f"{name}: {figure['not_202']:,} answers were not 202")
        if figure["socket_errors"]:
            found.append(f"{name}: {figure['socket_errors']:,} requests got no answer")
    if report["audit"] and report["audit"]["lost"]:
        found.append("the store does not have what was answered with 202")
    if report["audit"] and report["audit"]["named_answered"] == 0:
        found.append("none of the posts known by name was accepted")
    return found


# Running it ----------------------------------------------------------------------------------------------------------


def run(options, room):
    report = {
        "machine": describe_machine(), "file_system": file_system_of(room), "fdatasync_ms": fdatasync_ms(room),
        "options": {key: getattr(options, key) for key in ("rounds", "seconds", "connections", "stand_in", "check")},
        "label": "stand-in (a floor)" if options.stand_in else "gatepost-ingest",
    }
    subjects = start_all(room, options)
    answered, runs, named = 0, 0, []
    try:
        for number in range(options.rounds + 1):
            for subject in subjects:
                seconds = options.seconds if number else WARM_UP_SECONDS
                # Ids of a round differ from every other round's, and from another benchmark's on the same store.
                seen = subject.measure(f"{int(time.time()):x}r{number}", seconds, options.connections)
                if number:
                    subject.rounds.append(seen)
                if subject.name == "gatepost":
                    answered, runs = answered + seen["statuses"].get("202", 0), runs + 1
                if subject.ended():
                    raise CannotRun(f"{subject.name} ended while it was measured; it said:\n{subject.last_words()}")
        for subject in subjects:
            subject.peak_mb = memory_mb(subject.program.pid) if subject.program else 0.0
        if not options.stand_in:
            named = named_posts(subjects[-1].port)
    finally:
        for subject in reversed(subjects):
            subject.stop()
    report["programs"], report["gatepost_to_floor"] = summarise(subjects)
    report["audit"] = None
    if not options.stand_in:
        report["audit"] = audit(room / "store.db", answered + len(named), named, runs * options.connections)
    report["rounds"] = {subject.name: subject.rounds for subject in subjects}
    report["problems"] = problems_of(report)
    return report


def whole_number(least, most):
    def parse(text):
        if not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"expected a whole number from {least} to {most}, found {text!r}")
        return int(text)
    return parse


def read_options():
    parser = argparse.ArgumentParser(usage=__doc__.partition("\n")[0].removeprefix("usage: "), add_help=False)
    parser.add_argument("--help", action="store_true")
    parser.add_argument("--rounds", type=whole_number(1, 100), default=5)
    parser.add_argument("--seconds", type=whole_number(1, 60), default=5)
    parser.add_argument("--connections", type=whole_number(2, 512), default=64)
    parser.add_argument("--ingest", type=pathlib.Path, default=REPOSITORY / ".build/release/gatepost-ingest")
    parser.add_argument("--stand-in", action="store_true")
    parser.add_argument("--encrypted", action="store_true")
    parser.add_argument("--dir", type=pathlib.Path, default=pathlib.Path("/var/tmp"))
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        sys.exit(0)
    options.ingest = options.ingest.resolve()
    return options


def check_machine(options):
    missing = [name for name in ("nginx", "wrk", "cc") if not shutil.which(name)]
    if missing:
        raise CannotRun(f"not installed: {', '.join(missing)}; apt-get install nginx-light wrk gcc libc6-dev libfcgi-dev")
    if not options.stand_in and not os.access(options.ingest, os.X_OK):
        raise CannotRun(f"{options.ingest} is not there; swift build -c release, or --ingest PATH")
    if not options.dir.is_dir():
        raise CannotRun(f"{options.dir} is not a directory")
    if file_system_of(options.dir.resolve()) in ("tmpfs", "ramfs"):
        raise CannotRun(f"{options.dir} lies in memory, where an fsync costs nothing; --dir a directory on a disk")


def leave(*_):
    sys.exit(130)


def main():
    options = read_options()
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    try:
        check_machine(options)
        with tempfile.TemporaryDirectory(prefix="gatepost-bench-", dir=options.dir) as name:
            report = run(options, pathlib.Path(name).resolve())
    except CannotRun as reason:
        print(f"bench: {reason}", file=sys.stderr)
        return 2
    print_report(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return 1 if report["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
