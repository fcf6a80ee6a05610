"""Files that no import profile knows: what their columns may be, and the profile that somebody makes of them."""

import datetime as dt
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from metrics import importing, kept_files, known_profiles, reception
from metrics.intake.findings import FileRefused
from metrics.intake.header_names import folded
from metrics.intake.value_lists import CURRENCIES
from metrics.models import Alias, ImportJob, MetricVersion
from reviewhub.people.models import Company
from reviewhub.people.names import search_key

if TYPE_CHECKING:
    from metrics.intake import guessing

# What a column may be besides a figure: target → what its cells look like.
ROLES = {"day": "day", "order": "text", "currency": "text", "platform": "text", "country": "text", "category": "text",
         "channel": "text"}  # fmt: skip
DIMENSIONS = ("platform", "country", "category", "channel")
SPOKEN = {
    "day": "date|day|日期|订单日期|下单时间|付款时间|order date|datum|bestelldatum|fecha|data|注文日",
    "order": "order|order id|order number|order#|po#|订单号|订单编号|bestellnummer|numéro de commande|注文番号",
    "currency": "currency|币种|货币|währung|devise|moneda|通貨",
    "platform": "platform|store|shop|平台|店铺|平台店铺|marketplace",
    "country": "country|国家|land|收货国家|pays|país|paese|国",
    "category": "category|品类|类目|kategorie|catégorie|categoría|カテゴリ",
    "channel": "channel|渠道|kanal|canal",
}
# What files call figures, beside the names of the dictionary; a name there comes first.
FIGURES = {
    "SAL_GROSS": "gross amount|item total|warenwert|bruttoumsatz|商品金额|商品総額|montant brut|importe bruto",
    "SAL_DISC": "discount|discounts|rabatt|remise|descuento|sconto|折扣|优惠金额|値引き",
    "SAL_REF": "refund|refunds|refund amount|erstattung|remboursement|reembolso|rimborso|退款|退款金额|返金",
    "SAL_SHIPREV": "shipping|shipping cost|versand|versandkosten|frais de port|envío|spedizione|运费|送料",
    "SAL_TAX": "tax|taxes|vat|mwst|steuer|tva|iva|税费|税額|消費税",
    "SAL_UNITS": "qty|quantity|pcs|stück|stückzahl|menge|anzahl|quantité|cantidad|quantità|件数|数量|個数",
    "MKT_SPEND_AD": "ad spend|spend|cost|ausgaben|kosten|dépenses|gasto|spesa|花费|消耗|広告費",
    "MKT_IMP": "impr|impressions|impressionen|impresiones|impressioni|曝光|展现|表示回数",
    "MKT_CLK": "clicks|klicks|clics|clic|点击|クリック数",
}
ORDERS = "SAL_ORD"


class CannotMap(Exception):
    """The table cannot be mapped or the mapping not saved; `problems` are codes with parameters."""

    def __init__(self, problems: list[tuple[str, dict]]):
        super().__init__(", ".join(code for code, _ in problems))
        self.problems = problems


@dataclass(frozen=True)
class Draft:
    """An unknown table as it is shown: its columns, guesses, first rows, and what is open."""

    table: str
    header: int
    columns: list["guessing.Seen"]
    guesses: dict[int, "guessing.Guess"]
    rows: list[tuple[str, ...]]
    decimal: str
    is_two_ways: bool
    currency: str
    tables: list[str]


@dataclass(frozen=True)
class Mapping:
    """What somebody chose: target of each column by its header, and what the file does not say."""

    title: str
    targets: dict[str, str]
    currency: str = ""
    platform: str = ""
    decimal: str = ""
    date_order: str = ""
    settings: dict = field(default_factory=dict)


def figures(department, *, on: dt.date) -> list[MetricVersion]:
    """The metrics that a file of this department can deliver: sums that it owns."""
    found = MetricVersion.objects.effective(on).filter(
        owner_dept=department, kind="base", engine="upload", time_agg="sum", metric__is_enabled=True
    )
    return list(found.select_related("metric").order_by("metric__position", "metric__code"))


def draft(job: ImportJob, *, on: dt.date, encoding: str = "", header: int | None = None) -> Draft:
    """The table of the job's file with guesses. Raises CannotMap when the file cannot be read or was deleted."""
    from metrics.intake import guessing  # noqa: PLC0415 - pyarrow, only where a file is looked at

    tables = _tables(job, encoding)
    table = max(tables, key=lambda one: (len(one.rows), len(max(one.rows, key=len, default=()))))
    if not table.rows:
        raise CannotMap([("EMPTY", {})])
    at = guessing.header_row(table.rows) if header is None else min(header, len(table.rows) - 1)
    columns = guessing.seen(table.rows, at)
    versions = figures(job.department, on=on)
    kinds = {version.metric.code: "number" for version in versions} | ROLES
    remembered, synonyms = _remembered(job.department, kinds), _synonyms(versions)
    numbers = [cell for column in columns if column.looks == "number" for cell in column.cells]
    days = [cell for column in columns if column.looks == "day" for cell in column.cells]
    return Draft(
        table=table.name,
        header=at,
        columns=columns,
        guesses=guessing.guesses(columns, remembered, synonyms, kinds),
        rows=[cells for cells in table.rows[at + 1 :] if any(cell.strip() for cell in cells)][
            : guessing.SAMPLE
        ],
        decimal=guessing.decimal_of(numbers),
        is_two_ways=guessing.is_two_ways(days),
        currency=guessing.currency_beside(numbers),
        tables=[one.name for one in tables],
    )


