"""Wiring: here alone ports are joined to adapters, by process, so that none loads what it does not need."""
