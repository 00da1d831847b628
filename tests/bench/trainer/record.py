"""What a run tells of itself, told alike by both sides: when each step ended, its loss, and the most memory that the process held."""

import json
import re
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Record:
    """Times are those of the one clock that all processes of a machine share."""

    ended: list[float] = field(default_factory=list)
    """of each step, less what was lost before"""
    busy: list[float] = field(default_factory=list)
    """seconds of processors by then, of all threads: what other programs take hardly changes it"""
    losses: list[float] = field(default_factory=list)
    lost: float = 0.0
    """seconds that went into looking at the run instead of training"""
    threads: int = 0
    peak_kib: int = 0

    def step(self) -> None:
        self.ended.append(time.monotonic() - self.lost)
        self.busy.append(time.process_time())

    def pass_over(self, since: float) -> None:
        """What happened since is no part of training."""
        self.lost += time.monotonic() - since

    def save(self, path: Path) -> None:
        import torch

        self.threads = torch.get_num_threads()
        # of this program alone: what getrusage tells begins with the memory of the process that started it
        self.peak_kib = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0])
        path.write_text(json.dumps(asdict(self)))


def read(path: Path) -> Record:
    return Record(**json.loads(path.read_text()))
