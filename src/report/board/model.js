// SPDX-License-Identifier: Apache-2.0
'use strict';
// What the page shows, from #data. Targets are counted from 0 in the order of the rollout; ranges of them are
// [first, behind the last]. Text reaches the page through h() alone, which makes text nodes of it.

const data = JSON.parse(document.getElementById('data').textContent);

const STATES = {
	'ready': { word: 'ready', kind: 'ready', sign: '▸' },
	'gate': { word: 'waits at a gate', kind: 'gate', sign: '‖' },
	'hold': { word: 'on hold', kind: 'hold', sign: '‖' },
	'gap': { word: 'gap', kind: 'wrong', sign: '!' },
	'copies-differ': { word: 'copies differ', kind: 'wrong', sign: '!' },
	'conflict': { word: 'conflict', kind: 'wrong', sign: '!' },
	'refused': { word: 'refused', kind: 'wrong', sign: '!' },
	'unreadable': { word: 'unreadable', kind: 'wrong', sign: '!' },
	'superseded': { word: 'superseded', kind: 'quiet', sign: '↷' },
};

const byId = (id) => document.getElementById(id);

// Characters that show nothing, or show a text as another one, as bytes: the same ones as on a terminal.
const HIDDEN = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b' +
	'\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffe\\uffff]', 'g');
const bytes = new TextEncoder();
function shown(text) {
	return text.replace(HIDDEN, (c) => Array.from(bytes.encode(c), (b) => '\\x' + b.toString(16).padStart(2, '0')).join(''));
}

// The same for a value of several lines.
const shownLines = (text) => text.split('\n').map(shown).join('\n');

// A path, which may be broken after / and .
function breakable(text) {
	const parts = shown(text).split(/(?<=[/.])/);
	return parts.flatMap((part, i) => (i ? [document.createElement('wbr'), part] : [part]));
}

// An element with attributes and children; a child that is a string becomes text.
function h(tag, attributes, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {}))
		if (value !== null && value !== undefined && value !== false)
			made.setAttribute(name, value === true ? '' : value);
	made.append(...children.filter((child) => child !== null));
	return made;
}

const number = (n) => n.toLocaleString('en');
const plural = (n, word, words) => number(n) + ' ' + (n === 1 ? word : words || word + 's');

// The positions, depth first, parents before children.
const positions = [];
const targets = []; // the positions that have no children
function readPositions() {
	const open = [];
	data.positions.forEach(([name, depth, manual], index) => {
		while (open.length >= depth)
			open.pop().end = index;
		const parent = open[open.length - 1] || null;
		const p = { index, name: shown(name), depth, manual: manual === 1, parent, end: 0, children: [] };
		p.path = parent ? parent.path + '/' + p.name : p.name;
		if (parent)
			parent.children.push(p);
		positions.push(p);
		open.push(p);
	});
	while (open.length)
		open.pop().end = positions.length;
	for (const p of positions) {
		p.from = targets.length;
		if (!p.children.length)
			targets.push(p);
	}
	for (const p of positions)
		p.to = p.end < positions.length ? positions[p.end].from : targets.length;
}
readPositions();

const roots = positions.filter((p) => !p.parent);
const holds = (a, b) => a.index <= b.index && b.index < a.end;

// How many targets of a position are in the ranges.
function within(ranges, p) {
	let n = 0;
	for (const [from, to] of ranges)
		n += Math.max(0, Math.min(to, p.to) - Math.max(from, p.from));
	return n;
}

function keyOf(p) {
	return '#' + [p.clusterType, p.application, p.patch].map(encodeURIComponent).join('/');
}

function readPatch(p) {
	p.key = keyOf(p);
	p.known = p.sets !== undefined; // what it does
	p.sets = p.sets || [];
	p.metadata = p.metadata || [];
	p.effect = p.effect || [];
	p.hidden = p.hidden || [];
	p.without = p.hidden.reduce((n, [from, to]) => n + to - from, 0);
	p.at = new Set(p.copies);
	p.ranges = [];
	let behind = -1;
	for (const i of p.copies)
		if (i >= behind) {
			p.ranges.push([positions[i].from, positions[i].to]);
			behind = positions[i].end;
		}
	p.last = Math.max(0, ...p.ranges.map((range) => range[1]));
	p.to = p.next === null ? null : positions[p.next];
	p.about = STATES[p.state];
	p.text = [p.patch, p.clusterType, p.application, p.description || '', p.about.word, nextText(p),
		...p.copies.map((i) => positions[i].path), ...p.sets.flat(), ...p.metadata.flat()].join('\n').toLowerCase();
}

