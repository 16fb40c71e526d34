"""Payments and billing."""

import base64
import copy
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import quote_plus

from scheme import NOW, Scheme, Vector, compact, from_hex, seed, word

# Stripe, Paddle

def stripe_more(scheme):
    first, second, other = scheme.secrets
    ok = [first]
    right = scheme.make()
    text = right.headers["Stripe-Signature"]
    mac = text.split("v1=")[1]
    put = lambda value: right.with_header("Stripe-Signature", value)
    yield Vector("v0-beside-v1", put(f"t={NOW},v0={'0' * 64},v1={mac}"), ok, True)
    yield Vector("v0-alone", put(f"t={NOW},v0={mac}"), ok, False)
    yield Vector("unknown-key-ignored", put(f"t={NOW},v1={mac},v9=abc"), ok, True)
    yield Vector("v1-before-t", put(f"v1={mac},t={NOW}"), ok, True)
    yield Vector("t-missing", put(f"v1={mac}"), ok, False)
    yield Vector("t-twice-first-wrong", put(f"t={NOW - 10},t={NOW},v1={mac}"), ok, False)
    yield Vector("pair-without-sign", put(f"t={NOW},v1"), ok, False)
    yield Vector("timestamp-padded", put(f"t=0{NOW},v1={mac}"), ok, False,
                 "the SDK writes the number anew; what was signed is what stands there")
    decoded = base64.b64decode(first.removeprefix("whsec_") + "==")
    wrong = hmac.new(decoded, f"{NOW}.".encode() + scheme.body, "sha256").hexdigest()
    yield Vector("key-base64-decoded", put(f"t={NOW},v1={wrong}"), ok, False)
    zero = scheme.make(at=0)
    yield Vector("timestamp-zero", zero, ok, False)


def paddle_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    mac = right.headers["Paddle-Signature"].split("h1=")[1]
    put = lambda value: right.with_header("Paddle-Signature", value)
    yield Vector("h1-missing", put(f"ts={NOW}"), ok, False)
    yield Vector("ts-missing", put(f"h1={mac}"), ok, False)
    yield Vector("comma-for-semicolon", put(f"ts={NOW},h1={mac}"), ok, False)


# Square

def square_more(scheme):
    ok = [scheme.secrets[0]]
    for name, url in {
        "url-with-query": scheme.url + "?shop=1&x=a%20b", "url-with-port": scheme.url.replace(".com", ".com:8443"),
        "url-trailing-slash": scheme.url + "/",
    }.items():
        yield Vector(name, scheme.make(url=url), ok, True)
    yield Vector("url-slash-added", scheme.make().having(url=scheme.url + "/"), ok, False)
    yield Vector("url-host-other", scheme.make().having(url=scheme.url.replace("//hooks.", "//other.")), ok, False)
    yield Vector("url-boundary-moved", scheme.make().having(url=scheme.url + "{", body=scheme.body[1:]), ok, True,
                 "nothing stands between URL and body; a gateway knows its URL")


# Adyen: each item of a batch carries its own signature

