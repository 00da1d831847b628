"""Which installed packages a program imports, by reading it: they can be imported once, ahead of all of its runs."""

import ast
import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

_INSTALLED = "site-packages"


def preload(folder: Path) -> None:
    """What cannot be imported is left out: the program itself will say so, at its line. A module that loads when it is first used is left
    to that: not every run of a program uses all that it names."""
    for name in sorted(set(_imported(folder))):
        if _is_installed(name):
            importlib.import_module(name)


def _imported(folder: Path) -> Iterator[str]:
    """By every module that the program may come to; what it has below a package is asked for too, since some load that late."""
    seen: set[Path] = set()
    waiting = [folder / "__main__.py"]
    while waiting:
        file = waiting.pop()
        if file in seen or not file.is_file():
            continue
        seen.add(file)
        for name in _of_file(file):
            yield name
            path = folder.joinpath(*name.split("."))
            waiting += [path.with_suffix(".py"), path / "__init__.py"]


def _of_file(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_bytes())
    except SyntaxError:
        return
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            yield node.module
    yield from names.values()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            yield f"{names[node.value.id]}.{node.attr}"


def _is_installed(name: str) -> bool:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return False
    return spec is not None and spec.origin is not None and _INSTALLED in spec.origin
