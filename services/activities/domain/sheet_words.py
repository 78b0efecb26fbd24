"""Words on a sign-in sheet: separators, numbers, labels, counts, reasons for leave, words for everybody and nobody."""

import re
import unicodedata
from typing import Final

from services.activities.domain.leave import LeaveReason
from shared.chinese import numerals

REASONS: Final = {
    LeaveReason.ILLNESS: "病假 因病 病 生病 患病 有病 住院 住院治疗 就医 看病 治病 病休 身体不适 身体不好 手术 体检",
    LeaveReason.OFFICIAL_DUTY: (
        "公务 公假 因公 公 公差 出差 公出 开会 会议 外出开会 学习 培训 外出学习 外出培训 工作 工作冲突 值班 因公外出"
    ),
    LeaveReason.FAMILY: "家事 事假 因事 事 有事 私事 家里有事 家中有事 婚假 丧假 探亲 陪护 照顾病人 家庭原因",
    LeaveReason.OTHER: "其他 其它 外出 外出务工 务工 在外地 外地 出国 产假 年假 休假",
}
LEAVE_WORDS: Final = {word: reason for reason, words in REASONS.items() for word in words.split()}

STATES: Final = {
    "present": "实际到会 实到 到会 出席 参加 参会 与会 签到 到场 现场 现场参加 现场出席 现场到会",
    "on_leave": "请假 已请假 告假",
    "absent": "缺席 未到会 未到 缺勤 旷会 未参加 未请假",
    "expected": "应到会 应到 应出席 应参加 应参会",
}
STATE_WORDS: Final = {word: state for state, words in STATES.items() for word in words.split()}


def _any(*words: str) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


CHINESE: Final = "一二三四五六七八九十"
ORDER: Final = {character: number for number, character in enumerate(CHINESE, 1)}
DIGIT: Final = "[0-9０-９]"
"""Those of other scripts are no numbers here."""
_NUMBER: Final = rf"(?:{DIGIT}{{1,4}}|[{CHINESE}]{{1,3}})"
_STATE: Final = _any(*STATE_WORDS)
_REASON: Final = _any(*LEAVE_WORDS)
_PEOPLE: Final = r"(?:镇|乡|本级|人大|小组|组|村|与会|参会)*(?:代表|人员|成员|组员|委员|同志)*"
_CAME: Final = r"(?:到会|到齐|出席|参加|参会|与会|到场|签到|会议|活动|到|了)*"
_EVERYBODY: Final = rf"(?:全体|全部|全员|所有|其余|其他|其它|均|都|全){_PEOPLE}(?:全部|全体|均|都|已)*{_CAME}"
_END: Final = r"(?=$|[\s、，,；;。.（(|!！])"

