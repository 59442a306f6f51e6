// SPDX-License-Identifier: Apache-2.0
// The second and the third tab: which value is where, and what is wrong.

// A value of the matrix; a star if targets below the position differ, with the values that they have.
function versionCell(cell, before) {
	const changes = before !== null && cell.text !== before.text;
	const made = h('td', { class: 'code' + (changes ? ' changes' : '') });
	if (cell.differs)
		made.append(h('span', { class: 'star' }, '*', h('span', { class: 'hush' }, ' targets differ: ')));
	made.append(cell.text);
	return made;
}

function readVersions() {
	for (const m of data.versions)
		for (const row of m.rows) {
			row.clusterType = m.clusterType;
			row.cells = row.cells.map((values) => ({ differs: values.length > 1, text: values.map((v) => (v === null ? '–' : shown(v))).join(', ') }));
			row.differs = row.cells.some((cell) => cell.differs || cell.text !== row.cells[0].text);
			row.text = [m.clusterType, row.application, row.path, ...row.cells.map((cell) => cell.text)].join('\n').toLowerCase();
		}
}

function versionRow(row) {
	const head = h('th', { scope: 'row' }, shown(row.application), h('div', { class: 'code soft' }, ...breakable(row.path)));
	return h('tr', { class: row.differs ? null : 'equal' }, head, ...row.cells.map((cell, i) => versionCell(cell, i ? row.cells[i - 1] : null)));
}

const FIRST = 200; // rows that are shown of a long list
const whole = new Set(); // the lists that are shown to their ends

// The first of the rows, and a button for the others.
function firstOf(id, list) {
	return whole.has(id) ? list : list.slice(0, FIRST);
}

function moreButton(id, list) {
	const button = h('button', { type: 'button', class: 'more' }, 'Show all ' + number(list.length));
	button.addEventListener('click', () => {
		whole.add(id);
		TABS[id]();
		byId('view-' + id).querySelector('.scroll').focus();
	});
	return button;
}

function drawVersions() {
	const only = byId('differing').checked;
	const made = [];
	let found = 0;
	let all = 0;
	for (const m of data.versions) {
		const passing = m.rows.filter((row) => passes(row) && (!only || row.differs));
		const rows = firstOf('versions', passing);
		all += m.rows.length;
		found += passing.length;
		if (!rows.length)
			continue;
		const title = shown(m.clusterType) + ' by ' + shown(m.by);
		made.push(h('h3', {}, title), table('Versions of ' + title, ['Application', ...m.columns.map((i) => positions[i].path)],
			rows.map((row) => versionRow(row)), 'versions'));
		if (rows.length < passing.length)
			made.push(moreButton('versions', passing));
	}
	show('versions', made, found, all, 'row', data.versions.length ? 'No row passes the filters.' : 'No application sets a version.');
}

function findingRow(f) {
	return h('tr', {},
		h('td', {}, h('span', { class: 'badge ' + (f.severity === 'error' ? 'wrong' : 'gate') }, (f.severity === 'error' ? '! ' : '▲ ') + f.severity)),
		h('th', { scope: 'row', class: 'code whole' }, f.code),
		h('td', { class: 'message' }, shown(f.message), f.hint ? h('div', { class: 'hint' }, shown(f.hint)) : null),
		h('td', { class: 'code' }, ...breakable(placeOf({ ...f, message: '' })), f.path ? h('div', { class: 'hint' }, ...breakable(f.path)) : null));
}

function drawFindings() {
	const severity = byId('severity').value;
	const list = data.findings.filter((f) => passes(f) && (!severity || f.severity === severity));
	const rows = firstOf('findings', list);
	const made = list.length ? [table('Findings', ['Severity', 'Code', 'What', 'Where'], rows.map(findingRow), 'stack')] : [];
	if (rows.length < list.length)
		made.push(moreButton('findings', list));
	show('findings', made, list.length, data.findings.length, 'finding', data.findings.length ? 'No finding passes the filters.' : 'Nothing is wrong.');
}

function show(id, made, found, all, word, nothing) {
	const panel = byId('view-' + id);
	panel.querySelector('.count').textContent = found === all ? plural(all, word) : number(found) + ' of ' + plural(all, word);
	panel.querySelector('.tables').replaceChildren(...(made.length ? made : [h('p', { class: 'empty' }, nothing)]));
}

function startTables() {
	readVersions();
	for (const f of data.findings)
		f.text = [f.code, f.message, f.file || '', f.position || '', f.path || '', f.clusterType || '', f.application || ''].join('\n').toLowerCase();
	addEventListener('beforeprint', () => {
		if (current === 'patches')
			return;
		whole.add(current);
		TABS[current]();
	});
	byId('differing').addEventListener('change', drawVersions);
	byId('severity').addEventListener('change', drawFindings);
}
