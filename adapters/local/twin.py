"""A trained model with its blind twin: the same training without pictures, asked beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from einthoven.adapters.local.lora import card_of
from einthoven.adapters.local.vlm import LocalVLM
from einthoven.errors import EinthovenError
from einthoven.exchange import Answer, Request
from einthoven.renderers.profile import Profile

__all__ = ["TWIN", "TWINS", "WithTwin", "twin_arm"]

#: The arm that the twin answers.
TWIN = "twin"

#: The arms that a twin answers: without the numbers in the text, and with those that it was trained on.
TWINS = (TWIN, "twin+measurements")

#: What both trainings must share; in `blind` they differ.
_SHARED = ("base", "data", "split", "task", "view", "arm", "recipe", "bits", "dtype")


def twin_arm(model: str) -> str:
    """Return the arm that asks a blind twin what it was trained on: with the numbers in its text, or without."""
    folder = model.partition("?")[0].partition("+lora:")[2]
    given = str(card_of(Path(folder).expanduser()).get("arm", "")) if folder else ""
    return TWINS["measurements" in given]


class WithTwin:
    """Answer with one model, and in the arms `TWINS` with its blind twin.

    Parameters
    ----------
    sighted, twin : LocalVLM
        Both with an adapter of `einthoven.bench.train_lora`, or trained by it as a whole.

    Raises
    ------
    EinthovenError
        The second is not the blind twin of the first.
    """

    def __init__(self, sighted: LocalVLM, twin: LocalVLM) -> None:
        cards = [card_of(one.trained) for one in (sighted, twin)]
        if not cards[1].get("blind") or cards[0].get("blind", True):
            raise EinthovenError(
                f"{twin.name} is not the blind twin of {sighted.name}: it was not trained with --blind"
                if not cards[1].get("blind")
                else f"{sighted.name} is itself blind, or says nothing of its training",
                "give hf/BASE+lora:SIGHTED and --twin hf/BASE+lora:BLIND, both of einthoven train lora",
            )
        other = next((key for key in _SHARED if cards[0].get(key) != cards[1].get(key)), None)
        if other is not None:
            raise EinthovenError(
                f"{twin.name} is not the twin of {sighted.name}: they were trained with another {other}",
                "train the twin with the same command and --blind",
            )
        self._sighted, self._twin = sighted, twin
        self.name, self.inputs, self.concurrency = sighted.name, sighted.inputs, sighted.concurrency
        self.parameters: Mapping[str, Any] = {
            **sighted.parameters,
            TWIN: {"name": twin.name, **twin.parameters},
        }

    async def answer(self, request: Request) -> Answer:
        """Answer one request."""
        return await (self._twin if request.arm in TWINS else self._sighted).answer(request)

    def facts(self) -> Mapping[str, Any]:
        """Return what a bundle says of the sighted model."""
        return self._sighted.facts()

    def pace(self) -> str:
        """Return how fast it goes."""
        return self._sighted.pace()

    def profile(self) -> Profile | None:
        """Return how it sees."""
        return self._sighted.profile()

    def taught_by(self) -> tuple[str, frozenset[str]]:
        """Return the data that both learnt from."""
        return self._sighted.taught_by()

    async def close(self) -> None:
        """Let go of both."""
        await self._sighted.close()
        await self._twin.close()
