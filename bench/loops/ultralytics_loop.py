"""What a user of ultralytics would write: YOLO(onnx).track over every n-th picture of a clip.

Run by bench/cpu_per_frame.py with the Python of an environment of its own.
usage: ultralytics_loop.py MODEL.onnx CLIP STRIDE PICTURES track|predict
"""

import json
import sys
import time

from ultralytics import YOLO

model_path, clip, stride, most, mode = sys.argv[1:]
model = YOLO(model_path, task="detect")
run = model.track if mode == "track" else model.predict
options = {"stream": True, "verbose": False, "vid_stride": int(stride), "imgsz": 320, "conf": 0.16}
if mode == "track":
    options["tracker"] = "bytetrack.yaml"

frames, found, began = 0, 0, None
for result in run(clip, **options):
    if frames == 10:  # the first pictures load and warm up
        began = time.process_time(), time.perf_counter()
    frames += 1
    found += len(result.boxes)
    if frames == int(most):
        break
assert began is not None
print(
    json.dumps(
        {
            "frames": frames - 11,
            "cpu_s": time.process_time() - began[0],
            "wall_s": time.perf_counter() - began[1],
            "found": found / frames,
        }
    )
)
