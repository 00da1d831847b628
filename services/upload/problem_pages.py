"""A page for each type of problem, as the service answers it under the type's own address and as docs/problems keeps it.

`python -m services.upload.problem_pages` writes docs/problems anew.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from services.upload.contract import PROBLEMS
from services.upload.examples import JOB_ID, TRACE, UPLOAD_ID
from services.upload.problem_guides import GUIDES
from services.upload.problem_kinds import KINDS, code
from services.upload.problems import Errors, body

FOLDER = Path(__file__).parents[2] / "docs/problems"
_JOB, _UPLOAD = f"/v1/jobs/{JOB_ID}", f"/v1/jobs/{JOB_ID}/uploads/{UPLOAD_ID}"
# where a problem's example happened; what belongs to none of these, to a picture
_PLACES: Mapping[str, tuple[str, ...]] = {
    _JOB: ("not-found", "version-missing", "version-stale", "contended"),
    "/v1/jobs": ("validation", "cross-site", "key-reused", "key-in-flight", "too-many-jobs", "bad-request", "method-not-allowed"),
    f"{_JOB}/submit": ("consent-missing", "pictures-missing", "too-few-pictures", "intake-paused"),
    f"{_JOB}/uploads": ("too-many-pictures", "over-quota", "not-allowed"),
    f"/v1/models/{JOB_ID}/generations": ("not-ready", "asleep"),
    "/v1/me": ("not-signed-in", "unavailable", "internal"),
    "/v1/me/webhook": ("webhook-refused",),
}
_ERRORS: Mapping[str, Errors] = {
    "validation": ({"pointer": "#/name", "detail": "String should have at least 1 character"},),
    "pictures-missing": ({"uploadId": UPLOAD_ID, "fileName": "one.png", "detail": "its bytes are not here"},),
}


def example(slug: str) -> Mapping[str, object]:
    place = next((place for place, slugs in _PLACES.items() if slug in slugs), _UPLOAD)
    return body(slug, GUIDES[slug].says, place, TRACE, _ERRORS.get(slug, ()))


def page(slug: str) -> str:
    """Raises KeyError for what is no type of ours."""
    kind, guide = KINDS[slug], GUIDES[slug]
    wait = "" if kind.wait_s is None else f" `Retry-After` says when ({kind.wait_s} seconds, if nothing better is known)."
    return f"""# {code(slug)}: {kind.title[0].lower()}{kind.title[1:]}

`{kind.status}` · type `/problems/{slug}` · retryable: **{"yes" if kind.retryable else "no"}**

**When.** {guide.when}

**What to do.** {guide.do}

**The same request again?** {guide.repeat}{wait}

**Answered by** {_operations(slug)}

```json
{json.dumps(example(slug), indent=2, ensure_ascii=False)}
```
"""


def index() -> str:
    rows = "\n".join(
        f"| [{code(slug)}]({slug}.md) | {kind.status} | {_yes(kind.retryable)} | {kind.title} |" for slug, kind in KINDS.items()
    )
    return f"""# Problems

What goes wrong is answered as [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) tells, `application/problem+json`. `type` and `code` are
stable: programs go by them, and people read `detail`. A type is also an address of the service, `GET /problems/not-found`, which answers
the page here as Markdown and asks nobody who they are. `retryable` is true only where the very same request, sent again without anything
else being done first, can succeed. New types may come: treat one that you do not know by its status and by `retryable`.

Written by `python -m services.upload.problem_pages`.

| code | status | retryable | |
|---|---|---|---|
{rows}
"""


def files() -> Mapping[str, str]:
    """All of docs/problems by name."""
    return {"README.md": index(), **{f"{slug}.md": page(slug) for slug in KINDS}}


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for stale in FOLDER.iterdir():
        stale.unlink()
    for name, text in files().items():
        (FOLDER / name).write_text(text)


def _operations(slug: str) -> str:
    found = [f"`{operation}`" for operation, slugs in PROBLEMS.items() if slug in slugs]
    if not found:
        return "every address, to a method that it does not have."
    if len(found) > len(PROBLEMS) - 5:
        return "nearly every operation."
    return f"{', '.join(found)}."


def _yes(retryable: bool) -> str:
    return "yes" if retryable else ""


if __name__ == "__main__":
    write()
