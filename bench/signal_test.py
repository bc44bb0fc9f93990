"""What a network answers on the test records of any source: labels and probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.signal.architectures import build
from einthoven.adapters.signal.checkpoint import WEIGHTS, load_weights, read_config
from einthoven.adapters.signal.outputs import outputs
from einthoven.adapters.signal.predict import logits_of
from einthoven.bench.scoring.label_scores import RESAMPLES, LabelScores, label_scores
from einthoven.bench.signal_data import labelled, prepared
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Source
from einthoven.errors import EinthovenError, Exit

__all__ = ["TESTED", "Tested", "tested"]

#: The file of a folder of weights that holds its scores on test records.
TESTED = "test.npz"


@dataclass(frozen=True, slots=True)
class Tested:
    """What a network answered on the labels of some records.

    Attributes
    ----------
    names : tuple of str
        The labels.
    ids, patients : ndarray of str, shape (records,)
        Which records.
    labels, scores : ndarray, shape (records, labels)
        Targets (1, 0, -1 for unknown) and probabilities.
    """

    names: tuple[str, ...]
    ids: NDArray[np.str_]
    patients: NDArray[np.str_]
    labels: NDArray[np.int8]
    scores: NDArray[np.float64]

    def write(self, path: Path) -> None:
        """Write it as an npz file without pickles."""
        np.savez_compressed(
            path,
            names=np.array(self.names),
            ids=self.ids,
            patients=self.patients,
            labels=self.labels,
            scores=self.scores.astype(np.float32),
        )

    @classmethod
    def read(cls, path: Path) -> Tested:
        """Read what `write` wrote; a pickle in it is refused."""
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls(
                    tuple(file["names"].tolist()),
                    file["ids"],
                    file["patients"],
                    file["labels"],
                    file["scores"].astype(np.float64),
                )
        except (OSError, ValueError, KeyError) as error:
            raise EinthovenError(
                f"{path} holds no test scores: {error}".splitlines()[0],
                "write them with einthoven train signal --test DATA",
                Exit.MISSING,
            ) from None

    def scored(self, validation: Tested | None = None, *, resamples: int = RESAMPLES) -> LabelScores:
        """Score every label, with intervals over patients; F1 at the validation records' thresholds."""
        return label_scores(
            self.labels == 1,
            self.scores,
            self.patients.tolist(),
            known=self.labels >= 0,
            validation=None
            if validation is None
            else (validation.labels == 1, validation.scores, validation.labels >= 0),
            resamples=resamples,
        )


def tested(folder: Path, data: str | Source, split: str = "test", group: str = "superclass") -> Tested:
    """Let a trained network answer the records of a split.

    Parameters
    ----------
    folder : Path
        Its weights.
    data : str or Source
        A data name.
    split : {"test", "validation", "train"}
        Which records.
    group : str
        Which group of its outputs.

    Raises
    ------
    EinthovenError
        Weights or data that cannot be used; a network without such outputs.
    """
    config = read_config(folder)
    of = outputs(config.recipe.outputs)
    if group not in {each.name for each in of.every}:
        raise EinthovenError(f"{folder} answers {config.recipe.outputs}, not {group}", "train with other --outputs")
    network = build(config.recipe.network, of.logits, config.recipe.options)
    load_weights(network, folder / WEIGHTS)
    source = open_source(data) if isinstance(data, str) else data
    records = prepared(source, split, config.recipe.rate)  # type: ignore[arg-type]
    probabilities = of.probabilities(logits_of(network, records.signals, config.scale, config.recipe.samples))
    columns = of.group(group).columns
    return Tested(
        of.group(group).values,
        np.array([entry.id for entry in records.entries]),
        np.array([entry.patient.id for entry in records.entries]),
        labelled(records.entries, of)[:, columns],
        probabilities[:, columns],
    )