@dataclass
class Adyen(Scheme):
    FIELDS = ("pspReference", "originalReference", "merchantAccountCode", "merchantReference", "value", "currency", "eventCode", "success")

    def text_of(self, item):
        amount = item.get("amount", {})
        values = [amount[n] if n in amount else item.get(n, "") for n in self.FIELDS]
        return ":".join(str(v) for v in values).encode()

    def sign_item(self, item, secret, hash=None):
        return base64.b64encode(hmac.new(self.key(secret), self.text_of(item), hash or self.hash).digest()).decode()

    def make(self, by=None, at=NOW, body=None, url=None, mangle=lambda s: s, hash=None, ts=None, items=None, **_):
        by = by or self.secrets[:1]
        parsed = json.loads(self.body)
        if items:
            parsed["notificationItems"] = [{"NotificationRequestItem": copy.deepcopy(i)} for i in items]
        for n, wrapped in enumerate(parsed["notificationItems"]):
            item = wrapped["NotificationRequestItem"]
            item["additionalData"]["hmacSignature"] = mangle(self.sign_item(item, by[min(n, len(by) - 1)], hash))
        return Scheme.make(self, by=[], body=compact(parsed))

    def place(self, request, signatures, ts):
        pass

    def drop(self, request):
        parsed = json.loads(request.body)
        for wrapped in parsed["notificationItems"]:
            wrapped["NotificationRequestItem"]["additionalData"] = {"cardSummary": "0010"}
        return request.having(body=compact(parsed))

    def edited(self, request, at=0, **changes):
        parsed = json.loads(request.body)
        item = parsed["notificationItems"][at]["NotificationRequestItem"]
        for name, value in changes.items():
            if name in ("value", "currency"):
                item["amount"][name] = value
            else:
                item[name] = value
        return request.having(body=compact(parsed))

    def body_kinds(self, ok):
        right = self.make()
        yield Vector("body-empty", right.having(body=b""), ok, False)
        yield Vector("body-not-json", right.having(body=b"pspReference=1"), ok, False)
        yield Vector("body-reserialised", right.having(body=json.dumps(json.loads(right.body)).encode()), ok, True,
                     "eight fields are signed, not the bytes")
        for name, value in {
            "pspReference": "OTHER", "merchantAccountCode": "Other", "merchantReference": "order-8", "value": 1131, "currency": "USD",
            "eventCode": "REFUND", "success": "false", "originalReference": "8515131751004933",
        }.items():
            yield Vector(f"field-changed-{name}", self.edited(right, **{name: value}), ok, False)
        yield Vector("unsigned-field-changed-reason", self.edited(right, reason="033899:9999:12/2030"), ok, True,
                     "the scheme signs eight fields; reason is not one of them")
        item = json.loads(self.body)["notificationItems"][0]["NotificationRequestItem"]
        second = {**item, "pspReference": "7914073381342285", "merchantReference": "order-8"}
        first, _, other = self.secrets
        batch = self.make(items=[item, second])
        yield Vector("batch-of-two", batch, ok, True)
        yield Vector("batch-second-forged", self.edited(batch, at=1, merchantReference="order-9"), ok, False,
                     "the SDK's helper looks at the first item only; each is an event")
        yield Vector("batch-second-of-other-secret", self.make(by=[first, other], items=[item, second]), ok, False,
                     "the SDK's helper looks at the first item only; each is an event")
        yield Vector("batch-empty", right.having(body=b'{"live":"false","notificationItems":[]}'), ok, False)
        for name, request, good, why in self.named_twice(right, '"merchantReference":"order-7"', '"merchantReference":"order-9"'):
            yield Vector(name, request, ok, good, why)
        yield Vector("original-reference", self.make(items=[{**item, "originalReference": "8515131751004933", "eventCode": "CAPTURE"}]), ok, True)
        yield Vector("colon-in-reference", self.make(items=[{**item, "merchantReference": "shop:order:7"}]), ok, True)
        yield Vector("letters-beyond-ascii", self.make(items=[{**item, "merchantReference": "bestellung-größe"}]), ok, True)


ADYEN_ITEM = {
    "additionalData": {"cardSummary": "0010", "hmacSignature": ""}, "amount": {"currency": "EUR", "value": 1130}, "eventCode": "AUTHORISATION",
    "eventDate": "2026-09-21T16:13:15+02:00", "merchantAccountCode": "AcmeCOM", "merchantReference": "order-7",
    "paymentMethod": "visa", "pspReference": "7914073381342284", "reason": "033899:1111:03/2030", "success": "true"}


# Braintree: a form whose field carries public_key|signature

