"""Rules: when facts are worth telling, and the life of what is told. Facts in, events out."""
