"""Event ids: repeatable, unique, and proper UUIDs."""

from uuid import RFC_4122, UUID

from edge.rules.issuer import Issuer


def test_ids_are_uuids_of_version_8() -> None:
    uuid = UUID(Issuer("node", "cam", "run", "rule").issue())
    assert (uuid.version, uuid.variant) == (8, RFC_4122)


def test_the_same_names_give_the_same_ids_in_the_same_order() -> None:
    one, other = Issuer("node", "cam", "run", "rule"), Issuer("node", "cam", "run", "rule")
    ids = [one.issue() for _ in range(100)]
    assert ids == [other.issue() for _ in range(100)]
    assert len(set(ids)) == 100


def test_any_other_name_gives_another_id() -> None:
    names = [
        ("n", "c", "r", "x"),
        ("m", "c", "r", "x"),
        ("n", "d", "r", "x"),
        ("n", "c", "s", "x"),
        ("nc", "", "r", "x"),
    ]
    assert len({Issuer(*name).issue() for name in names}) == len(names)


def test_an_id_stays_as_it_was_when_the_program_changes() -> None:
    assert Issuer("gate-7", "north", "2026-01-01", "busy").issue() == "a52189ca-1674-84f4-8c57-2dcc832c46fb"
