"""What may leave of something hot: how hot, how large, how it grows, and its box; never a pixel."""

from edge.privacy.canonical import JsonObject, number, utc
from edge.privacy.shapes import Flag, Items, Real, Record, Text, Whole
from edge.values.hot import LEAST, Growth, Spot

_UNIT = Real(0.0, 1.0)
_SECONDS = Real(0.0, 1e9)
HOT_TERMS = ("size", "margin", "stood")


def spot_record(utc_form: str) -> Record:
    """What is let out; `utc_form` is how a time is written."""
    growth = Record(
        {
            "window_s": _SECONDS,
            "area_per_min": Real(-1e4, 1e4),
            "flicker": Real(0.0, 100.0),
            "terms": Record(dict.fromkeys(LEAST, _UNIT)),
        },
        {"kelvin_per_min": Real(-1e6, 1e6)},
    )
    return Record(
        {
            "measured": Text("(?:kelvin|uncalibrated)"),
            "since": Text(utc_form),
            "stood_s": _SECONDS,
            "pixels": Whole(0, 10**8),
            "share": _UNIT,
            "body": Flag(),
            "terms": Record(dict.fromkeys(HOT_TERMS, _UNIT)),
        },
        {
            "hottest_c": Real(-273.15, 1e5),
            "excess_k": Real(-1e5, 1e5),
            "contrast": Real(-1.0, 1.0),
            "growth": growth,
            "box": Items(_UNIT, 4, 4),
        },
    )


def spot_data(spot: Spot) -> JsonObject:
    """What is told of a spot, without its box. Degrees only where there are some."""
    told: JsonObject = {
        "measured": "uncalibrated" if spot.hottest_c is None else "kelvin",
        "since": utc(spot.since.utc_ns),
        "stood_s": number(spot.stood_s, "spot.stood_s"),
        "pixels": spot.pixels,
        "share": number(spot.share, "spot.share"),
        "body": spot.body,
        "terms": {name: number(getattr(spot.terms, name), f"spot.{name}") for name in HOT_TERMS},
    }
    if spot.hottest_c is None:
        told["contrast"] = number(min(max(spot.excess, -1.0), 1.0), "spot.contrast")
    else:
        told["hottest_c"] = number(spot.hottest_c, "spot.hottest_c")
        told["excess_k"] = number(spot.excess, "spot.excess_k")
    if spot.growth is not None:
        told["growth"] = _growth(spot.growth)
    return told


def _growth(growth: Growth) -> JsonObject:
    told: JsonObject = {
        "window_s": number(growth.window_s, "spot.growth.window_s"),
        "area_per_min": number(growth.area_per_min, "spot.growth.area_per_min"),
        "flicker": number(growth.flicker, "spot.growth.flicker"),
        "terms": {name: number(value, f"spot.growth.{name}") for name, value in growth.terms.items()},
    }
    if growth.kelvin_per_min is not None:
        told["kelvin_per_min"] = number(growth.kelvin_per_min, "spot.growth.kelvin_per_min")
    return told
