"""The verbs `pki …` about certificates: an authority, what it issues, and what it takes back."""

import getpass
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from edge.config import centre, fusion
from edge.config.load import load
from edge.config.secret import SecretRef
from edge.run.wiring import pki, signing
from edge.run.wiring.ears import ears_of
from edge.values.certificate import Certificate, Standing
from edge.values.errors import ConfigError
from edge.values.moment import NS_PER_S, rfc3339

STYLES = {"good": "green", "due": "yellow", "early": "yellow", "expired": "bold red", "revoked": "dim"}
DAYS_A_YEAR = 365


class Row(TypedDict):
    """What is told of a certificate."""

    name: str
    standing: str
    ends: str
    days_left: int
    hosts: list[str]
    serial: str
    events_key: str


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Where the passphrase of an authority comes from: a variable, a file, or else the terminal."""

    env: str
    file: Path | None

    def read(self, new: bool = False) -> str:
        """The passphrase; a new one is asked for twice.

        Raises:
            ConfigError: it is not where it should be, or there is nobody to ask.
        """
        if self.env or self.file is not None:
            return SecretRef("passphrase", self.env or None, None if self.env else self.file).read()
        if not sys.stdin.isatty():
            raise ConfigError(
                "the authority's key wants its passphrase, and there is no terminal to ask: "
                "give --passphrase-file or --passphrase-env"
            )
        said = getpass.getpass("passphrase of the authority: ")
        if new and getpass.getpass("once more: ") != said:
            raise ConfigError("the two passphrases differ; nothing was written")
        return said


def init(folder: Path, name: str, years: int, passphrase: Passphrase) -> None:
    """Make an authority.

    Raises:
        ConfigError: there is one already, or the passphrase will not do.
        StorageError: it cannot be written.
    """
    made = pki.Authority.found(folder, name, years * DAYS_A_YEAR, passphrase.read(new=True), pki.now_s())
    print(f"{folder}: authority {name}, good until {_day(made.certificate.life.ends_s)}")
    print("  ca.pem    to every box, broker and subscriber: whom to trust")
    print("  crl.pem   to every broker: which certificates were revoked")
    print("  ca.key    never leaves this folder; keep the folder off the network, and a copy of it elsewhere")


def issue(
    folder: Path,
    name: str,
    hosts: tuple[str, ...],
    days: int,
    out: Path,
    secret: Passphrase,
    config: Path | None = None,
) -> None:
    """Issue a key and its certificate, which names the events key of the box of `config`.

    A fusion with ears gets two of each.

    Raises:
        ConfigError: name, hosts, days or passphrase will not do, the name has a good one, or the
            configuration is wrong or another box's.
        StorageError: it cannot be written.
    """
    keys = _keys(name, config)
    _refuse_existing(*(out / f"{each}{end}" for each in keys for end in (".key", ".pem")))
    passphrase = secret.read()
    for each, signs in keys.items():
        made = pki.authority(folder).issue(each, hosts, days, passphrase, pki.now_s(), events_key=signs)
        _put(out, each, made.certificate, made.key, over=False)


def csr(name: str, out: Path, config: Path | None) -> None:
    """Make a key, and a request for its certificate, which names the events key of the box of `config`.

    A fusion with ears gets two of each.

    Raises:
        ConfigError: a file is there already, the configuration is wrong, or it is another box's.
        StorageError: it cannot be written.
    """
    keys = _keys(name, config)
    _refuse_existing(*(out / f"{each}{end}" for each in keys for end in (".key", ".csr")))
    for each, signs in keys.items():
        key, asked = pki.request(each, out, signs)
        print(f"{key}: private key; it stays here")
        print(f"{asked}: take it to the authority: safecity-edge pki sign CA {asked.name} --out .")


def _keys(name: str, config: Path | None) -> dict[str, bytes]:
    """Who wants a certificate, with the events key that it names; a fusion's second connection names none."""
    if config is None:
        return {name: b""}
    whose, key, other = _configured(config)
    if whose != name:
        raise ConfigError(f"--config: {config} is of {whose}, and the certificate is for {name}")
    return {name: key()} | ({other: b""} if other else {})


def _configured(config: Path) -> tuple[str, Callable[[], bytes], str]:
    """Name of a box, a fusion or a centre's ingester, what tells the key it signs with, and its ears."""
    if centre.is_one(config):
        told = centre.load(config)
        if told.receipts_key is None:
            raise ConfigError(f"--config: {config} names no receipts_key: write one, such as receipts.key")
        file = told.receipts_key
        return told.name, lambda: signing.key_in(file).key, ""
    if fusion.is_one(config):
        found = fusion.load(config)
        return found.name, lambda: signing.events_key(found.data_dir), ears_of(found)
    node = load(config)
    return node.node, lambda: signing.events_key(node.data_dir), ""


