"""Pure. Aims that pull one driver in opposite directions: what is to be saved here is promised there."""

import re
from dataclasses import dataclass

from okr.tree import Node

DOWN, UP = "down", "up"


@dataclass(frozen=True)
class Pull:
    """Metrics, or words of a title, that are to move `way`."""

    way: str
    metrics: frozenset[str]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Tension:
    """A driver with the pulls at its two ends."""

    code: str
    ends: tuple[tuple[Pull, ...], tuple[Pull, ...]]


def _pull(way: str, metrics: str, *words: str) -> Pull:
    return Pull(way, frozenset(metrics.split()), words)


TENSIONS = (
    Tension(
        "LOGISTICS",
        (
            (
                _pull(
                    DOWN,
                    "SC_LOG_COST SC_LOG_RATE SC_CPO SC_FL_COST SC_LM_COST",
                    r"物流(费用|成本)|运费|配送成本|履约成本",
                    r"(logistics|shipping|delivery|freight|fulfilment) costs?",
                ),
            ),
            (
                _pull(
                    DOWN,
                    "SC_DLV_DAYS SC_O2D SC_WH_DISP SC_LT_FL",
                    r"(配送|物流|发货|送达|派送|出库)(时效|时间|周期|天数)|(送达|发货|配送).{0,8}天",
                    r"(deliver|ship|dispatch|transit)\w*.{0,24}\bdays?\b|(delivery|shipping|transit|dispatch) times?",
                ),
                _pull(UP, "SC_OTD SC_OTD_SLA", r"准时(送达)?率", r"on-time"),
            ),
        ),
    ),
    Tension(
        "ACQUISITION",
        (
            (_pull(DOWN, "MKT_CAC MKT_CAC_PAID", r"获客成本|拉新成本", r"\bCAC\b|acquisition costs?"),),
            (
                _pull(
                    UP,
                    "MKT_REACH MKT_NEWCUST MKT_IMP MKT_AWARE",
                    r"触达|曝光|新客数|知名度",
                    r"\breach\b|impressions|new customers|awareness",
                ),
            ),
        ),
    ),
    Tension(
        "STOCK",
        (
            (
                _pull(
                    DOWN,
                    "SC_INV_VAL SC_DIO SC_AGED180",
                    r"库存(金额|天数|周转天数|占用)",
                    r"(stock|inventory) (value|days)|days of (stock|inventory)",
                ),
                _pull(UP, "SC_TURN", r"库存周转率", r"inventory turnover"),
            ),
            (_pull(DOWN, "SC_OOS", r"缺货|断货", r"stock-?outs?|out of stock"),),
        ),
    ),
    Tension(
        "MARGIN",
        (
            (_pull(UP, "FIN_GM FIN_GM_PROD", r"毛利率?", r"gross margin"),),
            (_pull(UP, "SAL_DISC", r"折扣|促销力度", r"discounts?|promotion depth"),),
        ),
    ),
)

_LESS = re.compile(
    r"[-−–]\s*\d|≤|<|不(超过|高于)|以内|降|减|下调|缩短|压缩|节省|控制"
    r"|\b(less|lower|reduc\w*|cut\w*|sav(e|ing)\w*|below|under|within|at most|shorten\w*|down|no more than)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"[+＋]\s*\d|≥|>|不低于|以上|升|增|提高|扩大|达到|突破"
    r"|\b(more|rais\w*|grow\w*|increas\w*|at least|above|over|up|reach\w*|widen\w*|double\w*)\b",
    re.IGNORECASE,
)


def way(node: Node) -> str:
    """Where it is to move: by its figures, else by the words of its title; "" where nothing says so."""
    if node.change is not None and node.change != 0:
        return UP if node.change > 0 else DOWN
    if node.target is not None and node.baseline is not None and node.target != node.baseline:
        return UP if node.target > node.baseline else DOWN
    if _LESS.search(node.title):
        return DOWN
    return UP if _MORE.search(node.title) else ""


def ends(node: Node) -> dict[str, int]:
    """Code of a tension → the end (0 or 1) at which a node pulls."""
    direction = way(node)
    return {
        tension.code: end
        for tension in TENSIONS
        for end in (1, 0)
        if any(pull.way == direction and _is_meant(pull, node) for pull in tension.ends[end])
    }


def _is_meant(pull: Pull, node: Node) -> bool:
    if node.metric:
        return node.metric in pull.metrics
    return any(re.search(words, node.title, re.IGNORECASE) for words in pull.words)
