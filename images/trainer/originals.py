"""The base's own weights while others learn in their place: kept where they take none of the memory that training needs."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn


class Originals:
    """Of float32 parameters, and taken as they are now."""

    def __init__(self, parameters: Sequence[nn.Parameter], kept: Kept) -> None:
        self.parameters, self.kept = parameters, kept
        for parameter in parameters:
            kept.append(parameter.detach())

    @contextmanager
    def back(self) -> Iterator[None]:
        """Within, they are what they were before; afterwards, to the bit, what they have become."""
        self._exchange()
        try:
            yield
        finally:
            self._exchange()

    def _exchange(self) -> None:
        self.kept.rewind()
        with torch.no_grad():
            for parameter in self.parameters:
                parameter.copy_(self.kept.replace(parameter.detach()))


class Kept(Protocol):
    """Tensors one after another, as a tape."""

    def append(self, tensor: Tensor) -> None: ...

    def rewind(self) -> None: ...

    def replace(self, tensor: Tensor) -> Tensor:
        """The next one, in whose place this one is kept from now on."""


class InMemory:
    """Of the processor, for what learns on another device."""

    def __init__(self) -> None:
        self.tensors: list[Tensor] = []
        self.place = 0

    def append(self, tensor: Tensor) -> None:
        self.tensors.append(tensor.to("cpu", copy=True))

    def rewind(self) -> None:
        self.place = 0

    def replace(self, tensor: Tensor) -> Tensor:
        other, self.tensors[self.place] = self.tensors[self.place], tensor.to("cpu", copy=True)
        self.place += 1
        return other


class InFile:
    """Without a name, and gone with this. What learns on the processor would need the same memory."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115
        weakref.finalize(self, self.file.close)

    def append(self, tensor: Tensor) -> None:
        self.file.write(tensor.contiguous().numpy().data)

    def rewind(self) -> None:
        self.file.seek(0)

    def replace(self, tensor: Tensor) -> Tensor:
        place = self.file.tell()
        other = np.frombuffer(bytearray(self.file.read(tensor.nbytes)), np.float32)
        self.file.seek(place)
        self.append(tensor)
        return torch.from_numpy(other).view(tensor.shape)
