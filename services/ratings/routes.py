"""The HTTP door of the ratings service: parse, call one use case, answer."""

import structlog

from services.ratings import exports, imports, schemas
from services.ratings.ballots import BoxKeys, differences
from services.ratings.domain import PRESETS, Meeting
from services.ratings.errors import ResultsSealed
from services.ratings.handlers import boxes, counting, duty_reports, meetings, people, schemes, voting
from services.ratings.integrity import CHECKS, READ_MODEL
from services.ratings.pages import door
from services.ratings.repository import DUTY_REPORTS, MEETINGS, PEOPLE, SCHEMES
from services.ratings.settings import Settings
from services.ratings.sheets import SHEETS
from shared.endpoints.dead_letters import add_dead_letters
from shared.endpoints.exports import add_exports
from shared.endpoints.feed import add_feeds
from shared.endpoints.heads import add_heads
from shared.endpoints.imports import add_imports
from shared.endpoints.integrity import add_integrity
from shared.endpoints.rebuild import add_rebuild
from shared.errors import Conflict
from shared.http import EVERYONE, Api, Call, Reply, add_command, add_resource
from shared.security.tokens import Actor
from shared.storage.work import Work
from shared.workbook import ImportReport, Rows

log = structlog.get_logger(__name__)

OFFICE = {"office"}
COUNTING = {"teller"}
# A duty report is read by those it concerns and those who supervise, not by the hall's tellers.
REPORT_READERS = {"office", "leader", "deputy", "county", "auditor"}


def build(settings: Settings) -> Api:
    """The interface, with what it takes from the settings of the process."""
    api = Api("ratings")
    keys = BoxKeys(settings.box_keys_dir)
    _schemes(api)
    _records(api)
    _people(api)
    _boxes(api, keys)
    _counts(api)
    _workbooks(api, keys)
    door.declare(api, settings.slips_font)
    add_feeds(api)
    add_dead_letters(api)
    add_heads(api)
    add_rebuild(api, READ_MODEL)
    add_integrity(api, CHECKS)
    return api


def show_meeting(meeting: Meeting, _: Actor) -> schemas.MeetingOut:
    return schemas.MeetingOut.of(meeting)


def _schemes(api: Api) -> None:
    add_resource(
        api,
        "schemes",
        SCHEMES,
        body=schemas.SchemeIn,
        create=schemes.adopt_scheme,
        change=schemes.change_scheme,
        view=schemas.SchemeOut,
        equals=("name",),
        read=EVERYONE,
        write=OFFICE,
        label="测评方案",
    )

    @api.route("GET", "/towns/{town}/scheme_presets", roles=EVERYONE)
    async def scheme_presets(_: Call) -> schemas.PresetsOut:
        """七种通行的评议办法，可照样登记，也可先改再登记。"""
        return schemas.PresetsOut.of(PRESETS)


def _records(api: Api) -> None:
    add_resource(
        api,
        "meetings",
        MEETINGS,
        body=schemas.MeetingIn,
        create=meetings.plan_meeting,
        change=meetings.change_meeting,
        view=show_meeting,
        equals=("year", "state"),
        read=EVERYONE,
        write=OFFICE,
        label="述职测评会",
    )
    add_command(api, "meetings", MEETINGS, "publish", schemas.Nothing, meetings.publish_meeting, write=OFFICE)
    add_command(api, "meetings", MEETINGS, "revoke", schemas.RevokeIn, meetings.revoke_meeting, write=OFFICE)
    add_resource(
        api,
        "duty_reports",
        DUTY_REPORTS,
        body=schemas.DutyReportIn,
        create=duty_reports.file_duty_report,
        change=duty_reports.change_duty_report,
        view=schemas.DutyReportOut,
        equals=("meeting_id", "deputyship_id"),
        read=REPORT_READERS,
        write=OFFICE,
        label="述职报告",
    )


