"""The audit as a document: computed from a bundle's rows and a danger matrix, to the same bytes each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.audit.act_now import act_now
from einthoven.bench.audit.decisions import decisions
from einthoven.bench.audit.document import SCHEMA_VERSION, answers_digest, rounded, validate_audit
from einthoven.bench.audit.labelled import Labelled, labelled
from einthoven.bench.audit.probabilities import stored_probabilities
from einthoven.bench.audit.subgroups import subgroups
from einthoven.bench.audit.weighed import Reader, confusion, constants, costs, row, weighed
from einthoven.bench.bundle import Bundle, read_bundle
from einthoven.bench.scoring.clustered_mean import clustered_means, estimates
from einthoven.bench.scoring.counts import patient_index
from einthoven.bench.scoring.danger import class_danger
from einthoven.bench.scoring.danger_matrix import CLASSES, MATRICES, Danger, danger
from einthoven.errors import EinthovenError, Exit

__all__ = ["PER_DAY", "audit_of", "audited"]

#: ECGs a day of a large hospital: what the act-now table is scaled to.
PER_DAY = 500

#: More are read nowhere.
MOST_PER_DAY = 1_000_000

_SEED = 0


def audit_of(
    bundle: Bundle,
    own: Danger | None = None,
    *,
    arm: str = "image",
    per_day: float = PER_DAY,
    probabilities: NDArray[np.float64] | None = None,
) -> dict[str, Any]:
    """Audit a bundle.

    Parameters
    ----------
    bundle : Bundle
        A finished run.
    own : Danger, optional
        Weights to lead with, in place of the published ones; those and the others stand beside.
    arm : str
        Whose answers.
    per_day : float
        ECGs a day.
    probabilities : ndarray, shape (records, classes), optional
        Of the superclasses, the records in the order of their ids.

    Returns
    -------
    dict
        What stands in ``audit.json``: valid by ``audit.schema.json``, and of equal bytes for equal bundles.

    Raises
    ------
    EinthovenError
        There is nothing to audit: no records, no usable answer, only one class, or what `labelled` refuses; a number
        of ECGs a day that is none.
    """
    if not 0 < per_day <= MOST_PER_DAY:  # which not-a-number is not
        raise EinthovenError(f"{per_day:g} ECGs a day", f"give a number above 0, {MOST_PER_DAY:,} at most")
    found = labelled(bundle, arm)
    _refuse_empty(found)
    run = bundle.run
    patients = patient_index([record["patient"] for record in found.records])
    shipped = [danger(name) for name in MATRICES]
    matrices = shipped if own is None else [own, *(one for one in shipped if one.name != own.name)]
    model = Reader.of(found)
    paid = costs(found.labels, model, matrices[0])
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "model": {"name": run["model"]["name"]},
        "data": {
            "name": run["data"]["name"],
            "fingerprint": run["data"]["fingerprint"],
            "records": len(found.records),
            "patients": len(np.unique(patients)),
            "simulated": run["data"]["simulated"],
            "limit": run["data"]["limit"],
        },
        "task": dict(run["identity"]["task"]),
        "view": dict(run["identity"]["view"]),
        "arm": arm,
        "answers": answers_digest(bundle, arm),
        "classes": list(CLASSES),
        "leading": matrices[0].name,
        "records": _records(found),
        "matrices": weighed(found.labels, (model, *constants(len(found.records))), matrices, patients, _SEED),
        "confusion": confusion(found.labels, model).tolist(),
        "per_day": float(per_day),  # an int would be other bytes
        "act_now": act_now(found, patients, per_day),
        "subgroups": subgroups(found, paid, patients, _SEED),
        "decisions": None
        if probabilities is None
        else decisions(found.labels, probabilities, matrices[0], patients, _SEED),
        "versions": dict(run["versions"]),
    } | _others(found, model, matrices[0], paid, patients)
    document = rounded(document)
    validate_audit(document)
    return document


def audited(folder: Path, own: Danger | None = None, **options: Any) -> dict[str, Any]:
    """Audit the bundle in a folder, which may be a stranger's; see `audit_of`.

    Probabilities that stand in the bundle are looked at.

    Raises
    ------
    EinthovenError
        The folder is no bundle, its rows do not fit together, or there is nothing to audit.
    """
    bundle = read_bundle(folder)
    try:
        if options.get("probabilities") is None:
            options["probabilities"] = stored_probabilities(folder, bundle)
        return audit_of(bundle, own, **options)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise EinthovenError(
            f"the rows of {folder} make no sense: {type(error).__name__}: {error}",
            "copy the bundle again",
            Exit.MISSING,
        ) from error


def _refuse_empty(found: Labelled) -> None:
    n = len(found.records)
    if all(reading is None for reading in found.readings):
        raise EinthovenError(
            f"none of the {n} answers can be used: there is no error to weigh",
            "see why with einthoven score BUNDLE, and run again",
            Exit.MISSING,
        )
    if all(answer is None for answer in found.answers):
        raise EinthovenError(
            f"none of the {n} answers names a diagnosis or says that there is none",
            "audit a run whose task asks for a diagnosis",
            Exit.MISSING,
        )
    there = {one.present for one in found.labels if one is not None}
    if not there:
        raise EinthovenError(
            f"the diagnosis of none of the {n} records is known", "audit a run on labelled data", Exit.MISSING
        )
    if len(there) == 1:
        names = " and ".join(CLASSES[one] for one in sorted(next(iter(there)))) or "none of the five classes"
        raise EinthovenError(
            f"every record is {names}: with one class on all of them nothing can be taken for another",
            "audit a run on records of several classes, or with a larger --limit",
            Exit.MISSING,
        )


def _records(found: Labelled) -> dict[str, int]:
    known = [one for one in found.labels if one is not None]
    said = [(one, said) for one, said in zip(found.labels, found.said, strict=True) if one is not None]
    return {
        "known": len(known),
        "masked": len(found.labels) - len(known),
        "invalid": sum(reading is None for reading in found.readings),
        "silent": sum(answer is not None and not answer for answer in found.answers),
        "one_label": sum(one.single is not None and s not in one.unknown for one, s in said),
        "several_labels": sum(len(one.present) > 1 for one in known),
        "no_label": sum(not one.present for one in known),
    }


def _others(
    found: Labelled, model: Reader, matrix: Danger, paid: NDArray[np.float64], patients: NDArray[np.integer]
) -> dict[str, Any]:
    """Return the mean cost of the usable answers, with misses weighed by likelihood, and of each class's records.

    A record with several classes counts in each.
    """
    rows = [
        np.where([one is None for one in found.answers], np.nan, paid),
        costs(found.labels, model, matrix, by_likelihood=True),
    ]
    own = [[one is not None and place in one.present for one in found.labels] for place in range(len(CLASSES))]
    rows += [np.where(each, paid, np.nan) for each in own]
    means = estimates(*clustered_means(np.array(rows), patients, seed=_SEED))
    of_valid, by_likelihood, *classes = map(row, means)
    one_label = class_danger(confusion(found.labels, model), matrix.cells)
    return {
        "of_valid": of_valid,
        "by_likelihood": by_likelihood,
        "classes_cost": {
            name: {"n": sum(own[place]), "cost": classes[place], "single": float(one_label[place])}
            for place, name in enumerate(CLASSES)
        },
    }
