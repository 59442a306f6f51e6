// SPDX-License-Identifier: Apache-2.0
// The page as a whole: tabs, filters, the fragment.

const TABS = { patches: drawMatrix, versions: drawVersions, findings: drawFindings };
let current = 'patches';

function selectTab(id) {
	current = id;
	for (const name of Object.keys(TABS)) {
		const tab = byId('tab-' + name);
		tab.setAttribute('aria-selected', String(name === id));
		tab.tabIndex = name === id ? 0 : -1;
		byId('view-' + name).hidden = name !== id;
	}
	byId('state-label').hidden = id !== 'patches';
	byId('tiles').hidden = false;
	TABS[id]();
}

function openTab(id) {
	if (matrix.open)
		hidePatch();
	history.replaceState(null, '', '#' + id);
	selectTab(id);
}

// The fragment says what is open: a patch, or a tab.
function follow() {
	const patch = patchByKey.get(location.hash) || patchByKey.get(normal(location.hash));
	if (patch) {
		if (!matrix.rows.some((row) => row.patch === patch))
			clearFilters();
		if (current !== 'patches')
			selectTab('patches');
		reveal(matrix.rows.findIndex((row) => row.patch === patch));
		openPatch(patch);
		return;
	}
	if (matrix.open)
		hidePatch();
	const id = location.hash.slice(1);
	if (id in TABS && id !== current)
		selectTab(id);
}

// A fragment as a person or another program may write it: with other characters escaped.
function normal(hash) {
	try {
		return '#' + hash.slice(1).split('/').map((part) => encodeURIComponent(decodeURIComponent(part))).join('/');
	} catch {
		return '';
	}
}

function fill(select, names, selected) {
	select.replaceChildren(h('option', { value: '' }, 'all'), ...names.map((name) => h('option', { value: name }, shown(name))));
	select.value = names.includes(selected) ? selected : '';
}

const everything = [...data.applications, ...data.versions.flatMap((m) => m.rows.map((row) => ({ clusterType: m.clusterType, application: row.application })))];

function fillApplications() {
	const names = new Set(everything.filter((x) => x.application && (!filters.type || x.clusterType === filters.type)).map((x) => x.application));
	fill(byId('application'), Array.from(names).sort(), filters.application);
	filters.application = byId('application').value;
}

function readFilters() {
	filters.text = byId('text').value.trim().toLowerCase();
	filters.type = byId('type').value;
	filters.application = byId('application').value;
	filters.state = byId('state').value;
}

function filter() {
	const type = filters.type;
	readFilters();
	if (type !== filters.type)
		fillApplications();
	drawTiles();
	TABS[current]();
}

function clearFilters() {
	byId('filters').reset();
	filter();
}

// How many patches are in a state; unreadable are applications.
function countStates() {
	const counts = new Map();
	for (const item of order)
		if (passes(item.unreadable || item.patch) && (item.unreadable || item.patch.state !== 'unreadable'))
			counts.set(stateOf(item), (counts.get(stateOf(item)) || 0) + 1);
	return counts;
}

function tile(count, word, kind, pressed, click) {
	const made = h('button', { type: 'button', 'aria-pressed': pressed === null ? null : String(pressed) },
		h('b', { class: 'count-' + (count ? kind : 'none') }, number(count)), h('span', {}, word));
	made.addEventListener('click', click);
	return made;
}

// What one wants to see first: what is in flight, what may go on, what waits, what is wrong.
function drawTiles() {
	const counts = countStates();
	const box = byId('tiles');
	const index = Array.from(box.children).indexOf(document.activeElement);
	const all = patches.filter(passes).length;
	const choose = (state) => () => {
		byId('state').value = filters.state === state ? '' : state;
		if (current !== 'patches')
			openTab('patches');
		filter();
	};
	const tiles = [tile(all, 'in flight', '', filters.state === '', choose(''))];
	for (const [state, about] of Object.entries(STATES))
		if (counts.has(state) || state === 'ready' || state === 'gate')
			tiles.push(tile(counts.get(state) || 0, about.sign + ' ' + about.word + (state === 'unreadable' ? ' applications' : ''), about.kind, filters.state === state, choose(state)));
	for (const severity of ['error', 'warning']) {
		const n = data.findings.filter((f) => f.severity === severity && passes(f)).length;
		tiles.push(tile(n, (severity === 'error' ? '! ' : '▲ ') + severity + (n === 1 ? '' : 's') + ' found', severity, null, () => {
			byId('severity').value = severity;
			openTab('findings');
		}));
	}
	box.replaceChildren(...tiles);
	if (index >= 0 && box.children[index])
		box.children[index].focus();
}

function startTabs() {
	const names = Object.keys(TABS);
	const counts = { patches: patches.length, versions: data.versions.reduce((n, m) => n + m.rows.length, 0), findings: data.findings.length };
	for (const name of names) {
		byId('tab-' + name).append(h('span', { class: 'n' }, number(counts[name])));
		byId('tab-' + name).addEventListener('click', () => openTab(name));
	}
	byId('tabs').addEventListener('keydown', (event) => {
		const at = names.indexOf(current);
		const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
		if (to === undefined)
			return;
		event.preventDefault();
		openTab(names[(to + names.length) % names.length]);
		byId('tab-' + current).focus();
	});
}

function startFilters() {
	const form = byId('filters');
	fill(byId('type'), Array.from(new Set(everything.map((x) => x.clusterType))), '');
	const states = Object.keys(STATES).filter((state) => order.some((item) => stateOf(item) === state));
	byId('state').append(...states.map((state) => h('option', { value: state }, STATES[state].word)));
	fillApplications();
	form.addEventListener('submit', (event) => event.preventDefault());
	form.addEventListener('reset', () => setTimeout(filter));
	form.addEventListener('input', filter);
	addEventListener('keydown', (event) => {
		const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName || '');
		if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
			event.preventDefault();
			byId('text').focus();
		} else if (event.key === 'Escape' && matrix.open && !typing) {
			closePatch();
		}
	});
}

function start() {
	const types = new Set(everything.map((x) => x.clusterType));
	byId('about').textContent = [plural(targets.length, 'target'), plural(types.size, 'cluster type'),
		plural(new Set(everything.filter((x) => x.application).map((x) => x.clusterType + '\n' + x.application)).size, 'application')].join(' · ');
	startMatrix();
	startTables();
	startTabs();
	startFilters();
	drawTiles();
	selectTab('patches');
	addEventListener('hashchange', follow);
	follow();
	document.documentElement.dataset.ready = String(Math.round(performance.now()));
}
start();
