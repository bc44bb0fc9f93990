"""The image processors of transformers, built with the published settings of the models in ``profiles.toml``.

``python tests/renderers/real_processors.py > tests/golden/image_processors.json`` writes down what they make of
pictures of many sizes, so that the rules are held against them where transformers is not installed too.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Callable

import numpy as np
from PIL import Image

#: Profile -> what one processor makes of a picture: width, height, tokens.
Processor = Callable[[int, int], tuple[int, int, int]]

#: Pages of this package, the worked sizes of guides, ribbons, and what falls between two multiples.
SIZES = (
    *((2200, 1700), (2280, 1700), (2280, 2260), (2200, 2080), (1000, 640), (2200, 1920), (1700, 2200), (2200, 1440)),
    *(
        (32, 32),
        (48, 48),
        (10, 10),
        (2010, 10),
        (16, 48),
        (80, 112),
        (896, 896),
        (1000, 1000),
        (200, 200),
        (1024, 768),
    ),
    *((2000, 10), (10, 2000), (3000, 20), (30, 2999), (12, 2500), (640, 481), (1312, 1312), (2559, 1601)),
)
DRAWN = 24  # further sizes, by RandomState(0)


def sizes() -> list[tuple[int, int]]:
    """Return the sizes of the golden file."""
    drawn = np.exp(np.random.RandomState(0).uniform(np.log(20), np.log(2600), (DRAWN, 2))).astype(int)
    return [*SIZES, *((int(w), int(h)) for w, h in drawn)]


def _picture(width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height))


def _of(family: str, module: str, name: str) -> type:
    return getattr(importlib.import_module(f"transformers.models.{family}.{module}"), name)


def _qwen(patch: int, least: int, most: int) -> Processor:
    made = _of("qwen2_vl", "image_processing_pil_qwen2_vl", "Qwen2VLImageProcessorPil")(
        patch_size=patch, merge_size=2, size={"shortest_edge": least, "longest_edge": most}
    )

    def see(width: int, height: int) -> tuple[int, int, int]:
        _, down, across = made([_picture(width, height)])["image_grid_thw"][0]
        return int(across) * patch, int(down) * patch, int(across * down) // made.merge_size**2

    return see


def _gemma4(tokens: int | None) -> Processor:
    kind = _of("gemma4", "image_processing_pil_gemma4", "Gemma4ImageProcessorPil")
    made = kind() if tokens is None else kind(max_soft_tokens=tokens)

    def see(width: int, height: int) -> tuple[int, int, int]:
        found = made([_picture(width, height)])
        across, down = (np.asarray(found["image_position_ids"][0]).max(axis=0) + 1) * made.patch_size
        return int(across), int(down), int(found["num_soft_tokens_per_image"][0])

    return see


def _square(family: str, module: str, kind: str, processor: str, side: int) -> Processor:
    made = _of(family, module, kind)(size={"height": side, "width": side})
    around = _of(processor.lower(), f"processing_{processor.lower()}", f"{processor}Processor")
    tokens = inspect.signature(around.__init__).parameters["image_seq_length"].default

    def see(width: int, height: int) -> tuple[int, int, int]:
        down, across = np.asarray(made([_picture(width, height)])["pixel_values"][0]).shape[-2:]
        return int(across), int(down), int(tokens)

    return see


def processors() -> dict[str, Processor]:
    """Build them all, by the names of their profiles."""
    return {
        "gemma-3n": _square("siglip", "image_processing_pil_siglip", "SiglipImageProcessorPil", "Gemma3n", 768),
        "gemma-3": _square("gemma3", "image_processing_pil_gemma3", "Gemma3ImageProcessorPil", "Gemma3", 896),
        "gemma-4": _gemma4(None),
        **{f"gemma-4-{tokens}": _gemma4(tokens) for tokens in (70, 140, 560, 1120)},
        "qwen3-vl": _qwen(16, 65_536, 16_777_216),
        "qwen3-vl-1280": _qwen(16, 65_536, 1280 * 32 * 32),
        "qwen3.5": _qwen(16, 65_536, 16_777_216),
        "qwen3.5-1280": _qwen(16, 65_536, 1280 * 32 * 32),
        "qwen2.5-vl": _qwen(14, 3_136, 12_845_056),
        "qwen2.5-vl-1280": _qwen(14, 3_136, 1280 * 28 * 28),
    }


def main() -> None:
    """Print the golden file: its versions, and rows of width, height, and what becomes of them; null is refused."""
    import transformers

    rows: dict[str, list[list[int | None]]] = {}
    for name, see in processors().items():
        rows[name] = []
        for width, height in sizes():
            try:
                rows[name].append([width, height, *see(width, height)])
            except ValueError:  # a ribbon
                rows[name].append([width, height, None, None, None])
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    sys.stdout.write(f'{{\n "transformers": {json.dumps(transformers.__version__)},\n "rows": {{\n{lines}\n }}\n}}\n')


if __name__ == "__main__":
    main()
