#!/usr/bin/python3
"""check_test.py MXCENSUS: the tests of test_check, inside a lab of --faults.

Each fault is found. The records and the policy of the advice are put into the
lab as they are printed, and faults that no record repairs are repaired at the
server. Then no problem is found.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import errno                        # noqa: E402
import json                         # noqa: E402
import os                           # noqa: E402
import re                           # noqa: E402
import signal                       # noqa: E402
import subprocess                   # noqa: E402
from pathlib import Path            # noqa: E402

from advice import (PATIENCE, Zone, ds_of, mend_servers, serve,   # noqa: E402
                    wait_until, write_policy)
from check_faults import FAULTS     # noqa: E402

FOLDER = Path(os.environ["LAB_DIR"])
OPTIONS = [*os.environ["LAB_OPTIONS"].split(), "--timeout", "3s"]


class Tap:
    def __init__(self) -> None:
        self.count = self.failures = 0

    def say(self, good: bool, text: str, got=None) -> None:
        self.count += 1
        self.failures += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {text}")
        if not good:
            print("\n".join(f"# {line}" for line in str(got).splitlines()))

    def equal(self, got, expected, text: str) -> None:
        self.say(got == expected, text, f"{got!r}, not {expected!r}")


def check(*words: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run([sys.argv[1], "check", *OPTIONS, *words],
                          capture_output=True, text=True, **more)


def check_json(names: list) -> tuple:
    """The exit status, and what is said about each domain."""
    done = check("--json", *names)
    whole = json.loads(done.stdout)
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", whole["checked_at"]) \
            or not re.match(r"\d+\.\d+", whole["version"]):
        raise ValueError(f"no time, or no version: {done.stdout[:200]}")
    return done.returncode, {d["domain"]: d for d in whole["domains"]}


# Tests -----------------------------------------------------------------------

def advice_of(said: dict, wanted: str) -> dict:
    return next((a for a in said["advice"] if a["id"] == wanted),
                {"urgency": "none", "publish": [], "remove": [],
                 "replace": None, "policy": None})


def apply(fault, advice: dict, zones: dict) -> None:
    """Applies the advice to the lab."""
    name = fault.scenario.zone_name
    zone = zones.setdefault(name, Zone(name))
    if fault.after or fault.behaves or fault.signs:
        return
    zone.apply({**advice, "remove": []} if fault.scenario.name == "rolled"
               else advice)
    if advice["policy"] is not None:
        write_policy(name, advice["policy"])
    if fault.ds:
        tld = name.partition(".")[2]
        zones.setdefault(tld, Zone(tld)).publish(ds_of(zone))


def test_faults(tap: Tap, said: dict) -> list:
    """Checks what is found at each. Returns the faults that can be repaired."""
    for fault in FAULTS:
        domain = said[fault.scenario.zone_name]
        wanted = fault.status if fault.advice else 0
        urgent = [a["id"] for a in domain["advice"]
                  if a["urgency"] != "suggestion"]
        tap.equal(domain["status"], wanted, f"{domain['domain']}: {wanted}")
        tap.say(fault.advice in urgent if fault.advice else urgent == [],
                f"{domain['domain']}: {fault.advice or 'no problems'}",
                urgent)
    return [f for f in FAULTS if f.advice and f.status == 1
            and f.scenario.name != "both"]


def test_mended(tap: Tap, said: dict) -> None:
    faults = test_faults(tap, said)
    zones: dict = {}
    for fault in faults:
        apply(fault, advice_of(said[fault.scenario.zone_name], fault.advice),
              zones)
    serve(zones)
    mend_servers(faults)
    names = [f.scenario.zone_name for f in faults]
    status, after = check_json(names)
    tap.equal(status, 0, "all of them are mended: exit 0")
    for name in names:
        tap.equal([a["text"] for a in after[name]["advice"]
                   if a["urgency"] != "suggestion"], [], f"{name}: mended")
    # RFC 8461 3.1: the advice gave the policy another id.
    tap.say(after["unlisted.sec"]["mta_sts"]["id"] not in ("1", None),
            "a policy that changes has another id",
            after["unlisted.sec"]["mta_sts"])


def test_statuses(tap: Tap, said: dict) -> None:
    for name, status in (("wrong.sec", 1), ("good.sec", 0),
                         ("silent.sec", 75), ("later.sec", 75)):
        done = check(name)
        tap.equal(done.returncode, status, f"check {name}: exit {status}")
    # RULES 11, and the order of urgency.
    tap.equal(said["both.sec"]["status"], 1, "a problem outweighs not known")
    urgencies = ["now", "mend", "later", "suggestion"]
    tap.say(all(d["advice"] == sorted(d["advice"], key=lambda a:
                                      urgencies.index(a["urgency"]))
                for d in said.values()), "most urgent first")
    for words, what in (((), "no domain"), (("a..b",), "no name"),
                        (("good.sec", "--limit", "1"), "not its option"),
                        (("good.sec", "--ehol", "x"), "no option")):
        tap.equal(check(*words).returncode, 2, f"{what}: exit 2")
    tap.say("did you mean --ehlo?" in check("good.sec", "--ehol", "x").stderr,
            "names the nearest option", check("good.sec", "--ehol").stderr)
    for name, status, word in (("wrong.sec", 2, "CRITICAL"),
                               ("other-name.sec", 1, "WARNING"),
                               ("good.sec", 0, "OK"),
                               ("silent.sec", 3, "UNKNOWN")):
        done = check("--nagios", name)
        tap.say(done.returncode == status and done.stdout.count("\n") == 1
                and done.stdout.startswith(f"MXCENSUS {word} - {name}: ")
                and "|" not in done.stdout, f"--nagios {name}: {word}",
                f"{done.returncode} {done.stdout}{done.stderr}")
    tap.equal(check("--nagios", "good.sec", "silent.sec",
                    "wrong.sec").returncode, 2, "--nagios: the worst of all")
    strangers = subprocess.run([sys.argv[1], "check", "good.sec"],
                               capture_output=True, text=True)
    tap.say(strangers.returncode == 2 and "--ehlo" in strangers.stderr,
            "nobody connects without a name", strangers.stderr)


def test_reasons(tap: Tap, said: dict) -> None:
    """The text in brackets says more than the sentence."""
    for name, kind, words in (
            ("refused.sec", "starttls-refused", "refuses it (reply 502)."),
            ("common-name.sec", "certificate-name",
             "is not for this name (it has no subjectAltName)."),
            ("other-name.sec", "certificate-name",
             "is not for this name (elsewhere.other-name.sec).")):
        text = advice_of(said[name], kind).get("text", "")
        tap.say(words in text, f"{name}: {words}", text)


def test_text(tap: Tap) -> None:
    done = check("good.sec", "wrong.sec")
    said = done.stdout
    tap.equal(re.findall(r"^(\S+): (.*)$", said, re.M),
              [("good.sec", "no problems found"),
               ("wrong.sec", "problems found")],
              "in the order of the command line")
    tap.say("\033" not in said, "no colour in a file", said)
    tap.say(all(32 <= ord(c) < 127 or c == "\n" for c in said),
            "nothing but printable ASCII", said)
    record = re.search(r"^ +(_25\._tcp\.mx\.wrong\.sec\. 3600 IN TLSA "
                       r"3 1 1 [0-9a-f]{64})$", said, re.M)
    tap.say(record is not None, "the record is a line of its own", said)
    coloured = in_terminal({"TERM": "xterm"})
    plain = in_terminal({"TERM": "xterm", "NO_COLOR": "1"})
    tap.say("\033[" in coloured, "colour on a terminal", coloured)
    tap.say("\033[" not in plain, "but not with NO_COLOR", plain)


def test_one_by_one(tap: Tap) -> None:
    """Each domain is printed when it is done: the next one takes half a
    minute."""
    running = subprocess.Popen(
        [sys.argv[1], "check", *OPTIONS, "--timeout", "30s", "good.sec",
         "silent.sec"], stdout=subprocess.PIPE, text=True)
    first = running.stdout.readline()
    running.send_signal(signal.SIGTERM)
    rest, _ = running.communicate(timeout=PATIENCE)
    tap.equal(first, "good.sec: no problems found\n", "the first is printed")
    tap.equal(running.returncode, -signal.SIGTERM,
              "while the second is measured")
    tap.say("silent.sec" not in rest, "which is not printed", rest)


def in_terminal(more: dict) -> str:
    """The output on a terminal, which is a pseudoterminal that nobody uses."""
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    ours, theirs = os.openpty()
    running = subprocess.Popen(
        [sys.argv[1], "check", *OPTIONS, "good.sec"], stdout=theirs,
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**environment, **more})
    os.close(theirs)
    said = b""
    try:
        while some := os.read(ours, 4096):
            said += some
    except OSError as error:
        # This is how Linux reports that the other side is closed.
        if error.errno != errno.EIO:
            raise
    os.close(ours)
    running.wait(PATIENCE)
    return said.decode()


def test_folder(tap: Tap) -> None:
    """Its folder is removed, even if it is stopped."""
    place = FOLDER / "check-tmp"
    place.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(place)}
    tap.equal(check("good.sec", env=environment).returncode, 0,
              "a folder for a while")
    tap.equal(list(place.iterdir()), [], "which goes")
    for number in (signal.SIGINT, signal.SIGTERM):
        running = subprocess.Popen(
            [sys.argv[1], "check", *OPTIONS, "silent.sec"], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: list(place.glob("*/run/domains/*")),
                   "it does not begin")
        running.send_signal(number)
        tap.equal(running.wait(PATIENCE), -number, f"ends by {number.name}")
        tap.equal(list(place.iterdir()), [], f"{number.name}: it goes")


def main() -> int:
    tap = Tap()
    names = [f.scenario.zone_name for f in FAULTS]
    status, said = check_json(names)
    tap.equal(list(said), names, "dozens at once, in their order")
    tap.equal(status, 1, "exit 1")
    test_statuses(tap, said)
    test_reasons(tap, said)
    test_text(tap)
    test_one_by_one(tap)
    test_folder(tap)
    test_mended(tap, said)
    print(f"1..{tap.count}")
    return int(tap.failures > 0)


if __name__ == "__main__":
    sys.exit(main())
