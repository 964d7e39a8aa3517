"""The pages of the documentation, for tests that hold them to the code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(([^()\s]+)\)")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of Markdown."""

    path: Path

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """The text without its blocks of code."""
        return FENCE.sub("", self.text)

    def blocks(self, *languages: str) -> list[str]:
        """Its blocks of code in any of these languages."""
        return [body for language, body in FENCE.findall(self.text) if language in languages]

    def links(self) -> Iterator[tuple[str, str]]:
        """Path and anchor of every link that leads into the repository; the path is "" within the page."""
        for target in LINK.findall(self.prose):
            if "://" not in target:
                path, _, anchor = target.partition("#")
                yield path, anchor

    def anchors(self) -> set[str]:
        """Anchors of its headings, as common viewers make them."""
        titles = re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)
        return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}

    def leads_to(self) -> set[Path]:
        """Pages that it links to."""
        found = {(self.path.parent / path).resolve() for path, _ in self.links() if path}
        return {path for path in found if path.suffix == ".md"}


def pages() -> list[Page]:
    """Every page of the repository."""
    own = [*ROOT.glob("*.md"), *ROOT.glob("[!.]*/**/*.md")]
    return [Page(path) for path in sorted(own)]
