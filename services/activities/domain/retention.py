"""How long what is stored about voters is kept, as dated data with its basis; a town's rule pack may set the days."""

from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

from services.activities.domain.rules import Rules


class Retention(BaseModel):
    """A rule: what is erased, so many days after what; `rule`: the entry of the rule pack that sets the days."""

    model_config = ConfigDict(frozen=True)

    id: str
    what: str
    after: str
    days: int
    basis: str
    effective_from: date
    rule: str | None = None

    def on(self, rules: Rules) -> "Retention":
        """With the days that the town's rules set."""
        return self.model_copy(update={"days": getattr(rules, self.rule)}) if self.rule is not None else self


_SINCE: Final = date(2021, 11, 1)
"""Day on which the law on the protection of personal information came into force."""
_SHORTEST: Final = (
    "个人信息保护法第十九条（保存期限应当为实现处理目的所必要的最短时间）"
    "、第四十七条（目的已实现的应当主动删除）"
)

CONTACTS: Final = Retention(
    id="opinions.contacts",
    what="选民的姓名和电话",
    after="意见办结",
    days=Rules().contact_keep_days,
    basis=_SHORTEST,
    effective_from=_SINCE,
    rule="contact_keep_days",
)
TEXTS: Final = Retention(
    id="opinions.texts",
    what="意见的内容和答复（照旧计数）",
    after="意见办结",
    days=Rules().opinion_keep_days,
    basis="个人信息保护法第十九条；机关文件材料归档范围和文书档案保管期限规定（定期保管十年）",
    effective_from=_SINCE,
    rule="opinion_keep_days",
)
EVIDENCE: Final = Retention(
    id="evidence.voided",
    what="作废的照片和扫描件（只留摘要和事由）",
    after="作废",
    days=0,
    basis="个人信息保护法第四十七条",
    effective_from=_SINCE,
)
RULES: Final = (CONTACTS, TEXTS, EVIDENCE)
