"""A small SMTP client that reports what it sees in the words of docs/schema.md.

It verifies the lab, so it is independent of the scanner: it uses sockets and
the ssl module, and knows only as much of the protocol as the lab's servers
show.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from dataclasses import dataclass, field

REPLY_MAX = 65536
LINE_MAX = 4096
LINES_MAX = 100
# A keyword that is overwritten with X (RULES S9).
STRIPPED = re.compile(rb"X{4,}[A-Z]?").fullmatch


class Ended(Exception):
    """The outcome that ends the dialogue."""


@dataclass
class Seen:
    outcome: str = ""
    codes: dict = field(default_factory=dict)
    version: str = ""
    leaf: bytes = b""


def explain(error: OSError) -> str:
    if isinstance(error, socket.timeout):
        return "timeout"
    if isinstance(error, ConnectionResetError):
        return "reset"
    if isinstance(error, BrokenPipeError):
        return "closed"
    return type(error).__name__


class Dialogue:
    def __init__(self, plug: socket.socket) -> None:
        self.plug = plug
        self.buffer = b""

    def read_line(self, deadline: float) -> bytes:
        while b"\n" not in self.buffer:
            if len(self.buffer) > LINE_MAX:
                raise Ended("protocol_error")
            if time.monotonic() > deadline:
                raise Ended("timeout")
            data = self.plug.recv(4096)
            if not data:
                raise Ended("closed")
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        if len(line) >= LINE_MAX:
            raise Ended("protocol_error")
        return line.rstrip(b"\r")

    def read_reply(self) -> tuple:
        lines: list = []
        received = 0
        # If a server sends byte by byte, no single read times out.
        deadline = time.monotonic() + (self.plug.gettimeout() or 0)
        while True:
            line = self.read_line(deadline)
            received += len(line) + 2
            lines.append(line)
            if line[:3] != lines[0][:3] or not line[:3].isdigit() or \
                    line[3:4] not in (b"", b" ", b"-") or \
                    len(lines) >= LINES_MAX or received >= REPLY_MAX:
                raise Ended("protocol_error")
            if line[3:4] != b"-":
                return int(line[:3]), [text[4:] for text in lines]

    def ask(self, command: str) -> tuple:
        self.plug.sendall(command.encode() + b"\r\n")
        return self.read_reply()


def greet(dialogue: Dialogue, seen: Seen) -> None:
    seen.codes["greeting"], _ = dialogue.read_reply()
    if seen.codes["greeting"] // 100 == 4:
        raise Ended("temporary_reject")
    if seen.codes["greeting"] != 220:
        raise Ended("rejected")
    code, lines = dialogue.ask("EHLO prober.lab")
    seen.codes["ehlo"] = code
    if code // 100 == 4:
        raise Ended("temporary_reject")
    if code // 100 == 5:
        dialogue.ask("HELO prober.lab")
        raise Ended("starttls_absent")
    words = [line.split()[0].upper() for line in lines[1:] if line.split()]
    if b"STARTTLS" not in words:
        raise Ended("starttls_stripped" if any(map(STRIPPED, words))
                    else "starttls_absent")
    code, _ = dialogue.ask("STARTTLS")
    seen.codes["starttls"] = code
    if code != 220:
        raise Ended("starttls_temporary" if code // 100 == 4
                    else "starttls_refused")
    if dialogue.buffer:
        raise Ended("plaintext_injected")


def shake_hands(plug: socket.socket, sni: str, legacy: bool, seen: Seen,
                ) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DEFAULT:@SECLEVEL=1")
    if legacy:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    try:
        tls = context.wrap_socket(plug, server_hostname=sni)
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
        raise Ended("closed") from error
    except ssl.SSLError as error:
        # Python's own limit is lower than ours, and just as arbitrary.
        raise Ended("handshake_too_large" if error.reason ==
                    "EXCESSIVE_MESSAGE_SIZE" else "handshake_failed") \
            from error
    with tls:
        seen.version = tls.version() or ""
        seen.leaf = tls.getpeercert(True) or b""
        speak_inside(tls, seen)


def speak_inside(tls: ssl.SSLSocket, seen: Seen) -> None:
    """There was TLS, however the session ends, unless it ends with an alert:
    that is the server's answer to our part of the handshake (RFC 8446
    4.4.2.4)."""
    dialogue = Dialogue(tls)
    try:
        dialogue.ask("EHLO prober.lab")
        dialogue.ask("QUIT")
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        pass
    except ssl.SSLError as error:
        seen.version = ""
        raise Ended("handshake_failed") from error
    except (Ended, OSError):
        pass


def probe(address: str, sni: str, legacy: bool, timeout: float) -> Seen:
    seen = Seen()
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as plug:
        plug.settimeout(timeout)
        try:
            plug.connect((address, 25))
        except socket.timeout:
            seen.outcome = "connect_timeout"
        except ConnectionRefusedError:
            seen.outcome = "connect_refused"
        except ConnectionResetError:
            # Closed by a server that was there, before we looked.
            seen.outcome = "reset"
        except OSError:
            seen.outcome = "local_error"
        if seen.outcome:
            return seen
        try:
            greet(Dialogue(plug), seen)
            shake_hands(plug, sni, legacy, seen)
            seen.outcome = "tls_established"
        except Ended as end:
            seen.outcome = str(end)
        except OSError as error:
            seen.outcome = explain(error)
    return seen
