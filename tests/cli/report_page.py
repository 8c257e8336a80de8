"""The page of 'asx report' in headless Chromium: mouse, keys and filters, against the table of the front.

    report_page.py ASX DATABASE FOLDER

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
function probe() {
  const $ = id => document.getElementById(id);
  const rows = () => [...document.querySelectorAll("#front tbody tr")].map(r => r.cells[0].textContent + " " + r.cells[r.cells.length - 1].title);
  const now = () => [$("detail").querySelector("h2").textContent.split(" ")[0], document.querySelector("#front tr.on")?.cells[0].textContent, location.hash];
  const key = k => { document.dispatchEvent(new KeyboardEvent("keydown", {key: k, bubbles: true, cancelable: true})); return now(); };
  const set = (id, v) => { $(id)[typeof v === "boolean" ? "checked" : "value"] = v; $(id).dispatchEvent(new Event("input", {bubbles: true})); return rows(); };
  const click = s => { document.querySelector(s).dispatchEvent(new MouseEvent("click", {bubbles: true})); return now(); };
  const clear = () => { for (const id of ["max", "only", "text"]) set(id, ""); };
  seen.rows = rows();
  seen.home = key("Home"); seen.right = key("ArrowRight"); seen.down = key("ArrowDown"); seen.left = key("ArrowLeft"); seen.end = key("End"); seen.beyond = key("ArrowRight");
  seen.point = click('#plot circle[data-i="1"]');
  seen.row = click('#front tbody tr[data-i="2"]');
  seen.layers = [...$("detail").querySelectorAll(".scroll tbody tr")].map(r => r.cells[0].textContent + "=" + r.cells[r.cells.length - 1].textContent);
  seen.energy = [...$("detail").querySelectorAll(".scroll tbody tr")].map(r => Number(r.cells[2].textContent));
  seen.layer_bars = [...$("detail").querySelectorAll(".scroll tbody svg")].map(s => [...s.querySelectorAll("rect:not([fill='#000'])")].reduce((w, r) => w + Number(r.getAttribute("width")), 0));
  seen.bars = $("detail").querySelectorAll("svg rect").length;
  seen.steps = $("steps").getAttribute("d");
  $("max").dispatchEvent(new KeyboardEvent("keydown", {key: "Home", bubbles: true})); seen.typing = now();
  $("cloud").dispatchEvent(new KeyboardEvent("keydown", {key: "Home", bubbles: true})); seen.ticked = now();
  seen.max = set("max", "5"); clear();
  seen.only = set("only", "1"); seen.only_steps = $("steps").getAttribute("d"); clear();
  seen.text = set("text", "w8"); clear();
  seen.none = set("text", "nothing has this"); seen.none_said = $("plot").textContent; clear();
  seen.vn = set("p-vn", false); set("p-vn", true);
  seen.dots = $("plot").querySelectorAll("circle[data-i]:not([stroke])").length;
  seen.fewer = (set("cloud", false), $("plot").querySelectorAll("circle[data-i]:not([stroke])").length); set("cloud", true);
  seen.axis = (set("y", "area_um2"), $("plot").textContent.includes("area"));
  set("y", "drop"); key("Home"); key("c"); key("ArrowRight");
  seen.against = [...document.querySelectorAll("#against tr")].map(r => [...r.cells].map(c => c.textContent)); seen.held = !!document.getElementById("held");
  key("ArrowLeft"); key("c"); seen.ended = !!document.getElementById("against") || !!document.getElementById("held");
  const spot = i => { const b = document.querySelector(`#plot circle[data-i="${i}"]`).getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; };
  const point = (name, [x, y]) => $("plot").dispatchEvent(new PointerEvent(name, {clientX: x, clientY: y, button: 0, bubbles: true, pointerType: "mouse"}));
  const [a, b] = [spot(0), spot(1)];
  point("pointerdown", [Math.min(a[0], b[0]) - 12, Math.min(a[1], b[1]) - 12]); point("pointermove", [Math.max(a[0], b[0]) + 3, Math.max(a[1], b[1]) + 3]); seen.brush = !!document.getElementById("brush"); point("pointerup", [Math.max(a[0], b[0]) + 3, Math.max(a[1], b[1]) + 3]);
  seen.part = rows(); key("Escape"); seen.whole = rows();
  seen.narrow = document.documentElement.scrollWidth <= window.innerWidth;
  $("form").reset();
  setTimeout(() => { seen.reset = rows(); tell(); }, 50);
}
function tell() {
  const p = document.createElement("pre");
  p.id = "seen";
  p.textContent = JSON.stringify(seen);
  document.body.append(p);
}
window.addEventListener("load", () => { try { probe(); } catch (e) { seen.errors.push(String(e)); tell(); } });
</script>
"""


