"""Where a form may lead its reader back to: a path of this site, and nothing else (T16)."""

from django.utils.http import url_has_allowed_host_and_scheme


def path_back(asked: str, otherwise: str) -> str:
    """`asked` if it is a plain path of this site, else `otherwise`.

    Refused: other hosts (`//evil`, `/\\evil`, `https:evil`), schemes, and control or space characters that browsers
    drop before they read an address.
    """
    plain = asked.startswith("/") and asked.isprintable() and not set(asked) & set("\\ ")
    return asked if plain and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else otherwise
