import resource
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
# what a step takes and frees, by the C library's own calls: whatever Python keeps in between would hold on to all below it
STEPS = """
import ctypes, resource
from images.trainer import heap
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
if {kept}:
    heap.keep()
def step():
    blocks = [libc.malloc(2**24) for _ in range(8)]
    for block in blocks:
        libc.memset(ctypes.c_void_p(block), 1, 2**24)
    for block in reversed(blocks):
        libc.free(ctypes.c_void_p(block))
step()
step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
heap.give_back()
print(int(open("/proc/self/statm").read().split()[1]))
"""


def told(kept: bool) -> list[int]:
    program = [sys.executable, "-c", STEPS.format(kept=kept)]
    return [int(line) for line in subprocess.check_output(program, cwd=REPOSITORY, text=True).split()]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of glibc's heap alone")
def test_what_a_step_frees_serves_the_next_and_can_still_be_given_back() -> None:
    (anew, least), (again, left) = told(kept=False), told(kept=True)

    pages = 8 * 2**24 // resource.getpagesize()
    assert anew > pages / 2
    assert again < pages / 100
    assert left < least + pages / 4
