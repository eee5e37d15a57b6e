"""Answers for sweeps what Optuna would, over stdin and stdout, for as long as it is let.

A message is one line of JSON each way, answered in order::

    -> {"id": 1, "ask": STUDY, "state": null}
    <- {"id": 1, "params": {"lr": 0.01}, "attrs": {}, "state": "gASV…"}
    -> {"id": 2, "prune": STUDY, "number": 3, "points": [[5, 0.9], [6, "NaN"]]}
    <- {"id": 2, "step": 6, "attrs": {}}                 `step` is null: let it go on
    -> {"id": 3, "importances": STUDY, "method": "fanova"}
    <- {"id": 3, "importances": {"lr": 0.8, "depth": 0.2}}
    <- {"id": 4, "error": {"code": "too_few_trials", "message": "…"}}

Nothing is kept between two messages: a STUDY holds all that is known
(``name``, ``direction``, ``space``, ``sampler``, ``pruner``, ``trials``,
``warm``), and ``state`` the sampler as the answer before left it, its random
generators included. So a sweep that was interrupted anywhere goes on exactly
as Optuna would have gone on by itself.
"""

import sys

del sys.path[0]  # our neighbours must not stand in for modules of the same name

import base64
import json
import os
import pickle
import warnings

# What a library prints must not stand in our protocol.
_requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
_replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
os.dup2(2, 1)


class Refusal(Exception):
    """What cannot be answered; `code` is for programs."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def distribution_of(spec):
    """Optuna's distribution of one dimension of the space."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if spec["type"] == "choice":
        return CategoricalDistribution(spec["values"])
    if spec["type"] == "int":
        return IntDistribution(spec["low"], spec["high"], log=spec.get("log", False), step=spec.get("step", 1))
    return FloatDistribution(spec["low"], spec["high"], log=spec.get("log", False), step=spec.get("step"))


def grid_of(space):
    """All values of each dimension, as `GridSampler` takes them."""
    return {name: _values_of(spec) for name, spec in space.items()}


def _values_of(spec):
    if spec["type"] == "choice":
        return spec["values"]
    if spec["type"] == "int":
        return list(range(spec["low"], spec["high"] + 1, spec.get("step", 1)))
    # The last one may lie a rounding error beyond the end.
    count = int((spec["high"] - spec["low"]) / spec["step"] + 1e-8) + 1
    return [min(spec["low"] + i * spec["step"], spec["high"]) for i in range(count)]


def sampler_of(study, warm):
    """The sampler as it begins."""
    from optuna import samplers

    spec = study["sampler"]
    startup = {"n_startup_trials": spec["startupTrials"]} if "startupTrials" in spec else {}
    if spec["kind"] == "grid":
        return samplers.GridSampler(grid_of(study["space"]), seed=spec["seed"])
    if spec["kind"] == "random":
        return samplers.RandomSampler(seed=spec["seed"])
    if spec["kind"] == "tpe":
        multivariate = {"multivariate": spec["multivariate"]} if "multivariate" in spec else {}
        return samplers.TPESampler(seed=spec["seed"], **startup, **multivariate)
    return samplers.CmaEsSampler(seed=spec["seed"], warn_independent_sampling=False, source_trials=warm or None, **startup)


def pruner_of(spec):
    """The pruner; `none` never prunes."""
    from optuna import pruners

    kind = spec["kind"]
    if kind == "median":
        return pruners.MedianPruner(n_startup_trials=spec["startupTrials"], n_warmup_steps=spec["warmupSteps"], interval_steps=spec["intervalSteps"])
    if kind == "asha":
        return pruners.SuccessiveHalvingPruner(min_resource=spec["minResource"], reduction_factor=spec["reductionFactor"])
    if kind == "hyperband":
        return pruners.HyperbandPruner(min_resource=spec["minResource"], max_resource=spec["maxResource"], reduction_factor=spec["reductionFactor"])
    return pruners.NopPruner()


