"""The filing package (归档包) of a report: its documents, data and proof with a table of contents, for a reader who has
neither this program nor its authors."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from services.reports.domain import Report
from services.reports.notation import full_day_text

NOTE: Final = "说明.txt"
CONTENTS: Final = "目录.txt"
SUMMARY, CHECK = "总结.docx", "核对说明.docx"
MEANINGS: Final[Mapping[str, str]] = {
    SUMMARY: "总结正文和附件，Word 格式（ISO/IEC 29500）；附有编制时签名的证明",
    "总结.pdf": "同上，PDF/A-2（ISO 19005-2），长期保存用，各种阅读器显示相同",
    CHECK: "核对说明：待核事项、完整性证明、每个指标的口径和依据的记录",
    "核对说明.pdf": "同上，PDF/A-2",
    "数据.xlsx": "全部指标、表格、待核事项、完整性证明和依据的记录，工作簿格式（ISO/IEC 29500）",
    "总结.json": "以上全部内容的数据，JSON 格式（RFC 8259，UTF-8）",
    "证明/总结.jws": "总结的签名证明（格式见下）",
    "证明/核对说明.jws": "核对说明的签名证明",
    "证明/公钥.json": "验证签名用的公钥（JWK Set，RFC 7517）",
    "回执.txt": "这份总结核准、上报、接收、退回的经过",
    "回执.json": "同上，系统日志中的原始事件（CloudEvents 1.0）",
}
"""What each file of the package is, in their order."""

_NOTE = """\
{title}（第{version}版）归档包

统计期：{since}至{until}
编制单位：{signature}
区划代码：{town}

本包里的文件不依靠编制它的程序就能打开：

{files}

{lacking}核对文件有没有变动
    {contents} 每行是一个文件的 SHA-256 散列和名称。在装有 sha256sum 的计算机上，于解开的文件夹中执行
    sha256sum -c {contents}；也可以用任何能算 SHA-256 的工具逐个比较。

核对签名
    “证明”文件夹里的 .jws 是一行文字，用两个句点分成三段（紧凑 JWS，RFC 7515，算法 ES256），各段是 base64url 编码。
    第一段和第二段的原文连同中间的句点，用公钥验证第三段的签名。第二段解码后是 JSON：镇、统计期、版次，各来源封存到
    第几号、散列和记录数，每个指标的数值，以及文件中每个段落、单元格、图和照片的 SHA-256 散列（取前 96 位）。
    同一段文字也在 Word 文件内（解压后的 customXml/item1.xml）。

核对数字
    “数据.xlsx”的“依据的记录”一表逐个指标列出所依据的记录；记录本身保存在系统的日志里，不在本包内。
"""


def filing(report: Report, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Names and contents in order: the note, the files and the table of contents. `files`: by the names of MEANINGS;
    those that are lacking are named in the note."""
    held = {name: files[name] for name in MEANINGS if name in files}
    package = {NOTE: note(report, held).encode(), **held}
    yield from package.items()
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in package.items()]
    yield CONTENTS, "".join(lines).encode()


def note(report: Report, files: Mapping[str, bytes]) -> str:
    """The note, in plain text."""
    missing = [name for name in MEANINGS if name not in files]
    return _NOTE.format(
        title=report.title,
        version=report.version,
        since=full_day_text(report.from_on) if report.from_on else f"{report.year}年1月1日",
        until=full_day_text(report.as_of),
        signature=report.signature or "（未写明）",
        town=report.town,
        files="\n".join(f"    {name}\n        {MEANINGS[name]}" for name in files),
        lacking=f"本包没有：{'、'.join(missing)}\n\n" if missing else "",
        contents=CONTENTS,
    )
