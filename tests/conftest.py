"""Property tests try the same examples on every machine; with EXPLORE=1, as `make soak` has it, new ones.

None has a deadline: a busy machine is slow, and no test measures time.
"""

import os

from hypothesis import settings

os.environ.pop("COLUMNS", None)  # pytest-xdist gives its workers a width, and a pipe has none

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", print_blob=True, deadline=None)
settings.load_profile("explore" if os.environ.get("EXPLORE") else "same")
