"""Valid `result.json` documents with invented, realistic numbers: about 1,100 ECGs at a university hospital."""

import json
from pathlib import Path
from typing import Any

from numpy.random import RandomState

from einthoven.bench.result import validate

_RHYTHMS = {"sinus": 891, "atrial_fibrillation": 81, "paced": 31, "ectopic_atrial": 3}
#: Of each axis: kind, records masked, case counts, the majority's accuracy, minimum detectable gain.
_AXES: dict[str, tuple[str, int, dict[str, int], float | None, float | None]] = {
    "rate": ("categorical", 1108, {}, None, None),
    "rhythm": ("categorical", 0, _RHYTHMS, 0.842, 0.07),
    "axis": ("categorical", 1100, {"left": 5, "normal": 3}, 0.4, None),
    "conduction": ("set", 12, {"lbbb": 54, "rbbb": 61, "first_degree_av_block": 80}, 0.71, 0.08),
    "ischemia_stage": ("categorical", 33, {"none": 730, "old": 290, "acute": 42}, 0.67, 0.06),
    "ischemia_territory": ("set", 120, {"inferior": 210, "anterior": 180, "posterior": 4}, 0.69, 0.05),
    "other_findings": ("set", 300, {"lvh": 210, "premature_ventricular_complex": 110}, 0.52, 0.04),
    "diagnosis": ("set", 0, {"normal_ecg": 480, "inferior_myocardial_infarction": 210}, 0.43, 0.03),
}


def make_result(
    model: str = "control/random",
    *,
    skill: float = 0.0,
    invalid: float = 0.0,
    seed: int = 0,
    data: str = "ptb-xl",
    simulated: bool = False,
    inputs: tuple[str, ...] = ("record",),
    limit: int | None = None,
    fingerprint: str = "5f0c1d9be2a74468",
    cost: float | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Return a valid document for a reader of some skill (informedness about `skill` on every axis).

    `changes` replace values by dotted path, with two underscores for a dot: ``task__version="2"``.
    """
    stream = RandomState(seed)
    result: dict[str, Any] = {
        "schema_version": "1",
        "model": {"name": model, "inputs": list(inputs)},
        "data": {
            "name": data,
            "fingerprint": fingerprint,
            "split": "test",
            "records": 1108,
            "patients": 1071,
            "simulated": simulated,
            "folds": "official",
            "limit": limit,
            "measurers": {"truth": ["einthoven"], "prompt": [], "same": False},
            "faults": [],
        },
        "task": {"name": "dense", "version": "1"},
        "view": {"name": "grid", "version": "1"},
        "arms": {
            "image": {
                "asked": 1108,
                "statuses": {"invalid": round(1108 * invalid), "ok": 1108 - round(1108 * invalid)},
                "input_tokens": None,
                "output_tokens": None,
                "cost_usd": cost,
                "median_latency_s": 0.0,
            }
        },
        "axes": {name: _axis(name, skill, invalid, stream) for name in _AXES},
        "secondary": {},
        "leaks": None,
        "findings_per_ecg": {"truth": 1.92, "truth_ci": [1.84, 2.01], "model": 1.4 + skill, "model_ci": [1.3, 2.1]},
        "pretraining_overlap": "none" if model.startswith(("baseline/", "control/")) else "unknown",
        "versions": {"einthoven": "0.1.0", "taxonomy": "1", "renderer": "1", "simulator": "1"},
        "environment": {"python": "3.11.2"},
    }
    for path, value in changes.items():
        place: Any = result
        *way, last = path.split("__")
        for step in way:
            place = place[step]
        place[last] = value
    validate(result)
    return result


def _axis(name: str, skill: float, invalid: float, stream: RandomState) -> dict[str, Any]:
    kind, masked, cases, majority, mde = _AXES[name]
    constant = skill == 0 and not invalid
    value = None if mde is None else round(0.0 if constant else float(skill + stream.normal(0, 0.02)), 6)
    ends = (
        None if value is None else [round(value - 0.03 * (not constant), 6), round(value + 0.035 * (not constant), 6)]
    )
    word = "underpowered" if value is None else "associated" if ends[0] > 0.02 else "prior"
    accuracy = (
        None if majority is None else min(1.0, round(majority + (0 if value is None else value / 4) - invalid / 2, 6))
    )
    scores = dict.fromkeys(("balanced_accuracy", "macro_f1", "mcc"), value)
    common = {
        "n": 1108 - masked,
        "accuracy_ci": None,
        **scores,
        **{f"{metric}_ci": None for metric in scores},
        "modal_answer": "sinus" if kind == "categorical" else [],
        "modal_share": 1.0 if constant else 0.82,
        "declined_share": 0.0,
    }
    image = common | {
        "accuracy": accuracy,
        "informedness": value,
        "informedness_ci": ends,
        "invalid_share": invalid,
        "gain": value,
        "gain_ci": ends,
        "best_blind": "majority",
        "gain_over": {},
        "p": None,
        "p_holm": None,
        "delta": None,
        "mde": mde,
    }
    if majority is not None:
        image["useful_over_majority"] = {"useful": skill > 0.2, "wins": 143, "losses": 88, "p_mcnemar": 0.0004}
    zero = None if mde is None else 0.0
    return {
        "kind": kind,
        "n": 1108 - masked,
        "masked": masked,
        "eligible": sorted(label for label, times in cases.items() if times >= 20),
        "cases": cases,
        "baselines": {
            "majority": common
            | {"accuracy": majority, "informedness": zero, "informedness_ci": None, "invalid_share": 0.0}
        },
        "arms": {"image": image},
        "verdict": {
            "word": word,
            "reason": _REASONS[word].format(gain=value, masked=masked),
            "flags": ["constant"] if constant else [],
        },
    }


_REASONS = {
    "associated": "Above every blind arm: gain {gain} over always answering 'sinus', p < 0.001 after Holm; "
    "whether the picture causes the answers was not tested with pairs.",
    "prior": "Always answering 'sinus' scores as well: gain {gain}, below 0.28, half the gain of a modest reader.",
    "underpowered": "No record has a truth on this axis: {masked} are masked.",
}


def write_result(folder: Path, result: dict[str, Any]) -> Path:
    """Write a bundle that is nothing but its `result.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "result.json"
    path.write_text(json.dumps(result), encoding="utf-8")
    return path
