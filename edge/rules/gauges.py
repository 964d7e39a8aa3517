"""Which gauge reads what: the kinds of rules that are about a crowd as a whole."""

from collections.abc import Callable, Mapping

from edge.rules.dispersing import Dispersal
from edge.rules.glance import Gauge
from edge.rules.halting import StopAndGo
from edge.rules.leaving import Route
from edge.rules.pressing import Pressure
from edge.rules.queueing import Queue
from edge.rules.spec import RuleSpec
from edge.rules.streams import CounterFlow
from edge.rules.surging import Surge
from edge.values.event import Kind

GAUGES: Mapping[Kind, Callable[[RuleSpec], Gauge]] = {
    Kind.COUNTER_FLOW: lambda rule: CounterFlow(rule.min_people, rule.heading),
    Kind.QUEUE: lambda rule: Queue(rule.min_people, rule.missed_max, rule.window_s),
    Kind.SURGE: lambda rule: Surge(rule.min_people, rule.missed_max, rule.window_s),
    Kind.DISPERSAL: lambda rule: Dispersal(rule.min_people, rule.window_s),
    Kind.PRESSURE: lambda rule: Pressure(rule.min_people, rule.missed_max),
    Kind.STOP_AND_GO: lambda rule: StopAndGo(rule.min_people, rule.window_s),
    Kind.ROUTE: lambda rule: Route(rule.min_people, rule.missed_max, rule.window_s, rule.capacity),
}
"""Makes the gauge of one rule at one of its places."""
