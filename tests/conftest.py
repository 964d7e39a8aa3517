"""Property tests try the same examples on every machine; with EXPLORE=1, as `make soak` has it, new ones."""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("explore", print_blob=True)
settings.load_profile("explore" if os.environ.get("EXPLORE") else "same")
