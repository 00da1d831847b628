"""`python -m scripts.preview [--base REVISION] [--stack STACK]...`: what HEAD would change, as preview.md, preview.json and here."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from scripts.preview import document, markdown, terminal
from scripts.preview.look import look
from scripts.preview.report import Report, report
from scripts.preview.revisions import PreviewError
from scripts.preview.section import Section
from scripts.preview.sections import policy

_BROKEN, _REFUSED, _INTERRUPTED = 1, 2, 130
_CODES = "exit codes: 0 it was made, whatever it says; 1 it was made, and HEAD does not evaluate; 2 it could not be made; 130 interrupted"


def main() -> int:
    given = _arguments()
    # beside the evaluation, which begins on one core alone
    policy.started()
    try:
        found = report(look(Path.cwd(), given.base, given.stack), _proof(given))
    except PreviewError as error:
        sys.stderr.write(f"error: {error}\n")
        return _REFUSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    _write(found, given)
    terminal.show(found, Console(highlight=False))
    sys.stdout.write(f"\n{given.markdown} is the comment, {given.json} is everything.\n")
    return _BROKEN if found.broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.preview", description="What HEAD would change in each stack", epilog=_CODES)
    parser.add_argument("--base", help="the revision to compare with; without it, with an empty cloud")
    parser.add_argument("--stack", action="append", default=[], help="one of them; may be given again; all stacks without it")
    parser.add_argument("--prove", action="store_true", help="bring BASE up on a fresh local cloud, update it to HEAD, and run a job there")
    parser.add_argument("--include", type=Path, help="a file of Markdown that stands at the comment's end; nothing, where it is not there")
    parser.add_argument("--json", type=Path, default=Path("preview.json"), help="where to write everything")
    parser.add_argument("--markdown", type=Path, default=Path("preview.md"), help="where to write the comment")
    return parser.parse_args()


def _proof(given: argparse.Namespace) -> Iterator[Section]:
    if given.prove:
        # it needs what a job needs: portal, trainer, a client
        from scripts.preview.prove import prove

        yield prove(Path.cwd(), given.base, given.markdown.parent)


def _write(found: Report, given: argparse.Namespace) -> None:
    included = given.include.read_text() if given.include and given.include.exists() else ""
    for file in (given.json, given.markdown):
        file.parent.mkdir(parents=True, exist_ok=True)
    document.write(found, given.json)
    given.markdown.write_text(markdown.comment(found, given.stack, included))


if __name__ == "__main__":
    sys.exit(main())
