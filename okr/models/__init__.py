"""The tables of objectives and key results."""

from okr.models.cascade import SCALE, Contribution, KeyResult, Measurement, Objective, Share, six
from okr.models.cycle import Cycle
from okr.models.offer import Offer, OfferStep
from okr.models.pay import (
    PayAmount,
    PayApproval,
    PayDispute,
    PayLine,
    PayMember,
    PayPlan,
    PayReturn,
    PayStatement,
)
from okr.models.reset import Grade, Reset

__all__ = [
    "SCALE",
    "Contribution",
    "Cycle",
    "Grade",
    "KeyResult",
    "Measurement",
    "Objective",
    "Offer",
    "OfferStep",
    "PayAmount",
    "PayApproval",
    "PayDispute",
    "PayLine",
    "PayMember",
    "PayPlan",
    "PayReturn",
    "PayStatement",
    "Reset",
    "Share",
    "six",
]
