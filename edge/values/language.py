"""Languages in which the public is told."""

from enum import StrEnum


class Language(StrEnum):
    """ISO 639-1; Uzbek in Latin letters."""

    EN = "en"
    RU = "ru"
    UZ = "uz"
