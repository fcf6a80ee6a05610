"""Pure. Members that formulas name as a group: SLICE(SAL_ORD, platform=site) means the stores of one's own."""

# (dimension, group) → (dimension that is stored, members)
GROUPS = {
    ("platform", "site"): ("platform", frozenset({"site", "web", "shopify", "woocommerce", "magento"})),
    ("channel", "paid"): (
        "channel",
        frozenset({"amazon_ads", "google_ads", "meta_ads", "tiktok_ads", "other_ads", "affiliate", "kol"}),
    ),
    ("warehouse", "overseas"): ("location", frozenset({"overseas"})),
    ("reason", "logistics"): ("reason", frozenset({"logistics"})),
    ("status", "sellable"): ("status", frozenset({"sellable"})),
}


def meant(dimension: str, member: str) -> tuple[str, frozenset]:
    """(stored dimension, members) of one member or group in a formula."""
    return GROUPS.get((dimension, member), (dimension, frozenset({member})))
