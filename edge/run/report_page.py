"""The transparency report for people: one page of HTML, to read, to print and to put on a web site."""

from collections.abc import Iterable, Iterator
from importlib import resources

from edge.governance.suppression import Table
from edge.governance.transparency import OTHER, CameraLine, Transparency
from edge.run.page import page, text
from edge.run.public_words import NEVER_DOES, does, kept, spelled

WITHHELD = "not told"
"""The same for a small count and for one that would give it away: which is which gives it away too."""


def as_html(report: Transparency) -> str:
    """The page."""
    style = resources.files("edge.run").joinpath("report_style.css").read_text(encoding="utf-8")
    title = f"Cameras in public: {report.month.words}"
    return page(title, style, "\n".join(_body(report)) + "\n")


def _body(report: Transparency) -> Iterator[str]:
    policy = report.policy
    about = f"{report.month.words} · {policy.controller}"
    yield f"<header><h1>Cameras in public</h1><p>{text(about)}</p></header>"
    yield "<main>"
    yield _tiles(report)
    yield _section("What the cameras do, and what they never do", _abilities(report))
    yield _section(
        "Why", _table(("Purpose", "Law"), [(spelled(p.id), p.basis) for p in sorted(policy.purposes)])
    )
    yield _section("How long recordings are kept", _retention(report))
    yield _section("Recordings that left", _exports(report))
    yield _section("Wishes that were refused", _counts("reason", report.refusals, report))
    yield _section("Recordings that were frozen for a case", _holds(report))
    yield _section("The cameras", _cameras(report.cameras))
    yield "</main>"
    yield _footer(report)


def _section(title: str, inside: str) -> str:
    return f"<section>\n<h2>{text(title)}</h2>\n{inside}\n</section>"


def _tiles(report: Transparency) -> str:
    times = kept(report.policy)
    recorded = sum(each.recorded for each in report.cameras)
    tiles = [
        (str(len(report.cameras)), "cameras" if len(report.cameras) != 1 else "camera"),
        (str(recorded), "of them recorded, sealed"),
        (times[0][1] if times and recorded else "nothing", "is kept, as a rule"),
        (_total(report.exports, report.policy.public_min_count), "times recordings left"),
    ]
    inside = "".join(
        f'<div class="tile"><b{_size(value)}>{text(value)}</b><span>{text(words)}</span></div>'
        for value, words in tiles
    )
    return f'<section class="tiles">{inside}</section>'


def _size(value: str) -> str:
    return ' class="small"' if len(value) > 8 else ""


def _abilities(report: Transparency) -> str:
    may = "".join(f"<li>{text(words)}</li>" for words in does(report.policy))
    never = "".join(f"<li>{text(words)}</li>" for words in NEVER_DOES.values())
    return f'<div class="two"><ul class="does">{may}</ul><ul class="never">{never}</ul></div>'


def _retention(report: Transparency) -> str:
    if not report.policy.retention:
        return "<p>No recordings are kept.</p>"
    return _table(("What", "At most", "Law"), kept(report.policy))


def _exports(report: Transparency) -> str:
    intro = (
        "<p>A recording leaves only for a case, and only if two people of different offices agree. Counted "
        "is each agreement for which a key was released.</p>"
    )
    by_purpose = _counts("purpose", report.exports, report)
    by_pictures = _counts("what could be seen", report.pictures, report) if report.exports.total else ""
    return intro + by_purpose + by_pictures


def _holds(report: Transparency) -> str:
    intro = "<p>They are not deleted until the case is closed.</p>"
    return intro + _counts("cause", report.holds, report)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{text(each)}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _counts(head: str, table: Table, report: Transparency) -> str:
    least = report.policy.public_min_count
    if table.total == 0:
        return "<p>None this month.</p>"
    if table.total is None:
        return f"<p>Fewer than {least} this month.</p>"
    if all(count is None for _, count in table.rows):
        return f"<p><b>{table.total}</b> in all. By {text(head)}, some are fewer than {least}: not told.</p>"
    rows = "".join(_row(_named(name), WITHHELD if n is None else str(n)) for name, n in table.rows)
    total = _row("all together", str(table.total), "total")
    heads = f'<tr><th>{text(head.capitalize())}</th><th class="number">Number</th></tr>'
    return f"<table>{heads}{rows}{total}</table>"


def _named(name: str) -> str:
    return "another purpose" if name == OTHER else spelled(name)


def _row(name: str, count: str, kind: str = "") -> str:
    few = "" if count.isdigit() else " few"
    return f'<tr class="{kind}"><td>{text(name)}</td><td class="number{few}">{text(count)}</td></tr>'


def _total(table: Table, least: int) -> str:
    return f"under {least}" if table.total is None else str(table.total)


def _cameras(cameras: Iterable[CameraLine]) -> str:
    rows = "".join(
        f"<tr><td>{text(each.id)}</td><td>{text(each.node)}</td><td>{_available(each)}</td></tr>"
        for each in cameras
    )
    return f"<table><tr><th>Camera</th><th>Box</th><th>Recorded, share of the month</th></tr>{rows}</table>"


def _available(line: CameraLine) -> str:
    if not line.recorded:
        return "not recorded"
    if line.available is None:
        return "not yet"
    share = f"{line.available:.1%}"
    return f'<span class="bar"><i style="width:{line.available:.1%}"></i></span>{text(share)}'


def _footer(report: Transparency) -> str:
    policy = report.policy
    few = (
        f"Counts under {policy.public_min_count} are not told, so that nobody can be found by them; where "
        "one of them could be worked out from the others, another count is withheld too."
    )
    boxes = "".join(
        f"<p>{text(node)}: started {starts} times; its record of {size} entries was verified, "
        f"<code>{text(root)}</code></p>"
        for node, starts, size, root in report.boxes
    )
    return (
        f"<footer><p>{text(few)}</p><p>Questions and complaints: {text(policy.contact)}</p>"
        f"<p>Rules: policy version {policy.version}, <code>{text(report.policy_sha256)}</code></p>"
        f"{boxes}</footer>"
    )
