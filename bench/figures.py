"""How figures are told: one JSON line each."""

import json


def tell(name: str, value: float, unit: str, *, floor: float | None = None, goal: str) -> None:
    """Print a figure; `floor` is the least possible, measured in the same run, and `goal` what is aimed at."""
    ratio = round(value / floor, 2) if floor else None
    figure = {"name": name, "value": round(value, 3), "unit": unit}
    print(json.dumps({**figure, "floor": round(floor, 3) if floor else None, "ratio": ratio, "goal": goal}), flush=True)
