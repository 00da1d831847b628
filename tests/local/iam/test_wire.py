"""Fields read off the wire are those that Google's own readers see."""

import pytest
from google.cloud.firestore_v1.types import CommitRequest, UpdateDocumentRequest
from google.protobuf.message import DecodeError
from google.pubsub_v1.types import PublishRequest
from hypothesis import given
from hypothesis import strategies as st

from local.iam import wire
from local.iam.apis import Unreadable

names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=200)


@given(names, st.binary(max_size=5000))
def test_a_name_is_found_beside_anything(name: str, data: bytes) -> None:
    message = PublishRequest.serialize(PublishRequest(topic=name, messages=[{"data": data, "attributes": {"a": "b"}}]))

    assert wire.text(message, 1) == name


@given(st.lists(names, min_size=1, max_size=4))
def test_of_several_names_the_last_counts(several: list[str]) -> None:
    joined = b"".join(PublishRequest.serialize(PublishRequest(topic=name)) for name in several if name)

    assert wire.text(joined, 1) == PublishRequest.deserialize(joined).topic


def test_a_message_that_comes_in_pieces_is_read_whole() -> None:
    first = UpdateDocumentRequest.serialize(UpdateDocumentRequest(document={"name": "first"}))
    second = UpdateDocumentRequest.serialize(UpdateDocumentRequest(document={"name": "second"}))

    joined = first + second

    assert wire.text(wire.message(wire.read(joined), 1) or b"", 1) == UpdateDocumentRequest.deserialize(joined).document.name == "second"


@given(st.binary(max_size=400))
def test_rubbish_is_refused_or_read_as_google_reads_it(data: bytes) -> None:
    try:
        read = wire.text(data, 1)
    except Unreadable:
        return
    try:
        expected = CommitRequest.deserialize(data).database
    except DecodeError:
        return
    assert read == expected


@pytest.mark.parametrize("data", [b"\x0a\x05ab", b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\x0b", b"\x0a\x02\xff\xfe"])
def test_what_breaks_off_or_is_no_text_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        wire.text(data, 1)
