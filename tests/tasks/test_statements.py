"""The tables: complete, in step with the taxonomy, and as decided."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from einthoven.ecg.reading import AXES
from einthoven.errors import EinthovenError
from einthoven.tasks import taxonomy
from einthoven.tasks.statements.contradiction import contradicted, contradicted_by_ischemia
from einthoven.tasks.statements.dialect import dialect, dialects
from einthoven.tasks.statements.table import EVERYTHING, VOCABULARIES, codes, statements, superclasses_of, unmapped

#: The 71 codes of PTB-XL 1.0.3's scp_statements.csv with their diagnostic_class ("-" where diagnostic is not 1).
SCP = """
NDT STTC|NST_ STTC|DIG STTC|LNGQT STTC|NORM NORM|IMI MI|ASMI MI|LVH HYP|LAFB CD|ISC_ STTC|IRBBB CD|1AVB CD|IVCD CD
ISCAL STTC|CRBBB CD|CLBBB CD|ILMI MI|LAO/LAE HYP|AMI MI|ALMI MI|ISCIN STTC|INJAS MI|LMI MI|ISCIL STTC|LPFB CD
ISCAS STTC|INJAL MI|ISCLA STTC|RVH HYP|ANEUR STTC|RAO/RAE HYP|EL STTC|WPW CD|ILBBB CD|IPLMI MI|ISCAN STTC|IPMI MI
SEHYP HYP|INJIN MI|INJLA MI|PMI MI|3AVB CD|INJIL MI|2AVB CD|ABQRS -|PVC -|STD_ -|VCLVH -|QWAVE -|LOWT -|NT_ -|PAC -
LPR -|INVT -|LVOLT -|HVOLT -|TAB_ -|STE_ -|PRC(S) -|SR -|AFIB -|STACH -|SARRH -|SBRAD -|PACE -|SVARR -|BIGU -|AFLT -
SVTAC -|PSVT -|TRIGU -
"""

#: The 133 codes of the Challenge: dx_mapping_scored.csv and dx_mapping_unscored.csv of its 2021 evaluation code.
SNOMED = """
164889003 164890007 6374002 426627000 733534002 713427006 270492004 713426002 39732003 445118002 164909002 251146004
698252002 426783006 284470004 10370003 365413008 427172004 164947007 111975006 164917005 47665007 59118001 427393009
426177001 427084000 63593006 164934002 59931005 17338001 233892002 164951009 251187003 61277005 426664006 251139008
57054005 413444003 426434006 54329005 251173003 195080001 195126007 251268003 106068003 713422000 233917008 50799005
29320008 251166008 233897008 251170000 418818005 74615001 426749004 251199005 61721007 698247007 27885002 204384007
53741008 413844008 251198002 82226007 428417006 13640000 164942001 84114007 368009 251259000 251200008 195042002
426183003 425419005 251120003 704997005 49260003 426995002 251164006 426648003 253352002 67741000119109 446813000
425623009 445211001 164873001 55827005 370365005 164865005 164861001 54016002 428750005 164867002 282825002 251205003
67198005 425856008 164912004 253339007 164921003 446358003 67751000119106 314208002 89792004 17366009 65778007 5609005
60423000 49578007 77867006 55930002 429622005 164931005 164930006 251168009 426761007 266257000 251223006 164937009
11157007 164884008 75532003 81898007 164896001 111288001 266249003 195060002 251266004 251182009 164895002 251180001
195101003 74390002
"""


def _scp() -> Iterator[tuple[str, str]]:
    for item in SCP.replace("\n", "|").split("|"):
        if item:
            code, superclass = item.split(" ")
            yield code, superclass


def test_every_code_of_every_source_is_listed() -> None:
    assert list(codes("scp")) == [code for code, _ in _scp()]
    assert len(codes("scp")) == 71
    assert set(codes("snomed")) == set(SNOMED.split())
    assert len(codes("snomed")) == 133
    assert list(codes("cpsc")) == ["Normal", "AF", "I-AVB", "LBBB", "RBBB", "PAC", "PVC", "STD", "STE"]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_a_code_says_something_or_why_not(vocabulary: str) -> None:
    for name, code in codes(vocabulary).items():
        assert bool(code.groups or code.values) != bool(code.unmapped), name
        assert all(ids and set(ids) <= set(statements()) for ids in code.groups), name
        assert code.title


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_unmapped_codes_have_a_reason(vocabulary: str) -> None:
    assert all(len(reason) > 10 for reason in unmapped(vocabulary).values())


def test_what_is_deliberately_unmapped() -> None:
    assert set(unmapped("scp")) == {"ABQRS"}
    assert {"53741008", "84114007", "368009", "266257000"} < set(unmapped("snomed"))
    assert not unmapped("cpsc")


def test_statements_are_the_labels_of_diagnosis() -> None:
    assert tuple(statements()) == taxonomy.axes()["diagnosis"].values


def test_superclasses_are_the_taxonomys() -> None:
    by_superclass: dict[str, set[str]] = {}
    for name, row in statements().items():
        if row.superclass:
            by_superclass.setdefault(row.superclass, set()).add(name)
    assert by_superclass == {name: set(members) for name, members in taxonomy.superclasses().items()}


@pytest.mark.parametrize(("code", "superclass"), list(_scp()))
def test_superclass_of_an_scp_code_is_its_diagnostic_class(code: str, superclass: str) -> None:
    stated = [group[0] for group in codes("scp")[code].groups if len(group) == 1]
    assert superclasses_of(stated) == ({superclass} - {"-"})


def _values_are_of_the_taxonomy(axis: str, values: frozenset[str] | tuple[str, ...]) -> bool:
    return set(values) <= set(taxonomy.axes()[axis].values) | {EVERYTHING}


def test_no_value_is_unknown_to_the_taxonomy() -> None:
    rows = list(statements().values())
    coded = [code for vocabulary in VOCABULARIES for code in codes(vocabulary).values()]
    tables: list[Mapping[str, tuple[str, ...] | frozenset[str]]] = [
        *(row.classes for row in rows),
        *(row.labels for row in rows),
        *(row.opens for row in rows),
        *(code.values for code in coded),
        *(code.opens for code in coded),
    ]
    for table in tables:
        for axis, values in table.items():
            assert _values_are_of_the_taxonomy(axis, values), (axis, values)
    for hidden in [*(row.masks for row in rows), *(row.denies for row in rows), *(code.masks for code in coded)]:
        assert hidden <= set(AXES)


def test_every_conduction_label_and_finding_has_a_statement_of_its_name() -> None:
    for axis in ("conduction", "other_findings"):
        for label in taxonomy.axes()[axis].values:
            assert statements()[label].labels[axis] == {label}


def test_a_statement_contradicts_no_claim_of_its_own() -> None:
    for row in statements().values():
        for axis, labels in row.labels.items():
            assert not labels & row.opens.get(axis, frozenset())


def test_scp_and_snomed_agree() -> None:
    pairs = {
        "AFIB": "164889003", "AFLT": "164890007", "CLBBB": "733534002", "CRBBB": "713427006", "1AVB": "270492004",
        "LPR": "164947007", "IRBBB": "713426002", "ILBBB": "251120003", "LAFB": "445118002", "LPFB": "445211001",
        "IVCD": "698252002", "SR": "426783006", "SBRAD": "426177001", "STACH": "427084000", "SARRH": "427393009",
        "PACE": "10370003", "PAC": "284470004", "PVC": "164884008", "PSVT": "67198005", "SVTAC": "426761007",
        "LVH": "164873001", "RVH": "89792004", "VCLVH": "55827005", "LVOLT": "251146004", "LNGQT": "111975006",
        "QWAVE": "164917005", "STD_": "429622005", "STE_": "164931005", "NST_": "55930002", "INVT": "59931005",
        "TAB_": "164934002", "AMI": "54329005", "ISC_": "164861001", "ISCAN": "426434006", "ISCIN": "425419005",
        "ISCLA": "425623009", "3AVB": "27885002", "2AVB": "195042002", "WPW": "74390002", "LAO/LAE": "67741000119109",
    }  # fmt: skip
    for scp, snomed in pairs.items():
        assert codes("scp")[scp].groups == codes("snomed")[snomed].groups, scp


def test_forms_have_no_superclass() -> None:
    forms = ("t_wave_inversion", "t_wave_abnormality", "st_depression", "low_t_wave", "prolonged_pr", "lv_strain")
    assert not superclasses_of(forms)


def test_every_dialect_covers_what_its_counts_say() -> None:
    assert "cpsc2018" in dialects()
    assert dialect("cpsc2018").covered["conduction"] == {"first_degree_av_block", "lbbb", "rbbb"}
    assert dialect("cpsc2018_text").covered["conduction"] == dialect("cpsc2018").covered["conduction"]
    assert dialect("cpsc2018_text").covered["other_findings"] == dialect("cpsc2018").covered["other_findings"]
    assert dialect("einthoven").covered["diagnosis"] == set(statements())
    assert "incomplete_rbbb" not in dialect("chapman_shaoxing").covered["conduction"]


def test_alternatives_cover_nothing() -> None:
    assert "premature_junctional_complex" not in dialect("scp").covered["other_findings"]


@pytest.mark.parametrize(
    ("name", "silent"),
    [("scp", True), ("cpsc2018", True), ("ludb", True), ("georgia", False), ("ptb", False), ("ptbxl_snomed", False)],
)
def test_silence(name: str, silent: bool) -> None:
    assert ("conduction" in dialect(name).silent) is silent


@pytest.mark.parametrize("name", ["cpsc2018", "chapman_shaoxing", "ningbo"])
def test_no_ischemia_needs_annotators_of_infarction_and_ischemia(name: str) -> None:
    assert not {"ischemia_stage", "ischemia_territory"} & dialect(name).silent


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("scp", {"rate", "axis"}),
        ("ptbxl_snomed", {"rate", "axis"}),
        ("cpsc_extra", {"rate", "axis"}),
        ("ptb", {"rate", "axis"}),
        ("incart", {"rate", "axis"}),
        ("cpsc2018", {"axis"}),
        ("georgia", {"axis"}),
        ("chapman_shaoxing", {"axis"}),
        ("ningbo", {"axis"}),
        ("ludb", set()),
    ],
)
def test_rate_and_axis_are_masked_where_no_code_states_a_normal_one(name: str, masked: set[str]) -> None:
    assert set(dialect(name).masks) == masked
    assert all(dialect(name).masks.values())


def test_unknown_dialect_has_a_suggestion() -> None:
    with pytest.raises(EinthovenError, match="no dialect 'georgi'") as caught:
        dialect("georgi")
    assert "did you mean georgia?" in caught.value.remedy


def test_unknown_vocabulary() -> None:
    with pytest.raises(ValueError, match="a vocabulary is one of"):
        codes("icd")


def test_a_slow_sinus_rhythm_is_a_sinus_rhythm() -> None:
    out = contradicted("rhythm", frozenset({"sinus"}))
    assert not {"sinus_rhythm", "sinus_bradycardia", "sinus_tachycardia"} & out
    assert {"atrial_fibrillation", "sinus_arrhythmia", "paced_rhythm"} <= out


def test_two_walls_leave_the_infarct_of_both_open() -> None:
    both = frozenset({("infarct", frozenset({"inferior"})), ("infarct", frozenset({"lateral"}))})
    out = contradicted_by_ischemia(both, anywhere=False)
    assert not {"inferolateral_myocardial_infarction", "myocardial_infarction"} & out
    assert {"anterior_myocardial_infarction", "lateral_ischemia", "subendocardial_injury"} <= out


def test_the_page_lists_every_unmapped_code() -> None:
    page = (Path(__file__).parents[2] / "docs" / "statements.md").read_text(encoding="utf-8")
    for vocabulary in VOCABULARIES:
        for code, reason in unmapped(vocabulary).items():
            line = next((line for line in page.splitlines() if line.startswith(f"| {vocabulary} | {code} |")), "")
            assert line.endswith(f"| {reason} |"), code


def test_the_page_names_every_dialect() -> None:
    page = (Path(__file__).parents[2] / "docs" / "statements.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in dialects())
