"""The verbs `policy …`: make keys, write, sign, verify and compare policies of the state."""

import json
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from edge.config import policy as files
from edge.config.policy_template import template
from edge.governance import order, plain
from edge.governance.acceptance import QUORUM, Remembered, accept
from edge.governance.policy import Party, StatePolicy
from edge.messages.words import counted
from edge.run.wiring import governing
from edge.values.errors import ConfigError, StorageError


def keygen(name: str, folder: Path) -> None:
    """Make a key pair; the private half goes into a new file, the public one is told.

    Raises:
        ConfigError: there is such a file already.
        StorageError: it cannot be written.
    """
    path = folder / f"{name}.key"
    key = governing.fresh_key(path)
    print(f"{path}: private key, for {name} alone; keep it off the box, best on paper or a token")
    print(f"key: {key.hex()}   # for the party {name} in the policy")


def init(path: Path, country: str) -> None:
    """Write a commented policy to begin with, valid for a year from today.

    Raises:
        ConfigError: there is such a file already, or the country is none.
        StorageError: it cannot be written.
    """
    if len(country) != 2 or not country.isalpha() or not country.isupper():
        raise ConfigError(f"--country: wanted two capital letters such as UZ, got {country!r}")
    begin = governing.today()
    text = template(country, begin, date(begin.year + 1, begin.month, min(begin.day, 28)))
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as failure:
        raise ConfigError(f"{path} is there already; a policy is never overwritten") from failure
    except OSError as failure:
        raise StorageError(f"{path} cannot be written: {failure.strerror}") from failure
    print(f"{path}: put in the keys of the three who sign, change what is yours, then: policy sign {path}")


def show(path: Path, as_json: bool) -> None:
    """Tell what a policy says, its hash, and who signed it.

    Raises:
        PolicyError: it cannot be read or contradicts itself.
    """
    signed = files.load(path)
    policy, names = signed.policy, sorted(governing.signers_of(signed))
    if as_json:
        head = {
            "sha256": plain.sha256(policy),
            "roots_sha256": plain.roots_sha256(policy),
            "signed_by": names,
        }
        print(json.dumps({**head, "policy": plain.signed(policy)}, ensure_ascii=False))
        return
    Console().print(_table(policy, names))


def sign(path: Path, key: Path) -> None:
    """Add the signature of the key's owner to the file beside the policy.

    Raises:
        ConfigError: the key cannot be read.
        PolicyError: the policy is wrong, or this key is no root of it.
        StorageError: the signatures cannot be written.
    """
    signed = files.load(path)
    signature = governing.sign(signed.policy, key)
    kept = [each for each in governing.valid(signed) if each.signer != signature.signer]
    signatures = sorted([*kept, signature], key=lambda each: each.signer)
    beside = files.signatures_path(path)
    fresh = beside.with_name(f"{beside.name}.new")
    try:
        fresh.write_text(files.signatures_text(plain.sha256(signed.policy), signatures), encoding="utf-8")
        fresh.replace(beside)
    except OSError as failure:
        raise StorageError(f"{beside} cannot be written: {failure.strerror}") from failure
    names = ", ".join(each.signer for each in signatures)
    print(f"{beside}: policy version {signed.policy.version} is signed by {names}")


def verify(path: Path, after: Path | None, roots: str, as_json: bool) -> None:
    """Judge a policy as a box would that has the policy `after`, or none yet.

    Raises:
        PolicyError: a box would refuse it.
    """
    signed = files.load(path)
    last = None if after is None else Remembered.of(files.load(after).policy)
    pinned = roots or plain.roots_sha256(signed.policy)
    accept(signed.policy, signed.signatures, last, pinned, governing.today(), governing.verifier())
    names = sorted(governing.signers_of(signed))
    if as_json:
        print(json.dumps({"version": signed.policy.version, "signed_by": names, "roots_sha256": pinned}))
        return
    print(f"{path}: good, version {signed.policy.version}, signed by {', '.join(names)}")
    print(f"  sha256 {plain.sha256(signed.policy)}")
    if not roots:
        print(f"  roots  {pinned}   # not compared: compare it, or give --roots")


def diff(old: Path, new: Path, as_json: bool) -> None:
    """Tell every field that differs, which way, and how many signatures the new policy wants.

    Raises:
        PolicyError: one of them cannot be read.
    """
    before, now = files.load(old).policy, files.load(new).policy
    changed = order.changes(before, now)
    wanted = 1 if order.tighter_or_equal(before, now) else QUORUM
    if as_json:
        told = [{"field": each.field, "tighter": each.tighter} for each in changed]
        print(json.dumps({"changes": told, "signatures": wanted}))
        return
    was, says = plain.plain(before), plain.plain(now)
    for each in changed:
        print(f"{'tighter' if each.tighter else 'LOOSER '}  {each.field}")
        print(f"         - {_short(was[each.field])}\n         + {_short(says[each.field])}")
    print(
        f"{counted(len(changed), ['change'])}; {wanted} of three signatures of the old policy's roots wanted"
    )
    if now.version <= before.version:
        print(f"version: wanted more than {before.version}, got {now.version}; a box would refuse it")


def _table(policy: StatePolicy, names: list[str]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, said in _rows(policy, names):
        table.add_row(name, said)
    return table


def _rows(policy: StatePolicy, names: list[str]) -> list[tuple[str, str]]:
    keeps = "; ".join(f"{name} {kept.hours} h ({kept.basis})" for name, kept in policy.retention.items())
    models = ["any"] if policy.models is None else sorted(model.name for model in policy.models)
    return [
        ("version", f"{policy.version}, from {policy.issued} until {policy.expires}, {policy.country}"),
        ("sha256", plain.sha256(policy)),
        ("roots", plain.roots_sha256(policy)),
        ("signed by", ", ".join(names) or "nobody"),
        ("controller", f"{policy.controller}; {policy.contact}"),
        ("purposes", "; ".join(f"{each.id} ({each.basis})" for each in sorted(policy.purposes))),
        *_cameras(policy),
        ("may", ", ".join(sorted(policy.capabilities)) or "nothing"),
        ("may never", ", ".join(sorted(policy.forbidden)) or "nothing by name"),
        ("models", ", ".join(models) or "none"),
        ("footage", keeps or "none is kept"),
        (
            "hold",
            f"review after {policy.hold_review_days} days, -{policy.hold_before_s}/+{policy.hold_after_s} s",
        ),
        ("pictures", f"at most {policy.max_px_per_m} px/m"),
        ("track names", f"live {policy.max_rotation_s} s at most; boxes {_yes(policy.publish_boxes)}"),
        ("map places", f"to {policy.publish_places_m} m" if policy.publish_places_m else "not told"),
        ("public counts", f"from {policy.public_min_count}"),
        (
            "brokers",
            "any configured" if policy.egress is None else ", ".join(sorted(policy.egress)) or "none",
        ),
        *(("party", _party(party)) for party in policy.parties),
    ]


def _cameras(policy: StatePolicy) -> list[tuple[str, str]]:
    if policy.cameras is None:
        return [("cameras", "any that is configured, each for all purposes")]
    named = sorted(policy.cameras.items())
    return [("camera", f"{name}: {', '.join(sorted(purposes))}") for name, purposes in named] or [
        ("cameras", "none may look")
    ]


def _party(party: Party) -> str:
    marks = [word for word, is_so in (("root", party.root), ("holds shares", bool(party.seal))) if is_so]
    return f"{party.id}, {party.role}, {party.office}" + (f" [{', '.join(marks)}]" if marks else "")


def _yes(flag: bool) -> str:
    return "leave" if flag else "stay"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 400 else f"{text[:397]}..."
