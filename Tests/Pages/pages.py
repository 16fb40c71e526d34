#!/usr/bin/env python3
"""Every page and every action of gatepost-admin in a real Chromium, through a real nginx that asks for name and password.

usage: Tests/Pages/pages.py PROGRAMS SCREENSHOTS

Exit status: 0 all as expected, 1 not.
"""
import pathlib
import re
import sys
import urllib.parse

from selenium.webdriver.common.keys import Keys

from browser import Browser
from gateway import Gateway, Site, USER

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
            if look in ("wide", "phone-dark"):
                report.check(f"{name}, {look}: axe", not browser.violations(), browser.violations())
    report.check("no complaint of the browser's", not browser.complaints(), browser.complaints())


def try_finding(report, browser, order):
    """From "order 1042 is missing" to its cause, as somebody does it on a phone."""
    browser.look(320, 700)
    browser.go("/admin/")
    browser.find("#text").send_keys("cs_test", Keys.ENTER)
    report.check("found by an id in the payload", order in browser.driver.page_source, browser.text)
    browser.find("tbody th a").click()
    report.check("its cause stands on its page", "no such product <b>1042</b>" in browser.text, browser.text[:600])
    browser.go(f"/admin/events?text={urllib.parse.quote(HOSTILE)}&tenant={urllib.parse.quote(HOSTILE)}")
    report.check("a filter that cannot be", "tenant: expected" in browser.text, browser.text[:400])
    report.check("is shown as text", browser.find("#text").get_attribute("value") == HOSTILE, browser.driver.page_source[:2000])


def try_lines(report, browser):
    browser.look()
    browser.go("/admin/")
    labels = [line.get_attribute("aria-label") for line in browser.all("svg.spark[role=img]")]
    report.check("twelve lines, each in words", len(labels) == 12 and len(set(labels)) == 12 and all(labels), labels)
    report.check("what came in", any(label.startswith("Came in, 60 minutes:") and "6 in its last" in label for label in labels), labels)
    report.check("and stands there to read", "6 in all, " in browser.text and "1 now, " in browser.text, browser.text[:900])
    browser.find("a[aria-label='shop · github over time']").click()
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
    browser.all("input[type=checkbox]")[0].click()
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
    rows = gateway.rows("SELECT actor, origin, action, count, detail FROM audit ORDER BY id")
    report.check("each is written down", [row[:4] for row in rows] == [
        (USER, "pages", "dlq.discard", 1), (USER, "pages", "dlq.retry", 2), (USER, "pages", "events.replay", 1),
        (USER, "pages", "rejected.reverify", 1)], rows)
    report.check("with the address", all("from 127.0.0.1" in row[4] for row in rows), rows)
    report.check("and shown", "dlq.discard" in browser.text and USER in browser.text, browser.text)


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


def try_without_script(report, gateway, shots):
    browser = Browser(gateway.url, shots, script=False)
    try:
        browser.look()
        browser.go("/admin/")
        browser.find("#text").send_keys("customer", Keys.ENTER)
        report.check("without a script: the search", "customer.created" in browser.text, browser.text[:300])
        browser.find("tbody th a").click()
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
                "secrets": "/admin/secrets", "audit": "/admin/audit", "nothing": "/admin/nothing", "problem": "/admin/events?since=x",
            }
            try_filters(report, gateway)
            try_lines(report, browser)
            try_finding(report, browser, order)
            browser.complaints()
            try_pages(report, browser, {name: path for name, path in paths.items() if name != "nothing"})
            try_keyboard(report, browser)
            try_without_script(report, gateway, shots)
            try_actions(report, browser, gateway, order, rejected)
            try_doors(report, gateway, order)
            if report.failed:
                print((gateway.room / "gatepost-admin.log").read_text()[-3000:], (gateway.room / "error.log").read_text()[-1000:])
        finally:
            browser.close()
    print(f"pages: {report.passed} passed, {report.failed} failed; screenshots in {shots}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
