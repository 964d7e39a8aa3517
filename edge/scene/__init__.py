"""The scene: what tracks mean at a place. Tracks in, facts out; no rule, no severity, no clock."""
