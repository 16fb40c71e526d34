"""The same pages over a store whose payloads are encrypted."""
import base64
import os
import urllib.parse

from browser import Browser
from gateway import Gateway, Site, USER


def run(report, programs, shots):
    key = base64.b64encode(os.urandom(32)).decode()
    with Gateway(programs, variables={"GATEPOST_DATA_KEY": key}) as gateway:
        Site.refuses = True
        event = gateway.send("customer.created.json", "stripe")
        gateway.send("customer.updated.json", "stripe")
        gateway.work()
        Site.refuses = False
        forged = b'{"id":"evt_forged","object":"event","email":"anna@example.com"}'
        gateway.post_stripe(forged, "whsec_other")
        file = b"".join(path.read_bytes() for path in gateway.room.glob("gatepost.db*"))
        report.check("sealed: no address is in the file", b"anna@example.com" not in file and b"evt_forged\"" not in file)
        browser = Browser(gateway.url, shots)
        try:
            try_pages(report, browser, gateway, event)
        finally:
            browser.close()
        without_key(report, gateway, event)


def try_pages(report, browser, gateway, event):
    browser.look()
    browser.go(f"/admin/events/{event}")
    report.check("sealed: an event's payload", "anna@example.com" in browser.text and "Strandgaten" in browser.text, browser.text[:800])
    browser.go("/admin/events?text=Strandgaten")
    report.check("sealed: a text in the payload", event in browser.driver.page_source and "no key" not in browser.text, browser.text[:600])
    for who in ("anna@example.com", "ANNA@example.com", "cus_TestAnna00001", "stripe:cus_TestAnna00001"):
        browser.go(f"/admin/people?who={urllib.parse.quote(who)}")
        report.check(f"sealed: everything of {who}", event in browser.driver.page_source, browser.text[:600])
    browser.go(f"/admin/people?event={event}")
    report.check("sealed: of an event's person", event in browser.driver.page_source and "Push failed for good" in browser.text, browser.text[:600])
    report.check("sealed: what WordPress answered", "no such product" in browser.text, browser.text[:900])
    report.check("sealed: axe", not browser.violations(), browser.violations())
    browser.go("/admin/people?who=bo@example.com")
    report.check("sealed: of nobody", "No event" in browser.text, browser.text[:600])
    rejected = gateway.rows("SELECT e.id FROM rejection r JOIN webhook_event e ON e.seq = r.event_seq")[0][0]
    browser.go(f"/admin/rejected/{rejected}")
    report.check("sealed: a rejected request", "evt_forged" in browser.text, browser.text[:800])
    browser.go("/admin/dead-letters")
    browser.click("Try again")
    browser.click("dead letters again")
    report.check("sealed: tried again", "made to wait again" in browser.text, browser.text[:300])
    gateway.work()
    report.check("sealed: and WordPress has it", gateway.rows("SELECT count(*) FROM webhook_event WHERE status = 'processed'") == [(2,)])


def without_key(report, gateway, event):
    """Whoever has the pages without the key sees that, and no page falls over."""
    del gateway.environment["GATEPOST_DATA_KEY"]
    gateway.start("gatepost-admin", "--socket", str(gateway.room / "blind.sock"))
    admin = (gateway.room / "nginx.conf").read_text()
    (gateway.room / "nginx.conf").write_text(admin.replace(f"{gateway.room}/admin.sock", f"{gateway.room}/blind.sock"))
    gateway.until("the other pages listen", (gateway.room / "blind.sock").exists)
    gateway.signal("nginx", 1)
    path = f"/admin/events/{event}"
    gateway.until("nginx asks the other pages", lambda: "The payload is" in gateway.ask(path, USER)[2])
    text = gateway.ask(path, USER)[2]
    report.check("no key: it is said", "Strandgaten" not in text and "key" in text, text[:900])
    for path in ("/admin/events?text=Strandgaten", "/admin/people?who=anna@example.com"):
        text = gateway.ask(path, USER)[2]
        report.check(f"no key: {path} says what is not searched", "have no key to them" in text, text[:900])
    for path in ("/admin/", "/admin/events", "/admin/people?who=anna@example.com", f"/admin/people?event={event}", "/admin/rejected", "/admin/settings"):
        status = gateway.ask(path, USER)[0]
        report.check(f"no key: {path}", status == 200, status)
