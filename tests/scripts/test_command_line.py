"""How the commands about one stack end where nothing can be done."""

from argparse import Namespace
from pathlib import Path

import pytest
from google.api_core.exceptions import Forbidden

from scripts.command_line import as_operator
from scripts.target import Target


def given(stack: str) -> Namespace:
    return Namespace(stack=stack, root=Path("nowhere"))


def test_the_command_is_about_the_stack_that_was_named() -> None:
    met: list[str] = []

    def act(target: Target) -> int:
        met.append(target.name)
        return 3

    assert as_operator(given("dev"), act) == 3
    assert met == ["dev"]


def test_a_stack_that_is_not_there_is_said_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    ended = as_operator(given("staging"), lambda _: 0)

    assert ended == 2
    assert "there is no Pulumi.staging.yaml; the stacks here are dev, local, prod" in capsys.readouterr().err


def test_whoever_google_refuses_is_told_how_to_sign_in(capsys: pytest.CaptureFixture[str]) -> None:
    def refused(_: Target) -> int:
        raise Forbidden("the caller lacks a permission")

    ended = as_operator(given("dev"), refused)

    said = capsys.readouterr().err
    assert ended == 1
    assert "dev: Google Cloud could not be asked: 403 the caller lacks a permission" in said
    assert "gcloud auth application-default login" in said
