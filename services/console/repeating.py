"""Which POSTs may be sent again, for the programs that send them."""

import re
from typing import Final

_UNKEPT: Final = re.compile(
    r"/accounts/|/[or]/|.*(/dead/|/webhooks|/rule_packs/|/calendar_links$|/codes$|/imports:convert$"
    r"|:(rebuild|restored|resolve|propose|read|check)$)"
)
_READS: Final = re.compile(r".*(/imports:convert|:(resolve|propose|read|check))$")


def keeps_answer(path: str) -> bool:
    """Whether a POST to a path keeps its answer under its key, and may be sent again when the answer is lost. Those
    that show a secret once do not: a second time they would make another account, or drop a secret in use. Source:
    where OpenAPI has the header."""
    return _UNKEPT.match(path) is None


def reads_alone(path: str) -> bool:
    """Whether a POST to a path writes nothing: it only has more to say than fits into a query."""
    return _READS.match(path) is not None
