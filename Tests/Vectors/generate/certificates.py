"""PayPal and AWS SNS: an RSA signature whose certificate is fetched from a URL within the request."""

import base64
import json
import zlib
from dataclasses import dataclass

import authority
from authority import ROOT, SUB, YEAR
from scheme import NOW, Request, Scheme, Vector, compact, rfc3339, word


def variants(leaf, common_name, host_names=None):
    """Certificates, and whether a gateway that trusts the root may believe them."""
    made = lambda cn=common_name, issuer=ROOT, **rest: authority.certificate(leaf, cn, issuer, **rest)
    stranger = ("stranger root", ROOT[1])
    return {
        "": (made(), True),
        "certificate-with-chain": (made(issuer=SUB) + authority.sub(), True),
        "certificate-with-chain-and-root": (made(issuer=SUB) + authority.sub() + authority.root(), True),
        "certificate-chain-incomplete": (made(issuer=SUB), False),
        "certificate-expired": (made(start=NOW - 2 * YEAR, end=NOW - 86400), False),
        "certificate-not-yet-valid": (made(start=NOW + 86400, end=NOW + YEAR), False),
        "certificate-of-other-authority": (made(issuer=stranger), False),
        "certificate-of-other-authority-with-its-root": (made(issuer=stranger) + authority.stranger(), False),
        "certificate-self-signed": (authority.certificate(leaf, common_name), False),
        "certificate-issued-by-no-authority": (
            authority.certificate(leaf, common_name, ("middle", "www.example.com")) + authority.certificate("middle", "www.example.com", ROOT), False),
        "certificate-intermediate-expired": (
            made(issuer=SUB) + authority.certificate(*SUB, issuer=ROOT, authority=True, start=NOW - 2 * YEAR, end=NOW - 86400), False),
        "certificate-of-another-key": (authority.certificate("another", common_name, ROOT), False),
        "certificate-not-pem": ("<html>not found</html>", False),
        "certificate-empty": ("", False),
    }


def forged(body, target):
    """`body` with 40 letters in a text of its own, chosen so that CRC-32 is `target`: the checksum is linear."""
    slot = b"0" * 40
    start = body.rindex(b"}")
    made = bytearray(body[:start] + b',"note":"' + slot + b'"' + body[start:])
    first = start + len(b',"note":"')
    base = zlib.crc32(bytes(made))
    rows = []
    for n in range(40):
        made[first + n] ^= 1
        rows.append((zlib.crc32(bytes(made)) ^ base, 1 << n))
        made[first + n] ^= 1
    want, chosen = base ^ target, 0
    for bit in reversed(range(32)):
        pivot = next((r for r in rows if r[0] >> bit & 1), None)
        if pivot is None:
            assert not want >> bit & 1
            continue
        rows.remove(pivot)
        rows = [(v ^ pivot[0], m ^ pivot[1]) if v >> bit & 1 else (v, m) for v, m in rows]
        if want >> bit & 1:
            want, chosen = want ^ pivot[0], chosen ^ pivot[1]
    for n in range(40):
        if chosen >> n & 1:
            made[first + n] ^= 1
    assert zlib.crc32(bytes(made)) == target
    return bytes(made)


