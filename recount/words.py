"""Which writings of party, ethnicity and education a count knows, by GB/T 4762, GB/T 3304 and GB/T 4658."""

import re
import unicodedata
from typing import Final

_MARKS: Final = re.compile(r"[\s()\[\]〔〕【】·・.、,]+")
_MEMBER: Final = re.compile(
    r"(中国共产党|共产党|中共)?(正式|预备)?党员(预备)?|共产党员|中共(预备)?|中国共产党"
)
_OTHERS: Final = re.compile(
    r"(普通|一般)?群众|普通公民|无党派(民主人士|代表人士|人士)?"
    r"|(中国共产主义青年团|中国共青团|共青团)?团员|共青团员?"
    r"|(民革|中国国民党革命委员会)([党会]员)?|(民盟|中国民主同盟)([盟会]员)?"
    r"|(民建|中国民主建国会|民进|中国民主促进会)(会员)?"
    r"|(中国农工民主党|农工民主党|农工党|中国致公党|致公党)(党员)?|(农工|致公)党员"
    r"|九三(学社)?(社员)?|(台盟|台湾民主自治同盟)(盟员)?"
)
_MINORITY: Final = re.compile(
    r"蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳"
    r"|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南"
    r"|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔"
    r"|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|蒙|维|哈|鲜|其他|外国血统|外国血统中国籍人士"
)
_AROUND: Final = re.compile(
    r"(?:在职|全日制|统招|函授|自考|成人|电大|夜大|业余|党校|省委党校|市委党校|中央党校)?"
    r"(?P<level>.+?)(?:毕业|学历|教育|文化程度|文化|程度)*"
)
_COLLEGE: Final = re.compile(
    r"((博士|硕士)研究生|博士|硕士|研究生班|大学本科|大学专科|本科|大学|大专|专科)(结业|肄业)?"
    r"|研究生|大本|学士|大学学士|本科学士|大学普通班|大普|高职|高职高专|高等职业"
)
_BELOW: Final = re.compile(
    r"(中等专科|中专|职业高中|职高|技工学校|技校|普通高中|高中)(结业|肄业)?|(初中|小学)(肄业)?|初级中学|普通初中"
    r"|中职|中等职业|中等专业学校|中师|中技|职中|普高|高小|初小|其他"
)


def outside_the_party(text: str) -> bool | None:
    """None where the writing is on no list."""
    folded = _folded(text)
    if _MEMBER.fullmatch(folded):
        return False
    return True if _OTHERS.fullmatch(folded) else None


def of_a_minority(text: str) -> bool | None:
    folded = _folded(text)
    name = folded.removesuffix("族") if len(folded) > 1 else folded
    if name == "汉":
        return False
    return True if _MINORITY.fullmatch(name) else None


def went_to_college(text: str) -> bool | None:
    around = _AROUND.fullmatch(_folded(text))
    level = around["level"] if around else ""
    if _COLLEGE.fullmatch(level):
        return True
    return False if _BELOW.fullmatch(level) else None


def _folded(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text))
