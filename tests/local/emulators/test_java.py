import asyncio
from pathlib import Path

import pytest

from local.emulators import java
from local.emulators.firestore import FirestoreEmulator
from local.emulators.java import NotInstalled
from local.emulators.process import StartFailed
from local.layout import LOOPBACK, Layout, Ports, Project


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Java, gcloud or anything else on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv("LOCAL_EMULATORS_DIR", raising=False)


@pytest.mark.usefixtures("bare")
def test_missing_java_is_an_error_of_one_line_that_says_what_to_install() -> None:
    with pytest.raises(NotInstalled) as error:
        java.java()

    assert "apt-get install openjdk" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_emulator_is_an_error_of_one_line_that_says_what_to_install() -> None:
    with pytest.raises(NotInstalled) as error:
        java.jar("no-such-emulator-*.jar", "cloud-firestore-emulator")

    assert "gcloud components install cloud-firestore-emulator" in str(error.value)
    assert "apt-get install google-cloud-cli-firestore-emulator" in str(error.value)
    assert "LOCAL_EMULATORS_DIR" in str(error.value)
    assert "\n" not in str(error.value)


def test_own_places_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, own = tmp_path / "jdk", tmp_path / "emulators"
    for file in (home / "bin" / "java", own / "cloud-pubsub-emulator-9.9.9-all.jar"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o755)
    monkeypatch.setenv("JAVA_HOME", str(home))
    monkeypatch.setenv("LOCAL_EMULATORS_DIR", str(own))

    assert java.java() == str(home / "bin" / "java")
    assert java.jar("cloud-pubsub-emulator-*.jar", "pubsub-emulator") == own / "cloud-pubsub-emulator-9.9.9-all.jar"


async def test_an_emulator_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cloud-firestore-emulator.jar").write_bytes(b"not a jar")
    monkeypatch.setenv("LOCAL_EMULATORS_DIR", str(tmp_path))
    layout = Layout(tmp_path / "cloud")

    with pytest.raises(StartFailed, match="Firestore emulator ended with 1 at its start"):
        await FirestoreEmulator(layout, Ports(layout), Project()).start()


async def test_a_port_that_somebody_else_holds_is_named(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    emulator = FirestoreEmulator(layout, Ports(layout), Project())
    other = await asyncio.start_server(lambda *_: None, LOOPBACK, Ports(layout).get("firestore"))

    with pytest.raises(StartFailed, match=f"Another program holds {emulator.address}"):
        await emulator.start()

    other.close()
