from pathlib import Path

import pytest

from einthoven.bench.sources.ptbxl_plus import features_beside
from einthoven.errors import EinthovenError

HEADER = (
    "QT_Int_Global,HR_Ventr_Global,PR_Int_Global,ecg_id,QRS_Dur_Global,QT_IntFridericia_Global,QT_IntBazett_Global,"
    "P_AxisFront_Global,R_AxisFrontal_Global,Other"
)


def write(folder: Path, *rows: str, header: str = HEADER) -> None:
    folder.mkdir(parents=True)
    (folder / "12sl_features.csv").write_text("\n".join([header, *rows]) + "\n")


@pytest.mark.parametrize("name", ["ptb-xl-plus-1.0.1/features", "ptb-xl+", "PTB/../ptbxl-plus/features"])
def test_the_folder_is_found_beside_and_columns_by_name(tmp_path: Path, name: str) -> None:
    root = tmp_path / "ptb-xl"
    root.mkdir()
    write((tmp_path / name).resolve(), "400,72,,9,94,424,437,45,-12,x", "380,130,160,10.0,90,,,,nan,x", "1,2")
    found = features_beside(root)
    assert set(found) == {"9", "10"}
    assert (found["9"].heart_rate, found["9"].pr, found["9"].qrs_axis) == (72.0, None, -12.0)
    assert (found["10"].pr, found["10"].qtc_fridericia, found["10"].qrs_axis) == (160.0, None, None)
    assert found["9"].measurer == "12SL"


def test_no_folder_is_no_measurements(tmp_path: Path) -> None:
    assert features_beside(tmp_path) == {}


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    write(tmp_path / "ptb-xl-plus", "1", header="ecg_id")
    with pytest.raises(EinthovenError, match="has no column HR_Ventr_Global"):
        features_beside(tmp_path)
