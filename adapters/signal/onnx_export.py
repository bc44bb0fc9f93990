"""A network as ONNX: weights in half precision, arithmetic in single, checked against the network itself."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from einthoven.errors import EinthovenError, Exit

if TYPE_CHECKING:
    from torch import nn

__all__ = ["INPUT", "MODEL", "OUTPUT", "export"]

MODEL, INPUT, OUTPUT = "model.onnx", "signal", "logits"

#: Weights with fewer values stay in single precision: they weigh nothing.
_FEW = 64

_OPSET = 17


def export(network: nn.Module, shape: tuple[int, ...], path: Path, half: bool = True) -> float:
    """Write a network as ONNX.

    Parameters
    ----------
    network : Module
        Put into evaluation mode.
    shape : tuple of int
        Of what it gets of one record. Of signals, 12 x samples, other lengths are taken too.
    path : Path
        The file.
    half : bool
        Store the weights as float16, half the size. Each is cast to float32 when the file is opened, because CPUs
        compute in float32.

    Returns
    -------
    float
        The largest difference of a logit from the network's own, on random input.

    Raises
    ------
    EinthovenError
        With `Exit.MISSING` where the package onnx is not installed.
    """
    try:
        import onnx
    except ImportError:
        raise EinthovenError(
            "networks are exported with onnx, which is not installed", "pip install 'einthoven[train]'", Exit.MISSING
        ) from None
    import torch

    network.eval().cpu()
    example = torch.from_numpy(np.random.RandomState(0).standard_normal((2, *shape)).astype(np.float32))
    signals = {2: "samples"} if len(shape) == 2 else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter calls itself old; the new one needs three packages more
        torch.onnx.export(
            network,
            (example,),
            path,
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes={INPUT: {0: "records", **signals}, OUTPUT: {0: "records"}},
            opset_version=_OPSET,
            dynamo=False,
        )
    model = onnx.load(path)
    if half:
        _halve(model.graph)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    with torch.inference_mode():
        own = network(example).numpy()
    return float(np.abs(_run(path, example.numpy()) - own).max())


def _halve(graph: Any) -> None:
    """Store the large weights as float16 behind a cast to float32."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for weight in graph.initializer:
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) < _FEW:
            continue
        values, name = numpy_helper.to_array(weight), weight.name
        if np.abs(values).max() >= np.finfo(np.float16).max:
            continue
        weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def _run(path: Path, signals: Any) -> Any:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run([OUTPUT], {INPUT: signals})[0]