LINE: Final = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
BLANK: Final = re.compile(r"[^\S\t]+")
SEPARATOR: Final = re.compile(r"[、，,；;。|｜/／\t:：“”\"]+")
BRACKET: Final = re.compile(r"[（(\[【〔]([^（()）\[\]【】〔〕]*)[）)\]】〕]")
BULLET: Final = re.compile(r"(?:[-–—*•●◆■☑√✓✔>@＠]+|#)(?=\s*[^\s0-9０-９])")
HEADING: Final = re.compile(
    r"(?:#\s*接龙|序号|姓名|代表姓名|性别|年龄|民族|单位|职务|联系电话|电话|手机|签名|备注|事由|请假事由|选区|小组)(?=\s|$)"
)
ORDINAL: Final = re.compile(
    rf"(?:第?{DIGIT}{{1,4}}\s*[-—–](?=[^0-9０-９\s])|第?{DIGIT}{{1,4}}\s*[.．)）](?!{DIGIT})|[（(\[【]\s*(?:{_NUMBER})\s*[）)\]】]|[①-⑳⑴-⒛㉑-㉟㊱-㊿㈠-㈩]"
    rf"|[{CHINESE}]{{1,3}}(?=[、.．)）])[、.．)）])"
)
GLUED: Final = re.compile(
    rf"(?<=[^0-9０-９])(?={DIGIT}{{1,3}}[.．)）][^0-9０-９])|(?<=.)(?=[①-⑳⑴-⒛㉑-㉟㊱-㊿])"
)
NUMBER: Final = re.compile(
    rf"(?:第|No\.?)?({DIGIT}{{1,20}})(?:\s*[-—~～–至到]\s*({DIGIT}{{1,4}}))?号?(?=$|[\s、，,；;。.:：|（(])",
    re.IGNORECASE,
)
EXCEPT: Final = re.compile(r"除(?:了|去)?")
OUTSIDE: Final = re.compile(rf"(?:之外|以外|外)的?[\s，,、]*{_EVERYBODY}{_END}")
EVERYBODY: Final = re.compile(
    rf"(?:{_EVERYBODY}|全勤|到齐|全到|均到会|都到了?|无缺席|无人缺席|无人请假){_END}"
)
NOBODY: Final = re.compile(rf"(?:无|没有|无人|没有人|暂无|零|[-—－/／\\]+|无人?(?:{_STATE})(?:人员)?){_END}")
COUNT: Final = re.compile(
    rf"(?:(?P<word>{_STATE})?(?:人数|人员|代表|的)?(?:共计|合计|总计|小计|共有|共|计|等|有)?\s*[:：为]?\s*"
    rf"(?P<people>{_NUMBER})\s*(?:人|名|位)(?:次|代表)?|(?P<named>应到会?|实到|(?:{_STATE})人数)\s*[:：]?\s*(?P<bare>{DIGIT}{{1,4}})){_END}"
)
LABEL: Final = re.compile(
    rf"(?:(?P<state>{_STATE})|(?P<reason>{_REASON})|(?P<presence>(?:线上|网上|视频|远程)(?:参加|参会|出席|到会|学习)?)"
    rf"|第?(?P<group>{_NUMBER})(?:小|代表小|代表)?组)"
    rf"(?:人员|代表|名单|情况|成员|的|有|者)*\s*(?:[（(]?\s*(?P<count>{_NUMBER})\s*(?:人|名|位)\s*[）)]?)?\s*[:：]"
)
GROUP: Final = re.compile(rf"第?({_NUMBER})(?:小|代表小|代表)?组(?:全体(?:代表|成员|组员|人员)*)?")
GROUP_NUMBER: Final = re.compile(rf"第?({_NUMBER})(?:小|代表小|代表)?组?")
"""A group in the column of groups: 3, 第三组."""
LEVEL: Final = re.compile(r"([镇乡县区市省])(?:级|代表|级代表|人大代表)")
LEVELS: Final = {"镇": "town", "乡": "town", "县": "county", "区": "county", "市": "city", "省": "province"}
SPECIFIC: Final = re.compile(rf"编号|{GROUP.pattern}$|.级$")
NOTES: Final = re.compile(
    rf"男|女|{DIGIT}{{1,3}}(?:周?岁)|.{{1,5}}族|(?:镇|乡|县|区|市)?(?:人大)?代表|副?组长|(?:人大)?副?主席|主席团成员|列席|党员|中共党员|√|✓|✔|已到|到"
)
TITLES: Final = ("同志", "代表", "委员", "主席", "副主席", "组长", "书记")
AND: Final = re.compile(r"[和与及跟&＆]|以及")
STATED: Final = re.compile(
    rf"(?:已|也|均|都)?(?:(?:因)?(?P<reason>{_REASON})(?:{_REASON})?(?:请假|未到|未到会|缺席)?"
    rf"|请(?P<asked>{_REASON})|(?P<state>{_STATE}))"
)


def whole(written: str) -> int:
    """A number in digits or Chinese numerals up to 99."""
    if (number := numerals.whole(unicodedata.normalize("NFKC", written))) is not None:
        return number
    tens, ten, units = written.partition("十")
    if not ten:
        return ORDER[written[-1]]
    return 10 * (ORDER[tens] if tens else 1) + (ORDER[units] if units else 0)
