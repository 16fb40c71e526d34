"""Writes ../<provider>.jsonl: requests by the providers' documented rules, judged by their own SDKs where those are installed.

    python generate.py [--sdk PYTHON]...

Each PYTHON is an interpreter with some of the SDKs (requirements*.txt); the first that has a provider's SDK judges its vectors.
"""

import argparse
import base64
import json
import pathlib
import subprocess

import certificates
import commerce
import development
import mail
import messaging
import payments
import standard
import work

HERE = pathlib.Path(__file__).resolve().parent
FAMILIES = (payments, commerce, standard, mail, messaging, development, work, certificates)


def line(provider, vector):
    request = vector.request
    out = {
        "provider": provider, "name": f"{provider}/{vector.name}", "secrets": vector.secrets, "method": request.method, "url": request.url,
        "headers": request.headers, "body_base64": base64.b64encode(request.body).decode(), "now_epoch": vector.now}
    if vector.certificates is not None:
        out["certificates"] = vector.certificates
        out["trust_anchors_pem"] = vector.anchors
    out["expect"] = "accept" if vector.expect else "reject"
    out["sdk"] = None
    out["made_by"] = "rule"
    if vector.why:
        out["why"] = vector.why
    return out


def judge(lines, pythons, silent, errors):
    """Fills in `sdk` and `made_by`."""
    left = {l["provider"] for l in lines}
    for python in pythons:
        asked = [l for l in lines if l["provider"] in left and l["name"] not in silent]
        run = subprocess.run(
            [python, str(HERE / "verdicts.py")], input="".join(json.dumps(l) + "\n" for l in asked), text=True, capture_output=True, check=True)
        if errors:
            with open(errors, "a") as file:
                file.write(run.stderr)
        by_name = {l["name"]: l for l in lines}
        for answer in map(json.loads, run.stdout.splitlines()):
            found = by_name[answer["name"]]
            found["sdk"] = answer["sdk"]
            left.discard(found["provider"])
            for other in lines:
                if other["provider"] == found["provider"]:
                    other["made_by"] = answer["made_by"]


def describe(lines, readme):
    """The README's table."""
    rows = ["| provider | judged by | vectors | of them judged | library says otherwise |", "|---|---|---|---|---|"]
    for provider in sorted({l["provider"] for l in lines}):
        mine = [l for l in lines if l["provider"] == provider]
        judged = [l for l in mine if l["sdk"]]
        odd = sum(l["sdk"] != l["expect"] for l in judged)
        rows.append(f"| {provider} | {mine[0]['made_by']} | {len(mine)} | {len(judged) or ''} | {odd or ''} |")
    rows.append(f"| **{len(rows) - 2}** | | **{len(lines)}** | **{sum(l['sdk'] is not None for l in lines)}** | |")
    head, rest = readme.read_text().split("<!-- table -->\n")
    readme.write_text(head + "<!-- table -->\n" + "\n".join(rows) + "\n<!-- end -->" + rest.split("<!-- end -->")[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sdk", action="append", default=[])
    parser.add_argument("--errors", help="write what the SDKs raised here")
    parser.add_argument("--out", default=HERE.parent, type=pathlib.Path)
    options = parser.parse_args()
    lines, silent = [], set()
    for family in FAMILIES:
        for scheme in family.PROVIDERS:
            for vector in scheme.vectors():
                made = line(scheme.id, vector)
                assert len(vector.request.body) < 1536, made["name"]
                lines.append(made)
                if vector.sdk_silent:
                    silent.add(made["name"])
    names = [l["name"] for l in lines]
    assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)
    judge(lines, options.sdk, silent, options.errors)
    for old in options.out.glob("*.jsonl"):
        old.unlink()
    for provider in sorted({l["provider"] for l in lines}):
        mine = sorted((l for l in lines if l["provider"] == provider), key=lambda l: l["name"])
        text = "".join(json.dumps(l, ensure_ascii=False, separators=(",", ":")) + "\n" for l in mine)
        (options.out / f"{provider}.jsonl").write_text(text)
    describe(lines, options.out / "README.md")
    odd = [l for l in lines if l["sdk"] and l["sdk"] != l["expect"] and "why" not in l]
    for l in odd:
        print(f"{l['name']}: sdk {l['sdk']}, expected {l['expect']}, and no reason why")
    print(f"{len(lines)} vectors of {len({l['provider'] for l in lines})} providers; {sum(l['sdk'] is not None for l in lines)} judged by an SDK")


main()
