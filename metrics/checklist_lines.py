"""The lines that a review asks of each department: which metrics each is made of. Pure.

Lines and metrics are those of the dictionary (column `checklist`, what its starter metrics need from files); targets
come with the budget. `by`: the figures must be split by this dimension. `words`: a note in words answers it too.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of the checklist, asked of the department with the code `department`."""

    code: str
    department: str
    title_zh: str
    title_en: str
    needs: tuple[str, ...]
    by: str = ""
    words: bool = False


def _line(code, department, title_zh, title_en, needs, **more) -> Line:
    return Line(code, department, title_zh, title_en, tuple(needs.split()), **more)


LINES = (
    _line("S1", "SAL", "总销售额与增长率", "Total sales and growth", "SAL_GROSS SAL_DISC SAL_REF"),
    _line("S2", "SAL", "订单量与客单价", "Orders and order value", "SAL_ORD SAL_UNITS"),
    _line("S3", "SAL", "各平台销售表现", "Sales by platform", "SAL_GROSS", by="platform"),
    _line("S4", "SAL", "各区域市场表现", "Sales by country", "SAL_GROSS", by="country"),
    _line(
        "S5",
        "SAL",
        "品类销售排行与生命周期",
        "Best and slow sellers, life cycle",
        "SAL_TOP20_SHARE SAL_SELLTHRU SAL_SLOW_VAL SAL_LIFECYCLE",
    ),
    _line("S6", "SAL", "退货率与售后数据", "Returns and their reasons", "SAL_REF SAL_RET_UNITS"),
    _line("S7", "SAL", "新品销售贡献", "Contribution of new products", "SAL_NEW_NET SAL_NEW_CVR"),
    _line(
        "M1",
        "MKT",
        "各渠道营销投入与产出",
        "Spend and output by channel",
        "MKT_SPEND_AD MKT_SPEND_SOC MKT_SPEND_KOL MKT_ATTR_SALES MKT_NEWCUST MKT_REPEAT",
    ),
    _line("M2", "MKT", "用户获取成本", "Acquisition cost", "MKT_SPEND_ACQ"),
    _line("M3", "MKT", "广告转化率与点击率", "Click-through and conversion", "MKT_IMP MKT_CLK MKT_AD_ORD"),
    _line("M4", "MKT", "品牌曝光与互动", "Followers, engagement, awareness", "MKT_FOLLOW MKT_ENG MKT_AWARE"),
    _line(
        "M5",
        "MKT",
        "市场趋势分析",
        "Market trends",
        "MKT_MKT_YOY MKT_PRICE_IDX",
        words=True,
    ),
    _line(
        "C1",
        "SCM",
        "库存周转天数与周转率",
        "Inventory turnover, overstock, stock-out",
        "SC_INV_VAL SC_DOC SC_OOS SC_AGED180",
    ),
    _line(
        "C2",
        "SCM",
        "备货周期与采购成本",
        "Lead time, purchasing cost, suppliers",
        "SC_LT_SUP SC_LT_QC SC_LT_FL SC_LT_PUT SC_PPV SC_SUP_OTIF SC_SUP_SCORE",
    ),
    _line(
        "C3",
        "LOG",
        "物流成本与时效",
        "Freight cost and delivery time",
        "SC_FL_COST SC_LM_COST SC_DLV_DAYS SC_DLV_RATE SC_OTD",
    ),
    _line("C4", "LOG", "海外仓数据", "Overseas warehouses", "SC_WH_DISP SC_WH_STOR"),
    _line("C5", "SCM", "产品良品率与缺陷率", "Yield and defects", "SC_YIELD"),
    _line("C6", "SCM", "客户服务数据", "Customer service", "CS_CONTACT CS_FRT CS_CSAT"),
    _line(
        "F1",
        "FIN",
        "利润表",
        "Income statement",
        "FIN_REV FIN_COGS_PROD FIN_EXP_SELL FIN_EXP_GA FIN_EXP_RD FIN_EXP_FIN",
    ),
    _line("F2", "FIN", "现金流量表", "Cash flow", "FIN_CFO FIN_CFI FIN_CFF FIN_CASH_END"),
    _line("F3", "FIN", "资产负债表", "Balance sheet", "FIN_ASSET FIN_LIAB FIN_EQ"),
    _line("F4", "FIN", "预算执行情况", "Budget against actual", "FIN_BUD FIN_ACT"),
    _line("F5", "FIN", "毛利率与净利率", "Gross and net margin", "FIN_REV FIN_COGS_PROD FIN_COGS_FRT"),
    _line(
        "T1",
        "TEC",
        "系统稳定性与体验",
        "Stability and experience",
        "TEC_UPTIME TEC_LCP TEC_CART_CVR MKT_SESS",
    ),
    _line("T2", "TEC", "新功能进度与效果", "Progress of new features", "TEC_FEAT_OT"),
    _line("T3", "TEC", "数据质量", "Data quality", "TEC_DATA_FRESH"),
)
BY_CODE = {line.code: line for line in LINES}
