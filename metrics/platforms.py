"""Pure. The sales platforms that shipped profiles name, with their names in both languages."""

# member code: (zh, en, position)
PLATFORMS = {
    "amazon": ("亚马逊", "Amazon", 1),
    "aliexpress": ("速卖通", "AliExpress", 2),
    "tiktok": ("TikTok Shop", "TikTok Shop", 3),
    "ebay": ("eBay", "eBay", 4),
    "web": ("独立站", "Own store", 5),
    "shopee": ("Shopee", "Shopee", 6),
    "walmart": ("沃尔玛", "Walmart", 7),
    "wayfair": ("Wayfair", "Wayfair", 8),
    "tmall": ("天猫", "Tmall", 9),
}
