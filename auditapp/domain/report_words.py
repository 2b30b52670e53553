"""What the parts of a month's report are called, in both languages at once."""

from auditapp.domain.breakdown import CAP
from auditapp.domain.month_ledger import ANCHOR_ITEM, CLOSED_ITEM, REST_ITEM
from auditapp.domain.text import Text

# the sector's saying: a declared prior, printed beside the data, never measured
HYPOTHESIS = {"front_line": 10, "process": 30, "support": 60}
CAUSES = {
    "front_line": Text("现场服务", "Front line"),
    "process": Text("制度流程", "Process"),
    "support": Text("管理支撑", "Support"),
    "": Text("未归因", "Not assigned"),
}
SOURCES = {
    "mystery": Text("暗访", "Mystery visits"),
    "open_inspection": Text("明检", "Open inspection"),
    "callback": Text("客户回访", "Callback"),
    "sms": Text("短信反馈", "Text feedback"),
}
STATES = {
    "open": Text("进行中", "In progress"),
    "collecting": Text("收集中", "Collecting"),
    "closed": Text("已关账", "Books closed"),
}
PROFILES = {
    "rater": Text("服务五维（RATER）", "RATER dimensions"),
    "skill": Text("七种能力", "Seven abilities"),
    "stage": Text("服务旅程各环节", "Stages of the journey"),
}
NO_ITEMS = {
    CAP: Text("重大项不合格，总分封顶", "Cap for failed critical items"),
    CLOSED_ITEM: Text("厅没有开门", "The hall was shut"),
    REST_ITEM: Text(
        "客户总评中没有归到项目的部分", "Customers' rating beyond any item"
    ),
    ANCHOR_ITEM: Text(
        "缺少的来源按同等级平均计", "A missing source taken at its tier's mean"
    ),
}
