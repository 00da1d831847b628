"""A job each time that something about it changed: by its event stream, and by asking where the stream cannot be had."""

import contextlib
import time
from collections.abc import Callable, Generator, Iterator

import requests

from jobs.job import TERMINAL, State
from services.upload import wire
from services.upload.client.calls import Calls, Failed, checked
from services.upload.client.events import Told, parsed

AT_REST = TERMINAL | {State.READY}
# the stream says every 15 seconds that it is still there
_SILENCE_S = 45.0
_BETWEEN_STREAMS_S, _WITHOUT_STREAM_S = 1.0, 30.0


class Watch:
    """`read` answers the job as it is now; without a stream it is asked every `every_s`."""

    def __init__(self, calls: Calls, job_id: str, read: Callable[[], wire.JobDetail], every_s: float, timeout_s: float | None) -> None:
        self._calls, self._job_id, self._read, self._every_s = calls, job_id, read, every_s
        self._timeout_s = timeout_s
        self._end = time.monotonic() + timeout_s if timeout_s else float("inf")
        self._last_id = ""

    def __iter__(self) -> Iterator[wire.JobDetail]:
        job = self._read()
        yield job
        if job.state in AT_REST:
            return
        with contextlib.closing(self._news()) as news:
            for told in news:
                now = self._after(job, told)
                if now != job:
                    job = now
                    yield job
                if job.state in AT_REST:
                    return

    def _after(self, job: wire.JobDetail, told: Told | None) -> wire.JobDetail:
        """The job after an event; read anew for what an event does not tell."""
        match told:
            case Told("progress", data):
                progress = wire.Progress.model_validate_json(data, extra="ignore")
                return job.model_copy(update={"progress": progress})
            case Told("status", data):
                move = wire.StatusEvent.model_validate_json(data, extra="ignore")
                known = any((event.attempt, event.state) == (move.attempt, move.state) for event in job.history)
                return job if known else self._read()
            case Told("upload", data):
                return job if wire.Upload.model_validate_json(data, extra="ignore") in job.uploads else self._read()
            case None:
                return self._read()
        return job

    def _news(self) -> Generator[Told | None]:
        """What the stream tells; None each time that the job should be read. Raises TimeoutError."""
        while True:
            try:
                yield from self._stream()
                yield None
                self._wait(_BETWEEN_STREAMS_S)
            except (Failed, requests.RequestException):
                yield from self._polled()

    def _polled(self) -> Iterator[None]:
        again = time.monotonic() + _WITHOUT_STREAM_S
        while time.monotonic() < again:
            yield None
            self._wait(self._every_s)

    def _stream(self) -> Iterator[Told]:
        """One connection, which resumes where the last one ended. Raises Failed and requests.RequestException."""
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": self._last_id} if self._last_id else {})}
        silence_s = max(min(_SILENCE_S, self._end - time.monotonic()), 0.1)
        path = f"/v1/jobs/{self._job_id}/events"
        with self._calls.once("GET", path, headers=headers, stream=True, timeout=(10.0, silence_s)) as answer:
            checked(answer)
            if answer.status_code == 204:
                return
            if not answer.headers.get("Content-Type", "").startswith("text/event-stream"):
                raise requests.exceptions.InvalidHeader(f"{answer.url} is no event stream", response=answer)
            for told in parsed(self._in_time(answer.iter_lines(chunk_size=None)), self._last_id):
                self._last_id = told.id
                yield told

    def _in_time(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        for line in lines:
            self._wait(0)
            yield line

    def _wait(self, pause_s: float) -> None:
        if time.monotonic() + pause_s > self._end:
            raise TimeoutError(f"job {self._job_id} is not ready after {self._timeout_s} s")
        time.sleep(pause_s)
