"""Mail, newsletters, customer relations and help desks."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote_plus

from scheme import NOW, Scheme, Vector, compact, seed

# HubSpot

HUBSPOT = [
    {"eventId": 3816279340, "subscriptionId": 25, "portalId": 33, "appId": 1160452, "occurredAt": 1789999998000,
     "subscriptionType": "contact.propertyChange", "attemptNumber": 0, "objectId": 123, "changeSource": "CRM",
     "propertyName": "firstname", "propertyValue": "Zoë"},
    {"eventId": 3816279480, "subscriptionId": 22, "portalId": 33, "appId": 1160452, "occurredAt": 1789999998000,
     "subscriptionType": "contact.creation", "attemptNumber": 0, "objectId": 124, "changeSource": "CRM", "changeFlag": "NEW"}]

#: The twelve escapes that HubSpot's documents name.
DECODED = {
    "%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$", "%27": "'", "%28": "(", "%29": ")", "%2A": "*", "%2C": ",",
    "%3B": ";"}


def hubspot_decoded(url):
    out, at = "", 0
    while at < len(url):
        if url[at:at + 3].upper() in DECODED and len(url[at:at + 3]) == 3:
            out += DECODED[url[at:at + 3].upper()]
            at += 3
        else:
            out += url[at]
            at += 1
    return out


@dataclass
class HubSpot3(Scheme):
    def part(self, name, request, ts, secret):
        return hubspot_decoded(request.url).encode() if name == "url" else super().part(name, request, ts, secret)


def url_kinds(scheme, extra=()):
    ok = [scheme.secrets[0]]
    urls = {
        "url-with-query": scheme.url + "?b=2&a=1", "url-with-port": scheme.url.replace(".com", ".com:8443"),
        "url-trailing-slash": scheme.url + "/", "url-percent-escapes": scheme.url + "?name=Zo%C3%AB%20Example&x=%26%3D%25", **dict(extra)}
    for name, url in urls.items():
        yield Vector(name, scheme.make(url=url), ok, True, "the SDK leaves the decoding to its caller" if "decoded" in name else "")
    right = scheme.make()
    with_query = scheme.make(url=urls["url-with-query"])
    yield Vector("url-slash-added", right.having(url=scheme.url + "/"), ok, False)
    yield Vector("url-host-other", right.having(url=scheme.url.replace("//hooks.", "//other.")), ok, False)
    yield Vector("url-path-case", right.having(url=scheme.url.replace("/acme/", "/Acme/")), ok, False)
    yield Vector("url-query-dropped", with_query.having(url=scheme.url), ok, False)
    yield Vector("url-query-changed", with_query.having(url=scheme.url + "?b=2&a=2"), ok, False)
    return urls


def query_order(scheme):
    ok = [scheme.secrets[0]]
    yield Vector("url-query-reordered", scheme.make(url=scheme.url + "?b=2&a=1").having(url=scheme.url + "?a=1&b=2"), ok, False)


def hubspot2_more(scheme):
    yield from url_kinds(scheme)
    yield from query_order(scheme)
    yield from version_kinds(scheme)
    ok = [scheme.secrets[0]]
    yield Vector("method-changed", scheme.make().having(method="PUT"), ok, False)


def version_kinds(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    name = "X-HubSpot-Signature-Version"
    yield Vector("version-header-missing", right.without(name), ok, False, "two schemes share the header; without its version none is meant",
                 sdk_silent=True)
    yield Vector("version-header-other", right.with_header(name, "v2" if right.headers[name] == "v1" else "v1"), ok, False, sdk_silent=True)


def hubspot3_more(scheme):
    ok = [scheme.secrets[0]]
    yield from url_kinds(scheme, {
        "url-decoded-escapes": scheme.url + "?back=https%3A%2F%2Fexample.com%2F%3Fa%40b%21%24%27%28%29%2A%2C%3B",
        "url-decoded-escapes-lower-case": scheme.url + "?back=https%3a%2f%2fexample.com%2f",
        "url-escape-of-percent": scheme.url + "?x=%253A", "url-escape-cut-short": scheme.url + "?x=%3"}.items())
    yield from query_order(scheme)
    yield Vector("method-changed", scheme.make().having(method="PUT"), ok, False)
    url = scheme.url + "?name=Zo%C3%AB&x=%26"
    whole = Scheme.make(AllDecoded(**vars(scheme)), url=url)
    yield Vector("url-all-escapes-decoded", whole, ok, False, "only twelve escapes are decoded")
    older = scheme.make()
    mac = hashlib.sha256(ok[0].encode() + scheme.body).hexdigest()
    downgraded = older.without(scheme.header).with_header("X-HubSpot-Signature", mac).with_header("X-HubSpot-Signature-Version", "v1")
    yield Vector("older-signature-alone", downgraded, ok, False, "v3 is asked for; an older signature has no time")
    both = older.with_header("X-HubSpot-Signature", mac).with_header("X-HubSpot-Signature-Version", "v1")
    yield Vector("older-signature-beside", both, ok, True)


@dataclass
class AllDecoded(Scheme):
    def part(self, name, request, ts, secret):
        from urllib.parse import unquote
        return unquote(request.url).encode() if name == "url" else super().part(name, request, ts, secret)


# Forms

def form(fields):
    return "&".join(f"{quote_plus(k)}={quote_plus(v)}" for k, v in fields).encode()


@dataclass
class Mandrill(Scheme):
    """URL, then each field's name and value, decoded, sorted by name."""

    def text(self, request, ts, secret):
        fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        return (request.url + "".join(k + fields[k] for k in sorted(fields))).encode()

    def body_kinds(self, ok):
        right = self.make()
        yield Vector("body-changed", right.having(body=right.body.replace(b"zoe", b"eva")), ok, False)
        yield Vector("body-empty", right.having(body=b""), ok, False)
        yield Vector("form-field-added", right.having(body=right.body + b"&extra=1"), ok, False)
        again = quote_plus(dict(parse_qsl(right.body.decode()))["mandrill_events"], safe="*").replace("+", "%20")
        yield Vector("form-other-escapes", right.having(body=b"mandrill_events=" + again.encode()), ok, True,
                     "the form's decoded fields are signed, not its bytes")
        for name, body in form_bodies("mandrill_events").items():
            yield Vector(name, self.make(body=body), ok, True)


