"""Words of a document: numerals (GB/T 15835-2011), punctuation (GB/T 15834-2011), units, standard characters."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from services.reports.document.gbt9704 import prescribed
from services.reports.document.gbt9704.measures import Deviation
from services.reports.document.gbt9704.prescribed import Role
from services.reports.document.gbt9704.reading import Paragraph

_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_TEN: Final = "〇零一二三四五六七八九十"
_WIDE: Final = f"[{_HAN}，。；：？！、（）《》〈〉“”‘’【】〔〕％]"


class Rule(NamedTuple):
    clause: str
    pattern: str
    expected: str
    prose: bool = False  # in running text only, not in cells


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """At the first use: compiling all of them would be a twentieth of the start of the service."""
    return re.compile(pattern)


_KNOWN: Final = rf"{_HAN}0-9A-Za-z，。；：？！、（）《》〈〉“”‘’【】〔〕—…～·%‰℃°²³×÷±＝≤≥"
"""Characters of official documents; those that other rules are about may stand where these rules let them."""
_TOLD: Final = (
    r" \t\-,.;:?!()\[\]{}<>\"'~–*+=/&○０-９Ａ-Ｚａ-ｚ％．＋－①-⑳⑴-⒇⒈-⒛Ⅰ-ⅿ㈠-㈩㊀-㊉•・‧∙"
    r"\u3000\u00a0\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\ufeff\u00ad"
)
_RULES: Final = (
    Rule("15834", rf"[^{_KNOWN}{_TOLD}]+", "公文的文字和标点", prose=True),
    Rule("15834", r"《》|“”|‘’|（）|〔〕|〈〉|【】", "标点之间有文字"),
    Rule("15834", r"[。！？][”’][。！？]|……[。，；、]", "句末只用一个点号"),
    Rule("15834", rf"(?<=[{_HAN}])(?<![元人次件个米亩吨户里时天月年])/(?=[{_HAN}])", "汉字之间不用斜线", prose=True),
    Rule("15834", rf"(?<=[{_HAN}])[&+=%](?=[{_HAN}])", "汉字之间不用符号", prose=True),
    Rule("15834", rf"(?<={_WIDE})[,;:?!]|[,;:?!](?={_WIDE})", "全角标点"),
    Rule("15834", rf"(?<=[{_HAN}])\.(?!\d)|(?<={_WIDE})\.(?=[{_HAN}]|$)", "句号“。”"),
    Rule("15834", rf"(?<={_WIDE})\(|\((?={_WIDE})|(?<={_WIDE})\)|\)(?={_WIDE})", "全角括号"),
    Rule("15834", rf"(?<={_WIDE})[\[\]{{}}<>]|[\[\]{{}}<>](?={_WIDE})", "全角括号"),
    Rule("15834", rf"(?<={_WIDE})[\"']|[\"'](?={_WIDE})", "弯引号“”‘’"),
    Rule("15834", r"[，。；：？！、]{2,}|[（《“‘〔][，。；：？！、]|[，、；：][）》”’〕]", "标点不重叠"),
    Rule("15834", r"^[，。；：？！、）》”’〕]", "句首无点号"),
    Rule("15834", r"\.{2,}|。。+|(?<!…)…(?!…)|…{3,}", "省略号“……”"),
    Rule("15834", rf"(?<=[{_HAN}])(?:-|–|--+)(?=[{_HAN}])|(?<=[{_HAN}])~|~(?=[{_HAN}])", "破折号“——”或者“—”"),
    Rule("15834", r"》、《|”、“", "书名号、引号之间不用顿号"),
    Rule("15834", r"等{1,2}…|……等", "省略号与“等”只用一个"),
    Rule("15834", r"[•・‧∙]", "间隔号“·”"),
    Rule("15834", r"(?:^|”)[^“”]*‘", "引号先双后单"),
    Rule("15834", rf"^（[{_TEN}\d]+）[、，.．]|^\d+[、，]|（[{_TEN}\d]+）、(?!（)", "序数如“（一）”“1.”"),
    Rule("15834", rf"(?:第|其)[{_TEN}]+、(?![{_TEN}第其])|(?:首先|其次|最后)、", "“第一”后用逗号", prose=True),
    Rule("15834", r"（[^（）]*（", "括号内用另一种括号", prose=True),
    Rule("15834", rf"(?<![{_HAN}\d])·|·(?![{_HAN}\d])", "间隔号在字或者数字之间", prose=True),
    Rule("15834", r"\d[。，'’]\d|\d \d{3},", "小数点“.”，分节用半角逗号", prose=True),
    Rule("7.3.3", r"^(?:[A-Za-z][.、．)）]|[-–—●■◆])", "层次序数“一、”“（一）”“1.”“（1）”", prose=True),
    Rule("3100", r"\d *(?:K[Mmg]|k[MG]|KG|C[Mm]|MM|HA|[kcm]?m[23]|M[23])(?![A-Za-z\d])", "如km、kg、m²", prose=True),
    Rule("3100", r"(?<![\d十百千万亿])[‰℃°]", "单位前有数字", prose=True),
    Rule("15834", rf"(?<=[{_HAN}，。；：、]) +| +(?=[{_HAN}，。；：、])", "汉字旁不空格"),
    Rule("15834", r"(?<!^)(?<!^图\d)(?<!^图\d\d)\u3000", "行内不空格", prose=True),
    Rule("15834", r"[\u00a0\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\ufeff\u00ad]", "无特殊空白"),
    Rule("15835", r"[０-９Ａ-Ｚａ-ｚ％．]|[＋－](?=\d)", "半角数字、字母和正负号"),
    Rule("15835", r"○", "汉字数字“〇”"),
    Rule("15835", r"(?<![\d.〔-])0\d+(?=[个名次件项人天条位户票场])", "整数前不写0"),
    Rule("15835", r"\d[xX*]\d", "乘号“×”"),
    Rule("15835", r"[一二三四五六七八九]十年代", "如80年代"),
    Rule("15835", r"[①-⑳⑴-⒇⒈-⒛Ⅰ-ⅿ㈠-㈩㊀-㊉]", "普通数字"),
    Rule("15835", r"(?<!\d)0\d+月|月0\d+[日号]|年0\d+月|(?<!\d)0\d日", "月、日不编虚位"),
    Rule("15835", r"(?<!\d)\d{2}年(?=\d{1,2}月|度)|['’‘]\d{2}年", "四位数年份"),
    Rule("15835", r"(?<![\d.])\d{4}[./-]\d{1,2}[./-]\d{1,2}(?![\d.])", "如2020年12月7日"),
    Rule("15835", r"[〇零一二三四五六七八九]{4}年", "阿拉伯数字的年份"),
    Rule("15835", rf"\d年[{_TEN}]+月|\d月[{_TEN}]+[日号]|[{_TEN}]月\d", "日期用同一种数字"),
    Rule("15835", rf"(?<!\d)(?=\d*[{_TEN}])(?=\D*\d)[{_TEN}\d]{{4}}年", "年份用同一种数字"),
    Rule("15835", rf"(?<![{_TEN}])(?:[〇零][一二三四五六七八九]|[一二][〇零]|一九)年", "四位数年份"),
    Rule("15835", r"\d月\d+号", "如12月7日"),
    Rule("15835", r"\d点\d|\d:\d{2}[时点]", "时刻用“时”或者冒号，小数用小数点"),
    Rule("15835", r"(?:下午|傍晚|晚上)(?:1[3-9]|2[0-4])时", "24小时制不加“下午”"),
    Rule("15835", r"\d +[%‰]", "百分号前不空格"),
    Rule("15835", rf"(?<![{_TEN}\d])[{_TEN}]{{1,3}}月[{_TEN}]{{1,3}}[日号]", "阿拉伯数字的日期"),
    Rule("15835", r"第\d+届|届第?\d+次|第\d+次(?=会议|主席团|人民代表大会|人代会)", "届次用汉字，如第十七届"),
    Rule("15835", r"\d+(?:\.\d+)?[十百千](?!分)[\u4e00-\u9fff]?", "阿拉伯数字只与万、亿连用"),
    Rule("15835", r"[十百千]\d|星期\d", "一个数用同一种数字"),
    Rule("15835", r"\d+几|几\d+|\d、\d(?=[个名次件项人天年月条])", "概数用汉字"),
    Rule("15835", r"(?<![第、])[一二三四五六七八九]、[一二三四五六七八九](?=[个名件项人天条位户])", "概数不用顿号"),
    Rule("15835", r"\d[—～]\d+(?:\.\d+)?[万亿%‰]", "起止的两个数都写万、亿和百分号"),
    Rule("15835", r"(?<![\d.])\.\d", "小数点前写0"),
    Rule("15835", r"(?<![\d〕-])\d+(?:\.\d+)?%?[-~–]\d+(?:\.\d+)?(?=[个名次件项人天年月日条倍%])", "起止用“—”“～”"),
    Rule("15835", r"\d{1,3}，\d{3}(?!\d)", "数字分节不用全角逗号"),
    Rule("15835", rf"[{_TEN}百千万]点\d", "一个数用同一种数字"),
    Rule("15835", rf"第[{_TEN}]+、第\d|第\d+、第[{_TEN}]", "并列的数用同一种数字"),
    Rule("15835", r"(?<!第)[一二三四五六七八九]、\d(?=[个名次件项])", "并列的数用同一种数字"),
    Rule("15835", r"\d时\d{1,2}(?![\d分])", "时刻写到“分”"),
    Rule("15835", rf"于\d{{1,2}}[./]\d{{1,2}}(?=[{_HAN}])(?![万亿元倍])", "如12月7日", prose=True),
    Rule("15835", r"(?<![\d.])\d{1,2}/\d{1,2}(?=[举召开])", "如12月7日", prose=True),
    Rule("15835", r"(?<![\d/])\d{1,2}[/／]\d{1,2}(?=[的。，；以左])", "分数用汉字，如三分之二", prose=True),
    Rule("15835", r"[廿卅卌]", "普通数字", prose=True),
    Rule("15835", r"\d,\d{1,2}(?!\d)|\d,\d{4,}", "三位一节"),
    Rule("15835", r"\d季度|(?<!\d)\d年(?:规划|计划)", "定型的词用汉字，如第三季度", prose=True),
    Rule("15835", r"\d成(?![立员果为功效品熟绩本长交])", "如三成", prose=True),
    Rule("15835", r"[一二三四五六七八九十]分之\d|\d分之", "如三分之二"),
    Rule("15835", r"[壹贰叁肆柒捌玖](?=[百千万元件名个次条项零拾佰仟])|[伍陆](?=[拾佰仟])", "普通数字", prose=True),
    Rule("15835", r"(?<!\d)(?:2[5-9]|[3-9]\d)时|\d时[6-9]\d分", "存在的时刻", prose=True),
    Rule("15835", r"(?<![\d.])(?:19|20)\d{2}\.(?:[1-9]|1[0-2])(?![\d.%万亿元])", "如2020年9月", prose=True),
    Rule("15835", r"\d\.\d+\.\d", "小数只有一个小数点", prose=True),
    Rule("15835", r"\d{4}[/—～至-]\d{2}年", "四位数年份"),
    Rule("15835", rf"[{_TEN}]+世纪\d", "同一种数字，如20世纪80年代"),
    Rule("15835", r"(?:农历|[正冬腊]月)\d", "农历用汉字"),
    Rule("15835", r"\d来(?=[个名次件项人])|(?:^|[，。；有达近])数\d|[十百千][余多几]\d", "概数用汉字", prose=True),
    Rule("15835", r"[十百千万][余多来][个名件项人]、\d|\d[余多][个名件项人]、[一二三四五六七八九十]", "同一种数字"),
    Rule("15835", r"[百千万]分之\d|\d+(?:\.\d+)?个?百分之", "如95%"),
    Rule("7.2.5", r"[\[【（(][12]\d{3}[\]】）)]第?\d+号|〔[12]\d{3}〕(?:第\d+|0\d*)号", "六角括号，不加“第”"),
)  # fmt: skip
_DATES: Final = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
_PAIRS: Final = ("“”", "‘’", "（）", "《》", "〔〕", "【】", "〈〉")
_CLOSED: Final = tuple("。：；！？…”）—")


_PROSE: Final = {
    *(prescribed.BODY, prescribed.TITLE, prescribed.ADDRESSEE, *prescribed.HEADINGS.values()),
    *(prescribed.HEADLINE, prescribed.CAPTION, prescribed.TABLE_NOTE),
}
_STATED: Final = {prescribed.CELL, prescribed.FOOTER}
"""Roles whose words are those of records, or none."""


@cache
def _standard() -> frozenset[str]:
    """Characters of running text; 於 is there for a surname only."""
    lines = Path(__file__).with_name("characters.txt").read_text("utf-8").splitlines()
    return frozenset("".join(("〇", *(line for line in lines if not line.startswith("#"))))) - {"於"}


def language(paragraph: Paragraph, role: Role, recorded: frozenset[str]) -> Iterator[Deviation]:
    """Deviations in the words of one paragraph; in a cell with lines, of each line.

    `recorded`: characters in the words of records, names of people and places among them: a report reproduces these as
    they are, in its text as well.
    """
    prose = role in _PROSE
    text = paragraph.text.replace("\t", "")
    for line in (
        text.split("\n") if role.breaks and role is not prescribed.TITLE else [text.replace("\n", "")]
    ):
        for clause, expected, actual in (*_matches(line, prose=prose), *_days(line), *_unbalanced(line)):
            yield Deviation(clause, _around(text, actual), expected, actual, paragraph.place)
    for character in dict.fromkeys(re.findall(f"[{_HAN}]", "" if role in _STATED else text)):
        if character not in _standard() and character not in recorded:
            yield Deviation("规范汉字", _around(text, character), "规范汉字", character, paragraph.place)
    if role is prescribed.BODY and text.strip() and not text.rstrip().endswith(_CLOSED):
        yield Deviation("15834", _around(text, text[-1]), "句末有点号", text[-1], paragraph.place)


def _matches(line: str, *, prose: bool) -> Iterator[tuple[str, str, str]]:
    for rule in _RULES:
        if prose or not rule.prose:
            for match in _compiled(rule.pattern).finditer(line):
                yield rule.clause, rule.expected, match.group()


def _days(line: str) -> Iterator[tuple[str, str, str]]:
    for match in _DATES.finditer(line):
        year, month, day = match.groups()
        try:
            date(int(year or 2000), int(month), int(day))
        except ValueError:
            yield "15835", "存在的日期", match.group()


def _unbalanced(line: str) -> Iterator[tuple[str, str, str]]:
    for opening, closing in _PAIRS:
        if opening not in line and closing not in line:
            continue
        depth = 0
        for character in line:
            depth += (character == opening) - (character == closing)
            if depth not in (0, 1) and opening in "“‘《〔":
                break
            if depth < 0:
                break
        if depth:
            yield "15834", f"{opening}{closing}成对", opening if depth > 0 else closing


def _around(text: str, piece: str) -> str:
    at = max(text.find(piece), 0)
    return text[max(0, at - 6) : at + len(piece) + 6].replace("\n", "")
