"""The 80 classes of COCO in the order of its detectors, as cards spell them.

Source: Lin et al., "Microsoft COCO", ECCV 2014; `instances_val2017.json`, categories by ascending id.
"""

_LINES = """
person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, stop sign
parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, backpack, umbrella
handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard
surfboard, tennis racket, bottle, wine glass, cup, fork, knife, spoon, bowl, banana, apple, sandwich, orange
broccoli, carrot, hot dog, pizza, donut, cake, chair, couch, potted plant, bed, dining table, toilet, tv
laptop, mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink, refrigerator, book, clock, vase
scissors, teddy bear, hair drier, toothbrush
"""
LABELS: tuple[str, ...] = tuple(
    label.strip() for line in _LINES.strip().splitlines() for label in line.split(",")
)
