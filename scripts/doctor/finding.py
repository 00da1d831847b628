"""What a check says: one line, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """`fix` is a command to paste, or words where no command can help."""

    verdict: Verdict
    text: str
    fix: str = ""


def ok(text: str) -> Finding:
    return Finding(Verdict.OK, text)


def warn(text: str, fix: str) -> Finding:
    return Finding(Verdict.WARN, text, fix)


def fail(text: str, fix: str) -> Finding:
    return Finding(Verdict.FAIL, text, fix)
