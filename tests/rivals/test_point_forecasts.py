"""The experiment on decisions of the European Union: its arithmetic, and the figures given with the file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
if not EXPERIMENTS.is_dir():
    pytest.skip("the experiments come with the repository only", allow_module_level=True)


@pytest.fixture(scope="module")
def experiment():
    sys.path.insert(0, str(EXPERIMENTS))
    try:
        import validation.point_forecasts as found

        return found
    finally:
        sys.path.remove(str(EXPERIMENTS))


def test_errors_by_hand(experiment, tmp_path):
    (tmp_path / experiment.FILE).write_text(
        "issue_id,outcome,reference_point,challenge_forecast,compromise_forecast\n"
        "a,100,0,40,50\nb,0,,10,20\nc,50,50,100,60\nd,0,100,30,30\n",
        encoding="utf-8",
    )
    found = {c.name: c for c in experiment.checks(tmp_path)}
    assert found["MAE of challenge"].ours == pytest.approx((60 + 10 + 50 + 30) / 4)
    assert found["MAE of compromise"].ours == pytest.approx((50 + 20 + 10 + 30) / 4)
    assert found["MAE of always 50"].ours == pytest.approx(150 / 4)
    assert found["MAE of the status quo, where the file has one"].ours == pytest.approx(200 / 3)
    assert found["MAE of compromise, on the same issues"].ours == pytest.approx(90 / 3)
    assert found["MAE of challenge minus that of compromise"].ours == pytest.approx(10)
    assert found["share of issues on which compromise was nearer"].ours == pytest.approx(2 / 3)
    assert found["MAE of challenge"].holds is False


def test_the_figures_given_with_the_file(experiment):
    data = experiment.data_folder()
    if not (data / experiment.FILE).is_file():
        pytest.skip(f"{experiment.FILE} is not in {data}; DETENTE_DATA may name another folder")
    for check in experiment.checks(data):
        assert check.holds is not False, check
