"""Events become messages: built field by field, then checked against the allow-list before they exist.

Law: nothing is copied wholesale; a field that is not written out here cannot leave. Track ids are
replaced by pseudonyms, labels outside the policy are refused, boxes are cut to the picture.
"""

from collections.abc import Mapping
from math import isfinite

from edge.privacy import map_place
from edge.privacy.allowed import check, event_type
from edge.privacy.allowed_common import SCHEMA
from edge.privacy.allowed_event import TERMS
from edge.privacy.canonical import Json, JsonObject, decode, encode, mono_us, number, utc
from edge.privacy.crowds import crowd, flow
from edge.privacy.heat import heat_message
from edge.privacy.map_place import LatLon
from edge.privacy.pace import halt, speed
from edge.privacy.pseudonyms import Pseudonyms
from edge.privacy.spec import PrivacySpec
from edge.privacy.spots import spot_data
from edge.values.crowd import COVERAGE
from edge.values.errors import RedactionError
from edge.values.event import EndCause, Event, Kind, Phase, Severity
from edge.values.fact import Sighting, UnitBox
from edge.values.frame import Size
from edge.values.heat import HeatMap
from edge.values.message import RedactedMessage, Urgency
from edge.values.moment import Moment
from edge.values.thing import Terms


class Redactor:
    """Writes the event messages of one camera."""

    def __init__(
        self,
        spec: PrivacySpec,
        camera: str,
        pseudonyms: Pseudonyms,
        map_places: Mapping[str, LatLon] | None = None,
    ) -> None:
        """A writer; `map_places` tells where those of its places are that are drawn on the map."""
        self._spec = spec
        self._map_places = map_places or {}
        self._camera = camera
        self._pseudonyms = pseudonyms
        self._how = _measured_how(spec)

    def under(self, spec: PrivacySpec) -> "Redactor":
        """The same writer, whose track names go on, under another spec of the same privacy settings."""
        return Redactor(spec, self._camera, self._pseudonyms, self._map_places)

    def event(self, event: Event, size: Size) -> RedactedMessage:
        """The message of one revision of one event; `size` is that of the picture as the camera sent it.

        Raises:
            RedactionError: the event holds what may not leave; count it and send nothing.
        """
        if event.camera != self._camera:
            raise RedactionError("an event wants the redactor of its own camera")
        origin = self._spec.origin
        body: JsonObject = {
            "specversion": "1.0",
            "id": f"{event.id}.{event.revision}",
            "source": origin.source(event.camera),
            "type": event_type(event.kind),
            "subject": f"{_place_kind(event.kind)}/{event.place}",
            "time": utc(event.moment.utc_ns),
            "datacontenttype": "application/json",
            "dataschema": f"urn:safecity:event:{SCHEMA}",
            "data": self._data(event, size),
        }
        check(body)
        return RedactedMessage(
            topic=origin.topic("event", event.camera, event.kind.value),
            body=encode(body),
            urgency=Urgency.ALARM if event.severity >= Severity.SEVERE else Urgency.NOTICE,
            event_id=event.id,
            revision=event.revision,
            closes=event.phase is Phase.END,
        )

    def heat_map(self, seen: HeatMap, moment: Moment) -> RedactedMessage:
        """The message of one bin of a heat map.

        Raises:
            RedactionError: it is finer than the policy allows.
        """
        return heat_message(self._spec, self._camera, seen, moment)

    def _data(self, event: Event, size: Size) -> JsonObject:
        data: JsonObject = {
            "schema": SCHEMA,
            "region": self._spec.origin.region,
            "node": self._spec.origin.node,
            "camera": event.camera,
            "place": {
                "kind": _place_kind(event.kind),
                "id": event.place,
                **map_place.told(self._map_places.get(event.place), self._spec.policy.places_m),
            },
            "event_id": event.id,
            "revision": event.revision,
            "phase": event.phase.value,
            "kind": event.kind.value,
            "severity": event.severity.word,
            "rule": event.rule,
            "started": utc(event.started.utc_ns),
            "utc": utc(event.moment.utc_ns),
            "mono_us": mono_us(event.moment),
            "clock": event.moment.trust.value,
            "duration_s": number(_lasted_s(event), "duration_s"),
            "count": event.count,
            "peak": event.peak,
            "confidence": number(event.confidence, "confidence"),
            "objects": [self._object(who, event.moment) for who in event.evidence],
            "frame": {"width": size.width, "height": size.height},
            **self._how,
        }
        if event.direction is not None:
            data["direction"] = event.direction.value
        if event.dwell_s is not None:
            data["dwell_s"] = number(event.dwell_s, "dwell_s")
        if event.cause is not None:
            data["cause"] = event.cause.value
        if event.clearing:
            data["clearing"] = True
        about = crowd(event) | flow(event) | speed(event) | halt(event)
        return data | about | self._dynamics(event) | self._thing(event) | self._spot(event)

    def _dynamics(self, event: Event) -> JsonObject:
        """What a crowd does as a whole; never of fewer than the policy wants, never with anybody in it."""
        dynamics = event.dynamics
        if dynamics is None:
            return {}
        if dynamics.people < self._spec.policy.min_count or event.evidence:
            raise RedactionError("dynamics: wanted as many people as the policy says, and nobody by track")
        told = {
            "value": dynamics.value,
            "low": dynamics.low,
            "high": dynamics.high,
            "coverage": COVERAGE,
            "speed_mps": dynamics.speed_mps,
            "length_m": dynamics.length_m,
            "wait_s": dynamics.wait_s,
            "per_min": dynamics.per_min,
            "capacity_per_min": dynamics.capacity_per_min,
        }
        numbers: JsonObject = {
            name: number(value, f"dynamics.{name}") for name, value in told.items() if value is not None
        }
        state: JsonObject = {} if dynamics.state is None else {"state": dynamics.state.value}
        return {"dynamics": {**numbers, "unit": dynamics.unit.value, **state}}

    def _thing(self, event: Event) -> JsonObject:
        """What was left or taken: where, since when, by whom under which name, and why that is believed."""
        thing = event.thing
        if thing is None:
            return {}
        told: JsonObject = {
            "change": thing.change.value,
            "since": utc(thing.since.utc_ns),
            "stood_s": number(thing.stood_s, "thing.stood_s"),
            "measured": "ground" if thing.surveyed else "stature",
            "terms": {name: number(value, f"thing.{name}") for name, value in terms_of(thing.terms).items()},
        }
        if thing.owner is not None:
            told["owner"] = self._pseudonyms.name(thing.owner, event.moment)
        if isfinite(thing.apart_m):
            told["apart_m"] = number(thing.apart_m, "thing.apart_m")
        if thing.side_m is not None:
            told["side_m"] = number(thing.side_m, "thing.side_m")
        if self._spec.policy.boxes:
            told["box"] = _unit_box(thing.box, "thing.box")
        return {"thing": told}

    def _spot(self, event: Event) -> JsonObject:
        """What is hot: how hot, how large, and where, if the policy lets out boxes."""
        if event.spot is None:
            return {}
        box: JsonObject = {"box": _unit_box(event.spot.box, "spot.box")} if self._spec.policy.boxes else {}
        return {"spot": spot_data(event.spot) | box}

    def _object(self, who: Sighting, moment: Moment) -> Json:
        if who.label not in self._spec.policy.labels:
            raise RedactionError("objects.label: a class that the policy does not let out")
        told: JsonObject = {
            "track": self._pseudonyms.name(who.track, moment),
            "label": who.label,
            "score": number(who.score, "objects.score"),
        }
        if self._spec.policy.boxes:
            told["box"] = _unit_box(who.box, "objects.box")
        return told


