"""The pictures of docs/portal.md: `python -m tests.portal.shots [--dist FOLDER] [--only NAME ...]`; `make screenshots`.

Every page in every state, light and dark; some on a phone, some in German. The same pages give the same pictures on any day but for the
dates in them: what is shown is made from names, and the browser's clock stands.
"""

import argparse
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser

from tests.portal.between import Instead
from tests.portal.browsing import Tab, chromium, tab
from tests.portal.pages import BY_NAME, PAGES, Shown
from tests.portal.seed import EVERYTHING
from tests.portal.stage import FRONTEND, Own, built, stage

FOLDER = FRONTEND.parent / "docs" / "portal"
THEMES = ("light", "dark")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ON_A_PHONE = ("sheets", "choose", "describe", "check", "follow-training", "result", "generate", "prints", "model")
IN_GERMAN = ("sheets", "choose", "check", "follow-training", "failed-quality", "you")
_MOST_BYTES, _COLOURS = 90_000, (256, 208, 160, 128, 96, 72)
_OWN_COLOURS = 24
# of a picture, in pixels; what is wider is made smaller
_WIDEST, _TALLEST = 1024, 1200
# the colours of which a page has little and that say much
_TOKENS = ("safelight", "good", "warn", "grease")
_AS_RGB = """(names) => names.map((name) => {
  const paint = document.createElement('canvas').getContext('2d');
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = `var(--${name})`;
  paint.fillStyle = getComputedStyle(probe).color;
  probe.remove();
  paint.fillRect(0, 0, 1, 1);
  return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
})"""
_OCLOCK = time(14, 7, tzinfo=UTC)


def _loading(own: Own, tab: Tab) -> None:
    own.front.hold()
    tab.page.goto(f"{own.url}/models")
    tab.page.wait_for_selector("main h1")
    tab.page.wait_for_timeout(600)


def _offline(own: Own, tab: Tab) -> None:
    tab.show(BY_NAME["follow-training"])
    tab.page.context.set_offline(True)
    tab.page.wait_for_timeout(600)


def _signed_out(own: Own, tab: Tab) -> None:
    tab.show(BY_NAME["sheets"])
    tab.page.context.clear_cookies()
    tab.page.get_by_role("link", name="Models").first.click()
    tab.page.get_by_role("alert").first.wait_for()


def _trouble(own: Own, tab: Tab) -> None:
    own.front.instead += [Instead("GET", "/v1/models", 503)] * 12
    tab.page.goto(f"{own.url}/models")
    tab.page.get_by_role("alert").first.wait_for()
    own.front.instead.clear()


SITUATIONS: Mapping[str, Callable[[Own, Tab], None]] = {
    "loading": _loading,
    "offline": _offline,
    "signed-out": _signed_out,
    "trouble": _trouble,
}


@dataclass(frozen=True)
class Shot:
    """One picture: a page, or a situation that is brought about on one."""

    file: str
    shown: Shown | None
    situation: str = ""
    theme: str = "light"
    language: str = "en"
    phone: bool = False


def shots() -> Iterator[Shot]:
    for theme in THEMES:
        end = "" if theme == "light" else f"-{theme}"
        for shown in PAGES:
            yield Shot(f"{shown.name}{end}.png", shown, theme=theme)
        for name in SITUATIONS:
            yield Shot(f"{name}{end}.png", None, name, theme=theme)
    for name in ON_A_PHONE:
        yield Shot(f"{name}-phone.png", BY_NAME[name], phone=True)
    for name in IN_GERMAN:
        yield Shot(f"{name}-de.png", BY_NAME[name], language="de")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dist", type=Path, help="the built pages; without it they are built")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--only", nargs="*", default=(), help="names of pages")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in shots() if not arguments.only or shot.file.removesuffix(".png").removesuffix("-dark") in arguments.only]
    at = datetime.combine(datetime.now(UTC).date(), _OCLOCK)
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        dist = arguments.dist or built(Path(folder) / "dist")
        with stage(dist, at=at) as own, chromium() as browser:
            for shot in wanted:
                (arguments.folder / shot.file).write_bytes(quantised(*_taken(browser, own, shot)))


def _taken(browser: Browser, own: Own, shot: Shot) -> tuple[bytes, list[list[int]]]:
    """The picture, and colours that must not be lost."""
    designer = shot.shown.designer if shot.shown else EVERYTHING
    with _tab(browser, own, designer, shot) as there:
        there.page.clock.set_fixed_time(own.seed.at)
        if shot.shown:
            there.show(shot.shown)
        else:
            SITUATIONS[shot.situation](own, there)
        tall = there.page.evaluate("document.documentElement.scrollHeight")
        width = there.page.evaluate("innerWidth")
        picture = there.page.screenshot(
            full_page=True, animations="disabled", caret="hide", clip={"x": 0, "y": 0, "width": width, "height": min(tall, _TALLEST)}
        )
        colours: list[list[int]] = there.page.evaluate(_AS_RGB, list(_TOKENS))
    own.front.release()
    return picture, colours


@contextmanager
def _tab(browser: Browser, own: Own, designer: str, shot: Shot) -> Iterator[Tab]:
    options: dict[str, Any] = {"color_scheme": shot.theme, "timezone_id": "UTC", "reduced_motion": "reduce"}
    with tab(browser, own, designer, shot.language, **options, **(PHONE if shot.phone else {})) as there:
        yield there


def quantised(png: bytes, tokens: Sequence[Sequence[int]] = ()) -> bytes:
    """With as many colours as fit into so many bytes."""
    small = png
    with Image.open(io.BytesIO(png)) as image:
        shown = image.convert("RGB")
        shown.thumbnail((_WIDEST, _TALLEST), Image.Resampling.LANCZOS)
    for colours in _COLOURS:
        out = io.BytesIO()
        shown.quantize(palette=_palette(shown, colours, tokens), dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        small = out.getvalue()
        if len(small) <= _MOST_BYTES:
            break
    return small


def _palette(shown: Image.Image, colours: int, tokens: Sequence[Sequence[int]]) -> Image.Image:
    """The page's own flat colours as they are, few as their pixels may be, and then those of the photographs."""
    counted = sorted(shown.getcolors(shown.width * shown.height) or [], key=lambda each: -each[0])
    own = [*tokens, *(colour for count, colour in counted[:_OWN_COLOURS] if count > 40)]
    cut = shown.quantize(colours - len(own), kmeans=1, dither=Image.Dither.NONE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in own for channel in colour] + cut[: 3 * (colours - len(own))])  # type: ignore[attr-defined]
    return palette


if __name__ == "__main__":
    main()
