// SPDX-License-Identifier: Apache-2.0
// One patch: why it waits, where it is, what it sets and what that does.

// A word for a shell.
function quoted(word) {
	return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
}

const ROLES = { TABLE: 'table', THEAD: 'rowgroup', TBODY: 'rowgroup', TR: 'row', TD: 'cell' };

// A table; `stack`: its cells are below one another on a narrow screen, where browsers forget that it is a table.
function table(caption, heads, rows, kind) {
	const made = h('table', { class: 'grid ' + (kind || '') }, h('caption', {}, caption),
		h('thead', {}, h('tr', {}, ...heads.map((name) => h('th', { scope: 'col' }, name)))), h('tbody', {}, ...rows));
	if (kind === 'stack')
		for (const e of [made, ...made.querySelectorAll('thead, tbody, tr, th, td')])
			e.setAttribute('role', ROLES[e.tagName] || (e.scope === 'col' ? 'columnheader' : 'rowheader'));
	return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, made);
}

const pathCell = (path) => h('th', { scope: 'row', class: 'code' }, ...breakable(path));

// A value before (-) or after (+) a change; null: it is not set.
function sideCell(kind, value) {
	const element = h(kind === 'old' ? 'del' : 'ins', { class: kind + ' code' });
	element.append(value === null ? '(unset)' : (kind === 'old' ? '− ' : '+ ') + shownLines(value));
	return h('td', {}, element);
}

function pairs(caption, heads, list) {
	return table(caption, heads, list.map(([path, value]) =>
		h('tr', {}, pathCell(path), h('td', { class: 'code sets' }, shownLines(value)))), 'stack');
}

function wordAt(p, at, s) {
	if (s.leaf)
		return s.covered ? (s.idle ? 'covered, without effect' : s.copy ? 'placed' : 'covered')
			: s.missing ? 'left out, a gap' : s.isNext ? 'next' : 'not reached';
	return (s.copy ? 'placed, ' : '') + s.covered + ' of ' + plural(s.total, 'target') + (s.idle ? ', ' + s.idle + ' without effect' : '') +
		(s.missing ? ', ' + s.missing + ' left out' : '') +
		(p.to === at && p.step === 'promote' ? ', next' : '');
}

// A position and those below it. What is all one thing is folded.
function treeItem(p, at) {
	const s = stateAt(p, at);
	const line = [markElement(markOf(s)), at.name];
	if (at.manual)
		line.push(h('span', { class: 'manual' }, '‖ manual gate'));
	line.push(h('span', { class: 'word' }, wordAt(p, at, s)));
	if (!at.children.length)
		return h('li', {}, h('div', {}, ...line));
	const copyBelow = p.copies.some((i) => i !== at.index && holds(at, positions[i]));
	const mixed = s.isNext ? p.to !== at && !holds(p.to, at) : s.covered > 0 && s.covered < s.total;
	const open = mixed || (s.missing > 0 && s.covered > 0) || copyBelow || (s.idle > 0 && s.idle < s.total) || positions.length <= 24;
	return h('li', {}, h('details', { open }, h('summary', {}, ...line), treeList(p, at.children)));
}

function treeList(p, list) {
	return h('ul', {}, ...list.map((at) => treeItem(p, at)));
}

// The widest positions that are whole in the ranges, each with the number of its targets.
function rangeNames(ranges, list = roots) {
	const names = [];
	for (const p of list) {
		const n = within(ranges, p);
		if (n === p.to - p.from)
			names.push(p.path + (p.children.length ? ' (' + n + ')' : ''));
		else if (n)
			names.push(...rangeNames(ranges, p.children));
	}
	return names;
}

function effectGroup(group, open) {
	const names = rangeNames(group.targets);
	const count = group.targets.reduce((n, [from, to]) => n + to - from, 0);
	const title = (count === targets.length ? 'all ' : '') + plural(count, 'target');
	const rows = group.changes.map(([path, old, now]) => h('tr', {}, pathCell(path), sideCell('old', old), sideCell('new', now)));
	return h('details', { class: 'effect', open },
		h('summary', {}, h('b', {}, title), h('span', { class: 'soft' }, ', ' + plural(group.changes.length + group.left, 'value'))),
		h('p', { class: 'targets' }, names.join(', ')), table('Changes at ' + title, ['Value', 'Without it', 'With it'], rows, 'stack'),
		group.left ? h('p', { class: 'soft' }, 'and ' + plural(group.left, 'more value')) : null);
}

