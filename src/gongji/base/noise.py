"""What C libraries write to the process's standard error goes nowhere, what Python writes there is kept.

GmSSL writes lines for every signature that fails; whoever has overheard one sealed message could fill a server's log with them. A
failed signature is logged by the platform itself, once.
"""

import contextlib
import os
import sys
from collections.abc import Iterator

__all__ = ["libraries_silent"]

STDERR = 2


@contextlib.contextmanager
def libraries_silent() -> Iterator[None]:
    """For as long as the context lasts descriptor 2 leads nowhere and ``sys.stderr`` to where descriptor 2 led before."""
    before = sys.stderr
    try:
        kept = os.dup(STDERR)
    except OSError:  # nobody listens
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDERR)
    os.close(nowhere)
    try:
        with open(kept, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False) as own:
            sys.stderr = own
            yield
    finally:
        sys.stderr = before
        os.dup2(kept, STDERR)
        os.close(kept)
