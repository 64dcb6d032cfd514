"""Files that come inside installed packages."""

import importlib.util
from pathlib import Path

from tradeworthy.core.errors import InputError


def packaged_file(package: str, *parts: str) -> Path:
    """A data file inside an installed package, found without importing the package. Raises InputError without it."""
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder, *parts)
        if path.is_file():
            return path
    raise InputError(
        f"the package {package} with its file {'/'.join(parts)} is not installed; run: pip install {package}"
    )
