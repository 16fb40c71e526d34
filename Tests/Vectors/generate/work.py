"""Forms, calendars, documents, identity and tasks."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

from mail import url_kinds
from messaging import token
from scheme import NOW, Scheme, Vector, compact, from_base64, seed


def typeform_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    raw = base64.b64decode(right.headers[scheme.header].removeprefix("sha256="))
    yield Vector("signature-in-hex", right.with_header(scheme.header, "sha256=" + raw.hex()), ok, False, "sha256= is followed by base 64 here")


def trello_more(scheme):
    yield from url_kinds(scheme)
    ok = [scheme.secrets[0]]
    right = scheme.make()
    front = base64.b64encode(hmac.new(ok[0].encode(), scheme.url.encode() + scheme.body, "sha1").digest()).decode()
    yield Vector("url-before-body", right.with_header(scheme.header, front), ok, False)


@dataclass
class DocuSign(Scheme):
    """A header for each active key, numbered from one."""

    def place(self, request, signatures, ts):
        for number, signature in enumerate(signatures, 1):
            request.headers[f"{self.header}-{number}"] = signature

    def drop(self, request):
        return request.without(*(f"{self.header}-{n}" for n in range(1, 10)))

    def doubled(self):
        right, wrong = self.make(), self.make(by=self.secrets[2:])
        name = f"{self.header}-1"
        return right.with_header(name, [wrong.headers[name], right.headers[name]])


def docusign_more(scheme):
    first, second, other = scheme.secrets
    yield Vector("numbered-right-last", scheme.make(by=[other, second, first]), [first], True)
    yield Vector("numbered-all-wrong", scheme.make(by=[other, second]), [first], False)
    right = scheme.make()
    name = f"{scheme.header}-1"
    yield Vector("number-missing", right.without(name).with_header(scheme.header, right.headers[name]), [first], False)
    ends = scheme.make(body=scheme.body + b"\r\n")
    yield Vector("body-with-line-end", ends, [first], True)


def workos_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    mac = right.headers[scheme.header].split("v1=")[1]
    put = lambda value: right.with_header(scheme.header, value)
    yield Vector("v1-missing", put(f"t={NOW}000"), ok, False)
    yield Vector("t-missing", put(f"v1={mac}"), ok, False)
    yield Vector("time-in-seconds", scheme.make(ts=str(NOW)), ok, False, "the time is in milliseconds")


def calendly_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    mac = right.headers[scheme.header].split("v1=")[1]
    yield Vector("t-missing", right.with_header(scheme.header, f"v1={mac}"), ok, False)
    yield Vector("v1-before-t", right.with_header(scheme.header, f"v1={mac},t={NOW}"), ok, True)


def cal_more(scheme):
    ok = [scheme.secrets[0]]
    yield Vector("no-secret-provided", scheme.make(mangle=lambda s: "no-secret-provided"), ok, False,
                 "what the header says where no secret was set")


def token_more(scheme):
    ok = [scheme.secrets[0]]
    yield Vector("token-with-blank", scheme.make(mangle=lambda s: s + " x"), ok, False)
    yield Vector("bearer-put-before", scheme.make(mangle=lambda s: "Bearer " + s), ok, False, "the value is compared as it was typed")


def cloudinary_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    front = hashlib.sha1(ok[0].encode() + scheme.body + str(NOW).encode()).hexdigest()
    yield Vector("secret-first", right.with_header(scheme.header, front), ok, False)
    yield Vector("sha256", scheme.make(hash="sha256"), ok, True, "an account may choose SHA-256")
    yield Vector("sha256-body-changed", scheme.make(hash="sha256").having(body=scheme.changed_body()), ok, False)


@dataclass
class DropboxSign(Scheme):
    """The hash stands in the body and covers time and type of the event."""

    def make(self, by=None, at=NOW, mangle=lambda s: s, hash=None, ts=None, event=None, **_):
        parsed = json.loads(self.body)
        ts = self.time_text(at) if ts is None else ts
        code = hmac.new((by or self.secrets)[0].encode(), (ts + parsed["event"]["event_type"]).encode(), hash or "sha256").hexdigest()
        parsed["event"].update({"event_time": ts, "event_hash": mangle(code), **(event or {})})
        parsed["event"] = {k: v for k, v in parsed["event"].items() if v is not None}
        return Scheme.make(self, by=[], body=compact(parsed))

    def place(self, request, signatures, ts):
        pass

    def drop(self, request):
        return self.make(event={"event_hash": None})

    def body_kinds(self, ok):
        right = self.make()
        yield Vector("body-empty", right.having(body=b""), ok, False)
        yield Vector("body-reserialised", right.having(body=json.dumps(json.loads(right.body)).encode()), ok, True,
                     "time and type are signed, not the bytes")
        yield Vector("request-changed", right.having(body=right.body.replace(b"zoe@", b"eva@")), ok, True,
                     "only time and type are signed: what was signed by whom is not covered")
        for name, request, good, why in self.named_twice(
            right, '"event_type":"signature_request_signed"', '"event_type":"signature_request_declined"'):
            yield Vector(name, request, ok, good, why)
        yield Vector("type-changed", self.make(event={"event_type": "signature_request_declined"}), ok, False)

    def time_kinds(self, ok):
        yield Vector("old", self.make(at=NOW - 3600), ok, False, "the SDK has no window")
        yield Vector("future", self.make(at=NOW + 3600), ok, False, "the SDK has no window")
        yield Vector("timestamp-swapped", self.make(event={"event_time": str(NOW - 10)}), ok, False)
        yield Vector("timestamp-missing", self.make(event={"event_time": None}), ok, False)


def dropbox_sign_more(scheme):
    """What is really sent is a form with the JSON in a field."""
    from urllib.parse import quote_plus
    ok = [scheme.secrets[0]]
    form = lambda request: request.having(body=b"json=" + quote_plus(request.body.decode()).encode()).with_header(
        "Content-Type", "application/x-www-form-urlencoded")
    yield Vector("form-valid", form(scheme.make()), ok, True)
    yield Vector("form-wrong-secret", form(scheme.make(by=scheme.secrets[2:])), ok, False)
    yield Vector("form-type-changed", form(scheme.make(event={"event_type": "signature_request_declined"})), ok, False)


def webflow_more(scheme):
    ok = [scheme.secrets[0]]
    yield Vector("time-in-seconds", scheme.make(ts=str(NOW)), ok, False, "the time is in milliseconds")


@dataclass
class Monday(Scheme):
    """A web token in Authorization; it says nothing of the body."""

    def make(self, by=None, at=NOW, url=None, body=None, mangle=lambda s: s, alg="HS256", header=None, hash=None, claims=None, **_):
        request = Scheme.make(self, by=[], url=url, body=body)
        all_claims = {"accountId": 1825529, "userId": 4012689, "aud": request.url, "iat": at, "exp": at + 300, **(claims or {})}
        all_claims = {k: v for k, v in all_claims.items() if v is not None}
        return request.with_header(self.header, mangle(token(all_claims, (by or self.secrets)[0], alg, header, hash)))

    def place(self, request, signatures, ts):
        pass


def monday_more(scheme):
    ok = [scheme.secrets[0]]
    yield Vector("expired", scheme.make(at=NOW - 3600), ok, False)
    yield Vector("algorithm-none", scheme.make(alg="none"), ok, False)
    yield Vector("algorithm-rs256-over-hmac", scheme.make(header={"typ": "JWT", "alg": "RS256"}), ok, False)


PROVIDERS = [
    Scheme(
        "calendly", {
            "event": "invitee.created", "created_at": "2026-09-21T14:13:18.000000Z", "created_by": "https://api.calendly.com/users/AAAAAAAAAAAAAAAA",
            "payload": {"email": "zoe@example.com", "name": "Zoë Example", "status": "active", "timezone": "Europe/Berlin",
                        "uri": "https://api.calendly.com/scheduled_events/AAAAAAAAAAAAAAAA/invitees/AAAAAAAAAAAAAAAB"}},
        header="Calendly-Webhook-Signature", over="{ts}.{body}", time="s", template="t={ts},{sigs}", prefix="v1=", window=None, more=calendly_more),
    Scheme(
        "typeform", {
            "event_id": "LtWXD3crgy", "event_type": "form_response", "form_response": {
                "form_id": "lT4Z3j", "token": "a3a12ec67a1365927098a606107fac15", "submitted_at": "2026-09-21T14:13:18Z",
                "hidden": {"user_id": "42"}, "answers": [{"type": "email", "email": "zoe@example.com", "field": {"id": "SMEUb7VJz92Q", "type": "email"}},
                                                        {"type": "text", "text": "Grüße", "field": {"id": "JwWggjAKtOkA", "type": "short_text"}}]}},
        header="Typeform-Signature", prefix="sha256=", enc="base64", more=typeform_more),
    Scheme(
        "asana", {"events": [{
            "user": {"gid": "12345", "resource_type": "user"}, "created_at": "2026-09-21T14:13:18.000Z", "action": "changed",
            "resource": {"gid": "1337", "resource_type": "task", "name": "Grüße"}, "parent": None,
            "change": {"field": "assignee", "action": "changed", "new_value": {"gid": "12345", "resource_type": "user"}}}]},
        header="X-Hook-Signature", secrets=tuple(seed(f"asana {n}", 16).hex() for n in range(3))),
    Scheme(
        "trello", {
            "model": {"id": "4d5ea62fd76aa1136000000c", "name": "Grüße"}, "action": {
                "id": "51f9424bcd6e040f3c002412", "idMemberCreator": "4fc78a59a885233f4b349bd9", "type": "updateBoard",
                "date": "2026-09-21T14:13:18.000Z", "data": {"board": {"id": "4d5ea62fd76aa1136000000c", "name": "Grüße"}},
                "memberCreator": {"id": "4fc78a59a885233f4b349bd9", "fullName": "Zoë Example", "username": "zoe"}}},
        header="X-Trello-Webhook", hash="sha1", over="{body}{url}", enc="base64", more=trello_more),
    Scheme(
        "dropbox", {"list_folder": {"accounts": ["dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc"]}, "delta": {"users": [12345678]}},
        header="X-Dropbox-Signature"),
    DocuSign(
        "docusign", {
            "event": "envelope-completed", "apiVersion": "v2.1", "uri": "/restapi/v2.1/accounts/0000/envelopes/0001", "retryCount": 0,
            "configurationId": 10000, "generatedDateTime": "2026-09-21T14:13:18.000Z", "data": {
                "accountId": "c0000000-0000-4000-8000-000000000001", "userId": "c0000000-0000-4000-8000-000000000002",
                "envelopeId": "c0000000-0000-4000-8000-000000000003", "envelopeSummary": {
                    "status": "completed", "emailSubject": "Grüße", "sender": {"userName": "Zoë Example", "email": "zoe@example.com"}}}},
        header="X-DocuSign-Signature", enc="base64", lines=True, more=docusign_more,
        secrets=tuple(base64.b64encode(seed(f"docusign {n}")).decode() for n in range(3))),
    Scheme(
        "workos", {
            "id": "event_01FKJ843CVE8F7BXQSPFH0M53V", "event": "dsync.user.created", "created_at": "2026-09-21T14:13:18.000Z", "data": {
                "id": "directory_user_01E1X1B89NH8Z3SDFJR4H7RGX7", "directory_id": "directory_01ECAZ4NV9QMV47GW873HDCX74",
                "first_name": "Zoë", "last_name": "Example", "email": "zoe@example.com", "state": "active"}},
        header="WorkOS-Signature", over="{ts}.{body}", time="ms", template="t={ts}, {sigs}", prefix="v1=", window=None, more=workos_more),
    Scheme(
        "auth0", {
            "specversion": "1.0", "type": "user.created", "source": "urn:auth0:acme.example.com", "id": "evt_1234567890abcdef",
            "time": "2026-09-21T14:13:18.000Z", "data": {"object": {"user_id": "auth0|507f1f77bcf86cd799439020", "email": "zoe@example.com", "name": "Zoë Example"}}},
        header="Authorization", mac="token", body_unsigned="a token signs no body", more=token_more, content_type="application/json"),
    Scheme(
        "okta", {
            "eventType": "com.okta.event_hook", "eventTypeVersion": "1.0", "cloudEventsVersion": "0.1", "eventId": "b5a188b9-5ece-4636-b041-482ffda96311",
            "eventTime": "2026-09-21T14:13:18.000Z", "source": "https://acme.example.com/api/v1/eventHooks/who8vt36qfNpCGz9H1e6",
            "data": {"events": [{
                "uuid": "a790999f-fe87-467a-9880-6982a583986c", "published": "2026-09-21T14:13:17.000Z", "eventType": "user.lifecycle.create",
                "displayMessage": "Create Okta user", "severity": "INFO", "outcome": {"result": "SUCCESS"},
                "target": [{"id": "00u1", "type": "User", "alternateId": "zoe@example.com", "displayName": "Zoë Example"}]}]}},
        header="Authorization", mac="token", body_unsigned="a token signs no body", more=token_more),
    Scheme(
        "cal-com", {
            "triggerEvent": "BOOKING_CREATED", "createdAt": "2026-09-21T14:13:18.000Z", "payload": {
                "uid": "bFJeNb2uX8ANpT3JL5EfXw", "bookingId": 91, "title": "Grüße", "startTime": "2026-09-22T09:00:00Z", "status": "ACCEPTED",
                "organizer": {"id": 5, "name": "Zoë Example", "email": "zoe@example.com"}, "attendees": [{"email": "eva@example.com", "name": "Eva"}]}},
        header="X-Cal-Signature-256", more=cal_more),
    Scheme(
        "airtable", {
            "base": {"id": "app00000000000000"}, "webhook": {"id": "ach00000000000000"}, "timestamp": "2026-09-21T14:13:18.000Z"},
        header="X-Airtable-Content-MAC", prefix="hmac-sha256=", key=from_base64),
    Scheme(
        "cloudinary", {
            "notification_type": "upload", "timestamp": "2026-09-21T14:13:18+00:00", "request_id": "23b96f5d7a0e4a9c8b7d6e5f4a3b2c1d",
            "asset_id": "b5e6d2b39ba3e0869d67141ba7dba6cf", "public_id": "größe", "version": 1789999998, "width": 864, "height": 576,
            "format": "jpg", "resource_type": "image", "secure_url": "https://res.example.com/acme/image/upload/v1/sample.jpg"},
        header="X-Cld-Signature", mac="digest", hash="sha1", other_hash="md5", over="{body}{ts}{secret}", time="s", time_header="X-Cld-Timestamp",
        window=None, age=10800, more=cloudinary_more),
    DropboxSign(
        "dropbox-sign", {
            "event": {"event_time": "", "event_type": "signature_request_signed", "event_hash": "", "event_metadata": {
                "related_signature_id": "ad4d8a769b555fa5ef38691465d426682bf2c992", "reported_for_account_id": "63522885f9261e2b04eea043933ee7313eb674fd"}},
            "signature_request": {"signature_request_id": "2b388914e3ae3b738bd4e2ee2850c677e6dc53d2", "title": "Grüße",
                                  "signatures": [{"signer_email_address": "zoe@example.com", "signer_name": "Zoë Example", "status_code": "signed"}]}},
        time="s", more=dropbox_sign_more),
    Scheme(
        "notion", {
            "id": "367cba44-b6f3-4c92-81e7-6a2e9659efd4", "timestamp": "2026-09-21T14:13:18.000Z", "workspace_id": "13950b26-c203-4f3b-b97d-93ec06319565",
            "subscription_id": "29d75c0d-5546-4414-8459-7b7a92f1fc4b", "integration_id": "0ef2e755-4912-8096-91c1-00376a88a5ca", "type": "page.created",
            "authors": [{"id": "c7c11cca-1d73-471d-9b6e-bdef51470190", "type": "person"}], "attempt_number": 1,
            "entity": {"id": "153104cd-477e-809d-8dc4-ff2d96ae3090", "type": "page"}, "data": {"note": "für Zoë"}},
        header="X-Notion-Signature", prefix="sha256=", secrets=tuple("secret_" + seed(f"notion {n}", 20).hex() for n in range(3))),
    Scheme(
        "clickup", {
            "event": "taskUpdated", "task_id": "1vj37mc", "webhook_id": "7fa3ec74-69a8-4530-a251-8a13730bd204", "history_items": [{
                "id": "2800768061568222925", "type": 1, "date": "1789999998000", "field": "name", "before": "Gruß", "after": "Grüße",
                "user": {"id": 183, "username": "Zoë Example", "email": "zoe@example.com"}}]},
        header="X-Signature"),
    Scheme(
        "webflow", {
            "triggerType": "form_submission", "payload": {
                "name": "Contact", "siteId": "65427cf400e02b306eaa049c", "id": "6321ca84df3949bfc6752327", "formId": "65429eadebe8a9f3a30f62d0",
                "data": {"Name": "Zoë Example", "Email": "zoe@example.com"}, "submittedAt": "2026-09-21T14:13:18.000Z"}},
        header="x-webflow-signature", over="{ts}:{body}", time="ms", time_header="x-webflow-timestamp", more=webflow_more),
    Monday(
        "monday", {"event": {
            "app": "monday", "type": "update_column_value", "triggerTime": "2026-09-21T14:13:18.000Z", "subscriptionId": 73759690, "userId": 9603417,
            "boardId": 1771812698, "pulseId": 1772099344, "pulseName": "Grüße", "columnId": "status", "triggerUuid": "504b2eb76c80f672a18f892c0f700e41"}},
        header="Authorization", more=monday_more, body_unsigned="the token says nothing of the body"),
]
