#!/usr/bin/env python3
"""Asks a real nginx, with the shipped files and a stand-in for ingest, what it answers.

usage: nginx/tests/answers.py        as root or not; Python's standard library, nginx, openssl

Exit status: 0 all as expected, 1 not.
"""
import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import warnings

from fcgi_echo import EchoServer

NGINX = pathlib.Path(__file__).resolve().parent.parent
INGEST = "/api/webhooks/stripe/ingest"


def free_port():
    """Not of those that the kernel gives to outgoing connections: one of them could have it before nginx does."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def make_certificate(room):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=hooks.test", "-keyout", room / "key.pem", "-out", room / "cert.pem"],
        check=True, capture_output=True)


def configuration(room, port, limited_port, tls_port):
    """The shipped files; only the upstream is another, and a second server has a small rate limit."""
    user = "user root;" if os.geteuid() == 0 else ""
    (room / "snippets").symlink_to(NGINX / "snippets")
    small = (NGINX / "snippets/gatepost-pass.conf").read_text().replace("burst=2000", "burst=1")
    small = small.replace("zone=gatepost_ingest", "zone=small")
    (room / "small-pass.conf").write_text(small)
    admin = (NGINX / "gatepost-admin.conf").read_text().replace("/run/gatepost/admin.sock", f"{room}/ingest.sock")
    # alice, "open sesame"
    (room / "htpasswd").write_text("alice:" + subprocess.run(
        ["openssl", "passwd", "-5", "open sesame"], check=True, capture_output=True, text=True).stdout)
    basic = (NGINX / "snippets/gatepost-admin-basic.conf").read_text()
    (room / "basic.conf").write_text(basic.replace("/etc/nginx/gatepost-admin.htpasswd", f"{room}/htpasswd"))
    temps = "".join(f"{kind}_temp_path {room}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi"))
    return f"""{user}
