"""The shipped model itself: these tests load it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ModelDamaged
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.tags import trained_model
from journal.tags.evidence import LONGEST_STRETCH_WORDS
from journal.tags.names import FEELINGS, THEMES
from journal.tags.trained_tagger import MOST_EVIDENCE, TrainedTagger

TAGGER = TrainedTagger()
SENTENCES = Path(__file__).resolve().parents[3] / "benchmarks" / "data" / "whose_feeling.tsv"

DAY = (
    "I was so angry when the discharge went ahead without a plan. In the evening my sister called and we cooked "
    "dinner together. I went to bed early and slept badly."
)

pytestmark = pytest.mark.model


def suggested(text: str) -> set[str]:
    return {tag.name for tag in TAGGER.suggest(text)}


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("We had handover at two. I was so angry when the discharge went ahead without a plan.", "angry", "angry"),
        ("My sister and her children came to see us. It was a quiet weekend with them.", "family", "sister"),
        ("The day was fine. But I slept badly again and lay awake for hours.", "sleep", "slept|awake"),
        ("I went for a long run in the park. After the run I felt calm and relaxed.", "calm", "calm"),
    ],
)
def test_a_tag_comes_with_the_words_that_speak_of_it(text: str, name: str, words: str) -> None:
    tags = {tag.name: tag for tag in TAGGER.suggest(text)}
    assert any(re.search(words, span.text) for span in tags[name].evidence)


@pytest.mark.parametrize(
    "text",
    [
        "The rota came out on Monday.",
        "The kettle in the kitchen has been replaced.",
        "Two of the bays were closed for cleaning in the afternoon.",
        "The printer on the second floor was out of paper again.",
        "The bus was ten minutes late this morning.",
    ],
)
def test_a_plain_sentence_has_no_feeling(text: str) -> None:
    assert not suggested(text) & set(FEELINGS)


def test_an_entry_is_about_all_that_a_sentence_of_it_is_about() -> None:
    text = "I went to church on Sunday and prayed. My sister and her children came to see us. I slept very badly."
    assert {"spirituality", "family", "sleep"} <= suggested(text)


def test_evidence_is_short_where_a_sentence_is_long() -> None:
    text = (
        "Yesterday I went to the supermarket for a few things that we needed and met my old friends from school "
        "whom I had not seen for years at the till."
    )
    spans = [span for tag in TAGGER.suggest(text) if tag.name == "friends" for span in tag.evidence]
    assert any("friends" in span.text for span in spans)
    assert all(len(span.text.split()) <= LONGEST_STRETCH_WORDS + 4 for span in spans)


def test_without_its_evidence_a_tag_is_less_sure() -> None:
    for tag in TAGGER.suggest(DAY):
        left = DAY
        for span in reversed(tag.evidence):
            left = left[: span.start] + left[span.end :]
        still = {one.name: one.confidence or 0.0 for one in TAGGER.suggest(left)}
        assert still.get(tag.name, 0.0) < (tag.confidence or 0.0), tag.name


def test_the_same_text_gets_the_same_tags_from_another_tagger_whatever_came_before() -> None:
    fresh = TrainedTagger(threads=1)
    fresh.suggest("We had soup. " * 50)
    assert fresh.suggest(DAY) == TAGGER.suggest(DAY)
    assert fresh.version == TAGGER.version


@pytest.mark.parametrize(
    "text", ["Calm evening.", "Sad.", "So tired, so angry.", "Panic, again.", "Gut feeling: anxious."]
)
def test_a_few_english_words_are_read(text: str) -> None:
    assert suggested(text) & set(FEELINGS)


def test_the_tags_of_this_work_are_suggested_too() -> None:
    text = "I feel guilty for leaving the others. I said no to the extra shift and took it to supervision."
    assert {"guilty", "boundaries", "supervision"} <= suggested(text)


def test_all_names_are_known_and_none_is_of_a_crisis() -> None:
    text = "I want to die. My client talked about suicide, and I am afraid that I could harm myself."
    for tag in TAGGER.suggest(text):
        assert tag.name in (FEELINGS if tag.kind == "feeling" else THEMES)


@pytest.mark.parametrize(
    "text",
    [
        "Ich war heute sehr wütend auf meine Chefin, und dann bin ich mit meiner Schwester essen gegangen.",
        "Je suis très fatiguée aujourd'hui, mais la soirée avec ma famille était belle.",
        "Hoy estoy muy triste porque mi paciente murió.",
        "Vandaag was ik erg boos op mijn collega.",
        "Сегодня я очень устала и злилась.",
        "今日はとても疲れました。",
        "كنت غاضبة جدا اليوم",
        "Jag är trött och ledsen efter jobbet.",
        "Die Hard Nacht",
        "Stress im Dienst",
        "Burnout und Panic",
        "Journée happy au travail",
        "Noche en calma",
        "Weer stress op werk",
        "Lavoro e stress sempre",
    ],
)
def test_no_guess_is_made_in_another_language(text: str) -> None:
    assert TAGGER.suggest(text) == ()


def test_english_beside_another_language_is_still_read() -> None:
    assert "angry" in suggested(f"{DAY} Meine Oma sagt: das ist nicht so schlimm.")


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x01", "…?!", "😀😀", "12 34", "\u202e\u202d\u200f", "A table and a chair."]
)
def test_nothing_is_suggested_where_there_is_nothing(text: str) -> None:
    assert TAGGER.suggest(text) == ()


@pytest.mark.parametrize(
    "piece", ["I was so happy with my family. ", " ", "a", "a b ", "😀happy ", "\x00\x01", "\n", "i not if want ", "."]
)
def test_a_megabyte_of_anything_is_read_within_the_time_of_a_test(piece: str) -> None:
    tags = TAGGER.suggest(piece * (1_000_000 // len(piece)))
    assert all(len(tag.evidence) <= MOST_EVIDENCE for tag in tags)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            [
                "I was",
                "not",
                "angry",
                "she",
                "sad",
                "İstanbul",
                "ﬁne",
                "ß",
                "😀",
                "don’t",
                ",",
                ". ",
                "\u202e",
                "\x00",
                "\n",
            ]
        )
        | st.text(max_size=12)
    ).map(" ".join)
)
def test_evidence_is_where_it_says_it_is(text: str) -> None:
    for tag in TAGGER.suggest(text):
        assert tag.evidence
        assert 0 < (tag.confidence or 0) <= 1
        assert all(span.text == text[span.start : span.end] for span in tag.evidence)


@pytest.mark.parametrize("part", ["build", "later"])
def test_whose_feeling_it_is_stays_told_apart(part: str) -> None:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["part"] == part]
    for felt in ("yes", "no"):
        asked = [row for row in rows if row["felt"] == felt]
        right = [(row["feeling"] in suggested(row["text"])) == (felt == "yes") for row in asked]
        assert sum(right) >= 0.95 * len(asked)


def test_alike_sentences_have_alike_embeddings() -> None:
    texts = ["My patient died this morning.", "A man I cared for passed away today.", "We had pizza for lunch."]
    died, passed, pizza = TAGGER.model().encoder.vectors(texts)
    assert died @ passed > died @ pizza + 0.2


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    for file in trained_model.FOLDER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert TrainedTagger(tmp_path).suggest(DAY) == TAGGER.suggest(DAY)
    with (tmp_path / "heads.npz").open("ab") as heads:
        heads.write(b"x")
    with pytest.raises(ModelDamaged):
        TrainedTagger(tmp_path).suggest(DAY)


HOLES = (
    "I was angry at work, my colleague was happy, and so ashamed of it that I cried.",
    "I was sad in the morning, she was furious with me all day, and I felt guilty because I had forgotten the form.",
    "We were tired. He said he was proud of us, and I was glad about that, though nobody was happy at the end.",
)


@pytest.mark.parametrize("text", HOLES)
def test_evidence_is_what_stands_in_the_text_and_passes_over_what_others_feel(text: str) -> None:
    tags = TAGGER.suggest(text)
    assert tags
    for tag in tags:
        assert tag.evidence
        for span in tag.evidence:
            assert text[span.start : span.end] == span.text
            assert "  " not in span.text


def test_a_damaged_search_model_keeps_no_feeling_back(tmp_path: Path) -> None:
    for name in ("sha256.json", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"{}")
    tagger = TrainedTagger(meaning=MiniLmEncoder(tmp_path))
    assert "angry" in {tag.name for tag in tagger.suggest("I was so angry about the rota this morning.")}
