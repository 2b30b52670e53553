"""The tests' browser opens the example of the standard itself."""

from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric import ec

from push_browser import PushBrowser

# Source: RFC 8291, Appendix A
PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg"
    "Dll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZ"
    "wbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def of(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_example_of_rfc_8291_is_opened():
    key = ec.derive_private_key(int.from_bytes(of(PRIVATE)), ec.SECP256R1())
    browser = PushBrowser(key, of(AUTH))

    assert browser.open(of(MESSAGE)) == b"When I grow up, I want to be a watermelon"
