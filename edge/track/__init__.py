"""The multi-object tracker: detections of one camera in, tracks with lasting ids out.

Law: pure arithmetic on one camera's boxes. Everything here is scale-free: distances are counted in box sizes
and time in seconds, so neither the resolution nor the sampling rate is a parameter. No appearance is
kept of anybody; a track is a box, a speed and a class.
"""
