"""Each way in which nginx knows who it is, and none: what may be read, what may be done, and under whose name."""
import re
import urllib.parse

from gateway import Gateway


def run(report, programs):
    try_request(report, programs)
    try_certificate(report, programs)
    try_nobody(report, programs)


def act(gateway, user, **headers):
    """Tries all dead letters again, of which there are none, by a form of ours: 200, after a redirect, for who may, 403 for who may not."""
    text = gateway.ask("/admin/confirm/reverify?id=" + "01a209f3-f9a4-7000-8579-b95655a29329", user)[2]
    token = re.search(r'name="token" value="([^"]+)"', text)
    fields = {"token": token.group(1) if token else "", "all": "1"}
    return gateway.ask("/admin/do/retry", user, urllib.parse.urlencode(fields).encode(), list(headers.items()))[0]


def actors(gateway):
    return [row[0] for row in gateway.rows("SELECT actor FROM audit ORDER BY id")]


def try_request(report, programs):
    with Gateway(programs, auth="request") as gateway:
        report.check("auth_request: without a session", gateway.status("/admin/") == 401)
        text = gateway.ask("/admin/", "bob")[2]
        report.check("auth_request: the name is known", "Signed in as <strong>bob</strong>" in text, text[-400:])
        headers = [("X-Auth-Request-User", "root"), ("Remote-User", "root"), ("Cookie", "session=good-bob")]
        text = gateway.ask("/admin/", None, headers=headers)[2]
        report.check("auth_request: nobody names himself", "<strong>bob</strong>" in text and "root" not in text, text[-400:])
        report.check("auth_request: the service itself is not to be asked", gateway.status("/gatepost-auth") == 404)
        report.check("auth_request: an action", act(gateway, "bob") == 200 and actors(gateway) == ["bob"], actors(gateway))
        report.check("auth_request: let in without a name", act(gateway, "nameless") == 403 and actors(gateway) == ["bob"], actors(gateway))
        hostile = "<script>alert(1)</script>"
        text = gateway.ask("/admin/", hostile)[2]
        report.check("auth_request: a name is text", hostile not in text and "&lt;script&gt;" in text, text[-400:])


def try_certificate(report, programs):
    with Gateway(programs, auth="certificate") as gateway:
        report.check("certificate: without one", gateway.status("/admin/") == 403)
        text = gateway.ask("/admin/", "alice")[2]
        report.check("certificate: the common name", "Signed in as <strong>alice</strong>" in text, text[-400:])
        status = gateway.status("/admin/", "mallory")
        report.check("certificate: a stranger's", status in (400, 403), status)
        report.check("certificate: an action", act(gateway, "alice") == 200 and actors(gateway) == ["alice"], actors(gateway))
        report.check("certificate: from another site", act(gateway, "alice", Origin="https://evil.example") == 403)


def try_nobody(report, programs):
    with Gateway(programs, auth=None) as gateway:
        report.check("nobody is asked: pages are read", gateway.status("/admin/") == 200)
        claimed = [("Remote-User", "root"), ("X-Remote-User", "root"), ("Authorization", "Basic cm9vdDpyb290"), ("REMOTE_USER", "root")]
        text = gateway.ask("/admin/", headers=claimed)[2]
        report.check("nobody is asked: nor believed", "asks nobody for a name" in text and "root" not in text, text[-400:])
        report.check("nobody is asked: nothing is done", act(gateway, None) == 403 and actors(gateway) == [], actors(gateway))
