"""Text of the check document (核对说明) of a report: what it is, what is to be looked at, how to read it."""

from collections import Counter
from collections.abc import Iterator

from services.reports.document.cells import tabular
from services.reports.document.content import SEVERITIES
from services.reports.domain import Paragraph, Report, Section, Severity

TITLE = "核对说明"


def check_report(report: Report) -> Report:
    """The report whose text is that of its check document."""
    opening = Section(id="opening", heading="", level=0, paragraphs=tuple(_paragraphs(report)))
    return report.model_copy(
        update={
            "title": f"{report.title}{TITLE}",
            "subtitle": (),
            "addressee": None,
            "document_number": "",
            "signer": "",
            "sections": (opening,),
        }
    )


def _paragraphs(report: Report) -> Iterator[Paragraph]:
    for number, text in enumerate(_texts(report), 1):
        yield Paragraph(id=f"p_check_{number}", text=text)


def _texts(report: Report) -> Iterator[str]:
    edition = f"第{report.version}版" + (f"，更正第{report.corrects}版" if report.corrects else "")
    yield f"本说明随《{report.title}》（{edition}）存档，供核准前核对和日后查考，不随文报送。"
    yield _findings(report)
    yield from _own_tables(report)
    yield (
        "“完整性证明”列明各来源封存到第几号、收到哪些记录、哪些没有计入以及理由；"
        "“指标口径和依据”逐个指标写明数值、怎样计算、依据哪几条记录；“依据的记录”逐条写明名称和日期。"
    )
    yield (
        "本说明和总结各附有编制时签名的证明，可以用 lvzhi verify 连同各来源的日志独立重算。"
        "总结在 Word 或 WPS 中改过的，以总结为准，本说明仍是编制时的数字。"
    )


def _own_tables(report: Report) -> Iterator[str]:
    for section in report.sections:
        for paragraph in section.paragraphs:
            if paragraph.edited and (rows := tabular(paragraph.text)):
                where = f"“{section.heading}”" if section.heading else "开头"
                size = f"{len(rows)}行{len(rows[0])}列，首格“{rows[0][0]}”"
                yield f"总结{where}部分的表格（{size}）是办公室自己的，其中的数字不是系统统计的，请自行核对。"


def _findings(report: Report) -> str:
    if not report.findings:
        return "没有待核事项。"
    counts = Counter(finding.severity for finding in report.findings)
    parts = "，".join(f"{label}{counts[grade]}项" for grade, label in SEVERITIES.items() if counts[grade])
    return f"待核事项共{len(report.findings)}项：{parts}。" + (
        "必须处理的没有处理，总结不能核准。"
        if counts[Severity.BLOCK]
        else "请逐项核对，记录有误的改正以后重新封账。"
    )
