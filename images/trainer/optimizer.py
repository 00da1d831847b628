"""From gradients to changes of what learns: rates, clipping, and which moments are kept; all of its state goes into a checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
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
"""that the gradients of a step are taken in, if they are taken as they come; each costs a pass over the list of parameters"""


class Descent:
    """Either all parameters change once all gradients are there, or a sixteenth of them as soon as its own are."""

    def __init__(self, parameters: Mapping[str, nn.Parameter], rate: Callable[[str], float], config: TrainConfig) -> None:
        self.parameters, self.config = dict(parameters), config
        device = next(iter(self.parameters.values())).device
        self.scaler = scaler_of(config, device)
        self.optimizer = KINDS[config.moments](_groups(self.parameters, rate))
        self.within = steps_in_backward(config)
        self.arrived: list[nn.Parameter] = []
        self.norms: list[Tensor] = []
        self.last_norm = torch.zeros((), device=device)
        if self.within:
            self.portion = sum(parameter.nbytes for parameter in self.parameters.values()) / PORTIONS
            for parameter in self.parameters.values():
                parameter.register_post_accumulate_grad_hook(self._arrive)

    def backward(self, loss: Tensor) -> None:
        self.scaler.scale(loss).backward()

    def step(self) -> None:
        """After the last of a step's losses."""
        if self.within:
            self._take_arrived()
            self.last_norm, self.norms = torch.stack(self.norms).square().sum().sqrt(), []
        else:
            self.scaler.unscale_(self.optimizer)
            self._change(list(self.parameters.values()))

    def _arrive(self, parameter: nn.Parameter) -> None:
        self.arrived.append(parameter)
        if sum(each.nbytes for each in self.arrived) >= self.portion:
            self._take_arrived()

    def _take_arrived(self) -> None:
        if self.arrived:
            self._change(self.arrived)
            self.arrived = []

    def _change(self, parameters: Sequence[nn.Parameter]) -> None:
        """Of those that have a gradient, which are these alone."""
        norm = nn.utils.get_total_norm([parameter.grad for parameter in parameters if parameter.grad is not None])
        self.norms.append(norm)
        self._clip(parameters, torch.maximum(norm, self.last_norm) if self.within else norm)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad()

    def _clip(self, parameters: Sequence[nn.Parameter], norm: Tensor) -> None:
        """The fused kernel divides gradients as it reads them, by what a scaler would leave it: scaling them here would be one more pass
        over all of them, as large as the weights."""
        if self.config.moments != "float32" or self.scaler.is_enabled():
            nn.utils.clip_grads_with_norm_(parameters, self.config.max_gradient_norm, norm)
        else:
            self.optimizer.grad_scale = (norm / self.config.max_gradient_norm).clamp(min=1)

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
        for name, parameter in self.parameters.items():
            yield name, self.optimizer.state[parameter]


def steps_in_backward(config: TrainConfig) -> bool:
    """Adapters are small beside the weights that they stand by: freeing their gradients early would free little."""
    if config.step_in_backward == "auto":
        return config.method == "dreambooth" and config.accumulate == 1 and config.precision != "float16"
    return config.step_in_backward == "on"


def _groups(parameters: Mapping[str, nn.Parameter], rate: Callable[[str], float]) -> list[dict[str, Any]]:
    rates = {name: rate(name) for name in parameters}
    return [{"params": [parameters[name] for name in rates if rates[name] == each], "lr": each} for each in dict.fromkeys(rates.values())]
