"""A reworded text shows which words are gone and which are new."""

from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.word_marks import LONGEST, word_marks


def changed(pieces):
    return [piece.text for piece in pieces if piece.is_changed]


def test_only_the_words_that_differ_are_marked():
    before, after = word_marks("Greet within 15 seconds", "Greet within 30 seconds")
    assert (changed(before), changed(after)) == (["15"], ["30"])
    before, after = word_marks("进厅15秒内有人招呼", "进厅30秒内有人招呼客户")
    assert (changed(before), changed(after)) == (["15"], ["30", "客户"])


def test_a_very_long_text_is_marked_as_one():
    before, _after = word_marks("a" * (LONGEST + 1), "b")
    assert changed(before) == ["a" * (LONGEST + 1)]


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_pieces_are_the_texts_again(before, after):
    one, other = word_marks(before, after)
    assert "".join(piece.text for piece in one) == before
    assert "".join(piece.text for piece in other) == after
    kept = [[p.text for p in side if not p.is_changed] for side in (one, other)]
    assert kept[0] == kept[1]
