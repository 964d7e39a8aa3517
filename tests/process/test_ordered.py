"""A model and an export, ordered of a box that runs: on trial and gone back from, sealed and never sent."""

import gzip
import hashlib
import json
from contextlib import suppress
from pathlib import Path

import pyrage
import pytest
from paho.mqtt.publish import single
from pyrage import x25519

from edge.adapters import model_folder, segment_file
from edge.adapters.ed25519 import Ed25519Signer
from edge.centre.order_form import Filled
from edge.config.load import load
from edge.run import status_socket, verb_export, verb_release
from edge.run.verb_export_form import form
from edge.run.wiring.opening import Sealed
from edge.values.command import Verb
from edge.values.errors import SafecityError
from tests.fakes.blobs import blob_onnx
from tests.fakes.box import Box, eventually
from tests.fakes.cards import tiny_folder
from tests.fakes.governed import Governed, recording_box
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.subscriber import Subscriber
from tests.process.test_commands import Console, answers, online

pytestmark = pytest.mark.process


def test_a_box_changes_its_model_and_gives_out_shares_by_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store, night = tmp_path / "store", Ed25519Signer.fresh()
    monkeypatch.setenv("SAFECITY_MODELS", str(store))
    hashes = {name: stored(store, name) for name in ("second", "damaged")}
    stranger = stored(store, "stranger")
    (store / "damaged" / "model.onnx").write_bytes(b"what the card does not say")
    with Mosquitto(tmp_path / "broker") as broker:
        box, state = recording_box(tmp_path / "box", broker.url, {"night-shift": night.key.hex()}, hashes)
        night.write(state.office.key_file("night-shift"))
        console = Console(tmp_path, broker.url, state.office)
        with Subscriber(broker.port, "safecity/v1/test/box/#") as witness, box:
            box.start()
            eventually(lambda: online(witness))
            eventually(lambda: recorded(box))

            second = Filled(model="second", sha256=hashes["second"])
            with pytest.raises(SafecityError, match=r"\(no-right\)"):
                console.says(Verb.MODEL, "night-shift", second)
            with pytest.raises(SafecityError, match=r"\(model\)"):
                console.says(Verb.MODEL, "officer", Filled(model="stranger", sha256=stranger))
            console.says(Verb.MODEL, "officer", second)
            assert "model done at" in capsys.readouterr().out
            assert load(box.config).detector.model == "second"
            captured = [each for each in witness.payloads("/command") if b'"second"' in each][-1:]

            with pytest.raises(SafecityError, match=r"\(unfit\)"):
                console.says(Verb.MODEL, "officer", Filled(model="damaged", sha256=hashes["damaged"]))
            assert load(box.config).detector.model == "second"
            eventually(lambda: sees(box), "both cameras are watched by the model before")

            an_export_leaves_a_sealed_file_and_nothing_else(box, state, console, tmp_path)
            (share,) = (box.folder / "var" / "exports").iterdir()
            (told,) = [each for each in answers(witness, "done") if each["verb"] == "export"]
            sha256 = hashlib.sha256(share.read_bytes()).hexdigest()
            assert told["package"] == {"name": share.name, "sha256": sha256}

            refused = len(answers(witness, "refused"))
            for each in captured:
                single("safecity/v1/test/box/command", each, qos=1, port=broker.port)
            eventually(lambda: len(answers(witness, "refused")) > refused)
            assert load(box.config).detector.model == "second"
            log = (box.folder / "var" / "audit" / "log.jsonl").read_text()
            assert log.count('"model second, ordered by officer"') == 1
            assert log.count('"model damaged, ordered by officer"') == 1


def an_export_leaves_a_sealed_file_and_nothing_else(
    box: Box, state: Governed, console: Console, tmp_path: Path
) -> None:
    request = asked(state, tmp_path / "case.json")
    with pytest.raises(SafecityError, match=r"\(no-right\)"):
        console.says(Verb.EXPORT, "night-shift", Filled(request=request))
    changed = tmp_path / "changed.json"
    changed.write_text(request.read_text().replace('"north"', '"south"'))
    with pytest.raises(SafecityError, match=r"\(export: not-two-signatures\)"):
        console.says(Verb.EXPORT, "auditor", Filled(request=changed))
    assert not (box.folder / "var" / "exports").exists()

    console.says(Verb.AUDIT, "auditor", Filled())
    (copy,) = (box.folder / "var" / "exports").iterdir()
    assert b'"action":"read"' in gzip.decompress(
        pyrage.decrypt(copy.read_bytes(), [state.identities["auditor"]])
    )
    copy.unlink()

    console.says(Verb.EXPORT, "auditor", Filled(request=request))
    (share,) = (box.folder / "var" / "exports").iterdir()
    identities = [state.identity_file(name) for name in ("guardian", "officer")]
    opened = tmp_path / "opened"
    verb_release.open_(Sealed(recorded(box)[:1], share, identities), request, state.file, opened)
    assert len(list(opened.glob("*.mp4"))) == 1
    log = [json.loads(each) for each in (box.folder / "var" / "audit" / "log.jsonl").read_text().splitlines()]
    assert {"export-requested", "export-approved", "key-released"} <= {each["action"] for each in log}
    (told,) = [each for each in log if each["action"] == "key-released"][:1]
    assert told["actor"] == "auditor"


def stored(store: Path, name: str) -> str:
    """A model in the store; the SHA-256 of its weights."""
    return model_folder.load(tiny_folder(store / name, named(name), name=name)).card.sha256


def named(name: str) -> bytes:
    """The finder of rectangles with a name in it, so that its bytes are others."""
    import onnx  # noqa: PLC0415

    model = onnx.load_from_string(blob_onnx())
    model.doc_string = name
    return bytes(model.SerializeToString())


def recorded(box: Box) -> list[Path]:
    """Sealed files of one camera."""
    return [each for each in segment_file.files(box.folder / "var" / "footage") if "north" in str(each)]


def sees(box: Box) -> bool:
    """Whether the box says of both cameras that it sees."""
    with suppress(SafecityError):
        return {each.state for each in status_socket.ask(box.folder / "var").cameras} == {"ok"}
    return False


def asked(state: Governed, path: Path) -> Path:
    """A request for all that the camera north ever saw, signed by two."""
    recipient = str(x25519.Identity.generate().to_public())
    wanted = form(
        "A-1",
        "test/box",
        "north",
        "2020-01-01T00:00:00Z",
        "2098-01-01T00:00:00Z",
        "public-safety",
        recipient,
        "2098-01-01T00:00:00Z",
        state.file,
        original=True,
    )
    verb_export.request(path, wanted, state.file, state.office.key_file("officer"))
    verb_export.approve(path, state.file, state.office.key_file("guardian"))
    return path
