"""Wilson's interval of a share: honest at 0 and at 1, where a bootstrap has no width."""

from __future__ import annotations

import math

from scipy.special import ndtri

__all__ = ["wilson"]


def wilson(hits: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a share (E. B. Wilson, J Am Stat Assoc 1927;22:209-212).

    Parameters
    ----------
    hits, n : float
        Of how many independent cases; of clustered ones the effective numbers, which need not be whole.
    level : float
        Its coverage.

    Raises
    ------
    ValueError
        There are no cases, or more hits than cases.
    """
    if not 0 <= hits <= n or not n:
        raise ValueError(f"{hits:g} of {n:g} is no share")
    z = float(ndtri(0.5 + level / 2.0))
    middle = (hits + z * z / 2.0) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(hits * (n - hits) / n + z * z / 4.0)
    # At the ends the formula gives 0 and 1 but for rounding.
    return (0.0 if hits == 0 else middle - half, 1.0 if hits == n else middle + half)
