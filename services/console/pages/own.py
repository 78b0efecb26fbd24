"""One's own settings: large type, keys, password, second step, where one is signed in."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.api import part
from services.console.errors import Refused
from services.console.forms import Faulty, Field, Form
from services.console.menu import EVERYBODY
from services.console.visit import Done, Visit, action, page

PASSWORD: Final = (
    Field("password", "现在的口令", "password", required=True),
    Field("new_password", "新口令", "password", required=True, hint="至少 10 个字符，或者用空格分开的三个词"),
)
DIGITS: Final = (Field("digits", "验证器上现在的六位数字", required=True, width=12),)


@page("/settings", roles=EVERYBODY)
async def show_settings(visit: Visit) -> web.Response:
    return await _page(visit, Form(PASSWORD))


async def _page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    sessions = await part(visit.api.get("/accounts/v1/me/sessions"))
    drafts = await visit.console.repository.drafts(visit.session.user)
    return await visit.form_page(
        "settings.html",
        form,
        draft="",
        status=status,
        sessions=sessions,
        drafts=drafts,
        backups_seen=visit.console.settings.backup_dir is not None,
    )


@action("/settings/password", roles=EVERYBODY)
async def change_password(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        await visit.api.post("/accounts/v1/me:password", form.body(visit.today, visit.year))
        return Done("/sign-in", "口令已改，请重新登录")

    return await visit.submit(PASSWORD, send, lambda form, status: _page(visit, form, status))


@action("/settings/sessions/{id}", roles=EVERYBODY)
async def end_session(visit: Visit) -> web.Response:
    await visit.api.post(f"/accounts/v1/me/sessions/{visit.id()}:end")
    return await visit.tell(Done("/settings", "已退出那一处登录"))


@page("/settings/second-step", roles=EVERYBODY)
async def show_second_step(visit: Visit) -> web.Response:
    account = await visit.api.get("/accounts/v1/me")
    return await _second_step(visit, Form(_proof(account)))


def _proof(account: Mapping[str, Any]) -> tuple[Field, ...]:
    """That it is the holder who changes the second step."""
    password = Field("password", "口令", "password", required=True, width=12)
    digits = Field("digits", "验证器上现在的六位数字", required=True, width=12)
    return (password, digits) if account["second_step"] else (password,)


async def _second_step(visit: Visit, form: Form, status: int = 200, *, offer: Any = None) -> web.Response:
    account = await visit.api.get("/accounts/v1/me")
    return visit.html("second_step.html", status=status, form=form, account=account, offer=offer)


@action("/settings/second-step", roles=EVERYBODY)
async def change_second_step(visit: Visit) -> web.Response:
    """The secret for an authenticator, shown on this page alone; or the second step is dropped."""
    account = await visit.api.get("/accounts/v1/me")
    form = Form.sent(_proof(account), visit.sent)
    try:
        proof = form.body(visit.today, visit.year)
        if "drop" in visit.sent:
            await visit.api.post("/accounts/v1/me/second_step:drop", proof)
            return await visit.tell(Done("/settings", "动态口令已停用"))
        offer = await visit.api.post("/accounts/v1/me/second_step", proof)
    except Faulty:
        form.title = "请改正下面标出的地方"
        return await _second_step(visit, form, 422)
    except Refused as refused:
        return await _second_step(visit, form.refuse(refused), refused.status)
    return await _second_step(visit, Form(DIGITS), offer=offer)


@action("/settings/second-step/confirm", roles=EVERYBODY)
async def confirm_second_step(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        await visit.api.post("/accounts/v1/me/second_step:confirm", form.body(visit.today, visit.year))
        return Done("/settings", "动态口令已启用，下次登录要填手机上的六位数字")

    async def again(form: Form, status: int) -> web.Response:
        offer = {"qr": "", "secret": str(visit.sent.get("secret", ""))}
        return await _second_step(visit, form, status, offer=offer)

    return await visit.submit(DIGITS, send, again)


PAGES: Final = (
    show_settings,
    change_password,
    end_session,
    show_second_step,
    change_second_step,
    confirm_second_step,
)
