"""Training of the bundled detectors: teachers label real pictures, a small own network learns from them.

Not part of the installed program; see docs/developer/training.md.
"""
