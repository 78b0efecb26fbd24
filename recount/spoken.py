"""Numbers in any writing: digits of every width, Chinese numerals of every form, and words that state a quantity."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_CHINESE: Final = "零〇一二三四五六七八九十百千万亿两俩仨廿卅卌半几壹贰叁肆伍陆柒捌玖拾佰仟萬億弌弍弎㇐皕"
_MEASURE: Final = (
    r"(?:余|多|来|几|又|把)?(?:人次|万元|公里|小时|分钟|百分点|[人名位次件条张票场项处期户家篇元万亿部份天所年月日届成倍番"
    r"套类轮组队村镇乡站室起笔亩周封本册席点折层岁区街门支枚片座辆台棵株遍趟回轮批場個條項張戶處])"
)
_ONE: Final = rf"(?:个|种|系列|些|批|{_MEASURE})"
_IDIOMS: Final = re.compile(
    "千方百计|万众一心|一心一意|一五一十|三三两两|千家万户|一一|万千|千万|百姓|百分|万无一失|五湖四海|四面八方"
    "|一带一路|两学一做|三农|两会|五一|十一|八一|七一|六一|三八|一体|一致|一定|统一|进一步|一律|一贯|一向|一直"
    "|一般|一起|一同|一并|一系列|一批|一些|一方面|一线|一流|十分|万一|第一时间|第一线|三令五申|四套班子|五级|百年|千秋"
    "|五位一体|四个全面|四个意识|四个自信|两个确立|两个维护|三会一课|一张蓝图|一盘棋|一老一小|一站式|一件事|一把手|半年来"
    "|零距离|零容忍|零门槛|零星|零散|零碎|零售|零件|零部件|零工|零食|零花|零钱|零基础|零跑腿|零障碍|零时差"
)
_COUNTED: Final = "(?:人次|[人名位次件条张票场项处期户家篇份个组轮批种宗起])"
"""Measures of what a report counts."""
_WORDS: Final = re.compile(
    "过半|数以[十百千万亿]计|[一两二三四五六七八九十几]打(?![击造开破算好听牢赢扫通压卡响消])|半数|大半|多半|近半|对半|一半|减半|[数几]倍|[两三四五六七八九]度|一例(?!外)|一个[亿万]"
    "|[数几成上近过超逾破达][十百千万]|[十百千万]余|若干|翻番|翻倍|成倍|加倍|倍增|双倍|俩|仨|百分之|百分百|[零〇一二三四五六七八九十百千万两]+分之[零〇一二三四五六七八九十百千万两]*"
    "|多数|少数(?!民族)|大部分|无一(?!例|不|遗漏|疏漏)|[一两]双(?!手|眼)|好些|[一两二三四五六七八九十]对(?=夫妻|夫妇)|[一两二三四五六七八九十]刻钟|∞"
    f"|(?<![0-9许好众余几十百千万更最])多(?={_COUNTED})|(?:许|好|诸|众)多(?={_COUNTED})|(?<![人票次件总指参计])数(?={_COUNTED})"
    r"|零(?!距离|容忍|门槛|星|散|碎|售|件|部件|工|食|花|钱|基础|跑腿|障碍|时差)(?=[\u4e00-\u9fff])"
)
_LETTERS: Final = re.compile(
    r"(?<![A-Za-z])(?:[^\W\dA-Za-z_\u3400-\u9fff]+|[IVXLCDM]+|[ivxlcdm]+|[OoIlSBZЗЬбОо0-9]+|(?i:one|two|three|four|five|six|seven|eight|nine|ten|dozen"
    rf"|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand))(?={_COUNTED})"
)
"""Letters that are numbers, or look like digits, before a measure."""


def spoken(text: str, *, strict: bool = False) -> Iterator[tuple[int, int]]:
    """Places of numbers. `strict`: also 一个, 一批 and the like, which are mostly no numbers. A blank within
    a Chinese numeral separates nothing."""
    kept = [at for at, last in _beside(text) if not (last in _CHINESE and _separates(text[at]))]
    for start, end in _closed_up("".join(text[at] for at in kept), strict=strict):
        yield kept[start], kept[end - 1] + 1


def _beside(text: str) -> Iterator[tuple[int, str]]:
    """Each place with the last character before it that separates nothing; a blank at the beginning."""
    last = " "
    for at, character in enumerate(text):
        yield at, last
        last = last if _separates(character) else character


def _separates(character: str) -> bool:
    """Blanks, and signs that change no more than the look of what stands before them."""
    return character.isspace() or unicodedata.category(character) == "Mn"


def _closed_up(text: str, *, strict: bool) -> Iterator[tuple[int, int]]:
    idioms = {at for match in _IDIOMS.finditer(text) for at in range(*match.span())} if not strict else set()
    for pattern in (_WORDS, _LETTERS):
        yield from (match.span() for match in pattern.finditer(text))
    for match in re.finditer(r"(?:[^\W_]|[\u2f00-\u2fdf\u31c0-\u31ef])+|[\ue000-\uf8ff]+", text):
        yield from _runs(text, match.start(), match.end(), idioms, strict=strict)


def _runs(text: str, begin: int, end: int, idioms: set[int], *, strict: bool) -> Iterator[tuple[int, int]]:
    at = begin
    while at < end:
        last = at
        while last < end and _is_numeric(text[last]):
            last += 1
        if last > at:
            if _states(text, at, last, idioms, strict=strict):
                yield at, last
            at = last
        else:
            at += 1


def _is_numeric(character: str) -> bool:
    """A character for private use is one of a symbol font, which may draw any digit; a radical looks like a numeral."""
    alike = unicodedata.normalize("NFKC", character)
    return character.isnumeric() or alike in _CHINESE or unicodedata.category(character) == "Co"


def _is_ideograph(character: str) -> bool:
    """参 and 伍 are numerals in some places and words in others; ② and Ⅻ are always numerals."""
    return character in _CHINESE or unicodedata.name(character, "").startswith("CJK")


def _states(text: str, start: int, end: int, idioms: set[int], *, strict: bool) -> bool:
    """Whether a run of numeric characters states a number."""
    run = text[start:end]
    if not all(map(_is_ideograph, run)):
        return True
    if idioms.issuperset(range(start, end)) and not (
        len(run) > 1 and re.match(f"{_MEASURE}(?!间)", text[end:])
    ):
        return False
    if len(run) > 1:
        return True
    measure = _ONE if strict else _MEASURE if run == "一" else rf"(?:个|种|批|大|级|{_MEASURE})"
    return bool(re.match(measure, text[end:])) or text[:start].endswith(
        ("第", "近", "过", "超", "约", "逾", "整", "满", "不下", "将")
    )
