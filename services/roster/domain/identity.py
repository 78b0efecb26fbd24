"""Citizens' identification numbers by GB 11643: check digit, day of birth and sex.

Messages never repeat the number.
"""

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Final

from services.roster.domain.people import Person

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_SEXES: Final = {"m": "男", "f": "女"}


def checked(number: str) -> str:
    """The number with half-width digits, without blanks and with X as a capital. Errors: ValueError."""
    written = "".join(unicodedata.normalize("NFKC", number).split()).upper()
    if (
        not written.isascii()
        or not written[:-1].isdigit()
        or not (written[-1:].isdigit() or written[-1:] == "X")
    ):
        raise ValueError("身份证号应为 17 位数字加 1 位数字或者 X")
    if len(written) == 15:
        raise ValueError("这是 15 位的旧号码，2013 年起已停用，请按现在的身份证填写 18 位号码")
    if len(written) != 18:
        raise ValueError(f"身份证号应为 18 位，读到的是 {len(written)} 位")
    try:
        born = _born(written)
    except ValueError:
        raise ValueError("身份证号第 7 至 14 位不是日期，请核对") from None
    if born.year < 1900:
        raise ValueError("身份证号中的出生年份早于 1900 年，请核对")
    total = sum(int(digit) * weight for digit, weight in zip(written, _WEIGHTS, strict=False))
    if _CHECK[total % 11] != written[-1]:
        raise ValueError("身份证号的校验码（最后一位）与前 17 位不符，有一位写错了，请核对")
    return written


def contradictions(person: Person) -> Iterator[str]:
    """What the number says against the record; nothing of numbers that earlier releases stored unchecked."""
    try:
        number = checked(person.id_number or "")
    except ValueError:
        return
    year, sex = _born(number).year, "m" if int(number[16]) % 2 else "f"
    if person.born_year is not None and person.born_year != year:
        yield f"身份证号中的出生年份是 {year} 年，登记的出生年份是 {person.born_year} 年，请核对"
    if person.gender is not None and person.gender != sex:
        yield f"身份证号表明性别为{_SEXES[sex]}，登记的性别是{_SEXES[person.gender]}，请核对"


def _born(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
