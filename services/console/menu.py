"""The menu, by role: what a role may not use is absent. The services decide in the end."""

from dataclasses import dataclass
from typing import Final

from services.console.sessions import Session

OFFICE: Final = frozenset({"office"})
LEADER: Final = frozenset({"leader"})
DEPUTY: Final = frozenset({"deputy", "leader"})
TELLER: Final = frozenset({"teller"})
COUNTY: Final = frozenset({"county"})
AUDITOR: Final = frozenset({"auditor"})
READERS: Final = OFFICE | LEADER | COUNTY | AUDITOR
"""Who reads the records of a town."""
EVERYBODY: Final = READERS | DEPUTY | TELLER


@dataclass(frozen=True)
class Item:
    path: str
    title: str
    roles: frozenset[str]
    in_town: bool = True
    """Of one town: absent for a county that has opened none."""


ALL: Final = (
    ("", (Item("/", "首页", EVERYBODY, in_town=False),)),
    (
        "登记",
        (
            Item("/activities", "活动", READERS | DEPUTY),
            Item("/sessions", "代表大会", READERS),
            Item("/presidium", "主席团会议", READERS),
            Item("/receptions", "接待和意见", READERS),
            Item("/suggestions", "代表建议", READERS | DEPUTY),
        ),
    ),
    (
        "安排",
        (
            Item("/plans", "年度计划", READERS | DEPUTY),
            Item("/ratings", "述职测评", READERS | DEPUTY),
            Item("/counting", "计票", TELLER),
        ),
    ),
    (
        "总结",
        (
            Item("/report", "年度总结", READERS),
            Item("/files", "履职档案", OFFICE | LEADER | COUNTY | AUDITOR),
            Item("/me/file", "我的档案", DEPUTY),
        ),
    ),
    (
        "名册",
        (
            Item("/deputies", "代表", READERS | DEPUTY),
            Item("/groups", "小组和阵地", READERS),
            Item("/constituencies", "选区", READERS),
            Item("/changes", "变动和待办", READERS),
        ),
    ),
    (
        "全县",
        (
            Item("/county", "一览", COUNTY | AUDITOR, in_town=False),
            Item("/county/totals", "汇总", COUNTY | AUDITOR, in_town=False),
            Item("/county/rules", "规则包", COUNTY, in_town=False),
            Item("/county/events", "事件核验", COUNTY | AUDITOR, in_town=False),
        ),
    ),
    (
        "其他",
        (
            Item("/excel", "Excel 导入导出", OFFICE),
            Item("/accounts", "账号", OFFICE | COUNTY, in_town=False),
            Item("/webhooks", "推送", OFFICE | COUNTY | AUDITOR, in_town=False),
            Item("/audit", "审计", OFFICE | COUNTY | AUDITOR, in_town=False),
            Item("/settings", "设置", EVERYBODY, in_town=False),
        ),
    ),
)
_TABS: Final = ("/", "/activities", "/suggestions", "/me/file", "/counting", "/county", "/report")
TAB_COUNT: Final = 4


def of(session: Session) -> list[tuple[str, list[Item]]]:
    """Headings with the items that the session's roles may use."""
    shown = [(title, [item for item in items if _may(session, item)]) for title, items in ALL]
    return [(title, items) for title, items in shown if items]


def tabs(session: Session) -> list[Item]:
    """The few of a telephone's bar; the rest is behind 菜单."""
    items = {item.path: item for _, group in of(session) for item in group}
    return [items[path] for path in _TABS if path in items][:TAB_COUNT]


def current(session: Session, path: str) -> str:
    """The path of the item that a page belongs to: the longest that it begins with."""
    paths = [item.path for _, items in of(session) for item in items]
    inside = [item for item in paths if path == item or (item != "/" and path.startswith(f"{item}/"))]
    return max(inside, key=len, default="")


def _may(session: Session, item: Item) -> bool:
    return bool(session.roles & item.roles) and (bool(session.town) or not item.in_town)
