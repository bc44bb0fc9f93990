from typing import Any

import pytest

torch = pytest.importorskip("torch")

from einthoven.adapters.signal.architectures import ARCHITECTURES, build  # noqa: E402
from einthoven.adapters.signal.mixstyle import MixStyle  # noqa: E402
from einthoven.errors import EinthovenError  # noqa: E402


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("resnet1d-audit", 1_186_437),  # as published
        ("resnet1d-explain", 8_738_309),  # as published
        ("se-resnet", 3_355_941),
    ],
)
def test_a_network_has_so_many_parameters(name: str, parameters: int) -> None:
    assert sum(p.numel() for p in build(name, 5).parameters()) == parameters


def test_the_shipped_network_is_small_and_the_large_one_is_xresnet1d101() -> None:
    small, large = build("xresnet1d-small", 162), build("xresnet1d", 71)
    assert sum(p.numel() for p in small.parameters()) == 317_634
    # 3 + 4 + 23 + 3 bottlenecks of three convolutions, three of the stem, one projection where the width changes
    convolutions = [m for m in large.modules() if isinstance(m, torch.nn.Conv1d)]
    assert len(convolutions) == 33 * 3 + 3 + 1
    assert large.blocks[-1].convolutions[-1][0].out_channels == 256


#: What has no size of its own until it is told.
_MEMBER = {"network": "xresnet1d-small", "options": {}, "gain": 1.0}
_OPTIONS: dict[str, dict[str, Any]] = {"ensemble": {"members": [_MEMBER, {**_MEMBER, "gain": 2.0}]}}


@pytest.mark.parametrize("name", sorted(set(ARCHITECTURES) - {"image-resnet"}))
@pytest.mark.parametrize("samples", [250, 1000])
def test_any_length_gives_logits_and_gradients(name: str, samples: int) -> None:
    torch.manual_seed(0)
    network = build(name, 3, _OPTIONS.get(name))
    logits = network(torch.randn(2, 12, samples))
    assert logits.shape == (2, 3)
    logits.sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in network.parameters())


def test_mixstyle_mixes_in_training_only() -> None:
    torch.manual_seed(0)
    features = torch.randn(8, 4, 50) * torch.arange(1, 9)[:, None, None] + torch.arange(8)[:, None, None]
    mix = MixStyle(chance=1.0, alpha=0.3)
    mixed = mix.train()(features)
    assert torch.equal(mix.eval()(features), features)
    assert not torch.allclose(mixed, features)

    # What is left of a record is its shape: without mean and spread both are the same.
    def shape(x: "torch.Tensor") -> "torch.Tensor":
        return (x - x.mean(-1, keepdim=True)) / x.std(-1, keepdim=True)

    assert torch.allclose(shape(mixed), shape(features), atol=1e-4)


def test_the_switches_of_se_resnet() -> None:
    plain = build("se-resnet", 5, {"mixstyle": False, "depths": False})
    assert plain.mixstyle is None
    assert plain.head.in_features == 2 * 256
    assert build("se-resnet", 5).head.in_features == 2 * (64 + 128 + 192 + 256)


def test_wrong_names_and_options_get_two_lines() -> None:
    with pytest.raises(EinthovenError, match="did you mean xresnet1d"):
        build("xresnet", 5)
    with pytest.raises(EinthovenError, match="unexpected keyword argument 'depth'"):
        build("se-resnet", 5, {"depth": 3})
    with pytest.raises(EinthovenError, match="2 stages and 1 widths"):
        build("xresnet1d", 5, {"layers": [1, 1], "widths": [8]})


def test_of_a_random_probe_the_last_layer_alone_learns() -> None:
    probe = build("random-probe", 5)
    before = [value.clone() for value in probe.encoder.parameters()]
    optimizer = torch.optim.SGD(probe.parameters(), lr=1.0)
    probe(torch.randn(4, 12, 250)).sum().backward()
    optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(before, probe.encoder.parameters(), strict=True))
    assert sum(p.numel() for p in probe.parameters()) == 2 * 96 * 5 + 5
