"""Accounts: who may sign in and as what; the one-time link and the letter, each shown once."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.errors import Away, Refused
from services.console.forms import Faulty, Field, Form
from services.console.menu import AUDITOR, COUNTY, OFFICE
from services.console.pages import people
from services.console.visit import Done, Visit, action, page
from services.console.words import ROLES, options

MANAGERS: Final = OFFICE | COUNTY
GIVES: Final = {"office": ("office", "leader", "deputy", "teller"), "county": tuple(ROLES)}
"""Roles that are offered; the service decides which may be given."""


@page("/accounts", roles=MANAGERS | AUDITOR)
async def list_accounts(visit: Visit) -> web.Response:
    found = await part(visit.api.all("/accounts/v1/accounts", limit=200), LATE_SECONDS)
    return visit.html("accounts.html", accounts=found, names=await _names(visit))


async def _names(visit: Visit) -> Mapping[str, str]:
    """Deputies of the town by deputyship, where there is a town."""
    rows = await part(people.deputies(visit), LATE_SECONDS) if visit.session.town else None
    return {row["deputyship_id"]: row["name"] for row in rows or []}


async def _fields(visit: Visit, *, new: bool) -> tuple[Field, ...]:
    roles = next((GIVES[role] for role in ("county", "office") if visit.may(role)), ())
    offered = [(role, ROLES[role]) for role in roles]
    areas = Field(
        "areas", "区划代码", "lines", required=True, rows=2, hint="乡镇 9 位，县 6 位；一行一个", width=4
    )
    name = Field("name", "登录名", required=True, hint="2 至 40 个字符，短而好记", width=4)
    return (
        *((name,) if new else ()),
        Field("display_name", "姓名", required=True, width=4),
        areas,
        Field("roles", "身份", "checks", required=True, options=offered, width=8),
        *(await _of_a_town(visit) if visit.session.town else ()),
    )


async def _of_a_town(visit: Visit) -> tuple[Field, ...]:
    rows = await part(people.deputies(visit), LATE_SECONDS) or []
    meetings = (
        await part(
            visit.api.all(visit.at("ratings", "meetings"), year=visit.year, voided=False), LATE_SECONDS
        )
        or []
    )
    return (
        Field(
            "deputyship_id",
            "是哪位代表",
            "name",
            hint="代表、组长才填，写姓名",
            options=people.told_apart(rows, "deputyship_id"),
            width=4,
        ),
        Field(
            "meeting_id",
            "为哪次测评会计票",
            "select",
            hint="计票员才选；人大办的人不能计票",
            options=[
                (one["id"], f"{one['held_on']} {one.get('constituency') or '测评会'}") for one in meetings
            ],
            width=4,
        ),
    )


@page("/accounts/new", roles=MANAGERS)
async def new_account(visit: Visit) -> web.Response:
    usual = {
        "areas": [visit.session.town or visit.session.area],
        "roles": ["deputy"] if visit.asked("deputyship") else [],
        "deputyship_id": visit.asked("deputyship") or None,
    }
    return _form(visit, Form.of(await _fields(visit, new=True), usual))


@action("/accounts/new", roles=MANAGERS)
async def add_account(visit: Visit) -> web.Response:
    fields = await _fields(visit, new=True)

    async def send(form: Form) -> web.Response:
        body = form.body(visit.today, visit.year)
        given = await visit.api.post("/accounts/v1/accounts", body, key=visit.key)
        return _given(visit, given)

    return await shown_once(Form.sent(fields, visit.sent), send, lambda form, code: _form(visit, form, code))


def _form(visit: Visit, form: Form, status: int = 200) -> web.Response:
    return visit.html("account_new.html", status=status, form=form, key=visit.key)


def _given(visit: Visit, given: Mapping[str, Any]) -> web.Response:
    """The one-time link: the only page on which it stands."""
    return visit.html("account_given.html", given=given)


async def shown_once(
    form: Form,
    send: Callable[[Form], Awaitable[web.Response]],
    again: Callable[[Form, int], web.Response],
) -> web.Response:
    """Send a form whose answer is shown at once and kept nowhere, so that nobody is sent on to another page."""
    try:
        return await send(form)
    except Faulty:
        form.title = "请改正下面标出的地方"
        return again(form, 422)
    except Refused as refused:
        return again(form.refuse(refused), refused.status)
    except Away as away:
        form.title = away.of_form
        return again(form, away.status)


@page("/accounts/{id}", roles=MANAGERS | AUDITOR)
async def show_account(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", f"/accounts/v1/accounts/{visit.id()}")
    return await _page(
        visit, Form.of(await _fields(visit, new=False), answer.body), answer.body, answer.version
    )


@action("/accounts/{id}", roles=MANAGERS)
async def change_account(visit: Visit) -> web.Response:
    path = f"/accounts/v1/accounts/{visit.id()}"
    fields = await _fields(visit, new=False)

    async def send(form: Form) -> Done:
        account, _ = await visit.api.current(path)
        if patch := form.changes(account, visit.today, visit.year):
            await visit.api.patch(path, patch, version=visit.version)
        return Done("/accounts", f"已保存：{account['name']}；身份有变的，已从各处退出，须重新登录")

    async def again(form: Form, status: int) -> web.Response:
        account, _ = await visit.api.current(path)
        return await _page(visit, form, account, visit.version, status)

    return await visit.submit(fields, send, again, current=lambda: visit.api.current(path))


async def _page(
    visit: Visit, form: Form, account: Mapping[str, Any], version: str | None, status: int = 200
) -> web.Response:
    writes = visit.may("office", "county")
    return await visit.form_page(
        "account.html",
        form,
        draft=f"accounts/{account['id']}" if writes else "",
        status=status,
        account=account,
        version=version,
        writes=writes,
        names=await _names(visit),
        states=dict(options("account_state")),
    )


@action("/accounts/{id}/{verb:reset|enable}", roles=MANAGERS)
async def give_link(visit: Visit) -> web.Response:
    """A new one-time link: what was there before is void."""
    body = {"second_step": True} if "second_step" in visit.sent else {}
    path = f"/accounts/v1/accounts/{visit.id()}:{visit.id('verb')}"
    return _given(visit, await visit.api.post(path, body, version=visit.version))


@action("/accounts/{id}/letter", roles=MANAGERS)
async def give_letter(visit: Visit) -> web.Response:
    """The letter with which a deputy signs in: printed, and shown only now."""
    account = await visit.api.get(f"/accounts/v1/accounts/{visit.id()}")
    letter = await visit.api.post(f"/accounts/v1/accounts/{visit.id()}:letter", {}, version=visit.version)
    return visit.html("letter_given.html", letter=letter, account=account)


@action("/accounts/{id}/disable", roles=MANAGERS)
async def disable_account(visit: Visit) -> web.Response:
    account = await visit.api.post(f"/accounts/v1/accounts/{visit.id()}:disable", {}, version=visit.version)
    return await visit.tell(Done("/accounts", f"已停用 {account['name']}，30 秒之内各处退出"))


PAGES: Final = (
    list_accounts,
    new_account,
    add_account,
    show_account,
    change_account,
    give_link,
    give_letter,
    disable_account,
)
