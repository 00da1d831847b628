"""What a designer wants gone, and the receipt of it, by the command line."""

import sys
from argparse import Namespace

from services.upload import wire
from services.upload.client import Client
from services.upload.client.screen import Screen, note


class NotConfirmed(OSError):
    """Nobody said yes."""


def delete(client: Client, screen: Screen, asked: Namespace) -> None:
    what = "the model and what it drew" if asked.model else "the job, its pictures, its model and what that drew"
    if not asked.yes:
        _confirm(f"This erases {what} for good. Go on? [y/N] ")
    receipt = client.delete_model(asked.job) if asked.model else client.delete(asked.job)
    note(f"receipt {receipt.id}")
    if not asked.no_wait:
        receipt = client.erased(receipt.id)
    screen.result(receipt, _text(receipt))


def _confirm(question: str) -> None:
    """Raises NotConfirmed."""
    if not sys.stdin.isatty():
        raise NotConfirmed("nothing was erased: there is nobody to ask; say --yes")
    sys.stderr.write(question)
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise NotConfirmed("nothing was erased")


def _text(receipt: wire.Receipt) -> str:
    done = f"done {receipt.done.astimezone():%Y-%m-%d %H:%M:%S}" if receipt.done else "still under way"
    parts = [f"receipt {receipt.id}, {done}"]
    parts += [f"removed  {name}" for name in receipt.removed]
    parts += [f"kept     {name}" for name in receipt.kept]
    return "\n".join(parts)
