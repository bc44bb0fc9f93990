"""The published figures: complete, told apart from guesses, and what their number of ECGs could have seen."""

import pytest

from einthoven.bench.published import Figure, published
from einthoven.bench.published_power import interval_of, seen


def test_what_the_source_does_not_give_is_kept_as_such() -> None:
    study = published()
    assert study.lane == "reported by the source, not re-run"
    assert study.majority["diagnosis"].value is None and not study.majority["diagnosis"].exact
    about = study.majority["findings_per_ecg"]
    assert (about.text, about.value, about.exact) == ("about 1.4", 1.4, False)
    assert interval_of(about) is None and interval_of(Figure("-")) is None
    assert [column.model for column in study.of("dense")] == ["Gemma-4-E4B", "Qwen3-VL-8B"]
    assert [column.part for column in study.of("clean-and-stacked")] == ["clean", "stacked"]
    assert len(study.of("clean-and-stacked", "stacked")) == 1 and len(study.of("dense", "")) == 2
    assert study.of("sparse") == []


def test_the_number_of_ecgs_follows_from_the_percentages() -> None:
    study = published()
    scored = [column for column in study.columns if column.metric == "accuracy"]
    figures = [*study.majority.values(), *(figure for column in scored for figure in column.figures.values())]
    told = [f.text for f in figures if f.exact and f.value is not None and f.value > 2]
    assert len(told) == 41

    def fits(n: int) -> int:
        return sum(
            any(f"{100 * k / n:.1f}" == text for k in range(int(float(text) * n / 100), n + 1)[:2]) for text in told
        )

    assert fits(study.records) == 39
    assert max(fits(n) for n in range(100, 554) if n != study.records) < 39
    # The other two are whole numbers of 277 too, when they are rounded twice.
    assert {round(100 * k / 277, 2) for k in (168, 227)} == {60.65, 81.95}


def test_what_277_ecgs_could_have_seen() -> None:
    found = seen()
    assert set(found) == {"rate", "rhythm", "axis", "conduction", "ischemia_stage"}
    rhythm = found["rhythm"]
    assert (rhythm.majority, rhythm.others, rhythm.scored, rhythm.mde) == (261, 16, False, None)
    assert rhythm.p == pytest.approx(0.30, abs=0.01)  # a reader that reads, printed as "at baseline"
    others = [one for axis, one in found.items() if axis != "rhythm"]
    assert all(one.scored and one.p < 0.001 and one.mde is not None and 0.1 < one.mde < 0.4 for one in others)
    low, high = interval_of(Figure("94.2")) or (0, 0)
    assert (round(low, 1), round(high, 1)) == (90.8, 96.4)
