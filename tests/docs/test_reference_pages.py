"""Pages made of the code are those that the code makes now, and tell of all there is."""

import re

import pytest
import typer.main

from edge.cli import app
from edge.config.fields import Strict
from edge.config.policy_schema import PolicyFile
from edge.config.reference import centre_configuration, configuration, fleet, fusion, policy
from edge.config.schema import Node
from edge.run.reference import pages as made_of_verbs
from edge.run.reference import verbs_of, write
from edge.values.errors import ConfigError, SafecityError
from tests.fakes.pages import ROOT

REFERENCE = ROOT / "docs" / "reference"
GROUP = typer.main.get_group(app)
MADE = {
    "configuration.md": configuration(),
    "centre-configuration.md": centre_configuration(),
    "policy.md": policy(),
    "fleet.md": fleet(),
    "fusion.md": fusion(),
    **made_of_verbs(GROUP),
}


@pytest.mark.parametrize("name", MADE)
def test_the_checked_in_page_is_the_made_one(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == MADE[name], (
        f"{name} is out of date: make reference"
    )


def test_every_verb_and_option_is_told_with_a_meaning() -> None:
    page = MADE["command-line.md"]
    for name, verb in verbs_of(GROUP).items():
        assert (f"## {name}\n" in page) is not verb.hidden
        for parameter in verb.params:
            if not verb.hidden and not getattr(parameter, "hidden", False) and parameter.name != "help":
                assert parameter.help, f"{name} {parameter.opts} has no meaning"
    assert "| None |" not in page
    assert "--supervised" not in page


@pytest.mark.parametrize(("name", "model"), [("configuration.md", Node), ("policy.md", PolicyFile)])
def test_every_key_is_told_with_a_meaning_and_what_is_wanted(name: str, model: type[Strict]) -> None:
    page = MADE[name]
    keys = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| .* ?\|$", page, re.MULTILINE)
    assert all(meaning and wanted for _, meaning, wanted in keys)
    schemas = [model.model_json_schema(by_alias=True)]
    schemas += [schema for schema in schemas[0]["$defs"].values() if "properties" in schema]
    assert len(keys) == sum(len(schema["properties"]) for schema in schemas)


def test_the_help_tells_every_exit_code() -> None:
    told = set(re.findall(r"\b\d+\b", GROUP.epilog or ""))
    codes = {error.exit_code for error in SafecityError.__subclasses__()} | {0, 130}
    assert told == {str(code) for code in codes}


def test_pages_that_cannot_be_written_are_an_error_that_names_the_folder(tmp_path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        write(GROUP, tmp_path / "nowhere")
