"""The command line: `python -m services.upload.client --help`."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

import requests

from services.upload.client import Client, Damaged, Failed, NotAwake, NotDrawn, NoToken, Patience, TokenCommand, drawing, erasing, journey
from services.upload.client.arguments import parser
from services.upload.client.journey import JobEnded
from services.upload.client.screen import Screen, note

NO, FAILED, SILENT, NOT_SIGNED_IN, INTERRUPTED = 1, 3, 4, 5, 130
Command = Callable[[Client, Screen, Namespace], None]

_COMMANDS: Mapping[str, Command] = {
    "upload": journey.upload,
    "watch": lambda client, screen, asked: journey.follow(client, screen, asked.job),
    "jobs": lambda client, screen, _: screen.result(found := client.jobs(), journey.job_table(found)),
    "finish": lambda client, screen, asked: screen.result(job := client.finish(asked.job), f"{job.id} is {job.state}, and will be kept"),
    "cancel": lambda client, screen, asked: screen.result(job := client.cancel(asked.job), f"{job.id} is {job.state}"),
    "retry": lambda client, screen, asked: screen.result(job := client.retry(asked.job), f"{job.id} is {job.state}, try {job.attempt}"),
    "generate": drawing.generate,
    "download": drawing.download,
    "models": lambda client, screen, _: screen.result(found := client.models(), drawing.model_table(found)),
    "sleep": lambda client, screen, asked: screen.result(there := client.sleep(asked.model), f"model {asked.model} is {there.state}"),
    "delete": erasing.delete,
}
_CODES: Mapping[type[Exception], int] = {
    NoToken: NOT_SIGNED_IN,
    TimeoutError: SILENT,
    NotDrawn: FAILED,
    NotAwake: FAILED,
    JobEnded: FAILED,
}


def main(words: Sequence[str]) -> int:
    asked = parser().parse_args(words)
    token = TokenCommand(asked.token_command) if asked.token_command else lambda: str(asked.token)
    try:
        _COMMANDS[asked.command](Client(asked.url, token, _patience(asked.patience)), Screen(asked.json), asked)
    except KeyboardInterrupt:
        note("interrupted; the service goes on with what it has, and the same command goes on where this one stopped")
        return INTERRUPTED
    except (Failed, NoToken, NotDrawn, NotAwake, Damaged, JobEnded, requests.RequestException, OSError, TimeoutError) as error:
        return _told(error)
    return 0


def _patience(seconds: float | None) -> Patience:
    return Patience() if seconds is None else replace(Patience(), answered_s=seconds, silent_s=seconds)


def _told(error: Exception) -> int:
    match error:
        case Failed(problem=problem):
            note(f"{problem.title}: {problem.detail}")
            for one in problem.errors or ():
                note(f"  {one.get('fileName') or one.get('pointer', '')}: {one.get('detail', '')}")
            note(f"  ({problem.code}, trace {problem.trace_id})" if problem.trace_id else f"  ({problem.code})")
            return NOT_SIGNED_IN if problem.code == "NOT_SIGNED_IN" else NO
        case requests.HTTPError(response=requests.Response(status_code=status)):
            note(f"the portal does not let this through (HTTP {status}). Is the token one for this portal's audience, and still valid?")
            return NOT_SIGNED_IN if status in {301, 302, 303, 307, 401, 403} else SILENT
        case requests.RequestException():
            where = urlsplit(error.request.url or "").netloc if error.request else "the portal"
            note(f"no answer from {where} ({type(error).__name__}). Is the address right, and are you online? The same command goes on.")
            return SILENT
    note(str(error))
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), NO)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
