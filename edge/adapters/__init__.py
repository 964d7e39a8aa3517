"""The outside world, one file or family of files per thing; each implements a port of `edge.ports`.

Law: adapters know the core and never each other's things; only `edge.run` joins them to it.
"""
