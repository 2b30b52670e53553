"""What the demonstration's halls and departments did about what was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.action import HALL, ActionState, ActionStep
from auditapp.domain.actor import Actor, Role
from auditapp.domain.appeal import AppealDecision, AppealState
from auditapp.domain.month import at_hall, first_day, later
from auditapp.domain.visit import VisitState
from auditapp.gateways.demo_scenes import Subject
from auditapp.reads.appeal_results import get_result
from auditapp.reads.people import actor_of
from auditapp.services.actions import Said, approve, push_back, send_proof
from auditapp.services.appeals import decide_appeal, lodge_appeal
from auditapp.services.demo.calendar import repeatable
from auditapp.services.demo.making import Demo
from auditapp.services.demo.verdicts import RELEASE_DAY
from auditapp.services.evidence import StoredPhoto
from auditapp.store.actions import ActionEntryRow, ActionRow
from auditapp.store.appeals import AppealRow
from auditapp.store.audits import PhotoRow
from auditapp.store.contention import insert_new, table_of
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow

PHOTOS = table_of(PhotoRow)
DILIGENT, PUSHED_BACK = 0.8, 0.12  # shares of actions
UNSEEN = 0.25  # of the latest proof nobody has looked at yet
FIRST_DAYS, LOOK_HOURS = (2, 9), 20
HALLS_WORDS = (
    "已按要求恢复，班前会讲过，每天开门前由值班经理检查并签字。",
    "当天就补齐了。漏的原因是交接时没人清点，已写进交接表。",
    "重新培训并抽查三天，客流高峰由引导员盯这一项。",
)
DEPARTMENTS_WORDS = (
    "已派人到厅处理，现场试用正常；同批其他厅一并检查。",
    "已更换，并列入季度巡检清单。",
)
MISSING = "照片看不出是哪个厅，请重拍，带上厅名。"
GROUNDS = (
    ("hall_xl01", "当天园区停电，物业有书面通知，我们按预案服务。"),
    ("hall_bd02", "那台叫号机前一天已报修，工单可以查到。"),
    ("hall_sx04", "走访时正好在补充单页，十分钟后就摆好了。"),
)
STANDS = "报修不等于有替代办法，当时没有人工发号，原判维持。"


@dataclass(frozen=True, slots=True)
class _People:
    """Who puts right and who looks at it."""

    halls: Mapping[str | None, Actor]
    departments: Mapping[str | None, Actor]
    managers: Mapping[str, Actor]

    @classmethod
    def of(cls, session: Session) -> "_People":
        roles = (Role.HALL_MANAGER, Role.DEPARTMENT, Role.REGION_MANAGER)
        rows = session.scalars(
            select(PersonRow).where(PersonRow.role.in_([role.value for role in roles]))
        )
        people = [actor_of(row) for row in rows]
        return cls(
            {each.hall_id: each for each in people if each.hall_id},
            {each.department_id: each for each in people if each.department_id},
            {region: each for each in people for region in each.region_ids},
        )


def put_right(session: Session, demo: Demo, month: str) -> bool:
    """Let owners work on what they have after a month's release, unless they did."""
    begin = at_hall(first_day(later(month, 1)) + RELEASE_DAY, 10)
    worked = select(ActionEntryRow.entry_id).where(
        ActionEntryRow.step == ActionStep.PROOF.value, ActionEntryRow.at >= begin
    )
    if month == demo.month or session.scalar(worked.limit(1)) is not None:
        return False
    people = _People.of(session)
    rows = session.execute(
        select(ActionRow, CityRow.region_id)
        .join(HallRow, HallRow.hall_id == ActionRow.hall_id)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .where(
            ActionRow.state == ActionState.OPEN.value,
            ActionRow.given_at.is_not(None),
            ActionRow.given_at <= begin,
        )
        .order_by(ActionRow.hall_id, ActionRow.item_id)
    ).all()
    for action, region_id in rows:
        chance = repeatable(demo.seed, month, action.hall_id, action.item_id)
        if chance.random() < DILIGENT:
            at = begin + timedelta(days=chance.randint(*FIRST_DAYS))
            _work_on(session, demo, people, action, region_id, chance, at)
    return True


def _work_on(  # noqa: PLR0913, PLR0917 (one action in one month is these facts)
    session: Session,
    demo: Demo,
    people: _People,
    action: ActionRow,
    region_id: str,
    chance: Random,
    at: datetime,
) -> None:
    is_halls = action.owner == HALL
    owner = (people.halls if is_halls else people.departments).get(
        action.hall_id if is_halls else action.owner
    )
    manager = people.managers.get(region_id)
    if owner is None or manager is None or at >= demo.now:
        return
    words = chance.choice(HALLS_WORDS if is_halls else DEPARTMENTS_WORDS)
    said = Said(words, [_photo(session, demo, action, at)])
    send_proof(session, owner, action.action_id, said, now=at)
    looked_at = at + timedelta(hours=LOOK_HOURS)
    is_latest = at.month == demo.now.month
    if looked_at >= demo.now or (is_latest and chance.random() < UNSEEN):
        return
    if chance.random() < PUSHED_BACK:
        push_back(session, manager, action.action_id, Said(MISSING), now=looked_at)
    else:
        approve(session, manager, action.action_id, Said(""), now=looked_at)


def _photo(
    session: Session, demo: Demo, action: ActionRow, at: datetime
) -> StoredPhoto:
    """Take a photo of how it is now, looked at already."""
    subject = Subject(
        action.item_id, action.hall_id, action.hall_id, is_bad=False, occasion="after"
    )
    [photo] = demo.studio.shoot([(subject, False)])
    insert_new(session.connection(), PHOTOS, photo.row(at))
    return StoredPhoto(photo.sha256, photo.size_bytes, photo.media_type)


def make_appeals(session: Session, demo: Demo) -> bool:
    """Let three halls appeal what they lost last month, one of them decided."""
    if session.scalar(select(AppealRow.appeal_id).limit(1)) is not None:
        return False
    decider = _person(session, "hq")
    for number, (login, reason) in enumerate(GROUNDS):
        hall = _person(session, login)
        visit = session.scalar(
            select(VisitRow)
            .where(
                VisitRow.hall_id == hall.hall_id,
                VisitRow.kind == "mystery",
                VisitRow.month == later(demo.month, -1),
                VisitRow.state == VisitState.RELEASED.value,
            )
            .limit(1)
        )
        if visit is None or visit.released_at is None:
            continue
        result = get_result(session, hall, visit.visit_id)
        if not result.lost:
            continue
        at = visit.released_at + timedelta(days=1, hours=number)
        appeal_id = lodge_appeal(
            session,
            hall,
            visit.visit_id,
            result.lost[0].item_id,
            reason,
            is_working=lambda day: day.weekday() < 5,  # noqa: PLR2004 (Saturday)
            now=at,
        )
        if number == 1:
            decision = AppealDecision(AppealState.UPHELD, STANDS)
            at_once = at + timedelta(days=2)
            decide_appeal(session, decider, appeal_id, decision, now=at_once)
    return True


def _person(session: Session, login: str) -> Actor:
    row = session.scalars(select(PersonRow).where(PersonRow.login == login)).one()
    return actor_of(row)
