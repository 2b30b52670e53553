"""Who the company is: regions, cities, halls, departments, agencies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base


class CompanyRow(Base):
    """The one company of this installation."""

    __tablename__ = "companies"

    company_id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    hotline: Mapped[str]


class DepartmentRow(Base):
    """A department that owns findings."""

    __tablename__ = "departments"

    department_id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]


class AgencyRow(Base):
    """A third party that sends auditors."""

    __tablename__ = "agencies"

    agency_id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]


class RegionRow(Base):
    """A region with the traits that all its halls inherit."""

    __tablename__ = "regions"

    region_id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    traits: Mapped[list[str]]


class CityRow(Base):
    """A city, correcting its region's traits."""

    __tablename__ = "cities"

    city_id: Mapped[str] = mapped_column(primary_key=True)
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.region_id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    traits_add: Mapped[list[str]]
    traits_remove: Mapped[list[str]]


class HallRow(Base):
    """One service outlet, correcting its city's traits."""

    __tablename__ = "halls"

    hall_id: Mapped[str] = mapped_column(primary_key=True)
    city_id: Mapped[str] = mapped_column(ForeignKey("cities.city_id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    tier: Mapped[str]
    traits_add: Mapped[list[str]]
    traits_remove: Mapped[list[str]]
    latitude: Mapped[float]
    longitude: Mapped[float]
    radius_metres: Mapped[int]
    hours: Mapped[str]  # "08:30-18:00"
    counters: Mapped[int]
    area_m2: Mapped[int]
    staff: Mapped[int]
    customers_per_day: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)


class HallPlaceRow(Base):
    """A hall's tier and effective traits from a month on, until the next such row.

    A hall without any has always been what its own row says; before its tier or traits
    are changed for the first time, what they were is written down from month "".
    """

    __tablename__ = "hall_places"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), primary_key=True)
    from_month: Mapped[str] = mapped_column(primary_key=True)  # "2026-12"
    tier: Mapped[str]
    traits: Mapped[list[str]]  # all that hold, sorted: region, city and hall together
    reason: Mapped[str]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    changed_at: Mapped[datetime]
