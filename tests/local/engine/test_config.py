"""Configuration as Pulumi reads it."""

from pathlib import Path

import pytest

from local.engine.config import StackConfig, StackFile, read_project
from local.engine.errors import EngineError, Refused
from local.engine.secrets import Crypter
from local.engine.values import Secret

# a text with quotes about it, as a secret in a state has; in configuration they are part of the text
SALT = "v1:enrfZGO7/ek=:v1:eZrYyiJcs3TNch7H:INv2VMXeRckNWkQvBJFlshnHhYkTVA=="
CIPHERTEXT = "v1:/HJZHkA6SLzlBHgb:snqedsWsRwMoutiWSxJ63gxxRrnq4YkLeKGSmso="


def read(folder: Path, schema: str, stack: str) -> StackConfig:
    (folder / "Pulumi.yaml").write_text(f"name: demo\nruntime: python\nconfig:\n{schema}\n")
    (folder / "Pulumi.local.yaml").write_text(f"config:\n{stack}\nencryptionsalt: {SALT}\n")
    file = StackFile(read_project(folder), "local")
    return file.open(Crypter(file.salt, "pw"))


def test_values_reach_the_program_as_texts(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "  steps: {type: integer, default: 800}\n  fast: {type: boolean, default: false}\n"
        "  gcp:region: {value: us-central1}\n  plain: written",
        "  steps: 20\n  demo:styles: [oil, ink]\n  demo:sizes: {small: 1, odd: yes}\n  gcp:project: sd-local",
    )

    assert found.values == {
        "demo:steps": "20",
        "demo:fast": "false",
        "gcp:region": "us-central1",
        "demo:plain": "written",
        "demo:styles": '["oil","ink"]',
        "demo:sizes": '{"odd":"yes","small":1}',
        "gcp:project": "sd-local",
    }
    assert found.of_package("gcp") == {"region": "us-central1", "project": "sd-local"}


def test_secure_values_are_decrypted_and_stay_secret(tmp_path: Path) -> None:
    found = read(
        tmp_path, "  unused: {default: 1}", f"  test:token: {{secure: {CIPHERTEXT}}}\n  demo:deep: {{inner: {{secure: {CIPHERTEXT}}}}}"
    )

    assert found.values["test:token"] == '"tell no one"'
    assert found.values["demo:deep"] == '{"inner":"\\"tell no one\\""}'
    assert found.secret_keys == ("demo:deep", "test:token")
    assert found.of_package("test") == {"token": Secret('"tell no one"')}


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="is missing configuration values 'a' and 'b'"):
        read(tmp_path, "  a: {type: string}\n  b: {type: string}\n  c: {default: 1}", "  gcp:project: x")


@pytest.mark.parametrize(
    ("declared", "given", "type_"),
    [
        ("{type: integer}", "1.5", "integer"),
        ("{type: boolean}", "maybe", "boolean"),
        ("{type: string}", "[a]", "string"),
        ("{type: array, items: {type: integer}}", "[1, two]", "array<integer>"),
    ],
)
def test_a_value_of_another_type_is_refused(tmp_path: Path, declared: str, given: str, type_: str) -> None:
    with pytest.raises(EngineError, match=f"configuration key 'key' must be of type '{type_}'"):
        read(tmp_path, f"  key: {declared}", f"  demo:key: {given}")


def test_what_must_be_secret_must_be_encrypted(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="must be encrypted as it's secret"):
        read(tmp_path, "  key: {type: string, secret: true}", "  demo:key: in-clear")


def test_a_project_is_found_from_a_folder_within(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: {name: python, options: {virtualenv: no-such}}\n")
    (tmp_path / "infra").mkdir()

    assert read_project(tmp_path / "infra").root == tmp_path
    assert read_project(tmp_path).python is None


def test_programs_in_other_languages_are_refused(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: nodejs\n")

    with pytest.raises(Refused, match="'nodejs'"):
        read_project(tmp_path)


def test_secrets_of_a_key_service_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("secretsprovider: gcpkms://projects/x\nconfig:\n  demo:key: {secure: abc}\n")
    file = StackFile(read_project(tmp_path), "prod")

    with pytest.raises(Refused, match="kept by gcpkms"):
        file.open(Crypter("", "pw"))
