"""Standard Webhooks and those who sign like it."""

import base64
import hashlib
import hmac
from dataclasses import replace

from scheme import NOW, Scheme, Vector, from_text, from_whsec, seed, word

LENIENT_BASE64 = "the SDK throws away characters that are not base 64; two texts for one signature help nobody"
FRACTION = "the SDK reads a float and signs its floor again; a timestamp is a whole number"


def message(id, body, prefix="webhook", more=None, key=from_whsec, secrets=None, **rest):
    """`id.timestamp.body` with the three headers."""
    def all_more(scheme):
        yield from edges(scheme, prefix)
        if more:
            yield from more(scheme)

    return Scheme(
        id, body, header=f"{prefix.title()}-Signature", over=f"{{{prefix.title()}-Id}}.{{ts}}.{{body}}", enc="base64", prefix="v1,",
        separator=" ", time="s", time_header=f"{prefix.title()}-Timestamp",
        headers={f"{prefix.title()}-Id": "msg_" + word(f"{id} message", 27)}, key=key, secrets=secrets, more=all_more, **rest)


def edges(scheme, prefix):
    ok = [scheme.secrets[0]]
    id_header = f"{prefix.title()}-Id"
    right = scheme.make()
    yield Vector("id-changed", right.with_header(id_header, "msg_" + word("another", 27)), ok, False)
    yield Vector("id-missing", right.without(id_header), ok, False)
    signature = right.headers[scheme.header]
    ed25519 = base64.b64encode(seed("v1a", 64)).decode()
    yield Vector("list-with-v1a-first", right.with_header(scheme.header, f"v1a,{ed25519} {signature}"), ok, True)
    yield Vector("version-v1a-alone", right.with_header(scheme.header, "v1a," + signature[3:]), ok, False,
                 "another version's signature says nothing about this one")
    yield Vector("version-v2-alone", right.with_header(scheme.header, "v2," + signature[3:]), ok, False,
                 "another version's signature says nothing about this one")
    at = len(signature) // 2
    yield Vector("signature-with-stray-characters", right.with_header(scheme.header, signature[:at] + "!" + signature[at:]), ok, False,
                 LENIENT_BASE64)
    yield Vector("signature-unpadded", right.with_header(scheme.header, signature.rstrip("=")), ok, False)
    fraction = scheme.make()
    yield Vector("timestamp-fraction", fraction.with_header(scheme.time_header, f"{NOW}.9"), ok, False, FRACTION)


def unpadded(scheme):
    raw = seed(f"{scheme.id} unpadded", 25)
    text = "whsec_" + base64.b64encode(raw).decode()
    assert text.endswith("=")
    yield Vector("secret-without-padding", scheme.make(by=[text]), [text.rstrip("=")], True)


def bare(scheme):
    text = scheme.secrets[0]
    yield Vector("secret-without-prefix", scheme.make(), [text.removeprefix("whsec_")], True)
    if scheme.id not in ("resend", "clerk"):
        yield from unpadded(scheme)


def other_prefix(scheme):
    """Svix sends both sets of names; either will do."""
    yield from bare(scheme)
    ok = [scheme.secrets[0]]
    right = scheme.make()
    renamed = {name.replace("Svix-", "Webhook-"): value for name, value in right.headers.items()}
    yield Vector("webhook-names", right.having(headers=renamed), ok, True)
    yield Vector("both-names", right.having(headers={**renamed, **right.headers}), ok, True)


def whsec_or_text(scheme):
    """A secret without `whsec_` is the key as it stands (OpenAI)."""
    text = word(f"{scheme.id} plain", 40)
    request = Scheme.make(plain(scheme), by=[text])
    yield Vector("secret-plain-text", request, [text], True)


def text_or_whsec(scheme):
    """The key may be the whole text or what its base 64 says (Polar)."""
    whole = scheme.secrets[0]
    yield Vector("key-is-the-whole-text", Scheme.make(plain(scheme), by=[whole]), [whole], True)
    text = "polar_whs_" + word("polar plain", 30)
    yield Vector("secret-plain-text", Scheme.make(plain(scheme), by=[text]), [text], True)


