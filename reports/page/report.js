// The report's behaviour. Everything that came from a target is put into the page as text, never as markup.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const { runs, checks } = data;
  const several = runs.length > 1;
  for (const check of checks) check.anchor = (check.run > 0 ? `${check.run + 1}@` : '') + check.id;
  const byAnchor = new Map(checks.map((check) => [check.anchor, check]));
  const ORDER = ['fail', 'error', 'inconclusive', 'warn', 'pass', 'observed', 'unsupported', 'blocked'];
  const ROOTS = ['fail', 'error', 'inconclusive', 'warn'];
  const LEVEL = {
    MUST: 'the specification requires it', SHOULD: 'the specification recommends it', MAY: 'the specification allows it',
    IMPL: 'not written down, but the only reading that makes the specification work; counts as a MUST', INFO: 'the specification is silent', CLAIM: 'a claim that is measured',
  };
  const MEANING = {
    fail: 'a MUST is broken', warn: 'a SHOULD is not met', pass: 'observed as required', observed: 'what happened where the text leaves it open',
    unsupported: 'an optional part is absent, and the target said so', blocked: 'a prerequisite check did not pass',
    inconclusive: 'throttled, timed out or connection lost', error: 'the harness itself went wrong',
  };
  const $ = (id) => document.getElementById(id);
  const total = (verdict) => runs.reduce((sum, run) => sum + run.summary[verdict], 0);

  /// Characters that turn, hide or end what stands around them, in plain sight. Copied is what was sent.
  const visible = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (character) => `\\u{${character.codePointAt(0).toString(16)}}`);

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === 'class') node.className = value;
      else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
      else if (value === true) node.setAttribute(key, '');
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
    }
    for (const child of children.flat()) {
      if (child !== null && child !== undefined && child !== '') node.append(typeof child === 'string' ? visible(child) : child);
    }
    return node;
  }
  const coded = (text) => text.split('`').map((part, at, all) => (at % 2 === 0 ? part : at < all.length - 1 ? el('code', {}, part) : '`' + part)); // what stands between backticks
  const plural = (count, one, many) => `${count} ${count === 1 ? one : many || one + 's'}`;
  const duration = (seconds) => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`);
  const chip = (verdict) => el('span', { class: `chip v-${verdict}`, title: MEANING[verdict] }, verdict);
  const checkHref = (anchor) => '#' + encodeURIComponent(anchor).replace(/%2F/g, '/').replace(/%40/g, '@');
  const checkLink = (check, id) => el('a', { href: checkHref((check.run > 0 ? `${check.run + 1}@` : '') + id) }, el('span', { class: 'id' }, id));
  function outside(url, ...text) {
    return /^https?:\/\//i.test(url) ? el('a', { href: url, rel: 'noopener noreferrer', target: '_blank' }, ...text) : el('span', {}, ...text);
  }
  const shortUrl = (check, url) => (runs[check.run].url && url.startsWith(runs[check.run].url + '/') ? url.slice(runs[check.run].url.length) : url);

  // ---- summary ----
  function summaryBar() {
    const present = ORDER.filter((verdict) => total(verdict) > 0);
    for (const id of ['bar', 'chips']) $(id).hidden = present.length === 0;
    $('bar').setAttribute('aria-label', present.map((verdict) => `${total(verdict)} ${verdict}`).join(', '));
    for (const verdict of present) {
      const part = el('span', { class: `fill v-${verdict}`, title: `${total(verdict)} ${verdict}: ${MEANING[verdict]}` });
      part.style.flexGrow = String(total(verdict));
      $('bar').append(part);
      $('chips').append(el('button', { type: 'button', class: `v-${verdict}`, 'data-verdict': verdict, 'aria-pressed': 'false', title: MEANING[verdict],
        onclick: () => {
          setFilter({ verdict: filter.verdict === verdict ? '' : verdict });
          settle($('checks'));   // the list may be far below the root causes
        } },
      el('span', { class: 'dot' }), el('b', {}, String(total(verdict))), verdict));
    }
  }

  // ---- one check ----
  function pair(expected, actual, what) {
    const rows = [];
    if (what && !(expected || actual)) rows.push(el('dt', {}, 'What'), el('dd', { class: 'got' }, what));
    if (expected) rows.push(el('dt', {}, 'Expected'), el('dd', {}, expected));
    if (actual) rows.push(el('dt', {}, 'Actual'), el('dd', { class: 'got' }, actual));
    return el('dl', { class: 'pair' }, rows);
  }

  function fallbackCopy(pre) {
    const [selection, range] = [getSelection(), document.createRange()];
    range.selectNodeContents(pre);
    selection.removeAllRanges();
    selection.addRange(range);
    try { return document.execCommand('copy'); } catch { return false; }
  }
  /// What was pushed is removed at the end of a run; this brings it back, so that a request can be sent again.
  const again = (check, run) => `${run.again} --select ${check.id} --keep`;
  function curlLine(command, what) {
    const pre = el('pre', {}, command);
    const button = el('button', { type: 'button', 'aria-label': `Copy ${what}` }, 'Copy');
    const say = (text) => {
      button.textContent = text;
      button.removeAttribute('aria-label');
      setTimeout(() => { button.textContent = 'Copy'; button.setAttribute('aria-label', `Copy ${what}`); }, 1800);
    };
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(command);
        say('Copied');
      } catch {
        say(fallbackCopy(pre) ? 'Copied' : 'Press Ctrl+C');   // selected, so that one key is enough
      }
    });
    return el('div', { class: 'curl' }, pre, button);
  }

  function message(title, part) {
    const headers = part.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
    return [
      el('h5', {}, title),
      headers ? el('pre', {}, headers) : el('p', { class: 'muted' }, 'no headers'),
      part.body ? [el('h5', {}, `Body (${plural(part.bytes, 'byte')})`), el('pre', {}, part.body)]
        : part.bytes > 0 ? el('p', { class: 'muted' }, `body of ${plural(part.bytes, 'byte')}, not shown`) : null,
    ].flat();
  }
  function exchangeView(check, exchange, isProof) {
    const status = exchange.response.status;
    const tone = status === 0 ? 's-none' : status < 400 ? 's-good' : 's-bad';
    const kind = exchange.purpose === 'request' ? '' : ` (${exchange.purpose})`;
    const node = el('details', { class: isProof ? 'exchange proof' : 'exchange' },
      el('summary', {}, `${exchange.method} ${shortUrl(check, exchange.url)}${kind} \u2192 `, el('span', { class: tone }, status === 0 ? 'no response' : String(status)),
        el('span', { class: 'muted' }, `  ${duration(exchange.timing.total_seconds)}`)));
    lazily(node, () => el('div', {},
      exchange.error ? el('p', { class: 's-none' }, exchange.error) : null,
      message(`${exchange.method} ${exchange.url}`, exchange.request),
      status === 0 ? null : message(`HTTP/${exchange.response.version} ${status}`, exchange.response),
      el('h5', {}, 'Repeat it'), curlLine(exchange.curl, 'this request')));
    return node;
  }

  /// Fills a <details> when it opens for the first time: a page of a thousand exchanges stays quick.
  const fillers = new WeakMap();
  function lazily(node, make) {
    fillers.set(node, make);
    node.addEventListener('toggle', () => { if (node.open) fill(node); });
  }
  function fill(node) {
    const make = fillers.get(node);
    if (!make) return;
    fillers.delete(node);
    node.append(make());
  }

  function failureView(check, failure) {
    return el('div', { class: 'failure' }, failure.what && (failure.expected || failure.actual) ? el('p', { class: 'what' }, failure.what) : null,
      pair(failure.expected, failure.actual, failure.what),
      failure.exchange ? [el('p', { class: 'muted' }, `${failure.exchange.method} ${shortUrl(check, failure.exchange.url)} \u2192 ` +
        (failure.exchange.status === 0 ? 'no response' : failure.exchange.status)), curlLine(failure.exchange.curl, 'the request that shows it')] : null);
  }

  /// Transcripts stand behind this script, so that the page is there before they are; each is parsed when it is looked at.
  function transcript(check, place) {
    if (!check.exchanges) return;
    const element = $(`t${check.transcript}`);
    if (!element && document.readyState === 'loading') {
      place.append(el('p', { class: 'muted' }, 'still loading'));
      document.addEventListener('DOMContentLoaded', () => { place.replaceChildren(); transcript(check, place); });
      return;
    }
    const proofs = new Set(check.failures.filter((failure) => failure.exchange).map((failure) => failure.exchange.number));
    place.append(...JSON.parse(element.textContent).map((exchange) => exchangeView(check, exchange, proofs.has(exchange.number))));
  }

  function bodyOf(check) {
    const parts = [];
    const add = (title, ...content) => { parts.push(el('h4', {}, title), ...content.flat()); };
    if (check.reason) add('Reason', el('p', {}, check.reason));
    if (check.blocked_by) add('Blocked by', el('p', {}, checkLink(check, check.blocked_by)));
    if (check.requirements.length) {
      add(check.requirements.length === 1 ? 'Requirement' : 'Requirements', check.requirements.map((requirement) => el('div', { class: 'requirement' },
        el('p', {}, el('span', { class: 'level' }, requirement.level || 'not in this version'), requirement.text),
        el('p', {}, outside(requirement.link, `${requirement.section || 'Specification'}`), ' ', el('span', { class: 'id' }, requirement.id)))));
    }
    if (check.failures.length) {
      add('What went wrong', check.failures.map((failure) => failureView(check, failure)),
        check.failures_omitted ? el('p', { class: 'muted' }, `${check.failures_omitted} more in results.json`) : null);
    }
    const run = runs[check.run];
    if (check.failures.length && run.namespace && !run.target.startsWith('embedded:')) {
      add('Bring its content back', el('p', { class: 'muted' }, 'A run removes what it pushed. Before a request is repeated:'), curlLine(again(check, run), 'the command'));
    }
    const observed = Object.entries(check.observations);
    if (observed.length) add('Observed', el('dl', { class: 'pair' }, observed.map(([key, value]) => [el('dt', {}, key), el('dd', {}, value)]).flat()));
    if (check.blocks.length) add(`Blocks ${plural(check.blocks.length, 'check')}`, el('div', { class: 'names' }, check.blocks.map((id) => el('p', {}, checkLink(check, id)))));
    if (check.exchanges || check.exchanges_omitted) {
      const place = el('div', {});
      add(`Transcript (${plural(check.exchanges + check.exchanges_omitted, 'exchange')})`, place,
        check.exchanges_omitted ? el('p', { class: 'muted' }, `${check.exchanges_omitted} more in transcript.jsonl`) : null);
      transcript(check, place);
    }
    parts.push(el('p', { class: 'muted' }, el('a', { href: checkHref(check.anchor) }, 'Link to this check'),
      ` \u00b7 ${plural(check.requests, 'request')}, ${duration(check.timing.seconds)}`));
    return el('div', { class: 'body' }, parts);
  }

  const nodes = new Map();
  function checkView(check) {
    const node = el('details', { class: 'check', id: `c/${check.anchor}`, 'data-verdict': check.verdict, 'data-level': check.level || 'none' },
      el('summary', {}, chip(check.verdict),
        el('span', { class: 'name' }, el('span', {}, coded(check.title || check.id)), el('span', { class: 'id' }, check.id)),
        el('span', { class: 'meta', title: LEVEL[check.level] || '' }, check.level || 'no level')));
    lazily(node, () => bodyOf(check));
    nodes.set(check, node);
    return node;
  }

  // ---- lists ----
  const groups = [];
  function list() {
    const index = new Map();
    for (const check of checks) {
      const key = `${check.run} ${check.section}`;
      let group = index.get(key);
      if (!group) {
        group = { name: several ? `${check.section} (${runs[check.run].label})` : check.section, checks: [], count: el('span', {}) };
        index.set(key, group);
        groups.push(group);
      }
      group.checks.push(check);
    }
    for (const group of groups) {
      group.node = el('section', { class: 'group' }, el('h3', {}, el('span', {}, group.name), group.count), group.checks.map(checkView));
      group.count.textContent = ORDER.map((verdict) => [verdict, group.checks.filter((check) => check.verdict === verdict).length])
        .filter(([, count]) => count).map(([verdict, count]) => `${count} ${verdict}`).join(', ');
      // What one that was not drawn yet takes, about.
      group.node.style.containIntrinsicBlockSize = `auto ${43 + 57 * group.checks.length}px`;
      $('list').append(group.node);
    }
  }

  const SELECTS = [['verdict', 'verdict-filter'], ['level', 'level'], ['section', 'section'], ['target', 'target']];
  // ---- filter; its state is the address, so that a view can be sent to someone ----
  const filter = { verdict: '', level: '', section: '', target: '', q: '' };
  const haystack = (check) => (check.haystack ??= [check.id, check.title, check.reason, several ? runs[check.run].label : '', check.section, ...check.requirements.flatMap((one) => [one.id, one.text]),
    ...check.failures.flatMap((one) => [one.what, one.expected, one.actual]), ...Object.entries(check.observations).flat()].join('\n').toLowerCase());

  function matches(check) {
    return (!filter.verdict || check.verdict === filter.verdict) && (!filter.level || (check.level || 'none') === filter.level) &&
      (!filter.section || check.section === filter.section) &&
      (!filter.target || runs[check.run].label === filter.target) && filter.q.toLowerCase().split(/\s+/).every((word) => haystack(check).includes(word));
  }
  function apply() {
    let shown = 0;
    for (const group of groups) {
      for (const check of group.checks) nodes.get(check).hidden = !matches(check);
      const inGroup = group.checks.filter((check) => !nodes.get(check).hidden).length;
      group.node.hidden = inGroup === 0;
      shown += inGroup;
    }
    $('shown').textContent = shown === checks.length ? `${plural(shown, 'check')}` : `${shown} of ${plural(checks.length, 'check')} shown`;
    if (shown === 0) $('shown').textContent += '. Nothing matches these filters.';
    for (const button of $('chips').children) button.setAttribute('aria-pressed', String(button.dataset.verdict === filter.verdict));
    for (const [key, id] of SELECTS) $(id).value = filter[key];
    if ($('search').value !== filter.q) $('search').value = filter.q;
    $('reset').disabled = !Object.values(filter).some(Boolean);
  }
  function setFilter(change) {
    Object.assign(filter, change);
    const parts = Object.entries(filter).filter(([, value]) => value).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    history.replaceState(null, '', parts.length ? '#' + parts.join('&') : location.pathname + location.search);
    apply();
  }
  const clear = () => Object.assign(filter, { verdict: '', level: '', section: '', target: '', q: '' });

  function decode(text) { try { return decodeURIComponent(text); } catch { return text; } }
  function open(node) { fill(node); node.open = true; }
  /// What is not on the screen has the size that was guessed for it: as it comes near, the place moves.
  function settle(node, times = 6) {
    node.scrollIntoView({ block: 'start', behavior: 'instant' });
    if (times > 0) requestAnimationFrame(() => settle(node, times - 1));
  }
  function follow() {
    const hash = location.hash.slice(1);
    const check = byAnchor.get(decode(hash));
    if (check) {
      if (!matches(check)) clear();
      apply();
      const node = nodes.get(check);
      open(node);
      node.querySelector('summary').focus({ preventScroll: true });
      settle(node);
      return;
    }
    const element = hash && $(decode(hash));
    if (element) {
      // A cell's numbers, folded away.
      for (let fold = element.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
      settle(element);
    } else if (hash.includes('=')) {
      clear();
      for (const part of hash.split('&')) {
        const [key, value] = part.split('=');
        if (Object.hasOwn(filter, key)) filter[key] = decode(value || '');
      }
    }
    apply();
  }

  function options(key, id, any, values) {
    $(id).append(el('option', { value: '' }, any), ...values.map((value) => el('option', { value }, value)));
    $(id).addEventListener('change', () => setFilter({ [key]: $(id).value }));
  }
  const shownChecks = () => checks.map((check) => nodes.get(check)).filter((node) => !node.hidden);

  /// A thousand bodies at once would hold the page up: some in each frame.
  let expanding = 0;
  function expandAll() {
    const all = shownChecks();
    const opens = !all.every((node) => node.open);
    const turn = ++expanding;
    $('expand').textContent = opens ? 'Collapse all' : 'Expand all';
    const step = () => {
      const until = performance.now() + 12;
      while (all.length && performance.now() < until) {
        const node = all.shift();
        if (opens) open(node); else node.open = false;
      }
      if (all.length && turn === expanding) requestAnimationFrame(step);
    };
    step();
  }
  function goTo(all, by) {
    if (!all.length) return;
    const at = all.findIndex((node) => node.contains(document.activeElement));
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    next.querySelector('summary').focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  }
  function nextBroken() {
    const all = shownChecks();
    const at = all.findIndex((node) => node.contains(document.activeElement));
    const broken = all.filter((node) => ROOTS.includes(node.dataset.verdict));
    const next = broken.find((node) => all.indexOf(node) > at) || broken[0];
    if (next) goTo([next], 0);
  }

  // ---- theme and keys, remembered where there is a storage ----
  const THEMES = ['system', 'light', 'dark'];
  function remember(key, value) { try { localStorage.setItem(key, value); } catch { /* for this page only */ } }
  function showTheme() { $('theme').textContent = `Theme: ${document.documentElement.dataset.theme || 'system'}`; }
  function nextTheme() {
    const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme || 'system') + 1) % THEMES.length];
    if (next === 'system') delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = next;
    remember('referee-theme', next);
    showTheme();
  }
  const KEYS = {
    '/': () => $('search').focus(), '?': () => $('keys').showModal(), j: () => goTo(shownChecks(), 1), k: () => goTo(shownChecks(), -1), n: nextBroken,
    e: expandAll, c: () => { clear(); setFilter({}); }, t: nextTheme,
  };
  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || $('keys').open) return;
    if (event.key === 'Escape' && event.target === $('search')) { setFilter({ q: '' }); $('search').blur(); }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || !$('keys-on').checked || !Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  }
  function controls() {
    $('actions').hidden = false;
    showTheme();
    $('theme').addEventListener('click', nextTheme);
    $('help').addEventListener('click', () => $('keys').showModal());
    $('keys-close').addEventListener('click', () => $('keys').close());
    try { $('keys-on').checked = localStorage.getItem('referee-keys') !== 'off'; } catch { /* on */ }
    $('keys-on').addEventListener('change', () => remember('referee-keys', $('keys-on').checked ? 'on' : 'off'));
    document.addEventListener('keydown', keys);
  }

  /// On paper: everything that needs action, opened, and as it was afterwards.
  function printing() {
    let opened = [];
    addEventListener('beforeprint', () => {
      opened = [...shownChecks().filter((node) => ROOTS.includes(node.dataset.verdict)), ...document.querySelectorAll('details.more')].filter((node) => !node.open);
      opened.forEach(open);
    });
    addEventListener('afterprint', () => { opened.forEach((node) => { node.open = false; }); opened = []; });
  }

  const underTheBar = () => { document.documentElement.style.scrollPaddingTop = getComputedStyle($('tools')).position === 'sticky' ? `${$('tools').offsetHeight + 14}px` : ''; };
  function start() {
    controls();
    summaryBar();
    list();
    options('verdict', 'verdict-filter', 'all verdicts', ORDER.filter((verdict) => total(verdict) > 0));
    options('level', 'level', 'all levels', [...new Set(checks.map((check) => check.level || 'none'))]);
    options('section', 'section', 'all sections', [...new Set(checks.map((check) => check.section))]);
    options('target', 'target', 'all targets', runs.map((run) => run.label));
    $('target').parentElement.hidden = !several;
    $('search').addEventListener('input', () => setFilter({ q: $('search').value.trim() }));
    $('tools').addEventListener('submit', (event) => event.preventDefault());
    $('expand').addEventListener('click', expandAll);
    $('reset').addEventListener('click', () => { clear(); setFilter({}); });
    addEventListener('hashchange', follow); printing();
    $('checks').hidden = runs.length === 0;
    underTheBar(); new ResizeObserver(underTheBar).observe($('tools'));
    follow();
  }
  start();
})();
