import argparse

import pytest

from images.trainer.config import Contradiction, TrainConfig
from images.trainer.flags import add_config_flags, config_from

SUBJECT, KIND = "a photo of a sks circle", "a photo of a circle"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"steps": 0}, "steps is 0"),
        ({"class_prompt": ""}, "class_prompt is empty"),
        ({"class_prompt": SUBJECT}, "equals instance_prompt"),
        ({"instance_prompt": " "}, "instance_prompt is empty"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"prior_weight": -1.0}, "prior_weight is -1.0"),
        ({"precision": "int8"}, "float32"),
        ({"moments": "int8"}, "eight-bit"),
        ({"accumulate": 0}, "accumulate is 0"),
        ({"accumulate": 2, "step_in_backward": "on"}, "accumulate must be 1"),
        ({"precision": "float16", "step_in_backward": "on"}, "float16 must"),
        ({"compile": "always"}, "auto, on, off"),
        ({"mask_floor": 1.5}, "mask_floor is 1.5"),
        ({"guidance": 0.5}, "guidance is 0.5"),
        ({"min_snr_gamma": -1.0}, "min_snr_gamma is -1.0"),
        ({"text_encoder_rate": 1e-6}, "text_encoder_rate is set, but train_text_encoder is not"),
        ({"train_text_encoder": True, "text_encoder_rate": 2.0}, "text_encoder_rate is 2.0"),
        ({"train_text_encoder": True, "text_encoder_steps": 900}, "training ends after 800"),
    ],
)
def test_a_contradiction_is_refused_by_name(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(Contradiction, match=told):
        TrainConfig(**({"instance_prompt": SUBJECT, "class_prompt": KIND} | wrong))


def test_without_a_prior_no_class_prompt_is_needed() -> None:
    assert TrainConfig(SUBJECT, prior_weight=0).class_prompt == ""


def test_flags_are_the_fields_of_the_config() -> None:
    parser = argparse.ArgumentParser()
    add_config_flags(parser)
    numbers = ["--steps=300", "--learning-rate=5e-4", "--no-train-text-encoder", "--resolution=32"]
    choices = ["--moments=eight-bit", "--step-in-backward=on"]
    texts = [f"--instance-prompt={SUBJECT}", f"--class-prompt={KIND}", "--sample-prompts=a", "--sample-prompts=b"]

    flags = parser.parse_args([*numbers, *choices, *texts])

    assert config_from(flags) == TrainConfig(
        SUBJECT,
        KIND,
        steps=300,
        learning_rate=5e-4,
        train_text_encoder=False,
        sample_prompts=("a", "b"),
        resolution=32,
        moments="eight-bit",
        step_in_backward="on",
    )


def test_only_what_decides_the_weights_is_in_the_fingerprint() -> None:
    one = TrainConfig(SUBJECT, KIND)

    assert TrainConfig(SUBJECT, KIND, sample_every=7).fingerprint() == one.fingerprint()
    assert TrainConfig(SUBJECT, KIND, seed=7).fingerprint() != one.fingerprint()
