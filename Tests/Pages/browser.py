"""Chromium as a person uses it: light or dark, wide or narrow, with a script or without."""
import base64
import contextlib
import pathlib

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

import axe_core_python
from gateway import PASSWORD, USER

AXE = pathlib.Path(axe_core_python.__file__).parent / "axe.min.js"


class Browser:
    """`user`: whom nginx hears of; None: nobody."""

    def __init__(self, base, shots, script=True, user=USER):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not script:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.base, self.shots = base, shots
        if user is None:
            return
        word = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Authorization": f"Basic {word}"}})

    def close(self):
        self.driver.quit()

    def look(self, width=1280, height=900, dark=False):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def go(self, path):
        self.driver.get(self.base + path)
        return self

    def shot(self, name):
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        size = self.driver.execute_script("return window.innerWidth")
        data = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot",
            {"captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": size, "height": min(height, 4000), "scale": 1}})
        (self.shots / f"{name}.png").write_bytes(base64.b64decode(data["data"]))

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def click(self, text):
        for element in self.all("main a, main button"):
            if text in element.text:
                return self.follow(element)
        raise AssertionError(f"nothing to click says {text!r} on {self.driver.current_url}")

    def follow(self, element):
        with self.next_page():
            element.click()

    def enter(self, css, text):
        """Types into a field and sends its form."""
        with self.next_page():
            self.find(css).send_keys(text, Keys.ENTER)

    @contextlib.contextmanager
    def next_page(self):
        """What is done within it leads to another page: afterwards that one is there. WebDriver does not wait for it by itself."""
        self.driver.execute_script("window.isPageBefore = true")
        yield
        # Between two pages there is none to ask.
        wait = WebDriverWait(self.driver, 10, ignored_exceptions=[WebDriverException])
        wait.until(lambda driver: driver.execute_script("return !window.isPageBefore && document.readyState === 'complete'"))

    @property
    def text(self):
        return self.find("main").text

    @property
    def heading(self):
        return self.find("h1").text

    def violations(self, css="html"):
        """What axe finds within that element, in a line each."""
        self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text()})
        found = self.driver.execute_async_script(
            "const [css, done] = arguments; axe.run(css === 'html' ? document : css).then(done)", css)["violations"]
        return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]

    def overflow(self):
        """Pixels by which the page is wider than the window."""
        return self.driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def cut_off(self):
        """Tables that are wider than what is seen of them."""
        return self.driver.execute_script(
            "return [...document.querySelectorAll('.scroll')].filter(box => box.scrollWidth > box.clientWidth).map(box => box.innerText.slice(0, 80))")

    def complaints(self):
        """What the browser refused: a broken policy, a missing file."""
        return [line["message"] for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]
