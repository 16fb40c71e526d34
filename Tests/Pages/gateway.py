"""A gateway of its own for the tests of the pages: nginx that asks who it is, ingest, gatepost-admin, and a WordPress that refuses what it is told to."""
import base64
import contextlib
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
USER, PASSWORD = "jürgen", "open sesame"
SECRETS = {"stripe": "whsec_one", "github": "github-one"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site(http.server.BaseHTTPRequestHandler):
    """WordPress as the worker sees it: takes a batch, or refuses each item of it."""

    refuses = True

    def do_POST(self):
        items = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["items"]
        verdict = {"status": 422, "outcome": "refused", "error": "no such product <b>1042</b>"} if Site.refuses else {"status": 200, "outcome": "applied"}
        body = json.dumps({"results": [{"idempotency_key": item["idempotency_key"], **verdict} for item in items]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Porter(http.server.BaseHTTPRequestHandler):
    """The service that auth_request asks: whose cookie is it?"""

    def do_GET(self):
        cookie = self.headers.get("Cookie", "")
        known = cookie.startswith("session=good-") and self.headers.get("X-Original-URI", "").startswith("/admin/")
        self.send_response(202 if known else 401)
        if known and cookie != "session=good-nameless":
            self.send_header("X-Auth-Request-User", cookie.removeprefix("session=good-"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Gateway:
    """`auth`: the snippet by which nginx knows who it is: basic, certificate, request; None: nobody is asked."""

    def __init__(self, programs, auth="basic", settings="", variables=None):
        self.programs, self.children, self.auth = programs, [], auth
        self.room = pathlib.Path(tempfile.mkdtemp(prefix="gatepost-pages-"))
        self.room.chmod(0o755)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
        threading.Thread(target=site.serve_forever, daemon=True).start()
        self.site = site
        self.porter = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Porter)
        threading.Thread(target=self.porter.serve_forever, daemon=True).start()
        (self.room / "gatepost.yaml").write_text(settings)
        (self.room / "secrets.env").write_text("")
        self.environment = {
            "PATH": os.environ["PATH"], "GATEPOST_CONFIG": str(self.room / "gatepost.yaml"), "GATEPOST_SECRETS": str(self.room / "secrets.env"),
            "GATEPOST_DB": str(self.room / "gatepost.db"), "WORDPRESS_BASE_URL": f"http://127.0.0.1:{site.server_port}",
            "HMAC_SHARED_SECRET": "shared", "PROVIDER_SECRETS_STRIPE": f"shop:{SECRETS['stripe']}",
            "PROVIDER_SECRETS_GITHUB": f"shop:{SECRETS['github']}", **(variables or {}),
        }
        self.environment = {name: value for name, value in self.environment.items() if value}

    def __enter__(self):
        self.start("gatepost-ingest", "--socket", str(self.room / "ingest.sock"))
        self.start("gatepost-admin", "--socket", str(self.room / "admin.sock"))
        (self.room / "nginx.conf").write_text(self.configuration())
        self.child(["nginx", "-p", self.room, "-c", self.room / "nginx.conf", "-e", self.room / "error.log"])
        self.until("ingest answers", lambda: self.status("/healthz") == 200)
        self.until("the pages answer", lambda: self.status("/admin/", USER if self.auth else None) == 200)
        return self

    def __exit__(self, *_):
        for child in reversed(self.children):
            child.terminate()
        for child in self.children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(10)
        self.site.shutdown()
        self.porter.shutdown()
        shutil.rmtree(self.room)

    def child(self, command):
        log = open(self.room / f"{pathlib.Path(command[0]).name}.log", "ab")
        self.children.append(subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def signal(self, name, number):
        for child in self.children:
            if pathlib.Path(child.args[0]).name == name:
                child.send_signal(number)

    def start(self, name, *arguments):
        self.child([self.programs / name, *arguments])

    def run(self, name, *arguments, check=True):
        return subprocess.run(
            [self.programs / name, *arguments], env=self.environment, check=check, capture_output=True, text=True, timeout=60).stdout

    def configuration(self):
        """The shipped files; only the sockets and the password file are other ones."""
        (self.room / "snippets").mkdir()
        for snippet in (TREE / "nginx/snippets").iterdir():
            text = snippet.read_text().replace("/etc/nginx/gatepost-admin.htpasswd", f"{self.room}/htpasswd")
            if snippet.name == "gatepost-admin.conf":
                text = text.replace(f"# include snippets/gatepost-admin-{self.auth}.conf;", f"include snippets/gatepost-admin-{self.auth}.conf;")
            (self.room / "snippets" / snippet.name).write_text(text)
        crypted = subprocess.run(["openssl", "passwd", "-5", PASSWORD], check=True, capture_output=True, text=True).stdout
        (self.room / "htpasswd").write_text(f"{USER}:{crypted}")
        if self.auth == "certificate":
            self.make_certificates()
        listen = f"listen 127.0.0.1:{self.port};"
        if self.auth == "certificate":
            listen = f"""listen 127.0.0.1:{self.port} ssl;
        ssl_certificate {self.room}/server.pem; ssl_certificate_key {self.room}/server.key;
        ssl_client_certificate {self.room}/ca.pem; ssl_verify_client optional;"""
        admin = (TREE / "nginx/gatepost-admin.conf").read_text().replace("/run/gatepost/admin.sock", f"{self.room}/admin.sock")
        temps = "".join(f"{kind}_temp_path {self.room}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi"))
        return f"""{"user root;" if os.geteuid() == 0 else ""}
daemon off; worker_processes 1; pid {self.room}/pid; error_log {self.room}/error.log;
events {{ worker_connections 128; }}
http {{
    {temps}
    access_log off;
    include {TREE}/nginx/gatepost-http.conf;
    include {TREE}/nginx/gatepost-limits.conf;
    upstream gatepost_ingest {{ server unix:{self.room}/ingest.sock; }}
    {admin}
    server {{
        {listen}
        include snippets/gatepost-webhooks.conf;
        include snippets/gatepost-admin.conf;
        location = /gatepost-auth {{
            internal;
            proxy_pass              http://127.0.0.1:{self.porter.server_port}/oauth2/auth;
            proxy_pass_request_body off;
            proxy_set_header        Content-Length "";
            proxy_set_header        X-Original-URI $request_uri;
        }}
    }}
}}
"""

    # MARK: Requests

    def ask(self, path, user=None, data=None, headers=()):
        request = urllib.request.Request(self.url + path, data=data, headers=dict(headers))
        context = None
        if self.auth == "certificate":
            context = self.context(user)
        elif user is not None and self.auth == "request":
            request.add_header("Cookie", f"session=good-{user}")
        elif user is not None:
            request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:{PASSWORD}".encode()).decode())
        try:
            with urllib.request.urlopen(request, timeout=60, context=context) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def make_certificates(self):
        """An authority, a server, and a client of each name that is signed by it or by a stranger."""
        def run(*words):
            subprocess.run(["openssl", *words], cwd=self.room, check=True, capture_output=True)

        for authority in ("ca", "stranger"):
            run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={authority}",
                "-days", "2", "-keyout", f"{authority}.key", "-out", f"{authority}.pem")
        for name, subject, authority in (("server", "127.0.0.1", "ca"), ("alice", "alice", "ca"), ("mallory", "alice", "stranger")):
            run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/O=Test/CN={subject}",
                "-keyout", f"{name}.key", "-out", f"{name}.csr")
            run("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial",
                "-days", "2", "-out", f"{name}.pem")
        self.url = self.url.replace("http:", "https:")

    def context(self, client):
        context = ssl.create_default_context(cafile=str(self.room / "ca.pem"))
        context.check_hostname = False
        if client in ("alice", "mallory"):
            context.load_cert_chain(self.room / f"{client}.pem", self.room / f"{client}.key")
        elif client is not None:
            context.load_cert_chain(self.room / "alice.pem", self.room / "alice.key")
        return context

    def post_stripe(self, body, secret=SECRETS["stripe"]):
        """A signed post, without a program of its own for each."""
        now = int(time.time())
        signature = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        return self.ask("/api/webhooks/stripe/shop/ingest", data=body, headers=[
            ("Content-Type", "application/json"), ("Stripe-Signature", f"t={now},v1={signature}")])

    def status(self, path, user=None):
        try:
            return self.ask(path, user)[0]
        except OSError:
            return 0

    def until(self, what, holds, seconds=30):
        """An nginx that takes a new configuration may cut an answer off: that is not yet one."""
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(http.client.HTTPException):
                if holds():
                    return
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s in vain until {what}")
            time.sleep(0.05)

    # MARK: What is in the store

    def send(self, fixture, source, **changes):
        path = TREE / "fixtures" / source / fixture
        if changes:
            text = path.read_text()
            for old, new in changes.items():
                text = text.replace(old, new)
            path = self.room / fixture
            path.write_text(text)
        answer = json.loads(self.run(
            "gatepost", "send", str(path), "--source", source, "--tenant", "shop", "--fresh", "--json",
            "--url", f"{self.url}/api/webhooks/{source}/shop/ingest"))
        return answer["body"]["event_id"]

    def work(self):
        self.run("gatepost-worker", "--once", check=False)

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(self.room / "gatepost.db")) as store:
            return store.execute(sql).fetchall()
