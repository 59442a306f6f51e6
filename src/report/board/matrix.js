// SPDX-License-Identifier: Apache-2.0
// The first tab: patches by positions. Columns are a cut through the tree of positions, folded and unfolded. Of a long
// table only the rows in sight are in the document; when it is printed, all are.

const MANY = 700; // cells above which rows out of sight are left out
const [LEAST_HIGH, AROUND] = [420, 272]; // the height of the table, and what of the window is not the table: page.css
const OTHERS = 3; // columns before those of positions
const ROOM_OF_OTHERS = 690; // what the columns that are no positions take, and the margins
const EXTRA = 8; // rows above and below those in sight

const matrix = { unfolded: new Set(), columns: [], rows: [], from: 0, to: 0, windowed: false, row: 30, all: false };

function cut(list, into) {
	for (const p of list)
		if (p.children.length && matrix.unfolded.has(p))
			cut(p.children, into);
		else
			into.push(p);
	return into;
}

// Unfolds all positions above this depth, and folds the others.
function showLevel(depth) {
	matrix.unfolded = new Set(positions.filter((p) => p.depth < depth && p.children.length));
	drawHead();
	drawRows(true);
}

function foldButton(p) {
	const open = matrix.unfolded.has(p);
	const button = h('button', { type: 'button', 'aria-expanded': String(open), title: p.path }, (open ? '▾ ' : '▸ ') + p.name);
	button.addEventListener('click', () => {
		matrix.unfolded[open ? 'delete' : 'add'](p);
		drawHead();
		drawRows(true);
		const again = byId('matrix').querySelector('[data-position="' + p.index + '"] button');
		if (again)
			again.focus();
	});
	return button;
}

// Targets have narrow columns if there are many, with their names turned.
const isNarrow = (p, shownColumns) => !p.children.length && shownColumns.length > 5;

function headCell(p, depth, shownColumns) {
	const open = p.children.length && matrix.unfolded.has(p);
	const span = open ? shownColumns.filter((c) => holds(p, c)).length : 1;
	const narrow = isNarrow(p, shownColumns);
	const manual = p.manual ? h('span', { class: 'manual', title: 'manual gate' }, '‖', h('span', { class: 'hush' }, ' manual gate')) : null;
	const cell = h('th', { class: 'position' + (narrow ? ' leaf' : ''), scope: open ? 'colgroup' : 'col', 'data-position': p.index,
		colspan: span > 1 ? span : null, rowspan: open ? null : depth - p.depth + 1, title: p.path });
	if (p.children.length)
		cell.append(foldButton(p), h('span', { class: 'paper', 'aria-hidden': 'true' }, p.name));
	else
		cell.append(h('span', {}, p.name));
	if (manual)
		cell.append(' ', manual);
	return cell;
}

// The widths of the columns in pixels, about as wide as the names in their heads.
function columnWidths() {
	return matrix.columns.map((c) => {
		let width = c.children.length ? 84 : isNarrow(c, matrix.columns) ? 30 : 60;
		for (let p = isNarrow(c, matrix.columns) ? c.parent : c; p; p = p.parent)
			width = Math.max(width, Math.min(190, p.name.length * 7.6 + 40) / matrix.columns.filter((other) => holds(p, other)).length);
		return Math.round(width);
	});
}

// As many levels as the window is wide enough for.
function unfoldWhatFits() {
	const room = document.documentElement.clientWidth - ROOM_OF_OTHERS;
	for (let depth = data.dimensions.length; depth > 0; depth--) {
		matrix.unfolded = new Set(positions.filter((p) => p.depth < depth && p.children.length));
		matrix.columns = cut(roots, []);
		if (matrix.columns.length < 100 && columnWidths().reduce((sum, width) => sum + width, 0) <= room)
			return;
	}
}

function drawHead() {
	matrix.columns = cut(roots, []);
	const depth = Math.max(1, ...matrix.columns.map((c) => c.depth));
	const rows = Array.from({ length: depth }, () => h('tr'));
	const visit = (list) => {
		for (const p of list) {
			rows[p.depth - 1].append(headCell(p, depth, matrix.columns));
			if (matrix.unfolded.has(p))
				visit(p.children);
		}
	};
	rows[0].append(h('th', { class: 'patch', scope: 'col', rowspan: depth }, 'Patch'), h('th', { class: 'state', scope: 'col', rowspan: depth }, 'State'),
		h('th', { class: 'then', scope: 'col', rowspan: depth }, 'Next, or why not'));
	visit(roots);
	const table = byId('matrix');
	for (const old of table.querySelectorAll('colgroup, thead'))
		old.remove();
	const widths = columnWidths();
	const cols = widths.map((width) => {
		const col = h('col');
		col.style.setProperty('width', width + 'px');
		return col;
	});
	table.caption.after(h('colgroup', {}, h('col', { class: 'patch' }), h('col', { class: 'state' }), h('col'), ...cols), h('thead', {}, ...rows));
	table.style.setProperty('--cells', widths.reduce((sum, width) => sum + width, 0) + 'px');
	drawLevels();
}

