"""What the report must do in a browser: report.py DIR [--screenshots DIR]. DIR holds the pages that ci/test-report
made. Prints `ok TEXT`, `FAIL TEXT` or `note TEXT` lines."""

import json
import os
import sys
import urllib.parse

from devtools import Browser, Failure, Page

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.abspath(sys.argv[1])
SHOTS = sys.argv[3] if len(sys.argv) > 3 else ""
with open(os.path.join(HERE, "audit.js"), encoding="utf-8") as audit_file:
    AUDIT = audit_file.read()
# Before a page's own scripts: what takes longer than 50 ms is remembered.
PRELUDE = """
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((one) => Math.round(one.duration)))).observe({ type: 'longtask', buffered: true });
"""
PAGES = ("check", "broken", "hostile", "rubric", "runtime", "bench", "joined")
NAMED = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "img", "image", "region", "dialog",
         "navigation", "search", "heading", "DisclosureTriangle"}
# Texts that end beyond the window or were cut off there; what scrolls by itself may be wider.
STICKS_OUT = """(() => {
  document.querySelectorAll('details.check[data-verdict=fail]').forEach((node, at) => { if (at < 5) node.open = true; });
  return new Promise((done) => setTimeout(() => {
    const found = document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} px wide`] : [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let text = walker.nextNode(); text && found.length < 4; text = walker.nextNode()) {
      if (!text.data.trim() || text.parentElement.closest('.scroll, figure, script, style, noscript, option, .skip')) continue;
      range.selectNodeContents(text);
      const box = range.getBoundingClientRect();
      if (box.width > 0 && box.right > innerWidth + 1) found.push(text.data.trim().slice(0, 80));
    }
    done(found);
  }, 100));
})()"""
VISIBLE = "[...document.querySelectorAll('details.check')].filter((node) => !node.hidden && !node.closest('[hidden]'))"


def say(good, text, detail=""):
    print(("ok " if good else "FAIL ") + text + (f": {detail}" if detail and not good else ""), flush=True)


def path(name):
    return os.path.join(FOLDER, name, "report.html")


def quiet(page, name):
    """No error in the console, no request, a policy that allows neither, and nothing was executed."""
    complaints, requests = page.complaints(), page.requests()
    policy = page.js("document.querySelector('meta[http-equiv=\"Content-Security-Policy\"]').content")
    strict = policy.startswith("default-src 'none';") and "unsafe" not in policy and "*" not in policy
    say(not complaints, f"{name}: nothing in the console", complaints[:3])
    say(not requests, f"{name}: no request", requests[:3])
    say(strict, f"{name}: the policy forbids everything but its own style and scripts", policy)


def injected(page):
    """Elements and code that only a target can have brought in."""
    return page.js("""(window.hacked ? ['code ran'] : []).concat(
      [...document.querySelectorAll('img, iframe, object, embed, base, svg[onload], [onerror], [onload], [onclick], a[href^="javascript:"]')].map((node) => node.outerHTML.slice(0, 80)),
      [...document.scripts].filter((node) => !node.type && window.known && !known.has(node)).map((node) => node.outerHTML.slice(0, 80)))""")


