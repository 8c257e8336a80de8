"""Runs of bespoke classifiers in the page of 'asx report', in headless Chromium, against the data that the page was given.

    report_bespoke.py ASX DATABASE FOLDER

Exit code 77 (skipped) where there is no Chromium."""
import html
import json
import re
import shutil
import subprocess
import sys

PROBE = """
<script>
"use strict";
const seen = {errors: []};
window.addEventListener("error", e => seen.errors.push(e.message));
window.addEventListener("load", () => {
  const all = s => [...document.querySelectorAll("#bespoke " + s)];
  seen.rows = all(".wired-front tbody tr").map(r => [...r.cells].map(c => c.textContent));
  seen.dots = all("svg circle").map(c => [c.getAttribute("cx"), c.getAttribute("cy"), c.getAttribute("r")].map(Number));
  seen.triangles = all("svg path title").length; seen.titles = all("svg title").length;
  seen.text = document.getElementById("bespoke").textContent;
  seen.narrow = document.documentElement.scrollWidth <= window.innerWidth;
  const p = document.createElement("pre");
  p.id = "seen"; p.textContent = JSON.stringify(seen); document.body.append(p);
});
</script>
"""


def main():
    asx, database, folder = sys.argv[1:]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        print("no chromium: skipped")
        return 77
    subprocess.run([asx, "report", database, "-o", f"{folder}/r.html"], check=True)
    page = open(f"{folder}/r.html", encoding="utf-8").read()
    assert not re.findall(r"""(?:src|href)=|url\(|@import|fetch\(|XMLHttp""", page), "the page reaches out"
    with open(f"{folder}/probe.html", "w", encoding="utf-8") as f:
        f.write(page.replace("<h1", PROBE + "<h1", 1))
    dom = subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
                          "--virtual-time-budget=5000", "--window-size=500,900", "--dump-dom", f"file://{folder}/probe.html"],
                         capture_output=True, text=True, timeout=120).stdout
    found = re.search(r'<pre id="seen">(.*?)</pre>', dom, re.S)
    assert found, "the page did not answer: " + dom[-2000:]
    seen = json.loads(html.unescape(found[1]))
    run, = json.loads(re.search(r"^const D = (.*);$", page, re.M)[1])["bespoke"]
    designs = run["designs"]
    assert seen["errors"] == [] and seen["narrow"], seen["errors"]
    assert run["about"] in seen["text"] and run["finished"] in seen["text"]
    assert len(seen["rows"]) == len(designs) > 3
    for i, (row, d) in enumerate(zip(seen["rows"], designs)):
        assert row[0] == (str(i) if i else "exact") and row[3] == d["source"], row
        for text, value in ((row[1], d["area_cm2"]), (row[2], d["power_mw"]), (row[4], d["delay_ms"])):
            assert abs(float(text) - value) <= 5.1e-3 * abs(value), (text, value)
        for text, of in ((row[5], "accuracy"), (row[6], "drop")):
            numbers = [float(x) for x in re.findall(r"-?[\d.]+", text.replace("\u2026", " "))]
            want = [d[of], d[of + "_low"], d[of + "_high"]] if i or of == "accuracy" else []
            assert len(numbers) == len(want) and all(abs(a - b) <= 0.0051 for a, b in zip(numbers, want)), (text, want)
    # places: areas are shown in their order, and more points lost are further up
    drawn = [d for d in designs[1:] if d["area_cm2"] > 0]
    assert len(seen["dots"]) == len(drawn) and seen["triangles"] == 1 and seen["titles"] == len(drawn) + 1
    for (x, y, r), (x1, y1, _), d, d1 in zip(seen["dots"], seen["dots"][1:], drawn, drawn[1:]):
        assert x1 > x and (y1 > y) == (d1["drop"] < d["drop"]), (d, d1)
        assert (r > 4) == bool(d["smallest_at"])
    return 0


sys.exit(main())
