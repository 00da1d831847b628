from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from images.trainer.originals import InFile, InMemory, Kept, Originals


def layers() -> list[nn.Parameter]:
    dice = torch.Generator().manual_seed(3)
    return [nn.Parameter(torch.randn(shape, generator=dice)) for shape in ((3, 4), (5,), (2, 3, 1, 1), ())]


def copies(parameters: list[nn.Parameter]) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in parameters]


def same(one: list[Tensor], other: list[Tensor]) -> bool:
    return all(torch.equal(each, its) for each, its in zip(one, other, strict=True))


def learn(parameters: list[nn.Parameter]) -> None:
    with torch.no_grad():
        for parameter in parameters:
            parameter.mul_(3).add_(1)


@pytest.mark.parametrize("kept", [InFile, InMemory])
def test_the_bases_weights_come_back_and_go_again_to_the_bit_as_often_as_asked(kept: Callable[[], Kept]) -> None:
    parameters = layers()
    base, originals = copies(parameters), Originals(parameters, kept())

    for _ in range(2):
        learn(parameters)
        learnt = copies(parameters)
        with originals.back():
            assert same(copies(parameters), base)
        assert same(copies(parameters), learnt)


def test_what_was_learnt_is_there_again_after_an_error() -> None:
    parameters = layers()
    originals = Originals(parameters, InFile())
    learn(parameters)
    learnt = copies(parameters)

    with pytest.raises(KeyError), originals.back():
        raise KeyError

    assert same(copies(parameters), learnt)
