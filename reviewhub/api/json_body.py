"""JSON as it comes in: strict, so that every reader of a request reads the same (B112). Pure."""

import json

DEEPEST = 20


class BadJson(ValueError):
    """No JSON that is taken here; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def parsed(body: bytes):
    """The value in `body`. BadJson for what is no JSON, NaN, a key twice, numbers or nesting beyond reason."""
    try:
        value = json.loads(
            body, object_pairs_hook=_once_each, parse_constant=_no_constant, parse_int=_integer
        )
    except RecursionError:
        raise BadJson("TOO_DEEP") from None
    except BadJson:
        raise
    except (ValueError, UnicodeDecodeError):
        raise BadJson("NO_JSON") from None
    if _depth(value) > DEEPEST:
        raise BadJson("TOO_DEEP")
    return value


def _once_each(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadJson("KEY_TWICE")
    return found


def _no_constant(_text):
    raise BadJson("NO_NUMBER")


def _integer(text):
    if len(text) > 30:
        raise BadJson("NO_NUMBER")
    return int(text)


def _depth(value) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting and deepest <= DEEPEST:
        one, level = waiting.pop()
        deepest = max(deepest, level)
        inside = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting += [(each, level + 1) for each in inside]
    return deepest
