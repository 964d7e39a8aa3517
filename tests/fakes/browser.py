"""A real browser without a window: what it makes of a page."""

import re
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

with_browser = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium")


def _run(folder: Path, page: Path, *options: str) -> str:
    assert CHROMIUM is not None
    done = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            "--disable-dev-shm-usage", f"--user-data-dir={folder / 'profile'}", *options, page.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout


def picture(folder: Path, page: Path, width: int, height: int) -> np.ndarray:
    """The page as it looks in a window of this size, BGR."""
    out = folder / "page.png"
    _run(folder, page, f"--window-size={width},{height}", f"--screenshot={out}")
    found = cv2.imread(str(out))
    assert found is not None
    return found


def printed_pages(folder: Path, page: Path) -> int:
    """How many sheets a page takes in print."""
    out = folder / "page.pdf"
    _run(folder, page, "--no-pdf-header-footer", f"--print-to-pdf={out}")
    return len(re.findall(rb"/Type\s*/Page\b", out.read_bytes()))