def plain(scheme):
    return replace(scheme, key=from_text)


def decoded_key(scheme):
    """BigCommerce's key is the text; base 64 of it is only what the library wants to be given."""
    secret = scheme.secrets[0]
    right = scheme.make()
    text = scheme.text(right, str(NOW), secret)
    wrong = base64.b64encode(hmac.new(base64.b64decode(secret), text, hashlib.sha256).digest()).decode()
    yield Vector("key-base64-decoded", right.with_header(scheme.header, "v1," + wrong), [secret], False)


PROVIDERS = [
    message("standard-webhooks", {
        "type": "contact.updated", "timestamp": "2026-09-21T14:13:18Z",
        "data": {"id": "1f81eb52-5198-4599-803e-771906343485", "name": "Zoë Example", "email": "zoe@example.com"}}, more=bare),
    message("svix", {
        "type": "invoice.paid", "data": {"id": "inv_01", "amount": 1200, "email": "zoe@example.com", "note": "für Zoë"}},
        prefix="svix", more=other_prefix),
    message("clerk", {
        "data": {
            "id": "user_29w83sxmDNGwOuEthce5gg56FcC", "first_name": "Zoë", "last_name": "Example", "object": "user",
            "email_addresses": [{"id": "idn_29w83yL7CwVlJXylYLxcslromF1", "email_address": "zoe@example.com", "object": "email_address"}],
            "primary_email_address_id": "idn_29w83yL7CwVlJXylYLxcslromF1", "created_at": 1789999999000, "updated_at": 1789999999000},
        "object": "event", "type": "user.created", "timestamp": 1790000000000, "instance_id": "ins_example"}, prefix="svix", more=bare),
    message("resend", {
        "type": "email.bounced", "created_at": "2026-09-21T14:13:19.000Z",
        "data": {
            "email_id": "56761188-7520-42d8-8898-ff6fc54ce618", "from": "Acme <shop@example.com>", "to": ["zoe@example.com"],
            "subject": "Grüße", "bounce": {"type": "Permanent", "subType": "Suppressed", "message": "mailbox unknown"}}},
        prefix="svix", more=bare),
    message("openai", {
        "id": "evt_685343a1381c819085d44c354e1b330e", "object": "event", "created_at": 1789999998, "type": "response.completed",
        "data": {"id": "resp_685343a0"}}, more=whsec_or_text),
    message("polar", {
        "type": "subscription.active", "timestamp": "2026-09-21T14:13:18Z",
        "data": {
            "id": "e4a2e7a0-0000-4000-8000-000000000001", "status": "active", "amount": 1000, "currency": "usd",
            "customer": {"id": "992fae2a-2a17-4b7a-8d9e-e287cf90131b", "email": "zoe@example.com", "name": "Zoë Example"}}},
        more=text_or_whsec),
    message("gitlab-signed", {
        "object_kind": "push", "event_name": "push", "ref": "refs/heads/main", "checkout_sha": "da1560886d4f094c3e6c9ef40349f7d38b5d27d7",
        "user_id": 4, "user_name": "Zoë Example", "user_email": "zoe@example.com", "project_id": 15,
        "project": {"id": 15, "name": "Gate", "web_url": "https://gitlab.example.com/acme/gate"}, "total_commits_count": 1}),
    message("bigcommerce", {
        "scope": "store/order/created", "store_id": "1025646", "data": {"type": "order", "id": 250}, "producer": "stores/abcde",
        "hash": "3e53fd3e4a1b2c5d6e7f8091a2b3c4d5e6f70819", "created_at": 1789999999}, key=from_text,
        secrets=tuple(seed(f"bigcommerce {n}").hex() for n in (1, 2, 3)), more=decoded_key),
]
