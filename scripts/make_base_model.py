"""Makes the base model of the local stack from nothing, and the sample pictures: `python -m scripts.make_base_model --out samples`.

The base is a small Stable Diffusion 1.x pipeline that knows plain shapes in eight colours. All of it is drawn and
trained here, from a seed; nothing is downloaded. The same seed, thread count and library versions give the same files.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline

from scripts.base_model import world
from scripts.base_model.autoencoder import train_autoencoder
from scripts.base_model.denoiser import Denoiser, make_scheduler, train_denoiser
from scripts.base_model.features import train_reader
from scripts.base_model.grading import grade
from scripts.base_model.pictures import draw_subjects
from scripts.base_model.tokenizer import make_tokenizer
from scripts.bring.hub import Licence
from scripts.bring.pin import Origin, pin_folder

MADE_HERE = Origin("samples/base-model", None, "", Licence("apache-2.0", None, "samples/LICENSE"))


def main() -> None:
    flags = _flags()
    torch.set_num_threads(flags.threads)
    if flags.pictures:
        draw_subjects(flags.out / "pictures", flags.seed)
    else:
        make_base_model(flags.out / "base-model", flags.seed, flags.autoencoder_steps, flags.likeness_steps, flags.denoiser_steps)


def make_base_model(folder: Path, seed: int, autoencoder_steps: int, likeness_steps: int, denoiser_steps: int) -> None:
    torch.manual_seed(seed)
    tokenizer = make_tokenizer(world.WORDS, folder / "tokenizer")
    vae = train_autoencoder(autoencoder_steps, seed)
    reader = train_reader(likeness_steps, seed)
    denoiser = train_denoiser(vae, tokenizer, denoiser_steps, batch=32, seed=seed)
    pipeline = _assemble(vae, denoiser)
    marks = grade(pipeline, reader, seed)
    print("grades: " + ", ".join(f"{name} {share:.2f}" for name, share in marks.items()), flush=True)
    pipeline.to(torch.float16).save_pretrained(folder)
    reader.network.save(folder / "likeness")
    (folder / "contexts.json").write_text(json.dumps(["on a pink background", "on a sand background"]) + "\n")
    (folder / "grades.json").write_text(json.dumps({name: round(share, 3) for name, share in marks.items()}, indent=2) + "\n")
    pin_folder(folder, MADE_HERE)


def _assemble(vae: AutoencoderKL, denoiser: Denoiser) -> StableDiffusionPipeline:
    pipeline = StableDiffusionPipeline(
        vae=vae,
        text_encoder=denoiser.text_encoder,
        tokenizer=denoiser.tokenizer,
        unet=denoiser.unet,
        scheduler=make_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("samples"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pictures", action="store_true", help="only draw the sample pictures")
    parser.add_argument("--autoencoder-steps", type=int, default=1200)
    parser.add_argument("--likeness-steps", type=int, default=800)
    parser.add_argument("--denoiser-steps", type=int, default=2400)
    return parser.parse_args()


if __name__ == "__main__":
    main()
