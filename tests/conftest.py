"""What holds for all tests."""

from __future__ import annotations

import signal

# A job in a shell's background ignores Ctrl-C and hands that down: tests that interrupt would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
