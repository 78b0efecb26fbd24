"""Rules of law for the roster's records: those that void an election refuse the entry, the rest give `findings`.

The articles by which a mandate begins, is suspended and ends are in `basis`.
"""

from datetime import timedelta
from typing import Final

from services.roster.domain.quota import RAISED_ON
from shared.norms import Norm, Norms

_ORGANIC_LAW: Final = "地方组织法（2022）"
_LOCAL: Final = "省级乡镇人大工作条例（各地有别，由规则包规定）"

RULES: Final = Norms(
    Norm("election.votes", "选举法（2020）第四十四条", "block"),
    Norm("election.turnout", "选举法（2020）第四十五条", "block"),
    Norm("election.majority", "选举法（2020）第四十五条", "block"),
    Norm("terms.none", f"{_ORGANIC_LAW}第九条", "warn"),
    Norm("deputies.quota_unknown", "选举法（2020）第十二条至第十四条", "info"),
    Norm("deputies.over_quota", "选举法（2020）第十二条至第十四条", "warn"),
    Norm(
        "deputies.quota_population",
        "选举法（2020年修正前，基数四十名）",
        "warn",
        effective_to=RAISED_ON - timedelta(days=1),
    ),
    Norm("deputies.quota_population", "选举法（2020）第十二条", "warn", effective_from=RAISED_ON),
    Norm("constituency.seats", "选举法（2020）第二十五条", "warn"),
    Norm("constituency.over", "选举法（2020）第二十五条", "warn"),
    Norm("constituency.unknown", "选举法（2020）第二十五条", "info"),
    Norm("constituency.sum", "选举法（2020）第十五条", "warn"),
    Norm("presidium.chair", f"{_ORGANIC_LAW}第十八条", "warn"),
    Norm("presidium.vice_chairs", f"{_ORGANIC_LAW}第十八条", "warn"),
    Norm("presidium.size", _LOCAL, "warn", "province"),
    Norm("group.small", f"{_ORGANIC_LAW}第四十三条", "warn"),
    Norm("group.leader", "每个代表小组有组长", "warn", "practice"),
)
