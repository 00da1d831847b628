from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from images.trainer.config import TrainConfig
from images.trainer.eight_bit import BLOCK, LEAST, EightBitAdamW, book_of, decode, encode
from images.trainer.optimizer import KINDS, PORTIONS, WORTHWHILE, Descent, steps_in_backward
from images.trainer.train import Places, train
from tests.trainer.test_training import CONFIG, same, stopped_at, weights

CPU = torch.device("cpu")
MOMENTS = tuple(KINDS)
WIDE = 96
"""values of a row: a square of them is large enough for moments of one byte"""


def regression() -> tuple[nn.Linear, Callable[[], Tensor]]:
    """A layer that begins at nothing, and how far it is from one that is to be found again."""
    dice = torch.Generator().manual_seed(4)
    asked, sought = torch.randn(256, WIDE, generator=dice), torch.randn(WIDE, WIDE, generator=dice) / WIDE**0.5
    answers = asked @ sought.T + 0.3
    layer = nn.Linear(WIDE, WIDE)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer, lambda: (layer(asked) - answers).square().mean()


def descend(config: TrainConfig, steps: int = 300) -> tuple[nn.Linear, float, Descent]:
    layer, distance = regression()
    descent = Descent(dict(layer.named_parameters()), lambda name: config.learning_rate, config)
    for _ in range(steps):
        descent.backward(distance())
        descent.step()
    return layer, distance().item(), descent


def config(moments: str, **more: object) -> TrainConfig:
    told = {"prior_weight": 0, "learning_rate": 3e-3, "max_gradient_norm": 1e9, "moments": moments} | more
    return TrainConfig("a sks circle", **told)  # type: ignore[arg-type]


def kept_bytes(descent: Descent) -> float:
    """For each value that learns."""
    tensors = descent.tensors()
    state = sum(tensor.nbytes for name, tensor in tensors.items() if not name.startswith(("parameter/", "step/", "last_norm")))
    return state / sum(tensor.numel() for name, tensor in tensors.items() if name.startswith("parameter/"))


@pytest.mark.parametrize(("moments", "farther"), [("float32", 1), ("eight-bit", 2), ("factored", 20)])
def test_a_layer_is_found_again_nearly_as_well_whatever_is_remembered(moments: str, farther: float) -> None:
    """The distance is 1.1 at first. Without momentum, steps do not shrink."""
    _, exact, _ = descend(config("float32"))

    _, left, _ = descend(config(moments))

    assert left <= farther * exact < 1e-3


@pytest.mark.parametrize(("moments", "least", "most"), [("float32", 8, 8), ("eight-bit", 2, 2.12), ("factored", 0, 0.13)])
def test_what_is_remembered_of_a_parameter_takes_so_many_bytes(moments: str, least: float, most: float) -> None:
    _, _, descent = descend(config(moments), steps=1)

    assert least <= kept_bytes(descent) <= most


def test_a_value_of_one_byte_is_wrong_by_less_than_a_share_of_its_blocks_largest() -> None:
    values = torch.randn(5000, generator=torch.Generator().manual_seed(1)) * torch.logspace(-6, 6, 5000)

    for signed, bound in ((True, 0.0071), (False, 0.0036)):
        exact, book = values if signed else values.abs(), book_of(signed, CPU)
        codes, scales = encode(exact, book)
        wrong = nn.functional.pad((decode(codes, scales, book, exact.shape) - exact).abs(), (0, -5000 % BLOCK)).view(-1, BLOCK)
        assert (codes.dtype, codes.nbytes) == (torch.uint8, 5120)
        assert float((wrong / scales).max()) < bound


def test_a_small_value_beside_a_large_one_keeps_its_magnitude_over_five_decades() -> None:
    roots = torch.logspace(-5, 0, BLOCK)
    book = book_of(False, CPU)

    read = decode(*encode(roots, book), book, roots.shape)

    assert float(((read - roots) / roots).abs().max()) < 0.6
    assert float(((read - roots) / roots).abs()[roots > 0.1].max()) < 0.04
    assert float(decode(*encode(torch.tensor([1.0, 0.0]), book), book, torch.Size([2]))[1]) > 0  # it divides
    assert decode(*encode(torch.zeros(2), book), book, torch.Size([2])).tolist() == [0, 0]


def test_small_tensors_keep_their_moments_whole_and_are_changed_as_by_adamw() -> None:
    one, other = (nn.Parameter(torch.linspace(-1, 1, LEAST - 1)) for _ in range(2))
    ours, theirs = EightBitAdamW([one], lr=1e-2), torch.optim.AdamW([other], lr=1e-2)

    for step in range(5):
        for parameter, optimizer in ((one, ours), (other, theirs)):
            (parameter - step).square().sum().backward()
            optimizer.step()
            optimizer.zero_grad()

    assert torch.allclose(one, other, atol=1e-6)


def test_a_matrix_is_remembered_by_its_rows_and_columns_and_a_kernel_as_one() -> None:
    layers = {"matrix": nn.Linear(5, 3, bias=False), "kernel": nn.Conv2d(5, 3, 2, bias=False)}
    descent = Descent({name: layer.weight for name, layer in layers.items()}, lambda name: 1e-3, config("factored"))

    descent.backward(layers["matrix"](torch.ones(1, 5)).sum() + layers["kernel"](torch.ones(1, 5, 2, 2)).sum())
    descent.step()

    shapes = {name: tuple(tensor.shape) for name, tensor in descent.tensors().items() if "rows" in name or "columns" in name}
    assert shapes == {"rows/matrix": (3,), "columns/matrix": (5,), "rows/kernel": (3,), "columns/kernel": (20,)}


