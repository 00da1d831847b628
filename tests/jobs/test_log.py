import json
import threading

import pytest

from jobs import log


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_line_says_what_it_is_about_until_something_else_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    log.about({"traceId": "t1", "jobId": "j1"})
    log.log("one")
    log.log("two", job_id="j2")
    log.about({})
    log.log("three")

    assert [(line.get("traceId"), line.get("jobId")) for line in lines(capsys)] == [("t1", "j1"), ("t1", "j2"), (None, None)]


def test_what_one_thread_is_about_is_no_other_threads_business(capsys: pytest.CaptureFixture[str]) -> None:
    log.about({"traceId": "t1"})
    other = threading.Thread(target=log.log, args=("elsewhere",))
    other.start()
    other.join()
    log.about({})

    assert "traceId" not in lines(capsys)[0]
