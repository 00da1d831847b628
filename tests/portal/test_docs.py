"""docs/portal.md shows every page of the portal in every state, and no picture that is not there."""

import re

from tests.portal.pages import PAGES
from tests.portal.shots import FOLDER, shots
from tests.portal.stage import FRONTEND

PAGE = (FOLDER.parent / "portal.md").read_text()
SHOWN = set(re.findall(r'(?:src|srcset)="portal/([^"]+)"', PAGE))
MOST_BYTES = 110_000
# where the app only leads on from
LEADS_ON = {"/jobs/$id"}


def test_every_picture_that_is_shown_is_there() -> None:
    assert sorted(name for name in SHOWN if not (FOLDER / name).is_file()) == []


def test_every_picture_that_is_there_is_shown_and_can_be_taken_anew() -> None:
    there = {path.name for path in FOLDER.iterdir()}

    assert there == SHOWN == {shot.file for shot in shots()}


def test_every_page_of_the_app_is_shown() -> None:
    router = (FRONTEND / "src" / "router.tsx").read_text()
    paths = re.findall(r'getParentRoute: \(\) => (\w+),?\s+path: "([^"]+)"', router)
    routes = {f"/jobs/$id/{path}".rstrip("/") if parent == "job" else path for parent, path in paths}

    missing = {route for route in routes if not any(_fits(route, each.path) for each in PAGES)}

    assert len(routes) > 10
    assert missing - LEADS_ON == set()


def test_the_pictures_are_small() -> None:
    assert [path.name for path in FOLDER.glob("*.png") if path.stat().st_size > MOST_BYTES] == []


def _fits(route: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\\?\$\w+", "[^/]+", re.escape(route)), path.partition("?")[0]) is not None