@dataclass
class Braintree(Scheme):
    def __post_init__(self):
        super().__post_init__()
        self.secrets = tuple(f"{word('braintree public ' + n, 16).lower()}:{seed('braintree private ' + n, 16).hex()}" for n in "123")

    def sign(self, request, secret, ts, hash=None):
        public, private = secret.split(":")
        code = hmac.new(hashlib.sha1(private.encode()).digest(), self.body, hash or "sha1").hexdigest()
        return public, code

    def make(self, by=None, mangle=lambda s: s, hash=None, payload=None, form=None, **_):
        by = by or self.secrets[:1]
        pairs = []
        for secret in by:
            public, code = self.sign(None, secret, "", hash)
            pairs.append(f"{public}|{mangle(code)}")
        fields = {"bt_signature": "&".join(pairs), "bt_payload": self.body.decode() if payload is None else payload}
        fields.update(form or {})
        body = "&".join(f"{k}={quote_plus(v)}" for k, v in fields.items() if v is not None).encode()
        return Scheme.make(self, by=[], body=body)

    def place(self, request, signatures, ts):
        pass

    def drop(self, request):
        return self.make(form={"bt_signature": None})

    def body_kinds(self, ok):
        right = self.make()
        payload = self.body.decode()
        other = base64.encodebytes(base64.b64decode(payload).replace(b"my_id", b"my_ix")).decode()
        yield Vector("payload-changed", self.make(payload=other), ok, False)
        yield Vector("payload-empty", self.make(payload=""), ok, False)
        yield Vector("payload-missing", self.make(form={"bt_payload": None}), ok, False)
        yield Vector("payload-with-blanks", self.make(payload=payload.replace("\n", " ")), ok, False)
        yield Vector("form-other-escapes", right.having(body=right.body.replace(b"%7C", b"%7c").replace(b"bt_", b"%62t_")), ok, True,
                     "the form's fields are signed, not its bytes")
        yield Vector("form-extra-field", right.having(body=right.body + b"&extra=1"), ok, True, "only the payload is signed")
        first, second, other = self.secrets
        yield Vector("list-right-last", self.make(by=[other, second, first]), ok, True)
        yield Vector("signature-without-public-key", self.make(form={"bt_signature": self.sign(None, first, "")[1]}), ok, False)


BRAINTREE_XML = """<notification><timestamp type="datetime">2026-09-21T14:13:19Z</timestamp><kind>subscription_went_past_due</kind>\
<subject><subscription><id>my_id</id><balance>4.50</balance></subscription></subject></notification>"""


# Flutterwave, Mollie, Recurly

def mollie_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    wrong = scheme.make(by=scheme.secrets[2:])
    name = scheme.header
    yield Vector("lines-right-last", right.with_header(name, [wrong.headers[name], right.headers[name]]), ok, True)
    yield Vector("lines-all-wrong", right.with_header(name, [wrong.headers[name], wrong.headers[name]]), ok, False)
    classic = right.having(
        headers={"Content-Type": "application/x-www-form-urlencoded"}, body=b"id=tr_d0b0E3EA3v")
    yield Vector("classic-unsigned", classic, ok, False, "a classic webhook has no signature; nothing proves it")


def recurly_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    put = lambda value: right.with_header(scheme.header, value)
    mac = right.headers[scheme.header].split(",")[1]
    yield Vector("time-alone", put(f"{NOW}000"), ok, False)
    yield Vector("time-behind", put(f"{mac},{NOW}000"), ok, False)
    yield Vector("time-hexadecimal", put(f"{hex(NOW * 1000)},{mac}"), ok, False)


def amounts_bound(scheme):
    changed = scheme.body.replace(b"500", b"900", 1)
    assert changed != scheme.body, scheme.id
    yield Vector("amount-changed", scheme.make().having(body=changed), [scheme.secrets[0]], False)


def flutterwave_more(scheme):
    right = scheme.make()
    secret = scheme.secrets[0]
    yield Vector("signature-is-the-secret", right.with_header(scheme.header, secret), [secret], False)


