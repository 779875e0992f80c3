from hypothesis import given
from hypothesis import strategies as st

from voice.loops import FEWEST_ROUNDS, without_loops


def kept(text: str) -> str:
    words = text.split()
    return " ".join(words[place] for place in without_loops(words))


def test_a_loop_is_cut_to_its_first_round() -> None:
    assert kept("I went home. " + "Thank you. " * 12) == "I went home. Thank you."
    assert kept("and then " + "the rain, the rain " * 9 + "stopped") == "and then the rain, stopped"


def test_punctuation_and_case_do_not_hide_a_loop() -> None:
    assert kept("Yes. yes, YES! yes yes") == "Yes."


def test_people_may_repeat_themselves() -> None:
    for text in ("no no no", "It was too much. It was too much. It was too much.", ""):
        assert kept(text) == text


def test_a_long_sentence_said_again_and_again_stays() -> None:
    sentence = "ask not what your country can do for you ask what you can do for your country "
    assert kept(sentence * 6) == (sentence * 6).strip()


@given(st.lists(st.sampled_from("abc"), max_size=60))
def test_what_is_kept_stays_in_order_and_holds_every_word(words: list[str]) -> None:
    places = without_loops(words)
    assert places == sorted(set(places))
    assert {words[place] for place in places} == set(words)


@given(st.lists(st.sampled_from("abcdefgh"), max_size=FEWEST_ROUNDS - 1))
def test_too_few_words_for_a_loop_all_stay(words: list[str]) -> None:
    assert without_loops(words) == list(range(len(words)))
