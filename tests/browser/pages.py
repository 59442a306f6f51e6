# SPDX-License-Identifier: Apache-2.0
"""The page of a fleet, what others say of the fleet, and what the page shows."""

import json
import urllib.parse

import suite
from suite import expect


def equal(got, expected, what):
    expect(got == expected, f"{what}: got {got!r}", f"expected {expected!r}")


def page_of(fleet):
    """The file with the page of a fleet."""
    status, out, error = suite.run(fleet.root, "board", "-o", "html")
    expect(status == 0 and not error, f"promote board: {status} {error.decode()}")
    path = fleet.root / "board.html"
    path.write_bytes(out)
    return path


def asked(fleet, *arguments):
    """The document that a command prints. `check` ends with 4 if it finds errors, `matrix` with 3 if files are broken."""
    status, out, error = suite.run(fleet.root, *arguments, "-o", "json")
    expect(status in (0, 3, 4), f"promote {arguments}: {status} {error.decode()}")
    return json.loads(out)


def key(cluster_type, application, patch):
    return "#" + "/".join(urllib.parse.quote(x, safe="!~*'()") for x in (cluster_type, application, patch))


def rows(browser):
    """{fragment: {state, next, cells: [words, ...]}} of the rows that the first tab shows."""
    found = browser.run(
        "return Array.from(document.querySelectorAll('#matrix tbody a[data-key]'), (a) => { const row = a.closest('tr');"
        " return [a.dataset.key, row.querySelector('.state').textContent, row.querySelector('.then').textContent,"
        " Array.from(row.querySelectorAll('td.cell'), (cell) => cell.getAttribute('aria-label'))]; })"
    )
    return {at: {"state": state, "next": text, "cells": cells} for at, state, text, cells in found}


def keys(browser):
    return set(rows(browser))


def set_filter(browser, name, value):
    browser.run(
        "const x = document.getElementById(arguments[0]); x.value = arguments[1];"
        "x.dispatchEvent(new Event('input', { bubbles: true }))", name, value,
    )  # fmt: skip


def clear(browser):
    browser.run("document.getElementById('clear').click()")
    browser.wait("return !document.getElementById('text').value && !filters.text && !filters.type && !filters.state")


def quiet(browser, what):
    said = browser.console()
    expect(not said, f"the console, {what}:", *said)
