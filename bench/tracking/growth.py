"""Draws the figures that stand on standard input as the SVG named by the first argument."""

import json
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

figures = json.load(sys.stdin)
plt.rcParams["svg.hashsalt"] = "slipway"
figure, axes = plt.subplots(figsize=(7, 3.6))
runs = [each["runs"] for each in figures]
for name, label in [("searchP95Ms", "search by metric and param, p95"), ("newestP95Ms", "the newest runs, p95"), ("logP50Ms", "log-metric, p50")]:
    axes.plot(runs, [each[name] for each in figures], marker="o", label=label)
axes.set_xscale("log")
axes.set_ylim(bottom=0)
axes.set_xlabel("runs")
axes.set_ylabel("milliseconds")
axes.grid(alpha=0.3)
axes.legend(frameon=False)
figure.tight_layout()
figure.savefig(sys.argv[1], metadata={"Date": None})
