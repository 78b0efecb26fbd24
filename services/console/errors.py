"""What can go wrong between the console and the services, and what a reader is told."""

from collections.abc import Mapping
from typing import Any

from shared.errors import Forbidden, NotFound, Problem, Unauthenticated


class Refused(Exception):
    """A service answered with a problem (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status, self.problem = status, problem
        super().__init__(self.title)

    @property
    def code(self) -> str:
        return str(self.problem.get("code", ""))

    @property
    def title(self) -> str:
        return str(self.problem.get("title") or "请求没有办成")

    @property
    def detail(self) -> str:
        detail = str(self.problem.get("detail") or "")
        return "" if detail == self.title else detail

    @property
    def errors(self) -> list[Mapping[str, Any]]:
        return list(self.problem.get("errors") or ())


class Away(Exception):
    """A service did not answer, or answered that it cannot now. Whether it acted is unknown. `twice`: sent again it may
    act a second time; else the same key or version may be sent again."""

    def __init__(self, path: str, *, twice: bool = False) -> None:
        super().__init__(path)
        self.twice = twice

    @property
    def status(self) -> int:
        """503, at which the page saves again by itself, but where that may act a second time."""
        return 502 if self.twice else 503

    @property
    def of_form(self) -> str:
        """What a form says whose request it was."""
        if self.twice:
            return "没有收到答复，可能已经保存；内容还在这张表里。请先看是否已经保存，没有的再按保存。"
        return "没有连上服务，内容还在这张表里，请稍后再按保存；不会重复登记。"

    @property
    def advice(self) -> str:
        if self.twice:
            return "没有收到答复，可能已经办成。请先看是否已经办成，没有办成再办一次。"
        return "请过一会儿再试；登记过的都在。"


class SignedOut(Unauthenticated):
    """No session, or one that is over."""

    slug, title = "signed-out", "登录已到期"


class NotFromHere(Forbidden):
    """A form that was not sent by a page of the console."""

    slug, title = "not-from-here", "这次提交不是从本系统的页面发出的"


class NoPage(NotFound):
    """No such page, or not for this role."""

    slug, title = "no-page", "没有这个页面，或者您没有权限"


__all__ = ["Away", "NoPage", "NotFromHere", "Problem", "Refused", "SignedOut"]