// What happens next, or why nothing does.
function nextText(p) {
	const gates = p.gates.map((i) => positions[i].path).join(', ');
	if (p.about.kind === 'wrong' || p.about.kind === 'quiet' || p.state === 'hold')
		return p.waits.length ? shown(p.waits[0].message) : p.about.word;
	if (p.step === 'integrate')
		return 'integrate into values.yaml';
	if (p.step === 'consolidate')
		return 'consolidate';
	return (p.to ? p.to.path : '') + (gates ? ' (gate ' + gates + ')' : '');
}

// What is true of a patch at a position.
function stateAt(p, at) {
	const total = at.to - at.from;
	const covered = within(p.ranges, at);
	const idle = within(p.hidden, at);
	const upto = Math.min(at.to, p.last);
	const missing = upto > at.from ? upto - at.from - within(p.ranges, { from: at.from, to: upto }) : 0;
	const isNext = p.to !== null && covered < total && p.step === 'promote' && (holds(at, p.to) || holds(p.to, at));
	return { leaf: !at.children.length, total, covered, idle, missing, isNext, gate: isNext && p.state === 'gate', copy: p.at.has(at.index) };
}

// The same as a mark, in a shape and in words.
function markOf(s) {
	const sign = s.missing ? '!' : s.isNext ? (s.gate ? '‖' : '▸') : '';
	const count = s.leaf ? '' : s.covered + '/' + s.total;
	const words = [];
	let kind = s.covered === 0 ? 'none' : s.covered < s.total ? 'part' : 'full';
	let text = count;
	if (s.idle && s.idle === s.covered)
		kind = 'idle';
	if (s.leaf)
		text = kind === 'idle' ? '∅' : kind === 'full' ? (s.copy ? '●' : '✓') : sign || '·';
	else if (sign)
		text = sign + ' ' + count;
	if (s.leaf)
		words.push(s.covered ? (s.copy ? 'copy here' : 'covered') : 'not reached');
	else
		words.push(s.covered + ' of ' + plural(s.total, 'target'));
	if (s.copy && !s.leaf)
		words.push('copy here');
	if (s.idle)
		words.push(s.leaf ? 'without effect' : s.idle + ' without effect');
	if (s.missing)
		words.push(s.leaf ? 'left out, a gap' : s.missing + ' left out, a gap');
	if (s.isNext)
		words.push(s.gate ? 'next, behind a gate' : 'next');
	return { kind, text, next: s.isNext && !s.missing, gate: s.gate, gap: s.missing > 0, one: s.leaf, part: s.covered / s.total, words: words.join(', ') };
}

function markElement(m) {
	const made = h('span', { class: ['at', m.kind, m.one && 'one', m.next && 'next', m.gate && 'gate', m.gap && 'gap'].filter(Boolean).join(' '),
		'aria-hidden': 'true' }, m.text);
	if (m.kind === 'part')
		made.style.setProperty('--part', Math.round(m.part * 100) + '%');
	return made;
}

// The patches in the order of the fleet, and for each application that cannot be read why; as rows of a table.
const patches = [];
const order = [];
for (const { clusterType, application, unreadable, patches: list } of data.applications) {
	if (unreadable)
		order.push({ unreadable: Object.assign(unreadable, { clusterType, application,
			text: [clusterType, application || '', unreadable.message, unreadable.code].join('\n').toLowerCase() }) });
	for (const p of list) {
		readPatch(Object.assign(p, { clusterType, application }));
		patches.push(p);
		order.push({ patch: p });
	}
}
const patchByKey = new Map(patches.map((p) => [p.key, p]));
// Where something is wrong, if the text that says so does not begin with it.
function placeOf(f) {
	const place = f.file ? f.file + (f.line ? ':' + f.line + (f.column ? ':' + f.column : '') : '') : f.position || '';
	return f.message.startsWith(f.file || '\n') || (!f.file && f.message.includes(place)) ? '' : shown(place);
}

const stateOf = (item) => (item.unreadable ? 'unreadable' : item.patch.state);

// What of a list is shown: those that pass the filters of the bar.
const filters = { text: '', type: '', application: '', state: '' };
function passes(item) {
	return (!filters.type || item.clusterType === filters.type) &&
		(!filters.application || item.application === filters.application) &&
		(!filters.text || item.text.includes(filters.text));
}
