"""What can go wrong with an image or a process. Every text says what, which, and what to do."""

from pathlib import Path


class RunError(Exception):
    """The common base, so that the provider can show the text as it is."""


class BuildFailed(RunError):
    """`file:line: text`, as compilers say it, so that editors can jump there."""

    def __init__(self, dockerfile: Path, line: int, text: str) -> None:
        super().__init__(f"{dockerfile}:{line}: {text}")
        self.dockerfile, self.line = dockerfile, line


class BuildRefused(RunError):
    """The account of a build lacks what the build needs; `reason` is in the words of the service that refused."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"build of {name} failed: {reason}")
        self.reason = reason


class NoSuchImage(RunError):
    def __init__(self, ref: str) -> None:
        super().__init__(f"image {ref!r} was never built here; run `pulumi up` again so that it is built")


class StartFailed(RunError):
    """Carries the last lines of the process's own output."""

    def __init__(self, name: str, reason: str, log: Path | None, lines: list[str]) -> None:
        said = "\n".join(f"  {line}" for line in lines) or "  (it wrote nothing)"
        where = f" (whole log: {log})" if log else ""
        super().__init__(f"{name} did not start: {reason}. Its last lines{where}:\n{said}")
        self.reason = reason


class BadArchive(RunError):
    """A function's archive that must not or cannot be unpacked."""


class BadSchedule(RunError):
    """A cron line or a time zone that Cloud Scheduler would refuse."""


class NotFound(RunError):
    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        super().__init__(f"no {kind} is called {name!r}; there is {', '.join(known) or 'none'}")