function drawLevels() {
	const box = byId('levels');
	const level = (depth) => positions.every((p) => !p.children.length || matrix.unfolded.has(p) === p.depth < depth);
	box.replaceChildren(h('span', { class: 'soft' }, 'Columns'));
	data.dimensions.forEach((name, i) => {
		const button = h('button', { type: 'button', 'aria-pressed': String(level(i + 1)) }, shown(name));
		button.addEventListener('click', () => {
			showLevel(i + 1);
			box.querySelectorAll('button')[i].focus();
		});
		box.append(button);
	});
}

// Rows of the table: a group for each application, then its patches.
function collectRows() {
	const rows = [];
	let group = null;
	const groupOf = (item) => {
		if (!group || group.clusterType !== item.clusterType || group.application !== item.application) {
			group = { group: true, clusterType: item.clusterType, application: item.application, count: 0, wrong: 0 };
			rows.push(group);
		}
		return group;
	};
	for (const item of order) {
		const p = item.unreadable || item.patch;
		const state = stateOf(item);
		if ((filters.state && filters.state !== state) || !passes(p))
			continue;
		const g = groupOf(p);
		if (item.patch) {
			g.count++;
			g.wrong += STATES[state].kind === 'wrong';
		}
		rows.push(item);
	}
	return rows;
}

function groupRow(g) {
	const place = [g.clusterType, g.application].filter(Boolean).map(shown).join(' / ');
	const says = g.count ? plural(g.count, 'patch', 'patches') + (g.wrong ? ', ' + g.wrong + ' blocked' : '') : '';
	return h('tr', { class: 'group' }, h('th', { scope: 'rowgroup', colspan: matrix.columns.length + OTHERS },
		h('span', { class: 'stay' }, place, h('span', { class: 'soft' }, says))));
}

function brokenRow(u) {
	const place = placeOf(u);
	const text = (place && place + ': ') + shown(u.message);
	return h('tr', { class: 'broken' }, h('th', { scope: 'row', colspan: matrix.columns.length + OTHERS, title: text },
		h('span', { class: 'stay' }, badge('unreadable'), ' ' + text)));
}

function badge(state) {
	const about = STATES[state];
	return h('span', { class: 'badge ' + about.kind }, about.sign + ' ' + about.word);
}

function patchRow(p) {
	const row = h('tr', { class: p.key === matrix.open ? 'open' : null },
		h('th', { class: 'patch', scope: 'row' }, h('a', { href: p.key, 'data-key': p.key }, shown(p.patch)),
			p.description ? h('span', { class: 'text' }, shown(p.description)) : null),
		h('td', { class: 'state' }, badge(p.state)), h('td', { class: 'then', title: nextText(p) }, nextText(p)));
	for (const c of matrix.columns) {
		const mark = markOf(stateAt(p, c));
		row.append(h('td', { class: isNarrow(c, matrix.columns) ? 'cell narrow' : 'cell', 'aria-label': mark.words }, markElement(mark)));
	}
	return row;
}

function rowElement(item, index) {
	const row = item.group ? groupRow(item) : item.unreadable ? brokenRow(item.unreadable) : patchRow(item.patch);
	if (matrix.windowed)
		row.setAttribute('aria-rowindex', index + 2);
	return row;
}

function spacer(rows) {
	const made = h('tr', { class: 'space', 'aria-hidden': 'true' }, h('td', { colspan: matrix.columns.length + OTHERS }));
	made.style.setProperty('--space', rows * matrix.row + 'px');
	return made;
}

const scroller = () => byId('matrix').parentElement;

// The rows that are in sight, and some more: [from, to).
function sight() {
	const box = scroller();
	if (!matrix.windowed)
		return [0, matrix.rows.length];
	const high = Math.max(box.clientHeight, LEAST_HIGH, innerHeight - AROUND); // the box is empty at first
	const first = Math.floor(box.scrollTop / matrix.row) - EXTRA;
	const last = Math.ceil((box.scrollTop + high) / matrix.row) + EXTRA;
	return [Math.max(0, Math.min(first, matrix.rows.length - 1)), Math.min(matrix.rows.length, last)];
}

