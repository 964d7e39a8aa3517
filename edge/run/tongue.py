"""The languages in which the public is told, and every word of them: one file, `public_words.yaml`.

Law: no word for the public stands anywhere else, so that who approves a language reads one file.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml

from edge.values.language import Language

Words = Mapping[str, Mapping[str, str | list[str]]]
FEW, MANY = range(2, 5), range(11, 15)
"""Last digits with a form of their own in Russian, and endings that have none (CLDR, plural rules)."""


@cache
def catalogue() -> Words:
    """All words by key and language."""
    text = resources.files("edge.run").joinpath("public_words.yaml").read_text(encoding="utf-8")
    words: Words = yaml.safe_load(text)
    return words


class Tongue:
    """Says things in one language."""

    def __init__(self, language: Language = Language.EN) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """What stands under this key, filled in; a KeyError where there is no such key."""
        said = catalogue()[key][self.language]
        assert isinstance(said, str), key
        return said.format(**values)

    def of(self, key: str, n: int) -> str:
        """What stands under this key for a number."""
        forms = catalogue()[key][self.language]
        assert not isinstance(forms, str), key
        return forms[min(_form(self.language, n), len(forms) - 1)].format(n=n)

    def knows(self, key: str) -> bool:
        """Whether there is such a key."""
        return key in catalogue()

    def month(self, year: int, month: int) -> str:
        """Such as October 2026."""
        return self("month-of-year", month=catalogue()["month"][self.language][month - 1], year=year)

    def share(self, part: float) -> str:
        """Such as 99.5%."""
        return self("percent", share=f"{part * 100:.1f}".replace(".", self("decimal")))


def _form(language: Language, n: int) -> int:
    """Which of a language's forms goes with a number."""
    if language is not Language.RU:
        return int(n != 1)
    last = n % 10
    if n % 100 in MANY:
        return 2
    return 0 if last == 1 else 1 if last in FEW else 2
