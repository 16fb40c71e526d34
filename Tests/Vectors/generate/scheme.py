"""How a provider signs, and the requests that follow from it: right ones, and each kind of wrong one.

Written from the provider's documents alone, not from Gatepost's own code, so that each can find the other's mistakes.
"""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

#: 2026-09-21T14:13:20Z, every vector's clock.
NOW = 1790000000
HOST = "https://hooks.example.com"


def compact(value):
    """JSON as most providers write it: no blanks, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def seed(text, length=32):
    """Bytes that look random and are always the same."""
    out = b""
    while len(out) < length:
        out += hashlib.sha256(f"gatepost {text} {len(out)}".encode()).digest()
    return out[:length]


def word(text, length=32):
    """A made-up secret of letters and digits."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(alphabet[byte % 62] for byte in seed(text, length))


def rfc3339(seconds, fraction=""):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"


def from_text(secret):
    return secret.encode()


def from_base64(secret):
    return base64.b64decode(secret)


def from_hex(secret):
    return bytes.fromhex(secret)


def from_whsec(secret):
    text = secret.removeprefix("whsec_")
    return base64.b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Request:
    method: str
    url: str
    headers: dict
    body: bytes

    def without(self, *names):
        gone = {name.lower() for name in names}
        return replace(self, headers={k: v for k, v in self.headers.items() if k.lower() not in gone})

    def having(self, **changes):
        return replace(self, **changes)

    def with_header(self, name, value):
        return replace(self, headers={**self.headers, name: value})


@dataclass
class Vector:
    name: str
    request: Request
    secrets: list
    expect: bool
    why: str = ""
    now: int = NOW
    #: PEM by URL, and anchors; certificate schemes only.
    certificates: dict = None
    anchors: list = None
    #: The SDK is not asked: what it would see depends on the web framework before it.
    sdk_silent: bool = False


