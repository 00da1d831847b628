from pathlib import Path

import pytest

from local.run.dockerfile import Instruction, assignments, command, expand, parse


def test_instructions_keep_the_line_they_begin_on(tmp_path: Path) -> None:
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text('# syntax=docker/dockerfile:1\n\nFROM a\nRUN one && \\\n  # why\n\n  two\nCMD ["x"]\n')

    instructions = parse(dockerfile)

    assert instructions == [Instruction(3, "FROM", "a"), Instruction(4, "RUN", "one && two"), Instruction(8, "CMD", '["x"]')]


def test_a_heredoc_belongs_to_its_instruction(tmp_path: Path) -> None:
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM a\nRUN <<EOF\npip install x\nEOF\nUSER b\n")

    assert [instruction.name for instruction in parse(dockerfile)] == ["FROM", "RUN", "USER"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$A/b", "one/b"),
        ("${A}b", "oneb"),
        ("${B:-two}", "two"),
        ("${A:-two}", "one"),
        ("${A:+three}", "three"),
        ("${B:+three}", ""),
        ("${B:-$A}", "one"),
        (r"\$A", "$A"),
        ("$B", ""),
    ],
)
def test_variables_are_put_in_as_docker_does(text: str, value: str) -> None:
    assert expand(text, {"A": "one"}) == value


def test_env_takes_both_its_forms() -> None:
    assert assignments("A=1 B=\"x y\" C=x\\ y D='$A'") == {"A": "1", "B": "x y", "C": "x y", "D": r"\$A"}
    assert assignments("A all the rest") == {"A": "all the rest"}


def test_shell_form_goes_through_a_shell() -> None:
    assert command('["a", "b c"]') == ("a", "b c")
    assert command("a $B") == ("/bin/sh", "-c", "a $B")
