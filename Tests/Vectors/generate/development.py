"""Code, operations and publishing."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from messaging import meta_more, token
from scheme import NOW, Scheme, Vector, compact, seed

REPOSITORY = {"id": 1296269, "full_name": "acme/gate", "owner": {"login": "acme", "id": 1}, "private": False}


def github_more(scheme):
    yield from meta_more(scheme)
    ok = [scheme.secrets[0]]
    form = b"payload=" + quote_plus(scheme.body.decode()).encode()
    right = scheme.make(body=form).with_header("Content-Type", "application/x-www-form-urlencoded")
    yield Vector("form-valid", right, ok, True)
    yield Vector("form-body-changed", right.having(body=form.replace(b"opened", b"closed")), ok, False)
    yield Vector("form-json-signed-alone", scheme.make().having(body=form).with_header("Content-Type", "application/x-www-form-urlencoded"), ok,
                 False, "the form as sent is signed, not the JSON within")
    yield Vector("delivery-id-changed", scheme.make().with_header("X-GitHub-Delivery", "00000000-0000-0000-0000-000000000000"), ok, True,
                 "the delivery id is not signed: a replay may bring a fresh one")
    documented = "It's a Secret to Everybody"
    hello = scheme.make(by=[documented], body=b"Hello, World!")
    assert hello.headers[scheme.header].endswith("757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
    yield Vector("documented-example", hello, [documented], True)


def sha1_other_header(scheme):
    """X-Hub-Signature is SHA-256 here; GitHub's and Intercom's SHA-1 under the same name is another scheme's."""
    ok = [scheme.secrets[0]]
    weak = scheme.make(hash="sha1").headers[scheme.header].replace("sha256=", "sha1=")
    right = scheme.make()
    yield Vector("sha1-in-the-same-header", right.with_header(scheme.header, weak), ok, False, "the provider decides the hash, not the value")
    yield Vector("newer-header-name-alone", right.without(scheme.header).with_header("X-Hub-Signature-256", right.headers[scheme.header]), ok, False)


@dataclass
class Linear(Scheme):
    """The time stands within the signed body."""

    def make(self, by=None, at=NOW, body=None, ts=None, stamp=None, **rest):
        if body is None:
            parsed = json.loads(self.body)
            if stamp is not False:
                parsed["webhookTimestamp"] = at * 1000 if stamp is None else stamp
            else:
                del parsed["webhookTimestamp"]
            body = compact(parsed)
        return Scheme.make(self, by=by, body=body, **rest)

    def time_text(self, seconds):
        return ""

    def time_kinds(self, ok):
        skipped = "the SDK skips the check where the time is missing or 0"
        yield Vector("old", self.make(at=NOW - 3600), ok, False)
        yield Vector("future", self.make(at=NOW + 3600), ok, False)
        yield Vector("timestamp-missing", self.make(stamp=False), ok, False, skipped)
        yield Vector("timestamp-zero", self.make(stamp=0), ok, False, skipped)
        yield Vector("timestamp-null", self.null(), ok, False, skipped)
        yield Vector("timestamp-not-a-number", self.make(stamp="yesterday"), ok, False)
        yield Vector("timestamp-in-seconds", self.make(stamp=NOW), ok, False, "the time is in milliseconds; as such it is 1970")

    def null(self):
        parsed = json.loads(self.body)
        parsed["webhookTimestamp"] = None
        return Scheme.make(self, body=compact(parsed))


def sanity_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    padded = scheme.make(mangle=lambda s: s + "=")
    yield Vector("signature-padded", padded, ok, False)
    standard = scheme.make(mangle=lambda s: s.replace("-", "+").replace("_", "/"))
    if standard.headers != right.headers:
        yield Vector("signature-standard-alphabet", standard, ok, False)


# Contentful

def contentful_path(url):
    """`querystring.escape` over the query, then `encodeURI` over path and query."""
    target = "/" + url.split("://", 1)[1].split("/", 1)[1]
    path, mark, query = target.partition("?")
    escaped = quote(query, safe="-_.!~*'()")
    return quote(path + mark + escaped, safe="-_.!~*'();/?:@&=+$,#")


@dataclass
class Contentful(Scheme):
    signed: str = "x-contentful-crn,x-contentful-environment-id,x-contentful-signed-headers,x-contentful-space-id,x-contentful-timestamp,x-contentful-topic"

    def prepare(self, request, ts):
        super().prepare(request, ts)
        request.headers["X-Contentful-Signed-Headers"] = request.headers.pop("Signed", self.signed)

    def text(self, request, ts, secret):
        lower = {name.lower(): value for name, value in request.headers.items()}
        listed = sorted(name.strip().lower() for name in lower["x-contentful-signed-headers"].split(","))
        pairs = ";".join(f"{name}:{lower.get(name, '').strip()}" for name in listed)
        return f"{request.method}\n{contentful_path(request.url)}\n{pairs}\n".encode() + request.body


