"""A page of HTML that stands alone: no script, no font, no picture, nothing from any other place.

Law: text comes in through `text`, which escapes it; whatever is written in a policy or a configuration is
shown and never obeyed.
"""

from html import escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Content security: a browser may load nothing, even if something got through."""


def text(words: object) -> str:
    """Words for the inside of an element or an attribute in double quotes."""
    return escape(str(words), quote=True)


def page(title: str, style: str, body: str) -> str:
    """The whole page, in English."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
