"""Programs that do not evaluate: the error is shown at the line that has it, and nothing of the engine's."""

from scripts.preview.broken import Broken
from scripts.preview.evaluate import Evaluated
from tests.scripts.preview.repository import Repository

GOOD = 'Bucket("pictures")'


def _broken(repository: Repository, body: str) -> Broken:
    found = repository.preview(body, base=None)
    assert found.changes == ()
    assert isinstance(found.evaluation.head, Broken)
    return found.evaluation.head


def test_an_exception_is_shown_where_the_program_raised_it(repository: Repository) -> None:
    repository.write("helpers.py", "def age(text):\n    return int(text)\n")

    found = _broken(repository, 'from helpers import age\nBucket("pictures")\nage("thirty")')

    assert found.place == "helpers.py:2"
    assert found.text == "ValueError: invalid literal for int() with base 10: 'thirty'"


def test_a_syntax_error_has_its_line(repository: Repository) -> None:
    found = _broken(repository, 'Bucket("pictures"')

    assert found.place == "__main__.py:2"
    assert found.text == "SyntaxError: '(' was never closed"


def test_what_the_program_refuses_is_said_in_its_words(repository: Repository) -> None:
    found = _broken(repository, 'raise pulumi.RunError("Pulumi.dev.yaml:\\n  minPictures 0: expected 1 or more")')

    assert found.text == "Pulumi.dev.yaml:\n  minPictures 0: expected 1 or more"


def test_a_program_that_ends_itself_is_quoted(repository: Repository) -> None:
    found = _broken(repository, 'import sys\nsys.exit("no bucket for this stack")')

    assert found.text == "the program ended with exit code 1: no bucket for this stack"


def test_what_the_provider_refuses_has_the_line_of_the_resource(repository: Repository) -> None:
    found = _broken(repository, 'thing("gcp:storage/bucket:Bucket", "pictures", None, {"location": "us", "nmae": "x"})')

    assert found.place == "__main__.py:2"
    assert "unknown property 'nmae'" in found.text


def test_a_missing_configuration_is_the_engines_own_sentence(repository: Repository) -> None:
    repository.program(GOOD)
    repository.write("Pulumi.yaml", "name: demo\nruntime: python\nconfig:\n  designers:\n    type: string\n")

    found = repository.preview(base=None).evaluation.head

    assert isinstance(found, Broken)
    assert found.text == "Stack 'dev' is missing configuration value 'designers'"


def test_a_broken_base_leaves_the_head_to_be_seen(repository: Repository) -> None:
    repository.commit("raise ValueError")

    found = repository.preview(GOOD)

    assert isinstance(found.evaluation.base, Broken)
    assert isinstance(found.evaluation.head, Evaluated)
    assert found.evaluation.base.place == "__main__.py:2"
    assert found.changes == ()


def test_a_broken_head_is_broken_once(repository: Repository) -> None:
    repository.commit(GOOD)

    found = repository.preview("raise ValueError").evaluation

    assert isinstance(found.base, Evaluated)
    assert isinstance(found.head, Broken)
    assert found.plan is None


def test_base_does_not_find_in_head_what_it_lacks(repository: Repository) -> None:
    repository.commit("import later")
    repository.write("later.py", "")

    found = repository.preview(GOOD)

    assert isinstance(found.evaluation.base, Broken)
    assert "No module named 'later'" in found.evaluation.base.text
