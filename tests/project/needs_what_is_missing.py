"""A command module that cannot be imported, because something it needs is not installed."""

import no_such_distribution as x  # type: ignore[import-not-found]

__all__ = ["x"]
