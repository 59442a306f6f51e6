# SPDX-License-Identifier: Apache-2.0
"""Chromium without a window, driven by Selenium: Debian's chromium, chromium-driver and python3-selenium.

    with Browser(width=1280) as browser:
        browser.open(path)
        browser.run("return document.title")
        browser.press("Tab", "Enter")
        browser.end()   what the console said, which must be nothing
"""

import base64
import os
import shutil
import tempfile
import time

try:
    from selenium import webdriver
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys
except ImportError:
    webdriver = None

SECONDS = 20  # for a page to be there


def missing():
    """What a browser test needs and this machine does not have, or None."""
    if not webdriver:
        return "python3-selenium is not installed (tools/setup browser)"
    for name in ("chromium", "chromedriver"):
        if not shutil.which(name):
            return f"{name} is not installed (tools/setup browser)"
    return None


class Browser:
    def __init__(self, width=1280, height=900, dark=False, script=True):
        self.size, self.dark, self.script = (width, height), dark, script

    def __enter__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        self.profile = tempfile.TemporaryDirectory(prefix="promote-browser-")
        switches = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars"]
        switches += ["--no-sandbox"] if os.geteuid() == 0 else []
        for switch in [*switches, f"--user-data-dir={self.profile.name}"]:
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.chrome.service.Service(shutil.which("chromedriver"))
        self.driver = webdriver.Chrome(service=service, options=options)
        self.set_size(*self.size)
        self.set_media(dark=self.dark)
        return self

    def __exit__(self, *_):
        self.driver.quit()
        for _ in range(50):  # its processes may write to the profile until they have ended
            try:
                self.profile.cleanup()
                return
            except OSError:
                time.sleep(0.1)

    def call(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def set_size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def set_media(self, dark=False, media=""):
        feature = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media=media, features=[feature])

    def open(self, path, fragment=""):
        """Opens a page from its file, and waits until its script says that it is there."""
        self.driver.get("about:blank")
        self.driver.get(f"file://{path}{fragment}")
        self.wait("return document.documentElement.dataset.ready !== undefined")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, script, *arguments):
        end = time.monotonic() + SECONDS
        while not self.run(script, *arguments):
            if time.monotonic() > end:
                raise AssertionError(f"still not true after {SECONDS} s: {script}")
            time.sleep(0.02)

    def press(self, *keys):
        """Keys by their names, or texts to type."""
        actions = ActionChains(self.driver)
        for key in keys:
            if key.startswith("Shift+"):
                actions.key_down(Keys.SHIFT).send_keys(getattr(Keys, key[6:].upper())).key_up(Keys.SHIFT)
            else:
                actions.send_keys(getattr(Keys, key.upper(), key) if len(key) > 1 else key)
        actions.perform()

    def console(self):
        """What the console has said since the last call."""
        return [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser")]

    def picture(self, path):
        self.driver.save_screenshot(str(path))

    def paper(self):
        """The page as it is printed: a PDF."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=False, landscape=True)["data"])
