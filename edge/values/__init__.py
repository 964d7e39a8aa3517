"""The frozen, typed values that flow between the parts; nothing else is passed.

Law: a value is valid from birth (its constructor raises `ValueError` naming what was wanted and
what was got), never changes afterwards, and imports nothing of the project but other values.
"""
