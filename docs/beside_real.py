"""Draw simulated ECGs beside recordings of PTB-XL with the same finding, for ``docs/simulator.md``.

    python docs/beside_real.py ptbxl:DIR

Left a heart of the simulator, right a recording; both on the view grid. Recordings: Wagner et al., PTB-XL, Scientific
Data 7:154 (2020), doi 10.1038/s41597-020-0495-6, CC BY 4.0.
"""

from __future__ import annotations

import sys

from contact_sheets import FOLDER, pixels, sheet, small, write
from PIL import Image

from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Source
from einthoven.ecg.reading import Ischemia
from einthoven.ecg.recording import Recording
from einthoven.ecg.simulator import Parameters, simulate
from einthoven.ecg.simulator.parameters import ANTERIOR
from einthoven.renderers.registry import view

#: What is shown: a name, a heart and its seed, and the PTB-XL recording beside it.
SHEETS = {
    "beside-real-conduction": [
        ("normal", Parameters(), 11, 3),
        ("LBBB", Parameters(conduction="lbbb", qrs=150, qrs_axis=5), 12, 338),
        ("RBBB", Parameters(conduction="rbbb", qrs=142), 13, 195),
        ("ventricular pacing", Parameters(rhythm="paced", pr=None, qrs=160, qrs_axis=-65), 18, 144),
    ],
    "beside-real-others": [
        (
            "acute anterior infarction",
            Parameters(heart_rate=84, ischemia=Ischemia("acute", ANTERIOR | {"septal"})),
            14,
            13913,
        ),
        ("atrial fibrillation", Parameters(rhythm="atrial_fibrillation", pr=None, heart_rate=92), 16, 351),
        (
            "LVH with strain",
            Parameters(findings=frozenset({"left_ventricular_hypertrophy", "lv_strain"}), qrs_axis=-10),
            17,
            296,
        ),
    ],
}


def page(recording: Recording) -> Image.Image:
    """Draw a recording on the view grid, at a quarter of its size."""
    return small(pixels(view("grid")(recording)[0]))


def real(source: Source, number: int) -> Recording:
    """Load a recording of PTB-XL by its ecg_id."""
    return source.load(next(entry for entry in source.entries if int(entry.id) == number))


def main(data: str) -> None:
    """Draw the sheets."""
    source = open_source(data)
    for name, rows in SHEETS.items():
        tiles = []
        for finding, heart, seed, number in rows:
            tiles.append((f"{finding}, simulated", page(simulate(heart, seed))))
            tiles.append((f"{finding}, PTB-XL {number}", page(real(source, number))))
        write(sheet(tiles, 2), FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1])
