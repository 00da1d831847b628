"""The tree that the README shows: which paths it names."""

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DEEPEST = 8
"""spaces before a nested path; what stands further right goes on with the purpose above"""


def tree(readme: str) -> str:
    """The fenced block whose first line starts with README.md; empty if there is none."""
    return next((block for block in _FENCE.findall(readme) if block.startswith("README.md ")), "")


def paths(shown: str) -> Iterator[str]:
    """A line is: one or more paths, two spaces or more, a purpose. Indented lines are inside the folder above them.

    A line may hold a second pair of paths and purpose.
    """
    folder = ""
    for line in shown.splitlines():
        indent = len(line) - len(line.lstrip())
        if not line.strip() or indent > _DEEPEST:
            continue
        first, *others = re.split(r" {2,}", line.strip())
        found = [*first.split(), *(word for cell in others for word in cell.split() if _all_paths(cell))]
        yield from (f"{folder if indent else ''}{path}" for path in found)
        if not indent and first.endswith("/"):
            folder = first.split()[-1]


def _all_paths(cell: str) -> bool:
    return all(re.fullmatch(r"[\w./-]+", word) and ("/" in word or "." in word[:-1]) for word in cell.split())