def form_bodies(first):
    """Forms that decoders read differently unless they follow the standard."""
    return {
        "form-plus-and-escapes": f"{first}=a+b%20c%2Bd%26e%3Df&zz=1".encode(),
        "form-letters-beyond-ascii": f"{first}=Gr%C3%BC%C3%9Fe%20%E2%9C%93&name%C3%AB=Zo%C3%AB".encode(),
        "form-empty-value": f"{first}=&empty=".encode(),
        "form-name-without-sign": f"{first}=1&alone".encode(),
        "form-names-sorted-by-byte": f"b=1&B=2&a_=3&aa=4&{first}=5&a=6".encode(),
        "form-lower-case-escapes": f"{first}=%c3%ab%2f".encode(),
        "form-line-breaks": f"{first}=one%0D%0Atwo".encode(),
    }


def mandrill_more(scheme):
    yield from url_kinds(scheme, {"url-with-credentials": scheme.url.replace("https://", "https://user:pass@")}.items())
    ok = [scheme.secrets[0]]
    repeated = b"mandrill_events=%5B%5D&mandrill_events=%5B1%5D"
    yield Vector("form-repeated-name-last-counts", scheme.make(body=repeated), ok, True)
    yield Vector("test-post-empty-list", scheme.make(body=b"mandrill_events=%5B%5D"), ok, True)


@dataclass
class Mailgun(Scheme):
    """Time and token within the body; nothing else is signed."""

    def block(self, by, at, mangle, hash, ts, token):
        ts = self.time_text(at) if ts is None else ts
        code = hmac.new(by.encode(), (ts + token).encode(), hash or "sha256").hexdigest()
        return {"timestamp": ts, "token": token, "signature": mangle(code)}

    TOKEN = seed("mailgun token", 25).hex()

    def make(self, by=None, at=NOW, body=None, mangle=lambda s: s, hash=None, ts=None, token=TOKEN, block=None, **_):
        parsed = json.loads(self.body)
        parsed["signature"] = {**self.block((by or self.secrets)[0], at, mangle, hash, ts, token), **(block or {})}
        parsed["signature"] = {k: v for k, v in parsed["signature"].items() if v is not None}
        return Scheme.make(self, by=[], body=compact(parsed))

    def place(self, request, signatures, ts):
        pass

    def drop(self, request):
        return self.make(block={"signature": None})

    def body_kinds(self, ok):
        right = self.make()
        yield Vector("body-empty", right.having(body=b""), ok, False)
        yield Vector("body-reserialised", right.having(body=json.dumps(json.loads(right.body)).encode()), ok, True,
                     "time and token are signed, not the bytes")
        yield Vector("event-data-changed", right.having(body=right.body.replace(b"zoe@", b"eva@")), ok, True,
                     "Mailgun signs time and token only: what happened is not covered")
        yield Vector("token-changed", self.make(block={"token": "0" * 50}), ok, False)
        yield Vector("token-missing", self.make(block={"token": None}), ok, False)
        yield Vector("token-boundary-moved", self.make(block={"timestamp": f"{NOW}"[:-1], "token": f"{NOW}"[-1] + self.TOKEN}), ok, False,
                     "time and token are signed without anything between; the time is then far off")

    def time_kinds(self, ok):
        yield Vector("old", self.make(at=NOW - 3600), ok, False)
        yield Vector("future", self.make(at=NOW + 3600), ok, False)
        yield Vector("timestamp-swapped", self.make(block={"timestamp": str(NOW - 10)}), ok, False)
        yield Vector("timestamp-missing", self.make(block={"timestamp": None}), ok, False)
        yield Vector("timestamp-not-a-number", self.make(ts="yesterday"), ok, False)
        number = self.make(block={"timestamp": NOW})
        yield Vector("timestamp-as-number", number, ok, True, "JSON's number and text are the same characters")


