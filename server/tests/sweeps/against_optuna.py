"""Runs searches twice: by Optuna itself, and by `slipway/optimize.py`, ended and started again every few questions.

Prints one JSON object: by search, what each of the two tried, and where its pruner stopped.
"""

import json
import subprocess
import sys
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")

SPACE = {
    "x": {"type": "float", "low": -4.0, "high": 4.0},
    "lr": {"type": "float", "low": 1e-4, "high": 1.0, "log": True},
    "n": {"type": "int", "low": 1, "high": 64, "log": True},
    "k": {"type": "int", "low": 0, "high": 10, "step": 2},
}
KINDS = {"kind": {"type": "choice", "values": ["a", None, 3, True]}}
GRID = {"x": {"type": "float", "low": 0.0, "high": 0.3, "step": 0.1}, "n": {"type": "int", "low": 1, "high": 5, "step": 2}, **KINDS}
RESTART_EVERY = 4
#: A pruner is asked at each step of each trial.
RESTART_EVERY_PRUNED = 40
STEPS = 12


class Ours:
    """The process, ended and started again as a daemon's would be."""

    def __init__(self, restart_every):
        self.restart_every = restart_every
        self.process = None
        self.asked = 0

    def ask(self, **question):
        if self.asked % self.restart_every == 0:
            self.end()
            self.process = subprocess.Popen([sys.executable, sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.asked += 1
        self.process.stdin.write(json.dumps({"id": self.asked, **question}) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        assert "error" not in reply, reply
        return reply

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def suggest(trial, space):
    """The params as a script of Optuna's asks for them."""
    found = {}
    for name, d in space.items():
        if d["type"] == "choice":
            found[name] = trial.suggest_categorical(name, d["values"])
        elif d["type"] == "int":
            found[name] = trial.suggest_int(name, d["low"], d["high"], log=d.get("log", False), step=d.get("step", 1))
        else:
            found[name] = trial.suggest_float(name, d["low"], d["high"], log=d.get("log", False), step=d.get("step"))
    return found


def value_of(params):
    kind = ["a", None, 3, True].index(params["kind"]) if "kind" in params else 0
    return (params["x"] - 1) ** 2 + abs(params.get("lr", 0) - 0.01) + params["n"] / 64 + params.get("k", 0) / 10 + kind


def points_of(params):
    """What a trial measures step by step: it nears its value from above."""
    return [value_of(params) + 4 / (step + 1) for step in range(STEPS)]


def by_optuna(search, space, sampler, pruner, count):
    study = optuna.create_study(study_name=search, sampler=sampler, pruner=pruner)
    told = []
    for _ in range(count):
        try:
            trial = study.ask()
            params = suggest(trial, space)
        except RuntimeError:
            break
        stopped = None
        for step, value in enumerate(points_of(params)):
            trial.report(value, step)
            if trial.should_prune():
                stopped = step
                break
        told.append({"params": params, "stopped": stopped})
        try:
            study.tell(trial, None if stopped is not None else value_of(params), state=optuna.trial.TrialState.PRUNED if stopped is not None else None)
        except RuntimeError:
            pass  # a grid ends its study by itself
    return told


def to_ask(trials):
    """No more of the points than the daemon sends with a question for params."""
    return [{**trial, "points": trial["points"][-1:] if trial["state"] == "PRUNED" else []} for trial in trials]


def to_judge(trials, number, step):
    """No more of the points than the daemon sends with a question about a trial."""
    return [trial if at == number else {**trial, "points": [point for point in trial["points"] if point[0] == step]} for at, trial in enumerate(trials)]


def by_us(search, space, sampler, pruner, count):
    ours, trials, state, told = Ours(RESTART_EVERY if pruner["kind"] == "none" else RESTART_EVERY_PRUNED), [], None, []
    study = {"name": search, "direction": "minimize", "space": space, "sampler": sampler, "pruner": pruner, "warm": []}
    for number in range(count):
        reply = ours.ask(ask={**study, "trials": to_ask(trials)}, state=state)
        params, state = reply["params"], reply["state"]
        trial = {"params": params, "attrs": reply["attrs"], "state": "RUNNING", "points": []}
        trials.append(trial)
        stopped = None
        for step, value in enumerate(points_of(params)):
            reply = ours.ask(prune={**study, "trials": to_judge(trials, number, step)}, number=number, points=[[step, value]]) if pruner["kind"] != "none" else {"step": None, "attrs": trial["attrs"]}
            trial["points"].append([step, value])
            trial["attrs"] = reply["attrs"]
            if reply["step"] is not None:
                stopped = reply["step"]
                break
        trial.update({"state": "PRUNED"} if stopped is not None else {"state": "COMPLETE", "value": value_of(params)})
        told.append({"params": params, "stopped": stopped})
    ours.end()
    return told


def main():
    s, p = optuna.samplers, optuna.pruners
    none = ({"kind": "none"}, p.NopPruner())
    searches = {
        "random": ({**SPACE, **KINDS}, {"kind": "random", "seed": 5}, s.RandomSampler(seed=5), *none, 12),
        "tpe": ({**SPACE, **KINDS}, {"kind": "tpe", "seed": 6, "startupTrials": 5}, s.TPESampler(seed=6, n_startup_trials=5), *none, 20),
        "tpe, multivariate": (SPACE, {"kind": "tpe", "seed": 7, "startupTrials": 4, "multivariate": True}, s.TPESampler(seed=7, n_startup_trials=4, multivariate=True), *none, 14),
        "cma-es": (SPACE, {"kind": "cma-es", "seed": 8}, s.CmaEsSampler(seed=8), *none, 24),
        "grid": (GRID, {"kind": "grid", "seed": 9}, s.GridSampler({"x": [0.0, 0.1, 0.2, 0.3], "n": [1, 3, 5], "kind": ["a", None, 3, True]}, seed=9), *none, 48),
        "median": (SPACE, {"kind": "random", "seed": 1}, s.RandomSampler(seed=1), {"kind": "median", "startupTrials": 3, "warmupSteps": 2, "intervalSteps": 1}, p.MedianPruner(n_startup_trials=3, n_warmup_steps=2), 10),
        "asha": (SPACE, {"kind": "random", "seed": 2}, s.RandomSampler(seed=2), {"kind": "asha", "minResource": 1, "reductionFactor": 3}, p.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3), 10),
        "hyperband": (SPACE, {"kind": "tpe", "seed": 3}, s.TPESampler(seed=3), {"kind": "hyperband", "minResource": 1, "maxResource": STEPS, "reductionFactor": 3}, p.HyperbandPruner(min_resource=1, max_resource=STEPS, reduction_factor=3), 10),
    }
    result = {}
    for search, (space, sampler, theirs, pruner, their_pruner, count) in searches.items():
        result[search] = {"optuna": by_optuna(search, space, theirs, their_pruner, count), "ours": by_us(search, space, sampler, pruner, count)}
    print(json.dumps(result))


main()
