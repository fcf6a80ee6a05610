"""Test data: a small profile of three joined tables, and its files."""

PROFILE = """
profile: shop-tables
version: 1
title: {en: Shop tables, zh: 店铺数据表}
department: sales
grain: day
time_zone: Asia/Shanghai
columns:
  order:  {type: code, headers: [order_no]}
  placed: {type: moment, headers: [placed_at]}
  landed: {type: moment, headers: [landed_at], blank: true}
  due:    {type: moment, headers: [due_at], blank: true}
  buyer:  {type: code, headers: [buyer_no], personal: true}
  state:  {type: text, headers: [state]}
parts:
  lines:
    title: {en: order lines, zh: 订单行}
    columns:
      order:  {type: code, headers: [order_no]}
      line:   {type: integer, headers: [line_no]}
      item:   {type: code, headers: [item_no]}
      amount: {type: decimal, headers: [amount]}
    key: [order, line]
    joins:
      - {part: main, match: {order: order}, take: {placed: placed, state: state}, missing: refuse}
      - {part: items, match: {item: item}, take: {group: group}, missing: warn}
    derived: {placed_on: day(placed)}
    conditions: {valid: state != 'void'}
    exclude:
      - {reason: void, when: not valid, value: amount, text: {en: Lines of void orders, zh: 作废订单的行}}
    day: placed_on
    currency: {constant: CNY}
    dimensions: {category: {column: group}}
    metrics:
      SHOPT_SALES: {sum: amount, where: valid}
    definitions:
      SHOPT_SALES: {name: {en: Sales of valid orders, zh: 有效订单销售额}, direction: up}
  items:
    title: {en: items, zh: 商品}
    required: false
    columns:
      item:  {type: code, headers: [item_no]}
      group: {type: text, headers: [item_group]}
key: [order]
joins:
  - {part: lines, match: {order: order}, sum: {value: amount}, rows: lines, missing: allow, unused: warn}
derived:
  placed_on: day(placed)
  waited: seconds(landed, placed)
conditions:
  valid: state != 'void' and lines > 0
  delivered: filled(landed)
day: placed_on
currency: {constant: CNY}
dimensions: {segment: {column: state}}
metrics:
  SHOPT_ORDERS: {rows: valid}
  SHOPT_DELIVERED: {rows: delivered}
  SHOPT_WAITED: {sum: waited, where: delivered, unit: count}
  SHOPT_MEDIAN_MONTH: {median: waited, where: delivered, per: month, unit: duration}
  SHOPT_MEDIAN: {median: waited, where: delivered, per: upload, unit: duration}
  SHOPT_BY_MOMENT: {rows: delivered and landed <= due}
  SHOPT_BY_DAY: {rows: delivered and day(landed) <= day(due)}
  SHOPT_NEW: {distinct: buyer}
  SHOPT_ACTIVE: {distinct: buyer, per: month}
definitions:
  SHOPT_ORDERS: {name: {en: Valid orders, zh: 有效订单}, unit: 单}
  SHOPT_DELIVERED: {name: {en: Delivered, zh: 已送达}, unit: 单}
  SHOPT_WAITED: {name: {en: Seconds waited, zh: 等待秒数}, unit: 秒}
  SHOPT_MEDIAN_MONTH: {name: {en: Median wait (month), zh: 等待中位数（月）}, unit: 秒, decimals: 1}
  SHOPT_MEDIAN: {name: {en: Median wait (upload), zh: 等待中位数（整份）}, unit: 秒, decimals: 1}
  SHOPT_BY_MOMENT: {name: {en: Landed by the moment, zh: 按时刻准时}, unit: 单}
  SHOPT_BY_DAY: {name: {en: Landed by the day, zh: 按日准时}, unit: 单}
  SHOPT_NEW: {name: {en: First seen buyers, zh: 首次出现的买家}, unit: 人}
  SHOPT_ACTIVE: {name: {en: Active buyers (month), zh: 当月买家}, unit: 人}
  SHOPT_AOV: {name: {en: Order value, zh: 客单价}, unit: CCY/单, formula: SHOPT_SALES / SHOPT_ORDERS}
"""
ORDERS = (
    "order_no,placed_at,landed_at,due_at,buyer_no,state",
    "A1,2026-03-30 10:00:00,2026-03-31 10:00:10,2026-03-31 00:00:00,b1,done",
    "A2,2026-03-31 23:59:59,2026-04-02 00:00:00,2026-04-03 00:00:00,b2,done",
    "A3,2026-04-01 00:00:00,2026-04-01 00:01:00,2026-04-01 00:01:00,b1,done",
    "A4,2026-04-02 08:00:00,,,b3,void",
    "A5,2026-04-03 08:00:00,,,b1,done",
)
LINES = (
    "order_no,line_no,item_no,amount",
    "A1,1,x,10.10",
    "A1,2,y,0.05",
    "A2,1,x,20",
    "A3,1,z,1.5",
    "A4,1,x,99",
)
ITEMS = ("item_no,item_group", "x,lamps", "y,desks", "z,lamps")


def text(rows) -> bytes:
    return ("\n".join(rows) + "\n").encode()


def tables(**changed) -> dict[str, bytes]:
    """The files of a hand-in by name; `orders`, `lines`, `items` with other rows, or None to leave one out."""
    rows = {"orders": ORDERS, "lines": LINES, "items": ITEMS} | changed
    return {f"{name}.csv": text(lines) for name, lines in rows.items() if lines is not None}
