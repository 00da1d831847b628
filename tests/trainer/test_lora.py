import copy
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from images.trainer import lora
from images.trainer.adapter_files import KOHYA, PEFT, save_adapters
from images.trainer.config import TrainConfig
from images.trainer.events import Stop, Stopped
from images.trainer.family import Drawing
from images.trainer.lora import Adapters
from images.trainer.stable_diffusion import StableDiffusion
from images.trainer.train import Places, train
from tests.trainer.test_training import same, stop_at, weights

CPU = torch.device("cpu")
CONFIG = TrainConfig(
    "a photo of a sks circle",
    "a photo of a circle",
    method="lora",
    rank=4,
    alpha=8.0,
    steps=4,
    learning_rate=5e-2,
    batch_size=2,
    class_pictures=4,
    samples_per_prompt=1,
    sample_every=0,
    sampling_steps=2,
    train_text_encoder=True,
    seed=11,
)
ASKED = [Drawing("a photo of a sks circle", seed=3, steps=2)]


def adapted(base: Path) -> tuple[StableDiffusion, Adapters]:
    """With adapters that have learnt something, whatever it is."""
    family = StableDiffusion.load(base, CPU)
    adapters = Adapters(family.adaptable(("unet", "text_encoder"), True), rank=4, alpha=8.0, seed=1)
    with torch.no_grad():
        for number, low in enumerate(adapters.learnt.values()):
            low.up.copy_(torch.randn(low.up.shape, generator=torch.Generator().manual_seed(number)) / 3)
    return family, adapters


def picture(family: StableDiffusion) -> torch.Tensor:
    return torch.frombuffer(bytearray(family.draw(ASKED, lambda: None)[0].tobytes()), dtype=torch.uint8).int()


def test_an_adapter_that_has_learnt_nothing_changes_nothing(base: Path) -> None:
    family = StableDiffusion.load(base, CPU)
    before = picture(family)

    Adapters(family.adaptable(("unet", "text_encoder"), True), rank=4, alpha=8.0, seed=1)

    assert torch.equal(picture(family), before)


def test_adapters_that_are_set_aside_leave_the_base_as_it_was(base: Path) -> None:
    family, adapters = adapted(base)
    tuned, untuned = picture(family), picture(StableDiffusion.load(base, CPU))

    with adapters.aside():
        aside = picture(family)

    assert torch.equal(aside, untuned)
    assert torch.equal(picture(family), tuned)
    assert not torch.equal(tuned, untuned)


@pytest.mark.parametrize(
    ("module", "given"),
    [
        (torch.nn.Linear(3, 2), torch.randn(4, 3)),
        (torch.nn.Conv2d(3, 2, 3, stride=2, padding=1), torch.randn(4, 3, 6, 6)),
        (torch.nn.Conv2d(3, 2, 1), torch.randn(4, 3, 6, 6)),
        # larger than what is merged before it is used
        (torch.nn.Linear(160, 128), torch.randn(4, 160)),
        (torch.nn.Conv2d(48, 48, 3, padding=1), torch.randn(4, 48, 6, 6)),
    ],
)
def test_a_weight_acts_as_its_own_plus_alpha_over_rank_times_the_product(module: torch.nn.Module, given: torch.Tensor) -> None:
    summed = copy.deepcopy(module)
    adapters = Adapters({"unet.one": module}, rank=2, alpha=3.0, seed=1)
    (low,) = adapters.learnt.values()
    torch.nn.init.ones_(low.up)

    with torch.no_grad():
        summed.weight += 1.5 * low.down.sum(0).view(1, *summed.weight.shape[1:])

    assert torch.allclose(module(given), summed(given), atol=1e-5)


@pytest.mark.parametrize("module", [torch.nn.Linear(6, 4), torch.nn.Conv2d(6, 4, 3, padding=1)])
def test_an_adapter_learns_the_same_whether_its_product_is_merged_or_not(module: torch.nn.Module, monkeypatch: pytest.MonkeyPatch) -> None:
    given = torch.randn(4, 6) if isinstance(module, torch.nn.Linear) else torch.randn(4, 6, 5, 5)
    adapters = Adapters({"unet.one": module}, rank=2, alpha=3.0, seed=1)
    (low,) = adapters.learnt.values()
    torch.nn.init.normal_(low.up)
    both = [low.down, low.up]

    merged = torch.autograd.grad(module(given).square().sum(), both)
    monkeypatch.setattr(lora, "MERGED", 0)
    beside = torch.autograd.grad(module(given).square().sum(), both)

    assert all(torch.allclose(one, other, rtol=1e-4, atol=1e-4) for one, other in zip(merged, beside, strict=True))


