"""Names that stand one after the other."""

import pytest
from django.template import Context, Template
from django.utils import translation

from reviewhub.ui.templatetags import formats


@pytest.mark.parametrize(
    ("language", "says"), [("en", "Li Wei, Chen Jing, Sato"), ("zh-hans", "Li Wei、Chen Jing、Sato")]
)
def test_names_have_the_readers_mark_between_them(language, says):
    with translation.override(language):
        assert formats.listed(["Li Wei", "Chen Jing", "Sato"]) == says


def test_what_a_name_holds_is_not_markup():
    with translation.override("en"):
        shown = Template("{{ names|listed }}").render(Context({"names": ["<b>", "Li"]}))
    assert shown == "&lt;b&gt;, Li"
