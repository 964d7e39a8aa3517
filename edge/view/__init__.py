"""The view: whether a camera still shows the place that it is meant to show, judged by its pictures alone."""
