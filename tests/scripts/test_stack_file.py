import pytest
import yaml

from scripts.stack_file import CannotEdit, with_values

FILE = """\
# first
config:
  gcp:project: p

  # why so many
  sd:steps: "800"
  sd:digests:
    portal: one
    upload: two
  sd:last: x
encryptionsalt: v1:abc
"""


def test_a_new_key_goes_to_the_end_of_the_configuration() -> None:
    edited = with_values(FILE, {"sd:images": "prebuilt"})

    assert edited == FILE.replace("  sd:last: x\n", "  sd:last: x\n  sd:images: prebuilt\n")


def test_a_known_key_is_changed_where_it_stands() -> None:
    edited = with_values(FILE, {"sd:digests": {"portal": "three"}})

    assert edited == FILE.replace("    portal: one\n    upload: two\n", "    portal: three\n")


def test_a_text_that_yaml_would_read_as_something_else_is_quoted() -> None:
    edited = with_values(FILE, {"sd:steps": "true"})

    assert yaml.safe_load(edited)["config"]["sd:steps"] == "true"


def test_the_same_values_change_nothing() -> None:
    assert with_values(FILE, {"sd:digests": {"portal": "one", "upload": "two"}}) == FILE


@pytest.mark.parametrize("text", ["config: {gcp:project: p}\n", "config:\n    gcp:project: p\n", "other: 1\n", "config: [\n", ""])
def test_a_file_that_is_written_otherwise_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(CannotEdit):
        with_values(text, {"sd:images": "prebuilt"})
