#!/usr/bin/python3
"""fakehttps TABLE LOG: a scripted HTTPS server, for misbehaviour that real
servers do not show. TABLE is JSON: addresses, each with what it does and
certificates by name. LOG gets a line "ADDRESS CONNECTIONS PEER" for each
connection, with how many connections wait there for a response.

    [{"address": "198.18.32.1", "does": "respond", "response": "HTTP/1.1 ...",
      "tls": "1.2", "seconds": 0, "certificates": {"": "x.pem", "mta-sts.a.sec": "y.pem"}}]

does: respond (after `seconds`, then close), drip (one byte per second), silent
(no response), close (instead of a response), garbage (instead of TLS),
undecodable (TLS 1.2, with a certificate that cannot be decoded). The
certificate of the name "" is for all others; without it such a handshake is
refused.

SIGHUP makes it read TABLE again; an address that was not there before is ignored.
When it has done so, it says "fakehttps reloaded" on standard error.
"""

from __future__ import annotations

import json
import signal
import socket
import ssl
import sys
import threading
import time
import warnings

CONNECTIONS = 64            # at a time
CONNECTION_SECONDS = 60     # none is held longer
DRIPS = 50                  # bytes
IPV6_FREEBIND = 78          # <linux/in6.h>; the module socket has no name for it

# A ServerHello (TLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, RFC 5746) and
# a Certificate message (RFC 5246 7.4) whose one certificate is an INTEGER.
HELLO = b"\2\0\0\x2d\3\3" + bytes(32) + b"\0\xc0\x2b\0\0\5\xff\1\0\1\0"
CERTIFICATE = b"\x0b\0\0\x09\0\0\6\0\0\3\2\1\1"
UNDECODABLE = b"".join(b"\x16\3\3" + len(message).to_bytes(2, "big") + message
                       for message in (HELLO, CERTIFICATE))


def make_context(path: str, version: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if version == "1.1":
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1_1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    elif version == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(path)
    return context


class Server:
    def __init__(self, entry: dict, log) -> None:
        self.log = log
        self.waiting: set = set()
        self.lock = threading.Lock()
        self.load(entry)
        family = socket.AF_INET6 if ":" in entry["address"] else \
            socket.AF_INET
        self.listener = socket.socket(family, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # The lab's IPv6 addresses are not on any interface.
        if family == socket.AF_INET6:
            self.listener.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
        self.listener.bind((entry["address"], 443))
        self.listener.listen(16)

    def load(self, entry: dict) -> None:
        version = entry.get("tls", "")
        self.contexts = {name: make_context(path, version)
                         for name, path in entry["certificates"].items()}
        self.entry = entry

    def choose(self, connection: ssl.SSLSocket, name: str | None,
               _context) -> int | None:
        """Called with the server name of the ClientHello."""
        if name in self.contexts:
            connection.context = self.contexts[name]
            return None
        return None if "" in self.contexts else \
            ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    def handshake(self, plain: socket.socket) -> ssl.SSLSocket:
        context = self.contexts.get("") or next(iter(self.contexts.values()))
        context.sni_callback = self.choose
        return context.wrap_socket(plain, server_side=True)

    def enter(self, plain: socket.socket) -> None:
        with self.lock:
            self.waiting.add(plain)
            self.log.write(f"{self.entry['address']} {len(self.waiting)} "
                           f"{plain.getpeername()[0]}\n")
            self.log.flush()

    def leave(self, plain: socket.socket) -> None:
        """Called before the response, since the other side may be gone after
        it."""
        with self.lock:
            self.waiting.discard(plain)

    def serve(self, plain: socket.socket) -> None:
        plain.settimeout(CONNECTION_SECONDS)
        try:
            self.enter(plain)
            if self.entry["does"] == "garbage":
                plain.sendall(b"220 this is no TLS at all\r\n")
                return
            if self.entry["does"] == "undecodable":
                plain.recv(4096)
                plain.sendall(UNDECODABLE)
                plain.recv(4096)        # its alert
                return
            with self.handshake(plain) as connection:
                request = b""
                while b"\r\n\r\n" not in request and len(request) < 65536:
                    received = connection.recv(4096)
                    if not received:
                        return
                    request += received
                self.answer(connection, plain)
        except (OSError, ssl.SSLError):
            pass
        finally:
            self.leave(plain)
            plain.close()

    def answer(self, connection: ssl.SSLSocket,
               plain: socket.socket) -> None:
        response = self.entry.get("response", "").encode("latin-1")
        if self.entry["does"] == "silent":
            connection.recv(1)          # until the other side has enough
        elif self.entry["does"] == "drip":
            for byte in response[:DRIPS]:
                connection.sendall(bytes([byte]))
                time.sleep(1)
        elif self.entry["does"] == "respond":
            time.sleep(self.entry.get("seconds", 0))
            self.leave(plain)
            connection.sendall(response)
            connection.unwrap()

    def accept(self, room: threading.Semaphore) -> None:
        def one(plain: socket.socket) -> None:
            try:
                self.serve(plain)
            finally:
                room.release()

        while True:
            plain, _ = self.listener.accept()
            room.acquire()
            threading.Thread(target=one, args=(plain,), daemon=True).start()


def read_table() -> list:
    with open(sys.argv[1], encoding="utf-8") as file:
        return json.load(file)


def main() -> int:
    log = open(sys.argv[2], "a", encoding="utf-8")
    servers = [Server(entry, log) for entry in read_table()]

    def reload(_number, _frame) -> None:
        entries = {entry["address"]: entry for entry in read_table()}
        for server in servers:
            server.load(entries[server.entry["address"]])
        print("fakehttps reloaded", file=sys.stderr, flush=True)

    signal.signal(signal.SIGHUP, reload)
    room = threading.Semaphore(CONNECTIONS)
    threads = [threading.Thread(target=server.accept, args=(room,))
               for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


if __name__ == "__main__":
    sys.exit(main())