def open_everything(page):
    page.js("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    # Exchanges inside a body are made when it opens.
    page.js("new Promise((done) => setTimeout(done, 100))")
    page.js("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    page.js("new Promise((done) => setTimeout(done, 100))")


def test_pages(page):
    for name in PAGES:
        page.open(path(name))
        quiet(page, name)
        heading = page.js("document.querySelector('#verdict').innerText")
        say(heading.endswith(".") and "\n" not in heading and 10 < len(heading), f"{name}: a verdict in one sentence", heading)
        for width in (1440, 768, 320):
            page.size(width, 800)
            over = page.js(STICKS_OUT)
            say(not over, f"{name}: nothing sticks out at {width} px", over)
        page.size(1440, 900)


def test_hostile(page):
    page.open(path("hostile"))
    page.js("window.known = new Set(document.scripts)")
    before = page.js("document.scripts.length")
    open_everything(page)
    say(not injected(page) and page.js("document.scripts.length") == before, "hostile: answers of a target are text", injected(page))
    text = page.js("[...document.querySelectorAll('main > :not(noscript)')].map((node) => node.textContent).join(' ')")
    say("<img src=x onerror=" in text and "<script>window.hacked=1</script>" in text, "hostile: and can be read as such")
    turned = any(sign in text for sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
    say(not turned and "\\u{202e}txt.exe" in text, "hostile: what turns text around is written out")
    complaints = page.complaints()
    say(not complaints, "hostile: everything was opened without a complaint", complaints[:2])
    links = page.js("[...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href')).filter((href) => !/^(#|https:\\/\\/)/.test(href))")
    say(not links, "hostile: no link that a target chose", links[:3])
    # What the policy is for: a script that got in all the same does nothing.
    page.js("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hacked = 2'}))")
    page.js("document.body.insertAdjacentHTML('beforeend', '<img src=\"https://example.invalid/x.png\" onerror=\"window.hacked = 3\"><style>body{display:none}</style>')")
    page.js("new Promise((done) => setTimeout(done, 200))")
    say(page.js("window.hacked") is None and page.js("getComputedStyle(document.body).display") != "none", "hostile: the policy stops script and style that got in")
    say(any("Content Security Policy" in text for text in page.complaints()), "hostile: and the browser says so")
    page.open(path("hostile"))


def test_filters(page):
    page.open(path("broken"))
    count = page.js(VISIBLE + ".length")
    failing = page.js(VISIBLE + ".filter((node) => node.dataset.verdict === 'fail').length")
    say(0 < failing < count, f"filters: {count} checks, {failing} of them fail")
    page.click("#chips button[data-verdict=fail]")
    say(page.js(VISIBLE + ".length") == failing and page.js("location.hash") == "#verdict=fail", "filters: a verdict's button shows those alone, and the address says so")
    say(page.js("document.querySelector('#chips button[data-verdict=fail]').getAttribute('aria-pressed')") == "true", "filters: the button is pressed")
    one = page.js(VISIBLE + "[0].id").removeprefix("c/")
    page.js("document.querySelector('#search').focus()")
    page.type(one)
    say(page.js(VISIBLE + ".length") >= 1 and "q=" in page.js("location.hash"), "filters: a search narrows them")
    state = page.js("location.hash")
    shown = page.js(VISIBLE + ".map((node) => node.id).join()")
    page.open(path("broken"), state)
    say(page.js(VISIBLE + ".map((node) => node.id).join()") == shown and page.js("document.querySelector('#search').value") == one, "filters: the address restores them")
    say(page.js("document.querySelector('#shown').textContent").endswith("shown"), "filters: how many are shown is said")
    page.js("document.querySelector('#level').value = 'MUST'; document.querySelector('#level').dispatchEvent(new Event('change'))")
    say("level=MUST" in page.js("location.hash"), "filters: a list changes the address")
    page.click("#reset")
    say(page.js(VISIBLE + ".length") == count and page.js("location.hash") == "", "filters: and go")
    page.open(path("broken"), "#q=" + urllib.parse.quote("<script>nothing"))
    say("Nothing matches" in page.js("document.querySelector('#shown').textContent"), "filters: nothing found is said")


def test_links(page):
    page.open(path("broken"))
    one = page.js("decodeURIComponent(document.querySelector('.roots .line a').getAttribute('href').slice(1))")
    page.click(".roots .line a")
    page.js("new Promise((done) => setTimeout(done, 300))")
    node = f"document.getElementById({json.dumps('c/' + one)})"
    say(page.js(node + ".open") and page.js("document.activeElement.parentElement === " + node), "links: a root cause leads to its check, open and focused")
    text = page.js(node + ".innerText")
    for part in ("EXPECTED", "ACTUAL", "REQUIREMENT", "TRANSCRIPT", "curl "):
        say(part.lower() in text.lower(), f"links: the check shows {part.strip()}", text[:200])
    link = page.js(node + ".querySelector('.requirement a').href")
    say(link.startswith("https://") and "#" in link, "links: its requirement leads to the section", link)
    say(page.js(node + ".querySelectorAll('.exchange').length > 0"), "links: exchanges are made when it opens")
    page.js(node + ".querySelector('.exchange').open = true")
    page.js("new Promise((done) => setTimeout(done, 100))")
    say("HTTP/" in page.js(node + ".querySelector('.exchange').innerText"), "links: an exchange shows its answer")
    page.open(path("broken"), "#" + one)
    say(page.js(node + ".open"), "links: the address of a check opens it")
    page.open(path("rubric"))
    page.click(".part-rubric .matrix td a")
    page.js("new Promise((done) => setTimeout(done, 300))")
    say(page.js("document.querySelector('.part-rubric tr:target') !== null && document.querySelector('.part-rubric tr:target').checkVisibility()"), "links: a cell of the rubric leads to its numbers")
    page.click(".part-rubric tr:target td a")
    page.js("new Promise((done) => setTimeout(done, 300))")
    say(page.js("document.activeElement.closest('details.check')?.open") is True, "links: and those to their check")
    page.open(path("runtime"))
    page.click(".part-matrix .matrix td a")
    page.js("new Promise((done) => setTimeout(done, 300))")
    say(page.js("document.querySelector('.part-matrix tr:target')?.checkVisibility()") is True, "links: a cell of the runtimes leads to what they said")
    rows = page.js("[...document.querySelectorAll('.part-matrix .matrix tbody tr')].filter((row) => row.checkVisibility()).length")
    page.click(".part-matrix .only input")
    say(page.js("[...document.querySelectorAll('.part-matrix .matrix tbody tr')].filter((row) => row.checkVisibility()).length") < rows, "links: only the rows that need attention")


def test_keys(page):
    page.open(path("broken"))
    page.key("j")
    first = page.js("document.activeElement.parentElement.id")
    page.key("j")
    second = page.js("document.activeElement.parentElement.id")
    page.key("k")
    say(first.startswith("c/") and second != first and page.js("document.activeElement.parentElement.id") == first, "keys: j and k move between checks")
    page.key("Enter")
    say(page.js("document.activeElement.parentElement.open"), "keys: Enter opens one")
    page.key("n")
    say(page.js("['fail', 'warn', 'error', 'inconclusive'].includes(document.activeElement.parentElement.dataset.verdict)"), "keys: n finds what did not hold")
    page.key("/")
    say(page.js("document.activeElement.id") == "search", "keys: / searches")
    page.type("j")
    say(page.js("document.querySelector('#search').value") == "j", "keys: letters stay letters there")
    page.key("Escape")
    say(page.js("document.activeElement.id") != "search" and page.js("location.hash") == "", "keys: Escape leaves it")
    page.key("t")
    say(page.js("document.documentElement.dataset.theme") == "light", "keys: t changes the theme")
    page.key("?", shift=True)
    say(page.js("document.querySelector('#keys').open"), "keys: ? shows them")
    inside = []
    for _ in range(5):
        page.key("Tab")
        inside.append(page.js("document.activeElement === document.body || document.querySelector('#keys').contains(document.activeElement)"))
    say(all(inside), "keys: the focus stays in the dialog")
    page.click("#keys-on")
    page.key("Escape")
    say(not page.js("document.querySelector('#keys').open"), "keys: Escape closes it")
    page.key("/")
    say(page.js("document.activeElement.id") != "search", "keys: single letters can be switched off (WCAG 2.1.4)")
    page.js("localStorage.clear()")
    page.open(path("broken"))
    page.key("e")
    page.until(lambda: page.js(VISIBLE + ".every((node) => node.open)"), "everything open")
    say(True, "keys: e opens everything")


def test_print(page):
    page.open(path("broken"))
    page.js("""window.printed = null; addEventListener('beforeprint', () => {
      printed = [...document.querySelectorAll('details.check[data-verdict=fail]')].every((node) => node.open && node.querySelector('.failure')); })""")
    page.pdf(os.path.join(FOLDER, "broken.pdf"))
    say(page.js("printed"), "print: what failed is opened")
    say(page.js("[...document.querySelectorAll('details.check[data-verdict=fail]')].every((node) => !node.open)"), "print: and closed again afterwards")
    say(os.path.getsize(os.path.join(FOLDER, "broken.pdf")) > 20000, "print: there is a PDF")


def test_access(page):
    for name in PAGES:
        for theme in ("light", "dark"):
            page.theme(theme)
            page.open(path(name))
            if name in ("check", "broken"):
                page.js("document.querySelectorAll('details.check').forEach((node, at) => { if (at % 40 === 0 || node.dataset.verdict === 'fail') node.open = true; })")
                page.js("new Promise((done) => setTimeout(done, 100))")
                page.js("document.querySelectorAll('.exchange').forEach((node, at) => { node.open = at % 10 === 0; })")
                page.js("new Promise((done) => setTimeout(done, 100))")
            else:
                page.js("document.querySelectorAll('details').forEach((node, at) => { if (at < 60) node.open = true; })")
                page.js("new Promise((done) => setTimeout(done, 100))")
            result = page.js(AUDIT)
            say(not result["found"], f"access: {name}, {theme}: {result['texts']} texts, contrast, headings, landmarks, ids, labels", result["found"][:6])
        nodes = page.call("Accessibility.getFullAXTree")["nodes"]
        nameless = [node["role"]["value"] for node in nodes
                    if not node.get("ignored") and node.get("role", {}).get("value") in NAMED and not node.get("name", {}).get("value")]
        say(not nameless, f"access: {name}: every control has a name", nameless[:5])
    page.theme("light")
    test_focus(page)


def test_focus(page):
    page.open(path("broken"), "#verdict=fail")
    page.js("document.activeElement.blur(); window.scrollTo(0, 0)")
    wanted = page.js("""(() => { window.stops = [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter((node) =>
      node.checkVisibility({visibilityProperty: true}) && !node.disabled && node.tabIndex >= 0); return stops.length; })()""")
    reached, unseen = set(), []
    for _ in range(wanted + 60):
        page.key("Tab")
        at = page.js("""(() => { const node = document.activeElement; const style = getComputedStyle(node);
          return [stops.indexOf(node), node === document.body || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2), node.outerHTML.slice(0, 80)]; })()""")
        if at[0] in reached and at[0] == 0:
            break
        reached.add(at[0])
        if not at[1]:
            unseen.append(at[2])
    missing = [page.js(f"stops[{number}].outerHTML.slice(0, 80)") for number in range(wanted) if number not in reached]
    say(not missing, f"access: Tab reaches all {wanted} controls and leaves the page again", missing[:3])
    say(not unseen, "access: the focus can be seen everywhere", unseen[:3])


def test_large(page):
    size = os.path.getsize(path("large")) / 1e6
    page.open(path("large"))
    times = page.js("""(() => { const [page] = performance.getEntriesByType('navigation');
      const paint = performance.getEntriesByName('first-contentful-paint')[0];
      return [Math.round(paint ? paint.startTime : 0), Math.round(page.domInteractive), Math.round(page.loadEventEnd), longTasks]; })()""")
    print(f"note a page of {size:.1f} MB, 1,000 checks: first paint {times[0]} ms, document complete {times[1]} ms, loaded {times[2]} ms, tasks over 50 ms: {times[3]}")
    say(page.js(VISIBLE + ".length") == 1000, "large: 1,000 checks are there")
    page.js("""window.frames_ = []; window.longTasks.length = 0; (function frame(time) { frames_.push(time); requestAnimationFrame(frame); })(performance.now())""")
    page.call("Input.synthesizeScrollGesture", x=700, y=450, yDistance=-12000, speed=6000, gestureSourceType="mouse")
    gaps = page.js("frames_.slice(1).map((time, at) => time - frames_[at]).sort((a, b) => a - b)")
    print(f"note scrolling 12,000 px at 6,000 px/s: {len(gaps)} frames, median {gaps[len(gaps) // 2]:.1f} ms, 95 % {gaps[int(len(gaps) * 0.95)]:.1f} ms, longest {gaps[-1]:.1f} ms, tasks over 50 ms: {page.js('longTasks')}")
    page.js("window.longTasks.length = 0")
    page.js("document.querySelector('#search').focus()")
    spent = page.js("""(() => { const start = performance.now(); const search = document.querySelector('#search'); search.value = 'check 77';
      search.dispatchEvent(new Event('input')); document.body.offsetHeight; return performance.now() - start; })()""")
    opened = page.js("""(() => { const node = document.getElementById('c/large/section-38/check-770'); const start = performance.now(); node.open = true;
      return new Promise((done) => node.addEventListener('toggle', () => setTimeout(() => { document.body.offsetHeight; done([performance.now() - start, node.querySelectorAll('.exchange').length]); }))); })()""")
    print(f"note a search over 1,000 checks {spent:.0f} ms; opening one with its transcript {opened[0]:.0f} ms")
    say(opened[1] == 4, "large: a transcript is read when its check opens")
    quiet(page, "large")


def test_theme(page):
    colours = []
    for theme in ("light", "dark"):
        page.theme(theme)
        page.open(path("check"))
        colours.append(page.js("getComputedStyle(document.body).backgroundColor"))
    say(colours[0] != colours[1], "theme: it follows the system", colours)
    page.click("#theme")
    say(page.js("getComputedStyle(document.body).backgroundColor") == colours[0] and "light" in page.js("document.querySelector('#theme').textContent"), "theme: the switch overrules the system")
    page.open(path("check"))
    say(page.js("getComputedStyle(document.body).backgroundColor") == colours[0], "theme: and is remembered")
    page.js("localStorage.clear()")
    page.theme("light")


def screenshots(page):
    os.makedirs(SHOTS, exist_ok=True)
    for name in PAGES:
        for width, height in ((1440, 1600), (768, 1400), (320, 1400)):
            for theme in ("light", "dark"):
                page.size(width, height)
                page.theme(theme)
                page.open(path(name))
                page.screenshot(os.path.join(SHOTS, f"{name}-{width}-{theme}.png"))
    page.size(1440, 900)
    page.theme("light")


def main():
    browser = Browser()
    try:
        for test in (test_pages, test_hostile, test_filters, test_links, test_keys, test_theme, test_print, test_large, test_access):
            page = Page(browser, PRELUDE)
            try:
                test(page)
            except Failure as failure:
                say(False, f"{test.__name__}", failure)
        if SHOTS:
            screenshots(Page(browser, PRELUDE))
    finally:
        browser.close()


main()
