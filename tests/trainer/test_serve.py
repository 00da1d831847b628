"""The server, over HTTP."""

import base64
import contextlib
import http.client
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from images.trainer.serve import Server
from images.trainer.settings import BadSetting, ServeSettings
from images.trainer.untuned import StillLoading, Untuned

REPOSITORY = Path(__file__).parents[2]
PREDICT = "/v1/endpoints/7:predict"


def ask(port: int, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request(method, path, data if method == "POST" else None, headers or {})
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline:
        try:
            if ask(port, "GET", "/health")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail("not healthy within 100 s")


@contextlib.contextmanager
def serving(settings: ServeSettings) -> Iterator[Server]:
    server = Server(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until_ready(server.server_port)
    yield server
    server.stop()
    thread.join()


@pytest.fixture(scope="module")
def port(base: Path) -> Iterator[int]:
    with serving(ServeSettings(str(base), port=0, predict_route=PREDICT, host="127.0.0.1")) as server:
        yield server.server_port


def pixels(answer: dict[str, Any]) -> bytes:
    return Image.open(io.BytesIO(base64.b64decode(answer["image_base64"]))).tobytes()


def test_the_untuned_model_is_loaded_when_it_is_first_asked_for_and_draws_beside_the_tuned(
    base: Path, velocity_base: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wish = {"prompt": "a circle", "seed": 1, "steps": 2}

    with serving(ServeSettings(str(base), port=0, host="127.0.0.1", base_model=str(velocity_base))) as server:
        alone = ask(server.server_port, "POST", "/predict", {"instances": [wish]})[1]["predictions"][0]
        before = capfd.readouterr().out
        status, answer = ask(server.server_port, "POST", "/predict", {"instances": [{**wish, "base": True}, wish]})
        again = ask(server.server_port, "POST", "/predict", {"instances": [{**wish, "base": True}]})[1]["predictions"][0]

    untuned, tuned = answer["predictions"]
    assert (status, "ready to compare" in before) == (200, False)
    assert capfd.readouterr().out.count("ready to compare") == 1
    assert pixels(tuned) == pixels(alone) != pixels(untuned)
    assert pixels(again) == pixels(untuned)


def test_a_model_that_knows_no_base_says_so(port: int) -> None:
    status, answer = ask(port, "POST", PREDICT, {"instances": [{"prompt": "a", "base": True}]})

    assert (status, answer["error"]) == (400, "this model does not know what it was tuned from: train it again to compare")


def test_a_base_that_cannot_be_loaded_fails_that_request_alone_and_is_tried_again(base: Path, tmp_path: Path) -> None:
    wish = {"prompt": "a circle", "steps": 1}
    folder = tmp_path / "base"
    folder.mkdir()

    with serving(ServeSettings(str(base), port=0, host="127.0.0.1", base_model=str(folder))) as server:
        failed, _ = ask(server.server_port, "POST", "/predict", {"instances": [{**wish, "base": True}]})
        own, _ = ask(server.server_port, "POST", "/predict", {"instances": [wish]})
        shutil.copytree(base, folder, dirs_exist_ok=True)
        mended, _ = ask(server.server_port, "POST", "/predict", {"instances": [{**wish, "base": True}]})

    assert (failed, own, mended) == (500, 200, 200)


def test_who_asks_while_the_base_loads_is_asked_to_come_again() -> None:
    loads = threading.Event()

    def load(uri: str) -> Any:
        loads.wait(10)
        return uri

    untuned = Untuned("gs://models/base", load)

    with pytest.raises(StillLoading):
        untuned.family(0.01)
    loads.set()

    assert untuned.family(10) == "gs://models/base"


def test_each_instance_is_answered_with_a_picture_its_seed_and_prompt(port: int) -> None:
    instances = [
        {"prompt": "a photo of a circle", "seed": 4, "steps": 2},
        {"prompt": "sks", "negative_prompt": "circle", "seed": 5, "steps": 3, "guidance": 2, "width": 16, "height": 8},
    ]

    status, answer = ask(port, "POST", PREDICT, {"instances": instances})

    assert status == 200
    assert [(one["seed"], one["prompt"]) for one in answer["predictions"]] == [(4, "a photo of a circle"), (5, "sks")]
    pictures = [Image.open(io.BytesIO(base64.b64decode(one["image_base64"]))) for one in answer["predictions"]]
    assert [(picture.format, picture.size) for picture in pictures] == [("PNG", (8, 8)), ("PNG", (16, 8))]


def test_the_same_seed_draws_the_same_picture_alone_or_in_company(port: int) -> None:
    one, other = {"prompt": "a circle", "seed": 1, "steps": 2}, {"prompt": "a photo", "seed": 2, "steps": 2}

    alone = ask(port, "POST", PREDICT, {"instances": [one]})[1]["predictions"][0]
    together = ask(port, "POST", PREDICT, {"instances": [other, one]})[1]["predictions"][1]

    first, second = (Image.open(io.BytesIO(base64.b64decode(answer["image_base64"]))).tobytes() for answer in (alone, together))
    assert max(abs(a - b) for a, b in zip(first, second, strict=True)) <= 1


def test_parameters_are_defaults_for_all_instances(port: int) -> None:
    body = {"instances": [{"prompt": "a"}, {"prompt": "a", "seed": 9}], "parameters": {"seed": 3, "steps": 1}}

    answer = ask(port, "POST", PREDICT, body)[1]

    assert [one["seed"] for one in answer["predictions"]] == [3, 9]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        ([], 'a list "instances"'),
        ({"instances": []}, "holds 0; 1 to 8"),
        ({"instances": [{"prompt": "a"}] * 9}, "holds 9; 1 to 8"),
        ({"instances": ["a"]}, "must be an object"),
        ({"instances": [{}]}, "instances[0].prompt is missing"),
        ({"instances": [{"prompt": 7}]}, "instances[0].prompt must be a text"),
        ({"instances": [{"prompt": "a" * 1001}]}, "at most 1000 letters"),
        ({"instances": [{"prompt": "a"}, {"prompt": "a", "steps": 101}]}, "instances[1].steps is 101"),
        ({"instances": [{"prompt": "a", "steps": 2.5}]}, "steps is 2.5"),
        ({"instances": [{"prompt": "a", "seed": -1}]}, "seed is -1"),
        ({"instances": [{"prompt": "a", "seed": True}]}, "seed is True"),
        ({"instances": [{"prompt": "a", "guidance": float("nan")}]}, "guidance is nan"),
        ({"instances": [{"prompt": "a", "width": 9}]}, "width is 9; it must be a multiple of 2"),
        ({"instances": [{"prompt": "a", "width": 2048}]}, "width is 2048"),
        ({"instances": [{"prompt": "a", "scale": 2}]}, "scale unknown"),
        ({"instances": [{"prompt": "a", "base": 1}]}, "instances[0].base must be true or false"),
    ],
)
def test_bad_input_is_told_what_is_wrong(port: int, body: Any, told: str) -> None:
    status, answer = ask(port, "POST", PREDICT, body)

    assert status == 400
    assert told in answer["error"]


def test_other_pages_lengths_and_sizes_are_refused(port: int) -> None:
    assert ask(port, "GET", "/nowhere")[0] == 404
    assert ask(port, "POST", "/nowhere", {})[0] == 404
    assert ask(port, "POST", PREDICT, b"", {"Content-Length": "2000000"})[0] == 413
    assert ask(port, "POST", PREDICT, b"", {"Content-Length": "many"})[0] == 411


def test_health_says_503_while_the_model_loads(base: Path) -> None:
    server = Server(ServeSettings(str(base), port=0, host="127.0.0.1"))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))  # the loader is not started
    thread.start()

    health, predict = ask(server.server_port, "GET", "/health"), ask(server.server_port, "POST", "/predict", {"instances": []})
    server.shutdown()
    server.server_close()
    thread.join()

    assert (health[0], predict[0]) == (503, 503)


