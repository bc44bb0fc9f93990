"""Does a model read the ECG, or does it guess? The kernel of einthoven.

The rooms beside it (`bench`, `renderers`, `tasks`, `adapters`, `leaderboard`) stand at the top of the
repository and are linked here, so that every import is ``einthoven.X``. Nothing is imported eagerly: start-up is a
feature.
"""

from einthoven.version import __version__

__all__ = ["__version__"]
