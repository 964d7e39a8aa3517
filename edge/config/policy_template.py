"""The policy to begin with; the same file as `configs/policy.example.yaml`."""

import re
from datetime import date
from importlib import resources


def template(country: str, issued: date, expires: date) -> str:
    """The commented text, for a country and a time."""
    text = resources.files("edge.config").joinpath("policy.template.yaml").read_text(encoding="utf-8")
    for key, value in (("country", country), ("issued", issued), ("expires", expires)):
        text = re.sub(rf"^({key}: +)\S+", rf"\g<1>{value}", text, flags=re.MULTILINE)
    return text
