"""What is generated is fresh, and stale files are noticed."""

import pytest

from bot.config import Settings, env_example
from tests.house.generated import GENERATED


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_file_says_what_the_code_says(name, pytestconfig) -> None:
    stored = (pytestconfig.rootpath / name).read_text("utf-8")

    assert stored == GENERATED[name](), "Run: make docs"


def test_every_setting_stands_in_the_example_with_its_meaning() -> None:
    example = env_example()

    for name, field in Settings.model_fields.items():
        assert f"STINT_{name.upper()}=" in example
        assert field.description
        assert field.description in example
