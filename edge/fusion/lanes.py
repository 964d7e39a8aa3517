"""Which rules need not wait for anybody but sensors that are urgent.

Law: a rule is urgent if it asks urgent sensors and nobody else, so that it can be judged as soon as their
words have come, however late the others' are. Each rule is in exactly one lane; a source is in each that asks
it, and one that no rule asks is with the others.
"""

from dataclasses import replace

from edge.fusion.spec import FusionRule, FusionSpec, SensorSource, sources_of

LATENESS_NS = 200_000_000
"""Of urgent rules: words of one button come in order, and one that comes later counts when it comes."""


def lanes(spec: FusionSpec) -> tuple[FusionSpec, FusionSpec]:
    """Everything but the urgent rules, and the urgent rules with the sensors that they ask."""
    urgent = urgent_sources(spec)
    first = tuple(rule for rule in spec.rules if _asked(rule) <= urgent)
    others = tuple(rule for rule in spec.rules if rule not in first)
    asked_first = frozenset[str]().union(*map(_asked, first))
    asked_there = frozenset[str]().union(*map(_asked, others))
    calm = tuple(each for each in spec.sources if each.source not in asked_first - asked_there)
    hasty = tuple(each for each in spec.sources if each.source in asked_first)
    return replace(spec, sources=calm, rules=others), replace(spec, sources=hasty, rules=first)


def urgent_sources(spec: FusionSpec) -> frozenset[str]:
    """The sensors that are urgent."""
    return frozenset(each.source for each in spec.sources if isinstance(each, SensorSource) and each.urgent)


def _asked(rule: FusionRule) -> frozenset[str]:
    return frozenset(source for _, expression in rule.spots for source in sources_of(expression))
