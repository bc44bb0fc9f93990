"""How well probabilities tell labels apart, label by label and in each of the field's label spaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.label_scores import RESAMPLES, LabelScores
from einthoven.bench.signal_test import Tested
from einthoven.errors import EinthovenError
from einthoven.tasks.statements.scp_groups import scp_groups

__all__ = ["LABELS", "LabelReport", "label_report", "read_answers", "spaces_of"]

#: The name of the only space of labels that are not PTB-XL's codes.
LABELS = "labels"


@dataclass(frozen=True, slots=True)
class LabelReport:
    """The scores of one label space.

    Attributes
    ----------
    names : tuple of str
        Its labels.
    scores : LabelScores
        Theirs, and their means.
    """

    names: tuple[str, ...]
    scores: LabelScores

    def rows(self) -> list[dict[str, Any]]:
        """Give the rows of a table, the mean first: ``label``, ``cases`` and the four scores with their intervals."""

        def four(score: Any) -> dict[str, Any]:
            return {key: asdict(_of(score, key)) for key in ("auroc", "auprc", "f1", "ece")}

        return [{"label": "mean", "cases": None, **four(self.scores)}] + [
            {"label": name, "cases": score.cases, **four(score)}
            for name, score in zip(self.names, self.scores.labels, strict=True)
        ]


def _of(score: Any, key: str) -> Estimate:
    found: Estimate = getattr(score, key)
    return found


def spaces_of(answered: Tested) -> Mapping[str, Tested]:
    """Look at answers through the field's label spaces, where their labels are PTB-XL's 71 codes.

    A label of a coarser space is there where one of its codes is, and its probability is their noisy-OR,
    1 - prod(1 - p): as a network of the codes is trained here. Other labels are one space of their own, `LABELS`.
    """
    groups = scp_groups()
    if set(answered.names) != set(groups["all"]):
        return {LABELS: answered}
    place = {name: column for column, name in enumerate(answered.names)}
    found = {}
    for space, labels in groups.items():
        columns = [[place[code] for code in codes] for codes in labels.values()]
        found[space] = Tested(
            tuple(labels),
            answered.ids,
            answered.patients,
            np.stack([_any_of(answered.labels[:, each]) for each in columns], axis=1),
            np.stack([1 - np.prod(1 - answered.scores[:, each], axis=1) for each in columns], axis=1),
        )
    return found


def _any_of(labels: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return, record by record, whether one of the labels is there (1), none is (0), or nobody knows (-1)."""
    there, unknown = (labels == 1).any(axis=1), (labels < 0).any(axis=1)
    return np.where(there, 1, np.where(unknown, -1, 0)).astype(np.int8)


def label_report(
    answered: Tested, validation: Tested | None = None, *, resamples: int = RESAMPLES
) -> dict[str, LabelReport]:
    """Score answers in every space that their labels belong to.

    Parameters
    ----------
    answered : Tested
        Labels and probabilities of the test records.
    validation : Tested, optional
        Of other records, to choose the thresholds of F1 on; without them there is no F1.
    resamples : int
        Of the intervals.

    Raises
    ------
    EinthovenError
        The two are not about the same labels, or a score is no probability.
    """
    if validation is not None and validation.names != answered.names:
        raise EinthovenError("the validation records were scored on other labels", "give scores of the same model")
    if not ((answered.scores >= 0) & (answered.scores <= 1)).all():
        raise EinthovenError(
            "a score is no probability: all lie between 0 and 1", "give a sigmoid's output, no logits"
        )
    others = {} if validation is None else spaces_of(validation)
    return {
        space: LabelReport(one.names, one.scored(others.get(space), resamples=resamples))
        for space, one in spaces_of(answered).items()
    }


def read_answers(path: Path) -> Tested:
    """Read an npz file of predictions: ``labels``, ``scores``, and where given ``names``, ``ids``, ``patients``.

    71 columns without names are PTB-XL's codes in alphabetical order, as the field's arrays have them; without
    patients every record is a patient's only one.

    Raises
    ------
    EinthovenError
        It holds no such arrays.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            labels, scores = np.asarray(file["labels"]), np.asarray(file["scores"], np.float64)
            given = {key: file[key] for key in ("names", "ids", "patients") if key in file}
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise EinthovenError(
            f"{path} holds no predictions: {error}".splitlines()[0],
            "save labels and scores, n x labels each, with numpy.savez",
        ) from None
    if labels.ndim != 2 or labels.shape != scores.shape or not labels.size or not np.isfinite(scores).all():
        raise EinthovenError(
            f"{path}: labels {labels.shape} and scores {scores.shape} are not two finite arrays of one shape",
            "save n records x labels in both",
        )
    if labels.dtype.kind not in "biuf" or not np.isin(labels, (-1, 0, 1)).all():
        raise EinthovenError(
            f"{path}: a label is neither 0 nor 1 (nor -1, for one that nobody knows)",
            "save what is there as 1, what is not as 0; a likelihood is no label",
        )
    codes = sorted(scp_groups()["all"])
    usual = codes if labels.shape[1] == len(codes) else [str(k) for k in range(labels.shape[1])]
    names = tuple(map(str, given.get("names", usual)))
    every = np.array([str(k) for k in range(len(labels))])
    ids, patients = (np.asarray(given.get(key, every)).astype(str) for key in ("ids", "patients"))
    if len(names) != labels.shape[1] or len(ids) != len(labels) or len(patients) != len(labels):
        raise EinthovenError(
            f"{path}: names, ids or patients do not fit the labels", "save one a column, one a record"
        )
    return Tested(names, ids, patients, labels.astype(np.int8), scores)
