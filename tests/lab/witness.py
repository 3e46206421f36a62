"""The common part of the witnesses of `oracle`: questions and their results."""

from __future__ import annotations

import concurrent.futures
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterable

from differences import DIFFERENCES
from expect import Expectations
from tables import read_table

AT_A_TIME = 4
NO_ANSWER = "unchecked"


@dataclass(frozen=True)
class Question:
    """`ours` is what the run says; `skip` is why the witness is not asked;
    `chance` is why one of the two may have no answer (NO_ANSWER). `ask` returns
    what the witness says, in the same words, and all its output."""
    witness: str
    scenario: str
    text: str
    ours: str
    ask: Callable
    skip: str = ""
    chance: str = ""


@dataclass(frozen=True)
class Answer:
    question: Question
    kind: str                   # agreed, differs, skipped
    theirs: str = ""
    said: str = ""

    @property
    def reason(self) -> str:
        """Why it is as it is, if that is known; what is not is a failure."""
        if self.kind == "skipped":
            return self.question.skip or self.question.chance
        known = DIFFERENCES.get((self.question.witness,
                                 self.question.scenario))
        return str(known) if self.kind == "differs" and known else ""


def put(question: Question) -> Answer:
    if question.skip:
        return Answer(question, "skipped")
    theirs, said = question.ask()
    kind = "agreed" if theirs == question.ours else "differs"
    if kind == "differs" and question.chance and NO_ANSWER in (
            theirs, question.ours):
        kind = "skipped"
    return Answer(question, kind, theirs, said)


def put_all(questions: Iterable) -> list:
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        return list(pool.map(put, questions))


class Run:
    """A run of the lab, and the scenario to which each of its rows belongs."""

    def __init__(self, folder: Path, scenarios: list) -> None:
        self.folder = folder
        self.expectations = Expectations(scenarios)
        # Scenarios with name servers that do not as they should.
        self.scripted = {s["name"] for s in scenarios if s["name_servers"]}

    def rows(self, table: str) -> Iterable:
        for row in read_table(self.folder, table):
            yield self.expectations.owner(row), row

    def latest(self) -> list:
        """Of each host at each address, by each server name, the row of the
        last attempt that took place, with its scenario."""
        last: dict = {}
        for scenario, row in self.rows("host_results"):
            key = (row["host"], row["address"], row["sni"])
            known = last.get(key)
            if known is None or int(row["attempt"]) > int(known[1]["attempt"]):
                last[key] = (scenario, row)
        return list(last.values())
