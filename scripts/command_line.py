"""What the commands about one stack share: how they are called, how they speak, and how they end where Google does not answer."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from google.api_core.exceptions import GoogleAPIError
from google.auth.exceptions import GoogleAuthError

from local.client import NotRunning
from scripts import stack
from scripts.target import Target, UnknownStack


def stack_parser(description: str | None) -> argparse.ArgumentParser:
    """Of a command that takes the stack, and where the local cloud lives."""
    shared = argparse.ArgumentParser(description=description)
    shared.add_argument("--stack", default=stack.LOCAL)
    shared.add_argument("--root", type=Path, default=stack.ROOT, help="of the local cloud (.local)")
    return shared


def as_operator(given: argparse.Namespace, act: Callable[[Target], int]) -> int:
    """The exit code of `act` upon the stack that was `given`; 2 where there is no such stack, 1 where Google refuses."""
    try:
        target = Target.read(given.stack, given.root)
        target.become_operator()
        return act(target)
    except (UnknownStack, NotRunning) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except (GoogleAuthError, GoogleAPIError) as error:
        sys.stderr.write(f"{given.stack}: Google Cloud could not be asked: {error}\nsigned in? gcloud auth application-default login\n")
        return 1


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
