"""What the tables of a centre tell: of boxes, whether anything they say can be believed."""

import json
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from edge.adapters.authority import Authority
from edge.adapters.centre_store import CentreStore, engine_of
from edge.adapters.ed25519 import Ed25519Signer
from edge.centre import listing
from edge.centre.wiring import listed
from edge.messages.arrival import understood
from edge.privacy.spec import Origin
from edge.values.policy_term import PolicyStanding, PolicyTerm
from tests.fakes.outbox import BOOT
from tests.fakes.sayings import vitals_of

PASSPHRASE = "correct horse battery staple"
NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)


def centre(folder: Path, signatures: str) -> Path:
    """The configuration of a centre that heard of `known` and of `strange`."""
    config = folder / "centre.yaml"
    config.write_text(f"name: c\nbroker: {{urls: [mqtt://localhost]}}\nsignatures: {signatures}\n")
    (folder / "var").mkdir()
    engine = engine_of(make_url(f"sqlite:///{folder}/var/centre.db"))
    soon = PolicyTerm(7, datetime.now(UTC).date() + timedelta(days=12), PolicyStanding.HOLDS)
    births = [
        vitals_of(Origin("north", node), BOOT, policy=policy).birth
        for node, policy in (("known", soon), ("strange", None))
    ]
    CentreStore(engine).commit([understood(birth.topic, birth.body) for birth in births], NOW)
    engine.dispose()
    return config


def test_boxes_are_told_with_whether_they_are_enrolled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now_s = int(time.time())
    authority = Authority.found(tmp_path / "ca", "City", 3650, PASSPHRASE, now_s)
    key = Ed25519Signer.fresh().key
    made = authority.issue("known", (), 90, PASSPHRASE, now_s, again=False, events_key=key)
    (tmp_path / "boxes").mkdir()
    (tmp_path / "boxes" / "known.pem").write_bytes(made.certificate)
    rows, spec = listed(centre(tmp_path, "{certificates: boxes, ca_file: ca/ca.pem}"), "nodes", 10, "", "")
    assert {row["node"]: row["enrolled"] for row in rows} == {"known": True, "strange": False}
    listing.show("nodes", rows, spec.timezone)
    known, strange = (line.split() for line in capsys.readouterr().out.splitlines()[1:])
    assert ("yes" in known, "no" in strange) == (True, True)


def test_a_policy_that_ends_is_seen_also_where_its_box_was_connected_for_months(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, spec = listed(centre(tmp_path, "{unsigned: accept}"), "nodes", 10, "", "")
    assert {row["node"]: row["policy_standing"] for row in rows} == {"known": "ends-soon", "strange": None}
    listing.show("nodes", rows, spec.timezone)
    known, strange = capsys.readouterr().out.splitlines()[1:]
    assert re.search(r"\b1[12] days left", known)  # midnight may pass
    assert "none told" in strange
    told, none = map(json.loads, listing.as_json(rows))
    assert (told["policy_version"], told["policy_standing"]) == (7, "ends-soon")
    assert not any(key.startswith("policy") for key in none)


def test_where_nothing_can_be_checked_nothing_is_claimed(tmp_path: Path) -> None:
    rows, _ = listed(centre(tmp_path, "{unsigned: accept}"), "nodes", 10, "", "")
    assert [row["enrolled"] for row in rows] == [None, None]
    assert not any("enrolled" in line for line in listing.as_json(rows))
