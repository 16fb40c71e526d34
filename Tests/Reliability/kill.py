#!/usr/bin/env python3
"""usage: scripts/test-kill [--rounds N] [--seconds S] [--every S] [--seed N] [--only PROGRAMS] [--site DIR] [--programs DIR] [--keep]

Runs nginx, gatepost-ingest, gatepost-worker and a real WordPress under signed events, ends them by SIGKILL at random
instants, starts them again as systemd would, waits until it is quiet, and holds the books against each other: every
acknowledged event stored once, every stored event in effect once, in each person's order.

  --rounds N       rounds of load, each followed by quiet and an account (3)
  --seconds S      length of a round's load (60)
  --every S        mean time between two kills (0.5)
  --seed N         of the events and of the instants (1); when the machine gets round to them is its own affair
  --only PROGRAMS  of ingest,worker,php,mariadb, all where not given
  --senders N      providers that send at one time (6)
  --workers N      worker loops side by side (2)
  --site DIR       a site that scripts/wordpress-site has brought up (made under .build where not given, and ended again)
  --programs DIR   where the built programs are (.build/debug)
  --keep           leaves logs and store where they are

Exit status: 0 nothing lost and nothing doubled, 1 something was, 2 cannot run.
"""
import argparse
import contextlib
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import threading
import time

from account import Account
from load import Sender
from programs import REPOSITORY, CannotRun, Gateway, Site, until

PROGRAMS = {"ingest": 8, "worker": 8, "php": 6, "mariadb": 0.4}
PERSONS = 40
QUIET_SECONDS = 300


class Killer(threading.Thread):
    """Ends a program chosen at random, at a random instant, again and again."""

    def __init__(self, gateway, site, only, every, seed):
        super().__init__(daemon=True)
        self.gateway, self.site, self.every = gateway, site, every
        self.names = [name for name in PROGRAMS if name in only]
        self.random = random.Random(f"{seed}-killer")
        self.counts = dict.fromkeys(self.names, 0)
        self.stopping = threading.Event()
        self.error = None

    def run(self):
        try:
            while not self.stopping.wait(self.random.uniform(0, 2 * self.every)):
                name = self.random.choices(self.names, [PROGRAMS[name] for name in self.names])[0]
                self.counts[name] += self.strike(name)
        except (CannotRun, OSError, subprocess.SubprocessError) as error:
            self.error = f"the killer stopped: {error}"

    def strike(self, name):
        if name == "ingest":
            return self.gateway.ingest.kill()
        if name == "worker":
            return self.random.choice(self.gateway.workers).kill()
        if name == "php":
            return self.site.kill_php(self.random)
        return self.site.kill_mariadb(away=self.random.uniform(0, 1))


def count(gateway, where):
    with contextlib.closing(sqlite3.connect(f"file:{gateway.database}?mode=ro", uri=True, timeout=20)) as store:
        return store.execute(f"SELECT count(*) FROM webhook_event WHERE {where}").fetchone()[0]


def become_quiet(gateway, site, tenant):
    """Waits until nothing is under way. Gives how many dead letters it has had tried again, as an operator would.

    A push that four workers have died on is a dead letter by design, so that it ends nobody else; in a test that kills workers
    all the time that is no event's fault.
    """
    revived = 0
    with contextlib.suppress(CannotRun):
        end = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < end:
            until("nothing is queued", QUIET_SECONDS, lambda: count(gateway, "status = 'queued'") == 0)
            dead = count(gateway, "status = 'failed'")
            if dead == 0:
                break
            gateway.gatepost("dlq", "retry", "--all")
            revived += dead
        # What a PHP that was killed had claimed is its own for five minutes. Let them be over.
        site.query(f"UPDATE wp_gatepost_orders SET claimed_until = 0, due_at = 0 WHERE tenant = '{tenant}' AND status = 'pending'")
        site.query("DELETE FROM wp_options WHERE option_name = '_transient_doing_cron'")
        until("WP-Cron has worked on all", QUIET_SECONDS, lambda: site.query(
            f"SELECT COUNT(*) FROM wp_gatepost_orders WHERE tenant = '{tenant}' AND status = 'pending'") == [["0"]])
    return revived


