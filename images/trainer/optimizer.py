"""From gradients to changes of what learns: rates, clipping, and which moments are kept; all of its state goes into a checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, groupby
from math import ceil
from operator import itemgetter
from typing import Any

import torch
from torch import Tensor, nn

from images.trainer.config import TrainConfig
from images.trainer.eight_bit import EightBitAdamW
from images.trainer.factored import Adafactor
from images.trainer.precision import scaler_of

KINDS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "float32": partial(torch.optim.AdamW, fused=True),
    "eight-bit": EightBitAdamW,
    "factored": Adafactor,
}
PORTIONS = 16
"""in which parameters change if they change in the backward pass"""
WORTHWHILE = 2**24
"""numbers that learn, from which on they do unless told otherwise: 64 MiB of gradients. Of fewer, little is freed, and a step takes some
hundredths longer, since small calls are made sixteen times"""


@dataclass
class Portion:
    optimizer: torch.optim.Optimizer
    parameters: list[nn.Parameter]
    arrived: int = 0
    """gradients that are there already"""


class Descent:
    """Either all parameters change once all gradients are there, or a portion of them as soon as its own are."""

    def __init__(self, parameters: Mapping[str, nn.Parameter], rate: Callable[[str], float], config: TrainConfig) -> None:
        self.parameters, self.config = dict(parameters), config
        self.within = steps_in_backward(config, sum(parameter.numel() for parameter in self.parameters.values()))
        device = next(iter(self.parameters.values())).device
        self.scaler, self.last_norm, self.norms = scaler_of(config, device), torch.zeros((), device=device), list[Tensor]()
        rates = {parameter: rate(name) for name, parameter in self.parameters.items()}
        self.portions = [Portion(KINDS[config.moments](_groups(some, rates)), some) for some in _split(list(rates), self.within)]
        for portion in self.portions if self.within else []:
            for parameter in portion.parameters:
                parameter.register_post_accumulate_grad_hook(partial(self._arrive, portion))

    def backward(self, loss: Tensor) -> None:
        self.scaler.scale(loss).backward()

    def step(self) -> None:
        """After the last of a step's losses."""
        for portion in self.portions:
            if portion.arrived or not self.within:  # of what stays as it is from some step on, no gradients arrive
                self._change(portion)
        if self.within:
            self.last_norm, self.norms = torch.stack(self.norms).square().sum().sqrt(), []

    def _arrive(self, portion: Portion, _: nn.Parameter) -> None:
        portion.arrived += 1
        if portion.arrived == len(portion.parameters):
            self._change(portion)

    def _change(self, portion: Portion) -> None:
        self.scaler.unscale_(portion.optimizer)
        norm = nn.utils.get_total_norm([parameter.grad for parameter in portion.parameters if parameter.grad is not None])
        self._clip(portion, torch.maximum(norm, self.last_norm))
        self.scaler.step(portion.optimizer)
        self.scaler.update()
        portion.optimizer.zero_grad()
        portion.arrived = 0
        if self.within:
            self.norms.append(norm)

    def _clip(self, portion: Portion, norm: Tensor) -> None:
        """The fused kernel divides gradients as it reads them, by what a scaler would leave it: scaling them here would be one more pass
        over all of them, as large as the weights."""
        if self.config.moments != "float32" or self.scaler.is_enabled():
            nn.utils.clip_grads_with_norm_(portion.parameters, self.config.max_gradient_norm, norm)
        else:
            portion.optimizer.grad_scale = (norm / self.config.max_gradient_norm).clamp(min=1)

    def tensors(self) -> dict[str, Tensor]:
        """All that a resumed run needs, by names that do not depend on the order of the parameters."""
        learnt = {f"parameter/{name}": parameter.detach() for name, parameter in self.parameters.items()}
        kept = {f"{field}/{name}": tensor for name, state in self._states() for field, tensor in state.items()}
        scaling = {f"scaler/{name}": torch.tensor(value) for name, value in self.scaler.state_dict().items()}
        return learnt | kept | scaling | {"last_norm": self.last_norm}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """What `tensors` gave; others are passed over."""
        if self.scaler.is_enabled():
            self.scaler.load_state_dict({name: tensors[f"scaler/{name}"].item() for name in self.scaler.state_dict()})
        self.last_norm = tensors["last_norm"].to(self.last_norm.device)
        states = dict(self._states())
        for key, tensor in tensors.items():
            field, _, name = key.partition("/")
            if name not in self.parameters:
                continue
            parameter = self.parameters[name]
            if field == "parameter":
                parameter.data.copy_(tensor)
            else:
                states[name][field] = tensor.to(parameter.device)

    def _states(self) -> Iterator[tuple[str, dict[str, Tensor]]]:
        optimizers = {parameter: portion.optimizer for portion in self.portions for parameter in portion.parameters}
        for name, parameter in self.parameters.items():
            yield name, optimizers[parameter].state[parameter]


def steps_in_backward(config: TrainConfig, learning: int) -> bool:
    """With so many numbers that learn."""
    if config.step_in_backward == "auto":
        return learning >= WORTHWHILE and config.accumulate == 1 and config.precision != "float16"
    return config.step_in_backward == "on"


def _split(parameters: list[nn.Parameter], within: bool) -> list[list[nn.Parameter]]:
    """In their order, about as large as one another."""
    most = sum(parameter.numel() for parameter in parameters) / (PORTIONS if within else 1)
    behind = accumulate(parameter.numel() for parameter in parameters)
    numbers = (ceil(place / most) for place in behind)
    return [[parameter for _, parameter in some] for _, some in groupby(zip(numbers, parameters, strict=True), key=itemgetter(0))]


def _groups(parameters: Sequence[nn.Parameter], rates: Mapping[nn.Parameter, float]) -> list[dict[str, Any]]:
    distinct = dict.fromkeys(rates[one] for one in parameters)
    return [{"params": [one for one in parameters if rates[one] == each], "lr": each} for each in distinct]