def xero_more(scheme):
    """Xero's "intent to receive": an empty list, signed rightly and wrongly."""
    body = b'{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"HQWQPXCKQSYDVRBNNYAX"}'
    ok = [scheme.secrets[0]]
    yield Vector("intent-to-receive", scheme.make(body=body), ok, True)
    yield Vector("intent-to-receive-wrong", scheme.make(body=body, by=scheme.secrets[2:]), ok, False)


def whsec_like(id, count=3):
    """Stripe's secrets: `whsec_` is part of the key."""
    return tuple("whsec_" + word(f"{id} {n}", 38) for n in range(count))


PROVIDERS = [
    Scheme(
        "stripe", {
            "id": "evt_1NG8Du2eZvKYlo2CUI79vXWy", "object": "event", "api_version": "2026-01-28", "created": 1789999998,
            "data": {"object": {
                "id": "cs_test_a1b2c3", "object": "checkout.session", "amount_total": 2500, "currency": "eur", "customer": "cus_NffrFeUfNV2Hib",
                "customer_details": {"email": "zoe@example.com", "name": "Zoë Example"}, "payment_status": "paid"}},
            "livemode": False, "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None}, "type": "checkout.session.completed"},
        header="Stripe-Signature", over="{ts}.{body}", time="s", template="t={ts},{sigs}", prefix="v1=", separator=",",
        secrets=whsec_like("stripe"), more=stripe_more),
    Scheme(
        "square", {
            "merchant_id": "6SSW7HV8K2ST5", "type": "payment.updated", "event_id": "13b867cf-db3d-4b1c-90b6-2f32a9d78124",
            "created_at": "2026-09-21T14:13:18Z",
            "data": {"type": "payment", "id": "hYy9pRFVxpDsO1FB05SunFWUe9JZY", "object": {"payment": {
                "id": "hYy9pRFVxpDsO1FB05SunFWUe9JZY", "amount_money": {"amount": 2500, "currency": "USD"},
                "buyer_email_address": "zoe@example.com", "note": "café", "status": "COMPLETED"}}}},
        header="x-square-hmacsha256-signature", over="{url}{body}", enc="base64", more=square_more),
    Scheme(
        "paddle", {
            "event_id": "evt_01hv8x29kz0t586xy6zn1a62ny", "event_type": "transaction.completed", "occurred_at": "2026-09-21T14:13:18.000Z",
            "notification_id": "ntf_01hv8x2acma2gz7he8kg2s0hna",
            "data": {"id": "txn_01hv8wptq8987qeep44cyrewp9", "status": "completed", "customer_id": "ctm_01hv6y1jedq4p1n0yqn5ba3ky4",
                     "currency_code": "EUR", "details": {"totals": {"total": "2500"}}, "custom_data": {"note": "für Zoë"}}},
        header="Paddle-Signature", over="{ts}:{body}", time="s", template="ts={ts};{sigs}", prefix="h1=", separator=";", window=None,
        secrets=tuple("pdl_ntfset_01" + word(f"paddle {n}", 40) for n in range(3)), more=paddle_more),
    Scheme(
        "lemonsqueezy", {
            "meta": {"event_name": "order_created", "custom_data": {"user_id": "42"}},
            "data": {"type": "orders", "id": "1", "attributes": {
                "store_id": 1, "customer_id": 2, "user_name": "Zoë Example", "user_email": "zoe@example.com", "total": 2500,
                "currency": "USD", "status": "paid", "created_at": "2026-09-21T14:13:18.000000Z"}}},
        header="X-Signature", headers={"X-Event-Name": "order_created"}, any_case=True),
    Scheme(
        "razorpay", {
            "entity": "event", "account_id": "acc_BFQ7uQEaa7j2z7", "event": "payment.captured", "contains": ["payment"],
            "payload": {"payment": {"entity": {
                "id": "pay_DESlfW9H8K9uqM", "amount": 50000, "currency": "INR", "status": "captured", "email": "zoe@example.com"}}},
            "created_at": 1789999998},
        header="X-Razorpay-Signature", headers={"x-razorpay-event-id": "evt_DESlfW9H8K9uqM"}, more=amounts_bound),
    Scheme(
        "paystack", {
            "event": "charge.success", "data": {
                "id": 302961, "status": "success", "reference": "qTPrJoy9Bx", "amount": 50000, "currency": "NGN",
                "paid_at": "2026-09-21T14:13:18.000Z", "customer": {"id": 68324, "email": "zoe@example.com"}}},
        header="x-paystack-signature", hash="sha512", secrets=tuple("sk_test_" + seed(f"paystack {n}", 20).hex() for n in range(3)),
        more=amounts_bound),
    Scheme(
        "flutterwave", {
            "webhook_id": "wbk_v4Lgf3mTQEgWyJrxqaZo", "timestamp": 1789999998123, "type": "charge.completed", "data": {
                "id": "chg_3tBZmRbeXL", "amount": 500, "currency": "NGN", "status": "succeeded",
                "customer": {"id": "cus_u6CHN3nMYB", "email": "zoe@example.com"}}},
        header="flutterwave-signature", enc="base64", more=flutterwave_more),
    Scheme(
        "coinbase-commerce", {
            "attempt_number": 1, "event": {
                "api_version": "2018-03-22", "created_at": "2026-09-21T14:13:18Z", "id": "24934862-d980-46cb-9402-43c81b0cdba6",
                "resource": "event", "type": "charge:confirmed", "data": {
                    "code": "66BEOV2A", "name": "Book — second edition", "metadata": {"customer_id": "42", "email": "zoe@example.com"}}},
            "id": 1, "scheduled_for": "2026-09-21T14:13:18Z"},
        header="X-CC-Webhook-Signature"),
    Adyen("adyen", {"live": "false", "notificationItems": [{"NotificationRequestItem": ADYEN_ITEM}]}, enc="base64", key=from_hex),
    Scheme(
        "adyen-platform", {
            "data": {
                "balancePlatform": "AcmePlatform", "accountHolder": {"id": "AH3227C223222B5CMD2SXFKGT"},
                "amount": {"currency": "EUR", "value": 500}, "id": "EVJN4227C224222B5JSCNHNF2VV", "status": "booked"},
            "environment": "test", "timestamp": "2026-09-21T14:13:18+00:00", "type": "balancePlatform.transfer.updated"},
        header="HmacSignature", enc="base64", key=from_hex, headers={"Protocol": "HmacSHA256"}),
    Scheme(
        "chargebee", {
            "id": "ev_16BHbhF4s42tO2lK", "occurred_at": 1789999998, "source": "admin_console", "user": "admin@example.com", "object": "event",
            "api_version": "v2", "event_type": "subscription_created", "content": {
                "customer": {"id": "16BHbhF4s42tO2lJ", "first_name": "Zoë", "email": "zoe@example.com"},
                "subscription": {"id": "16BHbhF4s3TF22lI", "status": "active", "plan_amount": 500}}},
        header="Authorization", mac="basic", prefix="Basic ", body_unsigned="basic authentication signs no body"),
    Scheme(
        "recurly", {
            "id": "sfv2bmc9l1b1", "object_type": "subscription", "site_id": "r9q9cs21ypzr", "event_type": "created",
            "event_time": "2026-09-21T14:13:18Z", "uuid": "6a4d45d7a5d8b6d48e34b6b1", "account": {"code": "zoë"}},
        header="recurly-signature", over="{ts}.{body}", time="ms", template="{ts},{sigs}", separator=",", more=recurly_more),
    Scheme(
        "gocardless", {
            "events": [
                {"id": "EV0001A2B3", "created_at": "2026-09-21T14:13:18.000Z", "resource_type": "mandates", "action": "cancelled",
                 "links": {"mandate": "MD0001"}, "details": {"origin": "bank", "cause": "bank_account_disabled", "description": "Zoë’s bank"}},
                {"id": "EV0001A2B4", "created_at": "2026-09-21T14:13:18.000Z", "resource_type": "payments", "action": "confirmed",
                 "links": {"payment": "PM0001"}, "details": {"origin": "gocardless", "cause": "payment_confirmed"}}],
            "meta": {"webhook_id": "WB0001"}},
        header="Webhook-Signature"),
    Scheme(
        "mollie", {
            "resource": "event", "id": "event_GvJ8WHrp5isUdRub9CJyH", "type": "sales-invoice.paid", "entityId": "invoice_4Y0eZitmBnQ6IDoMqZQKh",
            "createdAt": "2026-09-21T14:13:18+00:00"},
        header="X-Mollie-Signature", prefix="sha256=", lines=True, more=mollie_more),
    Braintree("braintree", base64.encodebytes(BRAINTREE_XML.encode()), enc="hex", hash="sha1", content_type="application/x-www-form-urlencoded"),
    Scheme(
        "xero", {
            "events": [{
                "resourceUrl": "https://api.xero.com/api.xro/2.0/Contacts/717f2bfc-c6d4-41fd-b238-3f2f0c0cf777",
                "resourceId": "717f2bfc-c6d4-41fd-b238-3f2f0c0cf777", "eventDateUtc": "2026-09-21T14:13:18.000", "eventType": "UPDATE",
                "eventCategory": "CONTACT", "tenantId": "c2cc9b6e-9458-4c7d-93cc-f02b81b0594f", "tenantType": "ORGANISATION"}],
            "firstEventSequence": 1, "lastEventSequence": 1, "entropy": "S0m3r4ndom"},
        header="x-xero-signature", enc="base64", more=xero_more),
    Scheme(
        "quickbooks", {
            "eventNotifications": [{"realmId": "1185883450", "dataChangeEvent": {"entities": [
                {"name": "Customer", "id": "1", "operation": "Create", "lastUpdated": "2026-09-21T14:13:18.000Z"},
                {"name": "Invoice", "id": "130", "operation": "Update", "lastUpdated": "2026-09-21T14:13:18.000Z"}]}}]},
        header="intuit-signature", enc="base64"),
    Scheme(
        "fastspring", {
            "events": [{
                "id": "fs-evt-0001", "live": False, "processed": False, "type": "order.completed", "created": 1789999998000,
                "data": {"order": "o8M5zTMDQJGXfQ2", "reference": "ACME260921-1", "total": 25.0, "currency": "EUR",
                         "account": {"id": "acc1", "contact": {"email": "zoe@example.com", "first": "Zoë"}}}}]},
        header="X-FS-Signature", enc="base64"),
]


# Unsigned

@dataclass
class Unsigned(Scheme):
    def vectors(self):
        why = "the provider signs nothing: whoever knows the URL is believed"
        ok = self.secrets[:1]
        yield Vector("valid", self.make(by=[]), ok, True, why)
        yield Vector("body-changed", self.make(by=[], body=self.changed_body()), ok, True, why)

    def place(self, request, signatures, ts):
        pass


PROVIDERS.append(Unsigned(
    "gumroad",
    b"seller_id=kL0psVL2admJSYRNs-OCMg%3D%3D&product_id=32-nPAicqbLj8B_WswVlMw%3D%3D&product_name=Caf%C3%A9+book&permalink=book"
    b"&email=zoe%2Bshop%40example.com&price=2500&currency=eur&sale_id=FO8TXN-dbxYaBdahG97Y-Q%3D%3D&sale_timestamp=2026-09-21T14%3A13%3A18Z"
    b"&resource_name=sale&test=true", content_type="application/x-www-form-urlencoded", secrets=("unused", "", "")))