def test_settings_come_from_the_contract_of_vertex() -> None:
    settings = ServeSettings.from_env(
        {
            **{"AIP_STORAGE_URI": "gs://b/m", "AIP_HTTP_PORT": "9", "AIP_HEALTH_ROUTE": "/h", "AIP_PREDICT_ROUTE": "/p"},
            "BASE_MODEL": "gs://b/base",
        }
    )

    assert settings == ServeSettings("gs://b/m", 9, "/h", "/p", "gs://b/base", "0.0.0.0")
    with pytest.raises(BadSetting, match="AIP_STORAGE_URI"):
        ServeSettings.from_env({})
    with pytest.raises(BadSetting, match="AIP_HTTP_PORT"):
        ServeSettings.from_env({"AIP_STORAGE_URI": "gs://b/m", "AIP_HTTP_PORT": "http"})


def test_the_process_serves_and_ends_cleanly_on_sigterm(base: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "AIP_STORAGE_URI": str(base), "AIP_HTTP_PORT": str(port), "HOST": "127.0.0.1"}

    with subprocess.Popen([sys.executable, "-m", "images.trainer.serve"], cwd=REPOSITORY, env=environment) as process:
        wait_until_ready(port)
        status, _ = ask(port, "POST", "/predict", {"instances": [{"prompt": "a circle", "steps": 1}]})
        process.send_signal(signal.SIGTERM)

    assert (status, process.returncode) == (200, 0)


def test_a_model_that_cannot_be_loaded_ends_the_process(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "readme.txt").write_text("no model")
    server = Server(ServeSettings(str(tmp_path), port=0, host="127.0.0.1"))

    code = server.run()

    assert code == 1
    assert "no model_index.json" in capfd.readouterr().err
