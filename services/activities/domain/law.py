"""Rules of law whose breach is refused by this service, with their dates; others become findings of the report."""

from typing import Final

from shared.norms import Norm, Norms

RULES: Final = Norms(
    Norm("congress.quorum", "地方组织法（2022）第十四条", "block"),
    Norm("congress.majority", "地方组织法（2022）第二十五条", "block"),
    Norm("congress.votes", "地方组织法（2022）第二十八条，选举法（2020）第四十四条", "block"),
    Norm("presidium.quorum", "省级乡镇人大工作条例（各地有别，由规则包规定）", "block", "province"),
)
