"""Chat, telephony and video."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, urlsplit

from mail import form, form_bodies, url_kinds
from scheme import NOW, Scheme, Vector, compact, seed


def slack_more(scheme):
    ok = [scheme.secrets[0]]
    body = form([
        ("token", "gIkuvaNzQIHg97ATvDxqgjtO"), ("team_id", "T0001"), ("team_domain", "example"), ("user_id", "U2147483697"),
        ("user_name", "zoë"), ("command", "/weather"), ("text", "94070 + fog & 20% \"rain\""), ("trigger_id", "13345224609.738474920.8088930838d88f008e0")])
    right = scheme.make(body=body).with_header("Content-Type", "application/x-www-form-urlencoded")
    yield Vector("form-slash-command", right, ok, True)
    yield Vector("form-other-escapes", right.having(body=body.replace(b"+", b"%20")), ok, False, "the form's bytes are signed")
    yield Vector("form-field-added", right.having(body=body + b"&x=1"), ok, False)
    payload = form([("payload", json.dumps({"type": "block_actions", "user": {"id": "U1", "name": "Zoë"}, "actions": []}))])
    yield Vector("form-interaction", scheme.make(body=payload).with_header("Content-Type", "application/x-www-form-urlencoded"), ok, True)
    challenge = compact({"token": "Jhj5dZrVaK7ZwHHjRyZWjbDl", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P", "type": "url_verification"})
    yield Vector("url-verification", scheme.make(body=challenge), ok, True)
    mac = scheme.make().headers[scheme.header]
    yield Vector("version-v1", scheme.make().with_header(scheme.header, mac.replace("v0=", "v1=")), ok, False)
    yield Vector("prefix-missing", scheme.make().with_header(scheme.header, mac[3:]), ok, False)
    raw = hmac.new(bytes.fromhex(ok[0]), b"v0:%d:" % NOW + scheme.body, "sha256").hexdigest()
    yield Vector("key-hex-decoded", scheme.make().with_header(scheme.header, "v0=" + raw), ok, False)


# Twilio

@dataclass
class Twilio(Scheme):
    def text(self, request, ts, secret):
        text = request.url
        if "form" in request.headers.get("Content-Type", ""):
            fields = {}
            for name, value in parse_qsl(request.body.decode(), keep_blank_values=True):
                fields.setdefault(name, set()).add(value)
            text += "".join(name + value for name in sorted(fields) for value in sorted(fields[name]))
        return text.encode()

    def body_kinds(self, ok):
        right = self.make()
        yield Vector("body-changed", right.having(body=right.body.replace(b"Hallo", b"Hullo")), ok, False)
        yield Vector("body-empty", right.having(body=b""), ok, False)
        yield Vector("form-field-added", right.having(body=right.body + b"&Extra=1"), ok, False)
        yield Vector("form-field-dropped", right.having(body=right.body.split(b"&", 1)[1]), ok, False)
        yield Vector("form-other-escapes", right.having(body=right.body.replace(b"+", b"%20")), ok, True,
                     "the form's decoded fields are signed, not its bytes")
        yield Vector("form-reordered", right.having(body=b"&".join(reversed(right.body.split(b"&")))), ok, True, "the fields are sorted first")
        yield Vector("form-boundary-moved", self.make(body=b"Body=Xy&From=1").having(body=b"BodyX=y&From=1"), ok, True,
                     "nothing stands between a name and its value: the scheme's own weakness")
        for name, body in form_bodies("Body").items():
            yield Vector(name, self.make(body=body), ok, True)
        yield Vector("form-repeated-names", self.make(body=b"MediaUrl=b&MediaUrl=a&MediaUrl=b&Body=x"), ok, True)
        joined = self.make(body=b"MediaUrl=b&Body=x").having(body=b"MediaUrl=b&MediaUrl=b&Body=x")
        yield Vector("form-value-doubled", joined, ok, True, "of equal values one is signed, as in Twilio's library")


def twilio_more(scheme):
    ok = [scheme.secrets[0]]
    yield from url_kinds(scheme)
    bare, ported = scheme.url, scheme.url.replace(".com/", ".com:443/")
    other = scheme.url.replace(".com/", ".com:8443/")
    yield Vector("port-signed-with-called-without", scheme.make(url=ported).having(url=bare), ok, True)
    yield Vector("port-signed-without-called-with", scheme.make(url=bare).having(url=ported), ok, True)
    yield Vector("port-other-signed-without", scheme.make(url=bare).having(url=other), ok, True)
    yield Vector("port-other-signed-with", scheme.make(url=other), ok, True)
    yield Vector("port-other-signed-as-443", scheme.make(url=ported).having(url=other), ok, False)
    plain = bare.replace("https", "http")
    yield Vector("http-port-80", scheme.make(url=plain.replace(".com/", ".com:80/")).having(url=plain), ok, True)
    yield Vector("http-for-https", scheme.make(url=bare).having(url=plain), ok, False)
    body = compact({"ContentSid": "HX0001", "To": "+15005550006", "note": "für Zoë"})
    digest = hashlib.sha256(body).hexdigest()

    def called(url, body=body, by=None):
        request = scheme.make(by=by, url=url, body=b"")
        mac = scheme.encode(hmac.new((by or ok)[0].encode(), url.encode(), "sha1").digest())
        return request.having(body=body).with_header("Content-Type", "application/json").with_header(scheme.header, mac)

    url = f"{bare}?bodySHA256={digest}"
    yield Vector("json-valid", called(url), ok, True)
    yield Vector("json-query-beside", called(f"{bare}?a=1&bodySHA256={digest}"), ok, True)
    yield Vector("json-body-changed", called(url, body=body.replace(b"Zo", b"Xo")), ok, False)
    yield Vector("json-wrong-secret", called(url, by=[scheme.secrets[2]]), ok, False)
    unbound = "without bodySHA256 in the URL nothing binds the body"
    yield Vector("json-without-digest", called(bare), ok, False, unbound)
    yield Vector("json-digest-empty", called(f"{bare}?bodySHA256="), ok, False, unbound)
    yield Vector("json-digest-upper-case", called(f"{bare}?bodySHA256={digest.upper()}"), ok, False)
    yield Vector("json-digest-twice", called(f"{bare}?bodySHA256={digest}&bodySHA256={'0' * 64}"), ok, False,
                 "which of the two counts is a guess; the URL is signed, so Twilio never sends this")
    yield Vector("form-type-over-json", called(url).with_header("Content-Type", "application/x-www-form-urlencoded"), ok, False,
                 "as a form its text is a field, and that is not signed")
    upper = scheme.make().with_header("Content-Type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8")
    yield Vector("form-type-with-charset", upper, ok, True)
    strong = scheme.make(hash="sha256").with_header(
        "X-Twilio-Webhooks-Signature-Settings", "key=webhooks_sharedkey_0001,algorithm=HMAC_SHA256")
    yield Vector("shared-key-sha256", strong, ok, True, "the settings header names SHA-256")
    weak = scheme.make().with_header("X-Twilio-Webhooks-Signature-Settings", "key=webhooks_sharedkey_0001,algorithm=HMAC_SHA256")
    yield Vector("shared-key-sha1-under-sha256", weak, ok, False)


# Ed25519

def discord_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    name = scheme.header
    yield Vector("public-key-upper-case", right, [ok[0].upper()], True)
    zero = "0" * 128
    yield Vector("signature-of-zeros", right.with_header(name, zero), ok, False)
    r, s = bytes.fromhex(right.headers[name])[:32], bytes.fromhex(right.headers[name])[32:]
    order = 2**252 + 27742317777372353535851937790883648493
    twin = (r + (int.from_bytes(s, "little") + order).to_bytes(32, "little")).hex()
    yield Vector("signature-malleable", right.with_header(name, twin), ok, False, "s must be below the group's order (RFC 8032, 5.1.7)")
    ping = b'{"application_id":"1234560123453231555","type":0,"version":1}'
    yield Vector("ping", scheme.make(body=ping), ok, True)
    yield Vector("ping-wrongly-signed", scheme.make(body=ping, by=scheme.secrets[2:]), ok, False, "Discord probes with these and wants 401")


# Tokens

def telegram_more(scheme):
    ok = [scheme.secrets[0]]
    yield Vector("token-with-blank", scheme.make(mangle=lambda s: s + " x"), ok, False)


# Plivo: URL with sorted query, fields, nonce

def plivo_text(request, nonce):
    """As plivo-python 4.63.0 writes it: query and fields decoded, sorted by name, then by value."""
    parts = urlsplit(request.url)
    fields = parse_qs(request.body.decode(), keep_blank_values=True) if "form" in request.headers["Content-Type"] else {}
    query = parse_qs(parts.query, keep_blank_values=True)
    text = f"{parts.scheme}://{parts.netloc}{parts.path}"
    pairs = "&".join(f"{name}={value}" for name in sorted(query) for value in sorted(query[name]))
    if pairs or fields:
        text += "?" + pairs
    if pairs and fields:
        text += "."
    text += "".join(name + value for name in sorted(fields) for value in sorted(fields[name]))
    return f"{text}.{nonce}".encode()


@dataclass
class Plivo(Scheme):
    def text(self, request, ts, secret):
        return plivo_text(request, request.headers["X-Plivo-Signature-V3-Nonce"])

    def body_kinds(self, ok):
        right = self.make()
        yield Vector("body-changed", right.having(body=right.body.replace(b"ringing", b"running")), ok, False)
        yield Vector("body-empty", right.having(body=b""), ok, False)
        yield Vector("form-field-added", right.having(body=right.body + b"&Extra=1"), ok, False)
        yield Vector("form-reordered", right.having(body=b"&".join(reversed(right.body.split(b"&")))), ok, True, "the fields are sorted first")
        for name, body in form_bodies("Event").items():
            yield Vector(name, self.make(body=body), ok, True)
        yield Vector("form-repeated-names", self.make(body=b"Event=x&Digits=2&Digits=1"), ok, True)
        yield Vector("form-repeated-equal-values", self.make(body=b"Event=x&Digits=1&Digits=1"), ok, True,
                     "Plivo's library signs each value, also the equal ones")


def plivo_more(scheme):
    ok = [scheme.secrets[0]]
    yield Vector("url-with-query", scheme.make(url=scheme.url + "?b=2&a=1"), ok, True)
    yield Vector("url-query-reordered", scheme.make(url=scheme.url + "?b=2&a=1").having(url=scheme.url + "?a=1&b=2"), ok, True,
                 "the query is sorted first")
    yield Vector("url-query-prefix-names", scheme.make(url=scheme.url + "?a1=2&a=1"), ok, True)
    yield Vector("url-percent-escapes", scheme.make(url=scheme.url + "?name=Zoe%20Example%26&x=a+b%3D"), ok, True)
    yield Vector("url-with-port", scheme.make(url=scheme.url.replace(".com", ".com:8443")), ok, True)
    yield Vector("url-query-changed", scheme.make(url=scheme.url + "?a=1").having(url=scheme.url + "?a=2"), ok, False)
    yield Vector("url-host-other", scheme.make().having(url=scheme.url.replace("//hooks.", "//other.")), ok, False)
    bare = scheme.make(body=b"").having(body=b'{"Event":"Ring"}').with_header("Content-Type", "application/json")
    yield Vector("json-not-covered", bare, ok, False, "only a form's fields are signed; any other body would go unsigned")
    right = scheme.make()
    yield Vector("nonce-changed", right.with_header("X-Plivo-Signature-V3-Nonce", "12345678901234567890"), ok, False)
    yield Vector("nonce-missing", right.without("X-Plivo-Signature-V3-Nonce"), ok, False)


# MessageBird: a web token that holds digests of URL and body

def b64u(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def token(claims, secret, alg="HS256", header=None, hash=None):
    head = b64u(compact(header or {"typ": "JWT", "alg": alg}))
    text = f"{head}.{b64u(compact(claims))}"
    hash = hash or {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}.get(alg)
    code = hmac.new(secret.encode(), text.encode(), hash).digest() if hash else b""
    return f"{text}.{b64u(code)}"


@dataclass
class MessageBird(Scheme):
    def claims(self, request, at=NOW):
        return {
            "iss": "MessageBird", "nbf": at - 1, "exp": at + 60, "jti": "bb4bf7d8-7e1f-4b5c-9b0e-0a6f6f6f6f6f",
            "url_hash": hashlib.sha256(request.url.encode()).hexdigest(), "payload_hash": hashlib.sha256(request.body).hexdigest()}

    def make(self, by=None, at=NOW, url=None, body=None, mangle=lambda s: s, alg="HS256", hash=None, header=None, **changes):
        request = Scheme.make(self, by=[], url=url, body=body)
        claims = {**self.claims(request, at), **{k: v for k, v in changes.items() if k in ("nbf", "exp", "iss", "url_hash", "payload_hash")}}
        claims = {k: v for k, v in claims.items() if v is not None}
        return request.with_header(self.header, mangle(token(claims, (by or self.secrets)[0], alg, header, hash)))

    def place(self, request, signatures, ts):
        pass

    def time_kinds(self, ok):
        yield Vector("old", self.make(at=NOW - 3600), ok, False)
        yield Vector("future", self.make(at=NOW + 3600), ok, False)
        yield Vector("expired-within-the-second", self.make(exp=NOW - 1), ok, False)
        yield Vector("expiry-missing", self.make(exp=None), ok, False, "a token without end could be replayed for ever")
        yield Vector("start-missing", self.make(nbf=None), ok, False, "MessageBird's library asks for it")
        yield Vector("expiry-as-text", self.make(exp="never"), ok, False)


def messagebird_more(scheme):
    ok = [scheme.secrets[0]]
    yield from url_kinds(scheme)
    yield Vector("url-query-reordered", scheme.make(url=scheme.url + "?b=2&a=1").having(url=scheme.url + "?a=1&b=2"), ok, False)
    for alg in ("HS384", "HS512"):
        yield Vector(f"algorithm-{alg.lower()}", scheme.make(alg=alg), ok, True)
    yield Vector("algorithm-none", scheme.make(alg="none"), ok, False)
    yield Vector("algorithm-rs256-over-hmac", scheme.make(header={"typ": "JWT", "alg": "RS256"}), ok, False)
    yield Vector("algorithm-header-lies", scheme.make(header={"typ": "JWT", "alg": "HS512"}), ok, False)
    yield Vector("claim-payload-hash-missing", scheme.make(payload_hash=None), ok, False)
    yield Vector("claim-url-hash-missing", scheme.make(url_hash=None), ok, False)
    yield Vector("claim-url-hash-other", scheme.make(url_hash="0" * 64), ok, False)
    yield Vector("issuer-other", scheme.make(iss="Somebody"), ok, False, "MessageBird's library asks for its own name")
    yield Vector("two-parts", scheme.make(mangle=lambda s: s.rsplit(".", 1)[0]), ok, False)
    yield Vector("four-parts", scheme.make(mangle=lambda s: s + ".x"), ok, False)


def meta_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    sha1 = "sha1=" + hmac.new(ok[0].encode(), scheme.body, "sha1").hexdigest()
    yield Vector("older-header-alone", right.without(scheme.header).with_header("X-Hub-Signature", sha1), ok, False,
                 "SHA-1 is only sent beside SHA-256; the stronger one is asked for")
    yield Vector("older-header-beside", right.with_header("X-Hub-Signature", sha1), ok, True)
    yield Vector("older-value-in-newer-header", right.with_header(scheme.header, sha1), ok, False,
                 "some libraries let the value's prefix choose the hash")
    mac = right.headers[scheme.header]
    yield Vector("prefix-missing", right.with_header(scheme.header, mac.split("=")[1]), ok, False,
                 "the prefix is part of what the provider sends")
    yield Vector("prefix-upper-case", right.with_header(scheme.header, mac.replace("sha256", "SHA256")), ok, False)


def zoom_more(scheme):
    ok = [scheme.secrets[0]]
    body = b'{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1790000000000,"event":"endpoint.url_validation"}'
    yield Vector("url-validation", scheme.make(body=body), ok, True)


def twitch_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    yield Vector("id-changed", right.with_header("Twitch-Eventsub-Message-Id", "0"), ok, False)
    yield Vector("id-missing", right.without("Twitch-Eventsub-Message-Id"), ok, False)
    body = compact({"challenge": "pogchamp-kappa-360noscope-vohiyo", "subscription": {"id": "f1c2a387-161a-49f9-a165-0f21d7a4e1c4", "type": "channel.follow"}})
    yield Vector("callback-verification", scheme.make(body=body, headers={"Twitch-Eventsub-Message-Type": "webhook_callback_verification"}), ok, True)
    yield Vector("type-header-changed", right.with_header("Twitch-Eventsub-Message-Type", "revocation"), ok, True,
                 "only id and time of the headers are signed")


PROVIDERS = [
    Scheme(
        "slack", {
            "token": "z26uFbvR1xHJEdHE1OQiO6t8", "team_id": "T0001", "api_app_id": "A0001", "type": "event_callback", "event_id": "Ev9UQ52YNA",
            "event_time": 1789999998, "authorizations": [{"team_id": "T0001", "user_id": "U0002", "is_bot": True}],
            "event": {"type": "app_mention", "user": "U2147483697", "text": "<@U0002> Grüße", "ts": "1789999998.000100", "channel": "C2147483705"}},
        header="X-Slack-Signature", over="v0:{ts}:{body}", prefix="v0=", time="s", time_header="X-Slack-Request-Timestamp",
        secrets=tuple(seed(f"slack {n}", 16).hex() for n in range(3)), more=slack_more),
    Twilio(
        "twilio", form([
            ("ToCountry", "DE"), ("MessageSid", "SM00000000000000000000000000000001"), ("SmsStatus", "received"), ("Body", "Hallo Zoë, 20 % + mehr"),
            ("From", "+15005550006"), ("To", "+15005550009"), ("NumMedia", "0"), ("AccountSid", "AC00000000000000000000000000000001"),
            ("ApiVersion", "2010-04-01")]),
        header="X-Twilio-Signature", hash="sha1", enc="base64", content_type="application/x-www-form-urlencoded",
        headers={"I-Twilio-Idempotency-Token": "bf2b1b4e-9b5c-4b6e-8d0c-5f5c4d3b2a10"},
        secrets=tuple(seed(f"twilio {n}", 16).hex() for n in range(3)), more=twilio_more),
    Scheme(
        "zoom", {
            "event": "meeting.started", "event_ts": 1789999998000, "payload": {
                "account_id": "AAAAAABBBB", "operator": "zoe@example.com", "operator_id": "z8yCxjabcdEFGHfp8uQ",
                "object": {"id": "1234567890", "uuid": "4444AAAiAAAAAiAiAiiAii==", "host_id": "x1yCzABCDEfg23HiJKl4mN", "topic": "Grüße",
                           "type": 2, "start_time": "2026-09-21T14:13:18Z", "timezone": "Europe/Berlin"}}},
        header="x-zm-signature", over="v0:{ts}:{body}", prefix="v0=", time="s", time_header="x-zm-request-timestamp", more=zoom_more),
    Scheme(
        "meta", b'{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp",'
        b'"metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},"contacts":[{"profile":{"name":"Zo\\u00eb"},'
        b'"wa_id":"15005550006"}],"messages":[{"from":"15005550006","id":"wamid.HBgLMTUwMDU1NTAwMDYVAgASGBQzQTRB","timestamp":"1789999998",'
        b'"text":{"body":"Gr\\u00fc\\u00dfe"},"type":"text"}]},"field":"messages"}]}]}',
        header="X-Hub-Signature-256", prefix="sha256=", more=meta_more, secrets=tuple(seed(f"meta {n}", 16).hex() for n in range(3))),
    Scheme(
        "discord", {
            "version": 1, "application_id": "1234560123453231555", "type": 1, "event": {
                "type": "APPLICATION_AUTHORIZED", "timestamp": "2026-09-21T14:13:18.000000",
                "data": {"integration_type": 1, "scopes": ["applications.commands"],
                         "user": {"id": "273412345678912345", "username": "zoe", "global_name": "Zoë", "discriminator": "0"}}}},
        header="X-Signature-Ed25519", mac="ed25519", over="{ts}{body}", time="s", time_header="X-Signature-Timestamp", any_case=True,
        more=discord_more),
    Scheme(
        "telegram", {
            "update_id": 10000, "message": {
                "message_id": 1365, "date": 1789999998, "text": "Grüße", "chat": {"id": 1111111, "type": "private", "first_name": "Zoë"},
                "from": {"id": 1111111, "is_bot": False, "first_name": "Zoë", "username": "zoe_example"}}},
        header="X-Telegram-Bot-Api-Secret-Token", mac="token", body_unsigned="a token signs no body", more=telegram_more),
    Scheme(
        "telnyx", {
            "data": {
                "event_type": "message.received", "id": "b301ed3f-1490-491f-995f-6e64e69674d4", "occurred_at": "2026-09-21T14:13:18.000+00:00",
                "record_type": "event", "payload": {"id": "84cca175-9755-4859-b67f-4730d7f58aa3", "direction": "inbound", "text": "Grüße",
                                                   "from": {"phone_number": "+15005550006"}, "to": [{"phone_number": "+15005550009"}]}},
            "meta": {"attempt": 1, "delivered_to": "https://hooks.example.com"}},
        header="telnyx-signature-ed25519", mac="ed25519", over="{ts}|{body}", enc="base64", time="s", time_header="telnyx-timestamp"),
    Plivo(
        "plivo", form([
            ("Event", "Ring"), ("CallUUID", "97ceeb52-58b6-11e1-86da-77300b68f8bb"), ("From", "15005550006"), ("To", "15005550009"),
            ("CallStatus", "ringing"), ("Direction", "inbound"), ("CallerName", "Zoë + Co")]),
        header="X-Plivo-Signature-V3", enc="base64", separator=",", content_type="application/x-www-form-urlencoded",
        headers={"X-Plivo-Signature-V3-Nonce": "05429567804466091622"}, more=plivo_more),
    MessageBird(
        "messagebird", {
            "id": "e8077d803532c0b5937c639b60216938", "href": "https://rest.messagebird.com/messages/e8077d", "direction": "mt", "type": "sms",
            "originator": "Acme", "body": "Grüße", "createdDatetime": "2026-09-21T14:13:18+00:00",
            "recipients": {"totalCount": 1, "items": [{"recipient": 15005550006, "status": "delivered"}]}},
        header="MessageBird-Signature-JWT", time="s", more=messagebird_more),
    Scheme(
        "line", {
            "destination": "xxxxxxxxxx", "events": [{
                "type": "message", "mode": "active", "timestamp": 1789999998000, "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
                "source": {"type": "user", "userId": "U4af4980629"}, "deliveryContext": {"isRedelivery": False},
                "replyToken": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA", "message": {"id": "444573844083572737", "type": "text", "text": "Grüße"}}]},
        header="x-line-signature", enc="base64", secrets=tuple(seed(f"line {n}", 16).hex() for n in range(3))),
    Scheme(
        "twitch", {
            "subscription": {
                "id": "f1c2a387-161a-49f9-a165-0f21d7a4e1c4", "status": "enabled", "type": "channel.follow", "version": "2", "cost": 0,
                "condition": {"broadcaster_user_id": "12826"}, "transport": {"method": "webhook", "callback": "https://hooks.example.com"},
                "created_at": "2026-09-21T14:13:18.634234626Z"},
            "event": {"user_id": "1337", "user_login": "zoe", "user_name": "Zoë", "broadcaster_user_id": "12826", "followed_at": "2026-09-21T14:13:18Z"}},
        header="Twitch-Eventsub-Message-Signature", over="{Twitch-Eventsub-Message-Id}{ts}{body}", prefix="sha256=", time="rfc3339ns",
        time_header="Twitch-Eventsub-Message-Timestamp", window=None, more=twitch_more,
        headers={"Twitch-Eventsub-Message-Id": "e76c6bd4-55c9-4987-8304-da1588d8988b", "Twitch-Eventsub-Message-Retry": "0",
                 "Twitch-Eventsub-Message-Type": "notification", "Twitch-Eventsub-Subscription-Type": "channel.follow"}),
]
