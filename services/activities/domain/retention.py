"""How long what is stored about voters is kept, as dated data with its basis; a town's rule pack may set the days."""

from typing import Final

from services.activities.domain.rules import Rules
from shared.norms import SHORTEST, SINCE, Retention


class TownRetention(Retention):
    """`rule`: the entry of the rule pack that sets the days; None where no town may."""

    rule: str | None = None

    def on(self, rules: Rules) -> "TownRetention":
        """With the days that the town's rules set."""
        return self.model_copy(update={"days": getattr(rules, self.rule)}) if self.rule is not None else self


CONTACTS: Final = TownRetention(
    id="opinions.contacts",
    what="选民的姓名和电话",
    after="意见办结",
    days=Rules().contact_keep_days,
    basis=SHORTEST,
    effective_from=SINCE,
    rule="contact_keep_days",
)
TEXTS: Final = TownRetention(
    id="opinions.texts",
    what="意见的内容和答复（照旧计数）",
    after="意见办结或者作废",
    days=Rules().opinion_keep_days,
    basis="个人信息保护法第十九条；机关文件材料归档范围和文书档案保管期限规定（定期保管十年）",
    effective_from=SINCE,
    rule="opinion_keep_days",
)
EVIDENCE: Final = TownRetention(
    id="evidence.voided",
    what="作废的照片和扫描件（只留摘要和事由）",
    after="作废",
    days=0,
    basis="个人信息保护法第四十七条",
    effective_from=SINCE,
)
RULES: Final = (CONTACTS, TEXTS, EVIDENCE)
