"""Bad input for `mxcensus tlsa`: unusable files, and options that cannot be
combined."""

from __future__ import annotations

import os
import subprocess

from tlsa_tool import FOLDER, Tap, Tool

HERE = FOLDER / "files"
PEM = "-----BEGIN {0}-----\n{1}-----END {0}-----\n"


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, cwd=HERE,
                   capture_output=True)


def make_files() -> None:
    HERE.mkdir(exist_ok=True)
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-out", "key")
    openssl("req", "-x509", "-key", "key", "-subj", "/CN=a.example",
            "-addext", "basicConstraints=critical,CA:FALSE", "-out", "leaf")
    for name, names in (("names", "DNS:*.example,DNS:a;b.example,"
                         "DNS:192.0.2.1,DNS:a.example"),
                        ("underscore", "DNS:_mx.example")):
        openssl("req", "-x509", "-key", "key", "-subj", "/CN=x", "-addext",
                f"subjectAltName={names}", "-out", name)
    openssl("x509", "-in", "leaf", "-outform", "DER", "-out", "der")
    openssl("pkcs12", "-export", "-in", "leaf", "-inkey", "key", "-passout",
            "pass:secret", "-out", "pkcs12")
    openssl("crl2pkcs7", "-nocrl", "-certfile", "leaf", "-outform", "DER",
            "-out", "pkcs7")
    openssl("crl2pkcs7", "-nocrl", "-certfile", "leaf", "-out", "pkcs7-pem")
    openssl("pkey", "-in", "key", "-outform", "DER", "-out", "key-der")
    openssl("pkey", "-in", "key", "-pubout", "-outform", "DER", "-out",
            "public-der")
    openssl("req", "-new", "-key", "key", "-subj", "/CN=a.example", "-out",
            "request")
    openssl("req", "-in", "request", "-outform", "DER", "-out", "request-der")
    openssl("pkey", "-in", "key", "-aes256", "-passout", "pass:secret",
            "-out", "encrypted")
    openssl("ec", "-in", "key", "-aes256", "-passout", "pass:secret",
            "-out", "encrypted-old")
    (HERE / "empty").write_bytes(b"")
    (HERE / "binary").write_bytes(bytes(range(256)) * 100)
    (HERE / "random").write_bytes(os.urandom(100_000))
    (HERE / "huge").write_bytes(b"x" * 2_000_000)
    (HERE / "one-line").write_bytes(
        b"-----BEGIN CERTIFICATE-----" + b"A" * 900_000)
    (HERE / "words").write_text("mx.example.com\n")
    whole = (HERE / "leaf").read_text()
    (HERE / "cut").write_text(whole[:len(whole) // 2])
    (HERE / "not-a-certificate").write_text(PEM.format("CERTIFICATE",
                                                       "AAAA\n"))
    (HERE / "parameters").write_text(PEM.format("EC PARAMETERS", "AAAA\n"))


# The file, and a word of the reason.
BAD = (("empty", "empty"), ("binary", "not PEM"), ("random", "not PEM"),
       ("huge", "more than"), ("/dev/zero", "more than"), ("words", "not PEM"),
       ("one-line", ""), ("cut", "broken PEM"),
       ("der", "openssl x509 -inform DER -in FILE"),
       ("pkcs12", "openssl pkcs12 -in FILE -nokeys"),
       ("pkcs7", "openssl pkcs7 -inform DER -in FILE -print_certs"),
       ("pkcs7-pem", "openssl pkcs7 -in FILE -print_certs"),
       ("request-der", "openssl req -inform DER -in FILE"),
       ("key-der", "openssl pkey -inform DER -in FILE -pubout"),
       ("public-der", "openssl pkey -pubin -inform DER -in FILE"),
       ("not-a-certificate", "not an X.509 certificate"),
       ("parameters", "no certificate"), ("encrypted", "encrypted"),
       ("encrypted-old", "encrypted"), (".", "directory"),
       ("no-such-file", "No such file"))


def test_bad_files(tap: Tap, tool: Tool) -> None:
    for name, reason in BAD:
        done = tool(name, cwd=HERE)
        tap.equal((done.returncode, done.stdout), (65, ""),
                  f"{name}: 65, and no record")
        tap.say(done.stderr.startswith(f"mxcensus: {name}: ") and
                reason in done.stderr and done.stderr.count("\n") == 1,
                f"{name}: a line that says why", done.stderr)


# An owner below these is one that nobody asks for.
NOT_HOSTS = ("", ".", "*.example.com", "*._tcp.example.com", "@", "192.0.2.1",
             "mx.example.com:25", "https://mx.example.com/",
             "post@example.com", "a b.example")


def test_options(tap: Tap, tool: Tool) -> None:
    for status, *arguments in (
            (2,), (2, "--selector", "0", "key"),
            (2, "--selector", "0", "request"), (2, "--usage", "4", "leaf"),
            (2, "--usage", "x", "leaf"), (2, "--usage", "", "leaf"),
            (2, "--selector", "2", "leaf"), (2, "--matching-type", "3", "leaf"),
            (2, "--port", "0", "leaf"), (2, "--port", "65536", "leaf"),
            (2, "--ttl", "2147483648", "leaf"), (2, "--name", "a..b", "leaf"),
            (2, "--rsa", "leaf"), (2, "--key", "x", "leaf"),
            (2, "--new"), (2, "--new", "--usage", "2", "a.example"),
            (2, "--new", "--rollover", "leaf", "leaf"),
            (2, "--name", "a." * 126 + "a", "leaf"),
            *((2, "--name", name, "leaf") for name in NOT_HOSTS),
            (2, "leaf", "--usage"), (2, "leaf", "-x"),
            (65, "--usage", "2", "leaf"), (65, "leaf", "no-such-file")):
        before = sorted(HERE.iterdir())
        done = tool(*arguments, cwd=HERE)
        tap.equal((done.returncode, done.stderr != "", sorted(HERE.iterdir())),
                  (status, True, before), f"{' '.join(arguments)[:60]}: "
                  f"{status}, and why")
    done = tool("leaf", "--selektor", "0", cwd=HERE)
    tap.equal((done.returncode, done.stderr),
              (2, "mxcensus: unknown option --selektor: did you mean "
               "--selector?\n"), "an unknown option: the nearest one")
    done = tool("--help")
    tap.equal((done.returncode, done.stderr, "--rollover" in done.stdout),
              (0, "", True), "--help")


def test_owner(tap: Tap, tool: Tool) -> None:
    for owner, *arguments in (
            ("_25._tcp", "leaf"), ("_25._tcp", "key"),
            ("_465._tcp", "key", "--port", "465"),
            ("_25._tcp.mx.example.com.", "key", "--name", "MX.Example.COM."),
            ("_587._tcp.mx.example.", "leaf", "--name", "mx.example", "--port",
             "587"),
            ("_25._tcp.xn--bcher-kva.example.", "key", "--name",
             "bücher.example"),
            ("_dane.example.com.", "key", "--name", "_dane.example.com"),
            ("_25._tcp.a.example.", "names"),
            ("_25._tcp._mx.example.", "underscore")):
        done = tool(*arguments, cwd=HERE)
        tap.equal(done.stdout.partition(" ")[0], owner,
                  f"{' '.join(arguments)}: {owner}")


def test_tips(tap: Tap, tool: Tool, record: str) -> None:
    """The command that a line names makes a file of which there is a record."""
    for name, reason in BAD:
        if not reason.startswith("openssl "):
            continue
        words = reason.replace("FILE", name).split()
        if name == "pkcs12":
            words += ["-passin", "pass:secret"]
        made = subprocess.run(words, cwd=HERE, capture_output=True,
                              check=False).stdout
        (HERE / "converted").write_bytes(made)
        tap.equal(tool("converted", cwd=HERE).stdout, record,
                  f"{name}: {reason}")


def test_more(tap: Tap, tool: Tool) -> None:
    record = tool("leaf", cwd=HERE).stdout
    test_tips(tap, tool, record)
    for name in ("key", "request"):
        tap.equal(tool(name, cwd=HERE).stdout, record,
                  f"{name}: the record of the certificate")
    with open(HERE / "leaf", encoding="ascii") as file:
        tap.equal(tool("-", stdin=file).stdout, record, "standard input")
    for usage in ("0", "1"):
        done = tool("key", "--usage", usage, cwd=HERE)
        tap.say(done.returncode == 0 and "RFC 7672 3.1.3" in done.stderr and
                f" TLSA {usage} 1 1 " in done.stdout,
                f"usage {usage}: printed, with a warning", done.stderr)
    with open("/dev/full", "w", encoding="ascii") as full:
        tap.equal(tool("leaf", cwd=HERE, stdout=full).returncode, 74,
                  "a full disk: 74")


def test(tap: Tap, tool: Tool) -> None:
    make_files()
    test_bad_files(tap, tool)
    test_options(tap, tool)
    test_owner(tap, tool)
    test_more(tap, tool)