def mailgun_more(scheme):
    """Routes and older webhooks send forms with the same three fields."""
    ok = [scheme.secrets[0]]

    def made(by=ok[0], at=NOW, signed=True, **changes):
        block = {**scheme.block(by, at, lambda s: s, None, None, scheme.TOKEN), **changes}
        fields = [("event", "delivered"), ("recipient", "zoe@example.com"), ("subject", "Grüße + mehr")]
        body = form(fields + [(k, v) for k, v in block.items() if signed or k != "signature"])
        request = Scheme.make(scheme, by=[], body=body)
        return request.with_header("Content-Type", "application/x-www-form-urlencoded")

    yield Vector("form-valid", made(), ok, True)
    yield Vector("form-wrong-secret", made(by=scheme.secrets[2]), ok, False)
    yield Vector("form-signature-missing", made(signed=False), ok, False)
    yield Vector("form-old", made(at=NOW - 3600), ok, False)
    yield Vector("form-token-changed", made(token="0" * 50), ok, False)
    right = made()
    yield Vector("form-repeated-last-right", right.having(body=b"signature=00&token=x&timestamp=1&" + right.body), ok, True,
                 "of repeated fields the last counts: user variables may stand before it")
    yield Vector("form-repeated-last-wrong", right.having(body=right.body + b"&signature=00"), ok, False)


# SendGrid

def sendgrid_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    name = scheme.header
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
    r, s = decode_dss_signature(base64.b64decode(right.headers[name]))
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    twin = base64.b64encode(encode_dss_signature(r, order - s)).decode()
    yield Vector("signature-twin", right.with_header(name, twin), ok, True,
                 "(r, n-s) is as good a signature: nobody may tell events apart by it")
    raw = base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
    yield Vector("signature-raw-not-der", right.with_header(name, raw), ok, False)
    zero = base64.b64encode(encode_dss_signature(0, 0)).decode()
    yield Vector("signature-of-zeros", right.with_header(name, zero), ok, False)
    yield Vector("body-with-line-end", scheme.make(body=scheme.body + b"\r\n"), ok, True)
    yield Vector("body-line-end-trimmed", scheme.make(body=scheme.body + b"\r\n").having(body=scheme.body), ok, False)


# Zendesk, Klaviyo

def zendesk_more(scheme):
    ok = [scheme.secrets[0]]
    yield Vector("body-absent", scheme.make(body=b"", method="GET"), ok, True, "a webhook without body signs its time alone")
    yield Vector("signature-of-another-time-form", scheme.make(ts=f"{NOW}"), ok, False, "the time is RFC 3339 text")


def intercom_more(scheme):
    ok = [scheme.secrets[0]]
    strong = scheme.make(hash="sha256")
    mac = strong.headers[scheme.header].replace("sha1=", "sha256=")
    yield Vector("sha256-in-the-same-header", strong.with_header(scheme.header, mac), ok, False,
                 "at Intercom the header is SHA-1, as the provider says")


def basic_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    text = right.headers["Authorization"]
    yield Vector("scheme-name-lower-case", right.with_header("Authorization", text.replace("Basic", "basic")), ok, True)
    yield Vector("bearer-for-basic", right.with_header("Authorization", text.replace("Basic", "Bearer")), ok, False)
    yield Vector("credentials-in-clear", right.with_header("Authorization", "Basic " + ok[0]), ok, False)
    user = ok[0].split(":")[0]
    short = base64.b64encode(f"{user}:".encode()).decode()
    yield Vector("password-empty", right.with_header("Authorization", "Basic " + short), ok, False)


