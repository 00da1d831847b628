import pytest

from images.trainer.events import Stop, Stopped


def _load(stop: Stop) -> None:
    """As a compiled library does that a stop passes through."""
    try:
        stop.ask()
    except Stopped:
        raise OSError("unable to load weights") from None


def _keep(stop: Stop) -> None:
    """As a run that has learnt something, whose disk is full."""
    stop.interrupts = False
    stop.ask()
    raise OSError("no space left")


def test_a_stop_of_which_a_library_makes_an_error_of_its_own_is_a_stop() -> None:
    stop = Stop()

    with pytest.raises(Stopped), stop.at_once():
        _load(stop)


def test_an_error_of_a_run_that_has_learnt_something_is_told_though_a_stop_was_asked() -> None:
    stop = Stop()

    with pytest.raises(OSError, match="no space left"), stop.at_once():
        _keep(stop)


def test_an_error_without_a_stop_is_that_error() -> None:
    with pytest.raises(OSError, match="no space left"), Stop().at_once():
        raise OSError("no space left")
