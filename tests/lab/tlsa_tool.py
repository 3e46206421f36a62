"""`mxcensus tlsa`, as the tests of test_tlsa run it, and what they say."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

FOLDER = Path(os.environ["LAB_DIR"])
SECONDS = 60


class Tap:
    def __init__(self) -> None:
        self.count = self.failures = 0

    def say(self, good: bool, text: str, got=None) -> None:
        self.count += 1
        self.failures += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {text}",
              flush=True)
        if not good:
            print("\n".join(f"# {line}" for line in str(got).splitlines()))

    def equal(self, got, expected, text: str) -> None:
        self.say(got == expected, text, f"{got!r}, not {expected!r}")

    def skip(self, text: str, why: str) -> None:
        self.count += 1
        print(f"ok {self.count} - {text} # SKIP {why}", flush=True)

    def end(self) -> int:
        print(f"1..{self.count}")
        return int(self.failures > 0)


class Tool:
    def __init__(self, program: str) -> None:
        self.program = program

    def __call__(self, *arguments: str, **more) -> subprocess.CompletedProcess:
        """Runs it; `more` goes to subprocess.run."""
        settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                    "stdin": subprocess.DEVNULL, "text": True,
                    "timeout": SECONDS, **more}
        return subprocess.run([self.program, "tlsa", *arguments], **settings)
