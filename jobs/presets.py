"""How long a job trains, in words that a designer chooses from."""

from enum import StrEnum


class PresetId(StrEnum):
    QUICK = "quick"
    STANDARD = "standard"
    THOROUGH = "thorough"

    def steps(self, standard: int) -> int:
        """`standard` is what the stack's settings say; never none."""
        return max(1, round(standard * _SHARES[self]))


# With Stable Diffusion 1.5 and its 800 steps: a subject that is easily told is there after 400, a face is better at 1200, and beyond
# that a handful of pictures is learnt by heart.
_SHARES = {PresetId.QUICK: 0.5, PresetId.STANDARD: 1.0, PresetId.THOROUGH: 1.5}
