"""The telemetry of a flight from a file, CSV or KLV, read strictly: the first line that is wrong is named.

Law: nothing is guessed. A column that is missing, a number that is none, a time that does not grow or an
angle out of range is an error of the file, told before anything starts.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from edge.ground import klv
from edge.ground.flight_log import FlightLog
from edge.values.errors import ConfigError
from edge.values.fix import Fix

TIME = "time_s"
KLV = ".klv"
OPTIONAL = {"roll_deg": 0.0}
COLUMNS = (TIME, *(field.name for field in fields(Fix)))
MOST_BYTES = 64 << 20


def read(path: Path) -> FlightLog:
    """The flight in that file: KLV where its name ends in `.klv`, else CSV.

    The first line of CSV names the columns, in any order; others are ignored.

    Raises:
        ConfigError: it cannot be read, or a line of it is wrong.
    """
    try:
        if path.suffix == KLV:
            return _read_klv(path)
        if path.stat().st_size > MOST_BYTES:
            raise ConfigError(f"{path}: wanted telemetry of at most {MOST_BYTES >> 20} MiB")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        raise ConfigError(f"{path}: telemetry cannot be read: {failure}") from failure
    return parse(text, str(path))


def _read_klv(path: Path) -> FlightLog:
    if path.stat().st_size > MOST_BYTES:
        raise ConfigError(f"{path}: wanted telemetry of at most {MOST_BYTES >> 20} MiB")
    try:
        return klv.flight_of(path.read_bytes())
    except ValueError as wrong:
        raise ConfigError(f"{path}: {wrong}") from wrong


def parse(text: str, name: str) -> FlightLog:
    """The flight in the text of a file called `name`.

    Raises:
        ConfigError: a line is wrong.
    """
    lines = csv.DictReader(text.splitlines(), restkey="", skipinitialspace=True)
    try:
        columns = [column.strip() for column in lines.fieldnames or ()]
        lines.fieldnames = columns
        _check_columns(columns, name)
        rows = list(_rows(lines, name))
    except csv.Error as wrong:
        raise ConfigError(f"{name} line {lines.line_num}: wanted comma-separated values: {wrong}") from wrong
    if not rows:
        raise ConfigError(f"{name}: wanted at least one line of telemetry under the names, got none")
    return FlightLog(tuple(time_s for time_s, _ in rows), tuple(fix for _, fix in rows))


def _check_columns(columns: list[str], name: str) -> None:
    for column in COLUMNS:
        if columns.count(column) > 1:
            raise ConfigError(f"{name} line 1: the column {column} is there twice")
        if column not in columns and column not in OPTIONAL:
            got = ", ".join(columns) or "nothing"
            raise ConfigError(f"{name} line 1: wanted a column {column}, got {got}")


def _rows(lines: "csv.DictReader[str]", name: str) -> Iterator[tuple[float, Fix]]:
    before = -math.inf
    for row in lines:
        where = f"{name} line {lines.line_num}"
        if None in row.values() or "" in row:
            raise ConfigError(f"{where}: wanted as many values as there are columns")
        numbers = {column: _number(row, column, where) for column in COLUMNS}
        time_s = numbers.pop(TIME)
        if time_s <= before:
            raise ConfigError(
                f"{where}: wanted a {TIME} after {before:g}, got {time_s:g}: time runs backwards"
            )
        before = time_s
        try:
            yield time_s, Fix(**numbers)
        except ValueError as wrong:
            raise ConfigError(f"{where}: {wrong}") from wrong


def _number(row: dict[str, str], column: str, where: str) -> float:
    text = row.get(column)
    if text is None:
        return OPTIONAL[column]
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ConfigError(f"{where}: wanted a number for {column}, got {text[:40]!r}")
    return number
