"""Pictures whose people somebody counted: a table of file names and numbers, read with suspicion.

Law: a line that does not fit is an error that names file and line, never a picture left out.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from edge.values.errors import ConfigError

HEADER = ["picture", "people"]
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class CountedPicture:
    """A picture file and how many people are in it."""

    path: Path
    people: int


def from_table(pictures: Path, table: Path) -> tuple[CountedPicture, ...]:
    """The pictures that a CSV file with the columns `picture` and `people` names.

    Raises:
        ConfigError: the table is not like that, or names what is not in the folder.
    """
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.reader(file, strict=True)
            header = [cell.strip().lower() for cell in next(rows, [])]
            if header != HEADER:
                raise ConfigError(
                    f"{table}:1: wanted the header picture,people, got {','.join(header)[:60] or 'nothing'}"
                )
            found = [_counted(f"{table}:{rows.line_num}", row, pictures) for row in rows if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as failure:
        raise ConfigError(f"{table}: cannot be read as a table: {failure}") from failure
    names = [each.path.name for each in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigError(f"{table}: wanted one line for each picture, got {twice} twice")
    return tuple(found)


def _counted(where: str, row: list[str], pictures: Path) -> CountedPicture:
    cells = [cell.strip() for cell in row]
    if len(cells) != len(HEADER) or not (cells[1].isascii() and cells[1].isdigit()) or int(cells[1]) > MOST:
        raise ConfigError(
            f"{where}: wanted a picture and a whole number of people, got {','.join(row)[:60]!r}"
        )
    path = pictures / Path(cells[0]).name
    if not path.is_file():
        raise ConfigError(f"{where}: names the picture {path.name}, which is not in {pictures}")
    return CountedPicture(path, int(cells[1]))
