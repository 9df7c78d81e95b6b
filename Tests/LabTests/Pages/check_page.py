"""Opens a page in headless Chromium and prints what it found as JSON: check_page.py PAGE [FOLDER FOR SCREENSHOTS]

For each width: console errors, addresses asked for, width that the page wants, and of every figure its size and the
share of its pixels that have a color (axes and text alone have none).
"""

import io
import json
import sys

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By


def colored(png):
    image = Image.open(io.BytesIO(png)).convert("HSV")
    saturation = image.getchannel("S").point(lambda s: 255 if s > 90 else 0)
    return saturation.histogram()[255] / (image.width * image.height)


def look(driver, page, width, folder):
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    driver.get("file://" + page)
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    figures = []
    for figure in driver.find_elements(By.TAG_NAME, "figure"):
        image = figure.find_element(By.TAG_NAME, "img")
        driver.execute_script("arguments[0].scrollIntoView()", image)
        figures.append(
            {
                "id": figure.get_attribute("id"),
                "source": image.get_property("currentSrc").rsplit("/", 1)[-1],
                "natural_width": image.get_property("naturalWidth"),
                "shown_width": image.size["width"],
                "colored": colored(image.screenshot_as_png),
            }
        )
    found = {
        "errors": [e["message"] for e in driver.get_log("browser")],
        "requests": [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"],
        "first_figure": driver.execute_script(
            "const f = document.querySelector('figure'); return f ? f.getBoundingClientRect().top + scrollY : -1"
        ),
        "open_details": len(driver.find_elements(By.CSS_SELECTOR, "details[open]")),
        "details": len(driver.find_elements(By.TAG_NAME, "details")),
        "wanted_width": driver.execute_script("return document.documentElement.scrollWidth"),
        "figures": figures,
    }
    if folder:
        height = driver.execute_script("return document.documentElement.scrollHeight")
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        driver.save_screenshot(f"{folder}/page-{width}.png")
    return found


def main():
    page, folder = sys.argv[1], (sys.argv[2:] or [None])[0]
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        print(json.dumps({str(width): look(driver, page, width, folder) for width in (1280, 390)}))
    finally:
        driver.quit()


main()
