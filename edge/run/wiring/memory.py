"""Wiring of what becomes of a process's memory; imported by every process, so it imports next to nothing."""

from edge.adapters.own_memory import keep_to_itself, swaps

__all__ = ["keep_to_itself", "swaps"]
