"""From written clauses to expressions over sources, with every mistake placed where it stands.

Law: what is wrong is collected, not raised, so that a file's mistakes are told at once. A rule that names
another has its clauses in its place. A rule that can never hold, or always holds, is a mistake.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from edge.config.cross import nearest
from edge.config.fusion_clause import Clause
from edge.config.fusion_places import Near, Placed, ns_of, sensor_source
from edge.config.fusion_schema import FusedCamera, FusedRule, FusionFile, Sensor
from edge.fusion.sense import possible
from edge.fusion.spec import (
    AtLeast,
    Expression,
    Happening,
    Measured,
    Not,
    Path,
    SensorSource,
    Signal,
    Times,
)
from edge.strictyaml.document import Loc
from edge.values.event import Severity
from edge.values.sensor import RANGES

MOST_CLAUSES = 64


@dataclass(slots=True)
class Ruled:
    """A rule as it came out.

    Attributes:
        spots: what must hold, by the source around which that is.
        clauses: how each clause was written, by the way to it; those of a rule that is named too.
        lonely: sources of the first clause that have nothing near.
    """

    spots: tuple[tuple[str, Expression], ...]
    clauses: Mapping[Path, Clause]
    lonely: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Where:
    """Where in the file and in the rule a clause stands."""

    loc: Loc
    path: Path
    spanned: bool = False
    named: tuple[str, ...] = ()

    def part(self, key: str, index: int, *, spanned: bool, several: bool) -> "_Where":
        loc = (*self.loc, key, index) if several else (*self.loc, key)
        return _Where(loc, (*self.path, index), self.spanned or spanned, self.named)


@dataclass(slots=True)
class Compiler:
    """Compiles the rules of one file; `mistakes` are those found so far."""

    file: FusionFile
    mistakes: list[tuple[Loc, str]] = field(default_factory=list)
    _clauses: dict[Path, Clause] = field(default_factory=dict)

    def rule(self, index: int) -> Ruled | None:
        """The rule at that place of the file; None where it is wrong."""
        rule, before = self.file.rules[index], len(self.mistakes)
        where = _Where(("rules", index, "when"), (), named=(rule.id,))
        self._clauses = {}
        self._check(rule.when, where)
        if len(self.mistakes) == before and len(self._clauses) > MOST_CLAUSES:
            self._wrong(where, f"wanted at most {MOST_CLAUSES} clauses, got {len(self._clauses)}")
        if len(self.mistakes) > before:
            return None
        clauses = dict(self._clauses)
        if rule.near_m is None:
            return self._sensible(rule, where, [("", self._made(rule.when, where, None))], clauses)
        spots = self._spots(rule, rule.near_m, where)
        return None if spots is None else self._sensible(rule, where, spots, clauses)

    def _sensible(
        self,
        rule: FusedRule,
        where: _Where,
        spots: Sequence[tuple[str, Expression]],
        clauses: Mapping[Path, Clause],
    ) -> Ruled | None:
        """The rule without the spots at which it can never hold; a mistake if none is left."""
        sensors = {f"sensor/{each.id}": sensor_source(each) for each in self.file.sensors}
        can = [(around, made, possible(made, sensors)) for around, made in spots]
        if not any(each.true for _, _, each in can):
            self._wrong(where, self._why_never(rule, where, sensors))
            return None
        if any(not each.false for _, _, each in can):
            self._wrong(where, "this always holds, so its event would never end")
            return None
        kept = tuple((around, made) for around, made, each in can if each.true)
        return Ruled(kept, clauses, tuple(around for around, _, each in can if not each.true))

    def _why_never(self, rule: FusedRule, where: _Where, sensors: Mapping[str, SensorSource]) -> str:
        if rule.near_m is not None and possible(self._made(rule.when, where, None), sensors).true:
            return (
                f"this can never hold: what it needs lies nowhere within {rule.near_m:g} m of a source of "
                "its first clause"
            )
        return "this can never hold: its clauses exclude each other"

    def _spots(
        self, rule: FusedRule, near_m: float, where: _Where
    ) -> Sequence[tuple[str, Expression]] | None:
        first = rule.when.parts[0] if rule.when.head in ("all_of", "of") else None
        if first is None or first.head not in ("sensor", "event") or first.at_least > 1 or first.times > 1:
            self._wrong(
                where,
                "near_m wants all_of or of, and first a clause with sensor or event about one source: "
                "around that the others are looked for",
            )
            return None
        asked = [each for clause in self._clauses.values() for each in self._asked(clause)]
        unplaced = sorted({each.name for each in asked if each.at is None})
        if unplaced:
            self._wrong(where, f"near_m wants `at` of {', '.join(unplaced[:5])}")
            return None
        centres = [each for each in self._asked(first) if each.at is not None]
        return [
            (each.source, self._made(rule.when, where, Near(each, near_m, self.file.map))) for each in centres
        ]

    def _check(self, clause: Clause, where: _Where) -> None:
        """Enter a clause and those in it, and what is wrong with them."""
        self._clauses[where.path] = clause
        if len(self._clauses) > MOST_CLAUSES:
            return
        match clause.head:
            case "sensor" | "event":
                self._check_leaf(clause, where)
            case "rule":
                self._check_named(clause, where)
            case _:
                for part, inner in self._parts(clause, where):
                    self._check(part, inner)

    def _check_named(self, clause: Clause, where: _Where) -> None:
        name = clause.rule or ""
        known = {rule.id: rule for rule in self.file.rules}
        if name in where.named:
            circle = " → ".join((*where.named[where.named.index(name) :], name))
            self._wrong(where, f"the rules go in a circle: {circle}")
        elif name not in known:
            self._wrong(where, f"there is no rule {name}{nearest(name, known)}")
        elif known[name].near_m is not None:
            self._wrong(where, f"the rule {name} has near_m, and so no single answer")
        else:
            self._check(known[name].when, self._inside(where, name))

    def _check_leaf(self, clause: Clause, where: _Where) -> None:
        names, known, what = self._named(clause)
        for name in names:
            if name not in known:
                self._wrong(where, f"there is no {what} {name}{nearest(name, known)}")
                return
        asked = self._asked(clause)
        if len(asked) < clause.at_least:
            self._wrong(where, f"wanted {clause.at_least} {what}s or more, and there are {len(asked)}")
        elif clause.needs_span and not (clause.within_s or where.spanned):
            self._wrong(where, f"a {clause.event} is over at once: give within_s")
        elif clause.sensor is not None:
            self._check_range(clause, asked, where)

    def _check_range(self, clause: Clause, asked: Sequence[Placed], where: _Where) -> None:
        """Whether the sensors can measure what is asked for."""
        test = _test_of(clause)
        sensors = {each.source: sensor_source(each.of) for each in asked if isinstance(each.of, Sensor)}
        for each in asked:
            can = possible(Signal((), each.source, test), sensors)
            if not (can.true and can.false):
                ranges = ", ".join(
                    f"{low:g} to {high:g} {name}" for name, low, high in sensors[each.source].ranges
                )
                always = "always" if can.true else "never"
                self._wrong(where, f"{each.name} measures {ranges}: this {always} holds")
                return

    def _named(self, clause: Clause) -> tuple[list[str], list[str], str]:
        """Names that a clause gives, those there are, and what they are."""
        if clause.sensor is not None:
            return (
                clause.sensors,
                [each.id for each in self.file.sensors if each.kind is clause.sensor],
                (f"{clause.sensor} sensor"),
            )
        return clause.cameras, [each.name for each in self.file.cameras], "camera"

    def _asked(self, clause: Clause) -> list[Placed]:
        """The sources that a clause asks."""
        if clause.head not in ("sensor", "event"):
            return []
        names, known, _ = self._named(clause)
        chosen = set(names or known)
        of: Sequence[Sensor | FusedCamera] = (
            self.file.sensors if clause.sensor is not None else self.file.cameras
        )
        placed = [Placed(each) for each in of]
        return [each for each in placed if each.name in chosen]

    def _made(self, clause: Clause, where: _Where, near: Near | None) -> Expression:
        match clause.head:
            case "sensor" | "event":
                return self._leaf(clause, where.path, near)
            case "rule":
                name = clause.rule or ""
                other = next(rule for rule in self.file.rules if rule.id == name)
                return AtLeast(where.path, 1, (self._made(other.when, self._inside(where, name), near),))
            case "not":
                ((part, inner),) = self._parts(clause, where)
                return Not(where.path, self._made(part, inner, near))
        parts = tuple(self._made(part, inner, near) for part, inner in self._parts(clause, where))
        wanted = {"all_of": len(parts), "any_of": 1}.get(clause.head, clause.at_least)
        return AtLeast(where.path, wanted, parts, ns_of(clause.within_s))

    def _leaf(self, clause: Clause, path: Path, near: Near | None) -> Expression:
        asked = self._asked(clause)
        if near is not None:
            asked = [each for each in asked if near.has(each, first=path == (0,))]
        test = _test_of(clause)
        if clause.times > 1 and isinstance(test, Happening):
            return Times(
                path, tuple(each.source for each in asked), test, clause.times, ns_of(clause.within_s)
            )
        signals = tuple(Signal(path, each.source, test) for each in asked)
        return AtLeast(path, clause.at_least, signals, ns_of(clause.within_s))

    def _parts(self, clause: Clause, where: _Where) -> Iterator[tuple[Clause, _Where]]:
        for index, part in enumerate(clause.parts):
            yield (
                part,
                where.part(clause.head, index, spanned=clause.within_s > 0, several=clause.head != "not"),
            )

    def _inside(self, where: _Where, name: str) -> _Where:
        """Where the clauses of a named rule stand: mistakes in them are told where it is named."""
        return _Where(where.loc, (*where.path, 0), where.spanned, (*where.named, name))

    def _wrong(self, where: _Where, text: str) -> None:
        self.mistakes.append((where.loc, text))


def _test_of(clause: Clause) -> Measured | Happening:
    if clause.sensor is None:
        return Happening(
            clause.event or "",
            tuple(clause.places),
            tuple(clause.rules),
            int(Severity[clause.severity.upper()]),
            clause.objects,
        )
    if clause.is_ is not None:
        return Measured(words=(clause.is_,))
    return Measured(clause.measure or next(iter(RANGES[clause.sensor])), clause.above, clause.below)
