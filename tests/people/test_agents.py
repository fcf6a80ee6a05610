"""What kind of browser somebody uses, and addresses as mail servers write them."""

import pytest

from reviewhub.people import addresses, agents


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.4 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36 MicroMessenger/8.0",
            "WeChat · Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Safari/604.1",
            "Chrome · iPhone",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_browser_is_named_by_its_makers_name_and_its_system(agent, name):
    assert agents.named(agent) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("chen@farsail.example", "chen@farsail.example"),
        ("Chen@Farsail.Example", "Chen@farsail.example"),
        ("chen@bücher.example", "chen@xn--bcher-kva.example"),
        ("chen@远帆.example", "chen@xn--ctt522i.example"),
        ("chen@farsail.example.", None),
        ("chen@localhost", None),
        ("chen", None),
        ("陈@farsail.example", None),
        ("chen@" + "x" * 64 + ".example", None),
    ],
)
def test_an_address_is_kept_in_ascii_or_not_at_all(typed, kept):
    assert addresses.ascii_address(typed) == kept
