#!/usr/bin/env python3
"""Every page and every action of gatepost-admin in a real Chromium, through a real nginx that asks for name and password.

usage: Tests/Pages/pages.py PROGRAMS SCREENSHOTS [SITE]

With SITE, a directory of scripts/wordpress-site that is up, also what the plugin shows in WordPress.

Exit status: 0 all as expected, 1 not.
"""
import hashlib
import pathlib
import re
import sys
import urllib.parse

from selenium.webdriver.common.keys import Keys

import big
import doors
import plugin
import sealed
from browser import Browser
from gateway import Gateway, SECRETS, Site, USER

HOSTILE = "\"><script>alert(1)</script>"


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, holds, seen=""):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        if not holds:
            print(f"FAIL {name}: {seen}")


def fill(gateway):
    """Events in every state; gives back the order event's id and a rejected request's."""
    order = gateway.send("checkout.session.completed.json", "stripe")
    gateway.send("customer.created.json", "stripe", **{"Jenny Rosen": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft <i>\\\""})
    gateway.send("invoice.paid.json", "stripe")
    gateway.send("push.json", "github")
    gateway.work()
    Site.refuses = False
    gateway.send("customer.updated.json", "stripe")
    gateway.work()
    gateway.send("customer.deleted.json", "stripe")
    gateway.ask("/api/webhooks/stripe/shop/ingest", data=b'{"id":"evt_1","type":"x"}', headers=[
        ("Content-Type", "application/json"), ("Stripe-Signature", "t=1,v1=" + "0" * 64)])
    rejected = gateway.rows("SELECT e.id FROM rejection r JOIN webhook_event e ON e.seq = r.event_seq")[0][0]
    return order, rejected


def try_pages(report, browser, paths):
    looks = {"wide": (1280, 900, False), "dark": (1280, 900, True), "phone": (320, 700, False), "phone-dark": (320, 700, True)}
    for look, (width, height, dark) in looks.items():
        browser.look(width, height, dark)
        for name, path in paths.items():
            browser.go(path)
            browser.shot(f"{name}-{look}")
            report.check(f"{name}, {look}: no sideways scrolling", browser.overflow() <= 0, browser.overflow())
            report.check(f"{name}, {look}: no table is cut off", not browser.cut_off(), browser.cut_off())
            if look in ("wide", "phone-dark"):
                report.check(f"{name}, {look}: axe", not browser.violations(), browser.violations())
    report.check("no complaint of the browser's", not browser.complaints(), browser.complaints())


def try_finding(report, browser, gateway, order):
    """From "order 1042 is missing" to its cause, as somebody does it on a phone."""
    browser.look(320, 700)
    browser.go("/admin/")
    browser.enter("#text", "wc-order-1042")
    report.check("found by its number in the payload", order in browser.driver.page_source, browser.text)
    browser.follow(browser.find("tbody th a"))
    report.check("its cause stands on its page", "no such product <b>1042</b>" in browser.text[:300], browser.text[:600])
    report.check("and what mends it", "To mend it: " in browser.text[:500], browser.text[:600])
    fingerprint = hashlib.sha256(SECRETS["stripe"].encode()).hexdigest()[:8]
    for words in ("Received\nfrom 127.0.0.1", f"Signature verified\nby the secret {fingerprint}, PROVIDER_SECRETS_STRIPE, entry 1",
                  "Stored and queued for WordPress", "Push failed for good"):
        report.check(f"what became of it: {words}", words in browser.text, browser.text[:1200])
    request = re.search(r"Request id\n(\S+)", browser.text)[1]
    report.check("its trace, where no sender named one", re.search(r"Trace\n(\S+)", browser.text)[1] == request, browser.text[:1500])
    browser.find("main details summary").click()
    sent = browser.find("main details pre").get_attribute("textContent")
    report.check("its payload, exactly", sent == gateway.ask(f"/admin/events/{order}/payload", USER)[2], sent[:200])
    browser.go(f"/admin/events?text={request}")
    report.check("found by the request's id too", order in browser.driver.page_source, browser.text[:400])
    browser.go(f"/admin/events?text={urllib.parse.quote(HOSTILE)}&tenant={urllib.parse.quote(HOSTILE)}")
    report.check("a filter that cannot be", "tenant: expected" in browser.text, browser.text[:400])
    report.check("is shown as text", browser.find("#text").get_attribute("value") == HOSTILE, browser.driver.page_source[:2000])


