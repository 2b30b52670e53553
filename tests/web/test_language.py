"""Two languages and four ways of looking, on every page."""

import pytest


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("zh-CN,zh;q=0.9", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("zh-Hans", "zh-CN"),
        ("en-US,en;q=0.9", "en"),
        ("fr", "zh-CN"),
        ("", "zh-CN"),
    ],
)
def test_the_browsers_language_is_answered(client, accepts, language):
    page = client.get("/sign-in", headers={"Accept-Language": accepts})

    assert f'<html lang="{language}"' in page.text
    assert ("登录" in page.text) == (language == "zh-CN")


def test_the_switch_wins_and_leads_back(client):
    switched = client.get("/language/en?next=/sign-in")
    page = client.get("/sign-in", headers={"Accept-Language": "zh-CN"})

    assert (switched.status_code, switched.location) == (303, "/sign-in")
    assert '<html lang="en"' in page.text


@pytest.mark.parametrize("theme", ["light", "dark", "sun"])
def test_a_chosen_theme_is_on_the_page_without_any_script(client, theme):
    client.get(f"/theme/{theme}")

    assert f'data-theme="{theme}"' in client.get("/sign-in").text


def test_the_system_decides_again_when_asked_to(client):
    client.get("/theme/dark")
    client.get("/theme/system")

    assert "data-theme" not in client.get("/sign-in").text


@pytest.mark.parametrize("address", ["/language/fr", "/theme/neon"])
def test_unknown_choices_do_not_exist(client, address):
    assert client.get(address).status_code == 404


def test_switching_never_leads_to_another_site(client):
    response = client.get("/language/en?next=//evil.example/")

    assert response.location == "/"


def test_an_unknown_page_says_so_in_both_languages(client):
    chinese = client.get("/nowhere", headers={"Accept-Language": "zh"})
    english = client.get("/nowhere", headers={"Accept-Language": "en"})

    assert chinese.status_code == english.status_code == 404
    assert "没有找到" in chinese.text
    assert "Not found" in english.text
