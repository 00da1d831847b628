"""How fast the portal is in a browser: first load, pictures on their way, a job's news, a thousand prints.

`python -m tests.bench.portal [--dist FOLDER]`; a part of `make bench`. Chromium, the portal's server, the upload service and Google's
Firestore emulator share the machine.
"""

import argparse
import io
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, Response

from tests.portal import painter
from tests.portal.browsing import Tab, chromium, tab
from tests.portal.pages import BY_NAME
from tests.portal.seed import EVERYTHING, MANY
from tests.portal.stage import Own, built, stage

PHOTOS, PIXELS = 10, (4000, 3000)
_CHANGES = 5
_OBSERVE = """
window.seen = { paint: 0, tasks: [] };
new PerformanceObserver((list) => list.getEntries().forEach((each) => { window.seen.paint = each.startTime; }))
  .observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((each) => { window.seen.tasks.push(each.duration); }))
  .observe({ type: 'longtask', buffered: true });
"""
_HEADINGS = """
window.headings = [];
new MutationObserver(() => {
  const text = document.querySelector('h1')?.textContent ?? '';
  if (window.headings.at(-1)?.[0] !== text) window.headings.push([text, Date.now()]);
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
_SCROLL = """async () => {
  const frames = [];
  const down = document.documentElement.scrollHeight - innerHeight;
  let before = performance.now();
  for (let at = down; at > 0; at -= Math.max(60, down / 240)) {
    scrollTo(0, at);
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - before);
    before = now;
  }
  return frames.slice(1);
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--dist", type=Path, help="the built pages; without it they are built")
    arguments = parser.parse_args()
    for name, values in figures(arguments.runs, arguments.dist).items():
        sys.stdout.write(f"{statistics.median(values):8.2f}  {name}  {[round(value, 2) for value in values]}\n")


def figures(runs: int, dist: Path | None = None) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = dist or built(folder / "dist")
        photos = list(_photos(folder))
        with redirect_stdout(io.StringIO()), stage(pages) as own, chromium() as browser:
            rows = {"portal: first load, gzip (kB)": [first_load(pages)]}
            for turn in range(runs):
                for row in (_opened(browser, own), _sent(browser, own, photos, turn), _told(browser, own, turn), _scrolled(browser, own)):
                    for what, value in row.items():
                        rows.setdefault(f"portal: {what}", []).append(value)
    return rows


def first_load(pages: Path) -> float:
    """What a browser fetches before the first page stands: the document and what it names."""
    document = (pages / "index.html").read_text()
    named = re.findall(r'(?:src|href)="/(assets/[^"]+\.(?:js|css))"', document)
    return sum((pages / f"{name}.gz").stat().st_size for name in ("index.html", *named)) / 1000


def _opened(browser: Browser, own: Own) -> Mapping[str, float]:
    with tab(browser, own, EVERYTHING) as there:
        there.page.add_init_script(_OBSERVE)
        there.show(BY_NAME["sheets"])
        there.page.wait_for_timeout(300)
        return {"largest paint of the sheets (ms)": there.page.evaluate("seen.paint"), "longest task till then (ms)": _longest(there.page)}


def _sent(browser: Browser, own: Own, photos: list[Path], turn: int) -> Mapping[str, float]:
    """Ten photos laid out, and what she types meanwhile."""
    with tab(browser, own, f"bench{turn}-{time.time_ns()}@example.com") as there:
        there.page.add_init_script(_OBSERVE)
        there.go("/new")
        there.page.locator("input[type=file]").first.wait_for(state="attached")
        announced, arrived = _heard(there.page)
        began = time.monotonic()
        there.page.locator("input[type=file]").first.set_input_files(photos)
        there.page.get_by_role("button", name="Describe it").click()
        field = there.page.get_by_label("What is it?")
        while len(arrived) < len(photos):
            field.press_sequentially("a vase ", delay=40)
            field.fill("")
            if time.monotonic() - began > 120:
                raise RuntimeError(f"{len(arrived)} of {len(photos)} photos arrived in two minutes")
        return {
            f"{len(photos)} photos of 12 megapixels prepared (s)": announced[-1] - began,
            f"{len(photos)} photos of 12 megapixels sent (s)": arrived[-1] - began,
            "longest task meanwhile (ms)": _longest(there.page),
        }


