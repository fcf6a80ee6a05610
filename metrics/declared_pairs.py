"""Pure. The declared pairs: what two departments, or two books, state of the same thing, and the bridge between.

One table. Each side and each line of a bridge is a formula over metrics of the dictionary and over the inputs declared
here, which are columns of templates and no metrics. Tolerance and weight stand in the rule of the dictionary, or here
where a pair has no rule.
"""

from dataclasses import dataclass

COMPUTED, DECLARED = "computed", "declared"


@dataclass(frozen=True)
class Input:
    """A column of a template that rules read and that is no metric: `profile` counts it under the name `count`."""

    profile: str
    count: str
    department: str


INPUTS = {
    "LEDGER_ADS": Input("pnl", "ledger_ads", "FIN"),
    "LEDGER_STORAGE": Input("pnl", "ledger_storage", "FIN"),
    "LEDGER_LOGISTICS": Input("pnl", "ledger_logistics", "FIN"),
    "LEDGER_CAPITALISED": Input("pnl", "ledger_capitalised", "FIN"),
    "RESTRICTED_CASH": Input("balance", "restricted_cash", "FIN"),
    "DIVIDENDS": Input("cashflow", "dividends", "FIN"),
    "CAPITAL_IN": Input("cashflow", "capital", "FIN"),
    "PAID_SESSIONS": Input("web-daily", "paid", "TEC"),
}
# What is worked out of several figures by part, by metrics.paired_figures.
WORKED_OUT = {
    "LANDED_COST_OF_SALES": ("SAL_UNITS", "SC_INV_UNITS", "SC_INV_VAL"),
    "PROFIT_OF_CATEGORIES": ("FIN_REV", "FIN_COGS_PROD"),
}


@dataclass(frozen=True)
class Side:
    """What one side says: the department, the formula, the metric whose definition it is, and the table it is in."""

    department: str
    formula: str
    metric: str
    table: str = ""  # the name of the input, where it is no metric


@dataclass(frozen=True)
class Line:
    """One line of the bridge: `code` names it, `stage` its place between gross and residual."""

    code: str
    formula: str
    stage: str
    said: str = COMPUTED
    department: str = ""


@dataclass(frozen=True)
class Pair:
    """`left` (built up from `parts`, where there are) + `lines` should be `right`; or not above it (`sign` "<=")."""

    rule: str
    left: Side
    right: Side
    parts: tuple[Line, ...] = ()
    lines: tuple[Line, ...] = ()
    sign: str = "=="
    tolerance: str = ""  # where the dictionary has no rule for it
    severity: str = ""

    @property
    def departments(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.left.department, self.right.department)))

    @property
    def formulas(self) -> tuple[str, ...]:
        return (
            self.left.formula,
            self.right.formula,
            *(one.formula for one in (*self.parts, *self.lines)),
        )


