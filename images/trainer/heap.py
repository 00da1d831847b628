"""The C library's heap, which keeps what is freed for later: more than a whole step needs, after something as different as drawing."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """What is free goes back to the system: some twenty milliseconds for each GiB. Elsewhere than in glibc, nothing is done."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