// Puts rows into the document; `whole`: even if the same ones are in sight.
function drawRows(whole) {
	const table = byId('matrix');
	matrix.windowed = !matrix.all && matrix.rows.length * (matrix.columns.length + OTHERS) > MANY;
	const [from, to] = sight();
	if (!whole && matrix.from <= Math.max(0, from + EXTRA / 2) && to - EXTRA / 2 <= matrix.to && matrix.to <= matrix.rows.length)
		return;
	const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : null;
	const bodies = [];
	let body = null;
	for (let i = from; i < to; i++) {
		if (!body || matrix.rows[i].group)
			bodies.push(body = h('tbody'));
		body.append(rowElement(matrix.rows[i], i));
	}
	if (from > 0)
		bodies.unshift(h('tbody', {}, spacer(from)));
	if (to < matrix.rows.length)
		bodies.push(h('tbody', {}, spacer(matrix.rows.length - to)));
	const old = Array.from(table.tBodies);
	table.append(...bodies); // first, so that the table is never too short for its scroll bar
	for (const gone of old)
		gone.remove();
	if (matrix.windowed)
		table.setAttribute('aria-rowcount', matrix.rows.length + 1);
	else
		table.removeAttribute('aria-rowcount');
	[matrix.from, matrix.to] = [from, to];
	if (focused)
		focusRow(focused);
}

function linkOf(key) {
	return Array.from(byId('matrix').querySelectorAll('a[data-key]')).find((a) => a.dataset.key === key);
}

function focusRow(key) {
	const link = linkOf(key);
	if (link)
		link.focus({ preventScroll: true });
	return Boolean(link);
}

// Scrolls the row into sight, below the head.
function reveal(index) {
	const box = scroller();
	const head = byId('matrix').tHead.offsetHeight;
	const top = index * matrix.row;
	if (top < box.scrollTop)
		box.scrollTop = top;
	else if (top + matrix.row > box.scrollTop + box.clientHeight - head)
		box.scrollTop = top + matrix.row - box.clientHeight + head;
	drawRows(false);
}

// Moves the focus from a row to the next patch above or below it.
function moveFocus(key, by) {
	let i = matrix.rows.findIndex((row) => row.patch && row.patch.key === key);
	do
		i += by;
	while (i >= 0 && i < matrix.rows.length && !matrix.rows[i].patch);
	if (i < 0 || i >= matrix.rows.length)
		return;
	reveal(i);
	focusRow(matrix.rows[i].patch.key);
}

function drawMatrix() {
	matrix.rows = collectRows();
	const found = matrix.rows.filter((row) => row.patch).length;
	const panel = byId('view-patches');
	panel.querySelector('.count').textContent = found === patches.length ? plural(found, 'patch', 'patches')
		: found + ' of ' + number(patches.length) + ' patches';
	const box = scroller();
	box.scrollTop = 0;
	drawRows(true);
	let empty = panel.querySelector('.empty');
	if (empty)
		empty.remove();
	box.hidden = matrix.rows.length === 0;
	if (box.hidden)
		box.after(h('p', { class: 'empty' }, order.length ? 'No patch passes the filters.' : 'No patch is in flight.'));
}

function drawLegend() {
	const example = (mark, words) => h('li', {}, markElement(mark), words);
	byId('legend').replaceChildren(
		example({ kind: 'full', text: '3/3' }, 'all targets have it'), example({ kind: 'part', text: '1/3', part: 1 / 3 }, 'some'),
		example({ kind: 'none', text: '0/3' }, 'none'), example({ kind: 'none', text: '▸ 0/3', next: true }, 'next'),
		example({ kind: 'none', text: '‖ 0/3', next: true, gate: true }, 'next, behind a gate'),
		example({ kind: 'part', text: '! 1/3', part: 1 / 3, gap: true }, 'left out, a gap'),
		example({ kind: 'idle', text: '3/3' }, 'without effect'), example({ kind: 'full', text: '●', one: true }, 'a target with a copy'),
		example({ kind: 'full', text: '✓', one: true }, 'covered by one above'));
}

function startMatrix() {
	const table = byId('matrix');
	drawLegend();
	scroller().addEventListener('scroll', () => requestAnimationFrame(() => drawRows(false)));
	table.addEventListener('mouseover', (event) => {
		const cell = event.target.closest('td.cell');
		if (cell && !cell.title)
			cell.title = matrix.columns[cell.cellIndex - OTHERS].path + ': ' + cell.getAttribute('aria-label');
	});
	table.addEventListener('keydown', (event) => {
		const key = event.target.dataset ? event.target.dataset.key : null;
		if (key && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
			event.preventDefault();
			moveFocus(key, event.key === 'ArrowDown' ? 1 : -1);
		}
	});
	addEventListener('beforeprint', () => {
		matrix.all = true;
		drawRows(true);
	});
	addEventListener('afterprint', () => {
		matrix.all = false;
		drawRows(true);
	});
	unfoldWhatFits();
	drawHead();
}