def contentful_more(scheme):
    ok = [scheme.secrets[0]]
    urls = {
        "url-with-query": scheme.url + "?b=2&a=1", "url-trailing-slash": scheme.url + "/",
        "url-percent-escapes": scheme.url + "?name=Zo%C3%AB%20Example&x=%26%3D%25", "url-path-escapes": scheme.url + "/a%20b;c",
    }
    for name, url in urls.items():
        yield Vector(name, scheme.make(url=url), ok, True)
    right = scheme.make()
    yield Vector("url-host-other", right.having(url=scheme.url.replace("//hooks.", "//other.")), ok, True, "the path is signed, the host is not")
    yield Vector("url-slash-added", right.having(url=scheme.url + "/"), ok, False)
    yield Vector("url-query-changed", scheme.make(url=urls["url-with-query"]).having(url=scheme.url + "?b=2&a=2"), ok, False)
    yield Vector("url-query-reordered", scheme.make(url=urls["url-with-query"]).having(url=scheme.url + "?a=1&b=2"), ok, False)
    yield Vector("method-changed", right.having(method="PUT"), ok, False)
    yield Vector("signed-header-changed", right.with_header("X-Contentful-Topic", "ContentManagement.Entry.delete"), ok, False)
    yield Vector("signed-headers-shortened", right.with_header("X-Contentful-Signed-Headers", "x-contentful-timestamp"), ok, False)
    without = scheme.make(headers={"Signed": "x-contentful-signed-headers,x-contentful-topic"})
    yield Vector("timestamp-not-among-signed-headers", without, ok, False,
                 "the request itself says which headers are signed; a time that is not among them proves nothing")
    blanks = scheme.make(headers={"X-Contentful-Topic": "  ContentManagement.Entry.publish  "})
    yield Vector("header-with-blanks-around", blanks, ok, True)


# Tokens and web tokens

def gitlab_more(scheme):
    ok = [scheme.secrets[0]]
    yield Vector("token-with-blank", scheme.make(mangle=lambda s: s + " x"), ok, False)


@dataclass
class Netlify(Scheme):
    """HS256 by RFC 7515 whose claim `sha256` is the body's digest."""

    def make(self, by=None, at=NOW, url=None, body=None, mangle=lambda s: s, alg="HS256", header=None, hash=None, claims=None, **_):
        request = Scheme.make(self, by=[], url=url, body=body)
        all_claims = {"iss": "netlify", "sha256": hashlib.sha256(request.body).hexdigest(), **(claims or {})}
        all_claims = {k: v for k, v in all_claims.items() if v is not None}
        return request.with_header(self.header, mangle(token(all_claims, (by or self.secrets)[0], alg, header, hash)))

    def place(self, request, signatures, ts):
        pass


def netlify_more(scheme):
    ok = [scheme.secrets[0]]
    yield Vector("algorithm-none", scheme.make(alg="none"), ok, False)
    yield Vector("algorithm-rs256-over-hmac", scheme.make(header={"typ": "JWT", "alg": "RS256"}), ok, False)
    yield Vector("claim-missing", scheme.make(claims={"sha256": None}), ok, False)
    yield Vector("claim-other", scheme.make(claims={"sha256": "0" * 64}), ok, False)


def circleci_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    mac = right.headers[scheme.header]
    yield Vector("newer-version-beside", right.with_header(scheme.header, f"{mac},v2={'0' * 64}"), ok, True,
                 "v1 is the newest that is known")
    documented = scheme.make(by=["secret"], body=b"hello world")
    assert documented.headers[scheme.header].endswith("734cc62f32841568f45715aeb9f4d7891324e6d948e4c6c60c0621cdac48623a")
    yield Vector("documented-example", documented, ["secret"], True)


def ghost_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    mac, ts = right.headers[scheme.header].split(", ")
    yield Vector("time-missing", right.with_header(scheme.header, mac), ok, False)
    before = hmac.new(ok[0].encode(), f"{NOW}000".encode() + scheme.body, "sha256").hexdigest()
    yield Vector("time-before-body", right.with_header(scheme.header, f"sha256={before}, {ts}"), ok, False)


def pagerduty_more(scheme):
    ok = [scheme.secrets[0]]
    right = scheme.make()
    mac = right.headers[scheme.header]
    yield Vector("list-other-version-first", right.with_header(scheme.header, f"v0=abc,{mac}"), ok, True)
    yield Vector("list-with-blanks", right.with_header(scheme.header, f"v1={'0' * 64}, {mac}"), ok, True)


