"""The core, module by module."""

import pytest

pytest.register_assert_rewrite("tests.aws.real")