def try_far_back(report, browser, gateway, order):
    """An id is found wherever it lies, also where the list does not reach."""
    key = gateway.rows(f"SELECT idempotency_key FROM webhook_event WHERE id = '{order}'")[0][0].rpartition(":")[2]
    for text in (order, key):
        browser.go(f"/admin/events?text={text}&type=nothing.like.it")
        notice = browser.all(".notice.good")
        report.check(f"by the whole id {text}", len(notice) == 1 and "checkout.session.completed" in notice[0].text, browser.text[:400])
        browser.go(f"/admin/events?text={text}")
        report.check(f"once, where the list has it: {text}", not browser.all(".notice.good"), browser.text[:400])
    browser.go(f"/admin/events?text={order}&tenant=other")
    report.check("not of another tenant", not browser.all(".notice.good"), browser.text[:400])


def try_held(report, browser, gateway):
    """An event that waits says for what."""
    waiting = gateway.rows("SELECT id FROM webhook_event WHERE status = 'queued' ORDER BY seq LIMIT 1")[0][0]
    gateway.run("gatepost", "pause", "--tenant", "shop")
    for path in (f"/admin/events/{waiting}", "/admin/"):
        browser.go(path)
        report.check(f"paused: {path}", "Paused: tenant shop" in browser.text and "gatepost resume" in browser.text, browser.text[:500])
    gateway.run("gatepost", "resume", "--tenant", "shop")
    browser.go(f"/admin/events/{waiting}")
    report.check("no longer", "Paused" not in browser.text, browser.text[:500])


def try_refresh(report, browser, gateway):
    browser.look()
    browser.go("/admin/")
    before = browser.find(".figures dd").text
    gateway.send("push.json", "github")
    came = browser.all(".figures > div")[3].text
    browser.driver.execute_async_script("const done = arguments[0]; refresh().then(done)")
    report.check("figures come anew by themselves", browser.all(".figures > div")[3].text != came and browser.find(".figures dd").text == before,
                 browser.find(".figures").text)
    report.check("and the lines", "7 in all" in browser.find("#lines").text, browser.find("#lines").text[:200])
    report.check("the state of things", all(words in browser.text for words in ("Circuits", "all closed", "Last alert", "Write-ahead log", "Oldest secret")),
                 browser.text[-600:])


def try_lines(report, browser):
    browser.look()
    browser.go("/admin/")
    labels = [line.get_attribute("aria-label") for line in browser.all("svg.spark[role=img]")]
    report.check("twelve lines, each in words", len(labels) == 12 and len(set(labels)) == 12 and all(labels), labels)
    report.check("what came in", any(label.startswith("Came in, 60 minutes:") and "6 in its last" in label for label in labels), labels)
    report.check("and stands there to read", "6 in all, " in browser.text and "1 now, " in browser.text, browser.text[:900])
    browser.follow(browser.find("a[aria-label='shop · github over time']"))
    report.check("of one tenant and source", "shop · github" in browser.find("#lines").text and "1 in all" in browser.text, browser.text[:900])
    browser.go("/admin/?tenant=shop&source=<b>")
    report.check("of none that is known: everybody's", "6 in all, " in browser.text, browser.text[:900])


def try_filters(report, gateway):
    def rows(query):
        status, _, text = gateway.ask(f"/admin/events?{query}", USER)
        return len(re.findall(r'<tr><th scope="row"><a href="/admin/events/', text)) if status == 200 else -status

    expected = {
        "": 6, "source=github": 1, "status=failed": 3, "status=processed": 1, "status=queued": 1, "type=customer.*": 3,
        "tenant=nobody": 0, "text=no-such-thing": 0, "since=2100-01-01T00:00": 0, "until=2100-01-01": 6, "text=x": 0, "status=none": 0,
    }
    for query, count in expected.items():
        report.check(f"events?{query}", rows(query) == count, rows(query))


