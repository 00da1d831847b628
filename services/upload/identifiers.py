"""Ids that follow from what they name, so that the same request twice meets the same document."""

import base64
import hashlib

from google_crc32c import value as crc32c_value

_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"


def derived(*parts: str | int) -> str:
    """26 characters in the form of `jobs.documents.new_id`."""
    text = "\0".join(str(part) for part in parts)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()) >> (256 - 130)
    return "".join(_BASE32[(number >> shift) & 31] for shift in range(125, -5, -5))


def crc32c(data: bytes) -> str:
    return checksum(crc32c_value(data))


def checksum(crc: int) -> str:
    """As Cloud Storage writes it: base64 of four big-endian bytes."""
    return base64.b64encode(crc.to_bytes(4)).decode()
