"""What the departments of the demo company wrote beside their figures: two analyses and three notes on the market."""

import datetime as dt

from metrics import analysis, notes
from metrics.models import Note, Review
from reviewhub.people.models import Department, User

# Department → who writes it, and the four fields, for the review that is ready to start.
ANALYSES = {
    "SAL": (
        "sales",
        {
            "moved": "10月GMV环比上升，主要来自会员秋季促销；德国退款在月底补记，净销售额低于预期。",
            "risks": "双11前灯具库存偏紧，若晚到一周，预计少卖约8%。",
            "proposals": "- 德国站灯具提价3%，两周后看转化\n- 双11前向物流要第二家承运商的报价",
            "targets": "11月净销售额同比+15%；退货率不高于6.0%。",
        },
    ),
    "SCM": (
        "supply",
        {
            "moved": "在库周转放慢：户外品类过季，加上灯具提前备货。",
            "risks": "两家供应商的交期在拉长，头程舱位从11月20日起紧张。",
            "proposals": "- 户外尾货在黑五前打包清仓\n- 与销售共用一张滚动预测表",
            "targets": "11月底库存周转天数回到62天以内。",
        },
    ),
}
NOTES = [
    (Note.Kind.TREND, "欧洲平台上调销售佣金", "两家平台从12月起把家居类目佣金提高0.5–1个百分点。", ""),
    (Note.Kind.COMPETITOR, "竞品在德国推出同款灯具", "定价低约7%，评分4.5，目前只在亚马逊销售。", ""),
    (Note.Kind.TREND, "行业搜索热度", "“收纳”类搜索量连续三个月走高。", "https://trends.google.com/trends/"),
]


def create(people: dict[str, User], *, at: dt.datetime) -> None:
    review = Review.objects.filter(state=Review.State.OPEN).order_by("meeting_at").first()
    for place, (code, (writer, fields)) in enumerate(ANALYSES.items()):
        department = Department.objects.get(code=code)
        when = at - dt.timedelta(hours=20 - place)
        analysis.save(review, department, fields, number=0, by=people[writer], at=when)
    entries = [notes.Entry(*one) for one in NOTES]
    marketing = Department.objects.get(code="MKT")
    when = at - dt.timedelta(hours=18)
    notes.save(review, marketing, "M5", entries, number=0, by=people["marketing"], at=when)
