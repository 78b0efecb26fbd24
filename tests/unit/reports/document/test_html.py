"""The page: the words of the Word file, every number a link that leads somewhere, nothing that runs."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from services.reports.document import CONTENT_SECURITY_POLICY, render_docx, render_html
from services.reports.domain import Paragraph, RecordRef, Report, Run, Section
from tests.unit.reports.document.opened import kept, paragraphs
from tests.unit.reports.document.sample import report

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


class Page(HTMLParser):
    """Ids, links, tags and the text of each element with an id."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.texts: dict[str, str] = {}
        self.attributes: set[str] = set()
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.attributes |= set(values)
        self.links += [values["href"] or ""] if "href" in values else []
        id = values.get("id") or ""
        assert id not in self.texts, id
        if id:
            self.texts[id] = ""
        if tag not in self.VOID:
            self._open.append((tag, id))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, id in self._open:
            if id:
                self.texts[id] += data


def test_it_says_what_the_word_file_says() -> None:
    whole = report(addressee="无为市人大常委会")
    text = Page(render_html(whole)).texts["text"]
    spoken = [line for line in paragraphs(render_docx(whole)) if line and "\t" not in line]
    assert [line for line in spoken if line not in text] == []


def test_every_numeral_leads_to_its_figure() -> None:
    whole = report()
    page = Page(render_html(whole))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.texts)
    bound = [f"#fig-{r.figure}" for s in whole.sections for p in s.paragraphs for r in p.runs if r.figure]
    assert [link for link in page.links if link.startswith("#fig-")][: len(bound)] == bound
    for figure in whole.figures:
        shown = page.texts[f"fig-{figure.id}"]
        assert figure.definition in shown
        assert all(record.subject in shown for record in figure.records)


def test_nothing_runs_and_nothing_is_fetched() -> None:
    html = render_html(report())
    page = Page(html)
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(page.tags)
    assert not any(name.startswith("on") or name in {"style", "src"} for name in page.attributes)
    assert all(link.startswith("#") for link in page.links)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    assert b64encode(sha256(style[1].encode()).digest()).decode() in CONTENT_SECURITY_POLICY
    assert "url(" not in style[1]
    assert "@import" not in style[1]


@given(TEXT, TEXT, TEXT)
def test_every_text_that_goes_in_comes_out_as_text(plain: str, bound: str, title: str) -> None:
    runs = (Run(text=plain), Run(text=bound, figure="congress.present"), Run(text="完", figure="no.such"))
    paragraph = Paragraph(id="p_one", text=plain + bound + "完", runs=runs)
    page = Page(render_html(_with(paragraph, title)))
    assert page.texts["p_one"] == kept(plain + bound) + "完"
    assert kept(title) in page.texts["text"]
    assert "script" not in page.tags


def _with(paragraph: Paragraph, title: str) -> Report:
    return report(
        title=title, sections=(Section(id="opening", heading="", level=0, paragraphs=(paragraph,)),)
    )


def test_markup_in_the_records_stays_text() -> None:
    paragraph = Paragraph(id='p_"><script>', text="<script>alert(1)</script>&amp;")
    html = render_html(_with(paragraph, "</title><script>"))
    assert "script" not in Page(html).tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in html


def test_findings_say_how_grave_they_are() -> None:
    text = Page(render_html(report())).texts["annex-findings"]
    assert "请核对" in text
    assert "3名镇人大代表全年没有学习培训记录。" in text
    assert "依据：代表法（2025）第四十七条" in text


def test_a_figure_shows_its_definition_and_names_its_records_in_chinese() -> None:
    [figure] = [one for one in report().figures if one.id == "congress.sessions"]
    ref = RecordRef(source="/340281199/activities", subject="session/s7", version=2, sequence=31)
    row = Page(render_html(report(figures=(figure.model_copy(update={"records": (ref,)}),)))).texts[
        "fig-congress.sessions"
    ]
    assert figure.definition in row
    assert "依据的记录1条" in row
    assert "履职活动第31号：人代会会议，第2版 session/s7" in row


def test_what_staff_made_several_paragraphs_of_stands_in_lines_of_its_own() -> None:
    runs = (Run(text="新的一段。\n接待"), Run(text="3", figure="congress.sessions"), Run(text="场。"))
    edited = Paragraph(id="p", text="新的一段。\n接待3场。", runs=runs, edited=True)
    page = render_html(report(sections=(Section(id="opening", heading="", level=0, paragraphs=(edited,)),)))
    assert '<p id="p" class="edited"><span>新的一段。</span><span>接待<a class="n"' in page
