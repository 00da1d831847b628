"""Docker's ignore files: which files of a build context a build can see."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True)
class Pattern:
    """One line. A pattern matches a path when it matches the path itself or any folder above it."""

    negated: bool
    parts: tuple[str, ...]
    expression: re.Pattern[str]

    def matches(self, path: str) -> bool:
        return self.expression.fullmatch(path) is not None

    def may_match_below(self, folder: str) -> bool:
        """Whether a path inside `folder` could match, so that an ignored folder must still be entered."""
        for mine, theirs in zip(self.parts, PurePosixPath(folder).parts, strict=False):
            if mine == "**":
                return True
            if not re.fullmatch(_expression(mine), theirs):
                return False
        return True


class IgnoreFile:
    """The lines in order: the last that matches a path decides."""

    def __init__(self, text: str = "") -> None:
        lines = (line.strip() for line in text.splitlines() if not line.startswith("#"))
        self._patterns = [pattern for line in lines if line and (pattern := pattern_of(line))]

    @classmethod
    def of(cls, context: Path, dockerfile: Path) -> "IgnoreFile":
        """The one beside the Dockerfile goes before the context's, as in BuildKit."""
        own = dockerfile.with_name(f"{dockerfile.name}.dockerignore")
        candidates = (path for path in (own, context / ".dockerignore") if path.is_file())
        found = next(candidates, None)
        return cls(found.read_text() if found else "")

    def ignores(self, path: str) -> bool:
        ignored = False
        for pattern in self._patterns:
            if pattern.negated == ignored and pattern.matches(path):
                ignored = not pattern.negated
        return ignored

    def files(self, context: Path) -> Iterator[str]:
        """Relative POSIX names of the files and links that are let in, sorted."""
        return iter(sorted(self._walk(str(context), "")))

    def _walk(self, root: str, folder: str) -> Iterator[str]:
        with os.scandir(f"{root}/{folder}") as entries:
            for entry in entries:
                name = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if not self.ignores(name) or self._reaches_into(name):
                        yield from self._walk(root, name)
                elif not self.ignores(name):
                    yield name

    def _reaches_into(self, folder: str) -> bool:
        return any(pattern.negated and pattern.may_match_below(folder) for pattern in self._patterns)


def pattern_of(line: str) -> Pattern | None:
    negated = line.startswith("!")
    path = os.path.normpath(line[negated:].strip().lstrip("/"))
    if path in (".", ""):
        return None
    parts = PurePosixPath(path).parts
    return Pattern(negated, parts, re.compile(f"{_expression(path)}(/.*)?", re.DOTALL))


def _expression(glob: str) -> str:
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|\[[^]]+\]|\\.|.", glob, re.DOTALL)
    return "".join(_TOKENS.get(token) or _literal(token) for token in tokens)


_TOKENS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _literal(token: str) -> str:
    if len(token) > 1 and token[0] == "[":
        return token
    return re.escape(token[-1])