function effect(p) {
	const parts = [h('h3', {}, 'Effect')];
	if (!p.effect.length)
		parts.push(h('p', { class: 'soft' }, p.known ? 'It changes no value anywhere.' : 'Not known.'));
	p.effect.forEach((group, i) => parts.push(effectGroup(group, i < 3)));
	if (p.left)
		parts.push(h('p', { class: 'soft' }, 'And ' + plural(p.left, 'more group') + ' of targets: ', h('code', {}, commandOf(p, 'status '))));
	return parts;
}

function commandOf(p, word) {
	return 'promote ' + word + [p.clusterType, p.application, p.patch].map((x) => quoted(shown(x))).join(' ') +
		(word ? '' : p.gates.map((i) => ' --approve=' + quoted(positions[i].path)).join(''));
}

function facts(p) {
	const list = h('dl');
	const add = (name, ...what) => list.append(h('dt', {}, name), h('dd', {}, ...what));
	add('Targets', p.covered + ' of ' + targets.length + (p.without ? ', ' + p.without + ' of them without effect' : ''));
	add('Copies', p.copies.map((i, k) => positions[i].path + (p.digests ? ' (' + p.digests[k] + ')' : '')).join(', ') || 'none');
	if (p.about.kind !== 'wrong' && p.about.kind !== 'quiet')
		add('Next', nextText(p));
	return list;
}

function waits(p) {
	return h('ul', { class: 'waits' + (p.about.kind === 'wrong' ? ' wrong' : '') }, ...p.waits.map((w) => {
		const place = placeOf(w);
		return h('li', {}, shown(w.message), place ? h('span', { class: 'soft' }, ' ' + place) : null);
	}));
}

function detailOf(p) {
	const close = h('button', { type: 'button', class: 'close' }, 'Close', h('span', { class: 'hush' }, ' the patch'));
	close.addEventListener('click', closePatch);
	const runs = p.about.kind === 'ready' || p.state === 'gate';
	const parts = [
		h('div', { class: 'line' }, h('h2', { tabindex: '-1' }, shown(p.patch)), close),
		h('p', { class: 'crumbs' }, badge(p.state), ' ' + shown(p.clusterType) + ' / ' + shown(p.application)),
		p.description ? h('p', {}, shownLines(p.description)) : null,
		p.waits.length ? waits(p) : null, facts(p), runs ? h('code', { class: 'command' }, commandOf(p, '')) : null,
		h('h3', {}, 'Where it is'), h('div', { class: 'tree' }, treeList(p, roots)),
		h('h3', {}, 'What it sets'), p.sets.length ? pairs('Values that ' + shown(p.patch) + ' sets', ['Value', 'Set to'], p.sets)
			: h('p', { class: 'soft' }, p.known ? 'Nothing.' : 'Not known.'),
		p.setsLeft ? h('p', { class: 'soft' }, 'and ' + plural(p.setsLeft, 'more value')) : null,
		...effect(p),
	];
	if (p.metadata.length)
		parts.push(h('h3', {}, 'Metadata'), pairs('Metadata of ' + shown(p.patch), ['Key', 'Value'], p.metadata));
	return parts.filter((part) => part !== null);
}

function openPatch(p) {
	const box = byId('detail');
	matrix.open = p.key;
	box.replaceChildren(...detailOf(p));
	box.setAttribute('aria-label', 'Patch ' + shown(p.patch));
	box.hidden = false;
	box.scrollTop = 0;
	byId('stage').classList.add('split');
	document.title = shown(p.patch) + ' · ' + shown(p.application) + ' · Fleet board';
	drawRows(true);
	box.querySelector('h2').focus({ preventScroll: true });
	if (!matchMedia('(min-width: 1100px)').matches)
		box.scrollIntoView();
}

// Leaves the patch, and puts the focus back on its row.
function closePatch() {
	const key = matrix.open;
	hidePatch();
	history.replaceState(null, '', '#patches');
	const index = matrix.rows.findIndex((row) => row.patch && row.patch.key === key);
	if (index >= 0)
		reveal(index);
	if (!focusRow(key))
		byId('main').focus({ preventScroll: true });
}

function hidePatch() {
	matrix.open = null;
	byId('detail').hidden = true;
	byId('detail').replaceChildren();
	byId('stage').classList.remove('split');
	document.title = 'Fleet board';
	drawRows(true);
}
