"""What a page tells to type can be typed: the verb and every option exist, and the command line parses."""

import re
import shlex

import pytest
import typer.main

from edge.cli import app
from edge.run.reference import verbs_of
from tests.fakes.pages import ROOT, Page, pages

VERBS = verbs_of(typer.main.get_group(app))
SHELL = ("sh", "bash", "shell", "console")


def told(page: Page) -> list[str]:
    """Command lines of this program that a page tells, without what follows in the shell."""
    lines = [line for block in page.blocks(*SHELL) for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"^    (safecity-edge .+)$", page.prose, re.MULTILINE)
    lines += re.findall(r"`(safecity-edge [^`]+)`", page.prose)
    found = (re.match(r"(?:\$ )?safecity-edge (.+)", line) for line in lines)
    return [re.split(r" (?:&&?|\||>) ?", match[1])[0] for match in found if match]


TOLD = [(page, command) for page in pages() for command in told(page)]


@pytest.mark.parametrize(("page", "command"), TOLD, ids=[f"{page}:{command}" for page, command in TOLD])
def test_every_command_that_is_told_parses(page: Page, command: str) -> None:
    words = shlex.split(command, comments=True)
    if words == ["--help"]:
        return
    if words[0] == "centre" and " ".join(words[:2]) not in VERBS:
        words.insert(1, "ingest")  # as the command line does
    length = 1 if words[0] in VERBS else 2  # a verb of a group has two words
    verb, arguments = " ".join(words[:length]), words[length:]
    assert verb in VERBS, f"{page}: there is no verb {verb}"
    if arguments:  # a verb that is only mentioned has none
        VERBS[verb].make_context(verb, arguments)


def test_commands_are_told_at_all() -> None:
    verbs = {command.split()[0] for _, command in TOLD}
    assert verbs >= {"run", "check", "tail", "replay", "evaluate", "samples", "version"}


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_make_target_that_is_told_exists(page: Page) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    blocks = "\n".join(page.blocks(*SHELL)) + "\n".join(re.findall(r"`(make [^`]+)`", page.prose))
    assert set(re.findall(r"^make ([a-z]+)", blocks, re.MULTILINE)) <= targets