def play(options, site, number):
    """One round: load and kills, quiet, the account."""
    seed = f"{options.seed}-{number}"
    # Its own in every run, so that one site can serve many.
    tenant = f"kill{os.getpid()}-{number}"
    began_ms = int(time.time() * 1000)
    keys_before = {key for (key,) in site.query("SELECT idempotency_key FROM wp_gatepost_keys")}
    site.query("DELETE FROM wp_gatepost_told")
    gateway = Gateway(site, tenant, options)
    failed = True
    try:
        senders = [Sender(place, gateway, tenant, seed, [f"{tenant}-{person}" for person in range(place, PERSONS, options.senders)], 0.03)
                   for place in range(options.senders)]
        killer = Killer(gateway, site, options.only, options.every, seed)
        for thread in [*senders, killer]:
            thread.start()
        time.sleep(options.seconds)
        # The killer first: it leaves nothing that is not up again.
        for thread in [killer, *senders]:
            thread.stopping.set()
        for thread in [killer, *senders]:
            thread.join(120)
        revived = become_quiet(gateway, site, tenant)
        account = Account(gateway, site, senders, tenant, began_ms, keys_before)
        for sender in senders:
            account.fault(f"odd answers to sender {sender.number}", sender.odd, lost=True)
        account.fault("ends that nobody asked for", [text for kept in [gateway.ingest, *gateway.workers] for text in kept.surprises], lost=True)
        account.fault("the test itself", [killer.error] if killer.error else [], lost=True)
        failed = bool(account.faults)
        return account, killer, senders, revived, gateway.folder
    finally:
        gateway.stop(keep=options.keep or failed)


COLUMNS = ("round", "ingest", "worker", "php", "mariadb", "requests", "refused", "repeats", "acked", "stored", "in effect", "pushes", "orders",
           "told again", "revived", "lost", "doubled")


def line(cells):
    return "  ".join(str(cell).rjust(len(name)) for cell, name in zip(cells, COLUMNS))


def figures(account, killer, senders, revived):
    requests = sum(len(post.answers) for sender in senders for post in sender.posts)
    return [*(killer.counts.get(name, 0) for name in PROGRAMS), requests, sum(sender.failures for sender in senders),
            sum(sender.repeats for sender in senders), len(account.acknowledged), len(account.stored), account.in_effect, account.pushes,
            account.orders, account.told_again, revived, account.lost, account.doubled]


def run(options, site):
    print(f"kills by program, then what became of the events; seed {options.seed}")
    print(line(COLUMNS), flush=True)
    total, faulty = None, 0
    for number in range(1, options.rounds + 1):
        account, killer, senders, revived, folder = play(options, site, number)
        cells = figures(account, killer, senders, revived)
        total = [one + other for one, other in zip(total, cells)] if total else cells
        print(line([number, *cells]), flush=True)
        for what, (times, examples) in account.faults.items():
            faulty += 1
            print(f"  FAULT {what}: {times}, such as {examples}; see {folder}", flush=True)
    print(line(["all", *total]))
    print(f"kills: {sum(total[:len(PROGRAMS)])}; {'nothing lost, nothing doubled' if not faulty else 'NOT WELL'}")
    return 1 if faulty else 0


def options_of(arguments):
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PROGRAMS))
    parser.add_argument("--senders", type=int, default=6)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--site", type=pathlib.Path)
    parser.add_argument("--programs", type=pathlib.Path, default=REPOSITORY / ".build/debug")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args(arguments)
    if unknown := set(options.only) - PROGRAMS.keys():
        parser.error(f"--only: {', '.join(sorted(unknown))} is none of {', '.join(PROGRAMS)}")
    return options


def main():
    options = options_of(sys.argv[1:])
    wordpress = [REPOSITORY / "scripts/wordpress-site"]
    own = None if options.site else REPOSITORY / ".build/kill-site"
    try:
        for program in ("gatepost-ingest", "gatepost-worker", "gatepost"):
            if not os.access(options.programs / program, os.X_OK):
                raise CannotRun(f"there is no {options.programs / program}; build it first")
        if own:
            subprocess.run([*wordpress, "up", own], check=True)
        site = Site(options.site or own)
        try:
            return run(options, site)
        finally:
            site.leave()
    except (CannotRun, OSError, subprocess.SubprocessError) as error:
        print(f"test-kill: {error}", file=sys.stderr)
        return 2
    finally:
        if own:
            subprocess.run([*wordpress, "down", own], check=False)


if __name__ == "__main__":
    sys.exit(main())
