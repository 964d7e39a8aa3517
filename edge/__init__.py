"""safecity-edge: video analytics on the camera node, redacted events out, footage kept local."""

__version__ = "0.1.0"
