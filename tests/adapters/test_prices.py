"""The price table: dated, sourced, and unknown where it does not know."""

from datetime import date
from pathlib import Path

import pytest

from einthoven.adapters.prices import Price, price_of
from einthoven.adapters.provider import providers
from einthoven.errors import EinthovenError

PRICE = Price(2.0, 10.0, 0.5, date(2026, 1, 31), "a test")


def test_every_row_has_a_provider_a_date_and_a_source() -> None:
    import tomllib
    from importlib.resources import files

    rows = tomllib.loads(files("einthoven.adapters").joinpath("prices.toml").read_text())["price"]
    assert len({row["model"] for row in rows}) == len(rows)
    for row in rows:
        price = price_of(row["model"])
        assert price is not None
        assert row["model"].partition("/")[0] in providers()
        assert date(2026, 1, 1) <= price.read and price.source
        assert 0 < price.input < price.output
        assert price.cached is None or 0 < price.cached < price.input


def test_unknown_is_unknown() -> None:
    assert price_of("openai/gpt-99") is None
    assert price_of("openrouter/openai/gpt-5.5") is None
    assert PRICE.cost(None, 5) is None
    assert PRICE.cost(5, None) is None
    assert Price(2.0, 10.0, None, PRICE.read, "").cost(10, 10, 1) is None


def test_a_snapshot_has_the_price_of_its_name() -> None:
    assert price_of("openai/gpt-5.5-2026-04-23") == price_of("openai/gpt-5.5")
    assert price_of("anthropic/claude-haiku-4-5-20251001") == price_of("anthropic/claude-haiku-4-5")
    assert price_of("openai/gpt-5.5-pro") is None


def test_what_an_answer_costs() -> None:
    assert PRICE.cost(1_000_000, 0) == 2.0
    assert PRICE.cost(1_000_000, 1_000_000, 400_000) == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 10)
    assert PRICE.cost(100, 0, None) == PRICE.cost(100, 0, 0)  # a silent provider: at most this


def test_a_table_of_one_s_own_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "own.toml"
    row = "input = 1\noutput = 3.5\nread = 2026-02-01\nsource = 'contract'\n"
    table.write_text(f"[[price]]\nmodel = 'openai/gpt-5.5'\n{row}")
    monkeypatch.setenv("EINTHOVEN_PRICES", str(table))
    assert price_of("openai/gpt-5.5") == Price(1.0, 3.5, None, date(2026, 2, 1), "contract")
    assert price_of("openai/gpt-5.4") is not None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[price]]\nmodel = 'a/b'\noutput = 1\n", "'input' is missing"),
        (
            "[[price]]\nmodel = 'a/b'\ninput = -1\noutput = 1\nread = 2026-01-01\nsource = ''\n",
            "no number of dollars",
        ),
        ("[[price]]\nmodel = 'a/b'\ninput = 1\noutput = 1\nread = 'today'\nsource = ''\n", "has no date"),
        ("price: 3", "is no table of prices"),
    ],
)
def test_a_faulty_table_gets_two_lines(
    text: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / f"{abs(hash(text))}.toml"
    table.write_text(text)
    monkeypatch.setenv("EINTHOVEN_PRICES", str(table))
    with pytest.raises(EinthovenError) as caught:
        price_of("a/b")
    assert problem in caught.value.problem


def test_a_table_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_PRICES", "/nowhere/prices.toml")
    with pytest.raises(EinthovenError, match="cannot be read: No such file"):
        price_of("a/b")