PROVIDERS = [
    Scheme(
        "github", {
            "action": "opened", "number": 7, "pull_request": {
                "id": 1, "number": 7, "state": "open", "title": "Grüße", "user": {"login": "zoe", "id": 42}, "created_at": "2026-09-21T14:13:18Z"},
            "repository": REPOSITORY, "sender": {"login": "zoe", "id": 42, "type": "User"}},
        header="X-Hub-Signature-256", prefix="sha256=", more=github_more,
        headers={"X-GitHub-Event": "pull_request", "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958", "X-GitHub-Hook-ID": "292430182",
                 "User-Agent": "GitHub-Hookshot/044aadd"}),
    Scheme(
        "gitlab", {
            "object_kind": "push", "event_name": "push", "ref": "refs/heads/main", "checkout_sha": "da1560886d4f094c3e6c9ef40349f7d38b5d27d7",
            "user_id": 4, "user_name": "Zoë Example", "user_email": "zoe@example.com", "project_id": 15,
            "project": {"id": 15, "name": "Gate", "path_with_namespace": "acme/gate"}, "total_commits_count": 1},
        header="X-Gitlab-Token", mac="token", body_unsigned="a token signs no body", more=gitlab_more,
        headers={"X-Gitlab-Event": "Push Hook", "X-Gitlab-Event-UUID": "13792a34-cac6-4fda-95a8-c58e00a3954e",
                 "Idempotency-Key": "f5e5f430-f57b-4e6e-9fac-d9128cd7232f"}),
    Scheme(
        "bitbucket", {
            "actor": {"type": "user", "display_name": "Zoë Example", "account_id": "557058:c0ffee", "uuid": "{a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3}"},
            "repository": {"uuid": "{b1b1b1b1-0000-4000-8000-000000000001}", "full_name": "acme/gate", "workspace": {"slug": "acme"}},
            "push": {"changes": [{"new": {"type": "branch", "name": "main"}, "forced": False}]}},
        header="X-Hub-Signature", prefix="sha256=", more=sha1_other_header,
        headers={"X-Event-Key": "repo:push", "X-Request-UUID": "4f5b1f2c-8e8b-4c0a-9b0d-1d2c3b4a5968", "X-Hook-UUID": "8c8ab1b1-0000-4000-8000-000000000002"}),
    Scheme(
        "jira", {
            "timestamp": 1789999998000, "webhookEvent": "jira:issue_updated", "user": {"accountId": "99:27935d01", "displayName": "Zoë Example"},
            "issue": {"id": "99291", "key": "JRA-20002", "self": "https://acme.example.com/rest/api/2/issue/99291",
                      "fields": {"summary": "Grüße", "project": {"key": "JRA"}}}},
        header="X-Hub-Signature", prefix="sha256=", more=sha1_other_header, headers={"X-Atlassian-Webhook-Identifier": "a1b2c3d4e5f6"}),
    Linear(
        "linear", {
            "action": "update", "type": "Issue", "createdAt": "2026-09-21T14:13:18.000Z", "organizationId": "ac8a5a3e-0000-4000-8000-000000000001",
            "data": {"id": "2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9", "title": "Grüße", "number": 7},
            "actor": {"id": "b5ea5f1f-8adc-4f52-b4bd-ab4e84cf51ba", "type": "user", "name": "Zoë Example", "email": "zoe@example.com"},
            "webhookTimestamp": NOW * 1000, "webhookId": "000042e3-d123-4980-b49f-8e140eef9329"},
        header="Linear-Signature", time="ms", headers={"Linear-Delivery": "234d1a4e-b617-4388-90fe-adc3633d6b72", "Linear-Event": "Issue"}),
    Scheme(
        "sentry", {
            "action": "created", "installation": {"uuid": "7a485448-a9e2-4c85-8a3c-4f44175783c9"}, "data": {"issue": {
                "id": "1170820242", "title": "ReferenceError: größe is not defined", "shortId": "ACME-7", "level": "error", "status": "unresolved"}},
            "actor": {"type": "application", "id": "sentry", "name": "Sentry"}},
        header="Sentry-Hook-Signature",
        headers={"Sentry-Hook-Resource": "issue", "Sentry-Hook-Timestamp": str(NOW), "Request-ID": "4b3c9f6e8d7a4b0c9a1f2e3d4c5b6a79"}),
    Scheme(
        "pagerduty", {"event": {
            "id": "5ac64822-4adc-4fda-ade0-410becf0de4f", "event_type": "incident.priority_updated", "resource_type": "incident",
            "occurred_at": "2026-09-21T14:13:18.000Z", "agent": {"id": "PLH1HKV", "summary": "Zoë Example", "type": "user_reference"},
            "data": {"id": "PGR0VU2", "type": "incident", "number": 2, "status": "triggered", "title": "Grüße"}}},
        header="X-PagerDuty-Signature", prefix="v1=", separator=",", any_case=True, more=pagerduty_more,
        headers={"X-Webhook-Id": "a1b2c3d4-0000-4000-8000-000000000001"}),
    Scheme(
        "sanity", {"_id": "c4f0cfa1-0000-4000-8000-000000000001", "_type": "post", "_rev": "aWGOaz", "title": "Grüße", "_updatedAt": "2026-09-21T14:13:18Z"},
        header="sanity-webhook-signature", over="{ts}.{body}", enc="base64url", time="ms", template="t={ts},{sigs}", prefix="v1=",
        more=sanity_more, headers={"idempotency-key": "8f7d6c5b-0000-4000-8000-000000000001", "sanity-operation": "update"}),
    Contentful(
        "contentful", {
            "sys": {"type": "Entry", "id": "5KsDBWseXY6QegucYAoacS", "space": {"sys": {"type": "Link", "linkType": "Space", "id": "bjwq7b86vgmm"}},
                    "revision": 1, "createdAt": "2026-09-21T14:13:18.000Z", "updatedAt": "2026-09-21T14:13:18.000Z"},
            "fields": {"title": {"de": "Grüße"}}},
        header="X-Contentful-Signature", time="ms", time_header="X-Contentful-Timestamp", window=None, more=contentful_more,
        secrets=tuple(seed(f"contentful {n}").hex() for n in range(3)), content_type="application/vnd.contentful.management.v1+json",
        headers={"X-Contentful-Topic": "ContentManagement.Entry.publish", "X-Contentful-Space-Id": "bjwq7b86vgmm",
                 "X-Contentful-Environment-Id": "master", "X-Contentful-CRN": "crn:contentful:::content:spaces/bjwq7b86vgmm"}),
    Scheme(
        "vercel", {
            "id": "uev_CioGLk9G1nxh7gw1Qe9b5d", "type": "deployment.created", "createdAt": 1789999998000, "region": "fra1", "payload": {
                "team": {"id": "team_01"}, "user": {"id": "user_01"}, "deployment": {"id": "dpl_01", "name": "größe", "url": "acme.example.com"}}},
        header="x-vercel-signature", hash="sha1"),
    Netlify(
        "netlify", {
            "id": "63ee0000aa00bb00cc00dd00", "site_id": "3970e0fe-8564-4903-9a55-c5f8de49fb8b", "state": "ready", "name": "acme",
            "url": "https://acme.example.com", "created_at": "2026-09-21T14:13:18.000Z", "title": "Grüße"},
        header="X-Webhook-Signature", headers={"X-Netlify-Event": "deploy_created"}, more=netlify_more),
    Scheme(
        "heroku", {
            "id": "99c1e9c6-0000-4000-8000-000000000001", "action": "update", "resource": "api:release", "created_at": "2026-09-21T14:13:18Z",
            "actor": {"id": "1a2b3c4d-0000-4000-8000-000000000002", "email": "zoe@example.com"},
            "data": {"id": "5e6f7a8b-0000-4000-8000-000000000003", "description": "Grüße", "status": "succeeded"}, "sequence": None, "version": "application/vnd.heroku+json; version=3"},
        header="Heroku-Webhook-Hmac-SHA256", enc="base64"),
    Scheme(
        "circleci", {
            "id": "3888f21b-eaa7-38e3-8f3d-75a63bba8895", "type": "workflow-completed", "happened_at": "2026-09-21T14:13:18.000Z",
            "webhook": {"id": "cf8c4fdd-0587-4da1-b4ca-4846e9640af9", "name": "Grüße"}, "project": {"id": "84996744-a854-4f5e-aea3-04e2851dc1d2", "slug": "gh/acme/gate"},
            "workflow": {"id": "fda08377-fe7e-46b1-8992-3a7aaecac9c3", "name": "build", "status": "success"}},
        header="circleci-signature", prefix="v1=", separator=",", headers={"circleci-event-type": "workflow-completed"}, more=circleci_more),
    Scheme(
        "ghost", {"member": {"current": {
            "id": "6138b0f0c0ffee0001a2b3c4", "uuid": "0b7d7c0c-0000-4000-8000-000000000001", "email": "zoe@example.com", "name": "Zoë Example",
            "status": "free", "created_at": "2026-09-21T14:13:18.000Z"}, "previous": {}}},
        header="X-Ghost-Signature", over="{body}{ts}", time="ms", prefix="sha256=", template="{sigs}, t={ts}", more=ghost_more),
]
