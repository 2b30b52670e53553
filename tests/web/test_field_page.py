"""The shell of the auditor's page, which must open for anyone and without a network."""

import json
import re

import pytest


def files_of_worker(client):
    head = client.get("/field/sw.js").text.splitlines()[1]
    return json.loads(re.fullmatch(r"const FILES = (\[.*\]);", head)[1])


def is_served(client, path):
    with client.get(path) as response:
        return response.status_code == 200


def test_the_shell_opens_without_a_sign_in(client):
    page = client.get("/field/")

    assert page.status_code == 200
    assert 'data-release="' in page.text


@pytest.mark.parametrize("accepts", ["zh", "en"])
def test_nothing_on_the_shell_names_an_audit(client, accepts):
    page = client.get("/field/", headers={"Accept-Language": accepts}).text

    seen = re.sub(r"<[^>]+>", " ", page).lower()
    assert not any(
        word in seen for word in ("audit", "mystery", "暗访", "检查", "走访")
    )


def test_the_worker_is_asked_for_each_time_and_is_small_when_unchanged(client):
    first = client.get("/field/sw.js")
    again = client.get("/field/sw.js", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert first.headers["Service-Worker-Allowed"] == "/field/"
    assert again.status_code == 304


def test_the_worker_keeps_every_module_and_each_is_served(client):
    files = files_of_worker(client)

    for name in ("field.js", "section.js", "worker.js", "clock.js", "field.css"):
        assert any(path.endswith(f"/{name}") for path in files)
    assert [path for path in files if not is_served(client, path)] == []


@pytest.mark.parametrize(("accepts", "words"), [("zh", "zh.js"), ("en", "en.js")])
def test_only_the_words_of_one_language_are_kept(client, accepts, words):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = accepts

    names = {path.rpartition("/")[2] for path in files_of_worker(client)}

    assert names & {"zh.js", "en.js"} == {words}


def test_the_installed_page_has_a_neutral_name(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"

    manifest = json.loads(client.get("/field/manifest.webmanifest").text)

    assert (manifest["name"], manifest["start_url"]) == ("记事", "/field/")
    assert all(is_served(client, icon["src"]) for icon in manifest["icons"])
