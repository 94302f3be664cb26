"""A sweep over a grid as an xarray Dataset: every measure an array over the varied fields.

pip install xarray
python experiments/examples/sweep_to_xarray.py experiments/front_speed.yaml
"""

from __future__ import annotations

import sys

import xarray as xr

import sim
from sim.sweeping import Swept


def to_dataset(swept: Swept) -> xr.Dataset:
    """Dimensions are the varied fields, variables the measures, with the ends of their intervals as NAME.low, .high."""
    fields = list(swept.experiment.file.vary)
    table = swept.frame.drop(columns="point").set_index(fields)
    dataset = xr.Dataset.from_dataframe(table)
    return dataset.assign_attrs(worlds=swept.experiment.file.worlds, seed=swept.experiment.file.seed)


if __name__ == "__main__":
    print(to_dataset(sim.sweep(sys.argv[1])))