def try_people(report, browser, gateway):
    """Everything of Anna: what came, what was pushed, what WordPress said."""
    browser.look()
    browser.go("/admin/people")
    report.check("nobody is asked for yet", "Everything that came of one person" in browser.text, browser.text[:400])
    browser.enter("#who", "anna@example.com")
    report.check("by an address", browser.heading == "anna@example.com" and "customer.created" in browser.text, browser.text[:600])
    report.check("pushes and answers stand among the events", "Push failed for good" in browser.text or "WordPress took it" in browser.text
                 or "WordPress has it" in browser.text, browser.text[:900])
    times = [item.get_attribute("datetime") for item in browser.all(".steps > li > time")]
    report.check("newest first", times == sorted(times, reverse=True) and len(times) >= 2, times)
    browser.click("customer.created")
    report.check("from there to the event", "What became of it" in browser.text, browser.text[:300])
    link = next(item for item in browser.all("main a") if item.text.startswith("Everything of"))
    report.check("its link names nobody", "anna" not in link.get_attribute("href") and "cus_" not in link.get_attribute("href"), link.get_attribute("href"))
    browser.follow(link)
    report.check("and back to the person", browser.heading == "anna@example.com", browser.heading)
    browser.click("everything of cus_TestAnna00001")
    report.check("by the other name", browser.heading == "cus_TestAnna00001" and "customer.created" in browser.text, browser.text[:400])
    for path, words in {
        "/admin/people?who=bo@example.com": "No event", f"/admin/people?who={urllib.parse.quote(HOSTILE)}": "No event",
        "/admin/people?event=1": "No event of this id", "/admin/people?event=01a209f3-f9a4-7000-8579-b95655a29329": "No event of this id",
        "/admin/people?who=" + "x" * 301: "at most 300", "/admin/people?who=a&tenant=%22%3E": "tenant: expected",
    }.items():
        browser.go(path)
        report.check(f"{path[:60]}: {words}", words in browser.text, browser.text[:300])


def try_settings(report, browser, gateway):
    browser.look()
    browser.go("/admin/settings")
    report.check("where the store's path comes from", "GATEPOST_DB, environment" in browser.text, browser.text[:900])
    browser.follow(browser.find("main nav a[href*='tenant=shop']"))
    report.check("a tenant's WordPress", f"127.0.0.1:{gateway.site.server_port}" in browser.text, browser.text[:900])
    report.check("a fingerprint", "fingerprint " in browser.text and "PROVIDER_SECRETS_STRIPE, entry 1" in browser.text, browser.text[:1500])
    for path in ("/admin/settings", "/admin/settings?tenant=shop", "/admin/settings?source=stripe", "/admin/secrets"):
        text = gateway.ask(path, USER)[2]
        report.check(f"{path}: no secret", not any(secret in text for secret in [*SECRETS.values(), ">shared<", "shared\""]), path)
    browser.go("/admin/settings?tenant=nobody")
    report.check("no such tenant", "no such source or tenant" in browser.text, browser.text[:300])


def try_keyboard(report, browser):
    browser.look()
    browser.go("/admin/")
    browser.find("body").send_keys(Keys.TAB)
    focus = browser.driver.switch_to.active_element
    report.check("the first stop skips to the content", focus.get_attribute("class") == "skip" and focus.is_displayed())
    focus.send_keys(Keys.ENTER)
    stops = set()
    for _ in range(12):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        focus = browser.driver.switch_to.active_element
        outline = browser.driver.execute_script("return getComputedStyle(arguments[0]).outlineStyle", focus)
        stops.add((focus.tag_name, outline))
    report.check("every stop can be seen", all(outline != "none" for tag, outline in stops if tag != "body"), stops)


def try_actions(report, browser, gateway, order, rejected):
    browser.look(320, 700)
    browser.go("/admin/dead-letters")
    browser.find("td input[type=checkbox]").click()
    browser.click("Give the chosen up")
    report.check("it is counted first", browser.heading == "Give 1 dead letter up?", browser.heading)
    browser.shot("confirm-phone")
    report.check("confirm: axe", not browser.violations(), browser.violations())
    browser.find("#reason").send_keys("a test event")
    browser.click("Give 1 dead letter up")
    report.check("and then done", "1 dead letter given up." in browser.text, browser.text[:300])
    report.check("in the store, with the reason", gateway.rows(
        "SELECT count(*) FROM webhook_event WHERE status = 'discarded' AND error = 'discarded: a test event'") == [(1,)])
    browser.click("Try again")
    browser.click("Try 2 dead letters again")
    report.check("all of a cause wait again", "2 dead letters made to wait again" in browser.text, browser.text[:300])
    gateway.work()
    browser.go("/admin/events?status=discarded&source=stripe")
    browser.go("/admin/dead-letters")
    report.check("none is left", "No dead letter" in browser.text, browser.text[:300])
    done = gateway.rows("SELECT id FROM webhook_event WHERE status = 'processed' ORDER BY seq LIMIT 1")[0][0]
    browser.go(f"/admin/events/{done}")
    browser.click("Replay")
    browser.click("Push once more")
    report.check("a replayed event waits", browser.find(".status").text == "queued", browser.text[:200])
    browser.go(f"/admin/rejected/{rejected}")
    report.check("no advice that says nothing", not re.search(r"To mend it:\s*$", browser.text, re.M), browser.text[:600])
    report.check("the explainer says why", "signature_wrong" in browser.text or "timestamp_off" in browser.text, browser.text[:600])
    browser.click("Judge again")
    browser.click("Judge again")
    report.check("a forgery stays out", "refused still" in browser.text, browser.text[:300])
    browser.go("/admin/audit")
    rows = gateway.rows("SELECT actor, origin, action, count, detail FROM audit WHERE origin = 'pages' ORDER BY id")
    report.check("each is written down", [row[:4] for row in rows] == [
        (USER, "pages", "dlq.discard", 1), (USER, "pages", "dlq.retry", 2), (USER, "pages", "events.replay", 1),
        (USER, "pages", "rejected.reverify", 1)], rows)
    report.check("with the address", all("from 127.0.0.1" in row[4] for row in rows), rows)
    report.check("and shown", "dlq.discard" in browser.text and USER in browser.text, browser.text)


