"""The report and its parts as immutable values.

All but `Source.head` and `Source.hash` is independent of ids and of the time of recording, so that compiling again
from the same heads gives the same bytes.
"""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Immutable value, compared by content."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Severity(StrEnum):
    """Severity of a finding; `block` prevents approval of the report."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class FigureStatus(StrEnum):
    """Whether a figure has a value; zero, missing and not applicable are never confused."""

    VALUE = "value"
    ZERO = "zero"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


class SourceState(StrEnum):
    """Whether a source has sealed the year and every event up to its seal is held here."""

    SEALED = "sealed"
    WAITING = "waiting"


class ReportStatus(StrEnum):
    """compiling → incomplete | draft → approved → submitted → accepted | returned."""

    COMPILING = "compiling"
    INCOMPLETE = "incomplete"
    DRAFT = "draft"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class RecordRef(Frozen):
    """Reference to a version of a record: stream, `<noun>/<id>`, version and sequence of its event."""

    source: str
    subject: str
    version: int
    sequence: int

    def same(self, other: "RecordRef") -> bool:
        """Whether both refer to the same record, in any version."""
        return (self.source, self.subject) == (other.source, other.subject)


class TitledRecord(RecordRef):
    """A record as a list names it. `kind`: what it is, in Chinese; `on`: its business day; `path`: where its service
    serves it. A record that the period did not need to read has its subject as title and no kind."""

    kind: str
    title: str
    on: date | None = None
    path: str = ""


class Amount(Frozen):
    """Value of a figure without its definition: of the year before, or of another edition.

    Of the year before it is missing where that year was not sealed, not applicable where there is none.
    """

    value: int | float | None = None
    numerator: int | None = None
    denominator: int | None = None
    status: FigureStatus


class Figure(Frozen):
    """A number with its definition and the records it was counted from; the value of a rate is in [0, 1].

    `change`: value minus previous value; none where either is none.
    """

    id: str
    label: str
    definition: str
    value: int | float | None = None
    unit: str = ""
    numerator: int | None = None
    denominator: int | None = None
    status: FigureStatus
    previous: Amount | None = None
    change: int | float | None = None
    records: tuple[RecordRef, ...] = ()

    @property
    def amount(self) -> Amount:
        return Amount(
            value=self.value, numerator=self.numerator, denominator=self.denominator, status=self.status
        )


class Finding(Frozen):
    """A breach of a rule, or records that contradict each other.

    `basis`: article of law; `paragraph`: id of the paragraph concerned, else empty.
    """

    id: str
    rule: str
    severity: Severity
    message: str
    basis: str = ""
    records: tuple[RecordRef, ...] = ()
    paragraph: str = ""


class Excluded(Frozen):
    """A record that no figure of the period counts, with the reason."""

    subject: str
    reason: str


class Parked(Frozen):
    """An event that `service` could not apply, by stream and sequence; `reason` contains no values."""

    service: str
    source: str
    sequence: int
    type: str
    reason: str


class Expectation(Frozen):
    """Number of records a rule expects of the period, and number recorded; `missing` is the difference.

    `records`: the records counted.
    """

    id: str
    rule: str
    label: str
    expected: int
    recorded: int
    missing: int
    unit: str
    basis: str
    records: tuple[RecordRef, ...] = ()


class Source(Frozen):
    """Completeness proof of one source (a service): sealed head and counts, counted and excluded records."""

    source: str
    state: SourceState
    head: int = 0
    hash: str = ""
    counts: dict[str, int] = {}
    counted: int = 0
    excluded: tuple[Excluded, ...] = ()


class Run(Frozen):
    """A run of text: a numeral bound to a figure, or plain text.

    `part`: which number of the figure: "" its value, `#numerator`, `#denominator`, `@row` its share in one row of a
    table. `figure` and `part` together are the tag of the numeral in documents (ADR 0022).
    """

    text: str
    figure: str | None = None
    part: str = ""


class Flag(Frozen):
    """A number in staff's text that no figure gives; `figure` and `wanted`: the figure and numeral it replaced."""

    text: str
    figure: str | None = None
    wanted: str = ""


