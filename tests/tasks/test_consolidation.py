import csv
import gzip
import json
from collections import Counter
from pathlib import Path

from einthoven.tasks import taxonomy
from einthoven.tasks.consolidation import consolidated, consolidation_text
from einthoven.tasks.statements.table import codes, statements

ROWS = list(csv.DictReader(consolidation_text().splitlines()))
RECORDS = Path(__file__).parents[2] / "results" / "ptbxl-fold10" / "control-random" / "records.jsonl.gz"

#: Recordings of the PhysioNet/CinC Challenge 2021 whose counts the SNOMED table holds (Reyna et al. 2021).
CHALLENGE = 88_253


def test_the_counts_are_those_of_the_tables_and_of_the_committed_bundle() -> None:
    challenge: Counter[str] = Counter()
    for code in codes("snomed").values():
        for group in code.groups:
            if len(group) == 1:
                for finding in statements()[group[0]].labels.get("other_findings", ()):
                    challenge[finding] += sum(code.counts.values())
    with gzip.open(RECORDS, "rt", encoding="utf-8") as rows:
        records = [row for row in map(json.loads, rows) if "pair" not in row]
        truths = [row["truth"]["axes"]["other_findings"]["value"] or [] for row in records]
    fold = Counter(finding for found in truths for finding in found)
    assert len(truths) == 1108
    for row in ROWS:
        assert (int(row["challenge"]), int(row["ptbxl_fold10"])) == (challenge[row["finding"]], fold[row["finding"]])


def test_rare_findings_stand_together_and_others_apart() -> None:
    assert sorted(row["finding"] for row in ROWS) == sorted(taxonomy.axes()["other_findings"].values)
    common = {
        row["finding"] for row in ROWS if int(row["challenge"]) >= CHALLENGE / 100 or int(row["ptbxl_fold10"]) > 11
    }
    for name, findings in consolidated().items():
        assert len(findings & common) <= 1, name
        assert len(findings) > 1 or findings <= common, name
        if name in taxonomy.axes()["other_findings"].values:
            assert name in findings
