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


class Descent:
    """Either one step for all parameters once all gradients are there, or for each as soon as its own is there."""

    def __init__(self, parameters: Mapping[str, nn.Parameter], rate: Callable[[str], float], config: TrainConfig) -> None:
        self.parameters, self.config = dict(parameters), config
        self.scaler = scaler_of(config, next(iter(self.parameters.values())).device)
        kind = KINDS[config.moments]
        if config.step_in_backward:
            self.optimizers = {name: kind([parameter], lr=rate(name)) for name, parameter in self.parameters.items()}
            for name, parameter in self.parameters.items():
                parameter.register_post_accumulate_grad_hook(partial(self._change, self.optimizers[name]))
        else:
            self.optimizers = dict.fromkeys(self.parameters, kind(_groups(self.parameters, rate)))

    def backward(self, loss: Tensor) -> None:
        self.scaler.scale(loss).backward()

    def step(self) -> None:
        """After the last of a step's losses."""
        if not self.config.step_in_backward:
            together = next(iter(self.optimizers.values()))
            self._change(together, *self.parameters.values())

    def _change(self, optimizer: torch.optim.Optimizer, *parameters: nn.Parameter) -> None:
        self.scaler.unscale_(optimizer)
        self._clip(optimizer, parameters)
        self.scaler.step(optimizer)
        self.scaler.update()
        optimizer.zero_grad()

    def _clip(self, optimizer: torch.optim.Optimizer, parameters: Sequence[nn.Parameter]) -> None:
        """The fused kernel divides gradients as it reads them, by what a scaler would leave it: scaling them here would be one more pass
        over all of them, as large as the weights."""
        if self.config.moments != "float32" or self.scaler.is_enabled():
            nn.utils.clip_grad_norm_(parameters, self.config.max_gradient_norm)
            return
        norm = nn.utils.get_total_norm([parameter.grad for parameter in parameters if parameter.grad is not None])
        optimizer.grad_scale = (norm / self.config.max_gradient_norm).clamp(min=1)

    def tensors(self) -> dict[str, Tensor]:
        """All that a resumed run needs, by names that do not depend on the order of the parameters."""
        learnt = {f"parameter/{name}": parameter.detach() for name, parameter in self.parameters.items()}
        kept = {f"{field}/{name}": tensor for name, state in self._states() for field, tensor in state.items()}
        scaling = {f"scaler/{name}": torch.tensor(value) for name, value in self.scaler.state_dict().items()}
        return learnt | kept | scaling

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """What `tensors` gave; others are passed over."""
        if self.scaler.is_enabled():
            self.scaler.load_state_dict({name: tensors[f"scaler/{name}"].item() for name in self.scaler.state_dict()})
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
            yield name, self.optimizers[name].state[parameter]


def _groups(parameters: Mapping[str, nn.Parameter], rate: Callable[[str], float]) -> list[dict[str, Any]]:
    rates = {name: rate(name) for name in parameters}
    return [{"params": [parameters[name] for name in rates if rates[name] == each], "lr": each} for each in dict.fromkeys(rates.values())]
