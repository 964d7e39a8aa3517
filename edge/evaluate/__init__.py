"""How good a run was: what it saw and said, scored against what was really there.

Law: pure functions of values; no clip is opened and no model is run here. The definitions are those of the
field's reference programs, so that a number here means what it means in a paper.
"""
