"""How a line of the log looks, and what never stands in it: passwords, one-time links, query tokens."""

import contextvars
import datetime as dt
import logging
import re

from celery import current_task
from pythonjsonlogger.json import JsonFormatter

# Of the request that is being answered; set by the request log.
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

HIDDEN = "***"
SECRETS = [
    # One-time links: whoever reads the log may not use them.
    re.compile(r"(/(?:l|join|welcome|calendar|password/reset/key|confirm-email)/)[^/\s\"'?#<>\\]{6,}"),
    re.compile(r"([?&](?:token|key|code|secret|signature|password|state)=)[^&\s\"'<>\\]+", re.I),
    re.compile(r"(\w://[^/\s:@\"']*:)[^/\s@\"']+(?=@)"),
    re.compile(r"(\b(?:Bearer|Basic)\s+)[\w+/=.~-]{6,}", re.I),
    re.compile(r"((?:sessionid|csrftoken|browser|__Host-\w+)=)[\w:-]+"),
]


def masked(text: str) -> str:
    """`text` without what opens doors."""
    for secret in SECRETS:
        text = secret.sub(rf"\g<1>{HIDDEN}", text)
    return text


def circumstances() -> dict[str, str]:
    """In which request or task a line is written: `request_id`, `task_id`, `task`, as far as there is one."""
    found = {"request_id": request_id.get()}
    if current_task and current_task.request.id:
        found |= {"task_id": current_task.request.id, "task": current_task.name}
    return {name: value for name, value in found.items() if value}


class Plain(logging.Formatter):
    """For a terminal: time, level, logger, words."""

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record):
        return masked(super().format(record))


class Json(JsonFormatter):
    """For machines: one object a line, time in UTC; what the caller gave as `extra` becomes fields."""

    def __init__(self):
        # Django hands the request along, and the server behind it; neither is a field.
        super().__init__("%(message)s", json_ensure_ascii=False, reserved_attrs=[*RESERVED, "request"])

    def add_fields(self, log_data, record, message_dict):
        super().add_fields(log_data, record, message_dict)
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
        words = {"message": log_data.pop("message", "")}
        rest = dict(log_data)
        log_data.clear()
        log_data |= {"time": moment.isoformat(timespec="milliseconds"), "level": record.levelname}
        log_data |= {"logger": record.name} | words | circumstances() | rest

    def format(self, record):
        return masked(super().format(record))


RESERVED = [
    *logging.makeLogRecord({}).__dict__,
    "asctime",
    "taskName",
    "color_message",
    "server_time",
    "data",
]
