"""What `lvzhi demo` prints can be read on a narrow terminal, in Chinese."""

import io

from rich.console import Console

from services.cli.demo import print_report

MESSAGE = (
    "视察“防汛备汛和灾后恢复视察”提出意见11条，应于2020年11月6日前反馈处理情况，没有登记反馈，请补登记。"
)
LABEL = "以其他活动结合开展的学习培训参加人次"
REPORT = {
    "title": "示例镇2020年人大工作总结",
    "figures": [
        {
            "id": "training.beside",
            "label": LABEL,
            "status": "known",
            "value": 12,
            "unit": "人次",
            "denominator": None,
            "records": [1, 2],
        }
    ],
    "findings": [{"severity": "warn", "rule": "activities.feedback", "message": MESSAGE}],
    "sources": [
        {
            "source": "roster",
            "head": 9,
            "hash": "a" * 64,
            "counts": {"person": 3, "deputyship": 4},
            "counted": 5,
            "excluded": [{}, {}],
        }
    ],
}


def test_nothing_is_cut_off_at_eighty_columns() -> None:
    out = io.StringIO()
    print_report(Console(file=out, width=80), REPORT)
    said = out.getvalue()
    lines = [line.strip("│ ").removeprefix("提醒").strip("│ ") for line in said.splitlines()]
    assert LABEL in said
    assert MESSAGE in "".join(lines)
    assert [cell.strip() for cell in said.splitlines()[-2].strip("│").split("│")] == [
        *("代表名册", "9", "a" * 16 + "…", "7", "5", "2")
    ]
