import json

import numpy as np
import pytest

from einthoven.adapters.signal.decision import answers, decided, reading
from einthoven.adapters.signal.outputs import outputs
from einthoven.ecg.reading import Ischemia

OF = outputs("axes")


def validation(count: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """A rare class and a rare label, both well ranked and badly placed."""
    random = np.random.RandomState(0)
    targets = np.full((count, OF.columns), -1, np.int8)
    logits = np.zeros((count, OF.logits))
    rare = random.random_sample(count) < 0.1
    rhythm = OF.group("rhythm")
    targets[:, rhythm.columns] = 0
    targets[np.arange(count), rhythm.start + 2 * rare] = 1
    logits[:, rhythm.start] = 4
    logits[:, rhythm.start + 2] = 1.5 + 2.0 * rare
    conduction = OF.group("conduction")
    targets[:, conduction.start] = rare
    logits[:, conduction.start] = -5 + 2 * rare + random.uniform(-0.9, 0.9, count)
    return targets, logits


def test_thresholds_find_what_is_rare() -> None:
    targets, logits = validation()
    prevalence = np.where(
        (targets >= 0).any(axis=0), (targets == 1).sum(axis=0) / np.maximum((targets >= 0).sum(axis=0), 1), np.nan
    )
    probabilities = OF.probabilities(logits)
    decision = json.loads(json.dumps(decided(OF, probabilities, targets, prevalence)))
    hits = 0
    for row, truth in zip(probabilities, targets, strict=True):
        found = answers(OF, decision, prevalence, row)
        rare = truth[OF.group("conduction").start] == 1
        hits += (found["rhythm"] == "atrial_fibrillation") == rare
        hits += ("third_degree_av_block" in found["conduction"]) == rare
    assert hits == 2 * len(targets)
    # the plain highest probability would never have named it
    assert probabilities[:, OF.group("rhythm").start + 2].max() < 0.5


def test_what_nobody_taught_is_never_named() -> None:
    targets, logits = validation()
    prevalence = np.full(OF.columns, np.nan)
    prevalence[OF.group("rhythm").start] = 1.0
    decision = decided(OF, OF.probabilities(logits), targets, prevalence)
    loud = OF.probabilities(np.full((1, OF.logits), 5.0))[0]
    found = answers(OF, decision, prevalence, loud)
    assert found["rhythm"] == "sinus"
    assert found["diagnosis"] == frozenset()


def test_few_cases_leave_the_prevalence() -> None:
    targets, logits = validation(40)
    column = OF.group("conduction").start
    targets[:, column] = 0
    targets[:3, column] = 1
    prevalence = np.full(OF.columns, 0.125)
    decision = decided(OF, OF.probabilities(logits), targets, prevalence)
    assert decision["conduction"]["thresholds"][0] == pytest.approx(0.125)


def test_a_reading_has_one_ischaemic_process() -> None:
    found = {"ischemia_stage": "acute", "ischemia_territory": frozenset({"inferior"}), "rate": "normal"}
    made = reading(found)
    assert made.ischemia == {Ischemia("acute", frozenset({"inferior"}))}
    assert reading({**found, "ischemia_stage": "none"}).ischemia == frozenset()
    assert made.rhythm is None
    assert reading({"superclass": frozenset({"MI"})}).label == {"MI"}
