"""Stage and territory: two axes read off the same ischaemic processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from einthoven.ecg.reading import AxisTruth, Ischemia
from einthoven.tasks.statements.dialect import Dialect, kind
from einthoven.tasks.statements.effect import AGE_UNKNOWN, Process, UnknownCode
from einthoven.tasks.statements.said import Said
from einthoven.tasks.statements.table import EVERYTHING
from einthoven.tasks.taxonomy import axes, primary

__all__ = ["entries", "processes", "stage", "territory"]


def processes(
    said: Said, spoken: Dialect, codes: Mapping[str, float], stadiums: Sequence[str]
) -> tuple[Process, ...]:
    """Return a record's ischaemic processes, infarcts with the age that the data set's own fields give.

    The first field is for the infarct of the highest likelihood, the second for every other one; without a second
    field, or with an empty one, the first is for all. Among equal likelihoods the order is the table's: the source's
    order may be lost. The pairing decides no axis, for stage and territory are read off all infarcts together.

    Raises
    ------
    UnknownCode
        For an age that the dialect does not know.
    """
    ages = [age.strip() for age in stadiums if age.strip()]
    for age in ages:
        if age not in spoken.stadiums:
            raise UnknownCode(age)
    undated = [one for one in said.effects for process in one.processes if process.stages == AGE_UNKNOWN]
    likelihood = {code.casefold(): value for code, value in codes.items()}
    undated.sort(key=lambda one: (-likelihood.get(one.code.casefold(), 0.0), one.position))
    dated = {one.code: spoken.stadiums[ages[min(i, len(ages) - 1)]] for i, one in enumerate(undated) if ages}
    if len(undated) == 1 and len(set(ages)) > 1:  # two ages for one coded infarct: either is right
        dated = {undated[0].code: tuple(dict.fromkeys(stage for age in ages for stage in spoken.stadiums[age]))}
    found = [
        Process(dated.get(one.code, process.stages), process.walls, process.unsure)
        if process.stages == AGE_UNKNOWN
        else process
        for one in said.effects
        for process in one.processes
    ]
    return _joined(found) if spoken.one_process else _without_echo(found)


def _joined(found: Sequence[Process]) -> tuple[Process, ...]:
    """Make one process of those of one stage; a part without a wall keeps the others unsure."""
    joined: dict[tuple[str, ...], Process] = {}
    for one in found:
        known = joined.get(one.stages, Process(one.stages, frozenset()))
        unsure = known.unsure | (one.unsure if one.walls else one.possible)
        joined[one.stages] = Process(one.stages, known.walls | one.walls, unsure)
    return tuple(joined.values())


def _without_echo(found: Sequence[Process]) -> tuple[Process, ...]:
    """Drop a bare "myocardial infarction" beside one that is dated or placed: it names the same infarct again.

    The walls of the other one may then not be all.
    """
    bare = [one for one in found if one.stages == AGE_UNKNOWN and not one.walls | one.unsure]
    other = [one for one in found if one not in bare and kind(one.stages[0]) == "infarct"]
    if not bare or not other:
        return tuple(found)
    return tuple(
        replace(one, unsure=_every_wall() - one.walls) if one in other and one.walls else one
        for one in found
        if one not in bare
    )


def _every_wall() -> frozenset[str]:
    return frozenset(axes()["ischemia_territory"].values)


def entries(found: Sequence[Process]) -> frozenset[Ischemia]:
    """Return the entries of the truth, each with the value of its stage."""
    return frozenset(Ischemia(one.stages[0], one.walls) for one in found)


def stage(said: Said, found: Sequence[Process]) -> AxisTruth:
    """Return the truth of the primary stage: every class that some choice among the accepted stages makes primary."""
    if "ischemia_stage" in said.masks:
        return AxisTruth(reason=said.masks["ischemia_stage"])
    if found:
        order = axes()["ischemia_stage"].severity
        accepted = frozenset(
            name
            for one in found
            for name in one.stages
            if all(any(order.index(name) <= order.index(other) for other in rest.stages) for rest in found)
        )
        value = primary("ischemia_stage", frozenset(one.stages[0] for one in found))
        return AxisTruth(value, accepted, reason="the stage is not stated exactly" if len(accepted) > 1 else "")
    if "ischemia_stage" in said.denied:
        return AxisTruth("none")
    if "ischemia_stage" in said.silent:
        return AxisTruth("none", implied=True, reason=f"nothing stated: {said.because}")
    return said.nothing("ischemia_stage")


def territory(said: Said, found: Sequence[Process]) -> AxisTruth:
    """Return the truth of the walls; a process without a wall leaves the others open, or all of them unknown."""
    if "ischemia_territory" in said.masks:
        return AxisTruth(reason=said.masks["ischemia_territory"])
    walls = frozenset(wall for one in found for wall in one.walls)
    unsure = frozenset(wall for one in found for wall in one.unsure)
    lost = any(not one.walls and not one.unsure for one in found)
    left = EVERYTHING in said.opens.get("ischemia_territory", ())
    if found and not walls:
        return AxisTruth(reason="an ischaemic process without a wall")
    if walls:
        closed = not lost and not left and said.closed("ischemia_territory")
        return AxisTruth(walls, open=(unsure if closed else _every_wall()) - walls)
    if "ischemia_territory" in said.denied and not left:
        return AxisTruth(frozenset())
    if "ischemia_territory" in said.silent:
        return AxisTruth(frozenset(), implied=True, reason=f"nothing stated: {said.because}")
    return said.nothing("ischemia_territory")
