"""One file for every schema of the journal; what was released is never changed."""
