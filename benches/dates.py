"""Reads the same pages with ibid and with htmldate in one run, and compares how often each is right and how
many pages each reads in a second of processor time.

    pip install htmldate
    cargo build --release
    python3 benches/dates.py PAGES.jsonl

PAGES.jsonl has one page a line: {"url": …, "path": …, "date": "YYYY-MM-DD" or null}; paths are relative to
the file. Times are those of whole processes, start included; other programs on the machine slow both down.
"""

import json
import pathlib
import resource
import subprocess
import sys

HTMLDATE = """
import json, sys
from htmldate import find_date
for line in sys.stdin:
    page = json.loads(line)
    with open(page["path"], "rb") as file:
        html = file.read()
    try:
        date = find_date(html, original_date=True, extensive_search=len(sys.argv) < 2)
    except Exception:
        date = None
    print(json.dumps({"url": page["url"], "date": date}))
"""


def run(name, command, pages, folder):
    lines = "".join(json.dumps({"url": p["url"], "path": p["path"]}) + "\n" for p in pages)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, input=lines, text=True, stdout=subprocess.PIPE, cwd=folder, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    got = {answer["url"]: answer["date"] for answer in map(json.loads, done.stdout.splitlines())}
    right = sum((got.get(p["url"]) or None) == p["date"] for p in pages)
    print(f"{name:<16}{right / len(pages):>8.3f} right{len(pages) / seconds:>8.0f} pages a second")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    gold = pathlib.Path(sys.argv[1])
    pages = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    ibid = pathlib.Path(__file__).resolve().parent.parent / "target/release/ibid"
    for name, command in [
        ("ibid", [ibid, "inspect", "--jsonl"]),
        ("htmldate", [sys.executable, "-c", HTMLDATE]),
        ("htmldate fast", [sys.executable, "-c", HTMLDATE, "fast"]),
    ]:
        run(name, command, pages, gold.parent)


main()
