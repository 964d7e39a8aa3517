"""What a node's configuration allows that the policy of the state does not.

Law: a node may be stricter than its policy and never looser. A key that is not written follows the policy;
one that is written and goes beyond it is an error with its line, never silently cut.
"""

from collections.abc import Iterator

from edge.config import schema
from edge.config.egress import endpoint
from edge.governance.capability import Capability
from edge.governance.policy import StatePolicy
from edge.strictyaml.document import Loc

Mistake = tuple[Loc, str]


def mistakes(node: schema.Node, policy: StatePolicy) -> list[Mistake]:
    """Every key that goes beyond the policy, with what was wanted and got."""
    return [
        *_privacy(node.privacy, policy),
        *_brokers(node, policy),
        *_classes(node, policy),
        *_heat_maps(node, policy),
        *_footage(node, policy),
        *_cameras(node, policy),
    ]


def rotation_s(privacy: schema.Privacy, policy: StatePolicy) -> int:
    """After how long track names change: as written, else as usual or as the policy wants it."""
    return min(privacy.track_id_rotation_s, policy.max_rotation_s)


def publish_boxes(privacy: schema.Privacy, policy: StatePolicy) -> bool:
    """Whether boxes leave: as written, else as the policy says."""
    return privacy.publish_boxes and policy.publish_boxes


def _privacy(privacy: schema.Privacy, policy: StatePolicy) -> Iterator[Mistake]:
    written, says = privacy.model_fields_set, _says(policy)
    got = privacy.track_id_rotation_s
    if "track_id_rotation_s" in written and got > policy.max_rotation_s:
        wanted = f"wanted at most {policy.max_rotation_s} s ({says}), got {got}"
        yield ("privacy", "track_id_rotation_s"), wanted
    if "publish_boxes" in written and privacy.publish_boxes and not policy.publish_boxes:
        yield ("privacy", "publish_boxes"), f"wanted false ({says}), got true"


def _brokers(node: schema.Node, policy: StatePolicy) -> Iterator[Mistake]:
    if isinstance(node.broker, str) or policy.egress is None:
        return
    for index, url in enumerate(node.broker.urls):
        if endpoint(url) not in policy.egress:
            allowed = ", ".join(sorted(policy.egress)) or "no broker at all"
            yield (
                ("broker", "urls", index),
                f"wanted one of {allowed} ({_says(policy)}), got {url!r}",
            )


def _classes(node: schema.Node, policy: StatePolicy) -> Iterator[Mistake]:
    if policy.publish_labels is None:
        return
    for index, rule in enumerate(node.rules):
        if more := sorted(set(rule.classes or ()) - policy.publish_labels):
            allowed = ", ".join(sorted(policy.publish_labels)) or "none"
            yield (
                ("rules", index, "classes"),
                f"wanted classes that may be named ({allowed}; {_says(policy)}), got {more[0]!r}",
            )


def _heat_maps(node: schema.Node, policy: StatePolicy) -> Iterator[Mistake]:
    """Heat maps count people: wanted where the policy lets the box count, of classes that may be named."""
    for at, camera in enumerate(node.cameras):
        for index, heat in enumerate(camera.heat_maps):
            where: Loc = ("cameras", at, "heat_maps", index)
            if not policy.may(Capability.COUNT):
                yield where, f"wanted no heat maps, because {_says(policy)} does not allow {Capability.COUNT}"
            named = policy.publish_labels
            if named is not None and (more := sorted(set(heat.classes) - named)):
                yield (
                    (*where, "classes"),
                    f"wanted classes that may be named ({_says(policy)}), got {more[0]!r}",
                )


def _cameras(node: schema.Node, policy: StatePolicy) -> Iterator[Mistake]:
    """Every camera is named by the policy, if that names cameras at all."""
    box = f"{node.region}/{node.node}"
    for at, camera in enumerate(node.cameras):
        if policy.cameras is None or policy.looks_for(box, camera.id):
            continue
        mine = sorted(name for name in policy.cameras if name.startswith(f"{box}/"))
        yield (
            ("cameras", at, "id"),
            f"wanted a camera that the policy lets look here ({', '.join(mine) or 'none of this box'}; "
            f"{_says(policy)}), got {box}/{camera.id}: take it out, or ask for a policy that names it",
        )


def _footage(node: schema.Node, policy: StatePolicy) -> Iterator[Mistake]:
    if node.footage is None:
        return
    if not policy.may(Capability.RECORD):
        yield ("footage",), f"wanted no footage, because {_says(policy)} does not allow {Capability.RECORD}"
    panic = node.footage.panic
    for key, got, most in (
        ("before_s", panic.before_s, policy.hold_before_s),
        ("after_s", panic.after_s, policy.hold_after_s),
        ("review_days", panic.review_days, policy.hold_review_days),
    ):
        if got is not None and got > most:
            yield ("footage", "panic", key), f"wanted at most {most} ({_says(policy)}), got {got}"


def _says(policy: StatePolicy) -> str:
    return f"policy version {policy.version}" if policy.roots else "the built-in policy"
