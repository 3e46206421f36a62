"""The program without a lab, as the tests of its command line run it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
BUILD = TOP / os.environ.get("BUILD", "build")
PROGRAM = BUILD / "mxcensus"
SECONDS = 60
# The words of every command that is for people.
TLSA_HOST = ("tlsa", "--host", "mx.example")


class Tap:
    def __init__(self) -> None:
        self.count = self.failures = 0

    def say(self, good: bool, text: str, *said) -> None:
        self.count += 1
        self.failures += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {text}",
              flush=True)
        if not good:
            for word in said:
                for line in str(word).splitlines():
                    print(f"# {line}")

    def equal(self, got, expected, text: str) -> None:
        self.say(got == expected, text, f"{got!r}", "not", f"{expected!r}")

    def skip(self, text: str, why: str) -> None:
        self.count += 1
        print(f"ok {self.count} - {text} # SKIP {why}", flush=True)

    def end(self) -> int:
        print(f"1..{self.count}")
        return int(self.failures > 0)


def make_folder(name: str) -> Path:
    """An empty folder of the test."""
    folder = Path(os.environ.get("LAB_DIR", BUILD / "tests/lab" / name))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def ask(*words, **more) -> subprocess.CompletedProcess:
    """Runs the program; `more` goes to subprocess.run."""
    settings = {"capture_output": True, "text": True, "timeout": SECONDS,
                **more}
    if "input" not in settings:
        settings["stdin"] = subprocess.DEVNULL
    return subprocess.run([PROGRAM, *map(str, words)], **settings)


def make(folder: Path, *words) -> subprocess.CompletedProcess:
    """make install and the like, with the program as it is: nothing is built, since
    other tests run it, and it may have been built with other flags."""
    build = folder / "build"
    build.mkdir(exist_ok=True)
    if not (build / "mxcensus").is_symlink():
        (build / "mxcensus").symlink_to(PROGRAM)
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("MAKE") and name != "MFLAGS"}
    return subprocess.run(
        ["make", "-C", TOP, "-o", build / "mxcensus", f"BUILD={build}", *words],
        capture_output=True, text=True, timeout=SECONDS, env=environment)


def command_words() -> list:
    """Each command, from --help: ("scan",), ("policy", "audit"), ..."""
    found = []
    for name in re.findall(r"^  mxcensus ([a-z-]+) ", ask("--help").stdout,
                           re.M):
        found.append((name,))
        if name == "policy":
            found += [(name, word) for word in re.findall(
                r"^  (?!mxcensus)([a-z]+) ", ask(name, "--help").stdout,
                re.M)]
    return [*found, TLSA_HOST]


def options_of(*words: str) -> dict:
    """The options of a command, as its --help has them: by name, the letter and
    the name of the value ("" where there is none)."""
    return {name: (letter.strip(" -"), value.strip(" =[]"))
            for letter, name, value in re.findall(
                r"^  (  |-\w) --([a-z0-9-]+)((?: [A-Z0-9/]+|\[=[A-Z]+\])?)"
                r"(?: |$)", ask(*words, "--help").stdout, re.M)}


def choices_of(words: tuple, name: str) -> list:
    """The program says them of a wrong one."""
    found = re.search(r": one of (.*)$", ask(*words, f"--{name}=@@").stderr)
    return found[1].split() if found else []
