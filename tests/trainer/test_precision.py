import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from images.trainer.config import TrainConfig
from images.trainer.dreambooth import DreamBooth
from images.trainer.optimizer import Descent
from images.trainer.precision import compiles, precision_of
from images.trainer.stable_diffusion import StableDiffusion
from images.trainer.train import Places, train
from tests.trainer.test_lora import picture
from tests.trainer.test_optimizer import config, descend
from tests.trainer.test_parts import ASKED, examples, gradients
from tests.trainer.test_training import CONFIG, same, stopped_at, weights

CPU, GPU = torch.device("cpu"), torch.device("cuda")


def test_a_gpu_takes_half_precision_unless_told_otherwise() -> None:
    taken = [precision_of(TrainConfig("a", prior_weight=0), device) for device in (CPU, GPU)]

    assert taken == [torch.float32, torch.bfloat16]
    assert precision_of(TrainConfig("a", prior_weight=0, precision="float16"), GPU) == torch.float16


@pytest.mark.parametrize("moments", ["float32", "eight-bit", "factored"])
def test_a_scaled_loss_changes_the_weights_to_the_bit_as_the_loss_itself(moments: str) -> None:
    """Its scale is a power of two."""
    plain, _, _ = descend(config(moments), steps=5)
    scaled, _, descent = descend(config(moments, precision="float16"), steps=5)

    assert descent.scaler.get_scale() == 2**16
    assert torch.equal(plain.weight, scaled.weight)


@pytest.mark.parametrize("moments", ["float32", "eight-bit", "factored"])
def test_a_step_that_overflows_is_left_out_and_the_scale_is_halved(moments: str) -> None:
    parameter = nn.Parameter(torch.ones(3))
    descent = Descent({"weight": parameter}, lambda name: 0.1, config(moments, precision="float16"))

    for factor in (1.0, float("inf")):
        before = parameter.detach().clone()
        descent.backward((parameter * factor).sum())
        descent.step()

    assert torch.equal(parameter, before)
    assert not torch.equal(parameter, torch.ones(3))
    assert descent.scaler.get_scale() == 2**15


def test_a_run_with_a_scaled_loss_goes_on_to_the_bit(base: Path, pictures: Path, tmp_path: Path) -> None:
    asked = replace(CONFIG, steps=4, precision="float16", samples_per_prompt=1, sample_every=0)
    places = Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints")
    train(asked, replace(places, output=tmp_path / "whole", checkpoints=None))
    stopped_at(2, asked, places)

    train(asked, places)

    held = load_file(tmp_path / "checkpoints" / "step-000002.safetensors")
    assert (held["scaler/scale"], held["scaler/_growth_tracker"]) == (2**16, 2)
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "out"))


def test_the_scale_is_taken_from_the_checkpoint() -> None:
    one, other = (
        Descent({"weight": nn.Parameter(torch.ones(3))}, lambda name: 0.1, config("float32", precision="float16")) for _ in range(2)
    )
    one.backward((one.parameters["weight"] * float("inf")).sum())
    one.step()

    other.load(one.tensors())

    assert other.scaler.state_dict() == one.scaler.state_dict()
    assert other.scaler.get_scale() == 2**15


def test_long_runs_on_a_gpu_are_compiled_where_there_is_a_compiler_and_others_if_asked_for() -> None:
    long = TrainConfig("a", prior_weight=0, steps=500)

    assert compiles(long, GPU) is bool(shutil.which("gcc") or shutil.which("clang"))
    assert not compiles(replace(long, steps=499), GPU)
    assert not compiles(long, CPU)
    assert not compiles(replace(long, compile="off"), GPU)
    assert compiles(replace(long, compile="on", steps=1), CPU)


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor")  # the compiler's own look at what goes in
@pytest.mark.parametrize("method", ["dreambooth", "lora"])
def test_compiled_blocks_keep_their_names_and_gradients_and_the_pictures(base: Path, method: str) -> None:
    graphs: list[object] = []

    def compiler(graph: torch.fx.GraphModule, inputs: object) -> object:
        """Compiles nothing: what it is handed is what a real one would be."""
        graphs.append(graph)
        return graph.forward

    asked = replace(ASKED, method=method, train_text_encoder=False)
    family = StableDiffusion.load(base, CPU)
    before = picture(family)
    family.compile = partial(family.compile, backend=compiler)  # type: ignore[method-assign]

    compiled = DreamBooth(family, replace(asked, compile="on"), examples(), CPU)
    compiled.loss(3).backward()

    _, plain = gradients(base, asked)
    told, found = {name: parameter.grad for name, parameter in compiled.parameters().items()}, len(graphs)
    assert found > 0
    assert told.keys() == plain.keys()
    assert all(torch.allclose(gradient, told[name], rtol=1e-4, atol=1e-6) for name, gradient in plain.items())
    assert torch.equal(picture(family), before)
    assert len(graphs) == found
