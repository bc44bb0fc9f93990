from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from einthoven.bench.sources.check import check
from einthoven.bench.sources.ptbxl import open_ptbxl
from einthoven.bench.sources.summary import NONE, Summary, summarize
from einthoven.ecg.reading import AXES

Row = Callable[..., dict[str, str]]


@pytest.fixture
def summary(ptbxl_folder: Callable[..., Path], ptbxl_row: Row, write_record: Callable[..., Path]) -> Summary:
    root = ptbxl_folder(
        ptbxl_row(1, strat_fold=1, patient_id=7),
        ptbxl_row(2, strat_fold=2, patient_id=7, scp_codes="{'CLBBB': 100.0, 'AFIB': 0.0}"),
        ptbxl_row(3, scp_codes="{'CRBBB': 100.0, 'LAFB': 50.0, 'SR': 0.0}"),
        ptbxl_row(4, scp_codes="{'PVC': 100.0, 'SR': 0.0}"),
        ptbxl_row(5, scp_codes="{'IMI': 100.0}", validated_by_human="False"),
        ptbxl_row(6),
        ptbxl_row(7),
        ptbxl_row(8, scp_codes="{'WHAT': 1}"),
    )
    (root / "records500/00000/00006_hr.dat").unlink()
    (root / "records500/00000/00007_hr.dat").write_bytes(b"")
    write_record(root / "records100/00000", "00006_lr", rate=100, seed=66)
    source = open_ptbxl(str(root))
    return summarize("ptbxl:DIR", source, check(source))


def test_records_patients_and_rates(summary: Summary) -> None:
    assert summary.records == {"train": 2, "test": 4}
    assert summary.patients == {"train": 1, "test": 4}
    assert summary.sampling_rates == {"100": 1, "500": 5}
    assert (summary.source, summary.has_folds, summary.simulated) == ("ptbxl:DIR", True, False)


def test_faults_by_reason(summary: Summary) -> None:
    found = {reason: [fault.record_id for fault in faults] for reason, faults in summary.faults_by_reason.items()}
    assert found == {"label": ["8"], "truncated": ["7"]}


def test_classes_are_counted_by_split_and_sets_under_each_label(summary: Summary) -> None:
    conduction = summary.axes["conduction"]
    assert conduction.classes == {
        NONE: {"train": 1, "test": 2},
        "lafb": {"test": 1},
        "lbbb": {"train": 1},
        "rbbb": {"test": 1},
    }
    assert summary.axes["rhythm"].classes["atrial_fibrillation"] == {"train": 1}


def test_masks_are_counted_with_their_reasons_and_silence_as_implied(summary: Summary) -> None:
    conduction = summary.axes["conduction"]
    assert conduction.masked == {"test": 1}  # record 5, which no human validated
    assert sum(conduction.reasons.values()) == 1
    assert conduction.masked_share == pytest.approx(1 / 6)
    assert conduction.implied == {"test": 1}  # record 4; 1 and 6 are NORM, which states it
    assert summary.axes["rhythm"].reasons == {"nothing stated, and this axis is never implied": 1}
    for axis in summary.axes.values():
        assert sum(axis.masked.values()) + sum(axis.stated.values()) == 6
        assert sum(axis.reasons.values()) == sum(axis.masked.values())


def test_the_json_form_is_json_and_complete(summary: Summary) -> None:
    document = json.loads(json.dumps(summary.to_json()))
    assert document["records"] == {"total": 6, "train": 2, "test": 4}
    assert list(document["axes"]) == list(AXES)
    assert document["axes"]["conduction"]["classes"]["(none)"] == {"train": 1, "test": 2}
    assert document["axes"]["conduction"]["masked_share"] == 0.166667
    assert document["faults"]["label"] == [{"id": "8", "detail": "'WHAT' is no code of the scp tables"}]
    assert len(document["fingerprint"]) == 64


def test_a_source_of_nothing_usable(ptbxl_folder: Callable[..., Path], ptbxl_row: Row) -> None:
    source = open_ptbxl(str(ptbxl_folder(ptbxl_row(1), signals=False)))
    empty = summarize("ptbxl:DIR", source, check(source))
    assert (empty.records, empty.patients, empty.sampling_rates) == ({}, {}, {})
    assert empty.axes["rate"].masked_share == 0.0
    assert list(empty.faults_by_reason) == ["missing"]
