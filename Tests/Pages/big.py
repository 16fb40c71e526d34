"""More than one page and more than one request takes: thousands of dead letters, hundreds of rejected requests, all of one moment or nearly."""
import json
import re
import signal
import time

from browser import Browser
from gateway import Gateway, Site, USER

LETTERS, REJECTED = 2150, 450


def run(report, programs, shots):
    settings = "rejected:\n  per-minute: 1000\n"
    with Gateway(programs, settings=settings, variables={"PROVIDER_SECRETS_STRIPE": ""}) as gateway:
        secrets = gateway.room / "secrets.env"
        secrets.write_text("PROVIDER_SECRETS_STRIPE=shop:whsec_one\n")
        gateway.signal("gatepost-ingest", signal.SIGHUP)
        gateway.signal("gatepost-admin", signal.SIGHUP)
        gateway.until("the secret counts", lambda: post(gateway, "evt_first", "whsec_one") == 202)
        for number in range(LETTERS - 1):
            post(gateway, f"evt_{number}", "whsec_one")
        for number in range(REJECTED):
            post(gateway, f"evt_late_{number}", "whsec_two")
        gateway.until("they are kept", lambda: gateway.rows("SELECT count(*) FROM rejection")[0][0] >= REJECTED)
        Site.refuses = True
        gateway.work()
        Site.refuses = False
        report.check("so many dead letters", gateway.rows("SELECT count(*) FROM job_execution WHERE status = 'dead'") == [(LETTERS,)])
        walk(report, gateway, "/admin/dead-letters", LETTERS)
        walk(report, gateway, "/admin/rejected", gateway.rows("SELECT count(*) FROM rejection")[0][0])
        walk(report, gateway, "/admin/events", LETTERS)
        browser = Browser(gateway.url, shots, script=False)
        try:
            by_hand(report, browser, gateway)
        finally:
            browser.close()
        browser = Browser(gateway.url, shots)
        try:
            by_itself(report, browser, gateway, secrets)
        finally:
            browser.close()
        report.check("an audit of many pages is walked", walk(report, gateway, "/admin/audit", gateway.rows("SELECT count(*) FROM audit")[0][0]))


def post(gateway, name, secret):
    """As a provider does: whom nginx tells to come later (200 requests/s of one address) comes later."""
    body = {"id": name, "object": "event", "type": "invoice.paid", "created": 1764000000, "data": {"object": {"id": f"in_{name}", "customer": f"cus_{name}"}}}
    while (status := gateway.post_stripe(json.dumps(body).encode(), secret)[0]) == 429:
        time.sleep(0.1)
    return status


def walk(report, gateway, path, count):
    """To the end by "older" and back by "newer": each row once, either way."""
    def rows(text):
        table = text[text.index('<table class="list">'):]
        return re.findall(r'href="/admin/(?:events|rejected)/([0-9a-f-]{36})"', table) or re.findall(r"<tr><td><time datetime=\"([^\"]+)\"", table)

    def link(text, rel):
        found = re.search(rf'rel="{rel}" href="([^"]+)"', text)
        return found.group(1).replace("&amp;", "&") if found else None

    seen, pages, place = [], 0, path
    while place:
        text = gateway.ask(place, USER)[2]
        seen += rows(text)
        last, pages, place = text, pages + 1, link(text, "next")
    every = len(seen) == count and (len(set(seen)) == count or path == "/admin/audit")
    report.check(f"{path}: every row once, in {pages} pages", every, (len(seen), len(set(seen)), count))
    back, text = rows(last), last
    while link(text, "prev"):
        text = gateway.ask(link(text, "prev"), USER)[2]
        back = rows(text) + back
        if len(back) > 3 * count:
            break
    report.check(f"{path}: and back to the first page", set(back) == set(seen) and rows(text) == seen[:len(rows(text))], (len(back), count))
    return every


def by_hand(report, browser, gateway):
    """Without a script a button goes on."""
    browser.look(320, 700)
    browser.go("/admin/dead-letters")
    report.check("all of them are counted", f"{LETTERS} in all" in browser.text, browser.text[:600])
    browser.click("Give up")
    report.check("before it happens", browser.heading == f"Give {LETTERS} dead letters up?", browser.heading)
    browser.find("#reason").send_keys("not wanted")
    browser.click(f"Give {LETTERS} dead letters up")
    report.check("how far it is", browser.heading == f"2000 of {LETTERS} done", browser.heading)
    report.check("and no further by itself", gateway.rows("SELECT count(*) FROM job_execution WHERE status = 'dead'") == [(LETTERS - 2000,)])
    report.check("a part of it: axe", browser.find("progress").get_attribute("value") == "2000")
    browser.click(f"Go on with the other {LETTERS - 2000}")
    report.check("to the end", f"{LETTERS} dead letters given up." in browser.text, browser.text[:300])
    report.check("each part is in the audit", gateway.rows("SELECT action, count FROM audit ORDER BY id") == [
        ("dlq.discard", 2000), ("dlq.discard", LETTERS - 2000)], gateway.rows("SELECT action, count FROM audit"))


def by_itself(report, browser, gateway, secrets):
    """The secret was missing: it is added, and all that it signed is judged again."""
    browser.look()
    browser.go("/admin/rejected")
    browser.click("Judge all")
    rejected = int(re.search(r"Judge (\d+) requests again", browser.heading).group(1))
    report.check("rejected: counted before it happens", rejected >= REJECTED, browser.heading)
    report.check("rejected: axe", not browser.violations(), browser.violations())
    browser.click("Judge")
    def done():
        source = browser.driver.page_source
        return "judged again" in source and "<h1>Rejected requests" in source

    gateway.until("all are judged", done, 60)
    report.check("with the old secrets all stay out", f"0 taken in, 0 known already, {rejected} refused still" in browser.text, browser.text[:400])
    secrets.write_text("PROVIDER_SECRETS_STRIPE=shop:whsec_one,shop:whsec_two\n")
    gateway.signal("gatepost-admin", signal.SIGHUP)
    gateway.until("the pages know it", lambda: gateway.ask("/admin/secrets", USER)[2].count("PROVIDER_SECRETS_STRIPE, entry") == 2)
    browser.go("/admin/rejected")
    browser.click("Judge all")
    browser.click("Judge")
    gateway.until("all are judged once more", done, 60)
    # The first tries of all, before the secret counted, have their event already.
    words = re.search(r"(\d+) taken in, (\d+) known already, 0 refused still", browser.text)
    report.check("now they verify", words and int(words[1]) == REJECTED and int(words[1]) + int(words[2]) == rejected, browser.text[:400])
    report.check("they are events", gateway.rows("SELECT count(*) FROM webhook_event WHERE signature_valid = 1") == [(LETTERS + REJECTED,)])
    browser.go("/admin/rejected")
    report.check("nothing is left to judge", "Judge all" not in browser.text, browser.text[:400])
    audit = gateway.rows("SELECT object, count FROM audit WHERE action = 'rejected.reverify' ORDER BY id")
    report.check("rejected: each part is in the audit", [row[1] for row in audit][:2] == [200, 200] and audit[0][0] == "all", audit)
