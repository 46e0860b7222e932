#!/usr/bin/env python3
"""Holds what `nbscope check` writes against the descriptions of the formats, and its places against the files.

    formats.py NBSCOPE FOLDER-OR-NOTEBOOK...

Each line "FAILED: ..." is a failure, each line "skipped: ..." says what can't be asked here; the last line counts.

- JSON, NDJSON, SARIF, GitLab: JSON as Python reads it; all that a notebook says stands on one line of NDJSON.
- SARIF: by its schema, sarif-schema-2.1.0.json, and JUnit: by Jenkins' junit-10.xsd, where the folder that NBSCOPE_SCHEMAS
  names has them (and Python has jsonschema and lxml).
- GitLab: what its manual says of the Code Quality format.
- GitHub: the form of its workflow commands.
- Every place that SARIF names: the stretch of the file is the JSON of the line of the source that is meant.
- `nbscope merge` of the NDJSON gives each of the formats as the check itself does.
"""
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree

FORMATS = ["text", "json", "ndjson", "sarif", "github", "gitlab", "junit", "markdown"]

passed = failed = skipped = 0


def expect(holds, what):
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print("FAILED:", what)


def skip(why):
    global skipped
    skipped += 1
    print("skipped: formats:", why)


def output(program, *arguments):
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    expect(done.returncode in (0, 1, 2), f"the exit status of {arguments[:3]} is {done.returncode}")
    return done.stdout.decode()


def source_lines(path):
    """The lines of each code cell's source by its number, as Python's json reads them."""
    with open(path, "rb") as file:
        notebook = json.load(file)
    cells, lines = notebook.get("cells"), {}
    if notebook["nbformat"] < 4:
        return None  # how those join lines is another test's
    for cell in cells:
        if cell.get("cell_type") == "code":
            lines[len(lines) + 1] = "".join(cell.get("source") or []).split("\n")
    return lines


def stretch(text_lines, region):
    """What stands there in the file."""
    first, last = region["startLine"] - 1, region["endLine"] - 1
    taken = text_lines[first:last + 1]
    taken[-1] = taken[-1][:region["endColumn"] - 1]
    taken[0] = taken[0][region["startColumn"] - 1:]
    return "\n".join(taken)


def check_places(results):
    """Lines of a string that the file breaks in two are put together again."""
    files, wrong, places = {}, [], 0
    for result in results:
        place = result["locations"][0]["physicalLocation"]
        path = re.sub("%([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), place["artifactLocation"]["uri"].removeprefix("file://"))
        path = path.encode("latin-1").decode()
        cell, line, region = result["properties"]["cell"], result["properties"]["line"], place["region"]
        if path not in files:
            with open(path, encoding="utf-8", newline="") as file:
                text = file.read().split("\n")
            files[path] = text, source_lines(path)
        text, sources = files[path]
        if "startColumn" not in region or sources is None:
            continue
        places += 1
        found = re.sub(r'"\s*,\s*"', "", stretch(text, region))
        if json.loads(f'"{found}"').rstrip("\r") != sources[cell][line - 1].rstrip("\r"):
            wrong.append(f"{path}: cell {cell}, line {line}: {found}")
    expect(places > 0 and not wrong, f"{len(wrong)} of {places} places are wrong: {wrong[:3]}")
    print(f"{places} places looked at")


def check_sarif(text, schemas):
    document = json.loads(text)
    results = document["runs"][0]["results"]
    check_places(results)
    prints = [(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], result["ruleId"],
               result["partialFingerprints"]["primaryLocationLineHash"]) for result in results]
    expect(len(prints) == len(set(prints)), "SARIF has two results with one fingerprint")
    schema = os.path.join(schemas, "sarif-schema-2.1.0.json")
    if not os.path.exists(schema):
        return skip("the schema of SARIF is not here (NBSCOPE_SCHEMAS)")
    try:
        import jsonschema
    except ImportError:
        return skip("Python has no jsonschema to ask about SARIF")
    with open(schema, encoding="utf-8") as file:
        validator = jsonschema.Draft7Validator(json.load(file))
    errors = [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(document)]
    expect(not errors, f"SARIF is not what its schema asks for: {errors[:3]}")


def check_junit(text, schemas):
    root = xml.etree.ElementTree.fromstring(text)
    for suite in root:
        counts = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error", "skipped": "testcase/skipped"}
        for key, path in counts.items():
            expect(int(suite.get(key)) == len(suite.findall(path)), f"JUnit miscounts the {key} of {suite.get('name')}")
    schema = os.path.join(schemas, "junit-10.xsd")
    if not os.path.exists(schema):
        return skip("the schema of JUnit is not here (NBSCOPE_SCHEMAS)")
    try:
        import lxml.etree
    except ImportError:
        return skip("Python has no lxml to ask about JUnit")
    validator = lxml.etree.XMLSchema(lxml.etree.parse(schema))
    expect(validator.validate(lxml.etree.fromstring(text.encode())), f"JUnit is not what its schema asks for: {validator.error_log}")


def check_gitlab(text):
    """docs.gitlab.com, "Code Quality report format": an array of such objects, without a byte order mark."""
    issues = json.loads(text)
    for issue in issues:
        fine = (issue["description"] and issue["check_name"] and issue["fingerprint"]
                and issue["severity"] in ("info", "minor", "major", "critical", "blocker")
                and not issue["location"]["path"].startswith("./") and issue["location"]["lines"]["begin"] >= 1)
        expect(fine, f"GitLab can't read {issue}")
    expect(len({issue["fingerprint"] for issue in issues}) == len(issues), "GitLab is given one fingerprint twice")


def check_github(text, findings):
    form = re.compile(r"::(error|warning|notice) file=[^:,]+(,line=\d+(,endLine=\d+|,col=\d+,endColumn=\d+)?)?,title=[^:,]+::.+")
    lines = text.splitlines()
    expect(all(form.fullmatch(line) for line in lines), "a line is no workflow command")
    expect(sum(",line=" in line for line in lines) == findings, "GitHub is told another number of findings")


def check_ndjson(text, document):
    records = [json.loads(line) for line in text.split("\n")[:-1]]
    findings = [record for record in records if "code" in record]
    expect(findings == [record for record in document["findings"] if "code" in record], "NDJSON and JSON differ")
    return len(findings)


def main():
    program, paths = sys.argv[1], sys.argv[2:]
    schemas = os.environ.get("NBSCOPE_SCHEMAS", "/nowhere")
    written = {form: output(program, "check", "--format", form, *paths) for form in FORMATS}
    findings = check_ndjson(written["ndjson"], json.loads(written["json"]))
    print(f"{findings} findings")
    check_sarif(written["sarif"], schemas)
    check_junit(written["junit"], schemas)
    check_gitlab(written["gitlab"])
    check_github(written["github"], findings)
    for form in FORMATS:
        merged = subprocess.run([program, "merge", "--format", form, "-"], input=written["ndjson"].encode(), stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, check=False)
        expect(merged.stdout.decode() == written[form], f"merged, {form} is another")
    print(f"# formats: {passed} passed, {failed} failed, {skipped} skipped")
    return failed > 0


sys.exit(main())
