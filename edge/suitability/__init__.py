"""Whether a camera can do its job: how many pixels people get, and how good the picture is. Pure numpy."""
