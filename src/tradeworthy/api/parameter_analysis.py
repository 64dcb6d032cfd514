"""The parameters of a book: read, compared with what they were, judged, and written down."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradeworthy.adapters.files.new_file import write_new
from tradeworthy.adapters.files.parameter_baseline import (
    FILE_NAME,
    ParameterBaseline,
    StoredStrategy,
    read_parameter_file,
    save_parameter_baseline,
    to_json,
)
from tradeworthy.api.parameter_markets import markets_of, neighbours
from tradeworthy.api.parameter_sources import AllRead, read_all
from tradeworthy.api.progress import Silent
from tradeworthy.appraisal.parameter_appraising import MONTHS, appraise_parameters, risk_changes
from tradeworthy.appraisal.parameter_record import ParameterAppraisal, ParameterStudy, RiskChange, level_word
from tradeworthy.core.clock import SECOND_NS, folder_stamp, now_ns, rfc3339
from tradeworthy.core.errors import OutputError
from tradeworthy.ports import Progress
from tradeworthy.reports.folders import write_folder
from tradeworthy.reports.models import parameter_report
from tradeworthy.reports.models import to_json as report_json
from tradeworthy.reports.parameter_matrix import matrix_csv, matrix_frame
from tradeworthy.reports.parameter_page import render_parameters
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.strategies.given_parameters import Parameters, plain_parameters

Given = Mapping[str, Mapping[str, Any]]


class ParameterAnalyzer:
    """What the parameters of a book or a bot give away, before a single trade.

    source: a tradeworthy.toml or the folder it stands in, the name of a book that ships (`fx-16`, `fx-daily`), a Python
    file or a folder of them (read as text, never run), a JSON baseline, a dict {strategy: {parameter: value}}, a `Book`,
    or a list of those; tradeworthy.toml in the current folder by default. baseline: what changes are counted from; by
    default parameter_baseline.json beside the settings, or in the current folder, where there is one. data: a folder of
    bars for the rules that need them; settings have their own. around: whether the sets one step away are tried on the
    bars. reports, out: where reports go, as in `write_report`.

    The source is read when something is first asked. Raises InputError for what cannot be read, SettingsError for settings
    with problems.
    """

    def __init__(
        self,
        source: Any = None,
        *,
        baseline: str | Path | None = None,
        data: str | Path | None = None,
        around: bool = True,
        reports: str | Path | None = None,
        out: str | Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._source, self._around, self._progress = source, around, progress or Silent()
        self._named = None if baseline is None else Path(baseline)
        self._data = None if data is None else Path(data)
        self._reports = None if reports is None else Path(reports)
        self._out = None if out is None else Path(out)
        self._read: AllRead | None = None
        self._appraised: tuple[dict[str, Parameters], ParameterAppraisal] | None = None
        self._folder: Path | None = None

    @property
    def unread(self) -> tuple[str, ...]:
        """What the source holds that could not be read, a sentence each, with file and line."""
        return self._all().unread

    @property
    def baseline(self) -> Path:
        """The file that changes are counted from, whether it is there or not."""
        return self._named or self._desk() / FILE_NAME

    @property
    def folder(self) -> Path | None:
        """Where this analyzer's reports were written; None before the first."""
        return self._folder

    def extract_current_parameters(self) -> dict[str, Parameters]:
        """{strategy: {parameter: value}} under the user's own names; nested dictionaries as dotted names.

        What a text does not state (environment, calls, f-strings), and secrets, are left out and named in `unread`.
        """
        return {one.name: dict(one.parameters) for one in self._all().strategies}

    def document_parameter_changes(self, current: Given | None = None) -> dict[str, dict[str, Any]]:
        """{strategy: {status, changes, old_risk_level, new_risk_level}} of `current` against the baseline.

        status: NEW_STRATEGY, UNCHANGED, CHANGED or REMOVED. changes: {parameter: {old, new, change_type}}, the type ADDED,
        REMOVED, INCREASED, DECREASED, or CHANGED for what is no number. Levels by the rules that need no bars, the same
        then and now; None where there was or is no strategy. Without a baseline every strategy is new.
        """
        return {name: one.to_dict() for name, one in self._changes(self._book(current)).items()}

    def create_parameter_comparison_matrix(self, parameters: Given | None = None) -> Any:
        """A dataframe of pandas, a row for each strategy and a column for each parameter; also written to
        parameter_matrix_<UTC>.csv. Raises OutputError where that cannot be."""
        book = self._book(parameters)
        self._write({f"parameter_matrix_{folder_stamp(_now())}.csv": matrix_csv(book)})
        return matrix_frame(book)

    def generate_risk_assessment_report(self, parameters: Given | None = None) -> dict[str, Any]:
        """{overall_risk_level, parameter_risks: {strategy: {risk_level, reasons, not_run}}, recommendations}.

        Levels are LOW, MEDIUM, HIGH, or NOT RUN where nothing could be judged. Also written to risk_assessment_<UTC>.json,
        with parameter_baseline.json beside it: these parameters, as a later baseline. Raises OutputError where that
        cannot be.
        """
        book = self._book(parameters)
        study = self.study(book)
        now = _now()
        self._write({
            f"risk_assessment_{folder_stamp(now)}.json": report_json(parameter_report(study, rfc3339(now))),
            FILE_NAME: to_json(_stored(study.appraisal, now)),
        })  # fmt: skip
        return study.appraisal.to_dict()

    def study(self, parameters: Given | None = None) -> ParameterStudy:
        """All of it as a typed record, nothing written."""
        book, everything = self._book(parameters), self._all()
        changes = self._changes(book) if self._has_baseline() else None
        name = "" if changes is None else self.baseline.name
        return ParameterStudy(self.appraise(book), everything.labels, changes, name, everything.unread)

    def appraise(self, parameters: Given | None = None) -> ParameterAppraisal:
        """Findings, levels and figures as a typed record. Tries neighbours once for the same parameters."""
        book = self._book(parameters)
        if self._appraised is None or self._appraised[0] != book:
            everything = self._all()
            origins = {name: origin for name, origin in everything.settings.items() if name in book}
            markets = markets_of(book, origins, self._data, self._progress)
            near = (
                neighbours(book, markets, origins, self._progress)
                if self._around
                else dict.fromkeys(book, "switched off")
            )
            months = max((one.settings.validation.months for one in origins.values()), default=MONTHS)
            sources = {one.name: one.source for one in everything.strategies}
            made = appraise_parameters(book, markets=markets, neighbours=near, sources=sources, months=months)
            self._appraised = (book, made)
        return self._appraised[1]

    def save_baseline(self, parameters: Given | None = None) -> tuple[Path, Path | None]:
        """Write these parameters as the baseline; gives its path, and the path under which the one before it is kept.

        Raises InputError where another kind of file stands there, OutputError where it cannot be written.
        """
        appraisal = self.appraise(parameters)
        return self.baseline, save_parameter_baseline(self.baseline, _stored(appraisal, _now()))

    def write_report(self, study: ParameterStudy | None = None) -> Path:
        """Write matrix, risk assessment, baseline and page into a dated folder, `latest` pointing at it; gives it."""
        whole = study or self.study()
        now = _now()
        book = {one.name: one.parameters for one in whole.appraisal.strategies}
        names = (f"parameter_matrix_{folder_stamp(now)}.csv", f"risk_assessment_{folder_stamp(now)}.json", FILE_NAME)
        return self._write({
            names[0]: matrix_csv(book),
            names[1]: report_json(parameter_report(whole, rfc3339(now))),
            names[2]: to_json(_stored(whole.appraisal, now)),
            "index.html": render_parameters(whole, rfc3339(now), names),
        }, fresh=True)  # fmt: skip

    def _all(self) -> AllRead:
        if self._read is None:
            self._read = read_all(self._source)
        return self._read

    def _book(self, parameters: Given | None) -> dict[str, Parameters]:
        return (
            self.extract_current_parameters() if parameters is None else plain_parameters(parameters, "the parameters")
        )

    def _desk(self) -> Path:
        """Where the settings stand, if it is one desk's; else the current folder."""
        desks = {one.desk for one in self._all().settings.values()}
        return (desks.pop() if len(desks) == 1 else None) or Path()

    def _has_baseline(self) -> bool:
        """One that was named has to be there."""
        return self._named is not None or self.baseline.is_file()

    def _changes(self, book: dict[str, Parameters]) -> dict[str, RiskChange]:
        return risk_changes(book, read_parameter_file(self.baseline) if self._has_baseline() else {})

    def _write(self, files: Mapping[str, bytes], *, fresh: bool = False) -> Path:
        """Into the folder that was begun, under names that are not taken, or into a new one."""
        if self._folder is None or fresh:
            reports = self._reports or DeskFolder(self._desk()).reports
            self._folder = write_folder(reports, "parameters", _now(), dict(files), self._out)
            return self._folder
        for name, data in files.items():
            stem, dot, suffix = name.partition(".")
            names = (name if number == 1 else f"{stem}-{number}{dot}{suffix}" for number in itertools.count(1))
            try:
                write_new(self._folder, data, names)
            except OSError as error:
                raise OutputError(f"{self._folder}: {name} cannot be written there ({error.strerror})") from error
        return self._folder


def _now() -> int:
    return now_ns() // SECOND_NS * SECOND_NS


def _stored(appraisal: ParameterAppraisal, time_ns: int) -> ParameterBaseline:
    strategies = {
        one.name: StoredStrategy(parameters=dict(one.parameters), risk_level=level_word(one.level))
        for one in appraisal.strategies
    }
    return ParameterBaseline(created_at=rfc3339(time_ns), strategies=strategies)
