"""Texts of other people in Markdown of ours: they break no table, ping nobody, open no tag and hide nothing."""

import re
from collections.abc import Iterator

_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_TAG = re.compile(r"<(?=[!/?A-Za-z])")
# somebody's name, and an issue's number: GitHub would tell those who follow them
_PINGS = re.compile(r"(?<!\w)([@#])(?=\w)")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_JOINED_BY_NOTHING = "\u200b"


def code(value: object) -> str:
    """A span of code on one line, whatever backticks it holds."""
    text = " ".join(str(value).split()) or " "
    ticks = _ticks(text, 1)
    pad = " " if "`" in (text[0], text[-1]) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fenced(text: str, language: str = "text") -> str:
    ticks = _ticks(text, 3)
    return f"{ticks}{language}\n{text}\n{ticks}"


def cell(text: str) -> str:
    """Of a table: there a bar ends even a span of code."""
    return " ".join(text.split()).replace("|", "\\|")


def defused(text: str) -> str:
    """One paragraph of Markdown: its spans of code stay as they are, which show what they hold."""
    return "".join(part if code else _plain(part) for part, code in _spans(re.sub(r"\s+", " ", text)))


def defused_block(text: str) -> str:
    """Several lines: what stands in fences stays as it is, and a fence that was left open is closed."""
    done: list[str] = []
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        closes = bool(fence) and line.strip().startswith(fence) and not line.strip(f" {fence[0]}")
        done.append(line if fence or found else "".join(part if code else _plain(part) for part, code in _spans(line)))
        if closes:
            fence = ""
        elif found and not fence:
            fence = found[1]
    return "\n".join([*done, fence] if fence else done)


def _ticks(text: str, least: int) -> str:
    return "`" * max([least, *(len(run) + 1 for run in re.findall("`+", text))])


def _spans(text: str) -> Iterator[tuple[str, bool]]:
    last = 0
    for span in _SPAN.finditer(text):
        yield text[last : span.start()], False
        yield span[0], True
        last = span.end()
    yield text[last:], False


def _plain(text: str) -> str:
    """Ours is bold by asterisks; two underscores are part of a name such as __main__.py."""
    return _PINGS.sub(rf"\1{_JOINED_BY_NOTHING}", _TAG.sub("&lt;", text)).replace("__", r"\_\_")
