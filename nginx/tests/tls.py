#!/usr/bin/env python3
"""Has sslyze look at a real nginx with the shipped TLS settings, and hold them against Mozilla's "intermediate" profile.

usage: nginx/tests/tls.py        needs nginx, openssl and sslyze (PyPI)

The certificate is one of an authority made for this run, which sslyze is told to trust. Exit status: 0 a clean report, 1 not.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

from answers import NGINX, free_port


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_certificates(room):
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *curve, "-days", "80", "-subj", "/CN=Test authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", str(room / "ca.key"), "-out", str(room / "ca.pem"))
    openssl("req", *curve, "-subj", "/CN=localhost", "-keyout", str(room / "key.pem"), "-out", str(room / "request.pem"))
    (room / "extensions").write_text("subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nauthorityKeyIdentifier=keyid\n")
    openssl("x509", "-req", "-in", str(room / "request.pem"), "-CA", str(room / "ca.pem"), "-CAkey", str(room / "ca.key"), "-days", "80",
            "-set_serial", "4242", "-extfile", str(room / "extensions"), "-out", str(room / "cert.pem"))


def configuration(room, port):
    temps = "".join(f"{kind}_temp_path {room}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi"))
    return f"""daemon off; master_process off; pid {room}/pid; error_log {room}/error.log;
events {{ worker_connections 256; }}
http {{
    {temps}
    include {NGINX}/gatepost-http.conf;
    access_log off;
    server {{
        listen 127.0.0.1:{port} ssl http2;
        server_name localhost;
        ssl_certificate {room}/cert.pem;
        ssl_certificate_key {room}/key.pem;
        include {NGINX}/snippets/gatepost-tls.conf;
        location / {{ return 404; }}
    }}
}}
"""


def main():
    with tempfile.TemporaryDirectory(prefix="gatepost-tls.") as folder:
        room, port = pathlib.Path(folder), free_port()
        make_certificates(room)
        (room / "nginx.conf").write_text(configuration(room, port))
        server = subprocess.Popen(["nginx", "-p", room, "-c", room / "nginx.conf", "-e", room / "error.log"])
        try:
            for _ in range(100):
                if (room / "pid").exists() and (room / "pid").read_text().strip():
                    break
                time.sleep(0.05)
            report = subprocess.run(
                [sys.executable, "-m", "sslyze", "--mozilla_config", "intermediate", "--certinfo", "--certinfo_ca_file", room / "ca.pem",
                 "--http_headers", "--early_data", "--elliptic_curves", "--fallback", "--heartbleed", "--openssl_ccs", "--reneg", "--robot",
                 "--resum", "--compression", "--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3", "--ems",
                 f"localhost:{port}"],
                capture_output=True, text=True, timeout=120)
        finally:
            server.terminate()
            server.wait()
    print(report.stdout, report.stderr, sep="\n", file=sys.stdout if "-v" in sys.argv else sys.stderr)
    clean = report.returncode == 0 and "OK - Compliant" in report.stdout and "Max Age:                           63072000" in report.stdout
    print("sslyze: compliant with Mozilla's intermediate profile" if clean else "sslyze: not compliant")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
