"""Templates of the set-up page. Plain HTML without scripts or external resources."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.accounts.schemas.set_ups import SetUpOut
from shared.http.html import environment

_HERE: Final = Path(__file__).parent
_TEMPLATES: Final = environment(_HERE)
_STYLE: Final = (_HERE / "style.css").read_text("utf-8")
_TEMPLATES.globals["style"] = _STYLE

_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KEPT: Final = ("name", "display_name", "area")
"""Fields that are filled in again after a fault; passwords never are."""


def set_up(offer: SetUpOut, values: Mapping[str, str], fault: str) -> str:
    """`values`: values entered before; `fault`: what was wrong with them."""
    shown = {name: values.get(name, "") for name in KEPT}
    return _TEMPLATES.get_template("set_up.html").render(
        first=offer.first,
        name=offer.name,
        display_name=offer.display_name,
        second_step=offer.second_step,
        values=shown,
        fault=fault,
    )


def message(title: str, *lines: str, done: bool = False) -> str:
    """`done`: the password is set, so that signing in is the next step."""
    return _TEMPLATES.get_template("message.html").render(title=title, lines=lines, done=done)
