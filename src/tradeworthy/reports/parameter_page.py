"""The parameters of a book as one HTML page that needs no network and no script."""

from tradeworthy.appraisal.parameter_record import ParameterStudy, level_word
from tradeworthy.reports import parameter_words, wording
from tradeworthy.reports.parameter_matrix import differing_first, heat
from tradeworthy.reports.templating import environment


def render_parameters(study: ParameterStudy, generated_at: str, files: tuple[str, ...]) -> bytes:
    """UTF-8 HTML. files: names of those that stand beside it."""
    appraisal = study.appraisal
    book = {one.name: one.parameters for one in appraisal.strategies}
    names = differing_first(book)
    pages = environment()
    pages.globals.update({"words": parameter_words, "wording": wording, "level_word": level_word})
    text = pages.get_template("parameters.html").render(
        study=study,
        a=appraisal,
        generated_at=generated_at,
        files=files,
        columns=names,
        heat=heat(book, names, {one.name: one.outliers for one in appraisal.strategies}),
        ordered=parameter_words.sorted_by_risk(appraisal.strategies),
    )
    return text.encode()
