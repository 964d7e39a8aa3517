"""A page of HTML that stands alone: no script, no font, nothing from any other place.

Law: text comes in through `text`, which escapes it; whatever is written in a policy or a configuration is
shown and never obeyed.
"""

from html import escape

from edge.run.tongue import Tongue

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Content security: a browser may load nothing, even if something got through."""
PICTURES = f"{POLICY}; img-src data:"
"""The same, but pictures that stand in the page itself."""

BAND = (
    "position: fixed; z-index: 9; left: -20vw; right: -20vw; top: 40vh; transform: rotate(-24deg); "
    "padding: .35em; text-align: center; font: 700 6vw/1.15 system-ui, sans-serif; "
    "color: rgba(179, 38, 30, .62); border: solid rgba(179, 38, 30, .62); border-width: .1em 0"
)
"""How the band of a draft looks; a fixed place is printed on every sheet."""


def text(words: object) -> str:
    """Words for the inside of an element or an attribute in double quotes."""
    return escape(str(words), quote=True)


def draft_band(say: Tongue) -> str:
    """A band across what is not in force, on the screen and on every sheet of paper."""
    return f'<div style="{BAND}">{text(say("draft"))}</div>\n'


def page(
    title: str, style: str, body: str, *, lang: str = "en", security: str = POLICY, refresh_s: int = 0
) -> str:
    """The whole page; a browser loads it anew after `refresh_s`, never where that is 0."""
    again = f'<meta http-equiv="refresh" content="{refresh_s}">\n' if refresh_s else ""
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{security}">\n{again}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