PAIRS = (
    Pair(
        "ID69",
        Side("SAL", "SAL_NET", "SAL_NET"),
        Side("FIN", "FIN_REV", "FIN_REV"),
        parts=(
            Line("GROSS", "SAL_GROSS", "gross"),
            Line("DISCOUNTS", "0 - SAL_DISC", "cancelled"),
            Line("REFUNDS", "0 - SAL_REF", "refunds"),
        ),
        lines=(
            Line("SHIPPING_INCOME", "SAL_SHIPREV", "shipping"),
            Line("EXCHANGE", "REC_FX", "fx", DECLARED, "FIN"),
            Line("CUTOFF", "REC_CUTOFF", "timing", DECLARED, "FIN"),
            Line("EXPECTED_RETURNS", "REC_RETEST", "timing", DECLARED, "FIN"),
            Line("OTHER", "REC_OTHER", "other", DECLARED, "FIN"),
        ),
    ),
    Pair(
        "ID21", Side("MKT", "MKT_ATTR_SALES", "MKT_ATTR_SALES"), Side("SAL", "SAL_GMV", "SAL_GMV"), sign="<="
    ),
    Pair(
        "ID30",
        Side("TEC", "PAID_SESSIONS", "TEC_SITE_CVR", "web-daily"),
        Side("SAL", "SLICE(SAL_ORD, platform=site)", "SAL_ORD"),
    ),
    Pair(
        "ID73",
        Side("MKT", "MKT_SPEND", "MKT_SPEND"),
        Side("FIN", "FIN_EXP_MKT", "FIN_EXP_MKT"),
        parts=(
            Line("SPEND_ADS", "MKT_SPEND_AD", "part"),
            Line("SPEND_SOCIAL", "MKT_SPEND_SOC", "part"),
            Line("SPEND_INFLUENCERS", "MKT_SPEND_KOL", "part"),
            Line("SPEND_OTHER", "MKT_SPEND_OTH", "part"),
        ),
    ),
    Pair(
        "ID29",
        Side("MKT", "MKT_SPEND_AD", "MKT_SPEND_AD"),
        Side("FIN", "LEDGER_ADS", "FIN_EXP_MKT", "LEDGER_ADS"),
    ),
    Pair(
        "ID70",
        Side("SCM", "SC_INV_VAL", "SC_INV_VAL"),
        Side("FIN", "FIN_INV", "FIN_INV"),
        lines=(Line("PROVISION", "0 - FIN_INV_PROV", "other", DECLARED, "FIN"),),
    ),
    Pair(
        "ID71",
        Side("SCM", "LANDED_COST_OF_SALES", "SC_INV_VAL", "LANDED_COST_OF_SALES"),
        Side("FIN", "FIN_COGS_PROD", "FIN_COGS_PROD"),
    ),
    Pair(
        "ID74",
        Side("LOG", "SC_LOG_COST", "SC_LOG_COST"),
        Side("FIN", "LEDGER_LOGISTICS", "FIN_COGS_FRT", "LEDGER_LOGISTICS"),
        parts=(
            Line("FIRST_LEG", "SC_FL_COST", "part"),
            Line("DUTY", "SC_DUTY", "part"),
            Line("LAST_MILE", "SC_LM_COST", "part"),
            Line("STORAGE", "SC_WH_STOR", "part"),
            Line("HANDLING", "SC_WH_HAND", "part"),
        ),
        lines=(Line("CAPITALISED", "0 - LEDGER_CAPITALISED", "timing", DECLARED, "FIN"),),
    ),
    Pair(
        "ID51",
        Side("LOG", "SC_WH_STOR", "SC_WH_STOR"),
        Side("FIN", "LEDGER_STORAGE", "FIN_COGS_FRT", "LEDGER_STORAGE"),
    ),
    Pair(
        "ID65",
        Side("FIN", "FIN_CASH_END", "FIN_CASH_END"),
        Side("FIN", "SLICE(FIN_ASSET, account=cash) - RESTRICTED_CASH", "FIN_ASSET"),
    ),
    Pair(
        "ID66",
        Side("FIN", "FIN_EQ - BEG(FIN_EQ)", "FIN_EQ"),
        Side("FIN", "FIN_NP", "FIN_NP"),
        lines=(
            Line(
                "OCI",
                "BEG(SLICE(FIN_EQ, account=other_income)) - SLICE(FIN_EQ, account=other_income)",
                "other",
                COMPUTED,
            ),
            Line("DIVIDENDS", "0 - DIVIDENDS", "other", DECLARED, "FIN"),
            Line("CAPITAL_IN", "0 - CAPITAL_IN", "other", DECLARED, "FIN"),
        ),
    ),
    Pair(
        "ID72",
        Side("FIN", "PROFIT_OF_CATEGORIES", "FIN_GP", "PROFIT_OF_CATEGORIES"),
        Side("FIN", "FIN_GP", "FIN_GP"),
        lines=(
            Line("FULFILMENT", "0 - FIN_COGS_FRT", "other", DECLARED, "FIN"),
            Line("OTHER_COST", "0 - FIN_COGS_OTH", "other", DECLARED, "FIN"),
        ),
    ),
    Pair(
        "FEES",
        Side("SAL", "SAL_PLATFEE", "SAL_PLATFEE"),
        Side("FIN", "FIN_EXP_PLAT", "FIN_EXP_PLAT"),
        tolerance="2%",
        severity="warn",
    ),
    Pair(
        "BUDGET",
        Side("FIN", "SLICE(FIN_ACT, dept=MKT)", "FIN_ACT"),
        Side("FIN", "FIN_EXP_MKT", "FIN_EXP_MKT"),
        tolerance="2%",
        severity="warn",
    ),
)
BY_RULE = {one.rule: one for one in PAIRS}
