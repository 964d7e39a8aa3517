import json
from pathlib import Path

import cv2
import pytest
from typer.testing import CliRunner

from edge.adapters.labelled_pictures import from_coco, from_yolo
from edge.cli import app
from edge.values.errors import ConfigError
from tests.fakes.blobs import blob_folder, crossing
from tests.fakes.shared import shared

WIDTH, HEIGHT = 320, 180


@pytest.fixture
def street(tmp_path, monkeypatch) -> Path:
    """Five pictures of two people, with labels in both kinds, and a model that finds them."""
    monkeypatch.chdir(tmp_path)
    blob_folder(tmp_path / "store" / "blobs")
    folder, texts = tmp_path / "street", tmp_path / "street_labels"
    folder.mkdir()
    texts.mkdir()
    images, annotations = [], []
    for index in range(8, 13):
        picture = crossing(index)
        cv2.imwrite(str(folder / f"{index}.png"), picture[:, :, ::-1])
        lines = []
        for x1, y1, x2, y2 in people(picture):
            cx, cy = (x1 + x2) / 2 / WIDTH, (y1 + y2) / 2 / HEIGHT
            lines.append(f"0 {cx} {cy} {(x2 - x1) / WIDTH} {(y2 - y1) / HEIGHT}")
            box = [x1, y1, x2 - x1, y2 - y1]
            annotations.append({"id": len(annotations), "image_id": index, "category_id": 7, "bbox": box})
        (texts / f"{index}.txt").write_text("\n".join(lines) + "\n")
        images.append({"id": index, "file_name": f"{index}.png"})
    categories = [{"id": 7, "name": "Person"}, {"id": 9, "name": "Otter"}]
    told = {"images": images, "annotations": annotations, "categories": categories}
    (tmp_path / "street.json").write_text(json.dumps(told))
    return folder


def people(picture) -> list[tuple[int, int, int, int]]:
    """Boxes of the red and the green rectangle."""
    boxes = []
    for channel in (0, 1):
        rows, columns = (picture[:, :, channel].astype(int) - picture[:, :, 2] > 100).nonzero()
        boxes.append((int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1))
    return boxes


def figures(*words: str | Path) -> dict:
    said = ["models", "evaluate", "blobs", *map(str, words), "--store", "store", "--json"]
    told = CliRunner().invoke(app, said, catch_exceptions=False)
    return json.loads(told.output)


def test_both_kinds_of_labels_give_the_same_figures(street) -> None:
    coco = figures(street, "--labels", "street.json")
    yolo = figures(street, "--labels", "street_labels", "--names", "person")
    assert coco["ap50"] == pytest.approx(1.0) and coco["pictures"] == 5
    assert coco["by_class"] == {"person": pytest.approx(1.0)}
    assert {key: coco[key] for key in ("ap", "ap50", "ap75", "small")} == pytest.approx(
        {key: yolo[key] for key in ("ap", "ap50", "ap75", "small")}
    )
    assert figures(street, "-n", 2)["pictures"] == 2  # labels beside the folder are found


def test_a_missed_person_costs(street) -> None:
    told = json.loads(Path("street.json").read_text())
    told["annotations"].append({"image_id": 8, "category_id": 7, "bbox": [0, 0, 30, 30]})
    Path("street.json").write_text(json.dumps(told))
    assert figures(street, "--labels", "street.json")["ap50"] < 1


def test_what_is_put_aside_costs_nothing(street) -> None:
    told = json.loads(Path("street.json").read_text())
    told["annotations"] = [a for a in told["annotations"] if a["image_id"] != 8]
    everything = {"image_id": 8, "category_id": 9, "bbox": [0, 0, WIDTH, HEIGHT]}
    Path("street.json").write_text(json.dumps({**told, "annotations": [*told["annotations"], everything]}))
    assert figures(street, "--labels", "street.json")["ap50"] < 1
    assert figures(street, "--labels", "street.json", "--ignore", "otter")["ap50"] == pytest.approx(1)


def test_labels_of_other_things_are_told(street) -> None:
    with pytest.raises(ConfigError, match="knows none of the classes"):
        figures(street, "--labels", "street_labels", "--names", "otter")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("0 0.5 0.5 0.1", "wanted five numbers"),
        ("0 0.5 0.5 0.1 0.1 0.9", "wanted five numbers"),
        ("0 0.5 nan 0.1 0.1", "wanted five numbers"),
        ("1 0.5 0.5 0.1 0.1", "wanted a class of 0 to 0, got 1"),
        ("person 0.5 0.5 0.1 0.1", "wanted five numbers"),
    ],
)
def test_a_wrong_line_is_told_with_file_and_line(street, line: str, told: str) -> None:
    Path("street_labels/9.txt").write_text(f"\n{line}\n")
    with pytest.raises(ConfigError, match=f"9.txt:2: {told}"):
        from_yolo(street, Path("street_labels"), ["person"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"bbox": [', '"bbox": ["a", '),
        ('"category_id": 7', '"category_id": 8'),
        ('"image_id": 8', '"image_id": 999'),
        ('"annotations"', '"other"'),
        ("}", ""),
    ],
)
def test_json_that_does_not_fit_is_told(street, old: str, new: str) -> None:
    path = Path("street.json")
    text = path.read_text()
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigError, match="wanted COCO's JSON"):
        from_coco(street, path)


def test_a_picture_that_is_missing_or_damaged_is_told(street) -> None:
    (street / "9.png").write_bytes(b"no picture")
    with pytest.raises(ConfigError, match=r"9\.png: cannot be decoded"):
        figures(street, "--labels", "street.json")
    (street / "9.png").unlink()
    with pytest.raises(ConfigError, match=r"names the picture 9\.png"):
        figures(street, "--labels", "street.json")


def test_a_name_that_leads_out_of_the_folder_does_not(street) -> None:
    told = json.loads(Path("street.json").read_text())
    told["images"][0]["file_name"] = "../../etc/passwd"
    Path("street.json").write_text(json.dumps(told))
    with pytest.raises(ConfigError, match="names the picture passwd"):
        from_coco(street, Path("street.json"))


def test_no_pictures_or_no_labels_are_told(street) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        figures("nowhere")
    Path("empty").mkdir()
    with pytest.raises(ConfigError, match="found none"):
        figures(street, "--labels", "empty")


@pytest.mark.shared
def test_real_pictures_with_real_labels(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = ["models", "evaluate", "street-nano", str(shared("images/coco_train128")), "-n", "12", "--json"]
    told = json.loads(CliRunner().invoke(app, said, catch_exceptions=False).output)
    assert 0 < told["by_class"]["person"] <= 1 and told["ap"] <= told["ap50"]
    assert "airplane" not in told["by_class"]