def sign(
    folder: Path,
    asked: Path,
    hosts: tuple[str, ...],
    days: int,
    out: Path,
    secret: Passphrase,
    again: bool,
) -> None:
    """Issue a certificate for a request.

    Raises:
        ConfigError: request, hosts, days or passphrase will not do, or the name has a good one.
        StorageError: it cannot be written.
    """
    name, made = pki.authority(folder).sign(asked, hosts, days, secret.read(), pki.now_s(), again)
    _put(out, name, made, None, over=again)


def rotate(
    folder: Path, names: tuple[str, ...], days: int, out: Path, secret: Passphrase, early: bool
) -> None:
    """Issue the next certificate of each name whose newest is due.

    Raises:
        ConfigError: a name has none, or days or passphrase will not do.
        StorageError: it cannot be written.
    """
    authority, now_s = pki.authority(folder), pki.now_s()
    newest = _newest(authority.issued())
    for name in names:
        if name not in newest:
            raise ConfigError(f"{name} has no certificate to rotate: issue it one")
    due = [c for c in newest.values() if early or c.life.standing(now_s) is not Standing.GOOD]
    wanted = [c for c in due if not names or c.name in names]
    if not wanted:
        print("nothing is due: a certificate is when two thirds of its life are over")
        return
    passphrase = secret.read()
    for each in wanted:
        made = authority.issue(
            each.name, each.hosts, days, passphrase, now_s, again=True, events_key=each.events_key
        )
        _put(out, each.name, made.certificate, made.key, over=True)


def revoke(folder: Path, name: str, why: str, secret: Passphrase) -> None:
    """Revoke what a name has.

    Raises:
        ConfigError: it has nothing, or the passphrase does not fit.
        StorageError: it cannot be written.
    """
    gone = pki.authority(folder).revoke(name, why, secret.read(), pki.now_s())
    print(f"{name}: {len(gone)} certificate{'' if len(gone) == 1 else 's'} revoked")
    print(f"  1. copy {folder / 'crl.pem'} to every broker")
    print(f"  2. take {name} out of the fleet file, then: safecity-edge pki acl FLEET --out FOLDER")
    print("  3. safecity-edge pki probe FLEET --reload PID_FILE; only then it is cut off")


def show(path: Path, as_json: bool) -> None:
    """Tell what an authority issued, or what a certificate says.

    Raises:
        ConfigError: there is neither.
        StorageError: the index cannot be read.
    """
    now_s = pki.now_s()
    if path.is_dir():
        authority = pki.authority(path)
        found = [(authority.certificate, None), *((e.certificate, e.revoked_s) for e in authority.issued())]
    else:
        found = [(pki.read(path), None)]
    rows = [_row(certificate, revoked_s, now_s) for certificate, revoked_s in found]
    if as_json:
        print("\n".join(json.dumps(row) for row in rows))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "name", "until", "days left", "signs", "hosts"):
        table.add_column(column, overflow="fold", justify="right" if column == "days left" else "left")
    for row in rows:
        standing = row["standing"]
        signs = "events" if row["events_key"] else ""
        cells = (row["name"], row["ends"][:10], str(row["days_left"]), signs, ", ".join(row["hosts"]))
        table.add_row(Text(standing, style=STYLES[standing]), *cells)
    Console().print(table)


def _row(certificate: Certificate, revoked_s: int | None, now_s: int) -> Row:
    life = certificate.life
    return {
        "name": certificate.name,
        "standing": "revoked" if revoked_s is not None else str(life.standing(now_s)),
        "ends": rfc3339(life.ends_s * NS_PER_S),
        "days_left": life.days_left(now_s),
        "hosts": list(certificate.hosts),
        "serial": f"{certificate.serial:x}",
        "events_key": certificate.events_key.hex(),
    }


def _newest(issued: tuple[pki.Issued, ...]) -> dict[str, Certificate]:
    """The newest certificate of each name that was not revoked."""
    return {each.certificate.name: each.certificate for each in issued if each.revoked_s is None}


def _put(out: Path, name: str, certificate: bytes, key: bytes | None, over: bool) -> None:
    path = pki.put(out, name, certificate, key, over)
    told = pki.read(path)
    life = told.life
    print(f"{path}: good until {_day(life.ends_s)}, to be rotated from {_day(life.due_s)}")
    if told.events_key:
        print(f"  names the key with which {name} signs; a copy at the centre enrols it")
    elif not told.hosts:
        print("  names no key for signing, so it enrols nobody: a client needs none, a box or a fusion does")
        print(f"  for those: safecity-edge pki csr {name} --config FILE on its machine, then pki sign")
    if key is not None:
        print(f"{path.with_suffix('.key')}: its private key, for {name} alone; move it, do not copy it")


def _refuse_existing(*paths: Path) -> None:
    """Before anything is entered in the index."""
    for path in paths:
        if path.exists():
            raise ConfigError(f"{path} is there already, and is not overwritten")


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
