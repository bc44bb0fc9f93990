"""Building a source's index: unique ids, truths shared between like records, patients that never cross a split."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from einthoven.bench.sources.signals import load_recording, signal_files
from einthoven.bench.sources.source import Entry, Split
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import Truth
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, Exit, Fault

__all__ = ["FolderSource", "Index", "existing_folder"]

#: Held out most first: where a patient stands in two splits, the records of the later one go.
_HELD_OUT: tuple[Split, ...] = ("test", "validation", "train")


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A source whose signals are WFDB files in a folder; see `einthoven.bench.sources.source.Source`.

    Attributes
    ----------
    root : Path
        The folder.
    reader : callable
        Reads the recording of an entry; a function of a module, so that worker processes can be handed it alone.
    """

    name: str
    root: Path
    has_folds: bool
    entries: Sequence[Entry] = field(repr=False)
    faults: Sequence[Fault] = field(repr=False)
    simulated: bool = False
    reader: Callable[[Entry], Recording] = field(default=load_recording, repr=False)

    def load(self, entry: Entry) -> Recording:
        """Read one recording; raises `RecordingFault` with the id, the reason and one line of detail."""
        return self.reader(entry)

    def files(self, entry: Entry) -> tuple[Path, ...]:
        """Return the files that a recording is read from, the header first, whether they are there or not."""
        return signal_files(Path(entry.locator))


class Index:
    """Collects the entries and the faults of a source in the source's order."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._faults: list[Fault] = []

    def fault(self, record_id: str, detail: str) -> None:
        """Note a row that cannot be used at all; its reason is ``label``."""
        self._faults.append(Fault(record_id, "label", " ".join(detail.split())))

    def add(
        self,
        record_id: str,
        patient: Patient,
        dialect: str,
        codes: Mapping[str, float],
        *,
        locator: Path | str,
        split: Split = "test",
        fold: int | None = None,
        validated: bool = True,
        stadiums: Sequence[str] = (),
        site: str = "",
        device: str = "",
        quality: str = "",
        measurements: Measurements | None = None,
    ) -> None:
        """Add one record, or note why its labels cannot be used: a second row, no label, a code that no table has."""
        if record_id in self._entries:
            self.fault(record_id, "a second row of the same record; the first is used")
            return
        if not codes:
            self.fault(record_id, "no label")
            return
        try:
            truth = _truth(dialect, tuple(sorted(codes.items())), validated, tuple(stadiums))
        except ValueError as error:
            code = getattr(error, "code", None)
            self.fault(record_id, str(error) if code is None else f"{code!r} is no code of the {dialect} tables")
            return
        self._entries[record_id] = Entry(
            id=record_id,
            patient=patient,
            truth=truth,
            split=split,
            fold=fold,
            statements=dict(codes),
            site=site,
            device=device,
            quality=quality,
            locator=str(locator),
            measurements=measurements,
        )

    def finish(self) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
        """Return entries and faults; a record whose patient stands in a split held out further becomes a fault."""
        home: dict[str, Split] = {}
        for entry in self._entries.values():
            known = home.get(entry.patient.id, entry.split)
            home[entry.patient.id] = min(known, entry.split, key=_HELD_OUT.index)
        kept = []
        for entry in self._entries.values():
            if entry.split == home[entry.patient.id]:
                kept.append(entry)
            else:
                where = f"patient {entry.patient.id} stands in {entry.split} and in {home[entry.patient.id]}"
                self.fault(entry.id, f"{where}: left out of {entry.split}")
        return tuple(kept), tuple(self._faults)


@cache
def _truth(dialect: str, codes: tuple[tuple[str, float], ...], validated: bool, stadiums: tuple[str, ...]) -> Truth:
    """Map codes to a truth. Records with the same codes share one: 88,000 records have a few thousand."""
    from einthoven.tasks.truth import truth

    return truth(dialect, dict(codes), validated=validated, stadiums=stadiums)


def existing_folder(path: str, source: str, *, holds: str, inside: Iterable[str] = ()) -> Path:
    """Return the folder that a data name points at.

    Parameters
    ----------
    path : str
        What the user typed; ``~`` stands for the home folder.
    source : str
        The source's name, for the messages.
    holds : str
        A file that the right folder holds, or nothing where any folder will do.
    inside : iterable of str
        Folders one level down that are tried where `path` itself does not hold it.

    Raises
    ------
    EinthovenError
        With `Exit.MISSING` where there is no such folder, or it does not hold what it should.
    """
    root = Path(path).expanduser().absolute()
    if not root.is_dir():
        what = "is a file, not a folder" if root.exists() else "does not exist"
        raise EinthovenError(f"the folder {root} {what}", f"name it as {source}:DIR", Exit.MISSING)
    if not holds:
        return root
    for candidate in (root, *(root / name for name in inside)):
        if (candidate / holds).is_file():
            return candidate
    raise EinthovenError(
        f"{root} holds no {holds}", f"name the folder that {holds} stands in: {source}:DIR", Exit.MISSING
    )
