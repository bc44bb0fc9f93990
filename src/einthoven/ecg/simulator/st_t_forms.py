"""ST and T where something other than ischaemia changed them: the forms that are findings by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["NORMAL_FORM", "Form", "form_of"]

Floats = NDArray[np.float64]

Five = Sequence[float]

_ZERO = (0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Form:
    """How a form departs from a normal repolarization; vectors (a, f) for limb and (a, f, z) for chest leads, in mV.

    Attributes
    ----------
    st : sequence of float
        Added to ST at J.
    t : float
        Factor on the T wave.
    more_t : sequence of float
        Added to T after that.
    narrow : float
        Factor on the T wave's width.
    coved, scooped, biphasic : bool
        ST falls off steeply; ST hangs through; T ends against its beginning.
    notch : sequence of float
        A notch at J.
    u : sequence of float
        A U wave after T.
    """

    st: Five = _ZERO
    t: float = 1.0
    more_t: Five = _ZERO
    narrow: float = 1.0
    coved: bool = False
    scooped: bool = False
    biphasic: bool = False
    notch: Five = _ZERO
    u: Five = _ZERO


NORMAL_FORM = Form()

#: ST and T as in Rautaharju et al. (AHA/ACCF/HRS part IV, Circulation 2009;119:e241-e250) and Hancock et al. (part V,
#: e251-e261: strain); metabolic and drug effects as in Surawicz and Knilans, Chou's electrocardiography in clinical
#: practice, 6th edition, chapters 19 and 21 to 23; pericarditis: Spodick, JAMA 1976;235:39-41; early repolarisation:
#: Macfarlane et al., J Am Coll Cardiol 2015;66:470-477; Brugada's type 1: Wilde et al., Circulation
#: 2002;106:2514-2519; persisting elevation over an aneurysm: Mills et al., J Electrocardiol 1999;32:323-328. "Low" is
#: below a tenth of R, "inverted" at least 0.1 mV (part IV).
_FORMS: Mapping[str, Form] = {
    "lv_strain": Form(st=(-0.055, -0.02, -0.055, -0.02, -0.035), t=0.0, more_t=(-0.15, 0.03, -0.15, 0.03, -0.17)),
    "right_ventricular_hypertrophy": Form(st=(0.0, 0.0, 0.0, 0.0, 0.035), more_t=(0.02, -0.06, 0.04, -0.03, 0.46)),
    "st_depression": Form(st=(-0.075, -0.085, -0.085, -0.06, 0.03), t=0.75),
    "st_elevation": Form(st=(0.03, 0.05, 0.055, 0.05, -0.125), t=1.0),
    "nonspecific_st_t_change": Form(st=(-0.030, -0.040, -0.035, -0.03, 0.012), t=0.22),
    "t_wave_abnormality": Form(t=0.9, biphasic=True),
    "t_wave_inversion": Form(t=-0.85),
    "low_t_wave": Form(t=0.12),
    "tall_t_wave": Form(t=2.3),
    "u_wave_abnormality": Form(u=(0.06, 0.09, 0.05, 0.07, -0.13)),
    "digitalis_effect": Form(st=(-0.085, -0.095, -0.10, -0.06, 0.03), t=0.35, scooped=True),
    "electrolyte_or_drug_effect": Form(
        st=(-0.04, -0.05, -0.045, -0.04, 0.02), t=0.18, u=(0.07, 0.11, 0.07, 0.09, -0.14)
    ),
    "hyperkalemia": Form(t=2.5, narrow=0.52),
    "pericarditis": Form(st=(0.10, 0.12, 0.115, 0.09, -0.055), t=0.9),
    "early_repolarization": Form(st=(0.03, 0.05, 0.085, 0.05, -0.075), t=1.55, notch=(0.05, 0.08, 0.115, 0.05, 0.01)),
    "brugada_pattern": Form(st=(0.0, 0.0, -0.09, 0.02, -0.27), more_t=(0.0, 0.0, 0.10, 0.0, 0.44), coved=True),
    "ventricular_aneurysm": Form(st=(0.03, -0.05, 0.05, -0.02, -0.20), t=1.0),
}


def form_of(findings: frozenset[str]) -> Form:
    """Give the form of some findings: the normal one where none of them is of ST, T or U."""
    chosen = [_FORMS[name] for name in sorted(findings) if name in _FORMS and name != "u_wave_abnormality"]
    form = chosen[0] if chosen else NORMAL_FORM
    if "u_wave_abnormality" in findings and not any(form.u):
        changed = {name: getattr(form, name) for name in Form.__dataclass_fields__}
        return Form(**{**changed, "u": _FORMS["u_wave_abnormality"].u})
    return form
