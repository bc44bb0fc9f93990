"""Two models on the same ECGs: paired gains, tests, and the records on which they disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from einthoven.adapters.local.twin import TWINS
from einthoven.bench.arms import arm as arm_of
from einthoven.bench.bundle import Bundle
from einthoven.bench.live import is_right
from einthoven.bench.readings import readings_of
from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.bootstrap import RESAMPLES, interval
from einthoven.bench.scoring.counts import count, eligible, patient_index
from einthoven.bench.scoring.encode import AxisData, encode
from einthoven.bench.scoring.gains import Sheet, resample
from einthoven.bench.scoring.holm import holm
from einthoven.bench.scoring.metrics import informedness
from einthoven.bench.scoring.permutation import FLIPS, one_sided_p, patient_differences
from einthoven.bench.secondary import own_space
from einthoven.ecg.reading import Reading, Truth
from einthoven.errors import EinthovenError, Exit
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task
from einthoven.tasks.task import Task

__all__ = ["AxisComparison", "compare"]

#: Of every random draw.
_SEED = 0


@dataclass(frozen=True, slots=True)
class AxisComparison:
    """Two models on one axis.

    Attributes
    ----------
    n : int
        Records that count.
    first, second : float or None
        Informedness of each; `None` where the axis cannot be scored.
    gain : Estimate
        First minus second, with its 95 % patient-clustered interval.
    p, p_holm : float or None
        Two-sided permutation test that swaps a patient's answers; after Holm over the axes.
    first_only, second_only : tuple of str
        Records on which exactly one of the two is right.
    """

    n: int
    first: float | None
    second: float | None
    gain: Estimate
    p: float | None
    p_holm: float | None
    first_only: tuple[str, ...]
    second_only: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""

        def rounded(value: float | None) -> float | None:
            return None if value is None else round(value, 6) + 0.0

        ends = self.gain.interval
        return {
            "n": self.n,
            "first": rounded(self.first),
            "second": rounded(self.second),
            "gain": rounded(self.gain.value),
            "gain_ci": None if ends is None else [rounded(end) for end in ends],
            "p": rounded(self.p),
            "p_holm": rounded(self.p_holm),
            "first_only": list(self.first_only),
            "second_only": list(self.second_only),
        }


def _refuse_unlike(first: Bundle, second: Bundle, arm: str, other_arm: str, across_views: bool) -> None:
    one, other = first.run, second.run
    for what, value, against in (
        ("data", one["data"]["fingerprint"], other["data"]["fingerprint"]),
        ("task", one["identity"]["task"], other["identity"]["task"]),
        ("view", one["identity"]["view"], other["identity"]["view"]),
        ("taxonomy", one["identity"]["taxonomy"], other["identity"]["taxonomy"]),
        ("records", _records_of(first, arm), _records_of(second, other_arm)),
    ):
        if value != against and not (what == "view" and across_views):
            of = [f"{run['data']['name']} " if what == "data" else "" for run in (one, other)]
            shown = "" if what == "records" else f": {of[0]}{_short(value)} and {of[1]}{_short(against)}"
            more = "; --across-views for what a view adds on the same ECGs" if what == "view" else ""
            raise EinthovenError(
                f"these two runs are of different {what}{shown}",
                f"compare runs with the same --data, --task, --view, --limit and version of einthoven{more}",
                Exit.USAGE,
            )


def _records_of(bundle: Bundle, arm: str) -> set[str]:
    """Give the records of an arm: what else a run asked about (pairs) keeps nobody from comparing this."""
    return {row["record"] for row in bundle.answers if row["arm"] == arm}


def _short(value: Any) -> str:
    return "/".join(map(str, value.values())) if isinstance(value, Mapping) else str(value)[:12]


def compare(
    first: Bundle,
    second: Bundle,
    arm: str = "image",
    resamples: int = RESAMPLES,
    flips: int = FLIPS,
    second_arm: str = "",
    across_views: bool = False,
) -> dict[str, AxisComparison]:
    """Compare two runs, or two arms of one.

    Parameters
    ----------
    first, second : Bundle
        Finished runs on the same data, task, view and versions.
    arm : str
        Whose answers are compared; both runs must have asked it.
    resamples, flips : int
        Of the intervals; of the test.
    second_arm : str
        Whose answers are taken of the second, where it is another arm.
    across_views : bool
        Let the runs be of different views: the gap is then that of models and views together.

    Returns
    -------
    dict of str to AxisComparison
        By axis, and by the task's own label space where it has one. Turned round, signs and places change and nothing
        else.

    Raises
    ------
    EinthovenError
        The runs are of different data, task, view or version, or one has not asked the arm.
    """
    other_arm = second_arm or arm
    for bundle, wanted in ((first, arm), (second, other_arm)):
        if wanted not in bundle.run["arms"]:
            arm_of(wanted)  # one that is none is refused by its name
            name = bundle.run["model"]["name"]
            more = "--twin MODEL" if wanted in TWINS else f"--arm {wanted}"
            raise EinthovenError(f"the run of {name} has no arm {wanted}", f"run it again with {more}", Exit.USAGE)
    _refuse_unlike(first, second, arm, other_arm, across_views)
    chosen = task(first.run["identity"]["task"]["name"])
    shared = {row["id"] for row in first.records} & _records_of(first, arm)
    records = sorted((row for row in first.records if row["id"] in shared), key=lambda row: str(row["id"]))
    truths = [Truth.from_json(row["truth"]) for row in records]
    ids, patients = [row["id"] for row in records], [row["patient"] for row in records]
    said = {"first": _readings(first, arm, ids), "second": _readings(second, other_arm, ids)}
    index = patient_index(patients)
    sheets, sizes, apart = [], {}, {}
    for data in _asked(chosen, truths, said):
        codes = encode(data)
        counts = {who: count(codes, who, eligible(codes, index), index) for who in said}
        point = {who: informedness(each.total()) for who, each in counts.items()}
        sheets.append(Sheet(data.name, counts, point))
        sizes[data.name] = int(codes.counted.sum())
        right = {
            who: [
                not truth.masked and is_right(truth, value)
                for truth, value in zip(data.truths, data.predictions[who], strict=True)
            ]
            for who in said
        }
        apart[data.name] = tuple(
            tuple(i for i, mine, theirs in zip(ids, right[a], right[b], strict=True) if mine and not theirs)
            for a, b in (("first", "second"), ("second", "first"))
        )
    resample(sheets, resamples, _SEED, informedness)
    p = _two_sided(sheets, flips)
    adjusted = holm(p)
    return {
        sheet.name: AxisComparison(
            sizes[sheet.name],
            *_points(sheet),
            _gain(sheet),
            p.get(sheet.name),
            adjusted.get(sheet.name),
            *apart[sheet.name],
        )
        for sheet in sheets
    }


def _asked(chosen: Task, truths: Sequence[Truth], said: Mapping[str, Sequence[Reading | None]]) -> list[AxisData]:
    """Return truths and answers of all that the task asks for: its axes, and its own label space."""
    axes = [
        AxisData.of(
            axis,
            [truth[name] for truth in truths],
            {
                who: [None if one is None else taxonomy.axis_value(one, name) for one in rows]
                for who, rows in said.items()
            },
        )
        for name, axis in taxonomy.axes().items()
        if name in chosen.asked
    ]
    return [*axes, *own_space(chosen, truths, said)]


def _readings(bundle: Bundle, arm: str, ids: Sequence[str]) -> list[Reading | None]:
    by_record = {row["record"]: row for row in bundle.answers if row["arm"] == arm}
    return readings_of([by_record[name] for name in ids], task(bundle.run["identity"]["task"]["name"]))


def _two_sided(sheets: Sequence[Sheet], flips: int) -> dict[str, float]:
    """Test both directions with the same swaps: twice the smaller p, so that turning round changes nothing."""
    scorable = [sheet for sheet in sheets if sheet.point["first"]]
    if not scorable:
        return {}
    differences = np.stack([patient_differences(s.counts["first"], s.counts["second"]) for s in scorable])
    above, below = one_sided_p(differences, _SEED, flips), one_sided_p(-differences, _SEED, flips)
    both = np.minimum(1.0, 2 * np.minimum(above, below))
    return {sheet.name: float(p) for sheet, p in zip(scorable, both, strict=True)}


def _points(sheet: Sheet) -> tuple[float | None, float | None]:
    if not sheet.point["first"]:
        return None, None
    return float(sheet.point["first"]["informedness"][0]), float(sheet.point["second"]["informedness"][0])


def _gain(sheet: Sheet) -> Estimate:
    one, other = _points(sheet)
    if one is None or other is None:
        return Estimate()
    gaps = sheet.draws["first"]["informedness"] - sheet.draws["second"]["informedness"]
    return Estimate(one - other, *interval(gaps))