def main():
    asx, database, folder = sys.argv[1:]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        print("no chromium: skipped")
        return 77
    run = lambda *a: subprocess.run([asx, *a], check=True, capture_output=True, text=True).stdout
    front = json.loads(run("front", database, "--format", "json"))
    everything = json.loads(run("query", database, "--subset", "select", "--format", "json"))
    run("report", database, "-o", f"{folder}/r.html")
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
    assert seen["errors"] == [], seen["errors"]

    rows = lambda keep: [f"{r['row']} {r['design']}" for r in front if keep(r)]
    at = lambda n: [f"#{n}", str(n), f"#{n}"]
    everyone = rows(lambda r: True)
    alphabets = lambda r: {a for s in re.findall(r"w\d+s?\{([\d,]+)\}", r["design"]) for a in s.split(",")}
    assert seen["rows"] == everyone == seen["reset"], (seen["rows"], everyone)
    assert seen["home"] == at(1) and seen["right"] == at(2) and seen["down"] == at(3) and seen["left"] == at(2), seen
    assert seen["end"] == at(len(front)) == seen["beyond"]
    assert seen["point"] == at(2) and seen["row"] == at(3)
    assert seen["layers"] and all(l.split("=")[1] in front[2]["design"] for l in seen["layers"])
    assert seen["bars"] > 4
    layers = json.loads(run("show", database, "3", "--format", "json"))["layers"]
    assert len(layers) == len(seen["energy"]) == len(seen["layer_bars"])
    for l, energy, bar in zip(layers, seen["energy"], seen["layer_bars"]):
        assert abs(1e-6 * l["energy_pj"] - energy) <= 0.01 * energy, (l, energy)
        assert abs(bar / seen["layer_bars"][0] - l["energy_pj"] / layers[0]["energy_pj"]) < 2e-3, (l, bar)
    assert seen["typing"] == at(3) and seen["ticked"] == at(1), "keys in a field are the field's"
    assert seen["max"] == rows(lambda r: r["drop"] <= 5)
    assert seen["only"] == rows(lambda r: alphabets(r) == {"1"}) and seen["only_steps"] != seen["steps"]
    assert seen["text"] == rows(lambda r: "w8" in r["design"])
    assert seen["none"] == [] and seen["none_said"] == "no design fits"
    assert seen["vn"] == rows(lambda r: not r["design"].startswith("vn"))
    assert seen["dots"] == len({r["design"] for r in everything}), (seen["dots"], len(everything))
    assert seen["fewer"] == len({r["design"] for r in front} | {"vn: w8a8"}), (seen["fewer"], len(front))
    assert seen["axis"]
    # two designs side by side
    energy = [r for r in seen["against"] if r[0] == "energy per inference"][0]
    assert seen["against"][0][1:3] == ["#2", "#1"] and seen["held"] and not seen["ended"], seen["against"]
    assert abs(float(energy[1]) - front[1]["energy_pj"] * 1e-6) < 1e-3 * float(energy[1]), energy
    more = 100 * (front[1]["energy_pj"] / front[0]["energy_pj"] - 1)
    assert energy[3] == f"{more:+.1f} %", (energy, more)
    # a part of the plot
    low, high = sorted((front[0]["energy_pj"], front[1]["energy_pj"]))
    assert seen["brush"] and set(rows(lambda r: low <= r["energy_pj"] <= high)) <= set(seen["part"]), seen["part"]
    assert len(seen["part"]) < len(everyone) and seen["whole"] == everyone
    assert seen["narrow"], "the page is wider than its window"
    return 0


sys.exit(main())
