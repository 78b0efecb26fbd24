"""Tags of an activity are two things: themes of the year (中心工作), and forms it took beside its kind (形式).

Forms named like a kind have that kind's word, whatever the writing; any other tag without a place is a theme.
"""

from collections.abc import Collection, Iterable
from typing import Final

_FORMS: Final = {
    "视察": "视察 集中视察 视察活动 代表视察 inspection",
    "专题调研": "专题调研 调研 调研活动 调查研究 research",
    "执法检查": "执法检查 law_check",
    "工作评议": "工作评议 评议 专项评议 review",
    "专题询问": "专题询问 询问 问政 inquiry",
    "学习培训": "学习培训 学习 培训 集中学习 专题学习 专题培训 training",
    "接待选民": "接待选民 接待 接待日 reception",
    "走访": "走访 走访选民 入户走访 慰问 走访慰问 visit",
    "联系群众": "联系群众 联系选民 contact",
    "办实事": "办实事 为民办实事 good_deed",
    "小组活动": "小组活动 group_activity",
    "座谈": "座谈 座谈会",
    "联组活动": "联组 联组活动 联合活动",
    "现场会": "现场会 观摩 现场观摩",
    "线上活动": "线上 线上活动 视频会议 网络学习",
}
FORMS: Final = {writing: form for form, writings in _FORMS.items() for writing in writings.split()}


def canonical(forms: Iterable[str]) -> tuple[str, ...]:
    """Forms in the words of the kinds, each once."""
    return tuple(dict.fromkeys(FORMS.get(form, form) for form in forms))


def themes_of(tags: Iterable[str], known: Collection[str] = ()) -> tuple[str, ...]:
    """`known`: words of the office that it has used as forms."""
    return tuple(dict.fromkeys(tag for tag in tags if tag not in FORMS and tag not in known))


def forms_of(tags: Iterable[str], known: Collection[str] = ()) -> tuple[str, ...]:
    return canonical(tag for tag in tags if tag in FORMS or tag in known)


def tags_of(themes: Iterable[str], forms: Iterable[str], written: Iterable[str] = ()) -> tuple[str, ...]:
    """Themes and forms together, those that were `written` as tags as they were."""
    every = dict.fromkeys((*themes, *forms))
    kept = [tag for tag in written if FORMS.get(tag, tag) in every]
    meant = {FORMS.get(tag, tag) for tag in kept}
    return (*dict.fromkeys(kept), *(tag for tag in every if tag not in meant))
