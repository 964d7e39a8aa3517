"""The transparency report for machines: one JSON object, and CSV with a figure a line.

Law: what is withheld is null in JSON and `withheld` in CSV, never 0 and never left out.
"""

import csv
import io
import json
from collections.abc import Iterator

from edge.governance.suppression import Table
from edge.governance.transparency import CameraLine, Transparency
from edge.run.public_words import does, kept, spelled
from edge.run.tongue import Tongue

COLUMNS = ("section", "name", "measure", "value")
WITHHELD = "withheld"
PLAIN = Tongue()
"""Machines are told in English, whatever people read."""


def as_json(report: Transparency, *, draft: bool = False) -> str:
    """The report as one JSON object."""
    policy = report.policy
    told = {
        "month": str(report.month),
        "draft": draft,
        "controller": policy.controller,
        "contact": policy.contact,
        "country": policy.country,
        "policy": {
            "version": policy.version,
            "sha256": report.policy_sha256,
            "since": None if report.rules_since is None else report.rules_since.isoformat(),
        },
        "smallest_count_shown": policy.public_min_count,
        "cameras": [_camera(each) for each in report.cameras],
        "purposes": [{"id": each.id, "basis": each.basis} for each in sorted(policy.purposes)],
        "does": does(policy, PLAIN),
        "retention": [
            {"class": name.value, "hours": keep.hours, "basis": keep.basis}
            for name, keep in sorted(policy.retention.items())
        ],
        "exports_by_purpose": _table(report.exports),
        "exports_by_pictures": _table(report.pictures),
        "refusals": _table(report.refusals),
        "holds": _table(report.holds),
        "boxes": [
            {"node": node, "starts": starts, "audit": {"entries": size, "root": root}}
            for node, starts, size, root in report.boxes
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _camera(line: CameraLine) -> dict[str, object]:
    share = None if line.available is None else round(line.available, 4)
    return {
        "node": line.node,
        "id": line.id,
        "purposes": list(line.purposes),
        "recorded": line.recorded,
        "recorded_share": share,
    }


def _table(table: Table) -> dict[str, object]:
    return {"rows": dict(table.rows), "total": table.total}


def as_csv(report: Transparency, *, draft: bool = False) -> str:
    """The report as CSV with a head line, RFC 4180."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    if draft:
        writer.writerow(("report", str(report.month), "draft", "yes"))
    writer.writerows(_rows(report))
    return text.getvalue()


def _rows(report: Transparency) -> Iterator[tuple[str, str, str, object]]:
    policy = report.policy
    yield "report", str(report.month), "controller", policy.controller
    yield "report", str(report.month), "contact", policy.contact
    yield "report", str(report.month), "policy_sha256", report.policy_sha256
    since = report.rules_since
    yield "report", str(report.month), "policy_since", "" if since is None else since.isoformat()
    yield "report", str(report.month), "smallest_count_shown", policy.public_min_count
    for each in report.cameras:
        name = f"{each.node}/{each.id}"
        yield "camera", name, "purposes", " ".join(each.purposes)
        yield "camera", name, "recorded", "yes" if each.recorded else "no"
        if each.available is not None:
            yield "camera", name, "recorded_share", f"{each.available:.4f}"
    for purpose in sorted(policy.purposes):
        yield "purpose", spelled(purpose.id), "legal_basis", purpose.basis
    for what, time, basis in kept(policy, PLAIN):
        yield "retention", what, "kept", time
        yield "retention", what, "legal_basis", basis
    yield from _counts("exports_by_purpose", report.exports)
    yield from _counts("exports_by_pictures", report.pictures)
    yield from _counts("refusals", report.refusals)
    yield from _counts("holds", report.holds)
    for node, starts, size, root in report.boxes:
        yield "box", node, "starts", starts
        yield "box", node, "audit_entries", size
        yield "box", node, "audit_root", root


def _counts(section: str, table: Table) -> Iterator[tuple[str, str, str, object]]:
    for name, count in (*table.rows, ("total", table.total)):
        yield section, name, "count", WITHHELD if count is None else count
