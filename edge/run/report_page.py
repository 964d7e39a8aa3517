"""The transparency report for people: one page of HTML, to read, to print and to put on a web site."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import resources

from edge.governance.suppression import Table
from edge.governance.transparency import OTHER, CameraLine, Held, Pictures, Transparency, Why
from edge.run.page import draft_band, page, text
from edge.run.public_words import does, kept, never_does, purpose
from edge.run.tongue import Tongue

COUNTED: Mapping[str, str] = {
    **{each.value: f"why.{each.name.lower()}" for each in Why},
    **{each.value: f"held.{each.name.lower()}" for each in Held},
    **{each.value: f"pictures.{each.name.lower()}" for each in Pictures},
}
"""What is counted besides purposes, and under which key its words stand."""


def as_html(report: Transparency, tongue: Tongue | None = None, *, draft: bool = False) -> str:
    """The page, in English unless told otherwise."""
    say = tongue or Tongue()
    style = resources.files("edge.run").joinpath("report_style.css").read_text(encoding="utf-8")
    title = f"{say('report.head')}: {say.month(report.month.year, report.month.month)}"
    return page(title, style, "\n".join(_Page(report, say, draft).body()) + "\n", lang=say("lang"))


class _Page:
    """One report in one language."""

    def __init__(self, report: Transparency, say: Tongue, draft: bool) -> None:
        self._report, self._policy, self._say, self._draft = report, report.policy, say, draft
        self._least = report.policy.public_min_count

    def body(self) -> Iterator[str]:
        say, report = self._say, self._report
        about = f"{say.month(report.month.year, report.month.month)} · {self._policy.controller}"
        if self._draft:
            yield draft_band(say)
        yield f"<header><h1>{text(say('report.head'))}</h1><p>{text(about)}</p></header>"
        yield "<main>"
        yield self._tiles()
        yield self._section("abilities", self._abilities())
        yield self._section("why", self._since() + self._purposes())
        yield self._section("retention", self._retention())
        yield self._section("exports", self._exports())
        yield self._section("refusals", self._counts("reason", report.refusals))
        yield self._section("holds", self._said("holds.intro") + self._counts("cause", report.holds))
        yield self._section("cameras", self._cameras())
        yield "</main>"
        yield self._footer()

    def _section(self, name: str, inside: str) -> str:
        return f"<section>\n<h2>{text(self._say(f'report.{name}'))}</h2>\n{inside}\n</section>"

    def _said(self, key: str, **values: object) -> str:
        return f"<p>{text(self._say(key, **values))}</p>"

    def _tiles(self) -> str:
        say, cameras = self._say, self._report.cameras
        times, recorded = kept(self._policy, say), sum(each.recorded for each in cameras)
        left = self._report.exports.total
        tiles = [
            (str(len(cameras)), say.of("tile.cameras", len(cameras))),
            (str(recorded), say("tile.recorded")),
            (times[0][1] if times and recorded else say("tile.nothing"), say("tile.kept")),
            (say("under", least=self._least) if left is None else str(left), say("tile.left")),
        ]
        inside = "".join(
            f'<div class="tile"><b{_size(value)}>{text(value)}</b><span>{text(words)}</span></div>'
            for value, words in tiles
        )
        return f'<section class="tiles">{inside}</section>'

    def _abilities(self) -> str:
        may = "".join(f"<li>{text(words)}</li>" for words in does(self._policy, self._say))
        never = "".join(f"<li>{text(words)}</li>" for words in never_does(self._say))
        return f'<div class="two"><ul class="does">{may}</ul><ul class="never">{never}</ul></div>'

    def _purposes(self) -> str:
        rows = [(purpose(each.id, self._say), each.basis) for each in sorted(self._policy.purposes)]
        return self._table(("purpose", "law"), rows)

    def _since(self) -> str:
        """Since when these rules hold, where others held in the month."""
        since = self._report.rules_since
        if since is None or not self._report.rules_are_newer:
            return ""
        return self._said("since", day=since.isoformat())

    def _retention(self) -> str:
        if not self._policy.retention:
            return self._said("no-recordings")
        return self._table(("what", "at-most", "law"), kept(self._policy, self._say))

    def _exports(self) -> str:
        report = self._report
        by_purpose = self._counts("purpose", report.exports)
        by_pictures = self._counts("pictures", report.pictures) if report.exports.total else ""
        return self._said("exports.intro") + by_purpose + by_pictures

    def _table(self, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
        head = "".join(f"<th>{text(self._say(f'head.{each}'))}</th>" for each in heads)
        body = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        return f"<table><tr>{head}</tr>{body}</table>"

    def _counts(self, head: str, table: Table) -> str:
        say, called = self._say, self._say(f"head.{head}")
        if table.total == 0:
            return self._said("none")
        if table.total is None:
            return self._said("fewer", least=self._least)
        if all(count is None for _, count in table.rows):
            return self._said("all-few", total=table.total, head=called.lower(), least=self._least)
        rows = "".join(
            _row(self._named(name), say("withheld") if n is None else str(n)) for name, n in table.rows
        )
        total = _row(say("total"), str(table.total), "total")
        number = text(say("head.number"))
        return f'<table><tr><th>{text(called)}</th><th class="number">{number}</th></tr>{rows}{total}</table>'

    def _named(self, name: str) -> str:
        if name in COUNTED:
            return self._say(COUNTED[name])
        return self._say("purpose.other") if name == OTHER else purpose(name, self._say)

    def _cameras(self) -> str:
        heads = "".join(
            f"<th>{text(self._say(f'head.{each}'))}</th>" for each in ("camera", "box", "why", "recorded")
        )
        rows = "".join(self._camera(each) for each in self._report.cameras)
        return f"<table><tr>{heads}</tr>{rows}</table>"

    def _camera(self, line: CameraLine) -> str:
        why = ", ".join(purpose(each, self._say) for each in line.purposes)
        said = "".join(f"<td>{text(each)}</td>" for each in (line.id, line.node, why))
        return f'<tr>{said}<td class="share">{self._available(line)}</td></tr>'

    def _available(self, line: CameraLine) -> str:
        if not line.recorded:
            return text(self._say("not-recorded"))
        if line.available is None:
            return text(self._say("not-yet"))
        bar = f'<span class="bar"><i style="width:{line.available:.1%}"></i></span>'
        return bar + text(self._say.share(line.available))

    def _footer(self) -> str:
        say, policy = self._say, self._policy
        boxes = "".join(
            f"<p>{text(say('foot.box', node=node, starts=starts, size=size))}, <code>{text(root)}</code></p>"
            for node, starts, size, root in self._report.boxes
        )
        rules = text(say("foot.rules", version=policy.version))
        return (
            f"<footer>{self._said('foot.few', least=self._least)}"
            f"{self._said('foot.questions', contact=policy.contact)}"
            f"<p>{rules}, <code>{text(self._report.policy_sha256)}</code></p>{boxes}</footer>"
        )


def _size(value: str) -> str:
    return ' class="small"' if len(value) > 8 else ""


def _row(name: str, count: str, kind: str = "") -> str:
    few = "" if count.isdigit() else " few"
    return f'<tr class="{kind}"><td>{text(name)}</td><td class="number{few}">{text(count)}</td></tr>'
