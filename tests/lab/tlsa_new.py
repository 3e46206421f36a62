"""A new key and its certificate: `mxcensus tlsa --new`, and the steps of a
rollover. Read by python3-cryptography, matched by OpenSSL's client."""

from __future__ import annotations

import hashlib
import resource
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tlsa_tool import FOLDER, Tap, Tool

HERE = FOLDER / "new"
ADDRESS = "198.18.9.25"
PORT = 4433
AT_ONCE = 12
# RFC 5280 has no number; three times 365 days and a leap day.
DAYS = (1095, 1096)
DER = serialization.Encoding.DER
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def files() -> dict:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in HERE.iterdir()}


def read(key: Path, certificate: Path) -> tuple:
    return (serialization.load_pem_private_key(key.read_bytes(), None),
            x509.load_pem_x509_certificate(certificate.read_bytes()))


def digest(key) -> str:
    return hashlib.sha256(
        key.public_key().public_bytes(DER, SPKI)).hexdigest()


def serves(certificate: Path, key: Path, check) -> tuple:
    """What check says about an OpenSSL server with this certificate."""
    server = subprocess.Popen(
        ["openssl", "s_server", "-quiet", "-accept", f"{ADDRESS}:{PORT}",
         "-cert", str(certificate), "-key", str(key)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection((ADDRESS, PORT), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        return check()
    finally:
        server.terminate()
        server.wait()


def test_facts(tap: Tap, key, certificate, names: list) -> None:
    """RFC 5280 and what an operator was promised."""
    value = {extension.oid._name: extension for extension
             in certificate.extensions}
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    tap.equal([name.value for name in common], names[:1],
              "the CN is the first name")
    tap.equal(value["subjectAltName"].value.get_values_for_type(x509.DNSName),
              names, "all names are dNSNames")
    tap.equal((value["basicConstraints"].value.ca,
               list(value["extendedKeyUsage"].value)),
              (False, [ExtendedKeyUsageOID.SERVER_AUTH]),
              "no CA, for servers alone")
    tap.equal(value["subjectKeyIdentifier"].value,
              x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
              "the key identifier of RFC 5280 4.2.1.2")
    tap.equal((certificate.issuer, certificate.version),
              (certificate.subject, x509.Version.v3), "it is its own issuer")
    tap.equal(certificate.signature_hash_algorithm.name, "sha256",
              "signed with SHA-256")
    tap.say(certificate.serial_number.bit_length() > 64,
            "a serial number of more than 64 bits",
            certificate.serial_number)
    # Debian 12's cryptography has no not_valid_after_utc yet.
    begin, end = (getattr(certificate, f"{name}_utc", None) or
                  getattr(certificate, name)
                  for name in ("not_valid_before", "not_valid_after"))
    days = end - begin
    tap.say(days.days in DAYS, "for three years", days)
    tap.equal(digest(certificate), digest(key), "the key is the certificate's")


def test_new(tap: Tap, tool: Tool, verifies) -> None:
    names = ["mx.example.com", "xn--bcher-kva.example"]
    done = tool("--new", "mx.example.com", "bücher.example", "--ttl", "600",
                cwd=HERE, umask=0)
    key_file, file = HERE / "mx.example.com.key", HERE / "mx.example.com.pem"
    tap.equal(done.returncode, 0, "--new: a key and a certificate")
    tap.equal((mode(key_file), mode(file)), (0o600, 0o644),
              "modes 0600 and 0644 with umask 0")
    key, certificate = read(key_file, file)
    tap.say(isinstance(key.curve, ec.SECP256R1), "a key on P-256", key)
    test_facts(tap, key, certificate, names)
    tap.equal(done.stdout.splitlines(),
              [f"_25._tcp.{name}. 600 IN TLSA 3 1 1 {digest(key)}"
               for name in names], "the 3 1 1 record of each name")
    good, said = serves(file, key_file, lambda: verifies(
        ["-connect", f"{ADDRESS}:{PORT}"], names[0], "3 1 1 " + digest(key)))
    tap.say(good, "OpenSSL serves it and matches it", said)
    again = tool("--new", "twice.example", "b.example", "Twice.example.",
                 cwd=HERE)
    tap.equal([line.partition(" ")[0] for line in again.stdout.splitlines()],
              ["_25._tcp.twice.example.", "_25._tcp.b.example."],
              "--new: a name that is given twice has one record")
    again = tool("--new", "other.example.com", cwd=HERE)
    other = read(HERE / "other.example.com.key", HERE / "other.example.com.pem")
    tap.say(again.returncode == 0 and digest(other[0]) != digest(key) and
            other[1].serial_number != certificate.serial_number,
            "another has another key and serial number", again.stderr)


def test_rsa(tap: Tap, tool: Tool) -> None:
    for option, bits in (("--rsa", 2048), ("--rsa=3072", 3072)):
        done = tool("--new", "rsa.example.com", option, "--key", f"k{bits}",
                    "--certificate", f"c{bits}", cwd=HERE, umask=0o377)
        key, certificate = read(HERE / f"k{bits}", HERE / f"c{bits}")
        tap.say(isinstance(key, rsa.RSAPrivateKey) and key.key_size == bits,
                f"{option}: {bits} bits", done.stderr)
        tap.equal(digest(certificate), digest(key), f"{option}: they fit")
        tap.equal((mode(HERE / f"k{bits}"), mode(HERE / f"c{bits}")),
                  (0o600, 0o644), f"{option}: the modes with umask 0377")
    for option in ("--rsa=2047", "--rsa=1024", "--rsa=99999", "--rsa=x"):
        before = files()
        done = tool("--new", "weak.example.com", option, cwd=HERE)
        tap.equal((done.returncode, files()), (2, before),
                  f"{option}: 2, and no file")


def refuse_large_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    # As a shell leaves it; Python ignores it.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def test_nothing_is_left(tap: Tap, tool: Tool) -> None:
    (HERE / "dangling.example.key").symlink_to(HERE / "nowhere")
    (HERE / "folder.example.key").mkdir()
    keep = files_and_links()

    def refused(text: str, status: int, *arguments: str, **more) -> None:
        done = tool("--new", *arguments, cwd=HERE, **more)
        tap.equal((done.returncode, files_and_links()), (status, keep),
                  f"{text}: {status}, and every file is as before")

    refused("the key is there", 74, "mx.example.com", "--certificate", "x.pem")
    refused("the certificate is there", 74, "mx.example.com", "--key", "x.key")
    refused("the key's name is a link to nowhere", 74, "dangling.example")
    refused("the key's name is a folder", 74, "folder.example")
    refused("the folder is not there", 74, "a.example", "--key", "no/x.key")
    refused("the certificate's is not", 74, "a.example", "--certificate",
            "no/x.pem")
    refused("both have one name", 74, "a.example", "--key", "x",
            "--certificate", "x")
    refused("the disk takes half a key", 74, "a.example",
            preexec_fn=refuse_large_files)
    with open("/dev/full", "w", encoding="ascii") as full:
        refused("the record goes nowhere", 74, "a.example", stdout=full)
    for name in ("*.example.com", "localhost", "a..b", "a_b.example", "a/b.c",
                 "../x.example", "", "192.0.2.1", "mx.example:25"):
        refused(f"the name {name!r}", 2, name)
    refused("the second name is none", 2, "a.example", "b")


def files_and_links() -> list:
    return sorted(
        (path.name, mode(path) if path.exists() else None,
         hashlib.sha256(path.read_bytes()).hexdigest()
         if path.is_file() else "") for path in HERE.iterdir())


def test_race(tap: Tap, tool: Tool) -> None:
    started = [subprocess.Popen(
        [tool.program, "tlsa", "--new", "race.example"], cwd=HERE,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True) for _ in range(AT_ONCE)]
    ends = [(process.communicate()[0], process.returncode)
            for process in started]
    won = [said for said, status in ends if status == 0]
    key, certificate = read(HERE / "race.example.key",
                            HERE / "race.example.pem")
    tap.equal(sorted(status for _, status in ends),
              [0] + [74] * (AT_ONCE - 1),
              f"of {AT_ONCE} at once one makes the files")
    tap.equal((won, digest(certificate)),
              ([f"_25._tcp.race.example. 3600 IN TLSA 3 1 1 {digest(key)}\n"],
               digest(key)), "and it prints the record of what is there")


def records(text: str) -> list:
    """The digests of each step."""
    steps: list = []
    for line in text.splitlines():
        if line.startswith("; Step"):
            steps.append([])
        elif line and not line.startswith(";"):
            steps[-1].append(line)
    return steps


def test_rollover(tap: Tap, tool: Tool) -> None:
    """RFC 7671 8.1: both records for two TTLs, then the new key, then only the
    new record."""
    old, new = (digest(read(HERE / f"{name}.key", HERE / f"{name}.pem")[0])
                for name in ("mx.example.com", "other.example.com"))
    owner = "_25._tcp.mx.example.com. 5400 IN TLSA 3 1 1 "
    for kind in ("pem", "key"):
        done = tool("--rollover", f"mx.example.com.{kind}",
                    f"other.example.com.{kind}", "--ttl", "5400", "--name",
                    "mx.example.com", cwd=HERE)
        tap.equal(records(done.stdout),
                  [[owner + old, owner + new], [], [owner + new]],
                  f"rollover of a {kind}: both, the same, the new one")
        tap.say("10800 s (3 h)" in done.stdout,
                f"rollover of a {kind}: two TTLs of 5400 s", done.stdout)
    same = tool("--rollover", "mx.example.com.pem", "mx.example.com.key",
                cwd=HERE)
    tap.equal([line for line in same.stdout.splitlines()
               if not line.startswith(";")],
              ["_25._tcp.mx.example.com. 3600 IN TLSA 3 1 1 " + old],
              "no step where the key stays")
    for arguments in (["mx.example.com.pem"], ["a", "b", "c"], []):
        done = tool("--rollover", *arguments, cwd=HERE)
        tap.equal((done.returncode, done.stdout), (2, ""),
                  f"--rollover of {len(arguments)} files: 2")
    done = tool("--rollover", "mx.example.com.pem", "no-such", cwd=HERE)
    tap.equal((done.returncode, done.stdout), (65, ""),
              "--rollover to a file that is not there: 65")


def test(tap: Tap, tool: Tool, verifies) -> None:
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    test_new(tap, tool, verifies)
    test_rsa(tap, tool)
    test_nothing_is_left(tap, tool)
    test_race(tap, tool)
    test_rollover(tap, tool)
