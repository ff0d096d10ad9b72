"""The 80 objects that COCO SSD knows, by name, with the other words people use for them."""

from __future__ import annotations

import difflib

NAMES: dict[int, str] = {
    1: "person", 2: "bicycle", 3: "car", 4: "motorcycle", 5: "airplane", 6: "bus", 7: "train",
    8: "truck", 9: "boat", 10: "traffic light", 11: "fire hydrant", 13: "stop sign",
    14: "parking meter", 15: "bench", 16: "bird", 17: "cat", 18: "dog", 19: "horse", 20: "sheep",
    21: "cow", 22: "elephant", 23: "bear", 24: "zebra", 25: "giraffe", 27: "backpack",
    28: "umbrella", 31: "handbag", 32: "tie", 33: "suitcase", 34: "frisbee", 35: "skis",
    36: "snowboard", 37: "sports ball", 38: "kite", 39: "baseball bat", 40: "baseball glove",
    41: "skateboard", 42: "surfboard", 43: "tennis racket", 44: "bottle", 46: "wine glass",
    47: "cup", 48: "fork", 49: "knife", 50: "spoon", 51: "bowl", 52: "banana", 53: "apple",
    54: "sandwich", 55: "orange", 56: "broccoli", 57: "carrot", 58: "hot dog", 59: "pizza",
    60: "donut", 61: "cake", 62: "chair", 63: "couch", 64: "potted plant", 65: "bed",
    67: "dining table", 70: "toilet", 72: "tv", 73: "laptop", 74: "mouse", 75: "remote",
    76: "keyboard", 77: "cell phone", 78: "microwave", 79: "oven", 80: "toaster", 81: "sink",
    82: "refrigerator", 84: "book", 85: "clock", 86: "vase", 87: "scissors", 88: "teddy bear",
    89: "hair drier", 90: "toothbrush",
}  # fmt: skip
"""Name by COCO's number. The numbers go to 90, ten of them unused."""

_GROUPS: dict[str, tuple[str, ...]] = {
    "vehicle": ("car", "motorcycle", "bus", "truck", "train"),
    "animal": (
        "bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe",
    ),
}  # fmt: skip

_SYNONYMS: dict[str, str] = {
    "aeroplane": "airplane",
    "auto": "car",
    "automobile": "car",
    "ball": "sports ball",
    "bag": "handbag",
    "bike": "bicycle",
    "child": "person",
    "cyclist": "person",
    "desk": "dining table",
    "doughnut": "donut",
    "fridge": "refrigerator",
    "glass": "wine glass",
    "hairdryer": "hair drier",
    "human": "person",
    "hydrant": "fire hydrant",
    "lorry": "truck",
    "man": "person",
    "mobile phone": "cell phone",
    "motorbike": "motorcycle",
    "notebook computer": "laptop",
    "passenger car": "car",
    "pedestrian": "person",
    "phone": "cell phone",
    "pickup": "truck",
    "plane": "airplane",
    "plant": "potted plant",
    "racket": "tennis racket",
    "sedan": "car",
    "ship": "boat",
    "smartphone": "cell phone",
    "sofa": "couch",
    "stoplight": "traffic light",
    "suv": "car",
    "table": "dining table",
    "taxi": "car",
    "teddy": "teddy bear",
    "television": "tv",
    "van": "car",
    "woman": "person",
}

_IRREGULAR: dict[str, str] = {
    "buses": "bus",
    "children": "child",
    "couches": "couch",
    "humans": "human",
    "knives": "knife",
    "lorries": "lorry",
    "men": "man",
    "people": "person",
    "sandwiches": "sandwich",
    "toothbrushes": "toothbrush",
    "women": "woman",
    "wine glasses": "wine glass",
}


def ids_of(object_name: str) -> frozenset[int]:
    """COCO's numbers for a name, a synonym, a plural or a group; `ValueError` for other words."""
    word = " ".join(object_name.lower().replace("-", " ").replace("_", " ").split())
    for candidate in _singulars(word):
        name = _SYNONYMS.get(candidate, candidate)
        wanted = _GROUPS.get(name, (name,))
        found = frozenset(number for number, known in NAMES.items() if known in wanted)
        if found:
            return found
    raise ValueError(_unknown(object_name, word))


def _singulars(word: str) -> list[str]:
    candidates = [word, _IRREGULAR.get(word, word)]
    if word.endswith("s"):
        candidates.append(word.removesuffix("s"))
    return candidates


def _unknown(object_name: str, word: str) -> str:
    known = sorted({*NAMES.values(), *_GROUPS})
    close = difflib.get_close_matches(word, [*known, *_SYNONYMS], n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return f"cannot look for {object_name!r}.{hint} Known objects: {', '.join(known)}."
