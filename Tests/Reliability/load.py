"""Signed events of many persons and several sources, sent until they are acknowledged, as a provider would."""
import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import random
import threading
import time

TRIES_AFTER_THE_END = 60


def mac(secret, *parts):
    return hmac.new(secret.encode(), b"".join(parts), hashlib.sha256)


class Post:
    """One request of a provider's, and what has been answered to it."""

    def __init__(self, source, body, events, headers=None):
        self.source, self.body, self.headers = source, body.encode(), headers or {}
        # Of each event in it: (person, "sync" or "order", value that WordPress must have after it or None)
        self.events = events
        self.answers = []

    def signed(self, secret, url):
        now = time.time()
        if self.source == "stripe":
            stamp = str(int(now))
            signature = {"Stripe-Signature": f"t={stamp},v1={mac(secret, stamp.encode(), b'.', self.body).hexdigest()}"}
        elif self.source == "hubspot":
            stamp = str(int(now * 1000))
            digest = mac(secret, b"POST", url.encode(), self.body, stamp.encode()).digest()
            signature = {"X-HubSpot-Signature-v3": base64.b64encode(digest).decode(), "X-HubSpot-Request-Timestamp": stamp}
        else:
            signature = {"X-Hub-Signature-256": "sha256=" + mac(secret, self.body).hexdigest()}
        return {"Content-Type": "application/json", **self.headers, **signature}


class Sender(threading.Thread):
    """Owns some persons, and sends what happens to them one after another."""

    def __init__(self, number, gateway, tenant, seed, persons, pause):
        super().__init__(daemon=True)
        self.number, self.gateway, self.tenant, self.persons, self.pause = number, gateway, tenant, persons, pause
        self.random = random.Random(f"{seed}-sender-{number}")
        self.posts, self.unanswered, self.odd = [], [], []
        self.repeats = self.failures = self.count = 0
        self.stopping = threading.Event()
        self.connection = None

    def run(self):
        while not self.stopping.is_set():
            if self.posts and self.random.random() < 0.1:
                self.repeats += self.deliver(self.random.choice(self.posts[-50:]))
            else:
                post = self.next_post()
                (self.posts if self.deliver(post) else self.unanswered).append(post)
            self.stopping.wait(self.random.uniform(0, 2 * self.pause))

    def next_post(self):
        person, kind = self.random.choice(self.persons), self.random.choices(["customer", "invoice", "contact", "sponsor"], [5, 2, 2, 1])[0]
        self.count += 1
        return getattr(self, kind)(person, f"{self.tenant}-{self.number}-{self.count}")

    def customer(self, person, name):
        customer = {"id": f"cus_{person}", "object": "customer", "email": f"{person}@example.com", "name": f"Person {name}", "plan": name}
        return self.stripe("customer.updated", name, customer, (f"stripe:cus_{person}", "sync", name))

    def invoice(self, person, name):
        invoice = {"id": f"in_{name}", "object": "invoice", "customer": f"cus_{person}", "amount_paid": 100}
        return self.stripe("invoice.paid", name, invoice, (f"stripe:cus_{person}", "order", None))

    def stripe(self, kind, name, thing, event):
        return Post("stripe", json.dumps(
            {"id": f"evt_{name}", "object": "event", "created": int(time.time()), "type": kind, "data": {"object": thing}}), [event])

    def contact(self, person, name):
        """A post with several events; ids are numbers at HubSpot."""
        contact = int(hashlib.sha256(person.encode()).hexdigest()[:12], 16)
        first = int(hashlib.sha256(name.encode()).hexdigest()[:12], 16)
        changes = [("email", f"h-{person}@example.com"), ("plan", f"{name}-a"), ("plan", f"{name}-b")]
        now = int(time.time() * 1000)
        body = [
            {"eventId": first + place, "subscriptionId": 7, "portalId": 1, "occurredAt": now - 2 + place, "attemptNumber": 0,
             "subscriptionType": "contact.propertyChange", "objectId": contact, "propertyName": field, "propertyValue": value}
            for place, (field, value) in enumerate(changes)]
        events = [(f"hubspot:{contact}", "sync", value if field == "plan" else None) for field, value in changes]
        return Post("hubspot", json.dumps(body), events)

    def sponsor(self, person, name):
        sponsor = {"id": int(hashlib.sha256(person.encode()).hexdigest()[:8], 16), "login": person}
        body = {"action": "created", "sender": sponsor, "sponsorship": {"node_id": f"S_{name}", "sponsor": sponsor}}
        headers = {"X-GitHub-Event": "sponsorship", "X-GitHub-Delivery": f"{name}"}
        return Post("github", json.dumps(body), [(f"github:{sponsor['id']}", "order", None)], headers)

    def deliver(self, post):
        """Sends until it is acknowledged; false where it never was."""
        tries = 0
        while tries < TRIES_AFTER_THE_END:
            ids = self.send(post)
            if ids is not None:
                post.answers.append(ids)
                return True
            self.failures += 1
            tries += self.stopping.is_set()
            time.sleep(self.random.uniform(0.05, 0.3))
        return False

    def send(self, post):
        path = f"/api/webhooks/{post.source}/{self.tenant}/ingest"
        authority = f"127.0.0.1:{self.gateway.port}"
        headers = post.signed(self.gateway.secrets[post.source], f"http://{authority}{path}")
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(authority, timeout=30)
            self.connection.request("POST", path, post.body, headers)
            response = self.connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            with contextlib.suppress(Exception):
                self.connection.close()
            self.connection = None
            return None
        if response.status >= 500:
            return None
        answer = json.loads(body) if response.status < 300 else {}
        ids = answer.get("event_ids") or [answer.get("event_id")]
        if response.status not in (200, 202) or len(ids) != len(post.events) or not all(ids):
            self.odd.append(f"{post.source} was answered {response.status}: {body[:200]!r}")
            return None
        return ids
