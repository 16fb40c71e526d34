"""What the benchmarks measure: a program with an nginx of its own in front."""
import contextlib
import http.client
import json
import os
import pathlib
import random
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent
INGEST_PATH = "/api/webhooks/stripe/ingest"
SECRET = "whsec_benchbenchbenchbench"
NGINX_WORKERS, NGINX_KEEPALIVE = 2, 32


class CannotRun(Exception):
    """Something on this machine is missing; nothing was measured."""


def cpu_seconds(pid):
    """CPU time of a whole process, ended threads included, to the nanosecond: clock_getcpuclockid(3) by hand."""
    return time.clock_gettime((~pid << 3) | 2)


def children_of(pid):
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory_mb(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


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


def unit_environment():
    """What the shipped unit sets: the program is measured as it runs."""
    lines = (REPOSITORY / "systemd/gatepost-ingest.service").read_text().splitlines()
    return dict(line.removeprefix("Environment=").split("=", 1) for line in lines if line.startswith("Environment="))


def nginx_configuration(room, port, ingest_socket, admin_socket=None):
    """The shipped snippets; only the upstreams' paths are others, and the rate limit is counted but never reached."""
    admin = (REPOSITORY / "nginx/gatepost-admin.conf").read_text().replace("/run/gatepost/admin.sock", str(admin_socket))
    pages = "include snippets/gatepost-admin.conf; include snippets/gatepost-metrics.conf;"
    temps = "".join(f"{kind}_temp_path {room}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi"))
    return f"""{"user root;" if os.geteuid() == 0 else ""}
daemon off; worker_processes {NGINX_WORKERS}; pid {room}/pid; error_log {room}/error.log;
events {{ worker_connections 4096; }}
http {{
    {temps}
    access_log off;
    keepalive_requests 1000000;
    include {REPOSITORY}/nginx/gatepost-http.conf;
    map "" $gatepost_rate_key {{ default $binary_remote_addr; }}
    limit_req_zone $gatepost_rate_key zone=gatepost_ingest:1m rate=1000000r/s;
    upstream gatepost_ingest {{
        server unix:{ingest_socket};
        keepalive {NGINX_KEEPALIVE};
        keepalive_requests 100000;
    }}
    {admin if admin_socket else ""}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        server_name bench.test;
        include snippets/gatepost-webhooks.conf;
        {pages if admin_socket else ""}
        location = /nginx-alone {{ client_max_body_size 512k; return 202; }}
    }}
}}
"""


class Journal:
    """Takes what programs say, in a process of its own and from a socket, as in service; it keeps the end alone. (In a file on the store's disk
    the lines would cost ingest 4 % of its time, in the kernel.)"""

    def __init__(self):
        ours, self.theirs = socket.socketpair()
        with ours:
            self.reader = subprocess.Popen(["tail", "-c", "1500"], stdin=ours, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.said = b""

    def end(self):
        """When the programs have ended."""
        if self.theirs.fileno() >= 0:
            self.theirs.close()
            self.said = self.reader.communicate(timeout=20)[0]


class Subject:
    """One program with an nginx of its own in front. `command` None: nginx answers by itself. `admin`: the program of the pages beside it."""

    def __init__(self, name, room, command=None, environment=None, admin=None):
        self.name, self.room, self.rounds = name, room / name, []
        self.room.mkdir()
        self.port = free_port()
        self.path = INGEST_PATH if command else "/nginx-alone"
        self.socket = self.room / "ingest.sock"
        self.journal = Journal()
        self.program = self.admin = None
        if command:
            self.program = self.start([*command(self.socket)], environment)
        admin_socket = self.room / "admin.sock" if admin else None
        if admin:
            self.admin = self.start([admin, "--socket", admin_socket], environment)
        (self.room / "snippets").symlink_to(REPOSITORY / "nginx/snippets")
        (self.room / "nginx.conf").write_text(nginx_configuration(self.room, self.port, self.socket, admin_socket))
        self.nginx = self.start(["nginx", "-p", self.room, "-c", self.room / "nginx.conf", "-e", self.room / "error.log"])
        self.await_answer()

    def start(self, command, environment=None):
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=self.journal.theirs, stderr=self.journal.theirs,
            cwd=self.room)

    def await_answer(self):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not self.ended():
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/healthz" if self.program else self.path)
                if connection.getresponse().status < 300:
                    return
            time.sleep(0.05)
        raise CannotRun(f"{self.name} did not become ready; it said:\n{self.last_words()}")

    def ended(self):
        return any(process.poll() is not None for process in (self.program, self.admin, self.nginx) if process)

    def last_words(self):
        """Ends it, whatever has."""
        self.stop()
        nginx = self.room / "error.log"
        texts = [self.journal.said.decode(errors="replace"), nginx.read_text(errors="replace")[-1500:] if nginx.exists() else ""]
        return "\n".join(text for text in texts if text)

    def measure(self, run_name, seconds, connections):
        workers = children_of(self.nginx.pid)
        before = self.cpu(workers)
        environment = {**os.environ, "BENCH_PATH": self.path, "BENCH_SECRET": SECRET, "BENCH_RUN": run_name}
        done = subprocess.run(
            ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", HERE / "stripe.lua",
             f"http://127.0.0.1:{self.port}"],
            env=environment, capture_output=True, text=True, timeout=seconds + 30)
        after = self.cpu(workers)
        line = next((line for line in done.stdout.splitlines() if line.startswith("BENCH ")), None)
        if line is None:
            raise CannotRun(f"wrk measured nothing: {done.stdout}{done.stderr}")
        seen = json.loads(line.removeprefix("BENCH "))
        count = max(1, seen["requests"])
        seen["requests_per_second"] = seen["requests"] / (seen["duration_us"] / 1e6)
        seen["program_us"] = (after[0] - before[0]) / count * 1e6
        seen["nginx_us"] = (after[1] - before[1]) / count * 1e6
        return seen

    def cpu(self, workers):
        return (cpu_seconds(self.program.pid) if self.program else 0.0, sum(cpu_seconds(pid) for pid in workers))

    def stop(self):
        """The program first, so that it ends as in service: what it accepted it finishes."""
        for process in (self.program, self.admin, self.nginx):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.journal.end()