@dataclass
class PayPal(Scheme):
    URL = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270"
    CN = "messageverificationcerts.paypal.com"

    def make(self, by=None, at=NOW, body=None, mangle=lambda s: s, ts=None, cert_url=None, hash="sha256", algo=None, drop=None, set=None):
        body = self.body if body is None else body
        ts = rfc3339(at) if ts is None else ts
        id = "69cd13f0-d67a-11e5-baa3-778b53f4ae55"
        text = f"{id}|{ts}|{(by or self.secrets)[0]}|{zlib.crc32(body)}".encode()
        headers = {
            "Content-Type": "application/json", "PAYPAL-TRANSMISSION-ID": id, "PAYPAL-TRANSMISSION-TIME": ts,
            "PAYPAL-TRANSMISSION-SIG": mangle(base64.b64encode(authority.signature("paypal", text, hash)).decode()),
            "PAYPAL-CERT-URL": cert_url or self.URL, "PAYPAL-AUTH-ALGO": algo or {"sha256": "SHA256withRSA", "sha1": "SHA1withRSA"}[hash],
            **(set or {})}
        if drop:
            headers.pop(drop)
        return Request("POST", self.url, headers, body)

    def vector(self, name, request, expect, why="", pem=None, at=None, secrets=None, anchors=None, silent=False):
        pem = variants("paypal", self.CN)[""][0] if pem is None else pem
        return Vector(
            name, request, secrets or [self.secrets[0]], expect, why, certificates={at or request.headers.get("PAYPAL-CERT-URL", self.URL): pem},
            anchors=[authority.root()] if anchors is None else anchors, sdk_silent=silent)

    def vectors(self):
        first, second, other = self.secrets
        right = self.make()
        v = self.vector
        yield v("valid", right, True)
        yield v("wrong-secret", right, False, secrets=[other])
        yield v("rotation-signed-with-second", self.make(by=[second]), True, secrets=[first, second])
        yield v("rotation-signed-with-first", right, True, secrets=[first, second])
        for name, (pem, good) in variants("paypal", self.CN).items():
            if name:
                why = "the SDK takes intermediates from its own store, not from the URL" if name.startswith("certificate-with-chain") else ""
                yield v(name, right, good, why, pem=pem)
        for name, cn in {
            "certificate-name-of-other": "messageverificationcerts.example.com", "certificate-name-ends-alike": "messageverificationcerts.notpaypal.com",
            "certificate-name-goes-on": "api.paypal.com.example.com",
        }.items():
            yield v(name, right, False, pem=authority.certificate("paypal", cn, ROOT))
        yield v("certificate-not-at-hand", right, False, at="https://api.paypal.com/v1/notifications/certs/other")
        yield v("no-anchors", right, False, anchors=[])
        pin = "the SDK fetches from any URL; only PayPal's own hosts over https are asked"
        for name, url in {
            "cert-url-other-host": "https://certs.example.com/paypal.pem", "cert-url-http": self.URL.replace("https", "http"),
            "cert-url-host-goes-on": "https://api.paypal.com.example.com/cert", "cert-url-host-ends-alike": "https://notpaypal.com/cert",
            "cert-url-user-before-host": "https://api.paypal.com@example.com/cert", "cert-url-other-port": "https://api.paypal.com:8443/cert",
            "cert-url-host-in-query": "https://example.com/?x=.paypal.com", "cert-url-host-in-fragment": "https://example.com#.paypal.com",
            "cert-url-backslash": "https://example.com\\.paypal.com/cert", "cert-url-not-a-url": "api.paypal.com/cert",
            "cert-url-file": "file:///etc/ssl/certs/.paypal.com",
        }.items():
            yield v(name, self.make(cert_url=url), False, pin)
        yield v("cert-url-sandbox", self.make(cert_url=self.URL.replace("api.", "api.sandbox.")), True)
        yield v("cert-url-doubled", self.make(set={"PAYPAL-CERT-URL": [self.URL, "https://certs.example.com/x"]}), False, at=self.URL)
        yield v("sha1-algorithm", self.make(hash="sha1"), False, "the SDK still takes SHA-1; PayPal sends SHA-256")
        yield v("algorithm-header-other", self.make(algo="SHA1withRSA"), False)
        yield v("algorithm-header-unknown", self.make(algo="none"), False)
        limit = "CRC-32 is all that binds the body, and it can be met by choice: refetch what matters"
        yield v("body-changed", right.having(body=self.changed_body()), False)
        yield v("body-longer", right.having(body=self.body + b"\n"), False)
        yield v("body-reserialised", right.having(body=json.dumps(json.loads(self.body)).encode()), False)
        yield v("body-empty", right.having(body=b""), False)
        yield v("body-forged-with-equal-crc", right.having(body=forged(self.body.replace(b"10.00", b"99.00"), zlib.crc32(self.body))), True, limit)
        for name in ("SIG", "ID", "TIME"):
            header = f"PAYPAL-TRANSMISSION-{name}"
            yield v(f"header-missing-{name.lower()}", self.make(drop=header), False)
        yield v("header-missing-cert-url", self.make(drop="PAYPAL-CERT-URL"), False)
        yield v("transmission-id-changed", self.make(set={"PAYPAL-TRANSMISSION-ID": "00000000-0000-0000-0000-000000000000"}), False)
        for name, mangle in {
            "signature-empty": lambda s: "", "signature-truncated": lambda s: s[:-1], "signature-half": lambda s: s[:len(s) // 2],
            "signature-swapped-case": str.swapcase, "signature-not-base64": lambda s: "!" + s[1:],
        }.items():
            yield v(name, self.make(mangle=mangle), False)
        late = self.make(at=NOW - 10)
        yield v("timestamp-swapped", right.with_header("PAYPAL-TRANSMISSION-TIME", late.headers["PAYPAL-TRANSMISSION-TIME"]), False)
        yield v("header-doubled", right.with_header("PAYPAL-TRANSMISSION-SIG", [right.headers["PAYPAL-TRANSMISSION-SIG"], late.headers["PAYPAL-TRANSMISSION-SIG"]]), False, silent=True)
        window = "the SDK has no window; the signed time is ours to judge"
        yield v("old", self.make(at=NOW - 6 * 86400), False, window)
        yield v("future", self.make(at=NOW + 86400), False, window)
        yield v("timestamp-not-a-time", self.make(ts="yesterday"), False, window)


@dataclass
class SNS(Scheme):
    URL = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem"
    CN = "sns.amazonaws.com"
    TOPIC = "arn:aws:sns:eu-central-1:123456789012:Gate"

    def message(self, kind="Notification", at=NOW, version="2", cert_url=None, mangle=lambda s: s, hash=None, drop=(), late=None, **fields):
        base = {
            "Type": kind, "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", "TopicArn": self.TOPIC,
            "Message": '{"text":"Grüße","email":"zoe@example.com"}', "Timestamp": rfc3339(at, ".012"), "SignatureVersion": version,
            "SigningCertURL": cert_url or self.URL}
        if kind == "Notification":
            base |= {"Subject": "My First Message", "UnsubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=x"}
        else:
            base |= {"Token": "2336412f37fb687f5d51e6e241d09c805a5a57b30d712f794cc5f6a988666d92",
                     "SubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=2336412f"}
        base |= fields
        base = {k: v for k, v in base.items() if v is not None}
        names = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type") if base["Type"] == "Notification" else \
            ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
        text = "".join(f"{name}\n{base[name]}\n" for name in names if name in base)
        hash = hash or {"1": "sha1", "2": "sha256"}.get(version, "sha256")
        base["Signature"] = mangle(base64.b64encode(authority.signature("sns", text.encode(), hash)).decode())
        base |= late or {}
        base = {k: v for k, v in base.items() if k not in drop}
        return Request("POST", self.url, {
            "Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": base.get("Type", kind),
            "x-amz-sns-message-id": base.get("MessageId", ""), "x-amz-sns-topic-arn": self.TOPIC}, compact(base))

    def vector(self, name, request, expect, why="", pem=None, at=None, anchors=None):
        pem = variants("sns", self.CN)[""][0] if pem is None else pem
        url = at or json.loads(request.body or b"{}").get("SigningCertURL", self.URL)
        return Vector(name, request, [self.TOPIC], expect, why, certificates={url: pem}, anchors=[authority.root()] if anchors is None else anchors)

    def vectors(self):
        v, m = self.vector, self.message
        right = m()
        yield v("valid", right, True)
        yield v("version-1", m(version="1"), True, "SHA-1 is what a topic signs with until it is set to version 2")
        yield v("version-1-signed-with-sha256", m(version="1", hash="sha256"), False)
        yield v("version-2-signed-with-sha1", m(version="2", hash="sha1"), False)
        yield v("version-unknown", m(version="3"), False)
        yield v("without-subject", m(Subject=None), True)
        yield v("subject-added", m(Subject=None, late={"Subject": "Added"}), False)
        yield v("subscription-confirmation", m("SubscriptionConfirmation"), True)
        yield v("unsubscribe-confirmation", m("UnsubscribeConfirmation"), True)
        for name in ("Message", "MessageId", "Subject", "TopicArn"):
            yield v(f"field-changed-{name.lower()}", m(late={name: "Other"}), False)
        yield v("field-changed-type", m(late={"Type": "SubscriptionConfirmation"}), False)
        yield v("confirmation-url-changed", m("SubscriptionConfirmation", late={"SubscribeURL": "https://example.com/"}), False)
        yield v("confirmation-token-changed", m("SubscriptionConfirmation", late={"Token": "0"}), False)
        yield v("unsigned-field-changed", m(late={"UnsubscribeURL": "https://example.com/"}), True, "UnsubscribeURL is not among the signed fields")
        for name in ("Message", "MessageId", "Timestamp", "TopicArn", "Type", "Signature", "SigningCertURL", "SignatureVersion"):
            yield v(f"field-missing-{name.lower()}", m(drop=(name,)), False)
        yield v("body-reserialised", right.having(body=json.dumps(json.loads(right.body)).encode()), True, "fields are signed, not bytes")
        yield v("body-empty", right.having(body=b""), False)
        yield v("body-not-json", right.having(body=b"Type=Notification"), False, at=self.URL)
        for name, (pem, good) in variants("sns", self.CN).items():
            if name:
                yield v(name, right, good, pem=pem)
        name_why = "Amazon's Java library (v2, CertificateRetriever) asks for the name sns.amazonaws.com: an authority signs for everybody"
        yield v("certificate-name-of-other", right, False, name_why, pem=authority.certificate("sns", "sns.example.com", ROOT))
        yield v("certificate-name-goes-on", right, False, name_why, pem=authority.certificate("sns", "sns.amazonaws.com.example.com", ROOT))
        yield v("certificate-not-at-hand", right, False, at="https://sns.eu-central-1.amazonaws.com/other.pem")
        yield v("no-anchors", right, True, "without anchors Amazon's own rule holds, as in its validators: host, https and signature", anchors=[])
        for name, request, good, why in self.named_twice(right, '"TopicArn":"' + self.TOPIC + '"', '"TopicArn":"other"'):
            yield v(name, request, good, why)
        yield v("topic-other", m(TopicArn=self.TOPIC + "2"), False, "Amazon signs everybody's topics with one key")
        pin = "SigningCertURL must be https://sns.<region>.amazonaws.com/; Amazon's validators want a region of three letters or more, as s3 is none"
        for name, url in {
            "cert-url-other-host": "https://certs.example.com/sns.pem", "cert-url-http": self.URL.replace("https", "http"),
            "cert-url-host-goes-on": "https://sns.eu-central-1.amazonaws.com.example.com/x.pem",
            "cert-url-bucket": "https://sns.s3.amazonaws.com/x.pem", "cert-url-bucket-deeper": "https://sns.eu-central-1.s3.amazonaws.com/x.pem",
            "cert-url-other-service": "https://s3.eu-central-1.amazonaws.com/bucket/x.pem",
            "cert-url-user-before-host": "https://sns.eu-central-1.amazonaws.com@example.com/x.pem",
            "cert-url-other-port": "https://sns.eu-central-1.amazonaws.com:8443/x.pem",
            "cert-url-host-ends-alike": "https://sns.eu-central-1.notamazonaws.com/x.pem",
        }.items():
            yield v(name, m(cert_url=url), False, pin)
        for name, mangle in {
            "signature-empty": lambda s: "", "signature-truncated": lambda s: s[:-1], "signature-half": lambda s: s[:len(s) // 2],
            "signature-swapped-case": str.swapcase,
        }.items():
            yield v(name, m(mangle=mangle), False)
        yield v("timestamp-swapped", m(late={"Timestamp": rfc3339(NOW - 10, ".012")}), False)
        yield v("old", m(at=NOW - 2 * 86400), False, "a retry carries the first attempt's time; two days later nobody retries")
        yield v("future", m(at=NOW + 86400), False)


PROVIDERS = [
    PayPal("paypal", {
        "id": "WH-2WR32451HC0233532-67976317FL4543714", "create_time": "2026-09-21T14:13:18Z", "resource_type": "sale",
        "event_type": "PAYMENT.SALE.COMPLETED", "summary": "A successful sale payment was made for 10.00 EUR", "resource": {
            "id": "80021663DE681814L", "state": "completed", "amount": {"total": "10.00", "currency": "EUR"},
            "payer": {"payer_id": "BPFS5K2XHZQAL", "email_address": "zoe@example.com", "name": {"given_name": "Zoë"}}},
        "event_version": "1.0"}, secrets=tuple(word(f"paypal webhook {n}", 17).upper() for n in range(3))),
    SNS("aws-sns", {}, secrets=("arn:aws:sns:eu-central-1:123456789012:Gate", "", "")),
]
