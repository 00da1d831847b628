import json
from pathlib import Path

import pytest

from scripts.trace import lines, show

JOB = "01jd0000000000000000000000"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """What a job leaves in the logs of three parts, and what others have written between."""
    return tmp_path


def entry(second: float, message: str, job: str = JOB, **facts: object) -> str:
    time = f"2026-11-22T10:00:{second:09.6f}+00:00"
    return json.dumps({"severity": "INFO", "message": message, "time": time, "jobId": job, **facts})


def write(folder: Path, name: str, *written: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(written) + "\n")


def messages(folder: Path) -> list[tuple[str, str]]:
    return [(part, str(found["message"])) for part, found in lines(JOB, folder)]


def test_the_lines_of_all_parts_are_in_order_of_time(logs: Path) -> None:
    write(logs, "start.log", entry(2, "pipeline run created"))
    write(logs, "upload.log", entry(1, "job submitted"), entry(9, "pictures drawn"))
    write(logs, "vertex/train.log", entry(3, "step began"))

    assert messages(logs) == [
        ("upload", "job submitted"),
        ("start", "pipeline run created"),
        ("train", "step began"),
        ("upload", "pictures drawn"),
    ]


def test_what_two_logs_both_hold_counts_once(logs: Path) -> None:
    write(logs, "cloud.log", f"start | {entry(1, 'job started', attempt=1)}")
    write(logs, "start.log", entry(1, "job started", attempt=1), entry(1, "job started", attempt=2))

    assert [found["attempt"] for _, found in lines(JOB, logs)] == [1, 2]


@pytest.mark.parametrize(
    "broken",
    [
        f"{JOB} and nothing else",
        f'{{"jobId": "{JOB}", "message": "cut in the mid',
        f'{{"jobId": "{JOB}", "message": "no time"}}',
        f'{{"jobId": "{JOB}", }} and {{"more": 1}}',
        '["' + JOB + '"]',
    ],
)
def test_a_line_that_is_no_entry_is_passed_over(logs: Path, broken: str) -> None:
    write(logs, "upload.log", broken, entry(1, "job submitted"), broken)

    assert messages(logs) == [("upload", "job submitted")]


def test_bytes_that_are_no_text_stop_nothing(logs: Path) -> None:
    (logs / "upload.log").write_bytes(b"\xff\xfe\n" + entry(1, "job submitted").encode() + b"\n")

    assert messages(logs) == [("upload", "job submitted")]


def test_other_jobs_are_left_out_even_where_they_mention_this_one(logs: Path) -> None:
    write(logs, "sweep.log", entry(1, f"instead of {JOB}", job="01jd1111111111111111111111"), entry(2, "deadline closed"))

    assert messages(logs) == [("sweep", "deadline closed")]


def test_a_shown_line_has_seconds_part_message_and_facts(logs: Path) -> None:
    write(logs, "upload.log", entry(1, "job moved", state="uploaded", reason="", alert=None))
    write(logs, "start.log", entry(3.5, "run refused", severity="ERROR", code=7))

    first, second = show(JOB, logs).splitlines()

    assert first.split() == ["0.00", "s", "upload", "job", "moved", "state=uploaded"]
    assert second.split() == ["2.50", "s", "start", "ERROR", "run", "refused", "code=7"]


def test_a_job_that_nobody_has_seen_is_said_to_be_unknown(logs: Path) -> None:
    write(logs, "upload.log", entry(1, "job submitted"))

    assert show("01jd2222222222222222222222", logs) == f"no log in {logs} mentions job 01jd2222222222222222222222"