@dataclass
class Scheme:
    id: str
    body: object
    header: str = ""
    over: str = "{body}"
    mac: str = "hmac"
    hash: str = "sha256"
    enc: str = "hex"
    prefix: str = ""
    #: Between signatures, where the header lists them.
    separator: str = None
    #: None, "s", "ms", "rfc3339", "rfc3339ns"
    time: str = None
    #: The header of the timestamp; None: within the signature, see `template`.
    time_header: str = None
    #: The signature header's text, of {ts} and {sigs}.
    template: str = "{sigs}"
    secrets: tuple = None
    key: object = from_text
    method: str = "POST"
    url: str = None
    content_type: str = "application/json"
    headers: dict = field(default_factory=dict)
    #: Whether letters of either case are hexadecimal digits here.
    any_case: bool = False
    #: Our window in seconds. None: the provider's is another; no vectors at its edge.
    window: int = 300
    #: Seconds that are surely too old.
    age: int = 3600
    #: The body is not (wholly) signed: why a changed one is still accepted.
    body_unsigned: str = ""
    #: Why the SDK thinks otherwise at the window's edge.
    edge_why: str = ""
    #: A hash that the scheme does not use.
    other_hash: str = None
    #: Several lines of the signature header are as good as one.
    lines: bool = False
    more: object = None

    def __post_init__(self):
        if not isinstance(self.body, bytes):
            self.body = compact(self.body)
        if self.secrets is None:
            self.secrets = tuple(self.secret(n) for n in ("first", "second", "other"))
        if self.url is None:
            self.url = f"{HOST}/api/webhooks/{self.id}/acme/ingest"
        if self.other_hash is None:
            self.other_hash = "sha1" if self.hash != "sha1" else "sha256"

    # What a secret looks like

    def secret(self, which):
        name = f"{self.id} {which}"
        if self.mac == "basic":
            return f"gatepost:{word(name, 20)}"
        if self.key is from_hex:
            return seed(name).hex()
        if self.key is from_base64:
            return base64.b64encode(seed(name)).decode()
        if self.key is from_whsec:
            return "whsec_" + base64.b64encode(seed(name, 24)).decode()
        if self.mac == "ed25519":
            public = self.private(which).public_key().public_bytes_raw()
            return public.hex() if self.enc == "hex" else base64.b64encode(public).decode()
        if self.mac == "ecdsa":
            der = self.private(which).public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
            return base64.b64encode(der).decode()
        return word(name)

    def private(self, which):
        if self.mac == "ed25519":
            return ed25519.Ed25519PrivateKey.from_private_bytes(seed(f"{self.id} {which}"))
        return ec.derive_private_key(int.from_bytes(seed(f"{self.id} {which}"), "big") >> 1, ec.SECP256R1())

    def private_of(self, secret):
        return self.private(("first", "second", "other")[self.secrets.index(secret)])

    # How a request comes to be

    def time_text(self, seconds):
        return {
            None: lambda: "", "s": lambda: str(seconds), "ms": lambda: str(seconds * 1000), "rfc3339": lambda: rfc3339(seconds),
            "rfc3339ns": lambda: rfc3339(seconds, ".123456789"),
        }[self.time]()

    def text(self, request, ts, secret):
        parts = []
        for literal, name in re.findall(r"([^{]*)(?:\{([^}]*)\})?", self.over):
            parts.append(literal.encode())
            if name:
                parts.append(self.part(name, request, ts, secret))
        return b"".join(parts)

    def part(self, name, request, ts, secret):
        if name in ("body", "ts", "url", "method", "secret"):
            values = {"body": request.body, "ts": ts, "url": request.url, "method": request.method, "secret": secret}
            value = values[name]
            return value if isinstance(value, bytes) else value.encode()
        return request.headers[name].encode()

    def sign(self, request, secret, ts, hash=None):
        if self.mac == "token":
            return secret
        if self.mac == "basic":
            return base64.b64encode(secret.encode()).decode()
        text = self.text(request, ts, secret)
        hash = hash or self.hash
        if self.mac == "hmac":
            code = hmac.new(self.key(secret), text, hash).digest()
        elif self.mac == "digest":
            code = hashlib.new(hash, text).digest()
        elif self.mac == "ed25519":
            code = self.private_of(secret).sign(text)
        else:
            code = self.private_of(secret).sign(text, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return self.encode(code)

    def encode(self, code):
        if self.enc == "hex":
            return code.hex()
        if self.enc == "base64":
            return base64.b64encode(code).decode()
        return base64.urlsafe_b64encode(code).decode().rstrip("=")

    def prepare(self, request, ts):
        """Puts in what is signed besides the body."""
        if self.time_header:
            request.headers[self.time_header] = ts

    def place(self, request, signatures, ts):
        listed = (self.separator or "").join(self.prefix + signature for signature in signatures)
        request.headers[self.header] = self.template.replace("{ts}", ts).replace("{sigs}", listed)

    def make(self, by=None, at=NOW, body=None, url=None, mangle=lambda s: s, hash=None, ts=None, headers=None, method=None):
        """A request signed with the secrets `by`; `mangle` spoils each signature's text."""
        request = Request(method or self.method, url or self.url, {}, self.body if body is None else body)
        if self.content_type:
            request.headers["Content-Type"] = self.content_type
        request.headers.update(self.headers)
        request.headers.update(headers or {})
        ts = self.time_text(at) if ts is None else ts
        self.prepare(request, ts)
        by = self.secrets[:1] if by is None else by
        self.place(request, [mangle(self.sign(request, secret, ts, hash)) for secret in by], ts)
        return request

    # Kinds

    def drop(self, request):
        return request.without(self.header)

    def doubled(self):
        right, wrong = self.make(), self.make(by=self.secrets[2:])
        return right.with_header(self.header, [right.headers[self.header], wrong.headers[self.header]])

    @property
    def encoded_signature(self):
        return self.mac not in ("token", "basic")

    def changed_body(self):
        at = len(self.body) // 2
        return self.body[:at] + bytes([self.body[at] ^ 1]) + self.body[at + 1:]

    def vectors(self):
        first, second, other = self.secrets
        ok = [first]
        yield Vector("valid", self.make(), ok, True)
        yield Vector("wrong-secret", self.make(), [other], False)
        yield from self.body_kinds(ok)
        yield Vector("signature-missing", self.drop(self.make()), ok, False)
        yield Vector("signature-empty", self.make(mangle=lambda s: ""), ok, False)
        yield Vector("signature-truncated", self.make(mangle=lambda s: s.rstrip("=")[:-1]), ok, False)
        yield Vector("signature-half", self.make(mangle=lambda s: s[:len(s) // 2]), ok, False)
        why = "the SDK decodes base 64 leniently; text behind the padding has no place there" if self.enc == "base64" or self.mac == "basic" else ""
        yield Vector("signature-longer", self.make(mangle=lambda s: s + "0"), ok, False, why)
        yield self.case_kind(ok)
        if self.header:
            yield Vector(
                "header-doubled", self.doubled(), ok, self.lines, "" if self.lines else "two lines where the provider sends one: which one counts is a guess",
                sdk_silent=not self.lines)
        if self.encoded_signature and self.mac in ("hmac", "digest"):
            yield Vector("other-algorithm", self.make(hash=self.other_hash), ok, False)
        if self.separator:
            yield Vector("list-right-last", self.make(by=[other, second, first]), ok, True)
            yield Vector("list-all-wrong", self.make(by=[other, second]), ok, False)
        yield Vector("rotation-signed-with-first", self.make(), [first, second], True)
        yield Vector("rotation-signed-with-second", self.make(by=[second]), [first, second], True)
        yield Vector("rotation-signed-with-third", self.make(by=[other]), [first, second], False)
        if self.time:
            yield from self.time_kinds(ok)
        if self.more:
            yield from self.more(self)

    def named_twice(self, request, first, second):
        """Two values under one name of an object, one of them signed."""
        why = "a name stands twice in one object: the last counts, as in PHP, JavaScript and Python"
        text = request.body.decode()
        assert text.count(first) == 1, self.id
        yield "name-twice-forged-last", request.having(body=text.replace(first, f"{first},{second}").encode()), False, why
        yield "name-twice-forged-first", request.having(body=text.replace(first, f"{second},{first}").encode()), True, why

    def case_kind(self, ok):
        if self.enc == "hex" and self.encoded_signature:
            return Vector(
                "signature-upper-case", self.make(mangle=str.upper), ok, self.any_case,
                "" if self.any_case else "the provider writes lower case; its text is compared as text")
        return Vector("signature-swapped-case", self.make(mangle=str.swapcase), ok, False)

    def body_kinds(self, ok):
        why = self.body_unsigned
        yield Vector("body-changed", self.make().having(body=self.changed_body()), ok, bool(why), why)
        yield Vector("body-empty", self.make().having(body=b""), ok, bool(why), why)
        yield Vector("body-longer", self.make().having(body=self.body + b"\n"), ok, bool(why), why)
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return
        dumped = json.dumps(parsed).encode()
        assert dumped != self.body, self.id
        yield Vector("body-reserialised", self.make().having(body=dumped), ok, bool(why), why)

    def time_kinds(self, ok):
        why = "the window holds both ways, also where the SDK has none or only looks back"
        yield Vector("old", self.make(at=NOW - self.age), ok, False, why)
        yield Vector("future", self.make(at=NOW + self.age), ok, False, why)
        if self.window:
            yield Vector("window-old-edge", self.make(at=NOW - self.window), ok, True, self.edge_why)
            yield Vector("window-old-past-edge", self.make(at=NOW - self.window - 1), ok, False, why)
            yield Vector("window-future-edge", self.make(at=NOW + self.window), ok, True)
            yield Vector("window-future-past-edge", self.make(at=NOW + self.window + 1), ok, False, why)
        unread = "a time that cannot be read cannot be judged, also where the SDK does not read it"
        right, late = self.make(), self.make(at=NOW - 10)
        if self.time_header:
            yield Vector("timestamp-swapped", right.with_header(self.time_header, late.headers[self.time_header]), ok, False)
            yield Vector("timestamp-missing", right.without(self.time_header), ok, False)
            yield Vector("timestamp-empty", self.make(ts=""), ok, False, unread)
            two = [right.headers[self.time_header], late.headers[self.time_header]]
            yield Vector("timestamp-doubled", right.with_header(self.time_header, two), ok, False, sdk_silent=True)
        elif self.header:
            text = right.headers[self.header].replace(self.time_text(NOW), self.time_text(NOW - 10))
            yield Vector("timestamp-swapped", right.with_header(self.header, text), ok, False)
            yield Vector("timestamp-empty", self.make(ts=""), ok, False)
        if self.header:
            yield Vector("timestamp-not-a-number", self.make(ts="yesterday"), ok, False, unread)
            yield Vector("timestamp-negative", self.make(ts="-1"), ok, False, unread)
            yield Vector("timestamp-huge", self.make(ts="9" * 30), ok, False, unread)
