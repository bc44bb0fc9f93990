"""The probabilities behind a signal model's answers: kept in the bundle, or asked for again."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.bundle import Bundle, replace_file
from einthoven.bench.pairs import ARM as PAIRS
from einthoven.bench.scoring.danger_matrix import CLASSES
from einthoven.errors import EinthovenError, Exit

__all__ = ["PROBABILITIES", "asked_again", "kept_probabilities", "read_probabilities", "stored_probabilities"]

#: The file of a bundle that holds them: an npz file as ``einthoven train signal --test`` writes it.
PROBABILITIES = "probabilities.npz"

#: No file of probabilities of a run is larger.
_MAX_BYTES = 50_000_000


def stored_probabilities(folder: Path, bundle: Bundle) -> NDArray[np.float64] | None:
    """Return the probabilities that stand in a bundle, `None` where there are none; see `read_probabilities`."""
    path = folder / PROBABILITIES
    return read_probabilities(path, bundle) if path.is_file() else None


def read_probabilities(path: Path, bundle: Bundle) -> NDArray[np.float64]:
    """Read the probabilities of the superclasses for the records of a bundle.

    Parameters
    ----------
    path : Path
        An npz file with ``names``, ``ids`` and ``scores``, as ``einthoven train signal --test`` writes it.
    bundle : Bundle
        Whose records.

    Returns
    -------
    ndarray, shape (records, classes)
        Records in the order of their ids, classes in that of `CLASSES`.

    Raises
    ------
    EinthovenError
        The file cannot be read, lacks a class or a record, or holds what is no probability.
    """
    names, found, scores = _read(path)
    lacking = [name for name in CLASSES if name not in names]
    if lacking or scores.shape != (len(found), len(names)):
        raise EinthovenError(
            f"{path} has no probabilities of {', '.join(lacking) or 'all classes'}",
            f"it needs the classes {', '.join(CLASSES)}, one column each",
        )
    for what, each in (("class", names), ("record", found)):
        twice = next((one for one, count in Counter(each).items() if count > 1), None)
        if twice is not None:
            raise EinthovenError(
                f"{path} holds the {what} {twice} more than once", "leave one column a class and one row a record"
            )
    place = {one: row for row, one in enumerate(found)}
    ids = _ids(bundle)
    missing = [one for one in ids if one not in place]
    if missing:
        raise EinthovenError(
            f"{path} lacks {len(missing)} of the bundle's {len(ids)} records, such as {missing[0]}",
            "give the probabilities of the run's own records",
        )
    rows = scores[np.ix_([place[one] for one in ids], [names.index(one) for one in CLASSES])]
    if not ((rows >= 0) & (rows <= 1)).all():
        raise EinthovenError(f"{path} holds what is no probability", "probabilities lie between 0 and 1")
    return rows


def _read(path: Path) -> tuple[list[str], list[str], NDArray[np.float64]]:
    try:
        with zipfile.ZipFile(path) as archive:  # what it unpacks to is told before it is unpacked
            if sum(one.file_size for one in archive.infolist()) > _MAX_BYTES:
                raise ValueError("it is too large for a run")
        with np.load(path, allow_pickle=False) as file:
            names, ids = (list(map(str, file[key].tolist())) for key in ("names", "ids"))
            scores = file["scores"]
            if np.iscomplexobj(scores):
                raise ValueError("its scores are complex numbers")
            return names, ids, scores.astype(np.float64)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise EinthovenError(
            f"{path} holds no probabilities: {why}",
            "write them with einthoven audit BUNDLE --data DATA, or with einthoven train signal --test DATA",
            Exit.MISSING,
        ) from None


def kept_probabilities(path: Path, bundle: Bundle, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Write the probabilities of a bundle's records into it, and return them as they are read from there.

    Parameters
    ----------
    path : Path
        Where they go; equal probabilities give equal bytes.
    bundle : Bundle
        Whose records.
    rows : ndarray, shape (records, classes)
        In the order of the records' ids.

    Raises
    ------
    EinthovenError
        It cannot be written (`Exit.INCOMPLETE`).
    """
    packed = BytesIO()
    np.savez_compressed(packed, names=np.array(CLASSES), ids=np.array(_ids(bundle)), scores=rows.astype(np.float32))
    replace_file(path, packed.getvalue(), "make room, or give --no-write")
    return read_probabilities(path, bundle)


def _ids(bundle: Bundle) -> list[str]:
    apart = {row["record"] for row in bundle.answers if row["arm"] == PAIRS}
    return sorted(row["id"] for row in bundle.records if row["id"] not in apart)


def asked_again(bundle: Bundle, data: str, weights: str = "") -> NDArray[np.float64]:
    """Ask a signal model once more for the records of its run.

    Parameters
    ----------
    bundle : Bundle
        Of a signal model.
    data : str
        The run's data name, with its folder.
    weights : str
        The model's folder, where it is not the one that the bundle names.

    Returns
    -------
    ndarray, shape (records, classes)
        Of the superclasses; records in the order of their ids.

    Raises
    ------
    EinthovenError
        The model has no probabilities, or the weights or the data are not those of the run.
    """
    from einthoven.adapters.registry import MODELS, create, with_parameter
    from einthoven.adapters.signal.outputs import SUPERCLASS, outputs
    from einthoven.adapters.signal.reader import SignalReader
    from einthoven.bench.sources.registry import open_source

    name: str = bundle.run["model"]["name"]
    plain = name.partition("?")[0]
    # told before anything is made: a model on the network would ask for its address or its key first
    if MODELS.get(plain, ("", ""))[0] != f"{SignalReader.__module__}:{SignalReader.__name__}":
        raise EinthovenError(f"{name} gives no probabilities", "audit it without --data")
    model = create(with_parameter(plain, "weights", weights) if weights else name)
    assert isinstance(model, SignalReader)
    stored, given = bundle.run["identity"]["parameters"].get("weights"), model.parameters["weights"]
    if stored != given:
        raise EinthovenError(
            f"these are not the weights of the run: {given} in place of {stored}",
            "name the folder of the run's weights with --weights",
            Exit.MISSING,
        )
    group = outputs(model.config.recipe.outputs).group(SUPERCLASS)
    order = [group.values.index(one) for one in CLASSES]
    source, wanted = open_source(data), set(_ids(bundle))
    entries = [entry for entry in source.entries if entry.id in wanted]
    if len(entries) < len(wanted):
        raise EinthovenError(
            f"{data} has {len(entries)} of the run's {len(wanted)} records", "name the data that the run was made on"
        )
    entries.sort(key=lambda entry: entry.id)
    return np.array([model.probabilities(source.load(entry))[group.columns][order] for entry in entries])
