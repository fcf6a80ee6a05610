"""Pure. What the codes in the choices of the templates read as: channels, statuses, reasons, devices."""

CHANNELS = {
    "amazon_ads": ("亚马逊广告", "Amazon Ads"), "google_ads": ("谷歌广告", "Google Ads"),
    "meta_ads": ("Meta 广告", "Meta Ads"), "tiktok_ads": ("TikTok 广告", "TikTok Ads"),
    "other_ads": ("其他付费广告", "Other paid ads"), "affiliate": ("联盟营销", "Affiliates"),
    "kol": ("网红合作", "Influencers"), "social": ("自营社媒", "Own social media"), "email": ("邮件", "E-mail"),
    "organic": ("自然搜索", "Organic search"), "direct": ("直接访问", "Direct"), "events": ("活动展会", "Events"),
    "chat": ("在线聊天", "Chat"), "phone": ("电话", "Telephone"), "marketplace": ("平台站内信", "Marketplace"),
    "instagram": ("Instagram", "Instagram"), "facebook": ("Facebook", "Facebook"), "tiktok": ("TikTok", "TikTok"),
    "youtube": ("YouTube", "YouTube"), "pinterest": ("Pinterest", "Pinterest"), "x": ("X", "X"),
    "xiaohongshu": ("小红书", "Xiaohongshu"), "douyin": ("抖音", "Douyin"), "other": ("其他", "Other"),
}  # fmt: skip
STATUSES = {
    "sellable": ("可售", "Sellable"), "in_transit": ("在途", "In transit"), "reserved": ("预留", "Reserved"),
    "unsellable": ("不可售", "Unsellable"),
}  # fmt: skip
REASONS = {
    "delivery": ("物流配送", "Delivery"), "return": ("退换货", "Return"), "product": ("商品咨询", "Product question"),
    "quality": ("质量问题", "Quality"), "payment": ("付款发票", "Payment"), "other": ("其他", "Other"),
    "logistics": ("物流原因", "Logistics"),
}  # fmt: skip
DEVICES = {"mobile": ("手机", "Mobile"), "desktop": ("电脑", "Desktop"), "tablet": ("平板", "Tablet")}
WORDS = {"channel": CHANNELS, "status": STATUSES, "reason": REASONS, "device": DEVICES}


def named(dimension: str, code: str, language: str) -> str:
    """The words of a code that templates offer; any other code as it is."""
    zh, en = WORDS.get(dimension, {}).get(code, (code, code))
    return zh if language.startswith("zh") else en
