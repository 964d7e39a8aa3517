"""Fusion: facts of cameras and sensors, and rules over several of them; time comes in with the facts."""
