"""How the codes of the dictionary read: sections, units, roll-ups, zones, rates, and what is wrong with a file."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.dictionary_csv import CHOICES, Fault

SECTIONS = {
    "sales": _("Sales"),
    "marketing": _("Marketing"),
    "supply_chain": _("Supply chain and service"),
    "finance": _("Finance"),
    "tech": _("Technology and product"),
    "bridge": _("Bridge from sales to finance"),
    "governance": _("Governance and execution"),
}
CHECKLIST = {
    "S1": _("Total sales and growth"),
    "S2": _("Orders and average order value"),
    "S3": _("Sales by platform"),
    "S4": _("Sales by region"),
    "S5": _("Category ranking and life cycle"),
    "S6": _("Returns and after-sales"),
    "S7": _("Contribution of new products"),
    "M1": _("Spend and output per channel"),
    "M2": _("Acquisition cost"),
    "M3": _("Advertising conversion and click-through"),
    "M4": _("Brand exposure and engagement"),
    "M5": _("Market trends"),
    "C1": _("Inventory turnover"),
    "C2": _("Lead time and purchasing cost"),
    "C3": _("Logistics cost and speed"),
    "C4": _("Overseas warehouses"),
    "C5": _("Yield and defects"),
    "C6": _("Customer service"),
    "F1": _("Income statement"),
    "F2": _("Cash-flow statement"),
    "F3": _("Balance sheet"),
    "F4": _("Budget execution"),
    "F5": _("Gross and net margin"),
    "T1": _("System stability and experience"),
    "T2": _("New features: progress and effect"),
    "T3": _("Data quality"),
    "B1": _("Bridge between definitions"),
    "G1": _("Execution after the meeting"),
}
TIERS = {
    "headline": pgettext_lazy("tier of a metric", "Headline"),
    "core": pgettext_lazy("tier of a metric", "Core"),
    "support": pgettext_lazy("tier of a metric", "Supporting"),
}
PACKS = {
    "starter": pgettext_lazy("pack of metrics", "Starter"),
    "dependency": pgettext_lazy("pack of metrics", "Needed by others"),
    "extended": pgettext_lazy("pack of metrics", "Extended"),
    "profile": pgettext_lazy("pack of metrics", "Of an import profile"),
}
UNITS = {
    "CCY": pgettext_lazy("unit of a metric", "currency"),
    "%": "%",
    "单": pgettext_lazy("unit of a metric", "orders"),
    "件": pgettext_lazy("unit of a metric", "units"),
    "CCY/单": pgettext_lazy("unit of a metric", "currency per order"),
    "件/单": pgettext_lazy("unit of a metric", "units per order"),
    "CCY/件": pgettext_lazy("unit of a metric", "currency per unit"),
    "枚举": pgettext_lazy("unit of a metric", "one of a list"),
    "星": pgettext_lazy("unit of a metric", "stars"),
    "款": pgettext_lazy("unit of a metric", "SKUs"),
    "倍": pgettext_lazy("unit of a metric", "times"),
    "人": pgettext_lazy("unit of a metric", "people"),
    "CCY/人": pgettext_lazy("unit of a metric", "currency per person"),
    "次": pgettext_lazy("unit of a metric", "count"),
    "CCY/次": pgettext_lazy("unit of a metric", "currency per click"),
    "指数": pgettext_lazy("unit of a metric", "index"),
    "条": pgettext_lazy("unit of a metric", "entries"),
    "天": pgettext_lazy("unit of a metric", "days"),
    "秒": pgettext_lazy("unit of a metric", "seconds"),
    "次/年": pgettext_lazy("unit of a metric", "times a year"),
    "分": pgettext_lazy("unit of a metric", "points"),
    "小时": pgettext_lazy("unit of a metric", "hours"),
    "CCY/m³·天": pgettext_lazy("unit of a metric", "currency per m³ and day"),
    "毫秒": pgettext_lazy("unit of a metric", "ms"),
    "分钟": pgettext_lazy("unit of a metric", "minutes"),
}
DIRECTIONS = {
    "up": _("Higher is better"),
    "down": _("Lower is better"),
    "neutral": _("Neither up nor down is better"),
    "target": _("Better the closer to the target"),
}
KINDS = {"base": _("Base figure"), "derived": _("Derived from others")}
ENGINES = {
    "upload": _("comes from a file"),
    "upload_parts": _("numerator and denominator come from a file; ReviewHub divides"),
    "app": _("ReviewHub computes it"),
}
FLOWS = {
    "input": _("Input: people can act on it directly"),
    "output": _("Output: the result of other figures"),
}
OVER_TIME = {
    "sum": _("Sum of the days"),
    "last": _("Last value of the period (a stock)"),
    "avg": pgettext_lazy("over time", "Mean"),
    "median": _("Median of all cases"),
    "p75": _("75th percentile of all cases"),
    "weighted_avg": _("Weighted mean"),
    "ratio_of_sums": _("Ratio of the sums, never a mean of ratios"),
    "recompute": _("Computed anew for each period"),
    "per_month": _("Each calendar month by itself"),
    "per_year": _("Each calendar year by itself"),
    "per_upload": _("Everything handed in together, by itself"),
}
OVER_DIMENSIONS = {
    "additive": _("Parts add up to the total"),
    "semi_additive": _("Parts add up, days do not"),
    "non_additive": _("Parts do not add up"),
    "additive(platform,region); non_additive(category,sku)": _(
        "Parts add up over platform and region, not over category or SKU"
    ),
}
GRAINS = {
    "day": pgettext_lazy("grain", "day"),
    "week": pgettext_lazy("grain", "week"),
    "month": pgettext_lazy("grain", "month"),
    "quarter": pgettext_lazy("grain", "quarter"),
    "year": pgettext_lazy("grain", "year"),
}
DIMENSIONS = {
    "platform": pgettext_lazy("dimension", "platform"),
    "store": pgettext_lazy("dimension", "store"),
    "region": pgettext_lazy("dimension", "region"),
    "country": pgettext_lazy("dimension", "country"),
    "category": pgettext_lazy("dimension", "category"),
    "sku": pgettext_lazy("dimension", "SKU"),
    "channel": pgettext_lazy("dimension", "channel"),
    "segment": pgettext_lazy("dimension", "segment"),
    "campaign": pgettext_lazy("dimension", "campaign"),
    "device": pgettext_lazy("dimension", "device"),
    "page": pgettext_lazy("dimension", "page"),
    "cohort": pgettext_lazy("dimension", "cohort"),
    "reason": pgettext_lazy("dimension", "reason"),
    "warehouse": pgettext_lazy("dimension", "warehouse"),
    "carrier": pgettext_lazy("dimension", "carrier"),
    "lane": pgettext_lazy("dimension", "lane"),
    "mode": pgettext_lazy("dimension", "mode of transport"),
    "supplier": pgettext_lazy("dimension", "supplier"),
    "status": pgettext_lazy("dimension", "status"),
    "entity": pgettext_lazy("dimension", "legal entity"),
    "account": pgettext_lazy("dimension", "account"),
    "dept": pgettext_lazy("dimension", "department"),
    "team": pgettext_lazy("dimension", "team"),
    "feature": pgettext_lazy("dimension", "feature"),
    "pipeline": pgettext_lazy("dimension", "pipeline"),
    "source": pgettext_lazy("dimension", "source"),
    "system": pgettext_lazy("dimension", "system"),
    "endpoint": pgettext_lazy("dimension", "endpoint"),
    "method": pgettext_lazy("dimension", "payment method"),
    "ship cohort": pgettext_lazy("dimension", "shipping cohort"),
}
ZONES = {
    "TZ-M": _("Local day of the marketplace"),
    "TZ-D": _("Local day of the destination"),
    "TZ-W": _("Local day of the warehouse"),
    "TZ-C": _("Day of the company"),
}
RATES = {
    "FX-M": _("Month average, locked at the freeze"),
    "FX-E": _("Rate at the end of the period"),
    "FX-T": _("Cash-flow rate: of the day or month average"),
    "FX-B": _("Budget rate"),
}
REFUNDS = {
    "not deducted": _("Refunds are not deducted"),
    "by refund date": _("By the date of the refund"),
    "deducted by refund date": _("Refunds are deducted on their own date"),
    "refunded shipping deducted": _("Refunded shipping is deducted"),
    "refunded tax deducted": _("Refunded tax is deducted"),
    "estimated returns deducted": _("Expected returns are deducted"),
}
TIME_BASES = {
    "order paid time": _("When the order was paid"),
    "order paid time; refunds by refund time": _("When the order was paid; refunds when they were made"),
    "order paid time (cohort)": _("When the order was paid (cohort)"),
    "first order paid time": _("When the first order was paid"),
    "refund approved time": _("When the refund was approved"),
    "settlement event date": _("Date of the settlement entry"),
    "delivery date": _("Date of delivery"),
    "service period": _("Period of the service"),
    "content publish date": _("Date of publication"),
    "period": _("The period itself"),
}
VALUE_TYPES = {
    "money": pgettext_lazy("type of value", "Money"),
    "int": pgettext_lazy("type of value", "Whole number"),
    "ratio": pgettext_lazy("type of value", "Ratio, shown as a percentage"),
    "ratio_x": pgettext_lazy("type of value", "Ratio, shown as it is"),
    "duration": pgettext_lazy("type of value", "Duration"),
    "duration_ms": pgettext_lazy("type of value", "Milliseconds"),
    "score": pgettext_lazy("type of value", "Score"),
    "index": pgettext_lazy("type of value", "Index"),
    "enum": pgettext_lazy("type of value", "One of a list"),
}
COMPARISONS = {"pct": _("Change in per cent"), "pp": _("Change in percentage points")}
SEVERITIES = {"error": _("Blocks"), "warn": _("Warns")}
ON_FAIL = {
    "block": _("The submission stops until it holds."),
    "acknowledge": _("Somebody writes a sentence about it."),
    "reconcile": _("It opens a question between the departments."),
}
COLUMNS = {
    "code": _("Code"), "tier": _("Tier"), "pack": _("Pack"), "kind": _("Kind"), "io": _("Input or output"),
    "name_zh": _("Chinese name"), "name_en": _("English name"), "section": _("Section"),
    "checklist": _("Line of the checklist"), "unit": _("Unit"), "value_type": _("Type of value"),
    "decimals": _("Decimals"), "direction": _("Good direction"), "time_agg": _("Over time"),
    "dim_agg": _("Over dimensions"), "grain": _("Finest grain"), "dimensions": _("Dimensions"),
    "definition_zh": _("Definition in Chinese"), "definition_en": _("Definition in English"),
    "numerator": _("Numerator"), "denominator": _("Denominator"), "formula": _("Formula"),
    "engine": _("How it comes about"), "incl_shipping": _("Shipping included"), "incl_tax": _("Tax included"),
    "refund_rule": _("Refunds"), "time_basis": _("Time basis"), "tz_rule": _("Time zone"),
    "fx_rule": _("Exchange rate"), "owner_dept": pgettext_lazy("department", "Owner"), "steward_dept": _("Steward"),
    "source_of_truth": _("Source of truth"), "validation": _("Checks"), "identities": _("Identities it must satisfy"),
    "tolerance": _("Tolerance"), "compare_as": _("Compared as"), "target_hint": _("Usual target"),
    "maturity_days": _("Days until it is final"), "conflict_zh": _("Typical quarrel, Chinese"),
    "conflict_en": _("Typical quarrel, English"), "reconcile_zh": _("Standing ruling, Chinese"),
    "reconcile_en": _("Standing ruling, English"), "chart": _("Chart"),
    "new_customer_days": _("New-customer window, days"), "attribution_days": _("Attribution window, days"),
    "aliases": _("Also called"), "effective_from": _("Holds from"), "reason": pgettext_lazy("of a change", "Reason"),
}  # fmt: skip
FAULTS = {
    "file_too_large": _("The file is larger than {value} MB."),
    "not_utf8": _("The file is not UTF-8 text. Save it as “CSV UTF-8”."),
    "not_csv": _("The file is not a table of comma-separated values: a quotation mark is not closed."),
    "file_empty": _("The file is empty."),
    "no_rows": _("The file has a header and no rows."),
    "too_many_rows": _("The file has more than {value} rows."),
    "column_missing": _("The column “{column}” is missing."),
    "column_unknown": _("The column “{column}” is not known."),
    "column_twice": _("The column “{column}” appears twice."),
    "cell_count": _("The row has {value} cells; the header has another number."),
    "CODE_DUPLICATE": _("“{value}” is taken{owner}."),
    "control_character": _("“{column}” holds a control character."),
    "outer_space": _("“{column}” begins or ends with a space: “{value}”."),
    "cell_empty": _("“{column}” is empty."),
    "cell_too_long": _("“{column}” is too long: “{value}…”."),
    "not_a_choice": _("“{column}” does not know “{value}”. Possible: {choices}."),
    "not_a_code": _("“{value}” is not a code: capital letters, digits and underscores."),
    "not_a_list": _("“{column}” is a list separated by commas without spaces: “{value}”."),
    "not_a_number": _("“{column}” is a whole number: “{value}”."),
    "formula_missing": _("ReviewHub is to compute this metric, and it has no formula."),
    "department_unknown": _("“{column}” names the department “{value}”, which does not exist."),
    "rule_unknown": _("“{column}” names the rule “{value}”, which does not exist."),
    "metric_unknown": _("The formula names the metric “{value}”, which does not exist."),
    "FORMULA_SYNTAX": _("The formula cannot be read at character {place}: {why}"),
    "FORMULA_TOO_LARGE": _("The formula is too large."),
    "FORMULA_CYCLE": _("The formula goes round in a circle: {value}."),
    "UNIT_MISMATCH": _("The units do not fit: {value}."),
    "CURRENCY_MIX": _("The formula mixes currencies: {value}. Convert one with CC() first."),
    "CODE_RESERVED": _("“{value}” is a word of the formula language; choose another code."),
    "not_empty": _("The dictionary is not empty; it is filled once. Changes become proposals."),
    "not_allowed": _("Only those who govern the dictionary may change a definition."),
    "column_fixed": _("“{column}” does not belong to a definition and cannot be changed by a new version."),
    "nothing_changes": _("Nothing changes."),
    "not_later": _("A new version holds from a day after {value}, when the present one began."),
    "pinned_until": _("This definition is pinned until the cycle is over: let it hold from {value} on."),
    "not_allowed_to_propose": _("Leads, analysts and data owners propose changes."),
    "proposed_already": _("The same is proposed already and waits for a decision."),
    "changed_meanwhile": _("“{label}” has changed since this was proposed."),
    "of_profile": _("This definition belongs to the import profile {value}; it changes with the profile."),
    "type_stored": _("Figures are stored as “{value}”; another kind of value needs another metric."),
    "too_many_aliases": _("A metric has at most {value} other names."),
    "not_a_period": _("This is not a period. Write it like 2026-12."),
    "reason_missing": _("Say why the definition changes."),
    "reason_too_long": _("The reason is longer than {value} characters."),
}


# Why a formula cannot be read, by the word that metrics.formula gives.
SYNTAX = {
    "unknown name": _("“{value}” is no metric and no function."),
    "not_allowed": _("this is no part of the formula language."),
    "number": _("“{value}” is not a number as formulas write it."),
    "character": _("the sign “{value}” is not known."),
    "arguments": _("“{value}” takes another number of arguments."),
    "condition": _("a comparison stands only inside IF."),
    "no condition": _("IF begins with a comparison."),
    "places": _("ROUND takes 0 to 6 places."),
    "dimension": _("SLICE takes a dimension, or dimension=member."),
    "syntax": _("a sign is missing or too many."),
}


def fault(problem: Fault):
    """The sentence for a fault, lazily in the reader's language, without its place."""
    return format_lazy(
        FAULTS[problem.code],
        column=problem.column,
        label=word(COLUMNS, problem.column),
        value=problem.value,
        place=(problem.position or 0) + 1,
        why=format_lazy(SYNTAX.get(problem.why, "{why}"), value=problem.value, why=problem.why),
        owner=f" ({problem.why})" if problem.why else "",
        choices=", ".join(sorted(CHOICES.get(problem.column, ()))),
    )


def word(words: dict, code: str):
    """The words for `code`, or the code itself where a company made up its own."""
    return words.get(code, code)


def listed(words: dict, codes) -> str:
    """Several codes in words, joined for reading."""
    return " · ".join(str(word(words, code)) for code in codes)


def checklist(text: str):
    """`S1 销售-…` → the line in the reader's language; unknown lines as they are."""
    return word(CHECKLIST, text.split(" ")[0]) if text.split(" ")[0] in CHECKLIST else text
