from __future__ import annotations

import numpy as np
import pytest

from journal.tags.personal import ADDED_FROM, FEWEST_EXAMPLES, Lessons, Vectors, corrected, own_tag

WIDTH = 384
NOTHING = np.zeros((0, WIDTH), np.float32)


def about(subject: int, count: int, seed: int = 0, likeness: float = 0.7) -> Vectors:
    """Entries about one subject, as near to each other as real ones are."""
    random = np.random.default_rng([seed, subject])
    centre = np.random.default_rng(subject).standard_normal(WIDTH)
    centre /= np.linalg.norm(centre)
    noise = random.standard_normal((count, WIDTH))
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    rows = likeness * centre + np.sqrt(1 - likeness**2) * noise
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def between(count: int, seed: int = 0) -> Vectors:
    """Entries that are about two subjects."""
    rows = about(1, count, seed) + about(2, count, seed)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def lessons(
    yes: Vectors = NOTHING, no: Vectors = NOTHING, let_stand: Vectors = NOTHING, without: Vectors = NOTHING
) -> Lessons:
    return Lessons(yes, no, let_stand, without)


def test_without_lessons_a_confidence_stays_as_it_is() -> None:
    assert corrected(0.7, about(1, 1)[0], lessons()) == pytest.approx(0.7)


def test_a_refused_tag_is_less_sure_where_entries_are_alike_and_nearly_the_same_elsewhere() -> None:
    refused = lessons(no=about(1, 3), let_stand=about(2, 30))
    assert corrected(0.7, about(1, 1, seed=9, likeness=0.8)[0], refused) < 0.45
    assert corrected(0.7, about(2, 1, seed=9)[0], refused) > 0.65


def test_a_tag_that_was_given_again_and_again_comes_by_itself_where_entries_are_alike() -> None:
    given = lessons(yes=about(1, 6), without=about(2, 6))
    assert corrected(0.0, about(1, 1, seed=9, likeness=0.8)[0], given) > ADDED_FROM
    assert corrected(0.0, about(2, 1, seed=9)[0], given) < 0.1


def test_a_refusal_adds_a_tag_nowhere() -> None:
    refused = lessons(no=about(1, 1), let_stand=about(1, 12, seed=5))
    assert corrected(0.0, about(1, 1, seed=9, likeness=0.8)[0], refused) == 0.0


def test_a_tag_that_was_given_to_some_of_what_is_alike_is_not_added_to_all_of_it() -> None:
    entry = about(1, 1, seed=9, likeness=0.8)[0]
    assert corrected(0.0, entry, lessons(yes=about(1, 6), without=about(1, 12, seed=5))) < ADDED_FROM


def test_a_tag_that_is_always_refused_is_believed_less_everywhere() -> None:
    assert corrected(0.6, about(2, 1)[0], lessons(no=about(1, 8))) < 0.3


def test_five_examples_teach_a_tag() -> None:
    others = np.vstack([about(subject, 12) for subject in range(2, 7)])
    tag = own_tag(lessons(yes=about(1, 5), without=others))
    assert tag is not None
    found = [tag.sure(vector) > 0.5 for vector in about(1, 20, seed=9)]
    wrong = [tag.sure(vector) > 0.5 for subject in range(2, 7) for vector in about(subject, 20, seed=9)]
    assert sum(found) >= 18
    assert sum(wrong) <= 3


def test_a_refusal_teaches_what_a_tag_is_not() -> None:
    others = np.vstack([about(subject, 12) for subject in range(3, 7)])
    near_misses = between(6)
    before = own_tag(lessons(yes=about(1, 5), without=others))
    after = own_tag(lessons(yes=about(1, 5), no=near_misses, without=others))
    assert before is not None
    assert after is not None
    mistaken = between(20, seed=9)
    assert sum(after.sure(vector) for vector in mistaken) < sum(before.sure(vector) for vector in mistaken)


@pytest.mark.parametrize("count", range(FEWEST_EXAMPLES))
def test_fewer_examples_teach_nothing(count: int) -> None:
    assert own_tag(lessons(yes=about(1, count), without=about(2, 20))) is None


def test_examples_that_are_like_everything_else_teach_nothing_wrong() -> None:
    same = about(1, 30)
    tag = own_tag(lessons(yes=same[:5], without=same[5:]))
    assert tag is None or np.mean([tag.sure(vector) > 0.5 for vector in about(2, 50)]) < 0.6


def test_what_is_like_none_of_the_examples_does_not_get_the_tag_however_little_else_there_is() -> None:
    tag = own_tag(lessons(yes=about(1, 3), without=about(2, 1)))
    assert tag is not None
    assert not any(tag.sure(vector) for subject in range(3, 30) for vector in about(subject, 5))


def test_without_anything_else_in_the_journal_there_is_nothing_to_tell_apart() -> None:
    assert own_tag(lessons(yes=about(1, 9))) is None
