"""Validates rendered manifests strictly: by the schemas of Kubernetes' versions, and ServiceMonitors by their definition.

check-manifests.py SERVICEMONITOR_CRD VERSION,VERSION MANIFEST...
"""

import sys

import kubernetes_validate
import yaml
from jsonschema import Draft202012Validator


def strict(schema):
    """The schema, with unknown properties refused wherever it names some."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


def main(crd_path, versions, paths):
    with open(crd_path, encoding="utf-8") as file:
        crd = yaml.safe_load(file)
    definition = strict(crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"])
    definition["properties"]["metadata"] = {"type": "object"}
    monitor = Draft202012Validator(definition)

    problems, checked = [], 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            manifests = [manifest for manifest in yaml.safe_load_all(file) if manifest]
        for manifest in manifests:
            name = f"{path}: {manifest['kind']} {manifest['metadata']['name']}"
            checked += 1
            if manifest["kind"] == crd["spec"]["names"]["kind"]:
                problems += [f"{name}: {error.message}" for error in monitor.iter_errors(manifest)]
                continue
            for version in versions.split(","):
                try:
                    kubernetes_validate.validate(manifest, version, strict=True)
                except kubernetes_validate.ValidationError as error:
                    problems.append(f"{name} ({version}): {error.message}")
    if problems:
        sys.exit("check-manifests: " + "\ncheck-manifests: ".join(problems))
    # A check of nothing is none.
    if checked == 0:
        sys.exit("check-manifests: there are no manifests")
    print(f"check-manifests: {checked} manifests are as Kubernetes {' and '.join(versions.split(','))} have them")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
