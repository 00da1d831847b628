from pathlib import Path

import pytest

from tests.scripts.preview.repository import Repository


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    # a program is rewritten within the second in which it ran: its bytecode would pass for the new one's
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    return Repository(tmp_path)
