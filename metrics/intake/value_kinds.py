"""The kinds of values that expressions of a profile work with. Pure."""

TRUTH, NUMBER, TEXT, DAY, MOMENT = "a condition", "a number", "a text", "a date", "a moment"
