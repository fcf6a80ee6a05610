"""The words that templates build pages from: one tag, one component (docs/style.md shows each)."""

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.http import urlencode

from reviewhub.ui import words
from reviewhub.ui.templatetags import formats

register = template.Library()
register.filters.update(formats.register.filters)


def rendered(name: str, /, **context) -> str:
    return render_to_string(f"ui/{name}.html", context)


# --- Files and marks ------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: int = 18, label: str = ""):
    """A symbol of static/icons.svg. Decorative unless it has a `label`."""
    spoken = (
        format_html('role="img" aria-label="{}"', label) if label else format_html('aria-hidden="{}"', "true")
    )
    classes = "icon" if size == 18 else f"icon icon--{size}"
    return format_html(
        '<svg class="{}" {} focusable="false"><use href="{}#{}"/></svg>',
        classes,
        spoken,
        static("icons.svg"),
        name,
    )


def nonce(context) -> str:
    return str(getattr(context.get("request"), "csp_nonce", ""))


@register.simple_tag(takes_context=True)
def module(context, path: str):
    """`<script type="module">` with the nonce of this answer: the way to bring a script of one's own."""
    return format_html('<script type="module" nonce="{}" src="{}"></script>', nonce(context), static(path))


@register.simple_tag(takes_context=True)
def script(context, path: str, early: bool = False):
    """A classic script, for vendored libraries; `early` runs before the page is painted."""
    tag = '<script nonce="{}" src="{}"></script>' if early else '<script defer nonce="{}" src="{}"></script>'
    return format_html(tag, nonce(context), static(path))


@register.simple_tag
def glyph(state: str, label: str = ""):
    """The mark of a state alone (for matrices); its word is spoken."""
    return rendered("_glyph", state=state, mark=words.mark(state), label=label or words.state(state))


@register.simple_tag
def state(state: str, label: str = ""):
    """Mark and word: queued running pass warn fail waived na draft, open in_progress done, on_track at_risk …"""
    return rendered("_state", state=state, mark=words.mark(state), label=label or words.state(state))


@register.simple_tag
def badge(kind: str, label: str = ""):
    """What a figure or a document is worth: certified provisional draft restated late rejected live."""
    return rendered(
        "_badge", kind=kind, label=label or words.badge(kind), mark=words.BADGE_MARKS.get(kind, "")
    )


@register.simple_tag
def person(name: str, note: str = ""):
    return rendered("_person", name=name, note=note, initials=words.initials(name))


@register.filter
def initials(name: str) -> str:
    return words.initials(name)


# --- Parts of a page ------------------------------------------------------------------------------------


@register.simple_block_tag(end_name="endpagehead")
def pagehead(content, title, kicker="", kicker_url="", lead="", badge=""):
    """Title of the page with its actions as content."""
    return rendered(
        "_page_head",
        content=content,
        title=title,
        kicker=kicker,
        kicker_url=kicker_url,
        lead=lead,
        badge=badge,
    )


@register.simple_block_tag(end_name="endpanel")
def panel(content, title="", note="", count=None, id="", flush=False, plain=False, side=""):
    """A titled part. `flush` for tables and lists, `plain` without a box, `side` a word on the right."""
    return rendered(
        "_panel",
        content=content,
        title=title,
        note=note,
        count=count,
        id=id,
        flush=flush,
        plain=plain,
        side=side,
    )


@register.simple_block_tag(end_name="endinboxcard")
def inboxcard(content, title, url="", state="open", due="", urgent=False, note="", id=""):
    """One thing that needs somebody, inside `<ol class="inbox">`; its buttons are the content."""
    return rendered(
        "_inbox_card",
        content=content,
        title=title,
        url=url,
        state=state,
        due=due,
        urgent=urgent,
        note=note,
        id=id,
    )


@register.simple_block_tag(end_name="endtablebox")
def tablebox(content, label, tall=False):
    """The scrolling frame of a `<table class="data">`; reachable by keyboard, named by `label`."""
    return rendered("_tablebox", content=content, label=label, tall=tall)


@register.simple_block_tag(end_name="endnote")
def note(content, tone="", icon=""):
    """A remark in the flow of the page: tone "" (information), ok, warn, danger."""
    return rendered("_note", content=content, tone=tone, icon=icon or words.NOTE_ICONS[tone])


