"""The C library's heap, which keeps what is freed for later: more than a whole step needs, after something as different as drawing."""

from __future__ import annotations

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""of glibc's malloc.h"""
LARGEST = 2**25
"""bytes of a block that glibc takes from its heap at most; larger ones it asks the system for"""


def keep() -> None:
    """From now on, what is free stays, until it is given back: each step of training needs again what the last one freed, and some thousand
    pages that come anew from the system cost a processor some hundredths of a step. Elsewhere than in glibc, nothing is done."""
    limit = getattr(ctypes.CDLL(None), "mallopt", None)
    if limit and limit(M_MMAP_THRESHOLD, LARGEST):
        limit(M_TRIM_THRESHOLD, 2**30)


def give_back() -> None:
    """What is free goes back to the system: some twenty milliseconds for each GiB. Elsewhere than in glibc, nothing is done."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