def try_more_actions(report, browser, gateway):
    """The same from an event's own page, and by the list's boxes."""
    browser.look()
    before = gateway.rows("SELECT coalesce(max(id), 0) FROM audit")[0][0]
    Site.refuses = True
    died = [gateway.send(name, "stripe") for name in ("invoice.paid.json", "customer.created.json", "checkout.session.completed.json")]
    gateway.work()
    Site.refuses = False
    browser.go(f"/admin/events/{died[0]}")
    browser.click("Try again")
    browser.click("Try 1 dead letter again")
    report.check("one by its page: tried again", "1 dead letter made to wait again" in browser.text, browser.text[:300])
    browser.go(f"/admin/events/{died[1]}")
    browser.click("Give up")
    browser.find("#reason").send_keys("nobody's")
    browser.click("Give 1 dead letter up")
    report.check("one by its page: given up", gateway.rows(f"SELECT status FROM webhook_event WHERE id = '{died[1]}'") == [("discarded",)])
    Site.refuses = True
    gateway.send("customer.deleted.json", "stripe")
    gateway.work()
    Site.refuses = False
    browser.go("/admin/dead-letters")
    browser.find("[data-choose-all] input").click()
    boxes = browser.all("td input[type=checkbox]")
    report.check("all are chosen at once", len(boxes) >= 2 and all(box.is_selected() for box in boxes), len(boxes))
    browser.click("Try the chosen again")
    report.check("and counted", browser.heading == f"Try {len(boxes)} dead letters again?", browser.heading)
    browser.click("No, go back")
    browser.click("Try the chosen again")
    report.check("none chosen: said, and how", "None of what was chosen" in browser.text and "Choose at least one" in browser.text, browser.text[:300])
    browser.go("/admin/dead-letters")
    browser.find("[data-choose-all] input").click()
    browser.click("Try the chosen again")
    browser.click("dead letters again")
    gateway.work()
    done = gateway.rows("SELECT id FROM webhook_event WHERE status = 'processed' ORDER BY seq DESC LIMIT 1")[0][0]
    key = gateway.rows(f"SELECT push_key FROM job_execution WHERE event_id = '{done}'")
    browser.go(f"/admin/events/{done}")
    browser.click("Replay")
    browser.find("input[name=as-new]").click()
    browser.click("Push once more")
    gateway.work()
    report.check("replayed as new: under another key", gateway.rows(f"SELECT push_key FROM job_execution WHERE event_id = '{done}'") != key, key)
    actions = [row[0] for row in gateway.rows(f"SELECT action FROM audit WHERE id > {before} ORDER BY id")]
    report.check("each of these is written down", actions == ["dlq.retry", "dlq.discard", "dlq.retry", "events.replay"], actions)


def token_of(gateway, page):
    return re.search(r'name="token" value="([^"]+)"', gateway.ask(page, USER)[2]).group(1)