@register.simple_block_tag(end_name="endchart")
def chart(content, id, figure, message="", title="", period="", words="", csv="", xlsx="", size="", badge=""):
    """A Plotly figure (plain dict) with its three title lines; the content is its table."""
    return rendered(
        "_chart",
        content=content,
        id=id,
        figure=figure,
        figure_id=f"{id}-figure",
        name=title or message,
        message=message,
        title=title,
        period=period,
        words=words,
        csv=csv,
        xlsx=xlsx,
        size=size,
        badge=badge,
    )


@register.inclusion_tag("ui/_empty.html")
def empty(text, action="", url="", icon="", small=False):
    return {"text": text, "action": action, "url": url, "icon": icon, "small": small}


@register.inclusion_tag("ui/_problems.html")
def problems(problems, title=""):
    """The list that refuses a command, in words; nothing when it is empty."""
    return {"problems": [str(problem) for problem in problems], "title": title}


@register.inclusion_tag("ui/_finding.html")
def finding(severity, text, place="", value=None, hint="", code="", url=""):
    """One finding of a check: severity error, warning or info; `place` is sheet, row and column, `url` leads there."""
    state = {"error": "fail", "warning": "warn"}.get(severity, "na")
    told = {"text": text, "place": place, "value": value, "hint": hint, "code": code, "url": url}
    return told | {"state": state}


@register.inclusion_tag("ui/_tabs.html")
def tabs(items, label=""):
    """`items`: {"label", "url", "active", "count"}; every tab is an address."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/_segmented.html")
def segmented(items, label=""):
    return {"items": items, "label": label}


@register.inclusion_tag("ui/_pager.html", takes_context=True)
def pager(context, page, parameter="page"):
    """Links through a paginator's page; the address keeps its other parameters."""
    request = context.get("request")
    query = request.GET.copy() if request else {}

    def address(number):
        query[parameter] = number
        return "?" + (query.urlencode() if request else urlencode(query))

    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "pages": [{"label": n, "url": address(n) if isinstance(n, int) else ""} for n in shown],
        "before": address(page.number - 1) if page.has_previous() else "",
        "after": address(page.number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("ui/_progress.html")
def progress(value=None, maximum=100, label="", text="", tone="", thick=False):
    """A bar; `value` None while nobody knows how long it takes."""
    return {"value": value, "maximum": maximum, "label": label, "text": text, "tone": tone, "thick": thick}


@register.inclusion_tag("ui/_dropzone.html")
def dropzone(name="file", label="", hint="", accept="", max_bytes=0, small=False, multiple=False):
    return {
        "name": name,
        "label": label,
        "hint": hint,
        "accept": accept,
        "max_bytes": max_bytes,
        "small": small,
        "multiple": multiple,
    }


@register.inclusion_tag("ui/_toast.html")
def toast(text, level="info"):
    return {"text": text, "level": level}


# --- Figures --------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/_change.html")
def change(value, text, better="up", reference=""):
    """A variance: arrow = direction, colour and filled or hollow arrow = good or bad, by what is `better`."""
    return words.change(value, text, better) | {"reference": reference}


@register.inclusion_tag("ui/_kpi.html")
def kpi(label, value, unit="", changes=(), badge="", url="", spark=(), note="", bare=False, light=None):
    """`changes`: {"value", "text", "better", "reference"} each; `spark`: the numbers of a small line; `light`: how
    fresh it is, with `html`."""
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "changes": changes,
        "badge": badge,
        "url": url,
        "spark": list(spark),
        "note": note,
        "bare": bare,
        "light": light,
    }


@register.inclusion_tag("ui/_sparkline.html")
def sparkline(values, label="", inline=False):
    return words.sparkline(values) | {"label": label, "inline": inline}


# --- Forms ----------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/_field.html")
def field(bound, help=None, label=None):
    """A bound field with label, help and error beside its cause."""
    kind = words.control(bound)
    attrs = {} if kind == "options" else {"class": words.CONTROL_CLASSES[kind]}
    return {
        "field": bound,
        "kind": kind,
        "control": bound.as_widget(attrs=attrs),
        "label": bound.label if label is None else label,
        "help": bound.help_text if help is None else help,
    }


@register.inclusion_tag("ui/_fields.html")
def fields(form):
    return {"form": form}
