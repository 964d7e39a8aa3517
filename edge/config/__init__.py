"""Configuration: one YAML file, validated strictly, compiled once into frozen specs, never changed after.

Law: an unknown key is an error that names its line; every field has a description, a unit and bounds;
secrets stand in the file only as references to an environment variable or another file.
"""
