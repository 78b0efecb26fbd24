"""The page on which the holder of a one-time code sets a password. Not logged or traced; no script, no cookie."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web
from pydantic import ValidationError

from services.accounts.errors import TooManyAttempts
from services.accounts.handlers import set_ups
from services.accounts.pages import view
from services.accounts.pages.view import PAGES
from services.accounts.routes.set_ups import set_up_now, shown
from services.accounts.routes.sources import Sources
from services.accounts.schemas.set_ups import SetUpIn, SetUpOut
from shared.errors import FieldError, Invalid, Problem, TooLarge
from shared.http import PUBLIC, Call, read_form, route
from shared.http.html import HTML
from shared.validation import field_errors

FORM_BYTES: Final = 16 * 1024
PAGE: Final = "/accounts/set-up/{code}"
LABELS: Final = {
    "body.account.area": "区划代码",
    "body.account.name": "登录名",
    "body.account.display_name": "姓名",
    "body.password": "口令",
    "body.digits": "六位数字",
}
"""What the page calls the fields, in the order in which their faults are told: of the area depends what is asked."""


@dataclass(frozen=True)
class SetUpPage:
    sources: Sources

    @route(
        "GET",
        PAGE,
        roles=PUBLIC,
        root=True,
        quiet=True,
        commits=False,
        produces=(HTML,),
        problems=[TooManyAttempts],
    )
    async def show_set_up(self, call: Call) -> web.Response:
        """设置口令的页面，凭一次性的链接打开。"""
        try:
            return PAGES.answer(view.set_up(await self._offer(call), {}, ""))
        except Problem as problem:
            return _refusal(problem)

    @route(
        "POST",
        PAGE,
        roles=PUBLIC,
        root=True,
        quiet=True,
        commits=False,
        produces=(HTML,),
        problems=[Invalid, TooLarge, TooManyAttempts],
    )
    async def fill_in_set_up(self, call: Call) -> web.Response:
        """设置口令。"""
        try:
            offer = await self._offer(call)
            values = await read_form(call.request, limit=FORM_BYTES)
            try:
                account = await set_up_now(call, _body(call.path["code"], values, offer))
            except Invalid as problem:
                return PAGES.answer(view.set_up(offer, values, _reason(problem)), problem.kind.value)
        except Problem as problem:
            return _refusal(problem)
        return PAGES.answer(
            view.message("口令已设好", f"登录名：{account.name}", "请用登录名和口令登录。", done=True)
        )

    async def _offer(self, call: Call) -> SetUpOut:
        await self.sources.count(call, "code")
        offer = shown(*await set_ups.opened(call.work, call.path["code"]))
        await self.sources.forget(call, "code")
        return offer


def _body(code: str, values: Mapping[str, str], offer: SetUpOut) -> SetUpIn:
    """Errors: Invalid."""
    body: dict[str, Any] = {"code": code, "password": values.get("password", "")}
    if offer.second_step is not None:
        body["digits"] = values.get("digits", "") or None if offer.first else values.get("digits", "")
    if offer.first:
        area = values.get("area", "")
        own = {name: values.get(name, "") for name in ("name", "display_name")}
        body["account"] = own | {"area": area, "role": "county" if len(area) < 9 else "office"}
    try:
        read = SetUpIn.model_validate(body)
    except ValidationError as error:
        raise Invalid(errors=field_errors("body", error)) from None
    if values.get("password") != values.get("again"):
        raise Invalid("两次输入的口令不一样")
    return read


def _reason(problem: Problem) -> str:
    return problem.detail or "；".join(map(_told, sorted(problem.errors, key=_place))) or problem.title


def _place(error: FieldError) -> int:
    return list(LABELS).index(error.loc) if error.loc in LABELS else len(LABELS)


def _told(error: FieldError) -> str:
    """With the field's label, where the message does not name it."""
    label = LABELS.get(error.loc, "")
    return error.message if label in error.message else f"{label}：{error.message}"


def _refusal(problem: Problem) -> web.Response:
    return PAGES.refusal(problem, view.message(problem.title, problem.detail))
