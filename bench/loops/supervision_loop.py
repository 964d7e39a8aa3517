"""What a user of supervision would write: OpenCV, onnxruntime, ByteTrack, one zone and one line.

Run by bench/cpu_per_frame.py with the Python of an environment of its own.
usage: supervision_loop.py MODEL.onnx CLIP STRIDE PICTURES
"""

import json
import sys
import time

import cv2
import numpy as np
import onnxruntime
import supervision as sv

SIDE, SCORE, IOU = 320, 0.16, 0.5


def letterbox(picture):
    scale = SIDE / max(picture.shape[:2])
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    canvas = np.full((SIDE, SIDE, 3), 114, np.uint8)
    canvas[: size[1], : size[0]] = cv2.resize(picture, size)
    blob = canvas[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32) / 255
    return np.ascontiguousarray(blob), scale


def decoded(output, scale):
    rows = output[0].T
    scores = rows[:, 4:].max(axis=1)
    kept = scores > SCORE
    rows, scores = rows[kept], scores[kept]
    boxes = sv.xcycwh_to_xyxy(rows[:, :4]) / scale
    detections = sv.Detections(boxes, confidence=scores, class_id=rows[:, 4:].argmax(axis=1))
    return detections.with_nms(IOU)


model_path, clip, stride, most = sys.argv[1:]
session = onnxruntime.InferenceSession(model_path, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
capture = cv2.VideoCapture(clip)
width, height = (int(capture.get(side)) for side in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
tracker = sv.ByteTrack(frame_rate=5)
zone = sv.PolygonZone(np.array([[0, 0], [width, 0], [width, height], [0, height]]))
line = sv.LineZone(sv.Point(width // 2, 0), sv.Point(width // 2, height))

frames, read, found, began = 0, 0, 0, None
while frames < int(most) and capture.grab():
    read += 1
    if (read - 1) % int(stride):
        continue
    _, picture = capture.retrieve()
    if frames == 10:
        began = time.process_time(), time.perf_counter()
    blob, scale = letterbox(picture)
    detections = tracker.update_with_detections(decoded(session.run(None, {name: blob})[0], scale))
    zone.trigger(detections)
    line.trigger(detections)
    frames += 1
    found += len(detections)
assert began is not None
print(
    json.dumps(
        {
            "frames": frames - 10,
            "cpu_s": time.process_time() - began[0],
            "wall_s": time.perf_counter() - began[1],
            "found": found / frames,
        }
    )
)
