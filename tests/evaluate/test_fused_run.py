"""Rules over several sources on a square of exact truth: every word of the language, due and not due."""

from pathlib import Path

import edge.evaluate
from edge.config.fusion import FusionNode, load
from edge.config.fusion_clause import HEADS
from edge.evaluate.fused_run import run
from edge.samples.square import EPISODES, Square

RULES = Path(edge.evaluate.__file__).with_name("fused_rules.yaml")


def city() -> FusionNode:
    return load(RULES)


def test_all_that_is_due_is_told_and_nothing_else() -> None:
    node = city()
    card = run(node.spec, node.lateness_ns, Square(3, rounds=1))
    assert card.wrong == ()
    assert all(score.due and score.due == score.told == score.right for score in card.rules.values())


def test_a_rule_that_asks_less_tells_too_much_and_one_that_asks_more_too_little(tmp_path: Path) -> None:
    text = RULES.read_text(encoding="utf-8")
    for change, wrong in (
        (("near_m: 70", "near_m: 700"), "false, all-near"),
        (("above: 95", "above: 120"), "missed"),
    ):
        assert change[0] in text
        file = tmp_path / "changed.yaml"
        file.write_text(text.replace(*change), encoding="utf-8")
        node = load(file)
        assert any(wrong in each for each in run(node.spec, node.lateness_ns, Square(3, rounds=1)).wrong)


def test_every_word_of_the_language_is_in_a_rule_that_something_is_due_of() -> None:
    text = RULES.read_text(encoding="utf-8")
    words = {*HEADS, "within_s", "near_m", "times", "at_least", "for_s"} - {"rule"}
    assert [word for word in sorted(words) if f"{word}:" not in text] == []
    due = {rule for episode in EPISODES for rule, _, _ in episode.due}
    assert due == {rule.id for rule in city().spec.rules}
    assert sum(not episode.due for episode in EPISODES) >= 6, "and there is enough of which nothing is due"