def test_factored_moments_of_a_gradient_that_is_a_product_are_exact() -> None:
    """Then the first change is the gradient over its own magnitude: its sign, whose root mean square is 1 and is not clipped."""
    gradient = torch.tensor([1.0, -2.0, 3.0])[:, None] * torch.tensor([1.0, -4.0])
    parameter = nn.Parameter(torch.zeros(3, 2))
    descent = Descent({"weight": parameter}, lambda name: 0.1, config("factored"))

    descent.backward((parameter * gradient).sum())
    descent.step()

    assert torch.allclose(parameter.detach(), -0.1 * gradient.sign(), atol=1e-6)


@pytest.mark.parametrize("moments", MOMENTS)
def test_stepping_in_backward_changes_the_weights_to_the_bit_as_stepping_after_it_where_nothing_is_clipped(moments: str) -> None:
    after, _, _ = descend(config(moments, step_in_backward="off"), steps=5)
    within, _, descent = descend(config(moments, step_in_backward="on"), steps=5)

    assert torch.equal(after.weight, within.weight)
    assert torch.equal(after.bias, within.bias)
    assert all(parameter.grad is None for parameter in descent.parameters.values())


def test_gradients_are_clipped_to_the_norm_of_all_together() -> None:
    one, other = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2))
    descent = Descent({"one": one, "other": other}, lambda name: 0.1, config("float32", max_gradient_norm=1.0, step_in_backward="off"))

    for size in (26.0, 0.26):  # of which the second is left as it is
        descent.backward(size / 26 * ((one * torch.tensor([6.0, 8.0])).sum() + (other * torch.tensor([0.0, 24.0])).sum()))
        descent.step()

    first, second = torch.tensor([6.0, 8.0, 0.0, 24.0]) / 26, torch.tensor([6.0, 8.0, 0.0, 24.0]) / 100
    seen = torch.cat([descent.tensors()[f"exp_avg/{name}"] for name in ("one", "other")])
    assert torch.allclose(seen, 0.9 * 0.1 * first + 0.1 * second, atol=1e-6)


def test_stepping_in_backward_clips_to_the_norm_of_the_step_before_or_to_a_portions_own_where_that_is_more() -> None:
    one, other = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2))
    descent = Descent({"one": one, "other": other}, lambda name: 0.1, config("float32", step_in_backward="on", max_gradient_norm=1.0))

    for of_one, of_other in (([30.0, 40.0], [0.3, 0.4]), ([3.0, 4.0], [300.0, 400.0])):
        descent.backward((one * torch.tensor(of_one)).sum() + (other * torch.tensor(of_other)).sum())
        descent.step()

    before = (50**2 + 0.5**2) ** 0.5
    seen = {name: tensor for name, tensor in descent.tensors().items() if name.startswith("exp_avg/")}
    assert torch.allclose(seen["exp_avg/one"], 0.9 * 0.1 * torch.tensor([0.6, 0.8]) + 0.1 * torch.tensor([3.0, 4.0]) / before)
    assert torch.allclose(seen["exp_avg/other"], 0.9 * 0.1 * torch.tensor([0.3, 0.4]) + 0.1 * torch.tensor([0.6, 0.8]))


@pytest.mark.parametrize(
    ("told", "learning", "within"),
    [
        ({}, WORTHWHILE, True),
        ({}, WORTHWHILE - 1, False),
        ({"accumulate": 2}, WORTHWHILE, False),
        ({"precision": "float16"}, WORTHWHILE, False),
        ({"step_in_backward": "off"}, WORTHWHILE, False),
        ({"step_in_backward": "on"}, 1, True),
    ],
)
def test_gradients_are_freed_as_they_come_where_they_are_many_and_nothing_is_against_it(
    told: dict[str, object], learning: int, within: bool
) -> None:
    assert steps_in_backward(config("float32", **told), learning) is within


def test_of_gradients_that_are_taken_as_they_come_a_portion_is_held_at_once() -> None:
    layers = nn.Sequential(*(nn.Linear(32, 32, bias=False) for _ in range(64)))
    descent = Descent(dict(layers.named_parameters()), lambda name: 1e-3, config("float32", step_in_backward="on"))
    held = []
    for parameter in layers.parameters():
        parameter.register_post_accumulate_grad_hook(lambda _: held.append(sum(each.grad is not None for each in layers.parameters())))

    descent.backward(layers(torch.ones(1, 32)).sum())
    descent.step()

    assert max(held) == 64 // PORTIONS - 1
    assert all(parameter.grad is None for parameter in layers.parameters())


@pytest.mark.parametrize(
    ("moments", "in_backward"), [("float32", "on"), ("float32", "off"), ("eight-bit", "off"), ("eight-bit", "on"), ("factored", "off")]
)
def test_a_run_goes_on_to_the_bit_whatever_is_remembered(
    base: Path, pictures: Path, tmp_path: Path, moments: str, in_backward: str
) -> None:
    told = replace(CONFIG, steps=4, sample_every=0, samples_per_prompt=1, moments=moments, step_in_backward=in_backward)
    places = Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints")
    train(told, replace(places, output=tmp_path / "whole", checkpoints=None))
    stopped_at(2, told, places)

    train(told, places)

    held = load_file(tmp_path / "checkpoints" / "step-000002.safetensors")
    assert any(tensor.dtype == torch.uint8 for tensor in held.values()) is (moments == "eight-bit")
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "out"))
