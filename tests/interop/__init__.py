import pytest

pytest.register_assert_rewrite("tests.interop.real_aws", "tests.interop.written")