def test_what_is_small_beside_its_weight_is_not_lost_in_half_precision() -> None:
    module = torch.nn.Linear(3, 1, bias=False)
    torch.nn.init.ones_(module.weight)
    adapters = Adapters({"unet.one": module}, rank=1, alpha=1.0, seed=1)
    (low,) = adapters.learnt.values()
    with torch.no_grad():
        low.down.copy_(torch.tensor([[1.0, 1.0, 0.0]]))
        low.up.fill_(1e-3)  # beside 1, nothing in bfloat16

    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        answered = module(torch.tensor([[1.0, 1.0, -2.0]]))

    assert answered.item() == pytest.approx(2e-3, rel=1e-2)


def test_merged_weights_draw_what_the_adapters_drew(base: Path) -> None:
    family, adapters = adapted(base)
    before = picture(family)

    adapters.merge()

    assert (picture(family) - before).abs().max() <= 1  # of 255: sums are rounded in another order
    assert not any("forward" in vars(module) for part in family.parts().values() for module in part.modules())


def test_only_adapters_learn_and_the_model_that_is_left_is_merged(base: Path, pictures: Path, tmp_path: Path) -> None:
    train(CONFIG, Places(base, pictures, tmp_path / "out"))

    before, after = load_file(base / "unet" / "diffusion_pytorch_model.safetensors"), weights(tmp_path / "out")
    changed = {name for name in before if not torch.allclose(before[name].half(), after[name], atol=1e-3)}
    named = {
        key.removeprefix("unet.").split(".lora_")[0] for key in load_file(tmp_path / "out" / "adapters" / PEFT) if key.startswith("unet.")
    }
    assert after.keys() == before.keys()
    assert changed
    assert changed <= {f"{name}.weight" for name in named}


@pytest.mark.parametrize("convolutions", [True, False])
def test_convolutions_are_adapted_if_asked_for(base: Path, convolutions: bool) -> None:
    names = StableDiffusion.load(base, CPU).adaptable(("unet",), convolutions)

    assert any(name.endswith("attn2.to_k") for name in names)
    assert any(name.endswith("conv1") for name in names) is convolutions


def test_adapters_are_resumed_to_the_bit(base: Path, pictures: Path, tmp_path: Path) -> None:
    places = Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints")
    train(CONFIG, replace(places, output=tmp_path / "whole", checkpoints=None))
    stop = Stop()
    with pytest.raises(Stopped):
        train(replace(CONFIG, report_every=1), places, stop_at(2, stop), stop)

    train(CONFIG, places)

    one, other = (load_file(tmp_path / name / "adapters" / PEFT) for name in ("whole", "out"))
    assert same(one, other)


def test_kohya_and_peft_files_hold_the_same_change(base: Path, tmp_path: Path) -> None:
    _, adapters = adapted(base)
    save_adapters(adapters, tmp_path, {})

    peft, kohya = load_file(tmp_path / PEFT), load_file(tmp_path / KOHYA)

    for name in adapters.learnt:
        part, _, module = name.partition(".")
        key = {"unet": "lora_unet_", "text_encoder": "lora_te_text_model_"}[part] + module.replace(".", "_")
        scale = kohya[f"{key}.alpha"] / len(kohya[f"{key}.lora_down.weight"])
        one = peft[f"{name}.lora_B.weight"].flatten(1).float() @ peft[f"{name}.lora_A.weight"].flatten(1).float()
        other = scale * kohya[f"{key}.lora_up.weight"].flatten(1).float() @ kohya[f"{key}.lora_down.weight"].flatten(1).float()
        assert torch.allclose(one, other, atol=2e-3)


@pytest.mark.parametrize("file", [PEFT, KOHYA])
def test_diffusers_own_pipeline_loads_them_and_draws_the_same(base: Path, tmp_path: Path, file: str) -> None:
    from diffusers import StableDiffusionPipeline

    family, adapters = adapted(base)
    save_adapters(adapters, tmp_path, {})
    bare = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    theirs = StableDiffusionPipeline.from_pretrained(base, local_files_only=True, scheduler=family.scheduler, **bare)
    theirs.set_progress_bar_config(disable=True)

    theirs.load_lora_weights(tmp_path, weight_name=file)

    latents = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(ASKED[0].seed))
    asked = {"num_inference_steps": ASKED[0].steps, "guidance_scale": ASKED[0].guidance, "latents": latents, "output_type": "pt"}
    drawn = theirs(ASKED[0].prompt, **asked).images[0].permute(1, 2, 0).mul(255).round().int().flatten()
    assert (drawn - picture(family)).abs().max() <= 2  # the file is in half precision
    assert (picture(StableDiffusion.load(base, CPU)) - picture(family)).abs().max() > 20
