// The report's behaviour. Everything that came from a target is put into the page as text, never as markup.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const { run, summary, checks } = data;
  const byId = new Map(checks.map((check) => [check.id, check]));
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

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === 'class') node.className = value;
      else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
      else if (value === true) node.setAttribute(key, '');
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
    }
    for (const child of children.flat()) {
      if (child !== null && child !== undefined && child !== '') node.append(child);
    }
    return node;
  }
  const plural = (count, one, many) => `${count} ${count === 1 ? one : many || one + 's'}`;
  const duration = (seconds) => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`);
  const chip = (verdict) => el('span', { class: `chip v-${verdict}`, title: MEANING[verdict] }, verdict);
  const checkHref = (id) => '#' + encodeURI(id);
  const checkLink = (id) => el('a', { href: checkHref(id) }, el('span', { class: 'id' }, id));
  function outside(url, ...text) {
    return /^https?:\/\//i.test(url) ? el('a', { href: url, rel: 'noopener noreferrer', target: '_blank' }, ...text) : el('span', {}, ...text);
  }
  const shortUrl = (url) => (run.url && url.startsWith(run.url + '/') ? url.slice(run.url.length) : url);

  // ---- head ----
  function head() {
    document.title = `${run.complete ? '' : 'Incomplete: '}Referee: ${run.target}`;
    $('target').textContent = run.target;
    const facts = [
      run.url && run.url !== run.target ? ['URL', run.url] : null, ['Specification', `distribution-spec ${run.spec}${run.strict ? ', strict' : ''}`],
      ['Namespace', run.namespace], ['Started', run.timing.started.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
      ['Took', duration(run.timing.seconds)], ['Requests', String(run.requests)], ['Seed', run.seed], ['Jobs', String(run.jobs)],
      ['Referee', run.tool_version],
    ];
    $('facts').append(...facts.filter(Boolean).map(([key, value]) => el('div', {}, el('dt', {}, key), el('dd', {}, value))));
    if (!run.complete) {
      $('incomplete').hidden = false;
      $('incomplete').textContent = `This run is not complete: ${summary.total} of ${plural(run.selected, 'check')} have a verdict. ` +
        'It was still going when this page was written, or it was cut. Nothing here says how the other checks would have ended.';
    }
    $('closing').textContent = 'Full transcript: transcript.jsonl beside this page. Machine-readable results: results.json and junit.xml.';
  }

  function headline() {
    const broken = summary.fail + (run.strict ? summary.warn : 0);
    const unsure = summary.inconclusive + summary.error;
    let text;
    let tone;
    const failed = checks.filter((check) => check.verdict === 'fail');
    const implied = failed.filter((check) => check.level === 'IMPL').length;
    if (failed.length > 0 && implied === failed.length) [text, tone] = [`No MUST is broken, but ${plural(implied, 'check')} of what the text implies ${implied === 1 ? 'fails' : 'fail'}`, 'bad'];
    else if (broken > 0) [text, tone] = [`Does not conform: ${plural(broken, 'check')} ${broken === 1 ? 'fails' : 'fail'}${implied ? `, ${implied} of them of what the text only implies` : ''}`, 'bad'];
    else if (unsure > 0) [text, tone] = [`Not decided: ${plural(unsure, 'check')} could not be judged`, 'unsure'];
    else if (summary.total === 0) [text, tone] = ['Nothing judged yet', 'unsure'];
    else if (!run.complete) [text, tone] = ['No requirement found broken so far', 'unsure'];
    else if (summary.warn > 0) [text, tone] = [`No MUST is broken; ${plural(summary.warn, 'recommendation')} not met`, 'warned'];
    else [text, tone] = ['No requirement found broken', 'good'];
    const rest = [];
    if (broken > 0 && unsure > 0) rest.push(`${unsure} not decided`);
    if (broken > 0 && !run.strict && summary.warn > 0) rest.push(plural(summary.warn, 'warning'));
    $('headline').textContent = text + (rest.length ? ` (${rest.join(', ')})` : '');
    $('headline').classList.add(tone);
  }

  function summaryBar() {
    const present = ORDER.filter((verdict) => summary[verdict] > 0);
    $('bar').setAttribute('aria-label', present.map((verdict) => `${summary[verdict]} ${verdict}`).join(', ') || 'no verdicts');
    for (const verdict of present) {
      const part = el('span', { class: `fill v-${verdict}`, title: `${summary[verdict]} ${verdict}: ${MEANING[verdict]}` });
      part.style.flexGrow = String(summary[verdict]);
      $('bar').append(part);
      $('chips').append(el('button', { type: 'button', class: `v-${verdict}`, 'data-verdict': verdict, 'aria-pressed': 'false', title: MEANING[verdict],
        onclick: () => {
          setFilter({ verdict: filter.verdict === verdict ? '' : verdict });
          $('checks').scrollIntoView();           // the list may be far below the root causes
        } },
      el('span', { class: 'dot' }), el('b', {}, String(summary[verdict])), verdict));
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
    const selection = getSelection();
    const range = document.createRange();
    range.selectNodeContents(pre);
    selection.removeAllRanges();
    selection.addRange(range);
    try { return document.execCommand('copy'); } catch { return false; }
  }
  const quoted = (text) => (/^[\w.:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  /// What was pushed is removed at the end of a run; this brings it back, so that a request can be sent again.
  const again = (check) => `referee check ${quoted(run.target)} --namespace ${quoted(run.namespace)} --seed ${run.seed} --select ${check.id} --keep`;
  function curlLine(command) {
    const pre = el('pre', {}, command);
    const button = el('button', { type: 'button' }, 'Copy');
    const say = (text) => { button.textContent = text; setTimeout(() => { button.textContent = 'Copy'; }, 1800); };
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
  function exchangeView(exchange, isProof) {
    const status = exchange.response.status;
    const tone = status === 0 ? 's-none' : status < 400 ? 's-good' : 's-bad';
    const kind = exchange.purpose === 'request' ? '' : ` (${exchange.purpose})`;
    const node = el('details', { class: isProof ? 'exchange proof' : 'exchange' },
      el('summary', {}, `${exchange.method} ${shortUrl(exchange.url)}${kind} \u2192 `, el('span', { class: tone }, status === 0 ? 'no response' : String(status)),
        el('span', { class: 'muted' }, `  ${duration(exchange.timing.total_seconds)}`)));
    lazily(node, () => el('div', {},
      exchange.error ? el('p', { class: 's-none' }, exchange.error) : null,
      message(`${exchange.method} ${exchange.url}`, exchange.request),
      status === 0 ? null : message(`HTTP/${exchange.response.version} ${status}`, exchange.response),
      el('h5', {}, 'Repeat it'), curlLine(exchange.curl)));
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

  function failureView(failure) {
    return el('div', { class: 'failure' }, failure.what && (failure.expected || failure.actual) ? el('p', { class: 'what' }, failure.what) : null,
      pair(failure.expected, failure.actual, failure.what),
      failure.exchange ? [el('p', { class: 'muted' }, `${failure.exchange.method} ${shortUrl(failure.exchange.url)} \u2192 ` +
        (failure.exchange.status === 0 ? 'no response' : failure.exchange.status)), curlLine(failure.exchange.curl)] : null);
  }

  function bodyOf(check) {
    const parts = [];
    const add = (title, ...content) => { parts.push(el('h4', {}, title), ...content.flat()); };
    if (check.reason) add('Reason', el('p', {}, check.reason));
    if (check.blocked_by) add('Blocked by', el('p', {}, checkLink(check.blocked_by)));
    if (check.requirements.length) {
      add(check.requirements.length === 1 ? 'Requirement' : 'Requirements', check.requirements.map((requirement) => el('div', { class: 'requirement' },
        el('p', {}, el('span', { class: 'level' }, requirement.level || 'not in this version'), requirement.text),
        el('p', {}, outside(requirement.link, `${requirement.section || 'Specification'}`), ' ', el('span', { class: 'id' }, requirement.id)))));
    }
    if (check.failures.length && !run.target.startsWith('embedded:')) {
      add('Bring its content back', el('p', { class: 'muted' }, 'A run removes what it pushed. Before a request is repeated:'), curlLine(again(check)));
    }
    if (check.failures.length) {
      add('What went wrong', check.failures.map(failureView),
        check.failures_omitted ? el('p', { class: 'muted' }, `${check.failures_omitted} more in results.json`) : null);
    }
    const observed = Object.entries(check.observations);
    if (observed.length) add('Observed', el('dl', { class: 'pair' }, observed.map(([key, value]) => [el('dt', {}, key), el('dd', {}, value)]).flat()));
    if (check.blocks.length) add(`Blocks ${plural(check.blocks.length, 'check')}`, el('div', { class: 'names' }, check.blocks.map((id) => el('p', {}, checkLink(id)))));
    if (check.exchanges.length || check.exchanges_omitted) {
      const proofs = new Set(check.failures.filter((failure) => failure.exchange).map((failure) => failure.exchange.number));
      add(`Transcript (${plural(check.exchanges.length + check.exchanges_omitted, 'exchange')})`,
        check.exchanges.map((exchange) => exchangeView(exchange, proofs.has(exchange.number))),
        check.exchanges_omitted ? el('p', { class: 'muted' }, `${check.exchanges_omitted} more in transcript.jsonl`) : null);
    }
    parts.push(el('p', { class: 'muted' }, el('a', { href: checkHref(check.id) }, 'Link to this check'),
      ` \u00b7 ${plural(check.requests, 'request')}, ${duration(check.timing.seconds)}`));
    return el('div', { class: 'body' }, parts);
  }

  const nodes = new Map();
  function checkView(check) {
    const node = el('details', { class: 'check', id: check.id, 'data-verdict': check.verdict, 'data-level': check.level || 'none' },
      el('summary', {}, chip(check.verdict),
        el('span', { class: 'name' }, el('span', {}, check.title || check.id), el('span', { class: 'id' }, check.id)),
        el('span', { class: 'meta', title: LEVEL[check.level] || '' }, check.level || 'no level')));
    lazily(node, () => bodyOf(check));
    nodes.set(check.id, node);
    return node;
  }

  // ---- lists ----
  const groups = [];
  function list() {
    const index = new Map();
    for (const check of checks) {
      let group = index.get(check.section);
      if (!group) {
        group = { name: check.section, checks: [], count: el('span', {}) };
        index.set(check.section, group);
        groups.push(group);
      }
      group.checks.push(check);
    }
    for (const group of groups) {
      group.node = el('section', { class: 'group' }, el('h3', {}, el('span', {}, group.name), group.count), group.checks.map(checkView));
      group.count.textContent = ORDER.map((verdict) => [verdict, group.checks.filter((check) => check.verdict === verdict).length])
        .filter(([, count]) => count).map(([verdict, count]) => `${count} ${verdict}`).join(', ');
      $('list').append(group.node);
    }
  }

  function roots() {
    const causes = ROOTS.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
    $('roots').hidden = causes.length === 0;
    for (const check of causes) {
      const first = check.failures[0];
      const more = check.failures.length + check.failures_omitted - 1;
      $('root-list').append(el('li', { class: `v-${check.verdict}` },
        el('p', { class: 'line' }, chip(check.verdict), el('span', { class: 'level', title: LEVEL[check.level] || '' }, check.level || 'no level'),
          el('a', { href: checkHref(check.id) }, check.title || check.id), el('span', { class: 'id' }, check.id)),
        first ? pair(first.expected, first.actual, first.what) : check.reason ? el('p', { class: 'muted' }, check.reason) : null,
        more > 0 ? el('p', { class: 'blocks' }, `and ${plural(more, 'more unmet expectation')}`) : null,
        check.blocks.length ? el('p', { class: 'blocks' }, `Blocks ${plural(check.blocks.length, 'other check')}, counted once, here.`) : null));
    }
  }

  function capabilities() {
    const entries = Object.entries(run.capabilities);
    $('capabilities').hidden = entries.length === 0;
    $('capability-rows').append(...entries.map(([name, finding]) => el('tr', {}, el('td', {}, el('code', {}, name)),
      el('td', { class: finding.present ? 'v-pass' : 'v-unsupported' }, finding.present ? 'yes' : 'no'), el('td', {}, finding.evidence))));
  }

  // ---- filter; its state is the address, so that a view can be sent to someone ----
  const filter = { verdict: '', level: '', section: '', q: '' };
  const haystack = (check) => (check.haystack ??= [check.id, check.title, check.reason, check.section, ...check.requirements.flatMap((one) => [one.id, one.text]),
    ...check.failures.flatMap((one) => [one.what, one.expected, one.actual]), ...Object.entries(check.observations).flat()].join('\n').toLowerCase());

  function matches(check) {
    return (!filter.verdict || check.verdict === filter.verdict) && (!filter.level || (check.level || 'none') === filter.level) &&
      (!filter.section || check.section === filter.section) && filter.q.toLowerCase().split(/\s+/).every((word) => haystack(check).includes(word));
  }
  function apply() {
    let shown = 0;
    for (const group of groups) {
      let inGroup = 0;
      for (const check of group.checks) {
        const visible = matches(check);
        nodes.get(check.id).hidden = !visible;
        inGroup += visible ? 1 : 0;
      }
      group.node.hidden = inGroup === 0;
      shown += inGroup;
    }
    $('shown').textContent = shown === checks.length ? `${plural(shown, 'check')}` : `${shown} of ${plural(checks.length, 'check')} shown`;
    if (shown === 0) $('shown').textContent += '. Nothing matches these filters.';
    for (const button of $('chips').children) button.setAttribute('aria-pressed', String(button.dataset.verdict === filter.verdict));
    for (const key of ['verdict', 'level', 'section']) $(key).value = filter[key];
    if ($('search').value !== filter.q) $('search').value = filter.q;
    $('reset').disabled = !Object.values(filter).some(Boolean);
  }
  function setFilter(change) {
    Object.assign(filter, change);
    const parts = Object.entries(filter).filter(([, value]) => value).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    history.replaceState(null, '', parts.length ? '#' + parts.join('&') : location.pathname + location.search);
    apply();
  }
  const clear = () => Object.assign(filter, { verdict: '', level: '', section: '', q: '' });

  function decode(text) {
    try { return decodeURIComponent(text); } catch { return text; }
  }
  function follow() {
    const hash = location.hash.slice(1);
    const id = decode(hash);
    if (byId.has(id)) {
      if (!matches(byId.get(id))) clear();
      apply();
      const node = nodes.get(id);
      fill(node);
      node.open = true;
      node.scrollIntoView({ block: 'start' });
      node.querySelector('summary').focus({ preventScroll: true });
      return;
    }
    if (hash.includes('=')) {
      clear();
      for (const part of hash.split('&')) {
        const [key, value] = part.split('=');
        if (Object.hasOwn(filter, key)) filter[key] = decode(value || '');
      }
    }
    apply();
  }

  function options(id, any, values) {
    $(id).append(el('option', { value: '' }, any), ...values.map((value) => el('option', { value }, value)));
    $(id).addEventListener('change', () => setFilter({ [id]: $(id).value }));
  }
  function visibleChecks() { return checks.map((check) => nodes.get(check.id)).filter((node) => !node.hidden); }
  function expandAll() {
    const visible = visibleChecks();
    const open = !visible.every((node) => node.open);
    for (const node of visible) {
      if (open) fill(node);
      node.open = open;
    }
    $('expand').textContent = open ? 'Collapse all' : 'Expand all';
  }
  function step(by) {
    const visible = visibleChecks();
    if (!visible.length) return;
    const at = visible.findIndex((node) => node.contains(document.activeElement));
    const next = visible[Math.min(Math.max(at + by, 0), visible.length - 1)];
    next.querySelector('summary').focus();
    next.scrollIntoView({ block: 'nearest' });
  }
  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === 'Escape' && event.target === $('search')) { setFilter({ q: '' }); $('search').blur(); }
    if (typing) return;
    if (event.key === '/') { event.preventDefault(); $('search').focus(); }
    if (event.key === 'j') step(1);
    if (event.key === 'k') step(-1);
  }

  function start() {
    head();
    headline();
    summaryBar();
    list();
    roots();
    capabilities();
    options('verdict', 'all verdicts', ORDER.filter((verdict) => summary[verdict] > 0));
    options('level', 'all levels', [...new Set(checks.map((check) => check.level || 'none'))]);
    options('section', 'all sections', groups.map((group) => group.name));
    $('search').addEventListener('input', () => setFilter({ q: $('search').value.trim() }));
    $('tools').addEventListener('submit', (event) => event.preventDefault());
    $('expand').addEventListener('click', expandAll);
    $('reset').addEventListener('click', () => { clear(); setFilter({}); });
    document.addEventListener('keydown', keys);
    addEventListener('hashchange', follow);
    // On paper: everything that needs action, opened.
    addEventListener('beforeprint', () => visibleChecks().forEach((node) => {
      if (ROOTS.includes(node.dataset.verdict)) { fill(node); node.open = true; }
    }));
    for (const id of ['summary', 'checks']) $(id).hidden = false;
    follow();
  }
  start();
})();
