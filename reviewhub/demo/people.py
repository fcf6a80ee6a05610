"""The people of the demo company: one for each way of using the product."""

import datetime as dt

from reviewhub.people.models import Assignment, Company, Department, PartnerShare, Role, User

COMPANY = {
    "name": "远帆家居",
    "name_en": "Farsail Home",
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "vision_zh": "让每个欧洲家庭都信得过我们的产品。",
    "vision_en": "A brand that every European household trusts.",
    "second_factor": "nobody",
    "is_demo": True,
}

# sign-in name: (Chinese, Latin, department, role, title zh, title en)
PEOPLE = {
    "sales": ("王军", "Wang Jun", "SAL", "lead", "销售总监", "Head of sales"),
    "marketing": ("孙悦", "Sun Yue", "MKT", "lead", "市场总监", "Head of marketing"),
    "supply": ("赵磊", "Zhao Lei", "SCM", "lead", "供应链总监", "Head of supply chain"),
    "finance": ("周宁", "Zhou Ning", "FIN", "lead", "财务总监", "Chief financial officer"),
    "tech": ("何帆", "He Fan", "TEC", "lead", "技术总监", "Head of technology"),
    "logistics": ("马可", "Marco Reuter", "LOG", "partner", "客户经理", "Account manager"),
    "steward": ("陈晨", "Chen Chen", "TEC", "steward", "数据负责人", "Data owner"),
    "facilitator": ("李娜", "Li Na", None, "facilitator", "运营总监", "Chief of staff"),
    "scribe": ("吴桐", "Wu Tong", None, "scribe", "总经办助理", "Assistant"),
    "ceo": ("林岚", "Lin Lan", None, "executive", "总经理", "Chief executive"),
    "hr": ("郑洁", "Zheng Jie", None, "hr", "人力资源总监", "Head of HR"),
    "payroll": ("冯雪", "Feng Xue", "FIN", "payroll", "薪酬主管", "Commission steward"),
    "owner": ("李伟", "Li Wei", "SAL", "owner", "德国站经理", "Manager Germany"),
    "observer": ("许诺", "Xu Nuo", None, "observer", "董事会观察员", "Board observer"),
    "admin": ("高远", "Gao Yuan", None, "administrator", "系统管理员", "Administrator"),
}
# Besides those of the sign-in page: someone who uploads what the head of sales hands in.
ANALYST = ("唐果", "Tang Guo", "SAL", "analyst", "销售分析师", "Sales analyst")
# What the company lets its logistics partner see besides what partners always see: the fate they share.
SHARED = {"LOG": ("CS_CONTACT", "SC_OOS")}
BOUND = {"lead", "analyst", "partner"}


def create(*, at: dt.datetime) -> dict[str, User]:
    """The company and its people, by sign-in name; nobody has a password."""
    Company.objects.update_or_create(pk=1, defaults=COMPANY)
    departments = {row.code: row for row in Department.objects.all()}
    roles = {row.code: row for row in Role.objects.all()}
    people = {}
    for username, (zh, latin, code, role, title_zh, title_en) in {**PEOPLE, "analyst": ANALYST}.items():
        home = departments.get(code)
        person = User(username=username, name=zh, name_latin=latin, department=home)
        person.title_zh, person.title_en = title_zh, title_en
        person.email = f"{username}@farsail.example"
        person.set_unusable_password()
        person.save()
        bound = home if role in BOUND else None
        Assignment.objects.create(user=person, role=roles[role], department=bound, granted_at=at)
        people[username] = person
    return people


def share(people: dict[str, User], *, at: dt.datetime) -> None:
    """The metrics of SHARED, shown to the partner by the data owner."""
    departments = {row.code: row for row in Department.objects.filter(code__in=SHARED)}
    PartnerShare.objects.bulk_create(
        PartnerShare(
            department=departments[home],
            kind="metric",
            code=code,
            granted_at=at,
            granted_by=people["steward"],
        )
        for home, codes in SHARED.items()
        for code in codes
    )
