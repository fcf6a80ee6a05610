"""A form leads back to a path of this site and nowhere else (T16)."""

import pytest

from reviewhub.ui.returning import path_back

EVIL = [
    *("//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example"),
    *(
        "https://evil.example/",
        "http:///evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
    ),
    *("%2f%2fevil.example", "@evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example"),
    *(
        " //evil.example",
        "/ /evil.example",
        "/\r\nSet-Cookie: a=b",
        "\x00/evil",
        "/\u2028/evil",
        "",
        "?next=/",
    ),
]


@pytest.mark.parametrize("asked", EVIL)
def test_an_address_elsewhere_is_answered_with_the_fallback(asked):
    assert path_back(asked, "/home") == "/home"


@pytest.mark.parametrize(
    "asked", ["/", "/actions/?mine=1&department=sales", "/@evil.example", "/metrics/SAL_AOV#why"]
)
def test_a_path_of_this_site_is_kept(asked):
    assert path_back(asked, "/home") == asked
