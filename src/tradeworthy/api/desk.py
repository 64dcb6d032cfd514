"""Start a desk: a folder with settings in it."""

import json
from pathlib import Path

from tradeworthy.core.errors import OutputError
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.settings.shipped import template


def start_desk(folder: str | Path, book: str = "fx-daily") -> Path:
    """Write a commented tradeworthy.toml with one of the books that ship; gives its path.

    Raises InputError for an unknown book, OutputError when there are settings already or the folder cannot be written.
    """
    text = template(book)
    desk = DeskFolder(Path(folder))
    try:
        desk.root.mkdir(parents=True, exist_ok=True)
        with desk.settings.open("x", encoding="utf-8") as file:
            file.write(text.replace(f'name = "{book}"', f"name = {json.dumps(desk.root.resolve().name or book)}", 1))
    except FileExistsError:
        raise OutputError(
            f"{desk.settings}: there are settings already, and nothing is overwritten; choose another folder"
        ) from None
    except OSError as error:
        raise OutputError(f"{desk.settings}: cannot be written ({error.strerror}); choose another folder") from error
    return desk.settings
