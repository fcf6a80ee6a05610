"""Takes the pictures of mails in docs/img, from real notices of a fresh demo company: `make pictures`.

`python -m tests.browser.mail_pictures FOLDER` puts every mail in every shape there instead: light and dark, desk and
phone, in both languages.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import chromium

IMAGES = Path(__file__).parent.parent.parent / "docs" / "img"
DESK, PHONE = 680, 390
LANGUAGES = {"en": "en", "zh": "zh-hans"}
# name of the mail → width and colours of the picture that is kept
KEPT = {"budget": (DESK, "light"), "check-in": (PHONE, "light"), "digest": (DESK, "dark")}


def letters() -> dict[str, str]:
    """The HTML of each mail by name and language ("budget-en"), written in the database of this process."""
    import datetime as dt  # noqa: PLC0415 - Django is set up now

    from django.core.management import call_command  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from actions import budget, checkin_rhythm  # noqa: PLC0415
    from actions.models import Action, BudgetAdjustment  # noqa: PLC0415
    from reviewhub.people.models import Confidentiality, User  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("demo", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    adjustment = BudgetAdjustment.objects.order_by("-opened_at").first()
    finance = User.objects.with_role("lead").get(department__code="FIN")
    open_ones = Action.objects.open().filter(due_on__isnull=False, confidentiality=Confidentiality.INTERNAL)
    first_of_all, *others = open_ones.order_by("due_on", "pk")
    owner = first_of_all.owner
    for number, action in enumerate(others[:4]):  # enough to see a list
        Action.objects.filter(pk=action.pk).update(owner=finance if number % 2 else owner)
    opened, now = adjustment.opened_at, timezone.now()
    first = (budget.DUE, adjustment, opened + dt.timedelta(hours=24), {"hours": 24})
    last = (budget.DUE, adjustment, opened + dt.timedelta(hours=44), {"hours": 44})
    asked = (checkin_rhythm.KIND, owner, now, {})
    asked_finance = (checkin_rhythm.KIND, finance, now, {})
    found = {}
    late = last[2] + dt.timedelta(hours=3, minutes=20)
    for short, language in LANGUAGES.items():
        with transaction.atomic():  # told in one language, and untold: nobody is told the same thing twice
            found[f"budget-{short}"] = html(finance, language, [first], first[2])
            found[f"check-in-{short}"] = html(owner, language, [asked], now)
            found[f"digest-{short}"] = html(finance, language, [last, asked_finance], late)
            transaction.set_rollback(True)
    return found


def html(reader, language: str, told: list, at) -> str:
    """One mail to `reader` about the occurrences of `told`: (kind, subject, due at, params)."""
    from django.utils import timezone, translation  # noqa: PLC0415

    from reviewhub.notices import expanding, packing, planning  # noqa: PLC0415
    from reviewhub.notices.channels import composing, letters  # noqa: PLC0415
    from reviewhub.notices.models import Channel, Message  # noqa: PLC0415

    reader.language = language
    rows = []
    for code, subject, due_at, params in told:
        key = f"{due_at:%G-W%V}" if not params else f"{params['hours']}h-{language}-{len(told)}"
        occurrence = planning.raise_occurrence(code, subject, at=due_at, cycle_key=key, params=params)
        row = expanding.message(occurrence, Channel.EMAIL, at=at, user=reader, state=Message.State.QUEUED)
        rows.append(Message.objects.filter(idem=row.idem).first() or row)
        rows[-1].save()
    delivery = packing.deliver(rows, at=at, channel=Channel.EMAIL, user=reader)
    delivery.user = reader
    _language, zone = letters.reader_of(delivery)
    with translation.override(language), timezone.override(zone):
        notices = tuple(letters.notice(row, reader, at=at) for row in rows)
    message = composing.compose(letters.Letter(delivery, notices, language, zone, at))
    return message.alternatives[0].content


def shoot(browser: Browser, page_html: str, to: Path, width: int, colours: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 400}, color_scheme=colours, device_scale_factor=2
    )
    page = context.new_page()
    page.set_content(page_html)
    page.screenshot(path=to, full_page=True)
    context.close()


def main(folder: Path | None) -> int:
    chromium.ensure()
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"REVIEWHUB_DATA": data, "DATABASE_URL": f"sqlite:///{data}/pictures.sqlite3"}
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "reviewhub.settings",
            "BASE_URL": "https://review.example.com",
        }
        import django  # noqa: PLC0415 - after the environment says which database

        django.setup()
        written = letters()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.executable(), args=chromium.FLAGS)
        for name, page_html in written.items():
            if folder:
                for width in (DESK, PHONE):
                    for colours in ("light", "dark"):
                        shoot(browser, page_html, folder / f"{name}-{width}-{colours}.png", width, colours)
            else:
                width, colours = KEPT[name.rpartition("-")[0]]
                shoot(browser, page_html, IMAGES / f"mail-{name}.png", width, colours)
            print(name)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
