"""Chinese first, English complete: nothing on a page lacks either."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def translate():
    spec = importlib.util.spec_from_file_location(
        "translate", ROOT / "script/translate.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_has_its_chinese(translate):
    stored = translate.stored()
    missing = []
    for message in translate.extracted():
        if not message.id:
            continue
        known = stored.get(message.id)
        if known is None or not any(translate.texts(known.string)):
            missing.append(message.id)

    assert not missing


def test_translations_keep_every_placeholder(translate):
    for message in translate.stored():
        if not message.id or not any(translate.texts(message.string)):
            continue
        english = message.id[-1] if isinstance(message.id, tuple) else message.id
        for chinese in translate.texts(message.string):
            assert placeholders(chinese) == placeholders(english), english


def placeholders(text):
    return sorted(re.findall(r"%\(\w+\)[sd]|%%", text))


def test_chinese_texts_use_full_width_punctuation(translate):
    for message in translate.stored():
        for chinese in translate.texts(message.string or ""):
            assert not re.search(r"[\u4e00-\u9fff][,;!?]", chinese), chinese