def _heard(page: Page) -> tuple[list[float], list[float]]:
    """When uploads were announced, and when their bytes had come."""
    announced: list[float] = []
    arrived: list[float] = []

    def answered(response: Response) -> None:
        path, method = response.url.partition("?")[0], response.request.method
        if method == "POST" and path.endswith("/uploads") and response.ok:
            announced.append(time.monotonic())
        if method == "PUT" and "/uploads/" in path and response.ok:
            arrived.append(time.monotonic())

    page.on("response", answered)
    return announced, arrived


def _told(browser: Browser, own: Own, turn: int) -> Mapping[str, float]:
    """From the moment that the store has a new step to the moment that the page says it."""
    job = own.seed.parts.jobs.get(own.ids[EVERYTHING]["training"])
    took = []
    with tab(browser, own, EVERYTHING) as there:
        there.page.add_init_script(_HEADINGS)
        there.show(BY_NAME["follow-training"])
        there.page.wait_for_timeout(1000)
        for change in range(_CHANGES):
            step = 501 + turn * _CHANGES + change
            own.seed.parts.jobs.note(job.id, progress=replace(job.progress, step=step))
            stored = time.time() * 1000
            took.append(_said(there, str(step)) - stored)
            there.page.wait_for_timeout(400)
    return {"a step stored, then on the screen (ms)": statistics.median(took)}


def _said(there: Tab, text: str) -> float:
    there.until("(text) => headings.some(([heading]) => heading.includes(text))", text)
    at: float = there.page.evaluate("(text) => headings.find(([heading]) => heading.includes(text))[1]", text)
    return at


def _scrolled(browser: Browser, own: Own) -> Mapping[str, float]:
    with tab(browser, own, MANY) as there:
        there.show(BY_NAME["prints-many"])
        _to_the_end(there.page)
        frames: list[float] = there.page.evaluate(_SCROLL)
        images: int = there.page.evaluate("document.images.length")
    return {
        "1,000 prints, a frame while scrolling, median (ms)": statistics.median(frames),
        "1,000 prints, a frame while scrolling, 95 of 100 within (ms)": statistics.quantiles(frames, n=20)[-1],
        "1,000 prints, pictures in the document at once": float(images),
    }


def _to_the_end(page: Page) -> None:
    """Until there is no more to fetch."""
    tall, still = 0, 0
    while still < 4:
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        more = page.get_by_role("button", name=re.compile("more", re.IGNORECASE))
        if more.count():
            more.first.click()
        page.wait_for_timeout(250)
        now: int = page.evaluate("document.documentElement.scrollHeight")
        tall, still = now, still + 1 if now == tall else 0


def _longest(page: Page) -> float:
    tasks: list[float] = page.evaluate("seen.tasks")
    return max(tasks, default=0.0)


def _photos(folder: Path) -> Iterator[Path]:
    """As a phone leaves them: sharp, with grain, of about four megabytes."""
    grain = np.random.default_rng(5)
    for number in range(PHOTOS):
        large = painter.photograph("vase", number, (1000, 750)).resize(PIXELS, Image.Resampling.BICUBIC)
        noise = grain.normal(0, 4, (PIXELS[1], PIXELS[0], 1)).astype(np.float32)
        pixels = np.clip(np.asarray(large, np.float32) + noise, 0, 255).astype(np.uint8)
        path = folder / f"IMG_{2201 + number}.jpg"
        Image.fromarray(pixels).save(path, "JPEG", quality=90)
        yield path


if __name__ == "__main__":
    main()
