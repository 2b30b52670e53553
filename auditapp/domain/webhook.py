"""What may be wrong with a message that another program signed."""

from auditapp.domain.errors import DomainError, NotFoundError
from auditapp.domain.text import Text


class SignatureError(DomainError):
    """The sender did not prove who it is; the subclass says what is missing."""

    code = "signature"
    text = Text("签名不对。", "The signature is not right.")


class SignatureMissingError(SignatureError):
    """One of the three headers is not there, or cannot be read."""

    code = "signature-missing"
    text = Text(
        "缺少webhook-id、webhook-timestamp或webhook-signature，或者写法不对。",
        "webhook-id, webhook-timestamp or webhook-signature is missing or malformed.",
    )


class SignatureOldError(SignatureError):
    """It was signed too long ago, or by a clock that is ahead."""

    code = "signature-old"
    text = Text(
        "webhook-timestamp与服务器时间相差超过5分钟。请校准时钟，重新签名再发。",
        "webhook-timestamp is more than 5 minutes from the server's time. Set the"
        " clock, sign again and send again.",
    )


class SignatureWrongError(SignatureError):
    """Another secret, or the content was changed on the way."""

    code = "signature-wrong"
    text = Text(
        "签名与内容不符：密钥不同，或者内容在途中改过。要签的是收到的原始字节。",
        "The signature does not match: another secret, or the body was changed. The"
        " very bytes that are sent must be signed.",
    )


class NotSetUpError(NotFoundError):
    """The operator has not given this installation the secret that it takes."""

    code = "not-set-up"
    text = Text(
        "这个接口还没有开通：服务器上没有设置密钥，见docs/operations.md。",
        "This interface is not open: the server has no secret for it, see"
        " docs/operations.md.",
    )
