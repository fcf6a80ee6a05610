"""The tags that pages are built from."""

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils.translation import override

from reviewhub.ui import words


def drawn(source: str, **context) -> str:
    with override("en"):
        return Template(source).render(Context(context))


def test_a_state_has_a_mark_and_a_word():
    html = drawn('{% state "fail" %}')
    assert "glyph--fail" in html and "#state-fail" in html and "Failed" in html


def test_the_mark_alone_speaks_its_word():
    assert '<span class="said">Passed</span>' in drawn('{% glyph "pass" %}')


@pytest.mark.parametrize("code", sorted(words.STATES))
def test_every_state_has_its_own_symbol(code):
    from tests.ui.test_files import SYMBOLS  # noqa: PLC0415 - read once there

    assert words.mark(code) in SYMBOLS


def test_text_of_people_is_escaped_everywhere():
    evil = "<img src=x onerror=alert(1)>"
    source = (
        "{% inboxcard title=evil note=evil due=evil %}{{ evil }}{% endinboxcard %}{% panel title=evil %}{% endpanel %}"
        '{% empty evil evil "#" %}{% finding "error" evil evil evil evil %}{% kpi evil evil evil %}'
        "{% person evil evil %}{% toast evil %}{% pagehead evil evil lead=evil %}{% endpagehead %}"
        '{% chart id="c" figure=figure message=evil title=evil %}{% endchart %}{% icon "x" 16 evil %}'
        "{% change 1 evil %}{% progress 1 label=evil text=evil %}{% dropzone label=evil hint=evil %}"
    )
    html = drawn(source, evil=evil, figure={"data": [{"name": evil + "</script>"}]})
    assert "<img" not in html and html.count("</script>") == 1


@pytest.mark.parametrize(
    ("value", "better", "direction", "good", "contrary"),
    [
        (0.1, "up", "up", "yes", False),
        (-0.1, "up", "down", "no", False),
        (0.1, "down", "up", "no", True),
        (-0.1, "down", "down", "yes", True),
        (0.1, "", "up", "", False),
        (0, "up", "", "", False),
        (None, "up", "", "", False),
    ],
)
def test_a_change_has_a_direction_and_apart_from_it_a_goodness(value, better, direction, good, contrary):
    assert words.change(value, "x", better) == {
        "direction": direction,
        "good": good,
        "contrary": contrary,
        "text": "x",
    }


def test_goodness_is_a_word_too():
    assert "adverse" in drawn('{% change 0.021 "+2.1 pp" "down" %}')


def test_a_sparkline_keeps_its_gaps():
    line = words.sparkline([1, 2, None, 4], width=90, height=26, rim=3)
    assert line["lines"] == ["0.0,23.0 30.0,16.3", "90.0,3.0"]
    assert line["last"] == "90.0 3.0"


def test_a_sparkline_of_nothing_is_empty():
    assert words.sparkline([]) == {"lines": [], "last": "", "box": "0 0 100 28"}


@pytest.mark.parametrize(
    ("name", "initials"), [("Li Na", "LN"), ("王君", "王君"), ("欧阳小雨", "小雨"), ("Cher", "C"), ("", "?")]
)
def test_initials_are_those_by_which_colleagues_know_each_other(name, initials):
    assert words.initials(name) == initials


def test_the_pager_keeps_the_filters_of_the_address(rf):
    html = drawn("{% pager page %}", page=Paginator(range(95), 10).page(2), request=rf.get("/?q=aov&page=2"))
    assert 'href="?q=aov&amp;page=3"' in html
    assert "11–20 of 95" in html


def test_a_refusal_is_a_list_of_reasons():
    html = drawn('{% problems problems "Not yet." %}', problems=["One.", "Two."])
    assert "<li>One.</li><li>Two.</li>" in html
    assert drawn("{% problems problems %}", problems=[]).strip() == ""


def test_a_chart_carries_its_figure_its_table_and_its_words():
    html = drawn(
        '{% chart id="c" figure=figure title="T" words="W" csv="/x.csv" %}<table></table>{% endchart %}',
        figure={"data": []},
    )
    assert '<script id="c-figure" type="application/json">{"data": []}</script>' in html
    assert 'figure="c-figure"' in html and "<table></table>" in html and 'href="/x.csv"' in html
