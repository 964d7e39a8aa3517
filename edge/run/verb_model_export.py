"""The verb `models export`: a .pt file of Ultralytics becomes a proven model of the store."""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from edge.run import verb_model_import
from edge.run.wiring import converting
from edge.values.errors import ConfigError, ModelError

TERMS = """\
Ultralytics' code and the weights it makes are under AGPL-3.0 (or a licence that you buy from them): whoever
offers a service over a network with them owes its users the whole source. A .pt file is a program: it runs
when it is exported. Export only files whose origin you trust, and use AGPL weights only where these terms are
kept.
"""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    weights: Path
    pictures: Path
    size: int
    most: int
    score: float
    python: Path
    agreed: bool
    bring_in: verb_model_import.Request


def export(request: Request, agree: Callable[[str], bool], ask: verb_model_import.Ask) -> None:
    """State the terms, export, prove that both find the same in real pictures, and install.

    Raises:
        ConfigError: nobody agreed, or ultralytics, weights or pictures are missing.
        ModelError: it cannot be exported, or the copy does not find what the original finds.
    """
    print(TERMS, file=sys.stderr)
    if not request.agreed and not agree("are these terms kept here?"):
        raise ConfigError("nobody agreed to the terms of AGPL-3.0; answer with y, or say --accept-agpl")
    if request.size % 32 or not 32 <= request.size <= 4096:
        raise ConfigError(f"--size: wanted a multiple of 32 from 32 to 4096, got {request.size}")
    pictures = converting.pictures_in(request.pictures, request.most)
    exported = converting.export(
        request.weights, pictures, request.size, request.score, converting.NMS_IOU, request.python
    )
    with tempfile.TemporaryDirectory(prefix="safecity-export-") as folder:
        file = Path(folder) / f"{request.weights.stem}.onnx"
        file.write_bytes(exported.weights)
        asked = replace(request.bring_in, file=file)
        like = converting.proof(exported, verb_model_import.described(asked, ask)[1], pictures, request.score)
        if objection := like.objection():
            raise ModelError(
                f"{request.weights.name}: the exported model is not the original: {objection} "
                f"({len(pictures)} pictures of {request.pictures}); nothing was installed"
            )
        print(
            f"proven       both find {like.both} boxes in {len(pictures)} pictures, {like.recall:.1%} of "
            f"the original's and {like.precision:.1%} of the copy's; overlap {like.overlap:.3f}, median "
            f"difference of scores {like.drift:.3f}",
            file=sys.stderr if asked.as_json else sys.stdout,
        )
        verb_model_import.bring_in(asked, ask)