daemon off; master_process off; pid {room}/pid; error_log {room}/error.log;
events {{ worker_connections 64; }}
http {{
    {temps}
    include {NGINX}/gatepost-http.conf;
    include {NGINX}/gatepost-limits.conf;
    access_log {room}/access.log gatepost_json;
    limit_req_zone $binary_remote_addr zone=small:1m rate=1r/m;
    upstream gatepost_ingest {{ server unix:{room}/ingest.sock; keepalive 4; }}
    {admin}
    server {{
        listen 127.0.0.1:{port};
        server_name hooks.test;
        include snippets/gatepost-errors.conf;
        include snippets/gatepost-webhooks.conf;
        include snippets/gatepost-metrics.conf;
        include snippets/gatepost-admin.conf;
        location /basic/ {{
            include {room}/basic.conf;
            include snippets/gatepost-admin-pass.conf;
        }}
        location /certificate/ {{
            include snippets/gatepost-admin-certificate.conf;
            include snippets/gatepost-admin-pass.conf;
        }}
        location ~ ^/api/webhooks/github(?:/|$) {{ client_max_body_size 2m; include snippets/gatepost-pass.conf; }}
        location ~ ^/api/webhooks/paystack(?:/|$) {{
            include snippets/gatepost-allow-example.conf;
            include snippets/gatepost-pass.conf;
        }}
    }}
    server {{
        listen 127.0.0.1:{limited_port};
        server_name shop.test;
        set $gatepost_tenant shop;
        include snippets/gatepost-webhooks.conf;
        location ~ ^/api/webhooks/slow(?:/|$) {{ include small-pass.conf; }}
    }}
    server {{
        listen 127.0.0.1:{tls_port} ssl http2;
        server_name hooks.test;
        ssl_certificate {room}/cert.pem;
        ssl_certificate_key {room}/key.pem;
        include snippets/gatepost-tls.conf;
        include snippets/gatepost-webhooks.conf;
    }}
}}
"""


class Answer:
    def __init__(self, raw):
        head, _, self.text = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1]) if lines[0].startswith("HTTP/") else 0
        self.headers = [tuple(line.split(": ", 1)) for line in lines[1:] if ": " in line]

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def json(self):
        return json.loads(self.text)


def ask(port, method, target, headers=(), body=b"", length=True, chunked=False, tls=None):
    """One request on a socket of its own, exactly as written: no client library tidies the path or the headers."""
    lines = [f"{method} {target} HTTP/1.1", "Connection: close", *headers]
    if not any(line.lower().startswith("host:") for line in lines):
        lines.insert(1, f"Host: hooks.test:{port}")
    if chunked:
        lines.append("Transfer-Encoding: chunked")
        body = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (body[i : i + 8192] for i in range(0, len(body), 8192)))
        body += b"0\r\n\r\n"
    elif length and (body or method == "POST"):
        lines.append(f"Content-Length: {len(body)}")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        connection = tls.wrap_socket(plain, server_hostname="hooks.test") if tls else plain
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(body)
        raw = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                raw += piece
    return Answer(raw)


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, holds, seen=""):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        if not holds:
            print(f"FAIL {name}: {seen}")

    def status(self, name, answer, expected):
        self.check(name, answer.status == expected, f"{answer.status} instead of {expected}: {answer.text[:200]!r}")
        self.check(f"{name}: one X-Request-Id", len(answer.all("X-Request-Id")) == 1, answer.headers)

    def problem(self, name, answer, expected, **headers):
        self.status(name, answer, expected)
        self.check(f"{name}: type", answer.all("Content-Type") == ["application/problem+json"], answer.headers)
        for key, value in headers.items():
            self.check(f"{name}: {key}", answer.all(key.replace("_", "-")) == [value], answer.headers)
        with contextlib.suppress(ValueError):
            shape = answer.json
            good = shape["type"] == "about:blank" and shape["status"] == expected and shape["title"] not in ("", "Error")
            return self.check(f"{name}: shape", good, answer.text)
        return self.check(f"{name}: JSON", False, answer.text)


def try_methods(report, port):
    for method in ("POST", "GET"):
        report.status(f"{method} reaches ingest", ask(port, method, INGEST), 202)
    report.status("HEAD reaches ingest", ask(port, "HEAD", INGEST), 202)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "NONSENSE", "TRACE"):
        report.problem(method, ask(port, method, INGEST), 405, Allow="POST")
    report.status("healthz", ask(port, "GET", "/healthz"), 202)
    report.problem("DELETE healthz", ask(port, "DELETE", "/healthz"), 405)
    report.problem("another path", ask(port, "GET", "/nothing"), 404)


def try_bodies(report, port):
    cap = 512 * 1024
    at_cap = ask(port, "POST", INGEST, body=b"x" * cap)
    report.status("body at the cap", at_cap, 202)
    report.check("body at the cap arrives whole", at_cap.json["body_bytes"] == cap)
    report.problem("body one over the cap", ask(port, "POST", INGEST, body=b"x" * (cap + 1)), 413)
    report.problem("chunked body over the cap", ask(port, "POST", INGEST, body=b"x" * (cap + 1), chunked=True), 413)
    report.status("chunked body", ask(port, "POST", INGEST, body=b"x" * 9000, chunked=True), 202)
    for path in ("/api/webhooks/github", "/api/webhooks/github/", "/api/webhooks/github/shop/ingest"):
        report.status(f"{path}: its own cap", ask(port, "POST", path, body=b"x" * (cap + 1)), 202)
    report.problem("githubber is not github", ask(port, "POST", "/api/webhooks/githubber", body=b"x" * (cap + 1)), 413)


def try_paths(report, port):
    report.problem("allowlist", ask(port, "POST", "/api/webhooks/paystack/ingest"), 403)
    for path in ("/api/webhooks/stripe/../paystack/ingest", "/api/webhooks/%70aystack/ingest",
                 "/api/webhooks//paystack/ingest", "/api/webhooks/./stripe/ingest", "/api/webhooks/str%69pe/ingest",
                 "/api/webhooks/paystack/../stripe/ingest", "/x/../api/webhooks/stripe/ingest"):
        answer = ask(port, "POST", path)
        report.check(f"{path} refused", answer.status in (403, 404), answer.status)
    report.status("query string", ask(port, "GET", INGEST + "?hub.mode=subscribe&x=%2F"), 202)
    report.status("absolute form", ask(port, "POST", f"http://hooks.test{INGEST}"), 202)
    report.problem("bad header", ask(port, "POST", INGEST, ["Bad\x01: \x00"]), 400)
    report.problem("no path", ask(port, "POST", "stripe"), 400)
    report.problem("bad length", ask(port, "POST", INGEST, ["Content-Length: x"], length=False), 400)
    report.problem("very long header", ask(port, "POST", INGEST, ["X-Long: " + "x" * 40000]), 431)
    report.problem("very long path", ask(port, "POST", INGEST + "?" + "x" * 40000), 414)


def try_params(report, port, tenant_port):
    hostile = ["Proxy: http://evil.test/", "GATEPOST_TENANT: evil", "Gatepost-Tenant: evil", "X-Request-Id: mine",
               "Stripe-Signature: t=1,v1=00", "Stripe_Signature: t=2,v1=11"]
    answer = ask(port, "POST", INGEST + "?a=b", [*hostile, "Content-Type: application/json"], body=b"{}")
    params = answer.json["params"]
    expected = {
        "REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "2",
        "REQUEST_URI": INGEST + "?a=b", "QUERY_STRING": "a=b", "PATH_INFO": INGEST,
        "REQUEST_SCHEME": "http", "REMOTE_ADDR": "127.0.0.1", "SERVER_NAME": "hooks.test",
        "HTTP_HOST": f"hooks.test:{port}", "HTTP_STRIPE_SIGNATURE": "t=1,v1=00", "HTTP_X_REQUEST_ID": "mine",
    }
    for name, value in expected.items():
        report.check(f"param {name}", params.get(name) == value, params.get(name))
    for name in ("GATEPOST_TENANT", "REMOTE_USER", "HTTPS", "HTTP_PROXY"):
        report.check(f"no param {name}", name not in params, params.get(name))
    report.check("request id is nginx's", re.fullmatch("[0-9a-f]{32}", params["GATEPOST_REQUEST_ID"]), params)
    report.check("and is answered", answer.all("X-Request-Id") == [params["GATEPOST_REQUEST_ID"]], answer.headers)
    for host, seen in (("hooks.test", "hooks.test"), ("HOOKS.test:99", "hooks.test:99"), ("[::1]:8080", "[::1]:8080"), ("[::1]", "[::1]")):
        params = ask(port, "POST", INGEST, [f"Host: {host}"]).json["params"]
        report.check(f"Host {host}", params["HTTP_HOST"] == seen, params["HTTP_HOST"])
    params = ask(tenant_port, "POST", INGEST, ["Host: shop.test"]).json["params"]
    report.check("tenant of the server block", params.get("GATEPOST_TENANT") == "shop", params.get("GATEPOST_TENANT"))


def try_closed(report, port):
    for path in ("/gatepost-refuse/405", "/gatepost-problem"):
        report.problem(f"{path} is not for strangers", ask(port, "GET", path), 404)
    for path in ("/metrics", "/admin/", "/admin/events"):
        report.status(f"{path} from this machine", ask(port, "GET", path), 202)
        for header in ("X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: a|b", "Forwarded: for=203.0.113.9"):
            report.problem(f"{path} through a proxy ({header})", ask(port, "GET", path, [header]), 403)
    for way, headers in (("basic", []), ("certificate", [])):
        report.check(f"/{way}/ asks who it is", ask(port, "GET", f"/{way}/", headers).status in (401, 403))
    alice = ask(port, "GET", "/basic/", ["Authorization: Basic YWxpY2U6b3BlbiBzZXNhbWU="]).json["params"]
    report.check("the name that was asked for is REMOTE_USER", alice.get("REMOTE_USER") == "alice", alice.get("REMOTE_USER"))
    claimed = ask(port, "GET", "/admin/", ["Authorization: Basic YWRtaW46eA=="]).json["params"]
    report.check("a claimed name is no REMOTE_USER", "REMOTE_USER" not in claimed, claimed.get("REMOTE_USER"))


def try_limit(report, port):
    seen = [ask(port, "POST", "/api/webhooks/slow/ingest") for _ in range(4)]
    report.check("burst passes", [a.status for a in seen[:2]] == [202, 202], [a.status for a in seen])
    report.problem("past the burst", seen[3], 429, Retry_After="5")


def try_upstream(report, port, room):
    server = EchoServer(str(room / "ingest.sock"), close_after=1)
    seen = [ask(port, "POST", INGEST, body=b"{}").status for _ in range(20)]
    report.check("ingest that ends kept connections is no error", seen == [202] * 20, seen)
    server.stop()
    report.problem("ingest down", ask(port, "POST", INGEST, body=b"{}"), 503, Retry_After="10")
    report.problem("ingest down, healthz", ask(port, "GET", "/healthz"), 503)
    EchoServer(str(room / "ingest.sock"))
    report.status("ingest back", ask(port, "POST", INGEST, body=b"{}"), 202)


def try_restart(report, port, room, server):
    """Kept connections end, a new program listens on the same path: no request may notice."""
    seen = []
    for _ in range(5):
        seen.append(ask(port, "POST", INGEST, body=b"{}").status)
        server.stop()
        server = EchoServer(str(room / "ingest.sock"))
        seen.append(ask(port, "POST", INGEST, body=b"{}").status)
    report.check("a restart of ingest refuses nothing", seen == [202] * 10, seen)
    return server


def try_tls(report, port, room):
    tls = ssl.create_default_context(cafile=str(room / "cert.pem"))
    for name, answer in (("ingest's answer", ask(port, "POST", INGEST, body=b"{}", tls=tls)),
                         ("nginx's answer", ask(port, "PUT", INGEST, tls=tls))):
        hsts = answer.all("Strict-Transport-Security")
        report.check(f"HSTS once in {name}", hsts == ["max-age=63072000"], answer.headers)
    params = ask(port, "POST", INGEST, tls=tls).json["params"]
    report.check("HTTPS is told", params.get("HTTPS") == "on" and params.get("REQUEST_SCHEME") == "https", params)
    # Discord wants a content type where there is no content.
    nothing = ask(port, "POST", "/api/webhooks/discord?nothing", body=b"{}", tls=tls)
    report.check("a 204 keeps its content type", nothing.status == 204 and nothing.all("Content-Type") == ["application/json"], nothing.headers)
    old = ssl.create_default_context(cafile=str(room / "cert.pem"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        ask(port, "POST", INGEST, tls=old)
        report.check("TLS 1.1 refused", False)
    except (ssl.SSLError, OSError):
        report.check("TLS 1.1 refused", True)


def try_log(report, port, room):
    ask(port, "POST", INGEST + "?token=verysecret", ["User-Agent: a\"b\\c", "Authorization: Bearer verysecret"])
    text = (room / "access.log").read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    report.check("log is JSON lines", len(rows) > 20 and all(len(row["request_id"]) == 32 for row in rows), text[:300])
    report.check("paths in the log are those asked for", "/metrics" in {row["path"] for row in rows}, text[-300:])
    report.check("no query string or secret in the log", "verysecret" not in text)


def main():
    room = pathlib.Path(tempfile.mkdtemp(prefix="gatepost-nginx-"))
    port, other, tls_port = free_port(), free_port(), free_port()
    make_certificate(room)
    (room / "nginx.conf").write_text(configuration(room, port, other, tls_port))
    server = EchoServer(str(room / "ingest.sock"))
    nginx = subprocess.Popen(["nginx", "-p", room, "-c", room / "nginx.conf", "-e", room / "error.log"])
    report = Report()
    try:
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.02)
        try_methods(report, port)
        try_bodies(report, port)
        try_paths(report, port)
        try_params(report, port, other)
        try_closed(report, port)
        try_tls(report, tls_port, room)
        try_limit(report, other)
        try_restart(report, port, room, server).stop()
        try_upstream(report, port, room)
        try_log(report, port, room)
    finally:
        nginx.terminate()
        nginx.wait(5)
        if report.failed:
            sys.stdout.write((room / "error.log").read_text()[-3000:])
        shutil.rmtree(room)
    print(f"nginx answers: {report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