class Study:
    """An Optuna study with everything that is known of a sweep."""

    def __init__(self, spec, state=None):
        import optuna

        self.spec = spec
        self.space = {name: distribution_of(each) for name, each in spec["space"].items()}
        warm = [self._warm(trial) for trial in spec["warm"]]
        is_cma = spec["sampler"]["kind"] == "cma-es"
        sampler = self._restored(state, warm) if state else sampler_of(spec, warm)
        self.study = optuna.create_study(study_name=spec["name"], direction=spec["direction"], sampler=sampler, pruner=pruner_of(spec["pruner"]))
        #: Earlier trials stand before the sweep's own; CMA-ES takes its start from them and nothing more.
        self.offset = 0 if is_cma else len(warm)
        for trial in warm[: self.offset]:
            self.study.add_trial(trial)
        for trial in spec["trials"]:
            self.study.add_trial(self._frozen(trial))

    def _restored(self, state, warm):
        sampler = pickle.loads(base64.b64decode(state))
        if hasattr(sampler, "_source_trials"):
            sampler._source_trials = warm or None
        return sampler

    def _warm(self, trial):
        from optuna.trial import TrialState, create_trial

        return create_trial(state=TrialState.COMPLETE, value=trial["value"], params=trial["params"], distributions={name: self.space[name] for name in trial["params"]})

    def _frozen(self, trial):
        from optuna.trial import TrialState, create_trial

        attrs = dict(trial["attrs"])
        if "grid_id" in attrs:
            attrs["search_space"] = dict(sorted(grid_of(self.spec["space"]).items()))
        return create_trial(
            state=TrialState[trial["state"]],
            value=trial.get("value"),
            params=trial["params"],
            distributions=self.space,
            system_attrs=attrs,
            intermediate_values={step: float(value) for step, value in trial["points"]},
        )

    def attrs_of(self, trial_id):
        """What Optuna notes of a trial for itself."""
        attrs = dict(self.study._storage.get_trial(trial_id).system_attrs)
        attrs.pop("search_space", None)  # as long as the grid itself
        return attrs

    def state(self):
        """The sampler, to go on with."""
        sampler = self.study.sampler
        if hasattr(sampler, "_source_trials"):
            sampler._source_trials = None
        return base64.b64encode(pickle.dumps(sampler)).decode()


def ask(message):
    """Suggest the params of the next trial."""
    study = Study(message["ask"], message["state"])
    trial = study.study.ask(study.space)
    return {"params": trial.params, "attrs": study.attrs_of(trial._trial_id), "state": study.state()}


def prune(message):
    """Say at which of the new points the trial should end, if at one."""
    study = Study(message["prune"])
    storage, optuna_study = study.study._storage, study.study
    trial_id = optuna_study.trials[study.offset + message["number"]]._trial_id
    stopped = None
    for step, value in sorted(message["points"], key=lambda point: point[0]):
        storage.set_trial_intermediate_value(trial_id, step, float(value))
        if optuna_study.pruner.prune(optuna_study, storage.get_trial(trial_id)):
            stopped = step
            break
    return {"step": stopped, "attrs": study.attrs_of(trial_id)}


def importances(message):
    """How much of the spread of the objective each param explains; they add up to 1."""
    from optuna import importance
    from optuna.trial import TrialState

    study = Study(message["importances"]).study
    done = [trial for trial in study.trials if trial.state == TrialState.COMPLETE]
    if len(done) < 2 or len({trial.value for trial in done}) < 2:
        raise Refusal("too_few_trials", "Importances need at least two trials that ended with different values.")
    evaluator = importance.FanovaImportanceEvaluator(seed=0) if message["method"] == "fanova" else importance.PedAnovaImportanceEvaluator()
    found = importance.get_param_importances(study, evaluator=evaluator)
    return {"importances": {name: float(value) for name, value in found.items()}}


_HANDLERS = {"ask": ask, "prune": prune, "importances": importances}


def answer(message):
    """The reply to one message; what fails is told in it."""
    try:
        kind = next(kind for kind in _HANDLERS if kind in message)
        return {"id": message["id"], **_HANDLERS[kind](message)}
    except Refusal as error:
        return {"id": message["id"], "error": {"code": error.code, "message": str(error)}}
    except ModuleNotFoundError as error:
        return {"id": message["id"], "error": {"code": "module_missing", "message": str(error)}}
    except Exception as error:  # noqa: BLE001 - told to who asked
        return {"id": message["id"], "error": {"code": "optimizer_failed", "message": "%s: %s" % (type(error).__name__, error)}}


def main():
    """Answer until stdin ends."""
    warnings.simplefilter("ignore")
    try:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
    except ImportError:
        pass  # told with the first answer
    for line in _requests:
        _replies.write(json.dumps(answer(json.loads(line))) + "\n")
        _replies.flush()


if __name__ == "__main__":
    main()
