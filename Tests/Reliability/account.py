"""Holds what was acknowledged against what is stored, and what is stored against what WordPress has."""
import collections
import contextlib
import sqlite3


class Account:
    """Figures and faults of one round. All that is named in `faults` is wrong; each has its first examples beside it."""

    def __init__(self, gateway, site, senders, tenant, began_ms, keys_before):
        self.faults = {}
        self.acknowledged = {}  # our id -> (lane, kind, value), each event once
        self.lost = self.doubled = 0
        self.read_answers(senders)
        with contextlib.closing(sqlite3.connect(f"file:{gateway.database}?mode=ro", uri=True)) as store:
            self.jobs = store.execute(
                "SELECT e.id, e.seq, e.status, j.lane, j.push_key, j.task_name, j.cause FROM webhook_event e"
                " LEFT JOIN job_execution j ON j.event_seq = e.seq WHERE e.signature_valid = 1 ORDER BY e.seq").fetchall()
            self.counted, self.counts = (set(store.execute(query).fetchall()) for query in (
                "SELECT tenant, source, status, count(*) FROM webhook_event GROUP BY tenant, source, status",
                "SELECT tenant, source, status, events FROM event_count WHERE events <> 0"))
            self.integrity = store.execute("PRAGMA integrity_check").fetchone()[0]
        if self.integrity != "ok":
            self.fault("the store is damaged", [self.integrity])
        self.stored = {row[0]: row for row in self.jobs}
        self.check_store(senders)
        self.check_keys(site, began_ms, keys_before)
        self.check_orders(site, tenant)
        self.check_persons(site)

    def fault(self, what, examples, lost=False, doubled=False):
        examples = list(examples)
        if examples:
            self.faults[what] = (len(examples), examples[:3])
            self.lost += len(examples) * lost
            self.doubled += len(examples) * doubled

    def read_answers(self, senders):
        changing = []
        for sender in senders:
            for post in sender.posts:
                changing += [post.answers] if any(answer != post.answers[0] for answer in post.answers) else []
                for event, one_id in zip(post.events, post.answers[0]):
                    self.acknowledged[one_id] = event
        self.fault("one event has two ids", changing, doubled=True)

    def check_store(self, senders):
        """Acknowledged is stored, once; what is stored was sent; and all of it is pushed."""
        self.fault("acknowledged and not stored", self.acknowledged.keys() - self.stored.keys(), lost=True)
        cut_off = sum(len(post.events) for sender in senders for post in sender.unanswered)
        unknown = self.stored.keys() - self.acknowledged.keys()
        if len(unknown) > cut_off:
            self.fault("stored and never acknowledged", unknown, doubled=True)
        self.fault("counts that are not those of the rows", self.counts ^ self.counted)
        self.fault("stored and not in effect", [row[:7] for row in self.jobs if row[2] != "processed"], lost=True)

    def check_keys(self, site, began_ms, keys_before):
        """A push's key stands for exactly its events: by both sides' books together every event took effect once."""
        pushed = collections.Counter(row[4] for row in self.jobs if row[2] == "processed")
        there = {key: int(count) for key, count in site.query(
            f"SELECT idempotency_key, event_count FROM wp_gatepost_keys WHERE created_at >= {began_ms}") if key not in keys_before}
        self.fault("WordPress has not done these pushes", pushed.keys() - there.keys(), lost=True)
        self.fault("WordPress has done pushes that the store does not know", there.keys() - pushed.keys(), doubled=True)
        self.fault("a push's events are others at WordPress",
                   [(key, count, there[key]) for key, count in pushed.items() if there.get(key, count) != count], doubled=True)
        self.in_effect = sum(count for key, count in there.items() if key in pushed)
        self.pushes = len(pushed)
        first = {}
        for row in self.jobs:
            first.setdefault(row[4], (row[3], row[1]))
        done = [key for (key,) in site.query("SELECT idempotency_key FROM wp_gatepost_arrivals"
                f" WHERE outcome IN ('applied', 'queued', 'stale') AND arrived_at >= {began_ms} ORDER BY id")]
        self.check_order("pushes of one lane out of order", [first[key] for key in done if key in first])

    def check_order(self, what, done):
        """`done`: (lane, row number) in the order in which WordPress did it."""
        latest, wrong = {}, []
        for lane, sequence in done:
            if sequence < latest.get(lane, 0):
                wrong.append((lane, sequence))
            latest[lane] = max(sequence, latest.get(lane, 0))
        self.fault(what, wrong, doubled=True)

    def check_orders(self, site, tenant):
        """Each order event is one row, worked on, in its lane's order, and its listener has heard of it."""
        sent = {row[0] for row in self.jobs if row[5] == "order-event"}
        rows = site.query(f"SELECT event_id, status FROM wp_gatepost_orders WHERE tenant = '{tenant}' ORDER BY id")
        count = collections.Counter(one_id for one_id, _ in rows)
        self.fault("order events that WordPress has not", sent - count.keys(), lost=True)
        self.fault("order events that it has and the store has not", count.keys() - sent, doubled=True)
        self.fault("order events that it has twice", [one_id for one_id, times in count.items() if times > 1], doubled=True)
        self.fault("order events that nobody has worked on", [row for row in rows if row[1] != "done"], lost=True)
        self.check_order("order events of one lane out of order",
                         [(self.stored[one_id][3], self.stored[one_id][1]) for one_id, _ in rows if one_id in self.stored])
        told = collections.Counter(one_id for (one_id,) in site.query("SELECT event_id FROM wp_gatepost_told"))
        self.fault("order events that no listener heard of", sent - told.keys(), lost=True)
        self.orders = len(sent)
        # Allowed: PHP can die between the listener's work and its own note of it.
        self.told_again = sum(times - 1 for one_id, times in told.items() if one_id in sent)

    def check_persons(self, site):
        """Each person is one user, and has the last event's value."""
        last = {}
        for one_id, row in self.stored.items():
            lane, kind, value = self.acknowledged.get(one_id, (row[3], "", None))
            if kind == "sync" and value is not None:
                last[lane] = value
        metas = collections.defaultdict(list)
        for source in ("stripe", "hubspot"):
            for person, plan in site.query(
                    f"SELECT i.meta_value, COALESCE(p.meta_value, '') FROM wp_usermeta i LEFT JOIN wp_usermeta p"
                    f" ON p.user_id = i.user_id AND p.meta_key = 'gatepost_plan' WHERE i.meta_key = 'gatepost_id_{source}'"):
                metas[f"{source}:{person}"].append(plan)
        self.persons = len(last)
        self.fault("persons without a user", [lane for lane in last if not metas[lane]], lost=True)
        self.fault("persons with two users", [(lane, metas[lane]) for lane in last if len(metas[lane]) > 1], doubled=True)
        self.fault("persons who have not the last event's value",
                   [(lane, metas[lane], value) for lane, value in last.items() if metas[lane] and metas[lane] != [value]], lost=True)
