"""JSON that strangers send: broken texts, and sound ones of every kind."""

from hypothesis import strategies as st

from auditapp.domain.json_text import DEEPEST

BROKEN = [
    b"",
    b" ",
    b"[",
    b"{",
    b'{"a":}',
    b'{"a":1,}',
    b'{"a":1}x',
    b"[1,]",
    b"nul",
    b"NaN",
    b"[Infinity]",
    b"[-Infinity]",
    b"[1e400]",
    b"[01]",
    b"[+1]",
    b"[.5]",
    b"['a']",
    b'["\x01"]',
    b'["\\x"]',
    b'["\\ud800"]',
    b'["\\uDC00\\ud800"]',
    b'{"\\ud800": 1}',
    b'{"a": 1, "a": 2}',
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\x00}\x00",
    '{"a": "é"}'.encode("latin-1"),
    '{"a": 1}'.encode("utf-16"),
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'"\\"' * 100_000,
    b'"' + b'\\"' * 100_000,
    b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
    b"9" * 5_000,
]

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.just("\0"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
