"""Everything that can go wrong for a person, named in the field's words."""

from dataclasses import dataclass
from datetime import timedelta

from auditapp.domain.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with something a person sent, and the way out.

    ``pointer`` is a JSON pointer (RFC 6901) into what was sent, ``code`` is stable for
    programs, ``text`` is for the person.
    """

    pointer: str
    code: str
    text: Text


class DomainError(Exception):
    """A rule of the audit was not satisfied; ``code`` is stable for clients."""

    code = "domain-error"
    text = Text("这样做不行。", "That is not possible.")


class NotFoundError(DomainError):
    """The thing asked for does not exist, or not for this person."""

    code = "not-found"
    text = Text(
        "没有找到。也许链接不完整，或者不在您的范围内。",
        "Not found. The link may be incomplete, or it is outside what you may see.",
    )


class ForbiddenError(DomainError):
    """The person's role does not do this."""

    code = "forbidden"
    text = Text("您的角色不做这件事。", "Your role does not do this.")


class SignInRequiredError(DomainError):
    """Nobody is signed in, or the sign-in has ended."""

    code = "sign-in-required"
    text = Text(
        "请先登录。手机上记的都还在。", "Please sign in. What is on the phone is safe."
    )


class InvalidError(DomainError):
    """What was sent breaks rules; ``problems`` names every one."""

    code = "invalid"
    text = Text("有几处要改。", "Some things need correcting.")

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class ConflictError(DomainError):
    """Somebody else got there first, or the thing is closed."""

    code = "conflict"
    text = Text("已经被别处改过。", "It was changed elsewhere.")


class TooManyTriesError(DomainError):
    """The same thing was tried too often; ``wait`` says how long to leave it."""

    code = "too-many-tries"
    text = Text("试得太多了，请等一会儿。", "Too many tries. Please wait a little.")

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait


class TransitionError(ConflictError):
    """A visit or an audit cannot go from its state to the one asked for."""

    code = "transition"
    text = Text(
        "这次走访现在不能这样做，可能已被别人处理。请刷新后再看。",
        "The visit is not at that stage; somebody may have dealt with it. Please"
        " reload the page.",
    )

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"{old} to {new}")
        self.old = old
        self.new = new


class UnavailableError(DomainError):
    """The database or the storage cannot be reached just now; trying again helps."""

    code = "unavailable"
    text = Text(
        "服务器正忙，请稍后再试。", "The server is busy. Please try again soon."
    )


class FullError(DomainError):
    """There is no room left on the server's disk."""

    code = "storage-full"
    text = Text(
        "服务器存储已满。手机上的都还在，请告诉管理员。",
        "The server's storage is full. What is on the phone is safe; please tell the"
        " administrator.",
    )
