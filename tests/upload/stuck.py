"""A zygote whose children meet what a malicious picture would do to a real one: which, the resolution says."""

import ctypes
import time
from typing import BinaryIO

from services.upload import zygote
from services.upload.decode import Clean

SLEEPS, WORKS, EATS, CRASHES, LIVES = range(1, 6)


def clean(file: BinaryIO, resolution: int) -> Clean:
    eaten = []
    while resolution in {SLEEPS, WORKS, EATS}:
        if resolution == SLEEPS:
            time.sleep(60)
        if resolution == EATS:
            eaten.append(bytes(256 * 2**20))
    if resolution == CRASHES:
        ctypes.string_at(0)
    return Clean(1, 1, "", b"png", b"small")


if __name__ == "__main__":
    zygote.SECONDS = 2
    zygote._LIMITS = tuple((what, 1 if what == zygote.resource.RLIMIT_CPU else most) for what, most in zygote._LIMITS)
    zygote.clean = clean
    zygote.main()
