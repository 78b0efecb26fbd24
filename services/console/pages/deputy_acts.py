"""What is done to a deputy: corrections, resignation, suspension, end, voiding, another name, entries made one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from services.console.forms import Faulty, Field, Form
from services.console.menu import OFFICE
from services.console.pages import people
from services.console.visit import Done, Visit, action, page
from services.console.words import options

SURE: Final = "_sure"


@dataclass(frozen=True)
class Act:
    """A form about one record. `of`: whose record, the deputyship or the person. `patch`: sent as changes; else a
    command. `final`: cannot be taken back, so the answers are shown once more first."""

    title: str
    about: str
    fields: Callable[[Visit, Mapping[str, Any]], Awaitable[Sequence[Field]]]
    done: str
    of: str = "deputyships"
    patch: bool = False
    final: str = ""


def _plain(*fields: Field) -> Callable[[Visit, Mapping[str, Any]], Awaitable[Sequence[Field]]]:
    async def made(_: Visit, __: Mapping[str, Any]) -> Sequence[Field]:
        return fields

    return made


async def _mandate(visit: Visit, record: Mapping[str, Any]) -> Sequence[Field]:
    of_end = (
        Field("ended_on", "终止日期", "date", width=3),
        Field("ended_reason", "终止原因", "select", options=options("ended_reason"), width=3),
    )
    accepted = (
        Field("accepted_on", "接受辞职日期", "date", hint="辞职的才填", width=3),
        Field("accepted_by_session", "哪次会议接受", hint="如 第十七届人大第四次会议", width=3),
    )
    return (
        *(part for part in await people.mandate_fields(visit) if part.name != "level"),
        Field("reference", "编号", hint="本单位自编的", width=3),
        *((*of_end, *accepted) if record["status"] == "ended" else ()),
        Field("on", "换组、换职务从哪天起", "date", hint="不填就是今天", width=3),
    )


async def _others(visit: Visit, record: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    known = [one for one in (await people.everybody(visit)).values() if one["id"] != record["id"]]
    return people.told_apart([one for one in known if not one["merged_into"]], "id")


async def _into(visit: Visit, record: Mapping[str, Any]) -> Sequence[Field]:
    choose = [
        Field(
            f"choices.{name}",
            word,
            "select",
            hint="两处不同时，留哪一个",
            options=(("into", "另一条的"), ("from", "这一条的")),
            width=3,
        )
        for name, word in options("person_field", "deputyships")
    ]
    others = await _others(visit, record)
    return (Field("into", "并入谁的登记", "name", required=True, options=others, width=6), *choose)


async def _different(visit: Visit, record: Mapping[str, Any]) -> Sequence[Field]:
    others = await _others(visit, record)
    return (
        Field(
            "others", "和谁不是同一人", "names", required=True, options=others, hint="多人用顿号隔开", width=8
        ),
    )


_ON: Final = Field("on", "日期", "date", required=True, width=3)
ACTS: Final[Mapping[str, Act]] = {
    "correct": Act(
        "变更、更正任职",
        "换小组、换职务写明从哪天起；其他各项是更正登记错的，原来的内容留在变动记录里。",
        _mandate,
        "已保存",
        patch=True,
    ),
    "person": Act(
        "更正人员信息",
        "改名请用“更名”，原名会留作曾用名。",
        _plain(*people.PERSON[1:]),
        "已保存",
        "people",
        patch=True,
    ),
    "numbers": Act(
        "改手机号、身份证号",
        "填新的号码；不填的一栏不改。身份证号核对校验位、性别和出生年份。",
        _plain(*people.CONTACT),
        "已保存",
        "people",
        patch=True,
    ),
    "resign": Act(
        "登记提出辞职",
        "登记以后列入资格审查待办；人大接受以后，用“终止代表资格”写明哪天、哪次会议接受。",
        _plain(Field("requested_on", "提出日期", "date", required=True, width=3)),
        "已登记提出辞职，列入待办",
    ),
    "suspend": Act(
        "暂停执行代表职务",
        "代表法第四十八条：被羁押正在受侦查、起诉、审判，或者依法服刑而没有附加剥夺政治权利的。",
        _plain(
            Field("reason", "原因", "radio", required=True, options=options("suspended_reason"), width=6), _ON
        ),
        "已登记暂停",
    ),
    "resume": Act("恢复执行代表职务", "写明哪一天恢复。", _plain(_ON), "已登记恢复"),
    "end": Act(
        "终止代表资格",
        "辞职的，写明人大接受的日期和会议。以后可以更正日期和原因，不能恢复资格。",
        _plain(
            Field("reason", "原因", "select", required=True, options=options("ended_reason"), width=4),
            Field("on", "终止日期", "date", required=True, width=3),
            Field("accepted_on", "接受辞职日期", "date", hint="辞职的才填", width=3),
            Field("accepted_by_session", "哪次会议接受", hint="如 第十七届人大第四次会议", width=6),
        ),
        "已登记终止",
        final="终止代表资格",
    ),
    "void": Act(
        "作废误登记的代表资格",
        "只用于登记错了的：作废以后等于从没登记过。确实当过代表的，请用“终止代表资格”。",
        _plain(Field("reason", "原因", required=True, hint="如 同一人登记了两次", width=8)),
        "已作废",
        final="作废",
    ),
    "rename": Act(
        "更名",
        "原名自那天起改作曾用名；以前的记录仍写当时的名字。",
        _plain(
            Field("name", "新姓名", required=True, width=3),
            Field("on", "哪天起用新名", "date", hint="不清楚可以不填", width=3),
        ),
        "已更名",
        "people",
    ),
    "merge": Act(
        "并入另一条登记",
        "同一人登记了两次的，这一条并入另一条，任职都归过去。",
        _into,
        "已并入",
        "people",
        final="并入",
    ),
    "differ": Act(
        "不是同一人", "登记以后，这几人不再列作可能重复。", _different, "已注明不是同一人", "people"
    ),
}
_VERBS: Final = "|".join(ACTS)


@dataclass(frozen=True)
class _Subject:
    """The record that an act is about."""

    path: str
    body: Mapping[str, Any]
    version: str
    name: str


async def _subject(visit: Visit, act: Act) -> _Subject:
    mandate = await visit.api.answer("GET", visit.at("roster", f"deputyships/{visit.id()}"))
    whose = visit.at("roster", f"people/{mandate.body['person_id']}")
    person = await visit.api.answer("GET", whose, query={"masked": True})
    name = str(person.body["name"])
    if act.of == "people":
        return _Subject(whose, person.body, person.version or "", name)
    path = visit.at("roster", f"deputyships/{visit.id()}")
    return _Subject(path, mandate.body, mandate.version or "", name)


@page(f"/deputies/{{id}}/{{verb:{_VERBS}}}", roles=OFFICE)
async def show_act(visit: Visit) -> web.Response:
    act = ACTS[visit.id("verb")]
    subject = await _subject(visit, act)
    fields = await act.fields(visit, subject.body)
    form = Form.of(fields, subject.body) if act.patch and visit.id("verb") != "numbers" else Form(fields)
    return await _page(visit, act, subject, form)


@action(f"/deputies/{{id}}/{{verb:{_VERBS}}}", roles=OFFICE)
async def do_act(visit: Visit) -> web.Response:
    act = ACTS[visit.id("verb")]
    subject = await _subject(visit, act)
    fields = await act.fields(visit, subject.body)
    if act.final and SURE not in visit.sent:
        return await _checked(visit, act, subject, Form.sent(fields, visit.sent))

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        if act.patch:
            if visit.id("verb") != "numbers":
                body = form.changes(subject.body, visit.today, visit.year)
            if body:
                await visit.api.patch(subject.path, body, version=visit.version)
        else:
            path = f"{subject.path}:{visit.id('verb')}"
            await visit.api.post(path, body, key=visit.key, version=visit.version)
        target = f"/people/{body['into']}" if visit.id("verb") == "merge" else f"/deputies/{visit.id()}"
        return Done(target, f"{subject.name}：{act.done}")

    async def current() -> tuple[Any, str]:
        return subject.body, subject.version

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, act, subject, form, status)

    return await visit.submit(fields, send, again, current=current if act.patch else None)


async def _checked(visit: Visit, act: Act, subject: _Subject, form: Form) -> web.Response:
    """The answers once more, before what cannot be taken back."""
    try:
        form.body(visit.today, visit.year)
    except Faulty:
        form.title = "请改正下面标出的地方"
        return await _page(visit, act, subject, form, 422)
    return visit.html(
        "act_check.html",
        act=act,
        name=subject.name,
        form=form,
        key=visit.key,
        version=visit.version,
        back=f"/deputies/{visit.id()}/{visit.id('verb')}",
    )


async def _page(visit: Visit, act: Act, subject: _Subject, form: Form, status: int = 200) -> web.Response:
    draft = "" if act.final else f"deputies/{visit.id()}/{visit.id('verb')}"
    if visit.id("verb") == "numbers":
        draft = ""  # numbers are never kept in a browser
    return await visit.form_page(
        "act.html",
        form,
        draft=draft,
        status=status,
        act=act,
        name=subject.name,
        version=visit.version or subject.version,
        back=f"/deputies/{visit.id()}",
    )


PAGES: Final = (show_act, do_act)
