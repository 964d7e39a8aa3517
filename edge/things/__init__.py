"""Things that are left on the street, or taken from it."""