BASIC = dict(header="Authorization", mac="basic", prefix="Basic ", body_unsigned="basic authentication signs no body", more=basic_more)

hubspot_headers = {"User-Agent": "HubSpot Connect 2.0 (http://dev.hubspot.com/) (namespace: webhooks-nio-http-client)"}

PROVIDERS = [
    HubSpot3(
        "hubspot", HUBSPOT, header="X-HubSpot-Signature-v3", over="{method}{url}{body}{ts}", enc="base64", time="ms",
        time_header="X-HubSpot-Request-Timestamp", headers=hubspot_headers, more=hubspot3_more,
        edge_why="the SDK counts 300 s as too old already"),
    Scheme(
        "hubspot-v1", HUBSPOT, header="X-HubSpot-Signature", mac="digest", over="{secret}{body}",
        headers={"X-HubSpot-Signature-Version": "v1", **hubspot_headers}, more=version_kinds),
    Scheme(
        "hubspot-v2", HUBSPOT, header="X-HubSpot-Signature", mac="digest", over="{secret}{method}{url}{body}",
        headers={"X-HubSpot-Signature-Version": "v2", **hubspot_headers}, more=hubspot2_more),
    Mandrill(
        "mandrill", form([("mandrill_events", json.dumps([{
            "event": "hard_bounce", "ts": 1789999998, "_id": "exampleaaaaaaaaaaaaaaaaaaaaaaaaa2",
            "msg": {"ts": 1789999990, "subject": "Grüße & mehr", "email": "zoe@example.com", "sender": "shop@example.com", "state": "bounced",
                    "_id": "exampleaaaaaaaaaaaaaaaaaaaaaaaaa2", "bounce_description": "bad_mailbox"}}], ensure_ascii=False))]),
        header="X-Mandrill-Signature", hash="sha1", enc="base64", content_type="application/x-www-form-urlencoded", more=mandrill_more),
    Mailgun("mailgun", {
        "signature": {},
        "event-data": {
            "event": "failed", "id": "G9Bn5sl1TC6nu79C8C0bwg", "timestamp": 1789999998.529, "severity": "permanent", "recipient": "zoe@example.com",
            "message": {"headers": {"to": "Zoë <zoe@example.com>", "message-id": "20260921141318.1.ABC@mg.example.com", "from": "shop@example.com"}},
            "delivery-status": {"code": 550, "message": "mailbox unknown"}}}, time="s", more=mailgun_more),
    Scheme(
        "sendgrid", [
            {"email": "zoe@example.com", "timestamp": 1789999998, "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>", "event": "bounce",
             "category": ["grüße"], "sg_event_id": "6g4ZI7SA-xmRDv57GoPIPw==", "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.0",
             "reason": "500 unknown recipient", "status": "5.0.0"},
            {"email": "eva@example.com", "timestamp": 1789999998, "event": "delivered", "sg_event_id": "ZGVsaXZlcmVkLTAtMQ",
             "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.0"}],
        header="X-Twilio-Email-Event-Webhook-Signature", mac="ecdsa", over="{ts}{body}", enc="base64", time="s",
        time_header="X-Twilio-Email-Event-Webhook-Timestamp", more=sendgrid_more),
    Scheme("postmark", {
        "RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "TypeCode": 1, "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "ServerID": 23, "MessageStream": "outbound", "Email": "zoe@example.com", "From": "shop@example.com", "Subject": "Grüße",
        "BouncedAt": "2026-09-21T14:13:18Z"}, **BASIC),
    Scheme("brevo", {
        "id": 26224, "event": "hard_bounce", "email": "zoe@example.com", "message-id": "<202609211413.12345@smtp-relay.example.com>",
        "date": "2026-09-21 16:13:18", "ts": 1789999998, "ts_event": 1789999998, "subject": "Grüße", "reason": "mailbox unknown"}, **BASIC),
    Scheme(
        "mailersend", {
            "type": "activity.hard_bounced", "domain_id": "yv69oxl5kl785kw2", "created_at": "2026-09-21T14:13:18.000000Z", "webhook_id": "2351ndgwr4zqx8ko",
            "data": {"object": "activity", "id": "62fb66bef54a112e920b5493", "type": "hard_bounced", "email": {
                "object": "email", "id": "62fb66bbf54a112e920b5492", "subject": "Grüße",
                "recipient": {"object": "recipient", "id": "62c6ea0a7f2a3b4c5d6e7f80", "email": "zoe@example.com"}}}},
        header="Signature"),
    Scheme(
        "mailtrap", {"events": [{
            "event": "bounce", "message_id": "1df37d17-0286-4d8b-8edf-bc4ec5be86e6", "event_id": "9f93c1b0-1ae4-11ee-be56-0242ac120002",
            "email": "zoe@example.com", "timestamp": 1789999998, "category": "Grüße", "response": "550 mailbox unknown"}]},
        header="Mailtrap-Signature"),
    Scheme(
        "klaviyo", {
            "data": [{
                "topic": "event:klaviyo.subscribed_to_email", "external_id": "01J0000000000000000000EXT1",
                "payload": {"data": {"type": "event", "id": "4vRpBT", "attributes": {"timestamp": 1789999998, "profile": {"email": "zoe@example.com"}}}}}],
            "meta": {"timestamp": "2026-09-21T14:13:18+00:00", "klaviyo_webhook_id": "01HWWWKAW4RHXQJCMW4R2KRYR4", "version": "2026-07-15",
                     "note": "für Zoë"}},
        header="Klaviyo-Signature", over="{body}{ts}", time="s", time_header="Klaviyo-Timestamp",
        headers={"Klaviyo-Webhook-Id": "01HWWWKAW4RHXQJCMW4R2KRYR4"}),
    Scheme(
        "intercom", {
            "type": "notification_event", "app_id": "a86dr8yl", "id": "notif_ccd8a4d0-f965-11e3-a367-c779cae3e1b3", "topic": "contact.created",
            "created_at": 1789999998, "delivery_attempts": 1, "data": {"type": "notification_event_data", "item": {
                "type": "contact", "id": "5ba682d23d7cf92bef87bfd4", "email": "zoe@example.com", "name": "Zoë Example"}}},
        header="X-Hub-Signature", hash="sha1", prefix="sha1=", more=intercom_more),
    Scheme(
        "zendesk", {
            "account_id": 22129848, "id": "cbe4028c-7239-495d-b020-f22348516046", "type": "zen:event-type:user.created",
            "subject": "zen:user:4713603459340", "time": "2026-09-21T14:13:18.318Z", "zendesk_event_version": "2022-06-20", "event": {},
            "detail": {"id": "4713603459340", "email": "zoe@example.com", "role": "end-user", "created_at": "2026-09-21T14:13:18Z",
                       "note": "für Zoë"}},
        header="X-Zendesk-Webhook-Signature", over="{ts}{body}", enc="base64", time="rfc3339",
        time_header="X-Zendesk-Webhook-Signature-Timestamp", more=zendesk_more,
        secrets=tuple(base64.b64encode(seed(f"zendesk {n}", 33)).decode() for n in range(3))),
]

