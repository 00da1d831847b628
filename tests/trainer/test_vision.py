"""DINOv2 and CLIP judge pictures from folders as the hub has them; here with small networks that know nothing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from transformers import CLIPConfig, CLIPModel, Dinov2Config, Dinov2Model

from images.trainer.likeness import UnknownLikeness, load_likeness
from images.trainer.train import Places, train
from images.trainer.vision import Clip, Dino, Lens
from scripts.base_model.tokenizer import make_tokenizer
from tests.trainer.test_training import CONFIG

SMALL = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 16, "patch_size": 8}
PREPARED = {"crop_size": {"height": 16, "width": 16}, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25]}
COLOURS = [Image.new("RGB", (20, 30), colour) for colour in ("red", "navy", "white")]


@pytest.fixture
def dino(tmp_path: Path) -> Path:
    torch.manual_seed(2)
    Dinov2Model(Dinov2Config(mlp_ratio=2, **SMALL)).save_pretrained(tmp_path / "likeness")
    (tmp_path / "likeness" / "preprocessor_config.json").write_text(json.dumps(PREPARED))
    return tmp_path / "likeness"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    torch.manual_seed(3)
    folder = tmp_path / "onlooker"
    tokenizer = make_tokenizer(("a", "photo", "of", "circle", "snow"), folder)
    tokenizer.save_pretrained(folder)
    ids = {f"{kind}_token_id": getattr(tokenizer, f"{kind}_token_id") for kind in ("bos", "eos", "pad")}
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": 8,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        **ids,
    }
    CLIPModel(CLIPConfig(text_config=text, vision_config={**SMALL, "intermediate_size": 16}, projection_dim=8)).save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPARED))
    return folder


def test_pictures_are_cut_square_and_normalised_as_the_folder_says(dino: Path) -> None:
    pixels = Lens(dino).pixels(COLOURS[:1])

    assert pixels.shape == (1, 3, 16, 16)
    assert pixels[0, :, 3, 3].tolist() == [2.0, -2.0, -2.0]


def test_the_features_of_dino_are_its_class_token_of_length_one(dino: Path) -> None:
    network = Dino(dino)

    features = network.features(COLOURS)

    token = network.network(network.lens.pixels(COLOURS)).last_hidden_state[:, 0]
    assert torch.allclose(features, token / token.norm(dim=1, keepdim=True), atol=1e-6)


def test_clip_tells_pictures_apart_as_its_own_scores_do(clip: Path) -> None:
    network, texts = Clip(clip), ["a photo of a circle", "a photo of snow", "snow"]
    tokens = network.tokenizer(texts, padding="max_length", truncation=True, return_tensors="pt")
    scores = network.network(pixel_values=network.lens.pixels(COLOURS), **tokens).logits_per_image

    share = network.recognised([[picture] for picture in COLOURS], texts, lambda: None)

    assert share == pytest.approx(float((scores.argmax(1) == torch.arange(3)).float().mean()))


def test_a_base_with_dino_and_clip_is_measured_by_them(base: Path, dino: Path, clip: Path, pictures: Path, tmp_path: Path) -> None:
    for part in base.iterdir():
        if part.name != "likeness":
            (tmp_path / part.name).symlink_to(part)

    metrics = train(replace(CONFIG, steps=2, sample_every=0), Places(tmp_path, pictures, tmp_path / "out"))

    assert isinstance(load_likeness(tmp_path), Dino)
    assert metrics.likeness_ceiling is not None
    assert metrics.after.recognised in {0.0, 0.5, 1.0}


def test_a_network_of_another_kind_is_refused_by_name(dino: Path) -> None:
    (dino / "config.json").write_text('{"model_type": "vit"}')

    with pytest.raises(UnknownLikeness, match="'vit' is unknown"):
        load_likeness(dino.parent)
