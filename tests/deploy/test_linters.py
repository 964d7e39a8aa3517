"""What linters say of the files in deploy/; `make lint` brings them, where they are not these tests skip."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fakes.pages import ROOT

DEPLOY = ROOT / "deploy"
YAMLLINT = json.dumps(
    {
        "extends": "default",
        "rules": {"line-length": {"max": 160}, "document-start": "disable", "braces": "disable"},
    }
)
TOLD = {
    "the playbook is one": (
        "ansible-playbook", "--syntax-check", "-i", "ansible/inventory.example.yml", "ansible/playbook.yml",
    ),
    "the playbook is a good one": (
        "ansible-lint", "--offline", "--profile", "production", "ansible/playbook.yml",
    ),
    "every YAML file is tidy": ("yamllint", "--strict", "-d", YAMLLINT, "."),
    "the compose file is one": (
        "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose/compose.yaml",
    ),
    "the image is built as one should": ("hadolint", "Containerfile"),
}  # fmt: skip


def said(command: tuple[str, ...], tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"no {command[0]} on this machine; `make lint` brings one")
    home = {"ANSIBLE_HOME": str(tmp_path), "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    path = f"{Path(program).parent}:/usr/bin:/bin"
    return subprocess.run(
        [program, *command[1:]],
        cwd=DEPLOY,
        env=home | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("what", TOLD)
def test_the_tools_have_nothing_to_say(what: str, tmp_path: Path) -> None:
    told = said(TOLD[what], tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr


def test_a_compose_file_that_is_none_is_noticed(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(
        (DEPLOY / "compose/compose.yaml").read_text().replace("read_only: true", "read_only: [1]")
    )
    assert said((*TOLD["the compose file is one"][:-1], str(wrong)), tmp_path).returncode != 0
