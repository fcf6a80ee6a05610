"""A letter as a mail: headers, text and HTML in the reader's language and zone; it loads nothing from anywhere."""

import hashlib
import re
from email.charset import BASE64, QP, Charset
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reviewhub.notices import kinds, links
from reviewhub.notices.channels import wording
from reviewhub.notices.channels.letters import Letter, Notice
from reviewhub.people.models import Company, User

LONGEST_SUBJECT = 120
# Forms check addresses well; here only what could change meaning on its way to the server.
ADDRESS = re.compile(r"[^\s@<>\x00-\x1f]+@[^\s@<>\x00-\x1f]+")
FONT = (
    "-apple-system,'Segoe UI',Roboto,'PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans SC',"
    "'Noto Sans CJK SC',Arial,sans-serif"
)
# Colour and shape of a state; on a dark screen the colour of that class in the style sheet of the template.
MARKS = {
    "warn": {"shape": "▲", "colour": "#8a6100", "css": "warn"},
    "fail": {"shape": "■", "colour": "#b3261e", "css": "fail"},
    "pass": {"shape": "●", "colour": "#117a3d", "css": "pass"},
}


def compose(letter: Letter) -> EmailMultiAlternatives:
    """The mail for the person of this letter, to nobody where the address is none."""
    with translation.override(letter.language), timezone.override(letter.zone):
        told = context(letter)
        message = EmailMultiAlternatives(
            subject=subject(letter),
            body=render_to_string("notices/mail.txt", told),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=recipient(letter.user),
            headers=headers(letter),
        )
        message.attach_alternative(render_to_string("notices/mail.html", told), "text/html")
    # Neither eight-bit letters nor long lines may meet an old server: both parts travel in plain ASCII.
    message.encoding = Charset("utf-8")
    message.encoding.body_encoding = BASE64 if told["is_chinese"] else QP
    return message


def recipient(user: User) -> list[str]:
    """Name and address, ASCII; nobody where the address is none (B117)."""
    if not ADDRESS.fullmatch(user.email):
        return []
    try:
        return [sanitize_address((wording.clean_name(user.display_name), user.email), "utf-8")]
    except (ValueError, IndexError):
        return []


def subject(letter: Letter) -> str:
    """What it is about; of a digest the number and the first."""
    first = wording.one_line(letter.notices[0].content.title)
    if letter.is_digest:
        more = len(letter.notices)
        first = _("%(count)s notices: %(first)s …") % {"count": more, "first": first}
    return first if len(first) <= LONGEST_SUBJECT else first[: LONGEST_SUBJECT - 1] + "…"


def headers(letter: Letter) -> dict[str, str]:
    """What mail programs and servers read: the same Message-ID at every attempt, threads, and no automatic answers."""
    found = {
        "Message-ID": letter.delivery.message_id,
        "Date": format_datetime(letter.at.astimezone(letter.zone)),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "zh-Hans" if letter.language == "zh-hans" else letter.language,
    }
    threads = {notice.content.thread for notice in letter.notices}
    if len(threads) == 1 and "" not in threads:
        root = thread_id(threads.pop())
        found |= {"In-Reply-To": root, "References": root}
    if letter.delivery.doubts:
        found["X-ReviewHub-Retry"] = "1"
    if not any(kind.required for kind in kinds_of(letter)):
        found["List-Unsubscribe"] = f"<{wording.absolute(wording.SETTINGS)}>"
    return found


def thread_id(thread: str) -> str:
    """The mail that a thread hangs from: never sent, always the same."""
    return f"<{hashlib.sha256(thread.encode()).hexdigest()[:32]}@{settings.MAIL_DOMAIN}>"


def kinds_of(letter: Letter) -> list[kinds.Kind]:
    """The kinds of its notices, each once, in their order."""
    codes = dict.fromkeys(notice.message.occurrence.kind for notice in letter.notices)
    return [kind for kind in map(kinds.find, codes) if kind]


def context(letter: Letter) -> dict:
    """What both templates say."""
    count = len(letter.notices)
    company = Company.objects.first()
    return {
        "language": "zh-Hans" if letter.language == "zh-hans" else letter.language,
        "is_chinese": letter.language.startswith("zh"),
        "company": str(company) if company else "",
        "notices": [part(letter, notice) for notice in letter.notices],
        "is_digest": letter.is_digest,
        "headline": ngettext("%(count)s notice for you", "%(count)s notices for you", count)
        % {"count": count},
        "preview": wording.one_line(preview(letter)),
        "zone": wording.zone_line(letter.zone, letter.at),
        "why": pgettext("between items of a list", ", ").join(str(kind.label) for kind in kinds_of(letter)),
        "settings_url": wording.absolute(wording.SETTINGS),
        "home_url": wording.absolute("/"),
        "is_required": all(kind.required for kind in kinds_of(letter)),
        "subject": subject(letter),
        "font": mark_safe(FONT),
        "leading": "1.65" if letter.language.startswith("zh") else "1.5",
        "is_last_today": letter.is_last_today,
    }


def preview(letter: Letter) -> str:
    """The line that mail programs show beside the subject."""
    if letter.is_digest:
        return " · ".join(notice.content.title for notice in letter.notices[1:4])
    return next(iter(letter.notices[0].content.lines), "")


def part(letter: Letter, notice: Notice) -> dict:
    """One notice as the templates show it."""
    content = notice.content
    path = content.path
    if content.link and letter.user:
        path = links.path(letter.user, content.link, at=letter.at)
    return {
        "title": wording.one_line(content.title),
        "late": wording.late(notice.late_by) if notice.late_by else "",
        "lines": content.lines,
        "items": [
            {"title": item.title, "note": item.note, "url": item.path and wording.absolute(item.path)}
            for item in content.items
        ],
        "action": content.action,
        "url": wording.absolute(path),
        "urgent": content.urgent,
        "mark": MARKS.get(content.state, {}),
    }
