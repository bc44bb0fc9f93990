from einthoven.bench.audit.groups import ATTRIBUTES, groups_of


def test_zero_is_male_as_in_the_data_and_what_is_not_known_stays() -> None:
    found = groups_of([{"sex": 0}, {"sex": 1}, {}])
    assert found["sex"] == ["male", "female", "unknown"]
    assert set(found) == set(ATTRIBUTES)


def test_ages_by_band_with_the_ends_where_they_belong() -> None:
    ages = [0, 17.9, 18, 39.9, 40, 60, 79.9, 80, 90, None]
    found = groups_of([{} if age is None else {"age": age} for age in ages])["age"]
    assert found[:4] == ["under 18", "under 18", "18 to 39", "18 to 39"]
    assert found[4:] == ["40 to 59", "60 to 79", "60 to 79", "80 and over", "80 and over", "unknown"]


def test_quality_by_kind() -> None:
    records = [{"quality": "static_noise: I-AVR"}, {"quality": "baseline_drift: V6; static_noise: alles"}, {}]
    assert groups_of(records)["quality"] == ["static noise", "several kinds", "nothing noted"]
    assert groups_of([{}, {}])["quality"] == ["unknown", "unknown"]  # a source that notes nothing says nothing


def test_site_and_device() -> None:
    found = groups_of([{"site": "2", "device": "AT-6  C"}, {}])
    assert found["site"] == ["2", "unknown"] and found["device"] == ["AT-6 C", "unknown"]
