"""Words of a checklist that no vocabulary changes, as people write them in a cell."""

from auditapp.domain.text import Text

SOURCES = {
    "mystery": Text("暗访", "Mystery visit"),
    "open_inspection": Text("明检", "Open inspection"),
    "callback": Text("回访", "Callback"),
    "sms": Text("短信反馈", "Text-message feedback"),
}
KINDS = {
    "yes_no": Text("是否题", "Yes or no"),
    "scale": Text("量表题", "Scale of five"),
    "choice": Text("选择题", "Choice"),
    "number": Text("数字题", "Number"),
    "timing_seconds": Text("计时题", "Timing in seconds"),
    "text": Text("文字题", "Words"),
}
SCREENS = {
    "outside": Text("厅外", "Outside"),
    "inside": Text("厅内", "Inside"),
    "after": Text("离厅后", "Afterwards"),
}
OCCASIONS = {
    "none": Text("不要", "None"),
    "on_fail": Text("不合格时", "When it failed"),
    "always": Text("每次", "Always"),
}
REQUIREMENTS = {
    "required": Text("必查", "Required"),
    "optional": Text("可选", "Optional"),
    "not_applicable": Text("不问", "Not asked"),
}
STATUSES = {
    "draft": Text("草稿", "Draft"),
    "published": Text("已发布", "Published"),
    "retired": Text("已停用", "Retired"),
}
ALL = Text("全部必查", "Required everywhere")
