"""Which releases a machine takes: two signatures on the very bytes, in time, none older, in its turn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from edge.governance import software
from edge.governance.acceptance import Signature
from edge.values.errors import PolicyError
from edge.values.software import Installed, Release

TODAY = date(2026, 11, 26)
RELEASE = Release("1.2.0", 7, TODAY, TODAY + timedelta(90), 100, "a.tar.gz", 12, "ab" * 32)
PEOPLE = {name: Ed25519Signer.fresh() for name in ("anna", "boris", "vera")}
RING = {name: signer.key for name, signer in PEOPLE.items()}


def signed(release: Release, *names: str) -> list[Signature]:
    return [Signature(name, PEOPLE[name].sign(software.to_sign(release))) for name in names]


def admit(
    release: Release = RELEASE,
    signatures: list[Signature] | None = None,
    installed: Installed = Installed(),  # noqa: B008
    today: date = TODAY,
    ring: dict[str, bytes] = RING,
) -> None:
    given_ = signed(release, "anna", "vera") if signatures is None else signatures
    software.admit(release, given_, ring, installed, today, Ed25519Verifier())


def test_two_of_the_ring_are_enough() -> None:
    admit()
    admit(installed=Installed(7))
    admit(installed=Installed(3, (5,)))


@pytest.mark.parametrize(
    "changed",
    [
        {"version": "1.2.1"},
        {"sequence": 8},
        {"issued": TODAY - timedelta(1)},
        {"expires": TODAY + timedelta(900)},
        {"share": 99},
        {"archive": "b.tar.gz"},
        {"size": 13},
        {"sha256": "cd" * 32},
    ],
)
def test_a_signature_covers_every_word(changed: dict[str, object]) -> None:
    with pytest.raises(PolicyError, match="got none that is valid"):
        admit(replace(RELEASE, **changed), signed(RELEASE, "anna", "boris", "vera"))  # type: ignore[arg-type]


def test_one_person_is_not_two() -> None:
    with pytest.raises(PolicyError, match="wanted 2 signatures"):
        admit(signatures=signed(RELEASE, "anna"))
    with pytest.raises(PolicyError, match="wanted 2 signatures"):
        admit(signatures=signed(RELEASE, "anna", "anna"))
    with pytest.raises(PolicyError, match="wanted 2 signatures"):
        twice = {"anna": RING["anna"], "alias": RING["anna"]}
        value = signed(RELEASE, "anna")[0].value
        admit(signatures=[Signature("anna", value), Signature("alias", value)], ring=twice)
    with pytest.raises(PolicyError, match="wanted 2 signatures"):
        admit(ring={"anna": RING["anna"], "gleb": RING["boris"]})


def test_what_is_too_old_too_early_or_failed_is_not_taken() -> None:
    with pytest.raises(PolicyError, match="take a newer one"):
        admit(today=RELEASE.expires)
    with pytest.raises(PolicyError, match="mend the clock"):
        admit(today=TODAY - timedelta(1))
    with pytest.raises(PolicyError, match="no older release comes back"):
        admit(installed=Installed(8))
    with pytest.raises(PolicyError, match="failed on this machine"):
        admit(installed=Installed(3, (7,)))


@given(st.text(min_size=1, max_size=20), st.integers(0, 100), st.integers(0, 100))
def test_a_larger_share_holds_every_box_of_a_smaller_one(node: str, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert not software.is_turn(replace(RELEASE, share=low), node) or software.is_turn(
        replace(RELEASE, share=high), node
    )
    assert software.is_turn(replace(RELEASE, share=100), node)
    assert not software.is_turn(replace(RELEASE, share=0), node)


def test_a_tenth_is_about_a_tenth() -> None:
    first = [software.is_turn(replace(RELEASE, share=10), f"north/box-{n}") for n in range(2000)]
    assert 140 <= sum(first) <= 260
