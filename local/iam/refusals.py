"""What was refused, to whom, and what would have allowed it: a file that a person reads to find the grant that is missing."""

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from local.iam import roles
from local.iam.needs import Need
from local.layout import Layout

_LOG = logging.getLogger(__name__)
# a client that tries again for a night must not fill the disk
_LARGEST = 8 << 20


@dataclass(frozen=True)
class Refusal:
    """`role` is the narrowest predefined one with the permission, "" where the table has none."""

    time: str
    principal: str
    permission: str
    resource: str
    role: str


def file_of(layout: Layout) -> Path:
    return layout.folder("iam") / "refusals.jsonl"


def listed(file: Path) -> Iterator[Refusal]:
    """The oldest first."""
    for line in file.read_text().splitlines() if file.exists() else ():
        yield Refusal(**json.loads(line))


class Refusals:
    def __init__(self, file: Path) -> None:
        self._file = file
        # Storage asks from several threads
        self._lock = threading.Lock()
        self.count = sum(1 for _ in listed(file))

    def add(self, principal: str, need: Need) -> None:
        role = roles.giving(need.permission)
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        refusal = Refusal(moment, principal or "nobody in particular", need.permission, need.resource.name, role)
        _LOG.warning("refused %s: %s on %s%s", refusal.principal, need.permission, need.resource.name, f" ({role} has it)" if role else "")
        with self._lock:
            if self._file.exists() and self._file.stat().st_size > _LARGEST:
                self._file.replace(self._file.with_suffix(".old.jsonl"))
            with self._file.open("a") as file:
                file.write(json.dumps(asdict(refusal)) + "\n")
            self.count += 1
