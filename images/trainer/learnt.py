"""What changes while a model learns: its own weights, or adapters beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from torch import nn

from images.trainer.adapter_files import save_adapters
from images.trainer.config import TrainConfig
from images.trainer.family import Family
from images.trainer.lora import Adapters
from images.trainer.model_spec import of_adapters
from images.trainer.originals import InFile, InMemory, Originals


class Learnt(Protocol):
    def parameters(self) -> dict[str, nn.Parameter]: ...

    def remember(self) -> None:
        """The model as it is now, before anything is learnt."""

    def untuned(self) -> AbstractContextManager[None]:
        """Within, the model is what was remembered."""

    def settle(self, folder: Path, about: Mapping[str, str]) -> None:
        """As a method's."""


class OwnWeights:
    """All of some parts of the model."""

    def __init__(self, family: Family, parts: Sequence[str]) -> None:
        self.modules = {part: family.parts()[part].requires_grad_(True).train() for part in parts}

    def parameters(self) -> dict[str, nn.Parameter]:
        return {f"{part}.{name}": parameter for part, module in self.modules.items() for name, parameter in module.named_parameters()}

    def remember(self) -> None:
        learning = list(self.parameters().values())
        self.originals = Originals(learning, InFile() if learning[0].device.type == "cpu" else InMemory())

    def untuned(self) -> AbstractContextManager[None]:
        return self.originals.back()

    def settle(self, folder: Path, about: Mapping[str, str]) -> None:
        """Nothing stands beside them."""


class BesideWeights:
    """Adapters, which are left as files, and then merged, so that serving the model needs nothing new."""

    def __init__(self, adapters: Adapters) -> None:
        self.adapters = adapters

    def parameters(self) -> dict[str, nn.Parameter]:
        return self.adapters.parameters()

    def remember(self) -> None:
        """The weights stay what they are."""

    def untuned(self) -> AbstractContextManager[None]:
        return self.adapters.aside()

    def settle(self, folder: Path, about: Mapping[str, str]) -> None:
        save_adapters(self.adapters, folder / "adapters", of_adapters(about))
        self.adapters.merge()


def learnt_by(family: Family, config: TrainConfig, parts: Sequence[str]) -> Learnt:
    if config.method == "lora":
        return BesideWeights(Adapters(family.adaptable(parts, config.adapt_convolutions), config.rank, config.alpha, config.seed))
    return OwnWeights(family, parts)