class Paragraph(Frozen):
    """One paragraph; `text` is the runs joined, with line ends where staff split it into several paragraphs.

    `edited`: it is the staff's own text; `computed`: the generated text it replaces.
    """

    id: str
    text: str
    figures: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    edited: bool = False
    computed: str = ""
    flags: tuple[Flag, ...] = ()


class Section(Frozen):
    """A heading without its number (level 1 一、, level 2 （一）; the opening has level 0 and no heading).

    `computed`: the heading of the outline that the office's own replaces.
    """

    id: str
    heading: str
    level: int
    computed: str = ""
    paragraphs: tuple[Paragraph, ...] = ()


class Table(Frozen):
    """An annex table; `figures[row][column]` is the tag of the numeral in a cell, if any. `prose`: columns of running
    text; `notes`: small print under the table."""

    id: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[tuple[str | None, ...], ...] | None = None
    prose: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


class Picture(Frozen):
    """An uploaded image, identified by the SHA-256 of its bytes; `way_up` is the Exif orientation."""

    digest: str
    content_type: str
    size_bytes: int
    width: int
    height: int
    way_up: int = 1


class Photograph(Picture):
    """A photograph of the annex with the activity it documents."""

    title: str
    kind: str
    held_on: date
    record: RecordRef


class Report(Frozen):
    """The compiled report of one town for `from_on` to `as_of`; `period` is its name, `year` that of its last day.

    `sections[0]` has the id `opening`. `corrects`: the approved edition that this one corrects.
    `document_number`, `signer`: letterhead of a report sent upward; without them it has none.
    `subtitle`: lines under the title of a report to the congress: date, session and speaker.
    `manifest`: format of the manifest in its Word file; those compiled before there was one stay as they were.
    `records`: every record behind a figure, by name, for the check document.
    """

    id: str
    town: str
    year: int
    period: str = ""
    version: int
    corrects: int | None = None
    status: ReportStatus
    from_on: date | None = None
    as_of: date
    title: str
    subtitle: tuple[str, ...] = ()
    addressee: str | None = None
    document_number: str = ""
    signer: str = ""
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    photographs: tuple[Photograph, ...] = ()
    sources: tuple[Source, ...] = ()
    figures: tuple[Figure, ...] = ()
    records: tuple[TitledRecord, ...] = ()
    findings: tuple[Finding, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    parked: tuple[Parked, ...] = ()
    signature: str = ""
    signed_on: date
    manifest: str = ""


class Form(StrEnum):
    """summary: 总结, without addressee; report: 报告, sent upward to the county's standing committee."""

    SUMMARY = "summary"
    REPORT = "report"


class Heading(Frozen):
    """A heading of the office's own, without its number; `after`: id of the section it follows, empty where it replaces
    that of the outline."""

    id: str
    text: str
    level: int
    after: str


class Wording(Frozen):
    """Settings and texts of the office for one period; a sentence whose setting is empty is left out.

    `paragraphs`: the office's own paragraphs by section id, printed after the computed ones. `edited`: its text of
    computed paragraphs by paragraph id, empty where it removed one. `placed`: order of paragraphs by section id, where
    it was changed. `headings`: those of the office's own. `delivered_on`, `session_number`, `speaker`: delivery of a
    report to the congress. `signed_on`: the day of the figures by default. `photographs`: digests of the photographs in
    the annex, in their order.
    """

    theme: str = ""
    campaign_label: str = ""
    signed_on: date | None = None
    delivered_on: date | None = None
    session_number: int | None = None
    speaker: str = ""
    outline: str = ""
    document_number: str = ""
    signer: str = ""
    form: Form = Form.SUMMARY
    photographs: tuple[str, ...] = ()
    paragraphs: dict[str, tuple[str, ...]] = {}
    edited: dict[str, str] = {}
    placed: dict[str, tuple[str, ...]] = {}
    headings: tuple[Heading, ...] = ()