def _people(api: Api) -> None:
    @api.route("GET", "/towns/{town}/people/{id}/export", roles=OFFICE)
    async def export_person(call: Call) -> schemas.PersonExport:
        """测评服务所存关于一个人的全部内容：参加的测评会、已公布的结果、述职报告；每次读取留有日志。"""
        person = await call.subject(PEOPLE)
        log.info("personal data read", person=person.id, reader=call.actor.sub)
        return await people.everything_about(call.work, person)


def _boxes(api: Api, keys: BoxKeys) -> None:
    async def open_(work: Work, meeting: Meeting, _: schemas.Nothing) -> Meeting:
        return await meetings.open_meeting(work, meeting, keys)

    add_command(api, "meetings", MEETINGS, "open", schemas.Nothing, open_, write=OFFICE)

    @api.route(
        "POST",
        "/towns/{town}/meetings/{id}:close",
        roles=OFFICE,
        body=schemas.Nothing,
        guarded=True,
        name="close_meetings",
        problems=[Conflict],
    )
    async def close(call: Call) -> Reply[schemas.MeetingOut]:
        """结束测评：封箱、计票、销毁选票和票箱钥匙。"""
        meeting = await call.subject(MEETINGS)
        # In a unit of work of its own: only what was shut before can be counted to the last ballot.
        await call.store.execute(
            town=call.town, actor=call.actor.sub, run=lambda work: boxes.shut_box(work, meeting)
        )
        await boxes.void_unused(call.store, meeting)
        meeting = await meetings.close_meeting(call.work, meeting, keys)
        return Reply(show_meeting(meeting, call.actor), version=meeting.version)


def _counts(api: Api) -> None:
    @api.route(
        "POST", "/towns/{town}/meetings/{id}/counts", roles=COUNTING, body=schemas.CountsIn, status=201
    )
    async def enter_counts(call: Call) -> schemas.CountsOut:
        """录入计票。两遍由两名计票人各自独立录入；同一人再录即更正。"""
        meeting = await call.subject(MEETINGS)
        sheet, tally = await counting.enter_counts(call.work, meeting, call.body)
        return schemas.CountsOut.of(meeting.id, sheet, differences(tally))

    @api.route("GET", "/towns/{town}/meetings/{id}/counts", roles=OFFICE | COUNTING)
    async def show_counts(call: Call) -> schemas.CountsState:
        """计票进度：谁录了哪一遍、何处不一致，不含票数。"""
        return await counting.counts_state(call.work, await call.subject(MEETINGS))

    @api.route("POST", "/towns/{town}/meetings/{id}/paper_slips", roles=COUNTING, body=schemas.PaperSlipsIn)
    async def take_paper_slips(call: Call) -> schemas.PaperSlipsOut:
        """收到填好当纸质票交来的扫码票：登记票号，此后不能再扫码投；计在计票表的发出和收回之中。"""
        return await voting.take_on_paper(call.work, await call.subject(MEETINGS), call.body.codes)

    @api.route("GET", "/towns/{town}/meetings/{id}/results", roles=EVERYONE, problems=[ResultsSealed])
    async def show_results(call: Call) -> schemas.ResultsOut:
        """测评结果。公布前封存；有效票过少不公布；按会议名单顺序，不排名次。"""
        return await counting.results(call.work, await call.subject(MEETINGS))


def _workbooks(api: Api, keys: BoxKeys) -> None:
    async def bring(call: Call) -> ImportReport:
        return await imports.import_workbook(
            call.work,
            call.actor,
            call.body.data,
            asked=call.query.names,
            dry_run=call.query.dry_run,
            keys=keys,
        )

    async def give(call: Call) -> Rows:
        return await exports.rows(call.work)

    add_imports(
        api,
        bring,
        roles=OFFICE | COUNTING,
        query=schemas.ImportQuery,
        summary="导入测评工作簿（.xlsx）：办公室导入办法、会议和述职报告，两名计票人各录一遍；有一处错误就一行也不写入。",
    )
    add_exports(
        api,
        give,
        sheets=SHEETS,
        filename="测评.xlsx",
        roles=OFFICE,
        summary="导出测评工作簿（.xlsx），表和栏目与导入的相同；计票只在结果公布之后，人数不足、不公布的没有。",
    )


api = build(Settings())
