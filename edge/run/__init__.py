"""The processes: one file for each thing that runs, joined to the outside by `wiring` alone."""
