"""The organisation as written in a file: its kinds of entries and their fields.

One table describes them all; rules, sheets, templates and the import read it alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditapp.domain.actor import Role
from auditapp.domain.text import Text

Document = Mapping[str, Any]  # kind → list of entries, each field → value

IDENTIFIER, TEXT, WORDS, WHOLE, DECIMAL, HOURS, FLAG, CHOICE = range(8)
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entry: a column of the sheet and of the table.

    ``refers`` names the kind of entry whose id stands here, ``words`` what to choose
    from: ``tiers`` or ``traits`` of the vocabulary, or ``roles``. ``low`` and ``high``
    bound numbers, both included.
    """

    name: str
    label: Text
    kind: int
    column: str
    default: Any = None
    is_needed: bool = True
    refers: str | None = None
    words: str | None = None
    low: float = 0
    high: float = 0
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry; the first field is its key."""

    name: str
    label: Text
    fields: tuple[Field, ...]

    @property
    def key(self) -> Field:
        """The field that names an entry."""
        return self.fields[0]


_NAMES = (
    Field("zh", Text("中文名", "Chinese name"), TEXT, "name_zh"),
    Field("en", Text("英文名", "English name"), TEXT, "name_en"),
)
_MANY = Text("多个用 | 分隔，可以留空", "several with | between them; may be empty")


def _key(column: str) -> Field:
    return Field("id", Text("编号", "Id"), IDENTIFIER, column)


def _words(name: str, zh: str, en: str) -> Field:
    label = Text(zh, en)
    return Field(
        name, label, WORDS, name, (), is_needed=False, words="traits", note=_MANY
    )


_CORRECTIONS = (
    _words("traits_add", "增加特征", "Traits added"),
    _words("traits_remove", "去掉特征", "Traits removed"),
)
_IS_ACTIVE = Field(
    "active", Text("启用", "Active"), FLAG, "is_active", default=True, is_needed=False
)

COMPANY = Kind(
    "company",
    Text("企业", "Company"),
    (
        _key("company_id"),
        *_NAMES,
        Field("hotline", Text("服务热线", "Hotline"), TEXT, "hotline"),
    ),
)
DEPARTMENTS = Kind(
    "departments", Text("部门", "Departments"), (_key("department_id"), *_NAMES)
)
AGENCIES = Kind("agencies", Text("第三方", "Agencies"), (_key("agency_id"), *_NAMES))
REGIONS = Kind(
    "regions",
    Text("大区", "Regions"),
    (_key("region_id"), *_NAMES, _words("traits", "特征", "Traits")),
)
CITIES = Kind(
    "cities",
    Text("城市", "Cities"),
    (
        _key("city_id"),
        Field(
            "region", Text("大区", "Region"), IDENTIFIER, "region_id", refers="regions"
        ),
        *_NAMES,
        *_CORRECTIONS,
    ),
)
HALLS = Kind(
    "halls",
    Text("营业厅", "Halls"),
    (
        _key("hall_id"),
        *_NAMES,
        Field("city", Text("城市", "City"), IDENTIFIER, "city_id", refers="cities"),
        Field("tier", Text("等级", "Tier"), CHOICE, "tier", words="tiers"),
        *_CORRECTIONS,
        Field("lat", Text("纬度", "Latitude"), DECIMAL, "latitude", low=-90, high=90),
        Field(
            "lon", Text("经度", "Longitude"), DECIMAL, "longitude", low=-180, high=180
        ),
        Field(
            "geofence_m",
            Text("到店半径（米）", "Radius in metres"),
            WHOLE,
            "radius_metres",
            default=200,
            is_needed=False,
            low=20,
            high=5000,
        ),
        Field(
            "hours",
            Text("营业时间", "Opening hours"),
            HOURS,
            "hours",
            note=Text("写成 08:30-18:00", "written as 08:30-18:00"),
        ),
        Field("counters", Text("窗口数", "Counters"), WHOLE, "counters", high=200),
        Field(
            "area_m2",
            Text("面积（平方米）", "Area in m²"),
            WHOLE,
            "area_m2",
            high=100_000,
        ),
        Field("staff", Text("员工数", "Staff"), WHOLE, "staff", high=5000),
        Field(
            "pace_per_day",
            Text("日均客流", "Customers a day"),
            WHOLE,
            "customers_per_day",
            high=100_000,
        ),
        _IS_ACTIVE,
    ),
)
USERS = Kind(
    "users",
    Text("人员", "People"),
    (
        Field("login", Text("登录名", "Login"), IDENTIFIER, "login"),
        Field("role", Text("角色", "Role"), CHOICE, "role", words="roles"),
        _NAMES[0],
        Field("en", _NAMES[1].label, TEXT, "name_en", is_needed=False),
        Field(
            "regions",
            Text("大区", "Regions"),
            WORDS,
            "region_ids",
            (),
            is_needed=False,
            refers="regions",
            note=_MANY,
        ),
        Field(
            "hall",
            Text("营业厅", "Hall"),
            IDENTIFIER,
            "hall_id",
            is_needed=False,
            refers="halls",
        ),
        Field(
            "department",
            Text("部门", "Department"),
            IDENTIFIER,
            "department_id",
            is_needed=False,
            refers="departments",
        ),
        Field(
            "agency",
            Text("第三方", "Agency"),
            IDENTIFIER,
            "agency_id",
            is_needed=False,
            refers="agencies",
        ),
        Field(
            "read_only",
            Text("只读", "Read only"),
            FLAG,
            "is_read_only",
            default=False,
            is_needed=False,
        ),
        _IS_ACTIVE,
    ),
)
KINDS = (COMPANY, DEPARTMENTS, AGENCIES, REGIONS, CITIES, HALLS, USERS)

ROLES = {
    Role.ADMIN: Text("系统管理员", "Administrator"),
    Role.HEADQUARTERS: Text("总部", "Headquarters"),
    Role.REGION_MANAGER: Text("大区经理", "Regional manager"),
    Role.DEPARTMENT: Text("部门联系人", "Department contact"),
    Role.HALL_MANAGER: Text("值班经理", "Hall manager"),
    Role.INSPECTOR: Text("明检员", "Inspector"),
    Role.AUDITOR: Text("审核员", "Auditor"),
    Role.AGENCY_SUPERVISOR: Text("第三方督导", "Agency supervisor"),
    Role.CALLBACK_AGENT: Text("回访员", "Callback agent"),
}
# The fields that cut what a role may see; a role has these and no others
SCOPES = {
    Role.REGION_MANAGER: ("regions",),
    Role.INSPECTOR: ("regions",),
    Role.AUDITOR: ("regions", "agency"),
    Role.AGENCY_SUPERVISOR: ("agency",),
    Role.HALL_MANAGER: ("hall",),
    Role.DEPARTMENT: ("department",),
}
SCOPE_FIELDS = ("regions", "hall", "department", "agency")


def tidied(document: Document) -> dict[str, list[Any]]:
    """Return the entries of every kind as lists, shorthands written out.

    A single company or ``agency`` becomes a list of one, a person's ``region`` their
    ``regions``. Nothing is judged: what is no list or entry stays for the rules.
    """
    written = dict(document)
    if "agency" in written:
        written.setdefault("agencies", written["agency"])
    return {
        kind.name: [_entry(e) for e in _listed(written.get(kind.name))]
        for kind in KINDS
    }


def columns_of(kind: Kind, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sound entry as the columns of its table, defaults filled in.

    An English name that is not written is left out: what is known stays.
    """
    columns = {field.column: _stored(field, entry) for field in kind.fields}
    if columns.get("name_en", "") is None:
        del columns["name_en"]
    return columns


def _listed(written: Any) -> list[Any]:  # noqa: ANN401 - whatever the file holds
    if written is None:
        return []
    return written if isinstance(written, list) else [written]


def _entry(entry: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    if not isinstance(entry, dict) or "region" not in entry or "login" not in entry:
        return entry
    shorthand = {key: value for key, value in entry.items() if key != "region"}
    return {"regions": [entry["region"]], **shorthand}


def _stored(field: Field, entry: Mapping[str, Any]) -> Any:  # noqa: ANN401
    value = entry.get(field.name)
    if value is None:
        value = field.default
    if field.kind == DECIMAL:
        return float(value)
    if field.kind == WORDS:
        return sorted(value)
    return value
