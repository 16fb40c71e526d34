"""What runs under a kill test: nginx, ingest and workers of our own, and the processes of a site of scripts/wordpress-site."""
import contextlib
import http.client
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent


class CannotRun(Exception):
    """Something that is needed is missing; nothing was tried."""


def until(what, seconds, condition):
    """Waits until the condition holds; CannotRun where it did not in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise CannotRun(f"waited {seconds} s in vain until {what}")
        time.sleep(0.05)


class Kept:
    """A program that is started again whenever it ends, as systemd or its timer would."""

    def __init__(self, name, command, environment, folder, pause=0.0, stdin=None):
        self.name, self.command, self.environment, self.pause, self.stdin = name, command, environment, pause, stdin
        self.log = open(folder / f"{name}.log", "ab")
        self.process, self.stopping, self.killed = None, threading.Event(), 0
        # Ends that nobody asked for.
        self.surprises = []
        self.guard = threading.Lock()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.stopping.is_set():
            process = subprocess.Popen(
                self.command, env=self.environment, stdin=self.stdin or subprocess.DEVNULL, stdout=self.log, stderr=self.log)
            with self.guard:
                self.process = process
            status = process.wait()
            if status not in (0, -signal.SIGKILL):
                self.surprises.append(f"{self.name} ended with status {status}")
            self.stopping.wait(self.pause)

    def kill(self):
        """SIGKILL; false where it does not run at this instant."""
        with self.guard:
            if self.process is None or self.process.poll() is not None:
                return False
            self.process.kill()
            self.killed += 1
            return True

    def stop(self):
        self.stopping.set()
        with self.guard:
            if self.process and self.process.poll() is None:
                self.process.terminate()
        self.thread.join(30)
        self.log.close()


class Gateway:
    """nginx with the shipped snippets, ingest on a socket that outlives it (as systemd's does), and workers."""

    def __init__(self, site, tenant, options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gatepost-kill-", dir=os.environ.get("GATEPOST_TEST_FOLDER", "/tmp")))
        self.database = self.folder / "gatepost.db"
        self.port = free_port()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / "ingest.sock"))
        self.listener.listen(1024)
        self.secrets = {source: f"secret-of-{source}-{tenant}" for source in ("stripe", "hubspot", "github")}
        self.environment = {
            "PATH": os.environ["PATH"], "GATEPOST_DB": str(self.database), "GATEPOST_CONFIG": str(self.folder / "gatepost.yaml"),
            "GATEPOST_SECRETS": str(self.folder / "secrets.env"),
            **{f"PROVIDER_SECRETS_{source.upper()}": f"{tenant}:{secret}" for source, secret in self.secrets.items()},
            **{name: site.settings[name] for name in
               ("WORDPRESS_BASE_URL", "WORDPRESS_USER", "WORDPRESS_APP_PASSWORD", "HMAC_SHARED_SECRET")},
        }
        # A short lease, so that what a killed worker held goes again soon; many tries, since PHP dies more often than in a bad year.
        (self.folder / "gatepost.yaml").write_text(
            "worker:\n  lease: 6s\n  timeout: 5s\n  tries: 20\n  retry-longest: 2s\n  circuit-longest: 2s\n  circuit-shortest: 1s\n")
        (self.folder / "secrets.env").write_text("")
        self.nginx = self.start_nginx()
        self.ingest = Kept("ingest", [options.programs / "gatepost-ingest"], self.environment, self.folder, stdin=self.listener)
        until("ingest answers through nginx", 30, self.is_well)
        self.workers = [
            Kept(f"worker-{number}", [options.programs / "gatepost-worker", "--once", "--linger", "1"], self.environment, self.folder,
                 pause=0.2) for number in range(options.workers)]
        self.cli = options.programs / "gatepost"

    def start_nginx(self):
        folder = self.folder
        (folder / "snippets").symlink_to(REPOSITORY / "nginx/snippets")
        temps = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(f"""{"user root;" if os.geteuid() == 0 else ""}
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log;
events {{ worker_connections 1024; }}
http {{
    {temps}
    access_log off;
    include {REPOSITORY}/nginx/gatepost-http.conf;
    # The shipped limit's name, and no limit: all comes from one address here.
    map "" $gatepost_rate_key {{ default ""; }}
    limit_req_zone $gatepost_rate_key zone=gatepost_ingest:1m rate=1r/s;
    upstream gatepost_ingest {{ server unix:{folder}/ingest.sock; keepalive 32; }}
    server {{ listen 127.0.0.1:{self.port} backlog=1024; include snippets/gatepost-webhooks.conf; }}
}}
""")
        nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx"
        return subprocess.Popen(
            [nginx, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "nginx-error.log"], stdin=subprocess.DEVNULL)

    def is_well(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False

    def gatepost(self, *arguments):
        return subprocess.run([self.cli, *arguments], env=self.environment, capture_output=True, text=True, timeout=120, check=True).stdout

    def stop(self, keep):
        for program in [*getattr(self, "workers", []), getattr(self, "ingest", None)]:
            if program:
                program.stop()
        self.nginx.terminate()
        self.nginx.wait()
        self.listener.close()
        if not keep:
            shutil.rmtree(self.folder)


def free_port():
    """Not of those that the kernel gives to outgoing connections: one of them could have it before the program does."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


# Told beside the plugin's own rows which order events a listener has heard of.
LISTENER = """<?php
add_action( 'gatepost_order_event', function ( array $payload, int $row ) {
	global $wpdb;
	$wpdb->insert( $wpdb->prefix . 'gatepost_told', array( 'event_id' => $payload['event_id'], 'row_id' => $row ) );
}, 10, 2 );
"""


class Site:
    """A WordPress of scripts/wordpress-site that is up."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.settings = dict(line.split("=", 1) for line in (self.folder / "env").read_text().splitlines() if "=" in line)
        self.listener = pathlib.Path(self.settings["WORDPRESS_ROOT"]) / "wp-content/mu-plugins/gatepost-told.php"
        self.mariadb_killed = self.php_killed = 0
        self.listener.write_text(LISTENER)
        self.query("CREATE TABLE IF NOT EXISTS wp_gatepost_told (event_id varchar(191) NOT NULL, row_id bigint NOT NULL) ENGINE=InnoDB")

    def query(self, sql):
        """Rows as lists of texts. The password goes by the environment: arguments are for all to read."""
        done = subprocess.run(
            ["mariadb", "--no-defaults", "--batch", "--skip-column-names", "-S", self.settings["WORDPRESS_DB_SOCKET"],
             "-u", self.settings["WORDPRESS_DB_USER"], self.settings["WORDPRESS_DB_NAME"]],
            input=sql, env={**os.environ, "MYSQL_PWD": self.settings["WORDPRESS_DB_PASSWORD"]}, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise CannotRun(f"MariaDB: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def is_up(self):
        with contextlib.suppress(CannotRun, subprocess.TimeoutExpired):
            return self.query("SELECT 1") == [["1"]]
        return False

    def pid(self, program):
        return int((self.folder / f"run/{program}.pid").read_text())

    def kill_php(self, random_source):
        """One of php-fpm's children, whatever it does at this instant; its master starts another."""
        master = self.pid("php-fpm")
        children = pathlib.Path(f"/proc/{master}/task/{master}/children").read_text().split()
        if not children:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(random_source.choice(children)), signal.SIGKILL)
            self.php_killed += 1
            return True
        return False

    def kill_mariadb(self, away):
        """SIGKILL, some time without, and the same command again."""
        pid = self.pid("mariadb")
        command = [part.decode() for part in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") if part]
        os.kill(pid, signal.SIGKILL)
        until("mariadbd is gone", 20, lambda: not is_running(pid))
        self.mariadb_killed += 1
        time.sleep(away)
        with open(self.folder / "log/mariadb.log", "ab") as log:
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        until("MariaDB is up again", 60, self.is_up)
        return True

    def leave(self):
        self.listener.unlink(missing_ok=True)
        with contextlib.suppress(CannotRun):
            self.query("DROP TABLE IF EXISTS wp_gatepost_told")


def is_running(pid):
    """False for a zombie too: it may be another's child, that reaps late."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
