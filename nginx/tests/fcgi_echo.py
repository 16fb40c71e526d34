"""A stand-in for gatepost-ingest: answers 202 with the FastCGI parameters it was given, as JSON; 204 to the query `nothing`.

One thread a connection, kept connections served, no multiplexing (nginx does none).
"""
import contextlib
import json
import os
import socket
import struct
import threading

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def read_record(connection):
    _, kind, request_id, length, padding, _ = struct.unpack("!BBHHBB", read_exactly(connection, 8))
    content = read_exactly(connection, length)
    read_exactly(connection, padding)
    return kind, request_id, content


def record(kind, request_id, content=b""):
    return struct.pack("!BBHHBB", 1, kind, request_id, len(content), 0, 0) + content


def parse_params(data):
    """Name-value pairs; a list, since nginx before 1.23 sends a repeated header line twice."""
    pairs, at = [], 0
    while at < len(data):
        sizes = []
        for _ in range(2):
            if data[at] < 128:
                sizes.append(data[at])
                at += 1
            else:
                sizes.append(struct.unpack("!I", data[at : at + 4])[0] & 0x7FFFFFFF)
                at += 4
        name, value = data[at : at + sizes[0]], data[at + sizes[0] : at + sum(sizes)]
        pairs.append((name.decode("latin-1"), value.decode("latin-1")))
        at += sum(sizes)
    return pairs


class EchoServer:
    """`close_after`: end each connection after so many answers, as a restarting program would."""

    def __init__(self, path, close_after=None):
        self.path, self.close_after, self.connections = path, close_after, set()
        self.listener = socket.socket(socket.AF_UNIX)
        if os.path.exists(path):
            os.unlink(path)
        self.listener.bind(path)
        self.listener.listen(128)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.add(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        answered, params, length, is_kept = 0, b"", 0, 1
        try:
            while True:
                kind, request_id, content = read_record(connection)
                if kind == BEGIN:
                    if self.close_after is not None and answered >= self.close_after:
                        return
                    params, length, is_kept = b"", 0, content[2] & 1
                elif kind == PARAMS:
                    params += content
                elif kind == STDIN and content:
                    length += len(content)
                elif kind == STDIN:
                    self.answer(connection, request_id, parse_params(params), length)
                    answered += 1
                    if not is_kept:
                        return
        except (EOFError, OSError):
            pass
        finally:
            self.connections.discard(connection)
            connection.close()

    @staticmethod
    def answer(connection, request_id, pairs, length):
        if dict(pairs).get("QUERY_STRING") == "nothing":
            head = b"Status: 204 No Content\r\nContent-Type: application/json\r\n\r\n"
            connection.sendall(record(STDOUT, request_id, head) + record(STDOUT, request_id) + record(END, request_id, struct.pack("!IB3x", 0, 0)))
            return
        body = json.dumps({"params": dict(pairs), "pairs": pairs, "body_bytes": length}).encode()
        head = (
            f"Status: 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"X-Request-Id: {dict(pairs).get('GATEPOST_REQUEST_ID', 'none')}\r\n\r\n"
        ).encode()
        connection.sendall(
            record(STDOUT, request_id, head + body)
            + record(STDOUT, request_id)
            + record(END, request_id, struct.pack("!IB3x", 0, 0))
        )

    def stop(self):
        """As a program that was killed: nothing listens, kept connections end."""
        os.unlink(self.path)
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
