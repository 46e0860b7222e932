#!/usr/bin/env python3
"""names_cases.py - the expected names of tests/data/names.cases, asked of CPython.

    python3 tests/oracle/names_cases.py tests/data/names.cases          say what differs
    python3 tests/oracle/names_cases.py --write tests/data/names.cases  write what CPython says

A case is `### title`, the source of a cell, `---`, and one line for each list that is not empty.
Needs CPython 3.11 and IPython, as names_oracle.py does.
"""
import sys
import names_oracle

LISTS = ("binds binds_certain binds_transient reads_first reads_first_sure reads_first_certain reads_guarded "
         "reads_ipython reads_soft deletes deletes_first").split()


def read_cases(path):
    cases = []
    for block in open(path, encoding="utf-8").read().split("### ")[1:]:
        title, _, rest = block.partition("\n")
        source, _, expected = rest.partition("\n---\n")
        cases.append((title, source, expected.strip("\n")))
    return cases


def expected_of(source):
    record = names_oracle.analyse(source)
    if not record["ok"]:
        return "refused"
    lines = ["%s: %s" % (key, " ".join(record[key])) for key in LISTS if record[key]]
    for key in ("deferred_reads", "deferred_binds"):
        names = sorted({name for each in record[key].values() for name in each})
        if names:
            lines.append("%s: %s" % (key, " ".join(names)))
    stars = [star["module"] for star in record["star_imports"]]
    if stars:
        lines.append("star_imports: " + " ".join(stars))
    return "\n".join(lines)


def main():
    write = sys.argv[1] == "--write"
    path = sys.argv[-1]
    cases = read_cases(path)
    wrong = [(title, expected, told) for title, source, expected in cases
             for told in [expected_of(source)] if told != expected]
    if write:
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join("### %s\n%s\n---\n%s\n" % (title, source, expected_of(source))
                                for title, source, _ in cases))
        return 0
    for title, expected, told in wrong:
        print("%s\n  here:    %s\n  CPython: %s" % (title, expected.replace("\n", "; "), told.replace("\n", "; ")))
    print("names.cases: %d of %d as CPython says" % (len(cases) - len(wrong), len(cases)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
