"""Errors of the reports service.

Problem
├── NotFound
│   ├── NoReport          no-report          no closing was asked for in that year, or no such version
│   ├── NoPeriod          no-period          no such period, or the roster does not know the term it names
│   ├── NoFigure          no-figure          the contract defines no such figure
│   ├── NoParagraph       no-paragraph       the latest report has no such paragraph
│   ├── NoPhotograph      no-photograph      no activity cites it, it was not uploaded, or its file is lost
│   ├── NoCard            no-card            the town shows no such card: switched off, unknown, or no more
│   ├── NoDeputy          no-deputy          no such deputyship in this town, or none the caller may read
│   ├── NoGroup           no-group           no such group in this town, or none the caller leads
│   ├── NoEvent           no-event           the log has no such event of the area, or it was never sent there
│   └── NoReceipt         no-receipt         the report has never been handed in
├── Conflict
│   ├── HandInClosed      hand-in-closed     the county's window is over and locked, without an extension
│   ├── NotComplete       not-complete       a source has not sealed the year; there is no document yet
│   ├── WrongStatus       wrong-status       the status of the record does not allow this step
│   ├── Blocked           blocked            findings that block approval are open
│   ├── RemovalsUnconfirmed removals-unconfirmed an uploaded text lacks more than a fifth of the paragraphs
│   ├── FileChanged       file-changed       the file changed since it was read
│   ├── ObjectionOver     objection-over     the objection was settled or withdrawn before
│   ├── WebhookOff        webhook-off        the webhook is disabled, or is enabled already
│   └── TooManyWebhooks   too-many-webhooks  the area has as many webhooks as it may have
├── Invalid
│   ├── NotACongress      not-a-congress     a sub-district has no People's Congress of its own
│   ├── AreaTooWide       area-too-wide      the report of an area is that of a county
│   ├── ImpossibleDay     impossible-day     the day of the figures lies outside the year
│   ├── ImpossibleDate    impossible-date    dates that contradict each other, or lie where they cannot
│   ├── NotInFile         not-in-file        the file has no line of that record
│   ├── NotCorrected      not-corrected      the record has not changed since the objection
│   ├── ReceiverRefused   receiver-refused   nothing is sent to that address
│   ├── PhotographUnfit   photograph-unfit   no picture, larger than is read, or not the cited one
│   ├── DocumentUnfit     document-unfit     the upload is no Word file of a report, or is unsafe
│   └── TemplateFaulty    template-faulty    a template is malformed or names what does not exist
└── Unavailable
    └── NoConverter       no-converter       LibreOffice, which makes PDF, is not installed
"""

from shared.errors import Conflict, Invalid, Kind, NotFound, Problem


class NoReport(NotFound):
    slug, title = "no-report", "没有这一期的总结"


class NotACongress(Invalid):
    slug, title = "not-a-congress", "这里不设人民代表大会"


class NoPeriod(NotFound):
    slug, title = "no-period", "没有这个统计期"


class NoFigure(NotFound):
    slug, title = "no-figure", "没有这个指标"


class NoParagraph(NotFound):
    slug, title = "no-paragraph", "没有这个段落"


class NoPhotograph(NotFound):
    slug, title = "no-photograph", "没有这张照片"


class NoCard(NotFound):
    slug, title = "no-card", "没有这个页面"


class NoDeputy(NotFound):
    slug, title = "no-deputy", "没有这个代表"


class NoGroup(NotFound):
    slug, title = "no-group", "没有这个代表小组"


class NoEvent(NotFound):
    slug, title = "no-event", "没有这个事件"


class NoReceipt(NotFound):
    slug, title = "no-receipt", "没有上报的回执"


class HandInClosed(Conflict):
    slug, title = "hand-in-closed", "上报已经截止"


class NotComplete(Conflict):
    slug, title = "not-complete", "数据尚未齐全，总结没有完成"


class WrongStatus(Conflict):
    slug, title = "wrong-status", "当前状态不允许这一步"


class Blocked(Conflict):
    slug, title = "blocked", "有必须先解决的问题，不能核准"


class RemovalsUnconfirmed(Conflict):
    slug, title = "removals-unconfirmed", "删去的段落较多，请先确认"


class FileChanged(Conflict):
    slug, title = "file-changed", "履职档案已有变动"


class ObjectionOver(Conflict):
    slug, title = "objection-over", "异议已经办结"


class WebhookOff(Conflict):
    slug, title = "webhook-off", "推送已停用"


class TooManyWebhooks(Conflict):
    slug, title = "too-many-webhooks", "推送太多"


class ReceiverRefused(Invalid):
    slug, title = "receiver-refused", "不能向这个网址推送"


class AreaTooWide(Invalid):
    slug, title = "area-too-wide", "区域太大"


class ImpossibleDay(Invalid):
    slug, title = "impossible-day", "截止日期不可能"


class ImpossibleDate(Invalid):
    slug, title = "impossible-date", "日期前后矛盾，或者不可能"


class NotInFile(Invalid):
    slug, title = "not-in-file", "履职档案中没有这条记录"


class NotCorrected(Invalid):
    slug, title = "not-corrected", "记录没有更正过"


class PhotographUnfit(Invalid):
    slug, title = "photograph-unfit", "文件不能识读，或者不是所要的照片"


class DocumentUnfit(Invalid):
    slug, title = "document-unfit", "上传的文件不能用"


class TemplateFaulty(Invalid):
    slug, title = "template-faulty", "文字模板有误"


class NoConverter(Problem):
    slug, title = "no-converter", "本机没有转换程序，不能生成PDF"
    kind = Kind.UNAVAILABLE
