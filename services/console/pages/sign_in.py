"""Sign-in by password, or by a letter; sign-out."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.errors import Refused
from services.console.forms import Field, Form
from services.console.menu import EVERYBODY
from services.console.sessions import LETTER_DAYS, Session
from services.console.visit import Visit, action, local, page

FIELDS: Final = (
    Field("name", "登录名", required=True, width=12),
    Field("password", "口令", "password", required=True, width=12),
    Field("digits", "动态口令", hint="没有启用的不用填", width=12),
)
SECOND_STEP: Final = "second-step-required"


@page("/sign-in", roles=None)
async def show_sign_in(visit: Visit) -> web.Response:
    if visit.signed_in and not visit.asked("window"):
        return visit.go("/")
    return _page(visit, Form(FIELDS), 200)


@action("/sign-in", roles=None)
async def sign_in(visit: Visit) -> web.Response:
    form = Form.sent(FIELDS, visit.sent)
    body = {
        name: str(form.value(name)).strip() for name in ("name", "password", "digits") if form.value(name)
    }
    if not body.get("name") or not body.get("password"):
        form.title = "请填写登录名和口令"
        return _page(visit, form, 422)
    try:
        return await _begin(visit, body, local(str(visit.sent.get("next", "")), "/"))
    except Refused as refused:
        form.refuse(refused)
        if refused.code == SECOND_STEP:
            form.title, form.others = "请再填写手机验证器上的六位数字", []
        form.values["password"] = "" if refused.code != SECOND_STEP else body["password"]
        return _page(visit, form, refused.status)


@page("/l/{code}", roles=None)
async def show_letter(visit: Visit) -> web.Response:
    """The page of a letter asks before it signs in: opening an address must not use the code up."""
    return visit.html("letter.html", code=visit.id("code"), fault="")


@action("/l/{code}", roles=None)
async def use_letter(visit: Visit) -> web.Response:
    try:
        return await _begin(visit, {"letter": visit.id("code")}, "/")
    except Refused as refused:
        fault = refused.detail or refused.title
        return visit.html("letter.html", status=refused.status, code=visit.id("code"), fault=fault)


@page("/enter/{code}", roles=None)
async def enter(visit: Visit) -> web.Response:
    """An address that whoever started the system was shown; it is good for one browser."""
    secret = visit.console.tickets.pop(visit.id("code"), None)
    session = await visit.console.sessions.find(secret) if secret else None
    if secret is None or session is None:
        return visit.go("/sign-in")
    return _with_cookie(visit, visit.go("/"), secret, session)


@page("/signed-in", roles=EVERYBODY)
async def show_signed_in(visit: Visit) -> web.Response:
    """Where a sign-in in a second window ends: the first one still has the form."""
    return visit.html("signed_in.html")


@action("/sign-out", roles=EVERYBODY)
async def sign_out(visit: Visit) -> web.Response:
    await visit.console.sessions.end(visit.session)
    response = visit.html("signed_out.html")
    response.del_cookie(visit.console.cookie, path="/")
    return response


async def _begin(visit: Visit, body: Mapping[str, Any], target: str) -> web.Response:
    secret, session = await visit.console.sessions.sign_in(body, visit.source)
    return _with_cookie(visit, visit.go(target), secret, session)


def _with_cookie(visit: Visit, response: web.Response, secret: str, session: Session) -> web.Response:
    response.set_cookie(
        visit.console.cookie,
        secret,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=visit.console.settings.secure,
        max_age=_age(session),
    )
    return response


def _age(session: Session) -> int | None:
    """A letter keeps a telephone signed in; an office's browser forgets with its window."""
    return int(LETTER_DAYS * 86_400) if session.days == LETTER_DAYS else None


def _page(visit: Visit, form: Form, status: int) -> web.Response:
    target = local(str(visit.sent.get("next", "")) or visit.asked("next"), "/")
    return visit.html(
        "sign_in.html", status=status, form=form, next=target, window=bool(visit.asked("window"))
    )


PAGES: Final = (show_sign_in, sign_in, show_letter, use_letter, enter, show_signed_in, sign_out)
