"""Use cases over a whole book: run it, hold it against its past, judge it."""
