"""The result of a tally: its sheets and the box added up, held against the people and slips that were there."""

from collections import Counter
from collections.abc import Sequence

from services.ratings import errors
from services.ratings.ballots.count import TOTALS, Sheet, Tally, first_entries
from services.ratings.domain import (
    DeputyResult,
    Meeting,
    Method,
    Result,
    Rules,
    grade,
    rate,
    too_near,
    weighted_rate,
)
from shared.errors import FieldError


def result(tally: Tally, meeting: Meeting) -> Result:
    """Sum of a complete tally: of its sheets and, where slips were issued, of the box.

    Deputies are in the order of the meeting, then of dimensions; no ranking.

    Suppressed, that is without any deputy's numbers, when there are fewer valid ballots than `min_published`; with
    weighted groups also when one group is that small, as the score would reveal its mean; and when an earlier version
    published almost the same ballots.
    """
    rules, (sheets, dimensions, ballots) = meeting.scheme, _counted(tally, meeting.scheme)
    issued, returned, void = (sum(getattr(sheet, name) for sheet in ballots) for name in TOTALS)
    slips = tally.slip_totals
    if slips is not None and slips.handed_out is not None:
        # The box was counted as if all printed slips had been handed out, before anybody said how many were.
        issued -= slips.printed - slips.handed_out
    valid = returned - void
    smallest = min((sheet.valid for sheet in ballots), default=0) if rules.groups else valid
    suppressed = smallest < rules.min_published or too_near(meeting, valid) is not None
    lines = [
        _deputy(rules, deputyship_id, [sheet for sheet in sheets if sheet.dimension == dimension])
        for deputyship_id in meeting.deputyship_ids
        for dimension in dimensions
    ]
    return Result(
        version=meeting.published_times + 1,
        issued=issued,
        returned=returned,
        not_returned=issued - returned,
        void=void,
        valid=valid,
        suppressed=suppressed,
        slips=slips,
        deputies=() if suppressed else tuple(lines),
    )


def check_turnout(tally: Tally, meeting: Meeting) -> None:
    """Check the ballots of a meeting against the people and the slips that were there.

    Errors: Unacceptable for more slips handed out than printed; TooManyBallots, without saying how many there are.
    """
    slips = tally.slip_totals
    if slips is not None and slips.handed_out is not None:
        if slips.handed_out > slips.printed:
            fault = f"只印了 {slips.printed} 张"
            raise errors.Unacceptable(fault, errors=[FieldError("body.handed_out", fault)])
        if slips.returned > slips.handed_out:
            raise errors.TooManyBallots(
                f"投回的扫码票多于发出的 {slips.handed_out} 张：发出数填错的请改填；"
                "没有填错的，本次测评无效，须重新组织"
            )
    valid = sum(sheet.valid for sheet in _counted(tally, meeting.scheme)[2])
    if meeting.present is not None and valid > meeting.present:
        raise errors.TooManyBallots(
            f"有效票多于到会的 {meeting.present} 人：到会人数填错的请改填；没有填错的，本次测评无效，须重新组织"
        )


def _counted(tally: Tally, rules: Rules) -> tuple[list[Sheet], tuple[str, ...], list[Sheet]]:
    """(all sheets that are added up, the dimensions, the sheets of the first one, on which each ballot is once)."""
    sheets = [*first_entries(tally), *(tally.box or ())]
    dimensions = rules.dimensions or tuple(sorted({sheet.dimension for sheet in sheets}))
    return sheets, dimensions, [sheet for sheet in sheets if sheet.dimension == dimensions[0]]


def publishable_sheets(tally: Tally, meeting: Meeting) -> tuple[Sheet, ...]:
    """Sheets that reveal no more than the published result: paper only, one group, not suppressed.

    The sheet of one group, or of paper beside slips, subtracted from the result would reveal the others' votes.
    """
    if meeting.method is not Method.PAPER or meeting.result is None or meeting.result.suppressed:
        return ()
    return tally.sheets if all(sheet.group == "" for sheet in tally.sheets) else ()


def _deputy(rules: Rules, deputyship_id: str, sheets: Sequence[Sheet]) -> DeputyResult:
    """Result of one deputy in one dimension, over all groups."""
    rows = [sheet.rows[deputyship_id] for sheet in sheets]
    counts = Counter(dict.fromkeys(rules.codes, 0))
    for row in rows:
        counts.update(row.counts)
    if rules.groups:
        share = weighted_rate(rules, {sheet.group: sheet.rows[deputyship_id].counts for sheet in sheets})
    else:
        share = rate(rules, counts, sum(sheet.valid for sheet in sheets))
    return DeputyResult(
        deputyship_id=deputyship_id,
        dimension=sheets[0].dimension,
        counts={code: counts[code] for code in rules.codes},
        abstain=sum(row.abstain for row in rows),
        spoiled=sum(row.spoiled for row in rows),
        rate=share,
        grade=grade(rules, share, counts),
    )
