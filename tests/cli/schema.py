#!/usr/bin/env python3
"""The JSON schema of campaign files, held against campaign files by a validator that is not ours.

usage: schema.py ASX SOURCE_FOLDER SCRATCH_FOLDER        exit code 77 if Debian's python3-yaml or python3-jsonschema is
missing: then nothing was tested
"""
import copy
import json
import pathlib
import subprocess
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"schema.py: skipped: {missing}", file=sys.stderr)
    sys.exit(77)


class Yaml12(yaml.SafeLoader):
    """Words like "on" are words, as they are to asx and to editors; only true and false are not."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers
            if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:int")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:int", __import__("re").compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))


def properties(schema, path=""):
    """All keys of the schema, those of sections and of lists of sections too."""
    for name, part in schema.get("properties", {}).items():
        yield f"{path}{name}", part
        yield from properties(part.get("items", part), f"{path}{name}.")


def change(base, path, value):
    """A copy with another value at a path, or without it: None."""
    document = copy.deepcopy(base)
    *sections, key = path.split(".")
    at = document
    for section in sections:
        at = at[int(section)] if isinstance(at, list) else at.setdefault(section, {})
    if value is None:
        del at[key]
    else:
        at[key] = value
    return document


def main():
    asx, source, scratch = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    text = subprocess.run([asx, "campaign", "--schema"], check=True, capture_output=True, text=True).stdout
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    scratch.mkdir(parents=True, exist_ok=True)

    def faults(document):
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(document)]

    def taken(document):
        file = scratch / "c.yaml"
        file.write_text(yaml.safe_dump(document))
        run = subprocess.run([asx, "inspect", file], capture_output=True, text=True)
        return run.returncode == 0, run.stderr

    files = sorted(source.glob("scripts/campaigns/*.yaml")) + [source / "tests/cli/tiny.yaml"]
    files.append(source / "dse/explore/campaign/default.yaml")
    assert len(files) > 10
    for file in files:
        assert not faults(yaml.load(file.read_text(), Yaml12)), (file, faults(yaml.load(file.read_text(), Yaml12)))

    # what is right and what is wrong is the same to both
    base = yaml.load("""
name: m
network: builtin:glyphs.onnx
data: { format: glyphs, count: 300, calibrate: "0:20", select: "0:100", report: "200:", expect: any }
calibration: { ranges: percentile, percentile: 99.5, bias_correction: off, multiplier_bits: 12, rounding: greedy }
hardware: { technology: sky130hd, operands: typical, parameters: [lanes=128] }
space:
  scope: layer
  placement: [near]
  weights: { bits: [4], digits: [signed], alphabets: all }
  activations: { bits: [8] }
  groups: [ { name: g, layers: ["conv*"] } ]
  pin: [ { layer: fc, format: w8a8 } ]
objectives: [drop, area]
limits: { drop: 3, inferences_per_s: 10 }
search: { algorithm: nsga2, tier: proxy, budget: 10, rounds: 2, parameters: [population=20] }
verify: { measured: 3, drops: [1, 2] }
train: { seed: 3, optimiser: sgd, parameters: [epochs=2] }
""", Yaml12)
    assert not faults(base), faults(base)
    assert taken(base)[0], taken(base)[1]
    wrong = [("name", "a b"), ("network", None), ("extra", 1), ("data.format", "jpeg"), ("data.cuont", 5),
             ("calibration.percentile", 10), ("calibration.multiplier_bits", 7),
             ("calibration.bias_correction", "maybe"), ("calibration.rounding", "up"), ("space.scope", "galaxy"),
             ("space.placement", ["far"]), ("space.weights.bits", [1]), ("space.weights.bits", []),
             ("space.activations.digits", ["signed"]), ("space.groups.0.layers", []), ("space.pin.0.format", None),
             ("objectives", ["drop"]), ("objectives", "drop"), ("limits.drop", 1000), ("limits.area", "small"),
             ("search.algorithm", []), ("search.tier", "trained"), ("search.seed", -1), ("search.budget", 1.5),
             ("verify.drops", list(range(16))), ("verify.minutes", 0), ("hardware.operands", "real"),
             ("data.expect", 101), ("data.expect", "some")]
    for path, value in wrong:
        document = change(base, path, value)
        assert faults(document), f"the schema takes {path}: {value}"
        assert not taken(document)[0], f"asx takes {path}: {value}"

    # without a network: classifiers that are trained and wired
    base = yaml.load("""
name: m
bespoke: { hidden: [2, 3], bits: 3, split: "60:20:20", seeds: [1, 2], evaluations: 500, technology: sky130hd,
           sharing: shared, as_published: off, parameters: [population=40] }
space: { placement: [bespoke] }
objectives: [drop, power_mw]
limits: { power_mw: 30 }
""", Yaml12)
    assert not faults(base), faults(base)
    assert taken(base)[0], taken(base)[1]
    wired = [("network", "builtin:glyphs.onnx"), ("bespoke", None), ("bespoke.hidden", []), ("bespoke.hidden", [1, 2, 3]),
             ("bespoke.bits", 9), ("bespoke.split", "1:2"), ("bespoke.seeds", [-1]), ("bespoke.evaluations", 3),
             ("bespoke.sharing", "all"), ("bespoke.as_published", "yes"), ("bespoke.parameters", ["colour=1"]),
             ("bespoke.budget", 3)]
    for path, value in wired:
        document = change(base, path, value)
        assert faults(document), f"the schema takes {path}: {value}"
        assert not taken(document)[0], f"asx takes {path}: {value}"

    # every key is told, in words and here
    told = subprocess.run([asx, "campaign"], check=True, capture_output=True, text=True).stdout
    keys = list(properties(schema))
    assert len(keys) > 60
    for path, part in keys:
        assert path.split(".")[-1] in told and part["description"], path
        if "default" in part:
            jsonschema.Draft202012Validator(part).validate(part["default"])
    print(f"{len(files)} files, {len(wrong) + len(wired)} mistakes, {len(keys)} keys")


main()
