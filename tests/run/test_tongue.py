"""The words for the public: each in every language, filled in the same way, and none beside the catalogue."""

import re
import string
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from edge.config.load import load
from edge.governance.capability import NEVER, Capability
from edge.governance.transparency import Held, Pictures, Why, transparency
from edge.run.public_words import duration
from edge.run.report_page import COUNTED, as_html
from edge.run.sign_page import sign
from edge.run.tongue import Tongue, catalogue
from edge.values.language import Language
from edge.values.segment import FootageClass
from tests.fakes.governed import recording_box
from tests.fakes.pages import ROOT
from tests.fakes.transparency import MONTH, boxes, city

FORMS = {Language.EN: 2, Language.RU: 3, Language.UZ: 1}
LATIN = re.compile(r"[A-Za-z]{3,}")


def blanks(said: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(said) if name}


def forms(key: str, language: Language) -> list[str]:
    said = catalogue()[key][language]
    return [said] if isinstance(said, str) else said


@pytest.mark.parametrize("key", catalogue())
def test_every_word_is_there_in_every_language(key: str) -> None:
    assert list(catalogue()[key]) == list(Language)
    kinds = {type(catalogue()[key][language]) for language in Language}
    assert len(kinds) == 1, "a list in one language is a list in all"
    wanted = blanks(forms(key, Language.EN)[0])
    for language in Language:
        for said in forms(key, language):
            assert said == said.strip() != "", "nothing is empty"
            assert blanks(said) == wanted, f"{language}: {said}"
        if kinds == {list}:
            assert len(forms(key, language)) == (12 if key == "month" else FORMS[language])


def test_every_word_is_used_and_every_word_that_is_used_is_there() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "edge" / "run").glob("*.py"))
    made = {
        *(f"{'never' if each in NEVER else 'does'}.{each}" for each in Capability),
        *(f"kept.{each.value}" for each in FootageClass),
        *(f"sign.{each}{how}" for each in ("counts", "looks") for how in ("", "-records")),
        *COUNTED.values(),
    }
    for key in catalogue().keys() - made:
        room, _, word = key.rpartition(".")
        built = room in ("sign", "report", "head") and f'"{word}"' in code
        assert built or room == "purpose" or f'"{key}"' in code or f"'{key}'" in code, (
            f"{key} is used nowhere"
        )
    assert made <= catalogue().keys()
    assert set(COUNTED) == {each.value for kind in (Why, Held, Pictures) for each in kind}


@pytest.mark.parametrize("value", COUNTED)
def test_the_catalogue_says_in_english_what_machines_are_told(value: str) -> None:
    assert Tongue()(COUNTED[value]) == value


class _Seen(HTMLParser):
    """The words that a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden = tag in ("style", "code", "svg")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def foreign(html: str, known: set[str]) -> set[str]:
    """Latin words on a page, but for names and what the policy says."""
    seen = _Seen()
    seen.feed(html)
    return set(LATIN.findall(" ".join(seen.words))) - known


def test_no_english_word_is_left_on_a_russian_page(tmp_path: Path) -> None:
    box, _ = recording_box(tmp_path / "box")
    node = load(box.config)
    policy = replace(
        city(),
        controller="Город",
        contact="право@город.example",
        purposes=frozenset(replace(each, basis="решение") for each in city().purposes),
        retention={name: replace(keep, basis="решение") for name, keep in city().retention.items()},
    )
    report = transparency(MONTH, policy, "ab" * 32, boxes())
    names = {"centre", "square", "north", "south", "bazaar", "gate", "station", "platform", "example"}
    assert foreign(as_html(report, Tongue(Language.RU)), names) == set()
    shown = sign(replace(node, policy=policy), "north", Tongue(Language.RU))
    assert foreign(shown, names | {"test", "box"} | set(LATIN.findall(node.policy_sha256[:12]))) == set()


@pytest.mark.parametrize(
    ("hours", "russian"),
    [(1, "1 час"), (22, "22 часа"), (24, "1 день"), (48, "2 дня"), (120, "5 дней"), (264, "11 дней"),
     (504, "21 день"), (36, "36 часов"), (2688, "112 дней"), (2664, "111 дней")],
)  # fmt: skip
def test_numbers_are_told_as_russian_wants_them(hours: int, russian: str) -> None:
    assert duration(hours, Tongue(Language.RU)) == russian


def test_a_month_and_a_share_are_told_as_each_language_does() -> None:
    assert [Tongue(each).month(2026, 10) for each in Language] == [
        "October 2026", "октябрь 2026 года", "2026-yil oktabr",
    ]  # fmt: skip
    assert [Tongue(each).share(0.9951) for each in Language] == ["99.5%", "99,5\u00a0%", "99,5\u00a0%"]
