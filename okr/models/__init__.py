"""The tables of objectives and key results."""

from okr.models.cascade import SCALE, Contribution, KeyResult, Measurement, Objective, Share, six
from okr.models.cycle import Cycle

__all__ = ["SCALE", "Contribution", "Cycle", "KeyResult", "Measurement", "Objective", "Share", "six"]
