"""Where a model computes and in which numbers: device, dtype, attention, quantization."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from einthoven.errors import EinthovenError, Exit

__all__ = ["ATTENTIONS", "DTYPES", "Placement", "placement"]

DTYPES = ("float32", "bfloat16", "float16")

#: Implementations of attention in transformers that give the numbers of the model; the flash ones need packages.
ATTENTIONS = ("sdpa", "eager", "flash_attention_2", "flash_attention_3", "flex_attention")


@dataclass(frozen=True, slots=True)
class Placement:
    """How a model is loaded.

    Attributes
    ----------
    device : str
        ``cpu``, ``cuda``, ``cuda:1``, ``mps``; ``auto`` spreads it over all devices.
    dtype : str
        One of `DTYPES`.
    attention : str
        One of `ATTENTIONS`.
    bits : int
        4 or 8 where the weights are quantized by bitsandbytes; 0 where they are not.
    """

    device: str
    dtype: str
    attention: str
    bits: int

    def options(self) -> dict[str, Any]:
        """Return what ``from_pretrained`` needs."""
        import torch

        options: dict[str, Any] = {
            "dtype": getattr(torch, self.dtype),
            "attn_implementation": self.attention,
            "device_map": self.device,
        }
        if self.bits:
            from transformers import BitsAndBytesConfig

            options["quantization_config"] = (
                BitsAndBytesConfig(load_in_8bit=True)
                if self.bits == 8
                else BitsAndBytesConfig(
                    load_in_4bit=True,
                    bnb_4bit_quant_type="nf4",
                    bnb_4bit_use_double_quant=True,
                    bnb_4bit_compute_dtype=getattr(torch, self.dtype),
                )
            )
        return options


def placement(device: str = "", dtype: str = "", attention: str = "", bits: int = 0) -> Placement:
    """Choose what the user left open, and refuse what this machine has not.

    Parameters
    ----------
    device : str
        Empty: the first GPU, else Apple's, else the CPU.
    dtype : str
        Empty: bfloat16 on a GPU that computes in it, float16 on another, float32 on the CPU.
    attention : str
        Empty: ``sdpa``, PyTorch's own.
    bits : int
        0, 4 or 8.

    Raises
    ------
    ValueError
        A value that does not exist.
    EinthovenError
        A device or a package that is not here (`Exit.MISSING`).
    """
    import torch

    if dtype and dtype not in DTYPES:
        raise ValueError(f"dtype={dtype} is none of {', '.join(DTYPES)}")
    if attention and attention not in ATTENTIONS:
        raise ValueError(f"attention={attention} is none of {', '.join(ATTENTIONS)}")
    if bits not in (0, 4, 8):
        raise ValueError("bits is 4 or 8, or left out")
    if bits and find_spec("bitsandbytes") is None:
        raise EinthovenError(
            "bits=… needs the package bitsandbytes, which is not installed",
            "pip install 'einthoven[quantized]'",
            Exit.MISSING,
        )
    if attention.startswith("flash_attention") and find_spec("flash_attn") is None and find_spec("kernels") is None:
        raise EinthovenError(
            f"attention={attention} needs the package kernels or flash-attn, which are not installed",
            "pip install kernels, or leave attention out",
            Exit.MISSING,
        )
    if not device:
        mps = torch.backends.mps.is_available()
        device = "cuda" if torch.cuda.is_available() else "mps" if mps else "cpu"
    kind, _, number = device.partition(":")
    if kind not in ("cpu", "cuda", "mps", "auto") or (number and not (kind == "cuda" and number.isdecimal())):
        raise ValueError(f"device={device} is none of cpu, cuda, cuda:1, mps, auto")
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not here.get(kind, True) or (number and int(number) >= torch.cuda.device_count()):
        raise EinthovenError(
            f"device={device}: this PyTorch ({torch.__version__}) sees no such device",
            "leave device out, or install PyTorch with support for it",
            Exit.MISSING,
        )
    if not dtype:
        on_gpu = kind == "cuda" or (kind == "auto" and torch.cuda.is_available())
        half = "bfloat16" if on_gpu and torch.cuda.is_bf16_supported() else "float16"
        dtype = half if on_gpu or kind == "mps" else "float32"
    return Placement(device, dtype, attention or "sdpa", bits)
