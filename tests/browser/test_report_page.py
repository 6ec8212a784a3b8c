import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from delivery_sample import delivered, worked_on
from odd_samples import EMPTY, hostile, undated, years_of_many_themes
from playwright.sync_api import Browser, Page, expect, sync_playwright
from report_sample import sample

from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.html import report_html

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("FEEDBACK_TEST_CHROMIUM") or shutil.which("chromium")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = [pytest.param(1440, id="desk"), pytest.param(390, id="phone"), pytest.param(320, id="old")]
SAMPLES = [
    pytest.param(sample, id="ten weeks"),
    pytest.param(hostile, id="hostile texts"),
    pytest.param(years_of_many_themes, id="three years"),
    pytest.param(delivered, id="tickets worked on"),
    pytest.param(lambda: worked_on(hostile()), id="hostile tickets worked on"),
    pytest.param(undated, id="no dates"),
    pytest.param(lambda: EMPTY, id="nothing"),
]
BEYOND = """() => [...document.querySelectorAll('body *')].filter(element => {
  const box = element.getBoundingClientRect();
  const shown = box.width > 0 && box.height > 0;
  return shown && (box.right > innerWidth + 0.5 || box.left < -0.5);
}).map(element => element.outerHTML.slice(0, 120))"""
CLIPPED = """() => [...document.querySelectorAll('body *')].filter(element => {
  const style = getComputedStyle(element);
  const hides = style.overflowX !== 'visible' || style.textOverflow === 'ellipsis';
  const more = element.scrollWidth > element.clientWidth + 1
    || element.scrollHeight > element.clientHeight + 1;
  return hides && more && element.textContent.trim() && element.clientWidth > 0;
}).map(element => element.outerHTML.slice(0, 120))"""
CUT_LABELS = """() => [...document.querySelectorAll('svg text')].filter(text => {
  const box = text.getBoundingClientRect();
  const frame = text.ownerSVGElement.getBoundingClientRect();
  return box.width > 0 && (box.right > frame.right + 0.5 || box.left < frame.left - 0.5
    || box.bottom > frame.bottom + 0.5 || box.top < frame.top - 0.5);
}).map(text => text.textContent)"""
OVERLAPPING_LABELS = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('text')].map(text => text.getBoundingClientRect())
    .filter(box => box.width > 0);
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
}).length"""
SMALLEST_LETTERS = """() => Math.min(...[...document.querySelectorAll('body *')]
  .filter(element => element.getBoundingClientRect().width > 0
    && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .map(element => {
    const size = parseFloat(getComputedStyle(element).fontSize);
    const svg = element.ownerSVGElement;
    return svg ? size * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : size;
  }))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield opened
        opened.close()


@pytest.fixture
def report(
    browser: Browser, tmp_path: Path, width: int, make: Callable[[], ReportData]
) -> Iterator[Page]:
    path = tmp_path / "report.html"
    path.write_text(report_html(make()), "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    yield page
    page.close()


@pytest.mark.parametrize("make", SAMPLES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_out_of_the_screen_and_nothing_is_clipped(report: Page) -> None:
    report.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert report.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert report.evaluate(BEYOND) == []
    assert report.evaluate(CLIPPED) == []
    assert report.evaluate(CUT_LABELS) == []
    assert report.evaluate(OVERLAPPING_LABELS) == 0


@pytest.mark.parametrize("make", [pytest.param(sample, id="ten weeks")])
@pytest.mark.parametrize("width", WIDTHS)
def test_letters_are_large_enough_to_read(report: Page) -> None:
    assert report.evaluate(SMALLEST_LETTERS) >= 10


@pytest.mark.parametrize("make", [pytest.param(hostile, id="hostile texts")])
@pytest.mark.parametrize("width", [390])
def test_hostile_texts_run_no_script(report: Page) -> None:
    assert report.evaluate("document.scripts.length + document.images.length") == 0


@pytest.mark.parametrize("make", [pytest.param(sample, id="ten weeks")])
@pytest.mark.parametrize(
    ("width", "shown"),
    [pytest.param(1440, ".wide", id="desk"), pytest.param(390, ".narrow", id="phone")],
)
def test_only_the_chart_that_fits_is_shown(report: Page, shown: str) -> None:
    visible = {name: report.locator(name).first.is_visible() for name in (".wide", ".narrow")}
    assert visible == {name: name == shown for name in visible}


@pytest.mark.parametrize("make", [pytest.param(sample, id="ten weeks")])
@pytest.mark.parametrize("width", [390])
def test_evidence_of_a_ticket_brings_its_quote_into_view(report: Page) -> None:
    report.locator("#W-0001 .evidence a").first.click()
    expect(report.locator("#T-0001-q1")).to_be_in_viewport(ratio=1)
    assert report.url.endswith("#T-0001-q1")


@pytest.mark.parametrize("make", [pytest.param(years_of_many_themes, id="three years")])
@pytest.mark.parametrize("width", [390])
def test_a_link_to_a_folded_theme_unfolds_it(report: Page) -> None:
    folded = report.locator("details tr").last
    expect(folded).not_to_be_visible()
    report.goto(f"{report.url}#{folded.get_attribute('id')}")
    expect(folded).to_be_visible()
