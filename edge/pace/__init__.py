"""Pace: how fast objects move on measured ground, and which of them stand still. Tracks in, facts out."""
