"""Nano models in the very shapes in which the hub has Stable Diffusion: the configurations and names are theirs, the weights ours."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from tests.trainer.conftest import make_nano

NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000, "trained_betas": None}
PNDM = NOISE | {
    "_class_name": "PNDMScheduler",
    "_diffusers_version": "0.6.0",
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "clip_sample": False,
}
DDIM = NOISE | {
    "_class_name": "DDIMScheduler",
    "_diffusers_version": "0.8.0",
    "clip_sample": False,
    "prediction_type": "v_prediction",
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
}
EULER = NOISE | {
    "_class_name": "EulerDiscreteScheduler",
    "_diffusers_version": "0.10.2",
    "interpolation_type": "linear",
    "use_karras_sigmas": False,
    "clip_sample": False,
    "prediction_type": "epsilon",
    "skip_prk_steps": True,
    "set_alpha_to_one": False,
    "steps_offset": 1,
}
WEIGHTS = {"unet": "diffusion_pytorch_model", "vae": "diffusion_pytorch_model", "text_encoder": "model"}


def special(token: str) -> dict[str, Any]:
    return {"__type": "AddedToken", "content": token, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}


def write(folder: Path, name: str, document: object) -> None:
    (folder / name).write_text(json.dumps(document, indent=2) + "\n")


def change(folder: Path, name: str, **values: object) -> None:
    write(folder, name, {**json.loads((folder / name).read_text()), **values})


def like_sd15(nano: Path, folder: Path) -> Path:
    """Its autoencoder and text encoder have the names of 2022, its tokenizer the files of then, and a safety checker lies beside it."""
    shutil.copytree(nano, folder)
    write(folder, "scheduler/scheduler_config.json", PNDM)
    _name_as_then(folder)
    _tokenizer_as_then(folder / "tokenizer", "<|endoftext|>")
    write(folder, "model_index.json", {**json.loads((folder / "model_index.json").read_text()), "_diffusers_version": "0.6.0"})
    (folder / "safety_checker").mkdir()
    write(folder, "safety_checker/config.json", {"architectures": ["StableDiffusionSafetyChecker"]})
    (folder / "safety_checker" / "pytorch_model.bin").write_bytes(b"\x80\x02never to be unpickled.")
    return folder


def like_sd21(folder: Path) -> Path:
    """Velocity, OpenCLIP's text encoder, heads told for each block, linear projections."""
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    make_nano(folder, "v_prediction")
    torch.manual_seed(6)
    text = CLIPTextConfig(
        vocab_size=len(json.loads((folder / "tokenizer" / "vocab.json").read_text())),
        hidden_size=8,
        intermediate_size=32,
        num_hidden_layers=3,
        num_attention_heads=2,
        hidden_act="gelu",
        projection_dim=8,
        bos_token_id=0,
        eos_token_id=2,
        pad_token_id=1,
    )
    CLIPTextModel(text).save_pretrained(folder / "text_encoder")
    UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=8,
        attention_head_dim=[2, 4],
        use_linear_projection=True,
        upcast_attention=True,
        norm_num_groups=4,
    ).save_pretrained(folder / "unet")
    write(folder, "scheduler/scheduler_config.json", DDIM)
    _tokenizer_as_then(folder / "tokenizer", "!")
    return folder


def in_halves(folder: Path) -> Path:
    """Only the half-precision variant is there, by the name that diffusers gives it."""
    for part, name in WEIGHTS.items():
        whole = folder / part / f"{name}.safetensors"
        save_file(
            {key: tensor.half() for key, tensor in load_file(whole).items()}, folder / part / f"{name}.fp16.safetensors", {"format": "pt"}
        )
        whole.unlink()
    return folder


def _name_as_then(folder: Path) -> None:
    """Diffusers 0.6 called the projections of an autoencoder's attention query, key, value and proj_attn; transformers kept a buffer."""
    path = folder / "vae" / "diffusion_pytorch_model.safetensors"
    then = {".to_q.": ".query.", ".to_k.": ".key.", ".to_v.": ".value.", ".to_out.0.": ".proj_attn."}
    tensors = load_file(path)
    for new, old in then.items():
        tensors = {key.replace(new, old): tensor for key, tensor in tensors.items()}
    save_file(tensors, path, {"format": "pt"})
    path = folder / "text_encoder" / "model.safetensors"
    tensors = load_file(path)
    if not any(key.startswith("text_model.") for key in tensors):
        tensors = {f"text_model.{key}": tensor for key, tensor in tensors.items()}
    tensors["text_model.embeddings.position_ids"] = torch.arange(77)[None]
    save_file(tensors, path, {"format": "pt"})


def _tokenizer_as_then(folder: Path, pad: str) -> None:
    for path in folder.iterdir():
        if path.name not in {"vocab.json", "merges.txt"}:
            path.unlink()
    tokens = {"bos_token": special("<|startoftext|>"), "eos_token": special("<|endoftext|>"), "unk_token": special("<|endoftext|>")}
    options = {
        "add_prefix_space": False,
        "do_lower_case": True,
        "errors": "replace",
        "model_max_length": 77,
        "tokenizer_class": "CLIPTokenizer",
    }
    write(folder, "tokenizer_config.json", options | tokens | {"pad_token": pad})
    plain = {name: {key: value for key, value in token.items() if key != "__type"} for name, token in tokens.items()}
    write(folder, "special_tokens_map.json", plain | {"pad_token": pad})
