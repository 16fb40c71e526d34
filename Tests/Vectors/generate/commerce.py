"""Shops and memberships."""

import base64
import hmac
from dataclasses import replace

from scheme import Scheme, Vector, seed


def shopify_more(scheme):
    first, second, other = scheme.secrets
    raw = bytes.fromhex(first.removeprefix("shpss_"))
    wrong = base64.b64encode(hmac.new(raw, scheme.body, "sha256").digest()).decode()
    right = scheme.make()
    yield Vector("key-hex-decoded", right.with_header(scheme.header, wrong), [first], False)
    yield Vector("signature-in-hex", right.with_header(scheme.header, base64.b64decode(right.headers[scheme.header]).hex()), [first], False)
    yield Vector("rotation-old-secret-within-the-hour", scheme.make(by=[first]), [second, first], True)


def woocommerce_more(scheme):
    """The stored secret's entities are decoded, each once (wp_specialchars_decode, ENT_QUOTES)."""
    for name, stored, real in (
        ("secret-with-ampersand", "a&amp;b" + scheme.secrets[0], "a&b" + scheme.secrets[0]),
        ("secret-with-all-entities", "&lt;&gt;&quot;&#039;" + scheme.secrets[0], "<>\"'" + scheme.secrets[0]),
        ("secret-encoded-twice", "&amp;lt;" + scheme.secrets[0], "&lt;" + scheme.secrets[0]),
        ("secret-with-bare-ampersand", "a&b;" + scheme.secrets[0], "a&b;" + scheme.secrets[0]),
    ):
        yield Vector(name, scheme.make(by=[real]), [stored], True)
        if stored != real:
            yield Vector(name + "-not-decoded", scheme.make(by=[stored]), [stored], False)
    ping = scheme.make(by=[]).having(
        headers={"Content-Type": "application/x-www-form-urlencoded"}, body=b"webhook_id=3")
    yield Vector("ping", ping, [scheme.secrets[0]], False, "the creation ping is unsigned: it is answered, not believed")


SHOPIFY = {
    "id": 820982911946154508, "admin_graphql_api_id": "gid://shopify/Order/820982911946154508", "email": "zoe@example.com",
    "created_at": "2026-09-21T14:13:18+00:00", "currency": "EUR", "name": "#9999", "note": "Grüße", "total_price": "25.00",
    "customer": {"id": 115310627314723954, "email": "zoe@example.com", "first_name": "Zoë", "last_name": "Example"}}

shopify = Scheme(
    "shopify", SHOPIFY, header="X-Shopify-Hmac-Sha256", enc="base64", more=shopify_more,
    secrets=tuple("shpss_" + seed(f"shopify {n}", 16).hex() for n in range(3)),
    headers={
        "X-Shopify-Topic": "orders/create", "X-Shopify-Shop-Domain": "acme.example.com", "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043", "X-Shopify-Event-Id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
        "X-Shopify-Triggered-At": "2026-09-21T14:13:18.000000000Z"})


def events_more(scheme):
    right = scheme.make()
    old = right.without(scheme.header).with_header("X-Shopify-Hmac-Sha256", right.headers[scheme.header])
    yield Vector("header-of-the-older-product", old, [scheme.secrets[0]], False)


PROVIDERS = [
    shopify,
    replace(
        shopify, id="shopify-events", url=None, header="Shopify-Hmac-Sha256", more=events_more,
        headers={"Shopify-Topic": "orders/create", "Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"}),
    Scheme(
        "woocommerce", {
            "id": 727, "parent_id": 0, "number": "727", "order_key": "wc_order_58d2d042d1d", "status": "processing", "currency": "EUR",
            "date_created_gmt": "2026-09-21T14:13:18", "total": "29.35", "customer_id": 26,
            "billing": {"first_name": "Zoë", "last_name": "Example", "email": "zoe@example.com"}},
        header="X-WC-Webhook-Signature", enc="base64", more=woocommerce_more,
        headers={
            "X-WC-Webhook-Source": "https://shop.example.com/", "X-WC-Webhook-Topic": "order.updated", "X-WC-Webhook-Resource": "order",
            "X-WC-Webhook-Event": "updated", "X-WC-Webhook-ID": "3", "X-WC-Webhook-Delivery-ID": "a0e5f2a0c4d3b2a1908f7e6d5c4b3a29"}),
    Scheme(
        "patreon", {
            "data": {
                "type": "member", "id": "03ca69c3-ebea-4b9a-8fac-e4a837873254",
                "attributes": {"full_name": "Zoë Example", "email": "zoe@example.com", "patron_status": "active_patron",
                               "currently_entitled_amount_cents": 500, "last_charge_date": "2026-09-21T14:13:18.000+00:00"},
                "relationships": {"user": {"data": {"id": "87654321", "type": "user"}}}}},
        header="X-Patreon-Signature", hash="md5", other_hash="sha256", headers={"X-Patreon-Event": "members:update"}),
    Scheme(
        "memberful", {
            "event": "subscription.activated", "subscription": {
                "id": 10, "active": True, "expires_at": 1821536000, "member": {"id": 42, "email": "zoe@example.com", "full_name": "Zoë Example"},
                "plan": {"id": 7, "name": "Reader", "slug": "7-reader", "price_cents": 500}}},
        header="X-Memberful-Webhook-Signature"),
    Scheme(
        "thinkific", {
            "id": "20260921141318123456789", "resource": "user", "action": "signup", "tenant_id": "3", "created_at": "2026-09-21T14:13:18.000Z",
            "timestamp": 1789999998, "payload": {"id": 13, "first_name": "Zoë", "last_name": "Example", "email": "zoe@example.com"}},
        header="X-Thinkific-Hmac-Sha256", headers={"X-Thinkific-Topic": "user.signup"}),
]