from payments import Unsigned  # noqa: E402

PROVIDERS.append(Unsigned(
    "mailchimp",
    b"type=subscribe&fired_at=2026-09-21+14%3A13%3A18&data%5Bid%5D=8a25ff1d98&data%5Blist_id%5D=a6b5da1054&data%5Bemail%5D=zoe%40example.com"
    b"&data%5Bmerges%5D%5BFNAME%5D=Zo%C3%AB&data%5Bip_opt%5D=192.0.2.10", content_type="application/x-www-form-urlencoded", secrets=("unused", "", "")))

PROVIDERS.append(Unsigned(
    "activecampaign",
    b"type=subscribe&date_time=2026-09-21T14%3A13%3A18-00%3A00&initiated_from=admin&initiated_by=admin&list=0&contact%5Bid%5D=42"
    b"&contact%5Bemail%5D=zoe%40example.com&contact%5Bfirst_name%5D=Zo%C3%AB&contact%5Btags%5D=customer",
    content_type="application/x-www-form-urlencoded", secrets=("unused", "", "")))
PROVIDERS.append(Unsigned(
    "jotform",
    b"--gatepost\r\nContent-Disposition: form-data; name=\"formID\"\r\n\r\n262643172839\r\n"
    b"--gatepost\r\nContent-Disposition: form-data; name=\"submissionID\"\r\n\r\n6357901232013456789\r\n"
    b"--gatepost\r\nContent-Disposition: form-data; name=\"rawRequest\"\r\n\r\n{\"q3_email\":\"zoe@example.com\"}\r\n--gatepost--\r\n",
    content_type="multipart/form-data; boundary=gatepost", secrets=("unused", "", "")))
PROVIDERS.append(Unsigned(
    "eventbrite",
    {"config": {"action": "order.placed", "user_id": "123456789012", "endpoint_url": "https://hooks.example.com/", "webhook_id": "1234567"},
     "api_url": "https://www.eventbriteapi.com/v3/orders/1234567890/"}, secrets=("unused", "", "")))