def _tables(job: ImportJob, encoding: str):
    from metrics.intake import opening  # noqa: PLC0415 - pyarrow, only where a file is looked at

    path = kept_files.path_of(job.source)
    if not job.source.content or not path.exists():
        raise CannotMap([("GONE", {})])
    with tempfile.TemporaryDirectory(prefix="mapping-") as scratch:
        try:
            expected = (encoding,) if encoding else ()
            tables = opening.first_rows(path, job.source.name, reception.limits(), Path(scratch), expected)
        except FileRefused as refused:
            raise CannotMap([("UNREADABLE", {"code": refused.findings[0].code})]) from None
    return [one for one in tables if one.rows] or tables[:1]


def _remembered(department, kinds) -> dict[str, str]:
    """Headers of files that this department mapped before."""
    found = {}
    for known in known_profiles.everything():
        if known.source == "saved" and known.is_of(department):
            for name, column in known.profile.columns.items():
                found |= {folded(header): name for header in column.headers if name in kinds}
    return found


def _synonyms(versions) -> dict[str, str]:
    """Every name of a target: of the dictionary with its other names and their pinyin, and everyday words."""
    found = {}
    for target, words in SPOKEN.items():
        for word in words.split("|"):
            found |= {folded(form): target for form in search_key(word).split(" ") if form}
            found[folded(word)] = target
    codes = {version.metric_id: version.metric.code for version in versions}
    names = [
        (one.metric.code, name) for one in versions for name in (one.metric.code, one.name_zh, one.name_en)
    ]
    names += [(codes[one.metric_id], one.text) for one in Alias.objects.filter(metric__in=codes)]
    for code, name in names:
        found.setdefault(folded(name), code)
        if not name.isascii():
            for form in search_key(name).split(" "):
                if len(form) > 3:
                    found.setdefault(folded(form), code)
    for code in FIGURES.keys() & set(codes.values()):
        for word in FIGURES[code].split("|"):
            found.setdefault(folded(word), code)
    return found


def problems(mapping: Mapping, *, money: set[str]) -> list[tuple[str, dict]]:
    """Why this mapping is not whole yet, as (code, parameters); the same list explains and refuses."""
    chosen = list(mapping.targets.values())
    found = [
        ("TWICE", {"target": target}) for target in sorted({one for one in chosen if chosen.count(one) > 1})
    ]
    if not [one for one in chosen if one not in ROLES or one == "order"]:
        found.append(("NO_FIGURE", {}))
    if (
        any(one in money for one in chosen)
        and "currency" not in chosen
        and mapping.currency not in CURRENCIES
    ):
        found.append(("NO_CURRENCY", {}))
    if not mapping.title.strip():
        found.append(("NO_TITLE", {}))
    return found


def save(job: ImportJob, mapping: Mapping, *, money: set[str], by, at: dt.datetime) -> ImportJob:
    """Save the mapping as a profile and import the file with it; the new job. Raises CannotMap, CannotSave,
    CannotReceive."""
    if found := problems(mapping, money=money):
        raise CannotMap(found)
    name = name_of(mapping.title, job.department.slug)
    known_profiles.save(name, spec(name, mapping, job.department, money), by=by, at=at)
    period = importing.Period.between(job.period_start, job.period_end)
    return importing.receive(
        kept_files.path_of(job.source), name=job.source.name, department=job.department, period=period, profile=name,
        settings=mapping.settings, by=by, at=at,
    ).job  # fmt: skip


def name_of(title: str, department: str) -> str:
    """A profile's name for what people call the file: 店小秘 订单 → sales-dianxiaomi-dingdan."""
    forms = [search_key(word).split(" ") for word in title.split()]
    plain = "-".join(
        (form[1] if len(form) > 1 and not form[0].isascii() else form[0]) for form in forms if form
    )
    return re.sub(r"[^a-z0-9]+", "-", f"{department}-{plain}".lower()).strip("-")[:60]


def spec(name: str, mapping: Mapping, department, money: set[str]) -> str:
    """The profile as YAML. Columns are called after their targets, so that later guesses remember them."""
    columns = {target: _column(target, header, mapping, money) for header, target in mapping.targets.items()}
    by_code = {target: {"sum": target} | ({} if target in money else {"unit": "count"})
               for target in columns if target not in ROLES}  # fmt: skip
    orders = {ORDERS: {"distinct": "order"}} if "order" in columns else {}
    dimensions = {one: {"column": one} for one in DIMENSIONS if one in columns}
    if mapping.platform and "platform" not in columns:
        dimensions["platform"] = {"constant": mapping.platform}
    currency = {"column": "currency"} if "currency" in columns else {"constant": mapping.currency}
    whole = {
        "profile": name,
        "version": 1,
        "title": {"en": mapping.title, "zh": mapping.title},
        "department": department.slug,
        "grain": "day" if "day" in columns else "month",
        "time_zone": Company.objects.first().time_zone,
        "file": {"unknown_columns": "drop", "header_rows": 30, "decimal": mapping.decimal or "by_column"},
        "columns": columns,
        "day": "day" if "day" in columns else {"from": "period"},
        **({"currency": currency} if currency.get("column") or mapping.currency else {}),
        **({"dimensions": dimensions} if dimensions else {}),
        "metrics": by_code | orders,
    }
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=110)


def _column(target: str, header: str, mapping: Mapping, money: set[str]) -> dict:
    if target == "day":
        order = {"order": mapping.date_order} if mapping.date_order else {}
        return {"type": "date", "month_names": True, "short_years": True, **order, "headers": [header]}
    if target == "currency":
        return {"type": "choice", "values": "currencies", "headers": [header]}
    if target == "order":
        return {"type": "code", "headers": [header]}
    if target in ROLES:
        return {"type": "text", "blank": True, "headers": [header]}
    kind = "decimal" if target in money else "integer"
    return {"type": kind, "blank": True, "currency_signs": True, "scale_words": True, "headers": [header]}
