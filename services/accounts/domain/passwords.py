"""What a password must be: long enough, not common, not the name."""

from itertools import pairwise
from typing import Final

from services.accounts.domain.accounts import key_of
from services.accounts.errors import PasswordWeak
from shared.errors import FieldError

SHORTEST: Final = 10
LONGEST: Final = 200
WORDS: Final = 3
COMMON: Final = (
    *(
        "password",
        "passw0rd",
        "qwertyuiop",
        "qwerty12",
        "asdfghjkl",
        "zxcvbnm",
        "1q2w3e4r",
        "1qaz2wsx",
        "admin",
    ),
    *("administrator", "iloveyou", "letmein", "welcome", "abc123", "a123456", "woaini", "5201314", "lvzhi"),
    *("renda", "rendaban", "人大", "履职"),
)
"""Common passwords, in small letters; also compared without digits."""

_ADDED: Final = "0123456789!@#.*-_"
"""What people add to a name to make it a password."""


def check(password: str, *names: str) -> None:
    """Errors: PasswordWeak, which says why. Three words apart are enough, however short."""
    reason = _weakness(password, [key_of(name) for name in names if name])
    if reason:
        raise PasswordWeak(reason, errors=[FieldError("body.password", reason)])


def _weakness(password: str, names: list[str]) -> str:
    if len(password) > LONGEST:
        return f"口令不超过 {LONGEST} 个字符"
    if len(password) < SHORTEST and len(password.split()) < WORDS:
        return f"口令至少 {SHORTEST} 个字符，或者用空格分开的 {WORDS} 个词"
    plain = key_of(password)
    bare = "".join(sign for sign in plain if not sign.isdigit() and sign.isalnum())
    if len(set(plain)) < 5 or _runs(plain):
        return "口令是重复或连续的字符，太容易猜到"
    if (
        not bare
        or bare in {"".join(c for c in word if not c.isdigit()) for word in COMMON}
        or plain in COMMON
    ):
        return "口令太常见，容易猜到"
    if any(len(name) > 1 and plain.strip(_ADDED) == name.strip(_ADDED) for name in names):
        return "口令不能是登录名或姓名"
    return ""


def _runs(plain: str) -> bool:
    """Whether the text only counts up or down, as 0123456789."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
