"""Hostile texts, wherever they can stand, against the worst model. What fails is told in full."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.holding", f"{__name__}.scene")
