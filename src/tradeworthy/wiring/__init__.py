"""The composition root: the only floor that names concrete adapters."""
