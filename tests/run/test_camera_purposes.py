"""Footage leaves for no purpose that the signed policy does not give its camera, from the form to the key."""

from pathlib import Path

import pyrage
import pytest

from edge.config.load import load
from edge.config.request import SignedRequest
from edge.governance.acceptance import Signature
from edge.run import verb_check, verb_export
from edge.run.verb_export_form import form
from edge.run.wiring.exporting import agreed, held_policy, read_request
from edge.values.audit import Action
from edge.values.errors import RefusedError
from edge.values.refusal import Refusal
from tests.fakes.governed import recording_box
from tests.invariants.access import Manned, manned

CASE = "2026/17-A"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Manned:
    """A box whose camera north looks for traffic alone, and whose policy knows no camera south of it."""
    return manned(tmp_path_factory.mktemp("place"), cameras={"test/box/north": ["traffic"]})


def by_hand(place: Manned, purpose: str, camera: str = "north") -> Path:
    """A request that two signed with a tool of their own, which refuses nothing."""
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    asked = form(
        CASE, "test/box", camera, "2023-11-14T22:20:00Z", "2023-11-14T22:22:00Z", purpose, recipient,
        "2098-01-01T00:00:00Z", place.state.file, original=False,
    )  # fmt: skip
    covered = asked.to_sign()
    signatures = tuple(Signature(name, place.key(name).sign(covered)) for name in ("officer", "guardian"))
    path = place.fresh(".json")
    path.write_text(SignedRequest(asked, signatures).text())
    return path


@pytest.mark.parametrize(
    ("camera", "reason"), [("north", Refusal.OTHER_PURPOSE), ("gate", Refusal.OTHER_CAMERA)]
)
def test_the_box_gives_out_no_key_and_enters_the_refusal(place: Manned, camera: str, reason: Refusal) -> None:
    request, before = by_hand(place, "public-safety", camera), len(place.log)
    with pytest.raises(RefusedError) as refused:
        place.share(request, "auditor")
    assert refused.value.reason is reason
    (told,) = place.log[before:]
    assert (told.actor, told.action, told.case, told.words) == ("auditor", Action.DENIED, CASE, reason)


def test_for_what_the_camera_looks_for_the_key_is_given_out(place: Manned) -> None:
    before = len(place.log)
    place.share(by_hand(place, "traffic"), "auditor")
    assert place.log[-1].action is Action.KEY_RELEASED
    assert len(place.log) == before + 3


def test_who_opens_off_the_box_asks_the_policy_too(place: Manned) -> None:
    """The keyholders' tool has the policy and no configuration; that is enough."""
    policy = held_policy(place.state.file)
    assert agreed(read_request(by_hand(place, "traffic")), policy)
    with pytest.raises(RefusedError, match="north looks for traffic"):
        agreed(read_request(by_hand(place, "public-safety")), policy)


def test_nobody_can_even_ask(place: Manned) -> None:
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    asked = form(
        CASE, "test/box", "north", "2023-11-14T22:20:00Z", "2023-11-14T22:22:00Z", "public-safety", recipient,
        "2098-01-01T00:00:00Z", place.state.file, original=False,
    )  # fmt: skip
    out = place.fresh(".json")
    with pytest.raises(RefusedError, match="looks for traffic"):
        verb_export.request(out, asked, place.state.file, place.key_file("officer"))
    assert not out.exists()


def test_check_says_where_the_policy_names_no_cameras(tmp_path: Path) -> None:
    box, state = recording_box(tmp_path / "box")
    assert "it names no cameras" in told(box.config)
    state.name_cameras({"test/box/north": ["traffic"], "test/box/south": ["traffic"]})
    assert "it names no cameras" not in told(box.config)


def told(config: Path) -> str:
    return str(verb_check._policy(load(config)))
