"""What is a command: a closed list, strict to the field, small, and signed over all of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.messages.command import MOST_BYTES, command_bytes, order_of, parse_command, topic_of
from edge.privacy.canonical import JsonObject
from edge.privacy.spec import Origin
from edge.values.command import Verb
from edge.values.errors import MessageError
from tests.fakes.orders import DETAILS, details

ORIGIN = Origin("r", "n")
TOPIC = topic_of(ORIGIN)
SIGNER = Ed25519Signer.fresh()
NOW_NS = 1_790_000_000_123_456_789


def data(verb: Verb = Verb.RESTART, **more: Any) -> JsonObject:
    return {**order_of(ORIGIN, verb, "night-shift", "5e" * 16, NOW_NS, 60), **details(verb), **more}


def said(verb: Verb = Verb.RESTART, **more: Any) -> bytes:
    return command_bytes(data(verb, **more), SIGNER)


def changed(change: Callable[[dict[str, Any]], object], verb: Verb = Verb.PANIC) -> bytes:
    body = json.loads(said(verb))
    change(body)
    return json.dumps(body).encode()


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_can_be_said_and_is_understood_as_it_was_signed(verb: Verb) -> None:
    message = parse_command(TOPIC, said(verb))
    frame = message.frame()
    assert (frame.node, frame.verb, frame.signer, frame.expires_s - frame.issued_s) == (
        "r/n",
        verb,
        "night-shift",
        60,
    )
    assert frame.sequence == NOW_NS // 1000
    assert Ed25519Verifier().verify(SIGNER.key, frame.covered, frame.signature)


def test_a_signature_holds_however_the_json_is_written() -> None:
    spread = json.dumps(json.loads(said(challenge="ab" * 16)), indent=3).encode()
    frame = parse_command(TOPIC, spread).frame()
    assert Ed25519Verifier().verify(SIGNER.key, frame.covered, frame.signature)


@pytest.mark.parametrize("field", [name for name in data(Verb.PANIC) if name != "schema"])
def test_every_field_is_signed(field: str) -> None:
    frame = parse_command(TOPIC, said(Verb.PANIC)).frame()
    other = {
        "verb": "restart",
        "cameras": ["gate"],
        "sequence": "0" * 19 + "7",
        "nonce": "77" * 16,
        "issued": "2027-01-01T00:00:00Z",
        "expires": "2027-01-01T00:00:00Z",
    }.get(field, "other")
    body = json.loads(said(Verb.PANIC))
    body["data"][field] = other
    body |= {"id": body["data"]["nonce"], "source": f"urn:safecity:party:{body['data']['signer']}"}
    if field == "verb":
        del body["data"]["cameras"]
    where = topic_of(Origin(body["data"]["region"], body["data"]["node"]))
    altered = parse_command(where, json.dumps(body).encode()).frame()
    assert altered.covered != frame.covered
    assert not Ed25519Verifier().verify(SIGNER.key, altered.covered, altered.signature)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["data"].update(verb="shell"),
        lambda body: body["data"].update(verb="sudo"),
        lambda body: body["data"].update(note="x"),
        lambda body: body.update(note="x"),
        lambda body: body["data"].update(cameras=["Плаза"]),
        lambda body: body["data"].update(cameras=["a"] * 65),
        lambda body: body["data"].update(cameras=None),
        lambda body: body["data"].pop("cameras"),
        lambda body: body["data"].update(sequence=7),
        lambda body: body["data"].update(sequence="9" * 20),
        lambda body: body["data"].update(issued="2027-02-30T00:00:00Z"),
        lambda body: body["data"].update(expires="tomorrow"),
        lambda body: body["data"].update(nonce="5E" * 16),
        lambda body: body["data"].update(challenge=""),
        lambda body: body.update(id="77" * 16),
        lambda body: body.update(source="urn:safecity:party:officer"),
        lambda body: body.update(signature="00"),
        lambda body: body.pop("signature"),
        lambda body: body.update(type="safecity.command.v2"),
    ],
)
def test_what_is_not_to_the_letter_is_no_command(change: Callable[[dict[str, Any]], object]) -> None:
    parse_command(TOPIC, changed(lambda _: None))
    with pytest.raises(MessageError):
        parse_command(TOPIC, changed(change))


@pytest.mark.parametrize(
    ("verb", "change"),
    [
        (Verb.HOLD, {"case": ""}),
        (Verb.HOLD, {"case": "a\nb"}),
        (Verb.HOLD, {"review": "2026-02-30"}),
        (Verb.HOLD, {"begin": "2026-09-21T09:00:00Z"}),
        (Verb.HOLD, {"end": "2026-13-21T09:00:00Z"}),
        (Verb.HOLD, {"cameras": ["a"] * 65}),
        (Verb.RELEASE, {"hold": "5E5E5E5E5E5E"}),
        (Verb.RELEASE, {"reason": "x" * 121}),
        (Verb.POLICY, {"changes": {"hostname": "x"}}),
        (Verb.POLICY, {"changes": {"version": 9}}),
        (Verb.POLICY, {"changes": {"public_min_count": 1.5}}),
        (Verb.POLICY, {"changes": {"public_min_count": None}}),
        (Verb.POLICY, {"approvals": []}),
        (Verb.POLICY, {"result": "b" * 63}),
        (Verb.POLICY, {"begins": "soon"}),
        (Verb.MASK, {"polygons": [[[0, 0], [1, 1]]]}),
        (Verb.MASK, {"polygons": [[[0, 0], [1, 1], [10_001, 0]]]}),
        (Verb.MASK, {"polygons": [[[0, 0], [1, 1], [0.5, 0]]]}),
        (Verb.MASK, {"changes": {}}),
        (Verb.MODEL, {"model": "../street-nano"}),
        (Verb.MODEL, {"model": "/etc/passwd"}),
        (Verb.MODEL, {"sha256": "A" * 64}),
        (Verb.UPDATE, {"version": "1.2.0 && reboot"}),
        (Verb.UPDATE, {"number": 0}),
        (Verb.UPDATE, {"number": "12"}),
        (Verb.UPDATE, {"sha256": "a" * 63}),
        (Verb.UPDATE, {"url": "https://example.org/bundle"}),
        (Verb.EXPORT, {"approvals": []}),
        (Verb.EXPORT, {"approvals": [{"signer": "officer", "ed25519": "cd" * 64}]}),
        (Verb.EXPORT, {"request": None}),
        (Verb.RETENTION, {"hours": 0}),
        (Verb.RETENTION, {"footage": "secret"}),
    ],
)
def test_a_form_that_is_not_to_the_letter_is_no_command(verb: Verb, change: dict[str, Any]) -> None:
    parse_command(TOPIC, changed(lambda _: None, verb))
    with pytest.raises(MessageError):
        parse_command(TOPIC, changed(lambda body: body["data"].update(change), verb))


@pytest.mark.parametrize(
    "change",
    [
        {"node": "somewhere"},
        {"end": "2026-09-21T08:00:00Z"},
        {"begin": "2026-13-21T08:00:00Z"},
        {"original": "no"},
        {"recipient": "age1" + "b" * 58},
        {"policy_sha256": "b"},
        {"note": "x"},
        {"camera": "Плаза"},
    ],
)
def test_a_request_that_nobody_could_have_signed_is_no_command(change: dict[str, Any]) -> None:
    with pytest.raises(MessageError):
        parse_command(TOPIC, changed(lambda body: body["data"]["request"].update(change), Verb.EXPORT))


@pytest.mark.parametrize("verb", [verb for verb in DETAILS if verb is not Verb.PANIC])
def test_what_is_to_be_done_is_signed_and_survives_being_passed_on(verb: Verb) -> None:
    message = parse_command(TOPIC, said(verb))
    assert parse_command(TOPIC, message.as_bytes()).frame() == message.frame()
    for field in details(verb):
        body = json.loads(said(verb))
        del body["data"][field]
        with pytest.raises(MessageError):
            parse_command(TOPIC, json.dumps(body).encode())


def test_a_command_of_another_box_or_of_too_many_bytes_is_none() -> None:
    with pytest.raises(MessageError, match="of this topic"):
        parse_command("safecity/v1/r/other/command", said())
    padded = said()[:-1] + b" " * (MOST_BYTES - len(said())) + b"}"
    parse_command(TOPIC, padded)
    with pytest.raises(MessageError, match="4096"):
        parse_command(TOPIC, padded[:-1] + b" }")


def test_the_largest_command_fits() -> None:
    names = [f"camera-{n:02d}-of-this-very-crossing-0123456"[:40] for n in range(64)]
    parse_command(TOPIC, said(Verb.PANIC, cameras=names))


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
@example(b"[" * 4000)
@example(b'{"data":' * 500)
@example(b"null")
@example("\ud800".encode(errors="surrogatepass"))
def test_whatever_comes_is_refused_in_one_way(payload: bytes) -> None:
    with pytest.raises(MessageError):
        parse_command(TOPIC, payload)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(sorted(data(Verb.PANIC))), JSON, st.booleans())
def test_any_value_in_any_field_is_understood_or_refused(field: str, value: Any, inside: bool) -> None:
    def change(body: dict[str, Any]) -> None:
        (body["data"] if inside else body)[field] = value

    try:
        parse_command(TOPIC, changed(change)).frame()
    except MessageError:
        return
