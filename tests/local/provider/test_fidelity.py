from pathlib import Path

from local.provider.catalog import TYPES
from local.provider.fidelity import page

PAGE = Path(__file__).parents[3] / "docs" / "fidelity.md"


def test_the_page_is_what_the_catalog_says() -> None:
    assert PAGE.read_text() == page(), "run `python -m local.provider.fidelity > docs/fidelity.md`"


def test_every_check_says_in_words_what_it_holds() -> None:
    silent = [token for token, kind in TYPES.items() if kind.checks and not (kind.checks.__doc__ or "").strip()]

    assert silent == []
