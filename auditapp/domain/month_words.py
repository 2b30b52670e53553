"""What the codes of a month mean, in words for people."""

from auditapp.domain import composite
from auditapp.domain.text import Text

FLAG_TEXTS = {
    composite.ONE_VISIT: Text(
        "只有一次走访，没有其他来源，不参加排名",
        "One visit and no other source: shown, not ranked",
    ),
    composite.TOO_FEW_SOURCES: Text(
        "来源不够，不评等级、不参加排名", "Too few sources: no grade and no rank"
    ),
    composite.TOO_LITTLE_WEIGHT: Text(
        "到齐的来源权重不足，不评等级、不参加排名",
        "Too little weight at hand: no grade and no rank",
    ),
    composite.REVISIT: Text(
        "走访和客户评价相差太大，要复访后再排名",
        "Visit and customers differ too much: a second visit comes first",
    ),
    composite.NO_VISIT: Text("本月没有暗访", "No mystery visit this month"),
    composite.VISIT_CLOSED: Text(
        "走访时该开门却没开，按规则计分",
        "Found closed in its hours; scored by the rule",
    ),
    composite.CRITICAL_OPEN: Text(
        "有重大项未达标，不能评最高等级",
        "A critical item failed: the best grade is withheld",
    ),
    composite.BEGGING: Text(
        "短信评分明显高于回访，可能有人索要好评",
        "Feedback is far above the calls: ratings may be solicited",
    ),
}
STATUS_TEXTS = {
    composite.FULL: Text("完整", "complete"),
    composite.PARTIAL: Text("部分", "partial"),
    composite.INSUFFICIENT: Text("不足，不出分", "insufficient, no score"),
}
MISSING_TEXTS = {
    composite.NO_EVIDENCE: Text("本月没有", "none this month"),
    composite.TOO_FEW: Text("太少，不计入", "too few to count"),
}
LINE_TEXTS = {
    "critical_cap": Text("重大项封顶", "Cap for a critical item"),
    "hall_closed": Text("走访时没有开门", "Found closed"),
    "tier_mean": Text(
        "缺来源，按同级平均补", "Missing source taken at the tier's mean"
    ),
    "not_itemised": Text("没有细项", "Not itemised"),
}
