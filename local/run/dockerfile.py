"""A Dockerfile as a list of instructions with their lines, and the substitution of variables."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.run.errors import BuildFailed


@dataclass(frozen=True)
class Instruction:
    line: int
    name: str
    value: str


def parse(dockerfile: Path) -> list[Instruction]:
    try:
        lines = enumerate(dockerfile.read_text().splitlines(), start=1)
    except OSError as error:
        raise BuildFailed(dockerfile, 0, f"the Dockerfile cannot be read: {error.strerror}") from error
    return [instruction for instruction in _instructions(lines) if instruction.name]


def _instructions(lines: Iterator[tuple[int, str]]) -> Iterator[Instruction]:
    for number, first in lines:
        text = first.strip()
        if not text or text.startswith("#"):
            continue
        while text.endswith("\\"):
            text = text[:-1].rstrip() + " " + _continuation(lines)
        name, _, value = text.partition(" ")
        yield Instruction(number, name.upper(), value.strip() + _heredocs(value, lines))


def _continuation(lines: Iterator[tuple[int, str]]) -> str:
    """The next line that counts: comments and empty lines inside an instruction do not end it."""
    for _, line in lines:
        if (text := line.strip()) and not text.startswith("#"):
            return text
    return ""


def _heredocs(value: str, lines: Iterator[tuple[int, str]]) -> str:
    text = ""
    for word in re.findall(r"<<-?[\"']?(\w+)[\"']?", value):
        for _, line in lines:
            if line.strip() == word:
                break
            text += "\n" + line
    return text


def expand(text: str, variables: Mapping[str, str]) -> str:
    r"""`$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+other}`; `\$` stays a dollar."""

    def value(match: re.Match[str]) -> str:
        if match["escaped"]:
            return match["escaped"][1]
        found = variables.get(match["name"] or match["plain"], "")
        if match["sign"] == "-":
            return found or expand(match["word"], variables)
        if match["sign"] == "+":
            return expand(match["word"], variables) if found else ""
        return found

    return _VARIABLE.sub(value, text)


_VARIABLE = re.compile(r"(?P<escaped>\\\$)|\$\{(?P<name>\w+)(?::?(?P<sign>[-+])(?P<word>[^}]*))?\}|\$(?P<plain>\w+)")


def assignments(value: str) -> dict[str, str]:
    """`A=1 B="x y"`, and the old `ENV A the rest`."""
    words = words_of(value)
    if words and "=" not in words[0]:
        name, _, rest = value.partition(" ")
        return {name: rest.strip()}
    return dict(word.split("=", 1) for word in words if "=" in word)


def words_of(value: str) -> list[str]:
    """Split like a shell, but keep `\\$` for `expand`."""
    words = re.findall(r"(?:[^\s\"'\\]|\\.|\"(?:[^\"\\]|\\.)*\"|'[^']*')+", value)
    return [_unquoted(word) for word in words]


def _unquoted(word: str) -> str:
    parts = re.findall(r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|((?:[^\"'\\]|\\.)+)", word)
    return "".join(re.sub(r"\\([^$])", r"\1", double or plain) or single.replace("$", "\\$") for double, single, plain in parts)


def command(value: str) -> tuple[str, ...]:
    """Exec form as it is; shell form goes through /bin/sh, as in an image."""
    if value.startswith("["):
        try:
            return tuple(str(word) for word in json.loads(value))
        except json.JSONDecodeError:
            pass
    return ("/bin/sh", "-c", value)