def try_doors(report, gateway, order):
    """What must not be done."""
    page = f"/admin/confirm/reverify?id={order}"
    token = token_of(gateway, page)

    def post(headers=(), user=USER, **fields):
        return gateway.ask("/admin/do/retry", user, urllib.parse.urlencode(fields).encode(), headers)[0]

    before = gateway.rows("SELECT count(*) FROM audit")
    report.check("without a name nginx asks", post(user=None, token=token) == 401)
    report.check("without a token", post(all="1") == 403)
    report.check("with a wrong one", post(token=token[:-1] + ("0" if token[-1] != "0" else "1"), all="1") == 403)
    report.check("from another site", post([("Origin", "https://evil.example")], token=token, all="1") == 403)
    report.check("from no site", post([("Origin", "null")], token=token, all="1") == 403)
    report.check("a browser says cross-site", post([("Sec-Fetch-Site", "cross-site")], token=token, all="1") == 403)
    report.check("too much", gateway.ask("/admin/do/retry", USER, b"x" * 70000)[0] == 413)
    report.check("by GET", gateway.ask("/admin/do/retry", USER)[0] == 405)
    report.check("nothing of it was done", gateway.rows("SELECT count(*) FROM audit") == before)
    report.check("our own form would do", post([("Origin", gateway.url), ("Sec-Fetch-Site", "same-origin")], token=token, id=order) in (200, 303, 404, 409))
    status, headers, text = gateway.ask("/admin/", USER)
    policy = headers["Content-Security-Policy"]
    report.check("the policy is strict", "default-src 'none'" in policy and "unsafe" not in policy, policy)
    report.check("nothing inline", not re.search(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=", text), text[:500])
    report.check("pages are kept nowhere", headers["Cache-Control"] == "no-store", headers["Cache-Control"])
    style = re.search(r'href="(/admin/assets/style-[^"]+)"', text).group(1)
    status, headers, _ = gateway.ask(style, USER)
    report.check("assets are kept for ever", status == 200 and "immutable" in headers["Cache-Control"], headers)
    report.check("an old asset is none", gateway.ask("/admin/assets/style-0.css", USER)[0] == 404)
    status, headers, text = gateway.ask(f"/admin/events/{order}/payload", USER)
    report.check("a payload is saved, not shown", headers["Content-Disposition"].startswith("attachment") and "cs_test" in text, headers)


def try_tricks(report, gateway, order):
    """Whatever stands in an address: an answer in words, nothing of it as markup, nothing of it in a header, and the next page comes."""
    most = "ffffffff-ffff-7fff-bfff-ffffffffffff"
    markup = urllib.parse.quote("<i onload=x>")
    split = urllib.parse.quote("x\r\nX-Evil: 1")
    addresses = [
        "/admin//events", "/admin/%2e%2e/metrics", "/admin/..%2fmetrics", "/admin/events/..%2f..%2fmetrics", "/admin/events/%00", "/admin/;/",
        "/admin/%ff%fe", "/admin/events/" + most, f"/admin/events/{most}/payload", f"/admin/rejected/{most}", "/admin/confirm/replay?id=" + most,
        f"/admin/events?after={most}", f"/admin/events?before={most}", f"/admin/people?who=x&after={most}", f"/admin/people?event={most}",
        "/admin/rejected?after=9223372036854775807", "/admin/rejected?before=9223372036854775808", "/admin/audit?before=-1",
        "/admin/dead-letters?after=9223372036854775807-9223372036854775807", "/admin/dead-letters?before=1-1&after=1-1",
        "/admin/events?text=%ff%00%0d%0a", "/admin/events?type=" + "*" * 100, "/admin/events?type=%5B%5B%5B*", f"/admin/events?text={split}",
        f"/admin/dead-letters?did=retry&count={split}", f"/admin/dead-letters?did={markup}&count=1", f"/admin/dead-letters?cause={markup}",
        f"/admin/rejected?said={markup}", f"/admin/rejected?judged=1&refused={markup}", f"/admin/rejected?source={markup}", f"/admin/?tenant={markup}",
        f"/admin/people?who={markup}&tenant={markup}", f"/admin/settings?source={markup}", f"/admin/confirm/retry?all=1&cause={markup}",
        f"/admin/confirm/retry?all=1&tenant={markup}", f"/admin/confirm/{markup}", "/admin/events?" + "a=1&" * 3000, "/admin/events?text=" + "x" * 7000,
        "/admin/events?since=9999-99-99&until=0000", "/admin/events?since=1970-01-01&until=1969-01-01", "/admin/events?" + "&".join("=%" for _ in range(500)),
    ]
    for address in addresses:
        status, headers, text = gateway.ask(address, USER)
        report.check(f"{address[:70]}: an answer", status in (200, 400, 404, 409, 414), status)
        report.check(f"{address[:70]}: no markup, no header", "<i onload" not in text and "X-Evil" not in headers, text[:300])
    report.check("the metrics are not among the pages", "gatepost_events" not in gateway.ask("/admin/%2e%2e/metrics", USER)[2])
    for name, value in [("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"), ("X-Original-URI", "/metrics"), ("Cookie", "a=" + "x" * 4000)]:
        status, _, text = gateway.ask("/admin/", USER, headers=[(name, value)])
        report.check(f"{name}: nothing of it is in the page", "evil.example" not in text and status in (200, 403, 404, 421, 444), status)
    token = token_of(gateway, f"/admin/confirm/reverify?id={order}")
    for body in [b"", b"\xff\xfe", b"token", b"token=" + token.encode() + b"&id=" + b"A" * 60000, b"token=" + token.encode() + b"&all=1&tenant=%22",
                 b"token=" + token.encode() + b"&through=5&after=99&source=%3Cb%3E", b"token=" + token.encode() + b"&token=x" * 100]:
        for action in ("retry", "discard", "replay", "reverify", "reverify-all"):
            status = gateway.ask(f"/admin/do/{action}", USER, body)[0]
            report.check(f"{action}: {body[:20]}: an answer", status in (200, 303, 403, 404, 409), status)
    twice = [gateway.ask("/admin/do/replay", USER, urllib.parse.urlencode({"token": token, "id": order}).encode())[0] for _ in range(2)]
    report.check("a form sent twice is done once", twice in ([200, 409], [409, 409]), twice)
    report.check("the next page comes", gateway.status("/admin/", USER) == 200)


def try_without_script(report, gateway, shots):
    browser = Browser(gateway.url, shots, script=False)
    try:
        browser.look()
        browser.go("/admin/")
        browser.enter("#text", "customer")
        report.check("without a script: the search", "customer.created" in browser.text, browser.text[:300])
        browser.follow(browser.find("tbody th a"))
        report.check("without a script: an event", "What became of it" in browser.text)
        report.check("without a script: no button that needs one", "Copy" not in [b.text for b in browser.all("button")])
    finally:
        browser.close()


def main():
    programs, shots = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    shots.mkdir(parents=True, exist_ok=True)
    report = Report()
    with Gateway(programs) as gateway:
        browser = Browser(gateway.url, shots)
        try:
            browser.look()
            browser.go("/admin/")
            report.check("an empty store says what to do", "No event has come yet" in browser.text, browser.text)
            browser.shot("empty-wide")
            order, rejected = fill(gateway)
            paths = {
                "overview": "/admin/", "events": "/admin/events", "event": f"/admin/events/{order}", "dead-letters": "/admin/dead-letters",
                "rejected": "/admin/rejected", "rejection": f"/admin/rejected/{rejected}", "alerts": "/admin/alerts",
                "secrets": "/admin/secrets", "people": "/admin/people?who=anna@example.com", "people-empty": "/admin/people",
                "settings": "/admin/settings", "settings-tenant": "/admin/settings?tenant=shop&source=stripe", "audit": "/admin/audit", "nothing": "/admin/nothing", "problem": "/admin/events?since=x",
            }
            try_filters(report, gateway)
            try_lines(report, browser)
            try_finding(report, browser, gateway, order)
            try_far_back(report, browser, gateway, order)
            try_held(report, browser, gateway)
            browser.complaints()
            try_pages(report, browser, {name: path for name, path in paths.items() if name != "nothing"})
            try_people(report, browser, gateway)
            try_settings(report, browser, gateway)
            try_keyboard(report, browser)
            try_without_script(report, gateway, shots)
            try_refresh(report, browser, gateway)
            try_actions(report, browser, gateway, order, rejected)
            try_more_actions(report, browser, gateway)
            try_doors(report, gateway, order)
            try_tricks(report, gateway, order)
            if report.failed:
                print((gateway.room / "gatepost-admin.log").read_text()[-3000:], (gateway.room / "error.log").read_text()[-1000:])
        finally:
            browser.close()
    doors.run(report, programs)
    sealed.run(report, programs, shots)
    big.run(report, programs, shots)
    if len(sys.argv) > 3:
        plugin.run(report, programs, shots, pathlib.Path(sys.argv[3]))
    print(f"pages: {report.passed} passed, {report.failed} failed; screenshots in {shots}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
