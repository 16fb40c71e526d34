"""WordPress's half in a browser: the plugin's list of arrivals, its widget and its settings, behind a real gateway."""
import json
import subprocess

from selenium.webdriver.common.by import By

from browser import Browser
from gateway import Gateway

EVENTS = "/wp-admin/tools.php?page=gatepost-events"
PAGES = {
    "plugin-arrivals": EVENTS, "plugin-orders": EVENTS + "&tab=orders", "plugin-settings": "/wp-admin/options-general.php?page=gatepost",
}


def run(report, programs, shots, site):
    """`site`: a directory of scripts/wordpress-site."""
    wordpress = dict(line.split("=", 1) for line in (site / "env").read_text().splitlines())
    names = ("WORDPRESS_BASE_URL", "WORDPRESS_USER", "WORDPRESS_APP_PASSWORD", "HMAC_SHARED_SECRET")
    with Gateway(programs, variables={name: wordpress[name] for name in names}) as gateway:
        event = gateway.send("customer.created.json", "stripe")
        gateway.send("checkout.session.completed.json", "stripe")
        pushed = push(gateway)
    report.check("plugin: both events are pushed", len(pushed) == 2 and event in pushed, pushed)
    browser = Browser(wordpress["WORDPRESS_BASE_URL"], shots, user=None)
    try:
        log_in(browser, wordpress)
        try_widget(report, browser, pushed)
        try_pages(report, browser)
        try_phone(report, browser, pushed[event])
        try_finding(report, browser, event, pushed[event])
        try_saving(report, browser)
    finally:
        browser.close()
    browser = Browser(wordpress["WORDPRESS_BASE_URL"], shots, script=False, user=None)
    try:
        log_in(browser, wordpress)
        try_finding(report, browser, event, pushed[event])
    finally:
        browser.close()


def push(gateway):
    """One run of the worker: by event the id of the request that it went with."""
    said = subprocess.run(
        [gateway.programs / "gatepost-worker", "--once"], env=gateway.environment, capture_output=True, text=True, timeout=60).stderr
    lines = [json.loads(line) for line in said.splitlines()]
    return {line["event_id"]: line["request_id"] for line in lines if line["msg"] == "pushed" and line["outcome"] == "processed"}


def log_in(browser, wordpress):
    browser.look()
    browser.go("/wp-login.php")
    browser.find("#user_login").send_keys(wordpress["WORDPRESS_USER"])
    browser.find("#user_pass").send_keys(wordpress["WORDPRESS_ADMIN_PASSWORD"])
    browser.follow(browser.find("#wp-submit"))


def said(browser):
    return browser.find("#wpbody-content").text


def try_widget(report, browser, pushed):
    browser.go("/wp-admin/")
    browser.shot("plugin-widget")
    text = browser.find("#gatepost_last_event").text
    report.check("plugin: the widget says when the last event came", "The last event came" in text, text)
    report.check("plugin: and names the gateway's request", any(request in text for request in pushed.values()), text)


def try_pages(report, browser):
    for name, path in PAGES.items():
        for width in (1280, 320):
            browser.look(width)
            browser.go(path)
            browser.shot(f"{name}-{width}")
            report.check(f"{name} at {width}: no wider than the window", browser.overflow() <= 0, browser.overflow())
            found = browser.violations("#wpbody-content .wrap")
            report.check(f"{name} at {width}: accessible", not found, found)
    browser.look()


def try_phone(report, browser, request):
    browser.look(320)
    browser.go(f"{EVENTS}&s={request}")
    rows = [row.text for row in browser.all("#the-list > tr")]
    report.check("plugin: a narrow list says what came of what", rows and all("(20" in row and "." in row for row in rows), rows)
    browser.look()
    browser.go(f"{EVENTS}&s={request}")
    rows = [row.is_displayed() for row in browser.all("#the-list .gatepost-narrow")]
    report.check("plugin: a wide one says it once", rows and not any(rows), rows)


def try_finding(report, browser, event, request):
    """From the gateway's id of a request to what became of the event."""
    browser.go(f"{EVENTS}&s={request}")
    report.check("plugin: found by the gateway's request id", event in said(browser), said(browser)[:500])
    row = next(row for row in browser.all("#the-list > tr") if event in row.text)
    browser.follow(row.find_element(By.CSS_SELECTOR, "a"))
    text = said(browser)
    report.check("plugin: one arrival", all(word in text for word in (event, request, "customer.created", "applied")), text[:800])


def try_saving(report, browser):
    browser.go(PAGES["plugin-settings"])
    browser.follow(browser.find("#submit"))
    report.check("plugin: settings are saved", "Settings saved" in said(browser), said(browser)[:300])
    report.check("plugin: and no secret is shown", not any(field.get_attribute("value") for field in browser.all("input[type=password]")))
