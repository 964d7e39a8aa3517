"""The verbs `report` and `sign`: what the public is told, as files."""

from collections.abc import Sequence
from pathlib import Path

from edge.config.load import load
from edge.config.spec import NodeSpec
from edge.governance.month import Month
from edge.governance.transparency import transparency
from edge.run.report_files import as_csv, as_json
from edge.run.report_page import as_html
from edge.run.sign_page import sign as sign_of
from edge.run.tongue import Tongue
from edge.run.wiring import in_force, telling
from edge.values.errors import ConfigError, PolicyError, StorageError
from edge.values.language import Language

ENGLISH = (Language.EN,)


def report(
    configs: Sequence[Path],
    month: str,
    out: Path,
    languages: Sequence[Language] = ENGLISH,
    *,
    draft: bool = False,
) -> None:
    """Write the transparency report on these boxes: a page in each language, CSV and JSON.

    Raises:
        AuditError: a box's audit log is not what it was.
        ConfigError: a configuration or the month is wrong, policies differ, or a file is there already.
        PolicyError: the policy is not in force on a box, and no draft is wanted.
        StorageError: a record cannot be read, or a file not written.
    """
    wanted, nodes = telling.month_of(month), telling.nodes_of(list(configs))
    for node in nodes:
        _in_force(node, draft=draft, month=wanted)
    boxes = [telling.record_of(node, wanted) for node in nodes]
    told = transparency(wanted, nodes[0].policy, nodes[0].policy_sha256, boxes)
    for each in languages:
        print(_written(out / f"cameras-{wanted}{_suffix(each)}", as_html(told, Tongue(each), draft=draft)))
    for suffix, content in (
        ("csv", as_csv(told, draft=draft)),
        ("json", as_json(told, draft=draft)),
    ):
        print(_written(out / f"cameras-{wanted}.{suffix}", content))
    withheld = [
        name
        for name, table in (
            ("exports", told.exports),
            ("refusals", told.refusals),
            ("holds", told.holds),
        )
        if table.withholds
    ]
    least = told.policy.public_min_count
    if withheld:
        print(f"  withheld are counts under {least} and what would give them away: {', '.join(withheld)}")


def sign(
    config: Path,
    cameras: Sequence[str],
    out: Path,
    languages: Sequence[Language] = ENGLISH,
    *,
    draft: bool = False,
) -> None:
    """Write the sign for the street of each camera, one in each language.

    Raises:
        ConfigError: there is no such camera, or a file is there already.
        PolicyError: the policy is not in force on this box, and no draft is wanted.
        StorageError: a file cannot be written.
    """
    node = load(config)
    known = [camera.id for camera in node.cameras]
    if unknown := [name for name in cameras if name not in known]:
        raise ConfigError(f"--camera: there is no camera {unknown[0]}; there are {', '.join(known)}")
    _in_force(node, draft=draft)
    for camera in cameras or known:
        for each in languages:
            said = sign_of(node, camera, Tongue(each), draft=draft)
            print(_written(out / f"sign-{camera}{_suffix(each)}", said))
    print("  drafts: not to be put up" if draft else "  print them on A4, at full size and in colour")


def _in_force(node: NodeSpec, *, draft: bool, month: Month | None = None) -> None:
    """Refuse to speak for a policy that is not in force; in a draft say why it would be refused."""
    try:
        in_force.check(node, month)
    except PolicyError as failure:
        if not draft or node.policy_ref is None:
            raise PolicyError(
                f"the public is told nothing of a policy that is not in force: {failure}"
                + ("" if node.policy_ref is None else "; to prepare for it: --draft")
            ) from failure
        print(f"  draft: {failure}")


def _suffix(language: Language) -> str:
    return ".html" if language is Language.EN else f".{language}.html"


def _written(path: Path, content: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(content)
    except FileExistsError as failure:
        raise ConfigError(f"{path} is there already, and is not overwritten") from failure
    except OSError as failure:
        raise StorageError(f"{path} cannot be written: {failure.strerror}") from failure
    return path
