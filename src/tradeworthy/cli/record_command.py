"""`tradeworthy record`: may this book be traded on what was validated?"""

from pathlib import Path
from typing import Annotated

import typer


def record(
    book: Annotated[Path, typer.Argument(help="A settings file, or the folder it stands in.")] = Path(),
    max_age: Annotated[float, typer.Option(help="Days that the validation, and its newest bar, may be old.")] = 31.0,
    could_not_tell: Annotated[
        bool, typer.Option("--could-not-tell", help="Let COULD NOT TELL pass as well as FIT.")
    ] = False,
) -> None:
    """May this book be traded on its newest signed record? Exit codes: 0 yes, 1 no, 2 bad usage or input."""
    from tradeworthy.api.records import TRADEABLE, check_record
    from tradeworthy.core.verdict import BookVerdict

    verdicts = TRADEABLE | {BookVerdict.COULD_NOT_TELL} if could_not_tell else TRADEABLE
    found = check_record(book, max_age_days=max_age, verdicts=verdicts)
    typer.echo(f"{found.problem or 'ON RECORD'}: {found.sentence}")
    raise typer.Exit(0 if found.passed else 1)