def _unit_box(box: UnitBox, name: str) -> Json:
    """A box, cut to the picture."""
    return [min(max(number(side, name), 0.0), 1.0) for side in box]


def terms_of(terms: Terms) -> dict[str, float]:
    """Why a thing is believed, by name."""
    return dict(zip(TERMS, terms.all, strict=True))


def interrupted(last: RedactedMessage, moment: Moment) -> RedactedMessage:
    """The end of an event whose process stopped, made from the last message it committed.

    Count, peak, confidence and duration stay as they were last known; the objects go, because nobody
    watched them until now. `moment` is when the end is declared.

    Raises:
        RedactionError: the last message is no event that is still open.
    """
    body = decode(last.body)
    data = body.get("data")
    if not last.event_id or last.closes or not isinstance(data, dict):
        raise RedactionError("an interrupted event wants the message of an event that is still open")
    for stamp in ("boot", "sequence"):
        body.pop(stamp, None)
    data.pop("clearing", None)
    revision = last.revision + 1
    body |= {"id": f"{last.event_id}.{revision}", "time": utc(moment.utc_ns)}
    data |= {
        "revision": revision,
        "phase": Phase.END.value,
        "cause": EndCause.INTERRUPTED.value,
        "utc": utc(moment.utc_ns),
        "mono_us": mono_us(moment),
        "clock": moment.trust.value,
        "objects": [],
    }
    check(body)
    return RedactedMessage(last.topic, encode(body), last.urgency, last.event_id, revision, closes=True)


def _lasted_s(event: Event) -> float:
    """How long an event has lasted as far as it was seen, seconds; what is over at once lasts no longer for
    being told late."""
    if event.cause is EndCause.INSTANT:
        return 0.0
    if event.seen is None:
        return event.moment.seconds_since(event.started)
    return max(0.0, event.seen.seconds_since(event.started))


def _measured_how(spec: PrivacySpec) -> JsonObject:
    model, policy = spec.model, spec.policy
    return {
        "model": {"name": model.name, "sha256": model.sha256},
        "config_sha256": spec.config_sha256,
        "policy": {
            "sha256": policy.sha256,
            "rotation_s": number(policy.rotation_s, "policy.rotation_s"),
            "boxes": policy.boxes,
        },
    }


def _place_kind(kind: Kind) -> str:
    return "line" if kind.at_line else "zone"
