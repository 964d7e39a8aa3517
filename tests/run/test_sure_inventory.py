"""A catalogue that was lost costs no held footage: the audit log remembers its holds."""

from pathlib import Path

import pytest

from edge.run import verb_hold
from edge.run.sure_inventory import SureInventory, forgotten
from edge.run.wiring import vaulting
from edge.values.audit import Action, AuditEntry
from edge.values.errors import ConfigError, StorageError
from tests.fakes.vaults import VaultFolder, moment, stretch
from tests.run.test_share import Street, street

__all__ = ["street"]


def entry(action: Action, subject: str) -> AuditEntry:
    return AuditEntry(moment(0), "officer", action, subject)


def test_a_hold_that_was_placed_and_not_released_is_forgotten_if_nobody_knows_it() -> None:
    log = [
        entry(Action.HOLD_PLACED, "a"), entry(Action.PANIC, "b"), entry(Action.HOLD_PLACED, "c"),
        entry(Action.HOLD_RELEASED, "c"), entry(Action.KEY_RELEASED, "d"),
    ]  # fmt: skip
    assert forgotten(log, []) == ["a", "b"]
    assert forgotten(log, ["b", "x"]) == ["a"]


def test_nothing_is_given_out_until_no_hold_is_forgotten(tmp_path: Path) -> None:
    vault, missing = VaultFolder(tmp_path), ["a19af4584af8"]
    vault.vault.put(stretch())
    sure = SureInventory(vault.holdings, lambda: missing)
    with pytest.raises(StorageError, match="hold a19af4584af8 is in the audit log and not in the catalogue"):
        sure.kept()
    missing.clear()
    assert len(sure.kept()) == 1
    missing.append("asked only once")
    assert len(sure.kept()) == 1
    assert sure.doomed() == []
    vault.close()


def placed(street: Street) -> str:
    span = ("2023-11-14T22:20:00Z", "2023-11-14T22:25:00Z")
    verb_hold.hold(street.box.config, [], span, "A-17", "City court", "", street.key("officer"))
    return next(each.subject for each in street.log if each.action is Action.HOLD_PLACED)


def test_a_catalogue_that_is_lost_stops_deletion_until_somebody_decides(
    street: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    name = placed(street)
    node = vaulting.node_of(street.box.config)
    with vaulting.opened(node) as hands:
        assert hands.forgotten() == []
        hands.room.catalogue.store.write(lambda db: db.execute("DELETE FROM holds"))
        assert hands.forgotten() == [name]
    with pytest.raises(ConfigError, match="there is no hold 0123456789ab"):
        verb_hold.release(street.box.config, "0123456789ab", "mistake", street.key("officer"))
    verb_hold.release(street.box.config, name, "placed again", street.key("officer"))
    assert f"hold {name} is released" in capsys.readouterr().out
    with vaulting.opened(node) as hands:
        assert hands.forgotten() == []


def test_a_line_of_the_record_that_nobody_can_read_counts_as_a_hold_until_it_is_released(
    street: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    placed(street)
    log = street.box.folder / "var" / "audit" / "log.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    number = next(at for at, line in enumerate(lines) if b"hold-placed" in line)
    lines[number] = lines[number].replace(b'"action"', b'"axtion"')
    log.write_bytes(b"".join(lines))
    node = vaulting.node_of(street.box.config)
    with vaulting.opened(node) as hands:
        assert hands.forgotten() == [f"line-{number}"]
        sure = SureInventory(hands.room.holdings, hands.forgotten)
        with pytest.raises(StorageError, match=f"line {number} of the audit log cannot be read"):
            sure.kept()
    verb_hold.release(
        street.box.config, f"line-{number}", "its hold is in the catalogue", street.key("officer")
    )
    assert f"line-{number} is released" in capsys.readouterr().out
    with vaulting.opened(node) as hands:
        assert hands.forgotten() == []
